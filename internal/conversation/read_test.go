package conversation_test

import (
	"fmt"
	"testing"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/setting"
)

func (w world) unread(t testing.TB, actor parley.Actor, id parley.ConversationID) bool {
	t.Helper()
	return must[conversation.Detail](t)(w.svc.Get(t.Context(), actor, id)).Unread
}

func TestReadAndUnread(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, c.ID, w.agent.UserID))
	read := func(actor parley.Actor, seq parley.Seq) {
		t.Helper()
		if err := w.svc.Read(t.Context(), actor, c.ID, seq); err != nil {
			t.Fatal(err)
		}
	}
	check := func(what string, owner, agent bool) {
		t.Helper()
		if got := w.unread(t, w.owner, c.ID); got != owner {
			t.Errorf("%s: unread for the owner: %v", what, got)
		}
		if got := w.unread(t, w.agent, c.ID); got != agent {
			t.Errorf("%s: unread for the agent: %v", what, got)
		}
		if got := w.load(t, c.ID).AssigneeUnread; got != agent {
			t.Errorf("%s: assignee_unread is %v", what, got)
		}
		page := must[conversation.Page](t)(w.svc.List(t.Context(), w.agent, conversation.Filter{View: parley.MyUnread, Limit: 10}))
		if (len(page.Rows) == 1) != agent {
			t.Errorf("%s: my unread has %d", what, len(page.Rows))
		}
	}
	check("a new message", true, true)
	seen := w.load(t, c.ID).LastSeq
	from := w.seq(t)
	read(w.agent, 0)
	equal(t, "only the reader hears of it", []string{fmt.Sprintf(`conversation.read by %d in 0 for %d {"seq":%d}`, w.agent.UserID, w.agent.UserID, seen)}, w.since(t, from))
	check("read by the agent", true, false)
	from = w.seq(t)
	read(w.agent, seen)
	equal(t, "reading again is no event", []string(nil), w.since(t, from))

	w.receive(t, w.first, c.ID, w.contact.ID, "more")
	check("a second message", true, true)
	read(w.agent, seen)
	check("an older number", true, true)
	read(w.agent, 1<<40)
	check("a number to come", true, false)
	w.receive(t, w.first, c.ID, w.contact.ID, "and more")
	check("a number to come was not believed", true, true)
	w.reply(t, w.agent, c.ID, "answer")
	check("one's own reply", true, false)
	w.reply(t, w.owner, c.ID, "another")
	check("a colleague's reply", false, true)
	read(w.agent, 0)
	if err := w.svc.MarkUnread(t.Context(), w.agent, c.ID); err != nil {
		t.Fatal(err)
	}
	check("marked unread", false, true)

	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.here, c.ID))
	check("closed", false, false)
	if err := w.svc.MarkUnread(t.Context(), w.agent, c.ID); !code(err, parley.Conflict) {
		t.Errorf("a closed conversation was marked unread: %v", err)
	}
	must[conversation.Detail](t)(w.svc.Reopen(t.Context(), w.here, c.ID))
	check("reopened by hand", false, false)
	if err := w.svc.MarkUnread(t.Context(), w.agent, c.ID); err != nil {
		t.Fatal(err)
	}
	check("marked unread after that", false, true)
	must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, c.ID, w.here.UserID))
	if w.load(t, c.ID).AssigneeUnread {
		t.Error("unread for the new assignee, who has nothing new")
	}
	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.here, c.ID))
	w.receive(t, w.first, c.ID, w.contact.ID, "again")
	if got := w.load(t, c.ID); got.Status != parley.Open || !got.AssigneeUnread || !w.unread(t, w.owner, c.ID) {
		t.Errorf("a message to a closed conversation: %s, assignee unread %v", got.Status, got.AssigneeUnread)
	}
}

// Whoever reads a conversation is told before they write that its channel takes nothing.
func TestChannelOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "question")
	off := func() conversation.ChannelOff {
		return must[conversation.Detail](t)(w.svc.Get(t.Context(), w.owner, c.ID)).ChannelOff
	}
	equal(t, "a channel in use", conversation.ChannelOff(""), off())
	must[parley.Channel](t)(w.settings.UpdateChannel(t.Context(), w.owner, w.first.ID, setting.ChannelChange{Disabled: new(true)}))
	equal(t, "switched off", conversation.ChannelDisabled, off())
	if err := w.settings.DeleteChannel(t.Context(), w.owner, w.first.ID); err != nil {
		t.Fatal(err)
	}
	equal(t, "deleted", conversation.ChannelDeleted, off())
}
