package account

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"testing"

	"parley/internal/parley"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	about := []string{"marta.kowalski@harbour.example", "Marta Kowalski", "Harbour Bikes"}
	for password, want := range map[string]string{
		"tangerine bicycle 9":            "",
		"zażółć gęślą jaźń":              "",
		"xK4#pQ9!vT":                     "",
		"":                               "password.too_short",
		"123456789":                      "password.too_short",
		"żółwżółwż":                      "password.too_short", // nine characters in eighteen bytes
		strings.Repeat("ab1c", 50):       "",
		strings.Repeat("ab1c", 51):       "password.too_long",
		"aaaaaaaaaaaaaaa":                "password.too_easy",
		"abababababababab":               "password.too_easy",
		"password1234":                   "password.too_easy",
		"1234567890":                     "password.too_easy",
		"MartaKowalski1":                 "password.too_easy",
		"Kowalski@Harbour!":              "password.too_easy",
		"marta.kowalski@harbour.example": "password.too_easy",
		"marta keeps 3 geese":            "",
		"tangerine \xff bicycle":         "password.unreadable",
	} {
		got := ""
		if e := checkPassword(password, about...); e != nil {
			got = e.Key
			if e.Field != "password" || strings.Contains(e.Text, password) && password != "" {
				t.Errorf("%q: %+v", password, e)
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func TestHashIsAPHCString(t *testing.T) {
	t.Parallel()
	p, err := newPasswords(Cost{Memory: 64, Passes: 2, Threads: 1}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.hash(t.Context(), goodPassword)
	if err != nil || !strings.HasPrefix(a, "$argon2id$v=19$m=64,t=2,p=1$") {
		t.Fatalf("hash: %q, %v", a, err)
	}
	b, err := p.hash(t.Context(), goodPassword)
	if err != nil || a == b {
		t.Errorf("two hashes of one password are the same (%v)", err)
	}
	p.cost.Memory = 128 // a hash says itself what it cost
	for password, want := range map[string]bool{goodPassword: true, goodPassword + " ": false, "": false} {
		if ok, err := p.verify(t.Context(), a, password); err != nil || ok != want {
			t.Errorf("verify %q: %t, %v", password, ok, err)
		}
	}
	if ok, err := p.verify(t.Context(), "", ""); err != nil || ok {
		t.Errorf("no hash is of a password: %t, %v", ok, err)
	}
}

func TestStoredHashCannotTakeTheMachine(t *testing.T) {
	t.Parallel()
	const rest = "$c2FsdHNhbHQ$MDEyMzQ1Njc4OTAxMjM0NQ"
	for _, s := range []string{
		"plain", "$2a$10$abcdefghijklmnopqrstuv", "$argon2i$v=19$m=64,t=1,p=1" + rest, "$argon2id$v=16$m=64,t=1,p=1" + rest,
		"$argon2id$v=19$m=4194304,t=1,p=1" + rest, "$argon2id$v=19$m=64,t=99,p=1" + rest, "$argon2id$v=19$m=64,t=1,p=200" + rest,
		"$argon2id$v=19$m=64,t=1,p=1$!$!", "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$", "$argon2id$v=19$m=0,t=0,p=0" + rest,
	} {
		if _, _, _, err := parsePHC(s); err == nil {
			t.Errorf("parsePHC(%q) took it", s)
		}
	}
	if _, _, _, err := parsePHC("$argon2id$v=19$m=64,t=1,p=1" + rest); err != nil {
		t.Errorf("a sound one: %v", err)
	}
}

func TestHashesAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	p, err := newPasswords(Cost{Memory: 8, Passes: 1, Threads: 1}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	running, most := 0, 0
	started, release := make(chan struct{}, 1000), make(chan struct{})
	p.derive = func(_, _ []byte, _ Cost, n uint32) []byte {
		mu.Lock()
		running++
		most = max(most, running)
		mu.Unlock()
		started <- struct{}{}
		<-release
		mu.Lock()
		running--
		mu.Unlock()
		return make([]byte, n)
	}
	turns := cap(p.turns)
	var wg sync.WaitGroup
	verify := func() {
		_, err := p.verify(t.Context(), "", "x")
		if err != nil && !parley.IsCode(err, parley.Unavailable) {
			t.Error(err)
		}
	}
	for range turns {
		wg.Go(verify)
	}
	for range turns {
		<-started
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.verify(gone, "", "x"); err == nil {
		t.Error("who has gone away still waits for a turn")
	}
	p.waiting.Store(maxWaiting)
	_, err = p.verify(t.Context(), "", "x")
	wantKey(t, err, "session.busy")
	p.waiting.Store(0)
	for range 3 * turns {
		wg.Go(verify)
	}
	close(release)
	wg.Wait()
	if most > turns {
		t.Errorf("%d hashes at once, want at most %d", most, turns)
	}
}

func BenchmarkDefaultCost(b *testing.B) {
	p, err := newPasswords(DefaultCost, rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := p.verify(b.Context(), "", goodPassword); err != nil {
			b.Fatal(err)
		}
	}
}
