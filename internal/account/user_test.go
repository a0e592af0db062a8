package account

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
)

func TestRolesDecideWhoManagesPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	admin := w.member(t, owner, parley.Admin, "adam@harbour.example")
	agent := w.member(t, owner, parley.Agent, "ann@harbour.example")
	light := w.member(t, owner, parley.LightAgent, "lea@harbour.example")
	target := w.member(t, owner, parley.Agent, "tom@harbour.example")
	invited, err := w.Invite(t.Context(), owner, NewUser{Email: "ivy@harbour.example", Name: "Ivy", Role: parley.Agent})
	if err != nil {
		t.Fatal(err)
	}
	const no, owners = "role.not_allowed", "role.owner_only"
	for _, c := range []struct {
		name                string
		do                  func(parley.Actor) error
		owner, admin, agent string
	}{
		{"list", func(a parley.Actor) error { _, _, err := w.Users(t.Context(), a, 0, 10); return err }, "", "", ""},
		{"get", func(a parley.Actor) error { _, err := w.User(t.Context(), a, target.UserID); return err }, "", "", ""},
		{"invite", func(a parley.Actor) error {
			_, err := w.Invite(t.Context(), a, NewUser{Email: "x" + a.UserID.String() + "@harbour.example", Name: "X", Role: parley.Agent})
			return err
		}, "", "", no},
		{"invite an owner", func(a parley.Actor) error {
			_, err := w.Invite(t.Context(), a, NewUser{Email: "o" + a.UserID.String() + "@harbour.example", Name: "O", Role: parley.Owner})
			return err
		}, "", owners, no},
		{"rename", func(a parley.Actor) error {
			_, err := w.UpdateUser(t.Context(), a, target.UserID, UserChange{Name: new("Tom")})
			return err
		}, "", "", no},
		{"promote to owner", func(a parley.Actor) error {
			_, err := w.UpdateUser(t.Context(), a, target.UserID, UserChange{Role: new(parley.Owner)})
			return err
		}, "", owners, no},
		{"change an owner", func(a parley.Actor) error {
			_, err := w.UpdateUser(t.Context(), a, owner.UserID, UserChange{Name: new("Olive")})
			return err
		}, "", owners, no},
		{"invite again", func(a parley.Actor) error { _, err := w.InviteAgain(t.Context(), a, invited.ID); return err }, "", "", no},
		{"reset link of an owner", func(a parley.Actor) error { _, err := w.ResetLink(t.Context(), a, owner.UserID); return err }, "", owners, no},
	} {
		for actor, want := range map[*parley.Actor]string{&owner: c.owner, &admin: c.admin, &agent: c.agent, &light: c.agent} {
			t.Log(c.name, actor.Role)
			wantKey(t, c.do(*actor), want)
		}
	}
}

func TestAnotherAccountsPeopleDoNotExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	stranger := w.account(t, "Hill Bikes", "hilda@hill.example")
	theirs := w.inbox(t, stranger, "Theirs")
	session := signIn(t, w, "hilda@hill.example", here).Actor.SessionID
	token, err := w.CreateToken(t.Context(), stranger, "Script")
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func() error{
		"get": func() error { _, err := w.User(t.Context(), owner, stranger.UserID); return err },
		"change": func() error {
			_, err := w.UpdateUser(t.Context(), owner, stranger.UserID, UserChange{Name: new("X")})
			return err
		},
		"invite again": func() error { _, err := w.InviteAgain(t.Context(), owner, stranger.UserID); return err },
		"reset link":   func() error { _, err := w.ResetLink(t.Context(), owner, stranger.UserID); return err },
		"session":      func() error { return w.EndSession(t.Context(), owner, session) },
		"token":        func() error { return w.RevokeToken(t.Context(), owner, token.ID) },
		"their inbox": func() error {
			_, err := w.UpdateUser(t.Context(), owner, owner.UserID, UserChange{InboxIDs: &[]parley.InboxID{theirs}})
			return err
		},
		"their inbox for a new user": func() error {
			_, err := w.Invite(t.Context(), owner, NewUser{Email: "n@harbour.example", Name: "N", Role: parley.Agent, InboxIDs: []parley.InboxID{theirs}})
			return err
		},
		"no such id": func() error { _, err := w.User(t.Context(), owner, 1<<40); return err },
	} {
		if err := do(); !parley.IsCode(err, parley.NotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
	all, next, err := w.Users(t.Context(), owner, 0, 10)
	if err != nil || next != 0 || len(all) != 1 || all[0].ID != owner.UserID {
		t.Errorf("%+v, %d, %v", all, next, err)
	}
}

func TestInvite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	inbox := w.inbox(t, owner, "A")
	_, err := w.Invite(t.Context(), owner, NewUser{Email: "Ann <ann@harbour.example>", Name: "", Role: "boss"})
	wantKey(t, err, "field.line")
	in := NewUser{Email: " Ann@Harbour.example", Name: "Ann", Role: parley.Agent, InboxIDs: []parley.InboxID{inbox}}
	owner.Once = parley.Once{Key: "k", Fingerprint: "f"}
	ids := make(chan parley.UserID, 4)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			p, err := w.Invite(t.Context(), owner, in)
			if err != nil {
				t.Error(err)
				return
			}
			ids <- p.ID
		})
	}
	wg.Wait()
	close(ids)
	id := <-ids
	for other := range ids {
		if other != id {
			t.Errorf("repeated invitations made users %d and %d", id, other)
		}
	}
	owner.Once = parley.Once{}
	if w.mails.count() != 1 || w.mails.last(t).Kind != parley.LinkInvite || w.mails.last(t).UserID != id {
		t.Errorf("mailed %+v", w.mails.links)
	}
	if e := w.lastEvent(t, owner.AccountID); e.Kind != parley.UserChanged || e.UserID != id || e.ActorID != owner.UserID {
		t.Errorf("the last event is %+v", e)
	}
	_, err = w.Invite(t.Context(), owner, in)
	wantKey(t, err, "user.exists")
	p, err := w.User(t.Context(), owner, id)
	want := Person{
		User: parley.User{
			ID: id, AccountID: owner.AccountID, Email: "ann@harbour.example", Name: "Ann", Role: parley.Agent, Preferences: parley.JSON("{}"),
			InvitedAt: new(w.clock.now()), CreatedAt: w.clock.now(),
		},
		InboxIDs: []parley.InboxID{inbox},
	}
	if diff := cmp.Diff(want, p); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := w.Actor(t.Context(), owner.AccountID, id); !parley.IsCode(err, parley.NotFound) {
		t.Errorf("who has not accepted may act: %v", err)
	}
}

func TestDisablingLocksOutAndHandsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	ann := w.member(t, owner, parley.Agent, "ann@harbour.example")
	session := signIn(t, w, "ann@harbour.example", here)
	token, err := w.CreateToken(t.Context(), ann, "Script")
	if err != nil {
		t.Fatal(err)
	}
	reset, err := w.ResetLink(t.Context(), owner, ann.UserID)
	if err != nil {
		t.Fatal(err)
	}
	out := func() {
		t.Helper()
		_, err := w.Authenticate(t.Context(), session.Cookie, "")
		wantKey(t, err, "session.required")
		_, err = w.Authenticate(t.Context(), "", token.Secret)
		wantKey(t, err, "session.required")
		_, err = w.Link(t.Context(), tokenIn(t, reset))
		wantKey(t, err, "link.gone")
	}
	for _, s := range []string{session.Cookie, ""} {
		if _, err := w.Authenticate(t.Context(), s, map[string]string{"": token.Secret}[s]); err != nil {
			t.Fatal(err)
		}
	}
	p, err := w.UpdateUser(t.Context(), owner, ann.UserID, UserChange{Disabled: new(true)})
	if err != nil || p.DisabledAt == nil {
		t.Fatalf("%+v, %v", p, err)
	}
	out()
	if !slices.Equal(*w.handed, []parley.UserID{ann.UserID}) {
		t.Errorf("handed over: %v", *w.handed)
	}
	_, err = w.ResetLink(t.Context(), owner, ann.UserID)
	wantKey(t, err, "user.disabled")
	if _, err := w.UpdateUser(t.Context(), owner, ann.UserID, UserChange{Disabled: new(false)}); err != nil {
		t.Fatal(err)
	}
	out() // nothing from before comes back to life
	signIn(t, w, "ann@harbour.example", here)
	if _, err := w.UpdateUser(t.Context(), owner, ann.UserID, UserChange{Name: new("Anna")}); err != nil {
		t.Fatal(err)
	}
	if len(*w.handed) != 2 {
		t.Errorf("handed over: %v, want not for a name", *w.handed)
	}
	_, err = w.UpdateUser(t.Context(), owner, owner.UserID, UserChange{Disabled: new(true)})
	wantKey(t, err, "user.self")
}

func TestAnAccountKeepsAnOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := w.account(t, "Harbour Bikes", "olive@harbour.example")
	_, err := w.UpdateUser(t.Context(), one, one.UserID, UserChange{Role: new(parley.Admin)})
	wantKey(t, err, "user.last_owner")
	_, err = w.UpdateUser(t.Context(), parley.SystemActor(one.AccountID), one.UserID, UserChange{Disabled: new(true)})
	wantKey(t, err, "user.last_owner")
	if _, err := w.Invite(t.Context(), one, NewUser{Email: "i@harbour.example", Name: "I", Role: parley.Owner}); err != nil {
		t.Fatal(err)
	}
	_, err = w.UpdateUser(t.Context(), one, one.UserID, UserChange{Role: new(parley.Agent)})
	wantKey(t, err, "user.last_owner") // an invitation is not an owner yet
	two := w.member(t, one, parley.Owner, "otto@harbour.example")
	var wg sync.WaitGroup
	var done atomic.Int32
	for _, pair := range [][2]parley.Actor{{one, two}, {two, one}} {
		wg.Go(func() {
			_, err := w.UpdateUser(t.Context(), pair[0], pair[1].UserID, UserChange{Role: new(parley.Admin)})
			if err == nil {
				done.Add(1)
			} else {
				wantKey(t, err, "user.last_owner")
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 {
		t.Errorf("%d of two owners who demote each other went through, want 1", done.Load())
	}
}

func TestUsersArePaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	for _, name := range []string{"a", "b", "c"} {
		if _, err := w.Invite(t.Context(), owner, NewUser{Email: name + "@harbour.example", Name: name, Role: parley.Agent}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	after := parley.UserID(0)
	for range 3 {
		list, next, err := w.Users(t.Context(), owner, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			got = append(got, p.Name)
		}
		if after = next; next == 0 {
			break
		}
	}
	if diff := cmp.Diff([]string{"Olive Owner", "a", "b", "c"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestMe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	merge := func(raw string) error {
		return w.UpdateMe(t.Context(), owner, MeChange{Preferences: json.RawMessage(raw)})
	}
	wantKey(t, merge(`{"theme":"dark","keys":{"j":"k"},"x":1}`), "")
	wantKey(t, merge(`{"theme":"light","x":null}`), "")
	wantKey(t, merge(`[1]`), "field.object")
	wantKey(t, merge(`{"big":"`+strings.Repeat("x", maxPreferences)+`"}`), "user.preferences")
	wantKey(t, w.UpdateMe(t.Context(), owner, MeChange{Name: new("a\u202eb")}), "field.line")
	wantKey(t, w.UpdateMe(t.Context(), owner, MeChange{Name: new(" Olive Oyl ")}), "")
	me, err := w.Me(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	var prefs map[string]any
	if err := json.Unmarshal(me.Preferences, &prefs); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"theme": "light", "keys": map[string]any{"j": "k"}}, prefs); diff != "" {
		t.Error(diff)
	}
	if me.Name != "Olive Oyl" || me.Account.Name != "Harbour Bikes" || me.SampleData || me.Seq != 4 || len(me.Permissions) != 9 {
		t.Errorf("%+v", me)
	}
	gone := owner
	gone.AccountID++
	if _, err := w.Me(t.Context(), gone); !parley.IsCode(err, parley.NotFound) {
		t.Errorf("%v", err)
	}
}

func TestCancelledCallerChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Invite(ctx, owner, NewUser{Email: "a@harbour.example", Name: "A", Role: parley.Agent}); err == nil {
		t.Error("a cancelled request was carried out")
	}
	if list, _, err := w.Users(t.Context(), owner, 0, 10); err != nil || len(list) != 1 {
		t.Errorf("%d users, %v", len(list), err)
	}
}
