package conversation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestAssign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	from := w.seq(t)
	d := must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, c.ID, w.here.UserID))
	if d.AssigneeID != w.here.UserID || !d.AssigneeUnread {
		t.Errorf("assignee %d, unread %v", d.AssigneeID, d.AssigneeUnread)
	}
	must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, c.ID, w.here.UserID)) // nothing changes: no event
	must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.here, c.ID, 0))
	equal(t, "events", []string{
		fmt.Sprintf(`conversation.assigned by %d in %d for 0 {"from":0,"to":%d}`, w.owner.UserID, c.InboxID, w.here.UserID),
		fmt.Sprintf(`conversation.assigned by %d in %d for 0 {"from":%d,"to":0}`, w.here.UserID, c.InboxID, w.here.UserID),
	}, w.since(t, from))

	elsewhere := w.receive(t, w.other, 0, w.contact.ID, "hi")
	_, stranger := storetest.Account(t, w.db)
	for _, user := range []parley.UserID{w.here.UserID, stranger.UserID, 999999} {
		if _, err := w.svc.Assign(t.Context(), w.owner, elsewhere.ID, user); !code(err, parley.Invalid) {
			t.Errorf("user %d, who can't have it: %v", user, err)
		}
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rule := parley.AssignNamed
	if _, err := w.settings.UpdateInbox(t.Context(), w.owner, w.other.InboxID, setting.InboxChange{AssigneeRule: &rule, DefaultAssigneeID: &w.agent.UserID}); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		assignee, want parley.UserID
	}{
		"who sees the target stays":          {w.owner.UserID, w.owner.UserID},
		"who does not hands on":              {w.here.UserID, w.agent.UserID},
		"nobody's goes to the target's rule": {0, w.agent.UserID},
	}
	for name, test := range tests {
		c := w.receive(t, w.first, 0, w.contact.ID, "hi")
		must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, c.ID, test.assignee))
		from := w.seq(t)
		d := must[conversation.Detail](t)(w.svc.Move(t.Context(), w.agent, c.ID, w.other.InboxID))
		if d.InboxID != w.other.InboxID || d.AssigneeID != test.want || d.ChannelID != w.first.ID {
			t.Errorf("%s: in inbox %d with %d on channel %d", name, d.InboxID, d.AssigneeID, d.ChannelID)
		}
		want := []string{fmt.Sprintf(`conversation.moved by %d in %d for 0 {"from":%d,"to":%d}`, w.agent.UserID, w.other.InboxID, w.first.InboxID, w.other.InboxID)}
		if test.assignee != test.want {
			want = append(want, fmt.Sprintf(`conversation.assigned by %d in %d for 0 {"from":%d,"to":%d}`, w.agent.UserID, w.other.InboxID, test.assignee, test.want))
		}
		equal(t, name+": events", want, w.since(t, from))
	}
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	if _, err := w.svc.Move(t.Context(), w.here, c.ID, w.other.InboxID); !code(err, parley.Invalid) {
		t.Errorf("to an inbox that the actor does not see: %v", err)
	}
	if got := w.load(t, c.ID); got.InboxID != w.first.InboxID {
		t.Error("it moved all the same")
	}
}

func TestCloseAndReopen(t *testing.T) {
	t.Parallel()
	clk := &clock{at: noon}
	w := newWorld(t, storetest.WithNow(clk.now))
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	asked := clk.at
	must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, c.ID, w.agent.UserID))
	clk.pass(time.Minute)
	w.receive(t, w.first, c.ID, w.contact.ID, "hello?")
	clk.pass(time.Minute)

	from := w.seq(t)
	d := must[conversation.Detail](t)(w.svc.Close(t.Context(), w.here, c.ID))
	if d.Status != parley.Closed || d.Folder != parley.FolderClosed || !d.ClosedAt.Equal(clk.at) || d.WaitingSince != nil {
		t.Errorf("closed: %+v", d.Conversation)
	}
	if got := w.load(t, c.ID); got.UnreadSeq != 0 || got.AssigneeUnread {
		t.Errorf("unread after closing: %d, %v", got.UnreadSeq, got.AssigneeUnread)
	}
	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.here, c.ID))
	d = must[conversation.Detail](t)(w.svc.Reopen(t.Context(), w.here, c.ID))
	if d.Status != parley.Open || d.ClosedAt != nil || d.WaitingSince == nil || !d.WaitingSince.Equal(asked) || d.AssigneeID != w.agent.UserID || d.Unread {
		t.Errorf("reopened: %+v", d.Conversation)
	}
	equal(t, "events", []string{
		fmt.Sprintf(`conversation.closed by %d in %d for 0 {}`, w.here.UserID, c.InboxID),
		fmt.Sprintf(`conversation.reopened by %d in %d for 0 {}`, w.here.UserID, c.InboxID),
	}, w.since(t, from))

	// A close that stands puts an end to what was before it.
	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.here, c.ID))
	clk.pass(time.Minute)
	again := clk.at
	w.receive(t, w.first, c.ID, w.contact.ID, "again")
	clk.pass(time.Minute)
	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.here, c.ID))
	if d = must[conversation.Detail](t)(w.svc.Reopen(t.Context(), w.here, c.ID)); d.WaitingSince == nil || !d.WaitingSince.Equal(again) {
		t.Errorf("waits since %v, want %v", d.WaitingSince, again)
	}

	// Whoever can no longer have it does not get it back.
	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.here, c.ID))
	storetest.Update(t, w.db, func(tx *store.Tx) error {
		u, err := tx.LockUser(t.Context(), w.owner.AccountID, w.agent.UserID)
		if err != nil {
			return err
		}
		now := tx.Now()
		u.DisabledAt = &now
		return tx.UpdateUser(t.Context(), u)
	})
	if d = must[conversation.Detail](t)(w.svc.Reopen(t.Context(), w.here, c.ID)); d.AssigneeID != 0 {
		t.Errorf("reopened for user %d, who is disabled", d.AssigneeID)
	}
}

func TestReplyAndCloseInOneGoIsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, c.ID, w.agent.UserID))
	storetest.Update(t, w.db, func(tx *store.Tx) error {
		closed := parley.Closed
		if _, err := w.svc.AddNoteTx(t.Context(), tx, w.owner, c.ID, conversation.NoteText{Text: "before"}); err != nil {
			return err
		}
		if err := w.svc.UpdateTx(t.Context(), tx, w.owner, c.ID, conversation.Change{Status: &closed}); err != nil {
			return err
		}
		_, err := w.svc.AddNoteTx(t.Context(), tx, w.owner, c.ID, conversation.NoteText{Text: "after"})
		return err
	})
	got := w.load(t, c.ID)
	if got.UnreadSeq != 0 || got.AssigneeUnread || got.LastSeq != w.seq(t) {
		t.Errorf("unread %d, %v; last %d", got.UnreadSeq, got.AssigneeUnread, got.LastSeq)
	}
}

func TestUpdateIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	bob := storetest.Contact(t, w.db, w.owner.AccountID, "Bob", "bob@x.example")
	subject, urgent, wrong, nobody, closed := "New subject", 2, 9, parley.ContactID(999999), parley.Closed
	from := w.seq(t)
	bad := map[string]conversation.Change{
		"priority": {Subject: &subject, Priority: &wrong},
		"contact":  {Subject: &subject, ContactID: &nobody},
		"status":   {Subject: &subject, Status: new(parley.Status)},
		"subject":  {Subject: new("two\nlines")},
		"long":     {Subject: new(strings.Repeat("x", 501))},
		"fields":   {Subject: &subject, Fields: new(parley.JSON("[]"))},
	}
	for name, change := range bad {
		if _, err := w.svc.Update(t.Context(), w.owner, c.ID, change); !code(err, parley.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	equal(t, "events of what was refused", []string(nil), w.since(t, from))
	d := must[conversation.Detail](t)(w.svc.Update(t.Context(), w.owner, c.ID, conversation.Change{
		Subject: &subject, Priority: &urgent, ContactID: &bob.ID, Status: &closed, Fields: new(parley.JSON(`{"a":1}`)),
	}))
	if d.Subject != subject || d.Priority != 2 || d.ContactID != bob.ID || d.ContactName != "Bob" || d.Status != parley.Closed || compact(d.Fields) != `{"a":1}` {
		t.Errorf("got %+v", d)
	}
	page := must[conversation.Page](t)(w.svc.List(t.Context(), w.owner, conversation.Filter{Query: "bob new subj", Limit: 10}))
	if len(page.Rows) != 1 || page.Rows[0].ID != c.ID {
		t.Errorf("found %d by its new subject and contact", len(page.Rows))
	}
}

func TestWhatIsNoConversationYetIsNotClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.draft(t, w.owner, w.first)
	if _, err := w.svc.Close(t.Context(), w.owner, d.ID); !code(err, parley.Conflict) {
		t.Errorf("a draft was closed: %v", err)
	}
	if _, err := w.svc.Spam(t.Context(), w.owner, d.ID, ""); !code(err, parley.Conflict) {
		t.Errorf("a draft is spam: %v", err)
	}
	from := w.seq(t)
	must[conversation.Detail](t)(w.svc.Update(t.Context(), w.owner, d.ID, conversation.Change{Subject: new("Offer")}))
	equal(t, "only its creator hears of it", []string{fmt.Sprintf(`conversation.updated by %d in 0 for %d {}`, w.owner.UserID, w.owner.UserID)}, w.since(t, from))
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rule := parley.AssignNamed
	if _, err := w.settings.UpdateInbox(t.Context(), w.owner, w.other.InboxID, setting.InboxChange{AssigneeRule: &rule, DefaultAssigneeID: &w.owner.UserID}); err != nil {
		t.Fatal(err)
	}
	kept := w.receive(t, w.first, 0, w.contact.ID, "in an inbox they keep")
	lost := w.receive(t, w.other, 0, w.contact.ID, "in an inbox they lose")
	closed := w.receive(t, w.other, 0, w.contact.ID, "closed")
	for _, c := range []parley.Conversation{kept, lost, closed} {
		must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, c.ID, w.agent.UserID))
	}
	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.owner, closed.ID))
	from := w.seq(t)
	storetest.Update(t, w.db, func(tx *store.Tx) error {
		if err := tx.SetUserInboxes(t.Context(), w.owner.AccountID, w.agent.UserID, []parley.InboxID{w.first.InboxID}); err != nil {
			return err
		}
		return w.svc.HandOver(t.Context(), tx, w.owner, w.agent.UserID)
	})
	for c, want := range map[parley.ConversationID]parley.UserID{kept.ID: w.agent.UserID, lost.ID: w.owner.UserID, closed.ID: w.agent.UserID} {
		if got := w.load(t, c).AssigneeID; got != want {
			t.Errorf("conversation %d is with %d, want %d", c, got, want)
		}
	}
	equal(t, "events", []string{
		fmt.Sprintf(`conversation.assigned by %d in %d for 0 {"from":%d,"to":%d}`, w.owner.UserID, w.other.InboxID, w.agent.UserID, w.owner.UserID),
	}, w.since(t, from))
}
