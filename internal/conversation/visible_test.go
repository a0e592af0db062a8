package conversation_test

import (
	"context"
	"testing"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// calls are all that can be asked about one conversation.
func calls(w world) map[string]func(ctx context.Context, actor parley.Actor, id parley.ConversationID) error {
	text := conversation.NoteText{Text: "note"}
	inTx := func(fn func(context.Context, *store.Tx, parley.Actor, parley.ConversationID) error) func(context.Context, parley.Actor, parley.ConversationID) error {
		return func(ctx context.Context, actor parley.Actor, id parley.ConversationID) error {
			return w.db.Update(ctx, func(tx *store.Tx) error { return fn(ctx, tx, actor, id) })
		}
	}
	return map[string]func(ctx context.Context, actor parley.Actor, id parley.ConversationID) error{
		"Get": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.Get(ctx, a, id)
			return err
		},
		"Assign": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.Assign(ctx, a, id, 0)
			return err
		},
		"Move": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.Move(ctx, a, id, w.first.InboxID)
			return err
		},
		"Close": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.Close(ctx, a, id)
			return err
		},
		"Reopen": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.Reopen(ctx, a, id)
			return err
		},
		"Spam": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.Spam(ctx, a, id, "")
			return err
		},
		"NotSpam": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.NotSpam(ctx, a, id)
			return err
		},
		"PreviewSpam": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.PreviewSpam(ctx, a, id)
			return err
		},
		"Read": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			return w.svc.Read(ctx, a, id, 0)
		},
		"MarkUnread": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			return w.svc.MarkUnread(ctx, a, id)
		},
		"Timeline": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, _, err := w.svc.Timeline(ctx, a, id, conversation.TimelineQuery{Limit: 10})
			return err
		},
		"Newer": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.Newer(ctx, a, id, 0)
			return err
		},
		"Related": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.Related(ctx, a, id)
			return err
		},
		"AddNote": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.AddNote(ctx, a, id, text)
			return err
		},
		"EditNote": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.EditNote(ctx, a, id, 1, text)
			return err
		},
		"DeleteNote": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			return w.svc.DeleteNote(ctx, a, id, 1)
		},
		"Drafts": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.Drafts(ctx, a, id)
			return err
		},
		"SaveDraft": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.SaveDraft(ctx, a, id, "reply", parley.JSON(`{}`), 0)
			return err
		},
		"DeleteDraft": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			return w.svc.DeleteDraft(ctx, a, id, "reply")
		},
		"DeleteEmpty": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			return w.svc.DeleteEmpty(ctx, a, id)
		},
		"Unmerge": func(ctx context.Context, a parley.Actor, id parley.ConversationID) error {
			_, err := w.svc.Unmerge(ctx, a, id)
			return err
		},
		"MergeTx": inTx(func(ctx context.Context, tx *store.Tx, a parley.Actor, id parley.ConversationID) error {
			return w.svc.MergeTx(ctx, tx, a, id, id)
		}),
		"LinkTx": inTx(func(ctx context.Context, tx *store.Tx, a parley.Actor, id parley.ConversationID) error {
			return w.svc.LinkTx(ctx, tx, a, id, id)
		}),
	}
}

// What an actor may not see does not exist for them, whatever they ask.
func TestWhatMayNotBeSeenDoesNotExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := w.receive(t, w.other, 0, w.contact.ID, "in the other inbox")
	draft := w.draft(t, w.agent, w.first)
	_, stranger := storetest.Account(t, w.db)
	from := w.seq(t)
	tests := map[string]struct {
		actor parley.Actor
		id    parley.ConversationID
	}{
		"another account's":    {stranger, elsewhere.ID},
		"an unseen inbox's":    {w.here, elsewhere.ID},
		"somebody's draft":     {w.owner, draft.ID},
		"somebody's, by agent": {w.here, draft.ID},
		"nothing's":            {w.owner, 999999},
	}
	for who, test := range tests {
		for name, call := range calls(w) {
			if err := call(t.Context(), test.actor, test.id); !code(err, parley.NotFound) {
				t.Errorf("%s of %s conversation: %v, want not found", name, who, err)
			}
		}
		page := must[conversation.Page](t)(w.svc.List(t.Context(), test.actor, conversation.Filter{IDs: []parley.ConversationID{test.id}, Limit: 10}))
		if len(page.Rows) != 0 {
			t.Errorf("%s conversation is listed", who)
		}
	}
	equal(t, "events", []string(nil), w.since(t, from))
	if _, err := w.svc.List(t.Context(), w.here, conversation.Filter{InboxID: w.other.InboxID, Limit: 10}); !code(err, parley.NotFound) {
		t.Errorf("an unseen inbox was listed: %v", err)
	}
	if _, err := w.svc.Counts(t.Context(), w.here, w.other.InboxID); !code(err, parley.NotFound) {
		t.Errorf("an unseen inbox was counted: %v", err)
	}
}

// A light agent reads and writes notes, no more.
func TestLightAgentsReadAndAnnotate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	light := w.agent
	light.Role = parley.LightAgent
	may := map[string]bool{
		"Get": true, "PreviewSpam": true, "Read": true, "MarkUnread": true, "Timeline": true, "Newer": true, "Related": true,
		"AddNote": true, "EditNote": true, "DeleteNote": true, "Drafts": true, "DeleteDraft": true, "DeleteEmpty": true,
	}
	for name, call := range calls(w) {
		c := w.receive(t, w.first, 0, w.contact.ID, "hi")
		if err := call(t.Context(), light, c.ID); code(err, parley.Forbidden) == may[name] {
			t.Errorf("%s: %v", name, err)
		}
	}
}
