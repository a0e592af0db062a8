package account

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
)

func TestUpdateAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.account(t, "Harbour Bikes", "olive@harbour.example")
	other := w.account(t, "Quayside", "quentin@quayside.example")
	admin := w.member(t, owner, parley.Admin, "adam@harbour.example")
	agent := w.member(t, owner, parley.Agent, "ann@harbour.example")
	for _, c := range []struct {
		name   string
		actor  parley.Actor
		change AccountChange
		key    string
	}{
		{"an agent", agent, AccountChange{Name: new("Mine")}, "role.not_allowed"},
		{"no name", owner, AccountChange{Name: new("  ")}, "field.line"},
		{"two lines", owner, AccountChange{Name: new("a\nb")}, "field.line"},
		{"no region", owner, AccountChange{Region: new("")}, "field.region"},
		{"a small region", owner, AccountChange{Region: new("gb")}, "field.region"},
		{"no zone", owner, AccountChange{Timezone: new("")}, "field.timezone"},
		{"the server's own zone", owner, AccountChange{Timezone: new("Local")}, "field.timezone"},
		{"an unknown zone", owner, AccountChange{Timezone: new("Mars/Olympus")}, "field.timezone"},
		{"nothing", owner, AccountChange{}, ""},
		{"what it is already", owner, AccountChange{Name: new("Harbour Bikes")}, ""},
		{"a name", admin, AccountChange{Name: new(" Harbour Cycles ")}, ""},
		{"the rest", owner, AccountChange{Region: new("GB"), Timezone: new("Europe/London")}, ""},
	} {
		t.Log(c.name) // one after the other: each builds on those before
		wantKey(t, w.UpdateAccount(t.Context(), c.actor, c.change), c.key)
	}
	var a, untouched parley.Account
	var changes []parley.UserID
	err := w.db.View(t.Context(), func(tx *store.Tx) (err error) {
		if a, err = tx.AccountByID(t.Context(), owner.AccountID); err != nil {
			return err
		}
		if untouched, err = tx.AccountByID(t.Context(), other.AccountID); err != nil {
			return err
		}
		events, err := tx.ListEventsAfter(t.Context(), owner.AccountID, 0, 100)
		for _, e := range events {
			if e.Kind == parley.AccountChanged {
				changes = append(changes, e.ActorID)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := parley.Account{ID: owner.AccountID, Name: "Harbour Cycles", Region: "GB", Timezone: "Europe/London", CreatedAt: a.CreatedAt.In(time.UTC)}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]parley.UserID{admin.UserID, owner.UserID}, changes); diff != "" {
		t.Error(diff)
	}
	if untouched.Name != "Quayside" {
		t.Errorf("another account: %+v", untouched)
	}
}
