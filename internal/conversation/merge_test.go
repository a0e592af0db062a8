package conversation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func (w world) merge(t testing.TB, from, into parley.ConversationID) error {
	t.Helper()
	return w.db.Update(t.Context(), func(tx *store.Tx) error {
		return w.svc.MergeTx(t.Context(), tx, parley.SystemActor(w.owner.AccountID), from, into)
	})
}

func TestMergeAndUndo(t *testing.T) {
	t.Parallel()
	clk := &clock{at: noon}
	w := newWorld(t, storetest.WithNow(clk.now))
	into := w.receive(t, w.first, 0, w.contact.ID, "parent")
	clk.pass(time.Minute)
	bob := storetest.Contact(t, w.db, w.owner.AccountID, "Bob", "bob@x.example")
	from := w.receive(t, w.first, 0, bob.ID, "child")
	clk.pass(time.Minute)
	must[parley.Note](t)(w.svc.AddNote(t.Context(), w.agent, from.ID, conversation.NoteText{Text: "about the child"}))
	must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, from.ID, w.agent.UserID))
	must[parley.DraftMessage](t)(w.svc.SaveDraft(t.Context(), w.agent, from.ID, conversation.ModeReply, parley.JSON(`{"t":1}`), 0))
	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.owner, into.ID))
	for _, id := range []parley.ConversationID{from.ID, into.ID} {
		if err := w.svc.Read(t.Context(), w.agent, id, 0); err != nil {
			t.Fatal(err)
		}
	}
	wasFrom, wasInto := w.load(t, from.ID), w.load(t, into.ID)
	seq := w.seq(t)
	if err := w.merge(t, from.ID, into.ID); err != nil {
		t.Fatal(err)
	}
	got := w.load(t, into.ID)
	if got.MessageCount != 2 || got.Status != parley.Open || got.Preview != "child" || !got.LastMessageAt.Equal(minute(1)) ||
		!got.LastInboundAt.Equal(minute(1)) || !got.WaitingSince.Equal(minute(1)) || got.AssigneeID != w.agent.UserID || got.LastSeq != max(wasFrom.LastSeq, wasInto.LastSeq) {
		t.Errorf("merged: %+v", got)
	}
	if w.unread(t, w.agent, into.ID) || !w.unread(t, w.owner, into.ID) || got.AssigneeUnread {
		t.Error("read by who had read both, unread for the others")
	}
	equal(t, "events", []string{
		fmt.Sprintf(`conversation.merged by 0 in %d for 0 {"from":%d}`, w.first.InboxID, from.ID),
		fmt.Sprintf(`conversation.merged by 0 in %d for 0 {"into":%d}`, w.first.InboxID, into.ID),
	}, w.since(t, seq))
	var items []string
	for _, i := range w.timeline(t, into.ID, conversation.TimelineQuery{Limit: 100}) {
		items = append(items, kind(i))
	}
	equal(t, "timeline", []string{"message parent", "message child", "note about the child", "conversation.assigned", "conversation.closed", "conversation.merged"}, items)
	if drafts := must[[]parley.DraftMessage](t)(w.svc.Drafts(t.Context(), w.agent, into.ID)); len(drafts) != 1 {
		t.Error("the draft did not move")
	}
	d := must[conversation.Detail](t)(w.svc.Get(t.Context(), w.agent, from.ID))
	if d.MergedIntoID != into.ID || d.Folder != parley.FolderMerged {
		t.Errorf("what was merged: %+v", d.Conversation)
	}
	for _, f := range []conversation.Filter{{}, {View: parley.AllOpen}, {View: parley.MyOpen}, {Query: "child"}, {ContactID: bob.ID}} {
		f.Limit = 10
		for _, r := range must[conversation.Page](t)(w.svc.List(t.Context(), w.agent, f)).Rows {
			if r.ID == from.ID {
				t.Errorf("what was merged is listed by %+v", f)
			}
		}
	}
	if found := must[conversation.Page](t)(w.svc.List(t.Context(), w.agent, conversation.Filter{Query: "child", Limit: 10})); len(found.Rows) != 1 || found.Rows[0].ID != into.ID {
		t.Errorf("found %v", found.Rows)
	}
	if _, err := w.svc.Close(t.Context(), w.agent, from.ID); !code(err, parley.Conflict) {
		t.Errorf("what was merged was closed: %v", err)
	}

	must[conversation.Detail](t)(w.svc.Unmerge(t.Context(), w.owner, from.ID))
	equal(t, "what was merged, back", wasFrom, w.load(t, from.ID), cmpopts.IgnoreFields(parley.Conversation{}, "UnreadSeq", "AssigneeUnread"))
	back := w.load(t, into.ID)
	if back.MessageCount != 1 || back.Preview != "parent" || !back.LastMessageAt.Equal(minute(0)) || !back.WaitingSince.Equal(minute(0)) {
		t.Errorf("what it was merged into, back: %+v", back)
	}
	if _, err := w.svc.Unmerge(t.Context(), w.owner, from.ID); !code(err, parley.Conflict) {
		t.Errorf("undone twice: %v", err)
	}
	if err := w.merge(t, from.ID, into.ID); err != nil {
		t.Errorf("merged again: %v", err)
	}
}

func TestWhatCanNotBeMerged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.receive(t, w.first, 0, w.contact.ID, "a")
	b := w.receive(t, w.other, 0, w.contact.ID, "b")
	d := w.draft(t, w.owner, w.first)
	for name, pair := range map[string][2]parley.ConversationID{"itself": {a.ID, a.ID}, "another channel's": {a.ID, b.ID}, "a draft": {d.ID, a.ID}} {
		if err := w.merge(t, pair[0], pair[1]); !code(err, parley.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRelated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bob := storetest.Contact(t, w.db, w.owner.AccountID, "Bob", "bob@x.example")
	old := w.receive(t, w.first, 0, w.contact.ID, "old")
	c := w.receive(t, w.first, 0, w.contact.ID, "this")
	elsewhere := w.receive(t, w.other, 0, w.contact.ID, "elsewhere")
	linked := w.receive(t, w.first, 0, bob.ID, "linked")
	follow := w.receive(t, w.first, 0, w.contact.ID, "follow-up")
	w.receive(t, w.first, 0, bob.ID, "Bob's own")
	storetest.Update(t, w.db, func(tx *store.Tx) error {
		f, err := tx.LockConversation(t.Context(), w.owner.AccountID, follow.ID)
		if err != nil {
			return err
		}
		f.FollowUpOfID = c.ID
		return tx.UpdateConversation(t.Context(), &f)
	})
	from := w.seq(t)
	for range 2 {
		storetest.Update(t, w.db, func(tx *store.Tx) error { return w.svc.LinkTx(t.Context(), tx, w.owner, linked.ID, c.ID) })
	}
	equal(t, "events", []string{
		fmt.Sprintf(`conversation.linked by %d in %d for 0 {"to":%d}`, w.owner.UserID, w.first.InboxID, c.ID),
		fmt.Sprintf(`conversation.linked by %d in %d for 0 {"to":%d}`, w.owner.UserID, w.first.InboxID, linked.ID),
	}, w.since(t, from))
	ids := func(actor parley.Actor, id parley.ConversationID) (out []parley.ConversationID) {
		for _, r := range must[[]conversation.Row](t)(w.svc.Related(t.Context(), actor, id)) {
			out = append(out, r.ID)
		}
		return out
	}
	equal(t, "for the owner", []parley.ConversationID{follow.ID, linked.ID, elsewhere.ID, old.ID}, ids(w.owner, c.ID))
	equal(t, "for who sees one inbox", []parley.ConversationID{follow.ID, linked.ID, old.ID}, ids(w.here, c.ID))
	if rows := must[[]conversation.Row](t)(w.svc.Related(t.Context(), w.owner, old.ID)); rows[0].FollowUpNumber != c.Number {
		t.Errorf("the follow-up says it is of #%d, want #%d", rows[0].FollowUpNumber, c.Number)
	}
}
