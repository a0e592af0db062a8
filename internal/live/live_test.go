package live

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// Whoever gets an event by subscription gets it by After too, and nobody else does.
func TestPublishedToExactlyThoseWhoMaySee(t *testing.T) {
	t.Parallel()
	all := parley.Actor{AccountID: 1, UserID: 1, Role: parley.Owner, AllInboxes: true}
	sales := parley.Actor{AccountID: 1, UserID: 2, Role: parley.Agent, Inboxes: []parley.InboxID{20}}
	other := parley.Actor{AccountID: 2, UserID: 9, Role: parley.Owner, AllInboxes: true}
	cases := []struct {
		name     string
		e        parley.Event
		channels []string
		all      bool
		sales    bool
	}{
		{"message in an inbox", parley.Event{Kind: parley.MessageReceived, ConversationID: 5, InboxID: 10}, []string{"inbox:10"}, true, false},
		{"message in their inbox", parley.Event{Kind: parley.MessageReceived, ConversationID: 5, InboxID: 20}, []string{"inbox:20"}, true, true},
		{"moved away from them", parley.Event{Kind: parley.ConversationMoved, ConversationID: 5, InboxID: 10, Data: parley.JSON(`{"from":20,"to":10}`)}, []string{"inbox:10", "inbox:20"}, true, true},
		{"their own cursor", parley.Event{Kind: parley.ReadMoved, ConversationID: 5, InboxID: 20, UserID: 2}, []string{"user:2"}, false, true},
		{"somebody's unsent conversation", parley.Event{Kind: parley.ConversationCreated, ConversationID: 5, UserID: 1}, []string{"user:1"}, true, false},
		{"an inbox they do not see yet", parley.Event{Kind: parley.InboxChanged, InboxID: 10}, []string{"account:1"}, true, true},
	}
	for _, c := range cases {
		c.e.AccountID = 1
		if diff := cmp.Diff(c.channels, channelsOf(c.e)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if visible(all, c.e) != c.all || visible(sales, c.e) != c.sales || visible(other, c.e) {
			t.Errorf("%s: seen by all %v, sales %v, another account %v", c.name, visible(all, c.e), visible(sales, c.e), visible(other, c.e))
		}
		bySubscription := slices.ContainsFunc(channelsOf(c.e), func(ch string) bool {
			return slices.Contains([]string{"user:2", "account:1", "inbox:20"}, ch)
		})
		if bySubscription != c.sales {
			t.Errorf("%s: sales gets it by subscription: %v", c.name, bySubscription)
		}
	}
}

func TestAfterPagesAndResets(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	_, actor := storetest.Account(t, db)
	s := &Service{db: db}
	appendEvents := func(n int) {
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			for range n {
				tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.ContactUpdated, ContactID: 7})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	appendEvents(30)
	items, next, reset, err := s.After(t.Context(), actor, 10, 15)
	if err != nil || len(items) != 15 || next != 25 || reset || items[0].Seq != 11 {
		t.Errorf("%d items, next %d, reset %v, %v", len(items), next, reset, err)
	}
	if items, next, _, err := s.After(t.Context(), actor, 30, 100); err != nil || len(items) != 0 || next != 30 {
		t.Errorf("at the end: %d items, next %d, %v", len(items), next, err)
	}
	appendEvents(maxBehind)
	if items, next, reset, err := s.After(t.Context(), actor, 10, 15); err != nil || !reset || len(items) != 0 || next != 30+maxBehind {
		t.Errorf("far behind: %d items, next %d, reset %v, %v", len(items), next, reset, err)
	}
}
