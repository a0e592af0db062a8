package account

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/parley"
)

// tokenIn is the token of a link's address.
func tokenIn(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(address, "https://inbox.example/invite?") && !strings.HasPrefix(address, "https://inbox.example/reset?") {
		t.Fatalf("the link leads to %s", address)
	}
	return u.Query().Get("token")
}

func (w world) tokenOf(t testing.TB, l parley.UserLink) string { return tokenIn(t, w.LinkURL(l)) }

func TestInvitationIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	p, err := w.Invite(t.Context(), owner, NewUser{Email: "ann@harbour.example", Name: "A.", Role: parley.Agent})
	if err != nil {
		t.Fatal(err)
	}
	token := w.tokenOf(t, w.mails.last(t))
	info, err := w.Link(t.Context(), token)
	if want := (LinkInfo{Kind: parley.LinkInvite, Name: "A.", Email: "ann@harbour.example", AccountName: "Harbour Bikes"}); err != nil || info != want {
		t.Errorf("%+v, %v", info, err)
	}
	_, err = w.UseLink(t.Context(), token, "ann@harbour", "", here)
	wantKey(t, err, "password.too_easy")
	_, err = w.UseLink(t.Context(), token, goodPassword, "A\nB", here)
	wantKey(t, err, "field.line")
	var wg sync.WaitGroup
	var won atomic.Int32
	for range 4 {
		wg.Go(func() {
			in, err := w.UseLink(t.Context(), token, goodPassword, "Ann Lee", here)
			if err != nil {
				wantKey(t, err, "link.gone")
				return
			}
			won.Add(1)
			if a, err := w.Authenticate(t.Context(), in.Cookie, ""); err != nil || a.UserID != p.ID {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("the link worked %d times", won.Load())
	}
	p, err = w.User(t.Context(), owner, p.ID)
	if err != nil || !p.Active() || p.Name != "Ann Lee" {
		t.Errorf("%+v, %v", p, err)
	}
	_, err = w.InviteAgain(t.Context(), owner, p.ID)
	wantKey(t, err, "user.accepted")
	signIn(t, w, "ann@harbour.example", here)
}

func TestInviteAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	p, err := w.Invite(t.Context(), owner, NewUser{Email: "ann@harbour.example", Name: "Ann", Role: parley.Agent})
	if err != nil {
		t.Fatal(err)
	}
	first := w.LinkURL(w.mails.last(t))
	w.clock.pass(linkLife(parley.LinkInvite) - time.Hour)
	again, err := w.InviteAgain(t.Context(), owner, p.ID)
	if err != nil || again != first || w.mails.count() != 2 {
		t.Errorf("a link that still holds was replaced: %v, %d mails", err, w.mails.count())
	}
	w.clock.pass(linkLife(parley.LinkInvite) - time.Hour)
	if _, err := w.Link(t.Context(), tokenIn(t, first)); err != nil {
		t.Errorf("it was not renewed: %v", err)
	}
	w.clock.pass(time.Hour)
	_, err = w.Link(t.Context(), tokenIn(t, first))
	wantKey(t, err, "link.gone")
	owner.Once = parley.Once{Key: "k", Fingerprint: "f"}
	for range 3 {
		again, err = w.InviteAgain(t.Context(), owner, p.ID)
		if err != nil || again == first {
			t.Errorf("a link that is too old was not replaced: %v", err)
		}
	}
	if w.mails.count() != 3 {
		t.Errorf("a repeated request mailed %d times", w.mails.count()-2)
	}
	if _, err := w.Link(t.Context(), tokenIn(t, again)); err != nil {
		t.Error(err)
	}
}

func TestForgedLinksAreGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	good, err := w.ResetLink(t.Context(), owner, owner.UserID)
	if err != nil {
		t.Fatal(err)
	}
	token := tokenIn(t, good)
	forged := Secret{keys: [][]byte{bytes.Repeat([]byte("x"), 32)}}
	elsewhere := *w.Service
	elsewhere.Secret = forged
	other := w.mails // no mail was enqueued by a reset link for the command line
	if other.count() != 0 {
		t.Errorf("%d mails", other.count())
	}
	for _, bad := range []string{"", "x", token + "A", token[:len(token)-2], "B" + token[1:], "!!", strings.Repeat("_", 4000)} {
		_, err := w.Link(t.Context(), bad)
		wantKey(t, err, "link.gone")
		_, err = w.UseLink(t.Context(), bad, goodPassword, "", here)
		wantKey(t, err, "link.gone")
	}
	_, err = elsewhere.Link(t.Context(), token)
	wantKey(t, err, "link.gone")
	elsewhere.Secret.keys = append(elsewhere.Secret.keys, w.Secret.keys...) // the key was rotated: the old one still verifies
	_, err = elsewhere.Link(t.Context(), token)
	wantKey(t, err, "")
}

func TestSecretKeepsPurposesApart(t *testing.T) {
	t.Parallel()
	if _, err := NewSecret(); err == nil {
		t.Error("no key is no secret")
	}
	if _, err := NewSecret(bytes.Repeat([]byte("k"), 31)); err == nil {
		t.Error("a short key was taken")
	}
	s, err := NewSecret(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	sum := s.Sign("a", []byte("bc"))
	if !s.Verify("a", []byte("bc"), sum) || s.Verify("ab", []byte("c"), sum) || s.Verify("a", []byte("bd"), sum) || s.Verify("a", []byte("bc"), nil) {
		t.Error("what was signed for one purpose proves another")
	}
}

func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	w.account(t, "Hill Bikes", "olive@harbour.example")
	old := signIn2(t, w, owner)
	dan := w.member(t, owner, parley.Agent, "dan@harbour.example")
	if _, err := w.UpdateUser(t.Context(), owner, dan.UserID, UserChange{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Invite(t.Context(), owner, NewUser{Email: "ivy@harbour.example", Name: "Ivy", Role: parley.Agent}); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(mailPause + time.Second)
	for _, c := range []struct {
		email string
		mails int
		kind  parley.UserLinkKind
	}{
		{"nobody@harbour.example", 0, ""},
		{"dan@harbour.example", 0, ""},
		{"ivy@harbour.example", 1, parley.LinkInvite},
		{"olive@harbour.example", 2, parley.LinkReset}, // one for each account
		{"olive@harbour.example", 0, ""},               // a moment ago
	} {
		before := w.mails.count()
		if err := w.mailReset(t.Context(), c.email); err != nil {
			t.Fatal(err)
		}
		if n := w.mails.count() - before; n != c.mails || n > 0 && w.mails.last(t).Kind != c.kind {
			t.Errorf("%s: %d mails, want %d of %s", c.email, n, c.mails, c.kind)
		}
	}
	l := w.mails.links[len(w.mails.links)-2]
	if l.AccountID != owner.AccountID {
		t.Fatalf("%+v", l)
	}
	in, err := w.UseLink(t.Context(), w.tokenOf(t, l), "seven wild geese", "", here)
	if err != nil || in.Actor.UserID != owner.UserID {
		t.Fatalf("%+v, %v", in, err)
	}
	_, err = w.Authenticate(t.Context(), old.Cookie, "")
	wantKey(t, err, "session.required")
	_, err = w.Link(t.Context(), w.tokenOf(t, l))
	wantKey(t, err, "link.gone")
	w.clock.pass(mailPause + time.Second)
	if err := w.mailReset(t.Context(), "olive@harbour.example"); err != nil {
		t.Fatal(err)
	}
	w.clock.pass(linkLife(parley.LinkReset))
	_, err = w.Link(t.Context(), w.tokenOf(t, w.mails.last(t)))
	wantKey(t, err, "link.gone")
}

func signIn2(t *testing.T, w world, a parley.Actor) SignedIn {
	t.Helper()
	in, err := w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: goodPassword, AccountID: a.AccountID}, here)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// A reset opens what wrong attempts had locked: the mail proves who it is.
func TestResetUnlocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	for range freeAttempts {
		_, err := w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: "wrong wrong wrong"}, here)
		wantKey(t, err, "session.wrong")
	}
	link, err := w.ResetLink(t.Context(), owner, owner.UserID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.UseLink(t.Context(), tokenIn(t, link), goodPassword, "", here); err != nil {
		t.Fatal(err)
	}
	signIn(t, w, "olive@harbour.example", here)
}

func TestForgotIsCarriedOutByRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.account(t, "Harbour Bikes", "olive@harbour.example")
	mailed := make(chan parley.UserLink, 1)
	w.Mail = mailFunc(func(l parley.UserLink) { mailed <- l })
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	w.Forgot("nobody", here)
	w.Forgot(" Olive@harbour.example", here)
	select {
	case l := <-mailed:
		if l.Kind != parley.LinkReset {
			t.Errorf("%+v", l)
		}
	case <-time.After(10 * time.Second):
		t.Error("no mail")
	}
	cancel()
	wg.Wait()
	for range 1000 {
		w.Forgot("olive@harbour.example", here)
	}
	if n := len(w.forgotten); n > 10 {
		t.Errorf("%d requests of one place wait, want at most its burst", n)
	}
}
