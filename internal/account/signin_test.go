package account

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
)

func TestSignInTellsNobodyWhatWasWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	disabled := w.member(t, owner, parley.Agent, "dan@harbour.example")
	if _, err := w.UpdateUser(t.Context(), owner, disabled.UserID, UserChange{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Invite(t.Context(), owner, NewUser{Email: "ivy@harbour.example", Name: "Ivy", Role: parley.Agent}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		in   SignIn
	}{
		{"wrong password", SignIn{Email: "olive@harbour.example", Password: "not this one"}},
		{"no password", SignIn{Email: "olive@harbour.example"}},
		{"unknown email", SignIn{Email: "nobody@harbour.example", Password: goodPassword}},
		{"no email at all", SignIn{Email: "olive", Password: goodPassword}},
		{"disabled", SignIn{Email: "dan@harbour.example", Password: goodPassword}},
		{"not accepted yet", SignIn{Email: "ivy@harbour.example", Password: goodPassword}},
		{"another account", SignIn{Email: "olive@harbour.example", Password: goodPassword, AccountID: owner.AccountID + 1}},
	} {
		before := w.hashes.Load()
		_, err := w.SignIn(t.Context(), c.in, here)
		e, ok := errors.AsType[*parley.Error](err)
		if !ok || e.Key != "session.wrong" || e.Code != parley.Unauthed || e.Field != "" || e.Params != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if n := w.hashes.Load() - before; n != 1 {
			t.Errorf("%s: %d passwords hashed, want 1 as for everybody", c.name, n)
		}
	}
	in, err := w.SignIn(t.Context(), SignIn{Email: " Olive@Harbour.example", Password: goodPassword}, here)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := w.Authenticate(t.Context(), in.Cookie, "")
	if diff := cmp.Diff(in.Actor, actor); diff != "" || err != nil {
		t.Errorf("the cookie is of somebody else (%v):\n%s", err, diff)
	}
}

func TestWrongPasswordsLockWithGrowingPauses(t *testing.T) {
	t.Parallel()
	for _, email := range []string{"olive@harbour.example", "nobody@harbour.example"} {
		t.Run(email, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.account(t, "Harbour Bikes", "olive@harbour.example")
			attempt := 0
			try := func(password string) error {
				attempt++ // each from elsewhere: here the email is what is counted
				_, err := w.SignIn(t.Context(), SignIn{Email: email, Password: password}, Client{RemoteAddr: fmt.Sprintf("192.0.2.%d:1", attempt%250)})
				return err
			}
			for range freeAttempts {
				wantKey(t, try("wrong wrong wrong"), "session.wrong")
			}
			wait := 5 * time.Second
			for range 10 {
				before := w.hashes.Load()
				err := try(goodPassword)
				e, ok := errors.AsType[*parley.Error](err)
				if !ok || e.Key != "session.too_many" || e.Params["retry_after"] != strconv.Itoa(int(wait.Seconds())) {
					t.Fatalf("locked for %v: %v (%+v)", wait, err, e)
				}
				if w.hashes.Load() != before {
					t.Error("a locked attempt was hashed")
				}
				w.clock.pass(wait)
				wantKey(t, try("wrong wrong wrong"), "session.wrong")
				wait = min(2*wait, 15*time.Minute)
			}
			w.clock.pass(wait)
			if email == "olive@harbour.example" {
				wantKey(t, try(goodPassword), "")
				wantKey(t, try("wrong wrong wrong"), "session.wrong") // counted from one again
				wantKey(t, try(goodPassword), "")
			}
		})
	}
}

func TestGuessesAtOnceAreAttemptsEach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account(t, "Harbour Bikes", "olive@harbour.example")
	w.hashes.Store(0)
	var wg sync.WaitGroup
	var locked atomic.Int32
	for i := range 40 {
		wg.Go(func() {
			_, err := w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: "wrong wrong wrong"}, Client{RemoteAddr: fmt.Sprintf("192.0.2.%d:1", i)})
			if parley.IsCode(err, parley.TooMany) {
				locked.Add(1)
			} else {
				wantKey(t, err, "session.wrong")
			}
		})
	}
	wg.Wait()
	if w.hashes.Load() != freeAttempts || locked.Load() != 40-freeAttempts {
		t.Errorf("%d were tried and %d locked, want %d tried", w.hashes.Load(), locked.Load(), freeAttempts)
	}
}

func TestOnePlaceMayNotTryManyEmails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account(t, "Harbour Bikes", "olive@harbour.example")
	for i := range 30 {
		_, err := w.SignIn(t.Context(), SignIn{Email: fmt.Sprintf("u%d@harbour.example", i), Password: "wrong wrong wrong"}, here)
		wantKey(t, err, "session.wrong")
	}
	_, err := w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: goodPassword}, Client{RemoteAddr: "192.0.2.7:9999"})
	wantKey(t, err, "session.too_many")
	_, err = w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: goodPassword}, Client{RemoteAddr: "192.0.2.8:1"})
	wantKey(t, err, "")
	w.clock.pass(10 * time.Second)
	for range 5 { // what is right is given back
		_, err = w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: goodPassword}, here)
		wantKey(t, err, "")
	}
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.7:99": "192.0.2.7", "192.0.2.7": "192.0.2.7", "[::ffff:192.0.2.7]:5": "192.0.2.7",
		"[2001:db8:1:2:3:4:5:6]:80": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "pipe": "pipe", "": "",
	} {
		if got := origin(remote); got != want {
			t.Errorf("origin(%q) = %q, want %q", remote, got, want)
		}
	}
}

func TestLimitsForgetWhenTheyMustRemember(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	a, l := newAttempts(), newLimiter(1, time.Minute)
	for i := range maxRemembered + 500 {
		a.claim(strconv.Itoa(i), now)
		l.take(strconv.Itoa(i), now)
	}
	if len(a.all) > maxRemembered || len(l.all) > maxRemembered {
		t.Errorf("%d and %d remembered, want at most %d", len(a.all), len(l.all), maxRemembered)
	}
	if wait := l.take("new", now); wait != 0 {
		t.Errorf("a new one waits %v", wait)
	}
	if wait := l.take("new", now.Add(15*time.Second)); wait != 45*time.Second {
		t.Errorf("wait %v, want 45s", wait)
	}
}

func TestSameEmailInSeveralAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := w.account(t, "Harbour Bikes", "olive@harbour.example")
	two := w.account(t, "Hill Bikes", "olive@harbour.example")
	third := w.account(t, "Other Password", "olive@harbour.example")
	if err := w.UpdateMe(t.Context(), third, MeChange{Password: new("another one entirely"), CurrentPassword: goodPassword}); err != nil {
		t.Fatal(err)
	}
	_, err := w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: goodPassword}, here)
	wantKey(t, err, "session.choose_account")
	choice, ok := errors.AsType[*ChooseAccountError](err)
	if !ok || len(choice.Accounts) != 2 || choice.Accounts[0].ID != one.AccountID || choice.Accounts[1].Name != "Hill Bikes" {
		t.Fatalf("choice: %+v", choice)
	}
	in, err := w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: goodPassword, AccountID: two.AccountID}, here)
	if err != nil || in.Actor.AccountID != two.AccountID {
		t.Errorf("chose %d, got %+v, %v", two.AccountID, in.Actor, err)
	}
	in, err = w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: "another one entirely"}, here)
	if err != nil || in.Actor.AccountID != third.AccountID {
		t.Errorf("the third password gave %+v, %v", in.Actor, err)
	}
	for _, a := range []parley.Actor{one, two} {
		err := w.db.View(t.Context(), func(tx *store.Tx) error {
			u, err := tx.UserByID(t.Context(), a.AccountID, a.UserID)
			if u.FailedSignIns > 1 {
				t.Errorf("a right password counts as %d failures", u.FailedSignIns)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = w.FindUser(t.Context(), 0, "olive@harbour.example")
	wantKey(t, err, "user.several")
	if u, err := w.FindUser(t.Context(), two.AccountID, "olive@harbour.example"); err != nil || u.ID != two.UserID {
		t.Errorf("found %+v, %v", u, err)
	}
	_, err = w.FindUser(t.Context(), 0, "nobody@harbour.example")
	wantKey(t, err, "user.unknown")
}
