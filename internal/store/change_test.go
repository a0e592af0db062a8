package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// Whatever changes in a conversation is written, though only what has changed is.
func TestUpdateConversationWritesEveryChange(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	_, owner := storetest.Account(t, db)
	ch, other := storetest.Channel(t, db, owner.AccountID), storetest.Channel(t, db, owner.AccountID)
	ann, bob := storetest.Contact(t, db, owner.AccountID, "Ann", "ann@x.test"), storetest.Contact(t, db, owner.AccountID, "Bob", "bob@x.test")
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	later := at.Add(time.Hour)
	c := storetest.Conversation(ch, ann.ID, at)
	storetest.Update(t, db, func(tx *store.Tx) error { return tx.InsertConversation(t.Context(), &c) })
	changes := []func(c *parley.Conversation){
		func(*parley.Conversation) {},
		func(c *parley.Conversation) { c.ContactID = bob.ID },
		func(c *parley.Conversation) { c.ChannelID = other.ID },
		func(c *parley.Conversation) { c.InboxID = other.InboxID },
		func(c *parley.Conversation) { c.AssigneeID = owner.UserID },
		func(c *parley.Conversation) { c.Subject = "another" },
		func(c *parley.Conversation) { c.Preview = "what it begins with" },
		func(c *parley.Conversation) { c.Status, c.ClosedAt = parley.Closed, &at },
		func(c *parley.Conversation) { c.ClosedAt = &later },
		func(c *parley.Conversation) { c.Status, c.ClosedAt = parley.Open, nil },
		func(c *parley.Conversation) { c.SnoozedUntil = &later },
		func(c *parley.Conversation) { c.Spam = true },
		func(c *parley.Conversation) { c.TrashedAt = &later },
		func(c *parley.Conversation) { c.Draft = true },
		func(c *parley.Conversation) { c.Priority = 2 },
		func(c *parley.Conversation) { c.Source = parley.FromUser },
		func(c *parley.Conversation) { c.FirstReplyAt = &at },
		func(c *parley.Conversation) { c.LastInboundAt = &at },
		func(c *parley.Conversation) { c.LastOutboundAt = &at },
		func(c *parley.Conversation) { c.LastMessageAt = later },
		func(c *parley.Conversation) { c.WaitingSince = &at },
		func(c *parley.Conversation) { c.WaitingSince = nil },
		func(c *parley.Conversation) { c.MessageCount = 3 },
		func(c *parley.Conversation) { c.FailedCount = 1 },
		func(c *parley.Conversation) { c.HasAttachment = true },
		func(c *parley.Conversation) { c.FollowUpOfID = c.ID },
		func(c *parley.Conversation) { c.MergedIntoID = c.ID },
		func(c *parley.Conversation) { c.Fields = parley.JSON(`{"a": 1}`) },
	}
	for i, change := range changes {
		var want, got parley.Conversation
		storetest.Update(t, db, func(tx *store.Tx) error {
			var err error
			if want, err = tx.LockConversation(t.Context(), owner.AccountID, c.ID); err != nil {
				return err
			}
			change(&want)
			if err := tx.UpdateConversation(t.Context(), &want); err != nil {
				return err
			}
			// Once more in the same transaction: what was written counts as known.
			again, err := tx.LockConversation(t.Context(), owner.AccountID, c.ID)
			if diff := cmp.Diff(want, again); diff != "" {
				t.Errorf("change %d, locked again (-want +got):\n%s", i, diff)
			}
			return err
		})
		storetest.View(t, db, func(tx *store.Tx) (err error) {
			got, err = tx.ConversationByID(t.Context(), owner.AccountID, c.ID)
			return err
		})
		want.AssigneeUnread = got.AssigneeUnread // the database's own
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("change %d (-want +got):\n%s", i, diff)
		}
	}
}

// A statement that nobody awaits takes the transaction with it all the same, and
// what it ran into is known.
func TestWhatNobodyAwaitsFailsTheTransaction(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	_, owner := storetest.Account(t, db)
	storetest.Contact(t, db, owner.AccountID, "Ann", "ann@x.test")
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		for _, email := range []string{"bob@x.test", "ann@x.test"} {
			c := parley.Contact{AccountID: owner.AccountID, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Points: []parley.Point{{Kind: parley.PointEmail, Value: email, Key: email}}}
			if err := tx.InsertNewContact(t.Context(), &c); err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, store.ErrTaken) {
		t.Errorf("got %v, want ErrTaken", err)
	}
	storetest.View(t, db, func(tx *store.Tx) error {
		found, err := tx.ListContactsByKeys(t.Context(), owner.AccountID, parley.PointEmail, []string{"ann@x.test", "bob@x.test"})
		if len(found) != 1 || found["ann@x.test"].Name != "Ann" {
			t.Errorf("found %+v", found)
		}
		return err
	})
}

// The ids of rows that are expected are drawn together, and are one for each.
func TestExpectedRowsHaveIDsOfTheirOwn(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	_, owner := storetest.Account(t, db)
	seen := map[parley.ContactID]bool{}
	for _, expect := range []int{0, 1, 3, 7} {
		storetest.Update(t, db, func(tx *store.Tx) error {
			tx.Expect(expect)
			for range 5 {
				c := parley.Contact{AccountID: owner.AccountID, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
				if err := tx.InsertNewContact(t.Context(), &c); err != nil {
					return err
				}
				seen[c.ID] = true
			}
			return nil
		})
	}
	storetest.View(t, db, func(tx *store.Tx) error {
		all, err := tx.ListContacts(t.Context(), owner.AccountID, 0, 100)
		if len(all) != 20 || len(seen) != 20 || seen[0] {
			t.Errorf("%d contacts with %d ids", len(all), len(seen))
		}
		return err
	})
}
