package conversation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// Whatever is done to conversations, the columns that lists are indexed on are
// what they would be if they were worked out anew from everything else, and each
// view lists exactly what its words say.
func TestDerivedColumnsStayTrue(t *testing.T) {
	t.Parallel()
	clk := &clock{at: noon}
	w := newWorld(t, storetest.WithNow(clk.now))
	rapid.Check(t, func(rt *rapid.T) {
		w.account(t)
		actors := []parley.Actor{w.owner, w.agent, w.here}
		ids := []parley.ConversationID{w.receive(t, w.first, 0, w.contact.ID, "start").ID}
		for range rapid.IntRange(1, 20).Draw(rt, "steps") {
			clk.pass(time.Duration(rapid.IntRange(0, 2).Draw(rt, "minutes")) * time.Minute)
			actor := rapid.SampledFrom(actors).Draw(rt, "actor")
			id := rapid.SampledFrom(ids).Draw(rt, "conversation")
			step := rapid.SampledFrom([]string{"start", "message", "reply", "note", "close", "reopen", "assign", "move", "spam", "not spam", "read", "unread", "merge"}).Draw(rt, "step")
			if made := w.step(t, rt, step, actor, id, ids); made != 0 {
				ids = append(ids, made)
			}
		}
		for _, id := range ids {
			w.checkDerived(t, rt, id)
		}
		for _, actor := range actors {
			for _, v := range conversation.Views {
				w.checkView(t, rt, actor, v, ids)
			}
		}
	})
}

// step does one thing; refusals are part of life.
func (w world) step(t *testing.T, rt *rapid.T, step string, actor parley.Actor, id parley.ConversationID, ids []parley.ConversationID) (made parley.ConversationID) {
	ctx := t.Context()
	var err error
	switch step {
	case "start":
		return w.receive(t, rapid.SampledFrom([]parley.Channel{w.first, w.other}).Draw(rt, "channel"), 0, w.contact.ID, "new").ID
	case "message":
		if w.load(t, id).MergedIntoID == 0 {
			w.receive(t, parley.Channel{ID: w.load(t, id).ChannelID, AccountID: w.owner.AccountID}, id, w.contact.ID, "more")
		}
	case "reply":
		if w.load(t, id).MergedIntoID == 0 {
			w.reply(t, actor, id, "answer")
		}
	case "note":
		_, err = w.svc.AddNote(ctx, actor, id, conversation.NoteText{Text: "note"})
	case "close":
		_, err = w.svc.Close(ctx, actor, id)
	case "reopen":
		_, err = w.svc.Reopen(ctx, actor, id)
	case "assign":
		_, err = w.svc.Assign(ctx, actor, id, rapid.SampledFrom([]parley.UserID{0, w.owner.UserID, w.agent.UserID, w.here.UserID}).Draw(rt, "assignee"))
	case "move":
		_, err = w.svc.Move(ctx, actor, id, rapid.SampledFrom([]parley.InboxID{w.first.InboxID, w.other.InboxID}).Draw(rt, "inbox"))
	case "spam":
		_, err = w.svc.Spam(ctx, actor, id, "")
	case "not spam":
		_, err = w.svc.NotSpam(ctx, actor, id)
	case "read":
		err = w.svc.Read(ctx, actor, id, parley.Seq(rapid.IntRange(0, 60).Draw(rt, "seq")))
	case "unread":
		err = w.svc.MarkUnread(ctx, actor, id)
	case "merge":
		err = w.merge(t, id, rapid.SampledFrom(ids).Draw(rt, "into"))
	}
	if err != nil && !code(err, parley.Conflict) && !code(err, parley.NotFound) && !code(err, parley.Invalid) {
		rt.Fatalf("%s: %v", step, err)
	}
	return 0
}

func (w world) checkDerived(t *testing.T, rt *rapid.T, id parley.ConversationID) {
	c := w.load(t, id)
	waiting := parley.NotWaiting
	if c.WaitingSince != nil {
		waiting = *c.WaitingSince
	}
	if c.Folder != c.FolderNow() || !c.WaitingKey.Equal(waiting) {
		rt.Fatalf("conversation %d: folder %s, waiting key %v: %+v", id, c.Folder, c.WaitingKey, c)
	}
	if c.MergedIntoID != 0 {
		return // what it had counts there
	}
	anew := c
	var cursor store.ReadCursor
	storetest.View(t, w.db, func(tx *store.Tx) (err error) {
		if cursor, err = tx.ReadCursorOf(t.Context(), c.AccountID, id, c.AssigneeID); err != nil {
			return err
		}
		return tx.RecountConversation(t.Context(), &anew)
	})
	anew.WaitingSince = c.WaitingSince // a close ends a wait: what was before it counts no more
	if c.WaitingSince != nil && (c.Status == parley.Closed || c.LastInboundAt == nil || c.WaitingSince.After(*c.LastInboundAt)) {
		rt.Fatalf("conversation %d waits since %v: %+v", id, c.WaitingSince, c)
	}
	if diff := cmp.Diff(anew, c); diff != "" {
		rt.Fatalf("conversation %d is not what its messages tell (-anew +is):\n%s", id, diff)
	}
	if unread := c.AssigneeID != 0 && c.Status != parley.Closed && cursor.Seq < c.UnreadSeq; c.AssigneeUnread != unread {
		rt.Fatalf("conversation %d: assignee_unread is %v, want %v; cursor %+v, %+v", id, c.AssigneeUnread, unread, cursor, c)
	}
}

func (w world) checkView(t *testing.T, rt *rapid.T, actor parley.Actor, v parley.View, ids []parley.ConversationID) {
	want := map[parley.ConversationID]bool{}
	for _, id := range ids {
		c := w.load(t, id)
		open := c.Status == parley.Open && !c.Spam && c.MergedIntoID == 0
		in := map[parley.View]bool{
			parley.AllOpen: open, parley.Unassigned: open && c.AssigneeID == 0, parley.MyOpen: open && c.AssigneeID == actor.UserID,
			parley.MyUnread:   open && c.AssigneeID == actor.UserID && w.unreadBy(t, actor, c),
			parley.ViewClosed: c.Status == parley.Closed && !c.Spam && c.MergedIntoID == 0, parley.ViewSpam: c.Spam && c.MergedIntoID == 0,
		}
		if in[v] && actor.Sees(c.InboxID) {
			want[id] = true
		}
	}
	got := map[parley.ConversationID]bool{}
	for _, r := range must[conversation.Page](t)(w.svc.List(t.Context(), actor, conversation.Filter{View: v, Limit: 100})).Rows {
		got[r.ID] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		rt.Fatalf("%s for user %d:\n%s", v, actor.UserID, diff)
	}
}

func (w world) unreadBy(t *testing.T, actor parley.Actor, c parley.Conversation) bool {
	var cursor store.ReadCursor
	storetest.View(t, w.db, func(tx *store.Tx) (err error) {
		cursor, err = tx.ReadCursorOf(t.Context(), c.AccountID, c.ID, actor.UserID)
		return err
	})
	return cursor.Seq < c.UnreadSeq
}
