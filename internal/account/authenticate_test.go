package account

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
)

func TestAuthenticateRefusesWhatDoesNotHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	token, err := w.CreateToken(t.Context(), owner, "Script")
	if err != nil {
		t.Fatal(err)
	}
	in, err := w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: goodPassword}, here)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, cookie, bearer string
		ok                   bool
	}{
		{"nothing", "", "", false},
		{"a cookie", in.Cookie, "", true},
		{"a token", "", token.Secret, true},
		{"a token beside a stale cookie", "stale", token.Secret, true},
		{"a wrong token beside a good cookie", in.Cookie, "parley_wrong", false},
		{"a token as cookie", token.Secret, "", false},
		{"a cookie as token", "", in.Cookie, false},
		{"another token", "", tokenPrefix + strings.Repeat("a", 52), false},
		{"another cookie", strings.Repeat("a", 43), "", false},
		{"a long cookie", strings.Repeat("a", 1<<16), "", false},
	} {
		for range 2 { // the second answer may come from memory
			actor, err := w.Authenticate(t.Context(), c.cookie, c.bearer)
			if !c.ok {
				wantKey(t, err, "session.required")
			} else if err != nil || actor.UserID != owner.UserID || (actor.SessionID != 0) != (c.bearer == "") {
				t.Errorf("%s: %+v, %v", c.name, actor, err)
			}
		}
	}
}

func TestActorSeesTheInboxesGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	ann := w.member(t, owner, parley.Agent, "ann@harbour.example")
	a, b := w.inbox(t, owner, "A"), w.inbox(t, owner, "B")
	w.inbox(t, owner, "C")
	token, err := w.CreateToken(t.Context(), ann, "Script")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdateUser(t.Context(), owner, ann.UserID, UserChange{AllInboxes: new(false), InboxIDs: &[]parley.InboxID{b, a}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		actor, err := w.Authenticate(t.Context(), "", token.Secret)
		want := parley.Actor{AccountID: owner.AccountID, UserID: ann.UserID, Role: parley.Agent, Inboxes: []parley.InboxID{a, b}}
		if diff := cmp.Diff(want, actor); diff != "" || err != nil {
			t.Fatalf("%v\n%s", err, diff)
		}
		actor.Inboxes[0] = 999 // the caller's own copy
	}
}

// What this service changes counts at once; what another room or process of ours
// changed counts as soon as the log was followed; what another node did, in seconds.
func TestChangesReachWhoIsRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	ann := w.member(t, owner, parley.Agent, "ann@harbour.example")
	inbox := w.inbox(t, owner, "A")
	token, err := w.CreateToken(t.Context(), ann, "Script")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdateUser(t.Context(), owner, ann.UserID, UserChange{AllInboxes: new(false)}); err != nil {
		t.Fatal(err)
	}
	sees := func() []parley.InboxID {
		t.Helper()
		a, err := w.Authenticate(t.Context(), "", token.Secret)
		if err != nil {
			t.Fatal(err)
		}
		return a.Inboxes
	}
	follow := func() {
		t.Helper()
		if err := w.follow(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sees()
	follow() // from here on the account's log is known
	behindOurBack := func(inboxes []parley.InboxID, e *parley.Event) {
		t.Helper()
		err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			if e != nil {
				e.AccountID = owner.AccountID
				tx.AppendEvent(e)
			}
			return tx.SetUserInboxes(t.Context(), owner.AccountID, ann.UserID, inboxes)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := sees(); len(got) != 0 {
		t.Fatalf("sees %v at first", got)
	}
	behindOurBack([]parley.InboxID{inbox}, &parley.Event{Kind: parley.InboxChanged, InboxID: inbox})
	follow()
	if got := sees(); len(got) != 1 {
		t.Errorf("an inbox event did not count: sees %v", got)
	}
	behindOurBack(nil, &parley.Event{Kind: parley.UserChanged, UserID: owner.UserID})
	follow()
	if got := sees(); len(got) != 1 {
		t.Errorf("another user's event dropped it: sees %v", got)
	}
	behindOurBack(nil, &parley.Event{Kind: parley.UserChanged, UserID: ann.UserID})
	follow()
	if got := sees(); len(got) != 0 {
		t.Errorf("the user's own event did not count: sees %v", got)
	}
	behindOurBack([]parley.InboxID{inbox}, nil)
	w.clock.pass(cacheLife - time.Millisecond)
	if got := sees(); len(got) != 0 {
		t.Errorf("sees %v from memory", got)
	}
	w.clock.pass(time.Millisecond)
	if got := sees(); len(got) != 1 {
		t.Errorf("after %v still sees %v", cacheLife, got)
	}
	if err := w.RevokeToken(t.Context(), ann, token.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.Authenticate(t.Context(), "", token.Secret)
	wantKey(t, err, "session.required")
}

func TestRunFollowsTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	in, err := w.SignIn(t.Context(), SignIn{Email: "olive@harbour.example", Password: goodPassword}, here)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Authenticate(t.Context(), in.Cookie, ""); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	deadline := time.After(10 * time.Second)
	beat := time.NewTicker(5 * time.Millisecond)
	defer beat.Stop()
	for len(w.cache.accounts()) > 0 {
		err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			tx.AppendEvent(&parley.Event{AccountID: owner.AccountID, Kind: parley.UserChanged, UserID: owner.UserID})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		select {
		case <-beat.C:
		case <-deadline:
			t.Fatal("the log was not followed")
		}
	}
	cancel()
	wg.Wait()
}

// A change that falls between a read and its being remembered must not be forgotten.
func TestCacheForgetsWhatWasReadBeforeAChange(t *testing.T) {
	t.Parallel()
	c := newCache()
	now := time.Unix(0, 0)
	key := credential{token: true}
	turn := c.turn()
	c.dropUser(1, 2)
	c.put(key, parley.Actor{AccountID: 1, UserID: 2}, now, turn)
	if _, ok := c.get(key, now); ok {
		t.Error("it remembers what was read before the change")
	}
	c.put(key, parley.Actor{AccountID: 1, UserID: 2}, now, c.turn())
	if _, ok := c.get(key, now); !ok {
		t.Error("it does not remember what was read after the change")
	}
	for i := range cacheSize + 100 {
		var k credential
		k.hash[0], k.hash[1], k.hash[2] = byte(i), byte(i>>8), byte(i>>16)
		c.put(k, parley.Actor{AccountID: 1, UserID: 3}, now, c.turn())
	}
	if len(c.all) > cacheSize {
		t.Errorf("%d remembered, want at most %d", len(c.all), cacheSize)
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	w := newWorld(b)
	owner := w.account(b, "Harbour Bikes", "olive@harbour.example")
	token, err := w.CreateToken(b.Context(), owner, "Bench")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("remembered", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.Authenticate(b.Context(), "", token.Secret); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			w.cache.dropUser(owner.AccountID, owner.UserID)
			if _, err := w.Authenticate(b.Context(), "", token.Secret); err != nil {
				b.Fatal(err)
			}
		}
	})
}
