package conversation_test

import (
	"fmt"
	"testing"

	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func (w world) blocked(t testing.TB, address string) (is bool) {
	t.Helper()
	storetest.View(t, w.db, func(tx *store.Tx) (err error) {
		is, err = tx.Blocked(t.Context(), w.owner.AccountID, parley.PointEmail, address)
		return err
	})
	return is
}

// Blocking a contact's address by hand is marking them as spam, and taking it off brings all back.
func TestBlockAContactsAddressAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := w.receive(t, w.first, 0, w.contact.ID, "open")
	closed := w.receive(t, w.other, 0, w.contact.ID, "closed")
	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.agent, closed.ID))
	address := w.contact.Points[0].Key
	from := w.seq(t)
	b, err := w.svc.Block(t.Context(), w.owner, address, "enough")
	if err != nil || b.ContactID != w.contact.ID || b.UserID != w.owner.UserID || b.Why != "enough" {
		t.Fatalf("blocked %+v, %v", b, err)
	}
	equal(t, "events", []string{
		fmt.Sprintf("blocklist.changed by %d in 0 for 0 {}", w.owner.UserID),
		fmt.Sprintf("contact.updated by %d in 0 for 0 {}", w.owner.UserID),
		fmt.Sprintf("conversation.spam by %d in %d for 0 {}", w.owner.UserID, w.first.InboxID),
		fmt.Sprintf("conversation.spam by %d in %d for 0 {}", w.owner.UserID, w.other.InboxID),
	}, w.since(t, from))
	if c := w.load(t, open.ID); !c.Spam {
		t.Error("the conversation is still in its inbox")
	}
	if err := w.svc.Unblock(t.Context(), w.owner, b.ID); err != nil {
		t.Fatal(err)
	}
	if w.blocked(t, address) {
		t.Error("the address is still blocked")
	}
	if c := w.load(t, open.ID); c.Spam || c.Status != parley.Open {
		t.Errorf("came back as %+v", c)
	}
	if c := w.load(t, closed.ID); c.Spam || c.Status != parley.Closed {
		t.Errorf("came back as %+v", c)
	}
	if err := w.svc.Unblock(t.Context(), w.owner, b.ID); !code(err, parley.NotFound) {
		t.Errorf("a second time: %v", err)
	}
}

// A domain stands for all its addresses, and those below it; nobody comes back alone.
func TestBlockADomain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, err := w.svc.Block(t.Context(), w.owner, "@X.example", "")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{"a@x.example": true, "a@mail.x.example": true, "a@yx.example": false, "x.example@y.example": false, "a@example": false} {
		if got := w.blocked(t, address); got != want {
			t.Errorf("%s is blocked: %v", address, got)
		}
	}
	c := w.receive(t, w.first, 0, w.contact.ID, "watches")
	storetest.Update(t, w.db, func(tx *store.Tx) error { // as intake files it
		row, err := tx.LockConversation(t.Context(), w.owner.AccountID, c.ID)
		if err != nil {
			return err
		}
		row.Spam = true
		return tx.UpdateConversation(t.Context(), &row)
	})
	d := must[conversation.Detail](t)(w.svc.Get(t.Context(), w.here, c.ID))
	if d.Domain.Key != "x.example" || d.Domain.UserID != w.owner.UserID || d.Contact.BlockedAt != nil {
		t.Errorf("detail: %+v", d.Domain)
	}
	if _, err := w.svc.NotSpam(t.Context(), w.here, c.ID); !code(err, parley.Conflict) {
		t.Errorf("not spam, though its domain is blocked: %v", err)
	}
	if err := w.svc.Unblock(t.Context(), w.owner, b.ID); err != nil {
		t.Fatal(err)
	}
	if d := must[conversation.Detail](t)(w.svc.NotSpam(t.Context(), w.here, c.ID)); d.Spam {
		t.Error("it is still spam")
	}
}

// An address that is blocked before anybody has it makes its contact blocked, by the same person.
func TestContactIsBlockedFromTheStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, err := w.svc.Block(t.Context(), w.owner, "eve@x.example", "known from elsewhere")
	if err != nil || b.ContactID != 0 {
		t.Fatalf("%+v, %v", b, err)
	}
	if _, err := w.svc.Block(t.Context(), w.owner, "EVE@x.example", ""); !code(err, parley.Conflict) {
		t.Errorf("twice: %v", err)
	}
	var eve parley.Contact
	storetest.Update(t, w.db, func(tx *store.Tx) (err error) {
		eve, _, err = contact.New(w.db).FindOrCreateTx(t.Context(), tx, w.owner.AccountID, parley.Address{Name: "Eve", Email: "eve@x.example"})
		return err
	})
	if eve.BlockedAt == nil || eve.BlockedByID != w.owner.UserID || eve.BlockedWhy != "known from elsewhere" {
		t.Errorf("contact %+v", eve)
	}
	if err := w.svc.Unblock(t.Context(), w.owner, b.ID); err != nil {
		t.Fatal(err)
	}
	storetest.View(t, w.db, func(tx *store.Tx) (err error) {
		eve, err = tx.ContactByID(t.Context(), w.owner.AccountID, eve.ID)
		return err
	})
	if eve.BlockedAt != nil {
		t.Error("the contact is still blocked")
	}
}

func TestBlocklistIsTheAccountsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, err := w.svc.Block(t.Context(), w.owner, "eve@x.example", "")
	if err != nil {
		t.Fatal(err)
	}
	_, other := storetest.Account(t, w.db)
	if err := w.svc.Unblock(t.Context(), other, b.ID); !code(err, parley.NotFound) {
		t.Errorf("another account: %v", err)
	}
	if list, _, err := w.svc.Blocklist(t.Context(), other, "", 0, 10); err != nil || len(list) != 0 {
		t.Errorf("another account sees %v, %v", list, err)
	}
	for what, err := range map[string]error{
		"list":    func() error { _, _, err := w.svc.Blocklist(t.Context(), w.agent, "", 0, 10); return err }(),
		"block":   func() error { _, err := w.svc.Block(t.Context(), w.agent, "a@b.example", ""); return err }(),
		"unblock": w.svc.Unblock(t.Context(), w.agent, b.ID),
	} {
		if !code(err, parley.Forbidden) {
			t.Errorf("an agent may %s: %v", what, err)
		}
	}
}
