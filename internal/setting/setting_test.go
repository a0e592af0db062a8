package setting_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// clock is the test's time, for the service and the database.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a service on a fresh database with one account.
type world struct {
	*setting.Service
	t      *testing.T
	db     *store.DB
	place  storetest.Place
	clock  *clock
	owner  parley.Actor
	handed *[]parley.UserID
}

func newWorld(t *testing.T) world {
	t.Helper()
	c := &clock{at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	w := world{t: t, clock: c, handed: &[]parley.UserID{}, place: storetest.Location(t)}
	w.db = storetest.OpenAt(t, w.place, storetest.WithNow(c.now))
	w.Service = setting.New(setting.Options{
		DB: w.db, MailDomain: "In.Parley.example", LocalDomains: []string{"demo.example"}, Now: c.now,
		HandOver: func(_ context.Context, _ *store.Tx, _ parley.Actor, user parley.UserID) error {
			*w.handed = append(*w.handed, user)
			return nil
		},
	})
	_, w.owner = storetest.Account(t, w.db)
	return w
}

func (w world) update(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// user adds an active user; without inboxes they see all.
func (w world) user(role parley.Role, email string, inboxes ...parley.InboxID) parley.Actor {
	w.t.Helper()
	u := parley.User{AccountID: w.owner.AccountID, Email: email, Name: email, Role: role, AllInboxes: len(inboxes) == 0, CreatedAt: w.clock.now()}
	w.update(func(tx *store.Tx) error {
		if err := tx.InsertUser(w.t.Context(), &u); err != nil {
			return err
		}
		return tx.SetUserInboxes(w.t.Context(), u.AccountID, u.ID, inboxes)
	})
	return parley.Actor{AccountID: u.AccountID, UserID: u.ID, Role: role, AllInboxes: u.AllInboxes, Inboxes: inboxes}
}

// disable takes a user out of work.
func (w world) disable(id parley.UserID) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		u, err := tx.UserByID(w.t.Context(), w.owner.AccountID, id)
		if err != nil {
			return err
		}
		u.DisabledAt = new(tx.Now())
		return tx.UpdateUser(w.t.Context(), u)
	})
}

func (w world) inbox(name string) setting.Inbox {
	w.t.Helper()
	i, err := w.CreateInbox(w.t.Context(), w.owner, setting.InboxChange{Name: &name})
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func (w world) channel(inbox parley.InboxID, address string) parley.Channel {
	w.t.Helper()
	c, err := w.CreateChannel(w.t.Context(), w.owner, setting.NewChannel{Type: "email", Name: "Support", InboxID: inbox, Address: address})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// contact adds a contact with an owner.
func (w world) contact(owner parley.UserID) parley.ContactID {
	w.t.Helper()
	c := parley.Contact{AccountID: w.owner.AccountID, Name: "Cara", OwnerID: owner, CreatedAt: w.clock.now(), UpdatedAt: w.clock.now()}
	w.update(func(tx *store.Tx) error { return tx.InsertContact(w.t.Context(), &c) })
	return c.ID
}

// conversation adds one, open unless change says otherwise.
func (w world) conversation(c parley.Channel, contact parley.ContactID, change func(*parley.Conversation)) parley.Conversation {
	w.t.Helper()
	conv := parley.Conversation{
		AccountID: c.AccountID, ContactID: contact, ChannelID: c.ID, InboxID: c.InboxID, Status: parley.Open, Source: parley.FromContact,
		CreatedAt: w.clock.now(), LastMessageAt: w.clock.now(),
	}
	if change != nil {
		change(&conv)
	}
	w.update(func(tx *store.Tx) error { return tx.InsertConversation(w.t.Context(), &conv) })
	return conv
}

func (w world) lastEvent() parley.Event {
	w.t.Helper()
	var last parley.Event
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		all, err := tx.ListEventsAfter(w.t.Context(), w.owner.AccountID, 0, 1000)
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return last
}

// wantKey checks an error by its stable key and field; "" wants none.
func wantKey(t *testing.T, err error, key, field string) {
	t.Helper()
	if key == "" {
		if err != nil {
			t.Errorf("got %v, want no error", err)
		}
		return
	}
	e, ok := errors.AsType[*parley.Error](err)
	if !ok || e.Key != key || e.Field != field {
		t.Errorf("got %+v, want the key %s on %q", err, key, field)
	}
}
