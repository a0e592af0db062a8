package conversation_test

import (
	"strings"
	"testing"
	"time"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestListRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "Hello there")
	page := must[conversation.Page](t)(w.svc.List(t.Context(), w.here, conversation.Filter{View: parley.AllOpen, Limit: 10}))
	if len(page.Rows) != 1 || page.NextCursor != "" {
		t.Fatalf("page %+v", page)
	}
	r := page.Rows[0]
	if r.Number != c.Number || r.ContactName != "Ann Archer" || r.ContactEmail != w.contact.Points[0].Value || r.ContactPhone != "" || r.ChannelType != "email" || !r.Unread || r.Preview != "Hello there" {
		t.Errorf("row %+v", r)
	}
	d := must[conversation.Detail](t)(w.svc.Get(t.Context(), w.here, c.ID))
	equal(t, "the single one", r, d.Row)
	equal(t, "participants", parley.Addresses{{Name: "Ann", Email: "ann@x.example"}, {Email: w.first.Address}}, d.Participants)
}

// A row says what became of the newest message that needs attention.
func TestRowsTellTheTrouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "Hello there")
	row := func() conversation.Row {
		return must[conversation.Page](t)(w.svc.List(t.Context(), w.here, conversation.Filter{View: parley.AllOpen, Limit: 10})).Rows[0]
	}
	equal(t, "before anything went wrong", "", row().Trouble)
	for _, delivery := range []parley.Delivery{parley.Bounced, parley.Sent, parley.Uncertain, parley.Failed} {
		storetest.Update(t, w.db, func(tx *store.Tx) error {
			locked, err := tx.LockConversation(t.Context(), c.AccountID, c.ID)
			if err != nil {
				return err
			}
			m := parley.Message{
				AccountID: c.AccountID, ConversationID: c.ID, ChannelID: c.ChannelID, AuthorID: w.here.UserID, Direction: parley.Outbound, Kind: parley.KindReply,
				At: tx.Now(), ReceivedAt: tx.Now(), Delivery: delivery,
			}
			conversation.Redelivered(&locked, parley.Queued, delivery)
			tx.AppendEvent(&parley.Event{AccountID: c.AccountID, Kind: parley.MessageQueued, ConversationID: c.ID, InboxID: c.InboxID})
			if err := tx.InsertMessage(t.Context(), &m, parley.Body{QuoteAt: -1}); err != nil {
				return err
			}
			return tx.UpdateConversation(t.Context(), &locked)
		})
		want := string(delivery)
		if delivery == parley.Sent {
			want = string(parley.Bounced)
		}
		equal(t, "after "+string(delivery), want, row().Trouble)
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	clk := &clock{at: noon}
	w := newWorld(t, storetest.WithNow(clk.now))
	var want []parley.ConversationID
	for i := range 7 {
		if i%2 == 0 {
			clk.pass(time.Minute)
		}
		want = append([]parley.ConversationID{w.receive(t, w.first, 0, w.contact.ID, "pump").ID}, want...)
	}
	for _, f := range []conversation.Filter{{}, {Sort: parley.Added}, {View: parley.AllOpen, Sort: parley.Newest}, {Query: "pump"}, {Query: "ann", View: parley.AllOpen}} {
		f.Limit = 3
		var got []parley.ConversationID
		for {
			page := must[conversation.Page](t)(w.svc.List(t.Context(), w.here, f))
			for _, r := range page.Rows {
				got = append(got, r.ID)
			}
			if f.Cursor = page.NextCursor; f.Cursor == "" {
				break
			}
		}
		equal(t, "all pages", want, got)
	}
}

func TestListRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 3 {
		w.receive(t, w.first, 0, w.contact.ID, "pump")
	}
	cursor := must[conversation.Page](t)(w.svc.List(t.Context(), w.here, conversation.Filter{Limit: 1})).NextCursor
	tests := map[string]conversation.Filter{
		"view":                      {View: "starred", Limit: 10},
		"sort":                      {Sort: "oldest", Limit: 10},
		"limit":                     {Limit: 0},
		"a large limit":             {Limit: 101},
		"too many ids":              {IDs: make([]parley.ConversationID, 101), Limit: 10},
		"a long search":             {Query: strings.Repeat("a ", 200), Limit: 10},
		"a made-up cursor":          {Cursor: "abc", Limit: 10},
		"a cursor of another order": {Cursor: cursor, Sort: parley.Waiting, Limit: 10},
		"a cursor of a list":        {Cursor: cursor, Query: "pump", Limit: 10},
	}
	for name, f := range tests {
		if _, err := w.svc.List(t.Context(), w.here, f); !code(err, parley.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.receive(t, w.first, 0, w.contact.ID, "mine")
	w.receive(t, w.other, 0, w.contact.ID, "unassigned")
	must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, mine.ID, w.here.UserID))
	got := must[[]conversation.Count](t)(w.svc.Counts(t.Context(), w.here, 0))
	equal(t, "counts", []conversation.Count{
		{View: parley.MyUnread, N: 1},
		{View: parley.MyOpen, N: 1},
		{View: parley.Unassigned},
		{View: parley.AllOpen, N: 1},
		{View: parley.ViewFailed},
		{View: parley.ViewClosed},
		{View: parley.ViewSpam},
		{View: parley.ViewDrafts},
		{View: parley.ViewScheduled},
		{View: parley.ViewMentions},
	}, got)
}
