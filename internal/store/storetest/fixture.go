package storetest

import (
	"fmt"
	"testing"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// Update runs fn in a transaction that must succeed.
func Update(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// View runs fn on a snapshot; it must succeed.
func View(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// User inserts an agent who sees these inboxes, or all if none is named.
func User(t testing.TB, db *store.DB, account parley.AccountID, inboxes ...parley.InboxID) parley.Actor {
	t.Helper()
	u := parley.User{AccountID: account, Name: "Ann Agent", Role: parley.Agent, AllInboxes: len(inboxes) == 0}
	Update(t, db, func(tx *store.Tx) error {
		u.CreatedAt, u.Email = tx.Now(), fmt.Sprintf("agent%d@harbour.example", counter.Add(1))
		if err := tx.InsertUser(t.Context(), &u); err != nil {
			return err
		}
		return tx.SetUserInboxes(t.Context(), account, u.ID, inboxes)
	})
	return parley.Actor{AccountID: account, UserID: u.ID, Role: u.Role, AllInboxes: u.AllInboxes, Inboxes: inboxes}
}

// Channel inserts an inbox and an email channel that routes to it.
func Channel(t testing.TB, db *store.DB, account parley.AccountID) parley.Channel {
	t.Helper()
	var c parley.Channel
	Update(t, db, func(tx *store.Tx) error {
		n := counter.Add(1)
		in := parley.Inbox{AccountID: account, Name: fmt.Sprintf("Inbox %d", n), Color: "indigo", AssigneeRule: parley.AssignNobody, AssignOnReply: true, CreatedAt: tx.Now()}
		if err := tx.InsertInbox(t.Context(), &in); err != nil {
			return err
		}
		c = parley.Channel{
			AccountID: account, Type: "email", Name: "Support", Address: fmt.Sprintf("support%d@harbour.example", n),
			ForwardLocal: fmt.Sprintf("c%d", n), InboxID: in.ID, ReopenDays: 30, CreatedAt: tx.Now(),
		}
		return tx.InsertChannel(t.Context(), &c)
	})
	return c
}

// Contact inserts a contact with one address.
func Contact(t testing.TB, db *store.DB, account parley.AccountID, name, email string) parley.Contact {
	t.Helper()
	var c parley.Contact
	Update(t, db, func(tx *store.Tx) error {
		c = parley.Contact{AccountID: account, Name: name, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Points: []parley.Point{
			{Kind: parley.PointEmail, Value: email, Key: parley.Address{Email: email}.Key()},
		}}
		return tx.InsertContact(t.Context(), &c)
	})
	return c
}

// Conversation is an open one of a contact on a channel, in the channel's inbox, not written yet.
func Conversation(ch parley.Channel, contact parley.ContactID, at time.Time) parley.Conversation {
	return parley.Conversation{
		AccountID: ch.AccountID, ContactID: contact, ChannelID: ch.ID, InboxID: ch.InboxID,
		Status: parley.Open, Source: parley.FromContact, CreatedAt: at, LastMessageAt: at,
	}
}
