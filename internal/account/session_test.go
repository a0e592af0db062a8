package account

import (
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/parley"
)

func signIn(t *testing.T, w world, email string, from Client) SignedIn {
	t.Helper()
	in, err := w.SignIn(t.Context(), SignIn{Email: email, Password: goodPassword}, from)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestSessionSlides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account(t, "Harbour Bikes", "olive@harbour.example")
	in := signIn(t, w, "olive@harbour.example", here)
	start := w.clock.now()
	seen := func() (last, expires time.Time) {
		t.Helper()
		actor, err := w.Authenticate(t.Context(), in.Cookie, "")
		if err != nil {
			t.Fatal(err)
		}
		all, _, err := w.Sessions(t.Context(), actor, 0, 10)
		if err != nil || len(all) != 1 {
			t.Fatalf("%d sessions, %v", len(all), err)
		}
		return all[0].LastSeenAt, all[0].ExpiresAt
	}
	w.clock.pass(touchEvery - time.Second)
	if last, expires := seen(); !last.Equal(start) || !expires.Equal(start.Add(SessionLife)) {
		t.Errorf("written again within a minute: %v, %v", last, expires)
	}
	w.clock.pass(10 * time.Second)
	if last, expires := seen(); !last.Equal(w.clock.now()) || !expires.Equal(last.Add(SessionLife)) {
		t.Errorf("not written after a minute: %v, %v", last, expires)
	}
	for range 3 {
		w.clock.pass(SessionLife - time.Minute)
		seen()
	}
	w.clock.pass(SessionLife)
	_, err := w.Authenticate(t.Context(), in.Cookie, "")
	wantKey(t, err, "session.required")
	signIn(t, w, "olive@harbour.example", here) // and takes the expired row away
	if left, _, err := w.Sessions(t.Context(), in.Actor, 0, 10); err != nil || len(left) != 1 {
		t.Errorf("%d sessions, %v", len(left), err)
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	other := w.member(t, owner, parley.Admin, "adam@harbour.example")
	laptop := signIn(t, w, "olive@harbour.example", Client{UserAgent: "Laptop\r\n" + strings.Repeat("x", 1000), RemoteAddr: "192.0.2.1:5"})
	phone := signIn(t, w, "olive@harbour.example", Client{UserAgent: "Phone"})
	first, next, err := w.Sessions(t.Context(), laptop.Actor, 0, 1)
	if err != nil || len(first) != 1 || first[0].ID != phone.Actor.SessionID || next != first[0].ID {
		t.Fatalf("first page %+v, %d, %v", first, next, err)
	}
	second, next, err := w.Sessions(t.Context(), laptop.Actor, next, 1)
	if err != nil || len(second) != 1 || next != 0 || !strings.HasPrefix(second[0].UserAgent, "Laptopx") || len(second[0].UserAgent) != 300 {
		t.Fatalf("second page %+v, %d, %v", second, next, err)
	}
	wantKey(t, w.EndSession(t.Context(), other, phone.Actor.SessionID), "id.unknown")
	if _, err := w.Authenticate(t.Context(), phone.Cookie, ""); err != nil {
		t.Fatal(err)
	}
	wantKey(t, w.EndSession(t.Context(), laptop.Actor, phone.Actor.SessionID), "")
	_, err = w.Authenticate(t.Context(), phone.Cookie, "")
	wantKey(t, err, "session.required")
	for range 2 {
		wantKey(t, w.SignOut(t.Context(), laptop.Actor), "")
	}
	_, err = w.Authenticate(t.Context(), laptop.Cookie, "")
	wantKey(t, err, "session.required")
	wantKey(t, w.SignOut(t.Context(), owner), "") // by a token: nothing to end
}

func TestSessionsOfOneUserAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account(t, "Harbour Bikes", "olive@harbour.example")
	first := signIn(t, w, "olive@harbour.example", here)
	for range maxSessions {
		w.clock.pass(time.Second)
		signIn(t, w, "olive@harbour.example", here)
	}
	if _, err := w.Authenticate(t.Context(), first.Cookie, ""); !parley.IsCode(err, parley.Unauthed) {
		t.Errorf("the oldest session of %d is still good: %v", maxSessions+1, err)
	}
}

func TestNewPasswordSignsTheOthersOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	this, other := signIn(t, w, "olive@harbour.example", here), signIn(t, w, "olive@harbour.example", here)
	reset, err := w.ResetLink(t.Context(), owner, owner.UserID)
	if err != nil {
		t.Fatal(err)
	}
	change := MeChange{Password: new("seven wild geese"), CurrentPassword: "not this one"}
	err = w.UpdateMe(t.Context(), this.Actor, change)
	wantKey(t, err, "password.wrong")
	change.Password = new("olive@harbour.example")
	change.CurrentPassword = goodPassword
	wantKey(t, w.UpdateMe(t.Context(), this.Actor, change), "password.too_easy")
	change.Password = new("seven wild geese")
	wantKey(t, w.UpdateMe(t.Context(), this.Actor, change), "")
	if _, err := w.Authenticate(t.Context(), this.Cookie, ""); err != nil {
		t.Errorf("this browser was signed out: %v", err)
	}
	_, err = w.Authenticate(t.Context(), other.Cookie, "")
	wantKey(t, err, "session.required")
	_, err = w.Link(t.Context(), tokenIn(t, reset))
	wantKey(t, err, "link.gone")
	_, err = w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: goodPassword}, here)
	wantKey(t, err, "session.wrong")
	_, err = w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: "seven wild geese"}, here)
	wantKey(t, err, "")
}

func TestCurrentPasswordCannotBeGuessed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	for range freeAttempts {
		wantKey(t, w.UpdateMe(t.Context(), owner, MeChange{Password: new("seven wild geese"), CurrentPassword: "wrong"}), "password.wrong")
	}
	wantKey(t, w.UpdateMe(t.Context(), owner, MeChange{Password: new("seven wild geese"), CurrentPassword: goodPassword}), "session.too_many")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	other := w.member(t, owner, parley.Admin, "adam@harbour.example")
	light := w.member(t, owner, parley.LightAgent, "lea@harbour.example")
	_, err := w.CreateToken(t.Context(), light, "Script")
	wantKey(t, err, "role.not_allowed")
	_, _, err = w.Tokens(t.Context(), light, 0, 10)
	wantKey(t, err, "role.not_allowed")
	wantKey(t, w.RevokeToken(t.Context(), light, 1), "role.not_allowed")
	_, err = w.CreateToken(t.Context(), owner, " ")
	wantKey(t, err, "field.line")
	a, err := w.CreateToken(t.Context(), owner, " Nightly export ")
	if err != nil || a.Name != "Nightly export" || !looksLikeToken(a.Secret) || !strings.HasSuffix(a.Secret, a.Hint) || len(a.Hint) != 4 {
		t.Fatalf("%+v, %v", a, err)
	}
	if e := w.lastEvent(t, owner.AccountID); e.Kind != parley.TokenChanged || e.UserID != owner.UserID || e.ActorID != owner.UserID {
		t.Errorf("the last event is %+v", e)
	}
	b, err := w.CreateToken(t.Context(), owner, "Second")
	if err != nil || b.Secret == a.Secret {
		t.Fatalf("%+v, %v", b, err)
	}
	list, next, err := w.Tokens(t.Context(), owner, 0, 1)
	if err != nil || len(list) != 1 || list[0].ID != b.ID || next != b.ID || list[0].LastUsedAt != nil {
		t.Errorf("%+v, %d, %v", list, next, err)
	}
	if _, err := w.Authenticate(t.Context(), "", a.Secret); err != nil {
		t.Fatal(err)
	}
	used := w.clock.now()
	w.clock.pass(30 * time.Second)
	if _, err := w.Authenticate(t.Context(), "", a.Secret); err != nil {
		t.Fatal(err)
	}
	list, next, err = w.Tokens(t.Context(), owner, next, 10)
	if err != nil || len(list) != 1 || next != 0 || list[0].LastUsedAt == nil || !list[0].LastUsedAt.Equal(used) {
		t.Errorf("%+v, %d, %v", list, next, err)
	}
	if list, _, err := w.Tokens(t.Context(), other, 0, 10); err != nil || len(list) != 0 {
		t.Errorf("another user sees %d tokens, %v", len(list), err)
	}
	wantKey(t, w.RevokeToken(t.Context(), other, a.ID), "id.unknown")
	wantKey(t, w.RevokeToken(t.Context(), owner, a.ID), "")
	wantKey(t, w.RevokeToken(t.Context(), owner, a.ID), "id.unknown")
	_, err = w.Authenticate(t.Context(), "", a.Secret)
	wantKey(t, err, "session.required")
}

func TestRepeatedTokenRequestTellsTheSameSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	owner.Once = parley.Once{Key: "k1", Fingerprint: "f"}
	secrets := make(chan string, 8)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			made, err := w.CreateToken(t.Context(), owner, "Script")
			if err != nil {
				t.Error(err)
				return
			}
			secrets <- made.Secret
		})
	}
	wg.Wait()
	close(secrets)
	first := <-secrets
	for s := range secrets {
		if s != first {
			t.Error("two answers tell two secrets")
		}
	}
	if _, err := w.Authenticate(t.Context(), "", first); err != nil {
		t.Errorf("the secret is no good: %v", err)
	}
	if list, _, err := w.Tokens(t.Context(), owner, 0, 10); err != nil || len(list) != 1 {
		t.Errorf("%d tokens, %v", len(list), err)
	}
	owner.Once.Key = "k2"
	again, err := w.CreateToken(t.Context(), owner, "Script")
	if err != nil || again.Secret == first {
		t.Errorf("another key: %v", err)
	}
}

func TestTokensOfOneUserAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	for range maxTokens {
		if _, err := w.CreateToken(t.Context(), owner, "Script"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.CreateToken(t.Context(), owner, "Script")
	wantKey(t, err, "token.too_many")
}
