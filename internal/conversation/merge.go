package conversation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// MergeTx makes one conversation part of another of the same channel: its
// messages, notes, events and drafts move there. It can be undone: Unmerge.
func (s *Service) MergeTx(ctx context.Context, tx *store.Tx, actor parley.Actor, from, into parley.ConversationID) error {
	a, b, err := lockBoth(ctx, tx, actor, from, into)
	if err != nil {
		return fault("load conversations", err)
	}
	if a.ID == b.ID || a.ChannelID != b.ChannelID || a.Draft || b.Draft {
		return parley.Errorf(parley.Conflict, "conversation.unmergeable", "Only two conversations of the same channel can become one.")
	}
	moved, err := tx.MoveContents(ctx, a.AccountID, a.ID, b.ID)
	if err != nil {
		return fmt.Errorf("move contents: %w", err)
	}
	m := store.Merge{AccountID: a.AccountID, FromID: a.ID, IntoID: b.ID, UserID: actor.UserID, CreatedAt: tx.Now()}
	if err := tx.InsertMerge(ctx, &m, moved); err != nil {
		return fmt.Errorf("remember merge: %w", err)
	}
	if err := tx.MergeUnread(ctx, a, b); err != nil {
		return fmt.Errorf("merge unread: %w", err)
	}
	if err := absorb(ctx, tx, &b, a); err != nil {
		return fmt.Errorf("recount conversation: %w", err)
	}
	a.MergedIntoID = b.ID
	for _, c := range []*parley.Conversation{&a, &b} {
		if err := tx.UpdateConversation(ctx, c); err != nil {
			return fmt.Errorf("write conversation: %w", err)
		}
	}
	if err := tx.ReindexConversation(ctx, b.AccountID, b.ID); err != nil {
		return fmt.Errorf("index conversation: %w", err)
	}
	note(tx, b, parley.ConversationMerged, actor, fmt.Sprintf(`{"from":%d}`, a.ID))
	note(tx, a, parley.ConversationMerged, actor, fmt.Sprintf(`{"into":%d}`, b.ID))
	return nil
}

// lockBoth locks in order of id, so that two merges never wait for each other crosswise.
func lockBoth(ctx context.Context, tx *store.Tx, actor parley.Actor, a, b parley.ConversationID) (parley.Conversation, parley.Conversation, error) {
	if a > b {
		d, c, err := lockBoth(ctx, tx, actor, b, a)
		return c, d, err
	}
	c, err := locked(ctx, tx, actor, a, parley.Write)
	if err != nil {
		return c, c, err
	}
	d, err := locked(ctx, tx, actor, b, parley.Write)
	return c, d, err
}

// absorb makes into what both are together, now that it has the messages of both.
func absorb(ctx context.Context, tx *store.Tx, into *parley.Conversation, from parley.Conversation) error {
	if into.Status == parley.Closed && from.Status == parley.Open {
		into.Status, into.ClosedAt = parley.Open, nil
	}
	if into.AssigneeID == 0 {
		into.AssigneeID = from.AssigneeID
	}
	into.FirstReplyAt = earlier(into.FirstReplyAt, from.FirstReplyAt)
	waiting := earlier(into.WaitingSince, from.WaitingSince)
	err := tx.RecountConversation(ctx, into)
	into.WaitingSince = waiting // what either close had put an end to stays ended
	return err
}

func earlier(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}

// Unmerge takes the newest merge of a conversation into another back.
func (s *Service) Unmerge(ctx context.Context, actor parley.Actor, id parley.ConversationID) (Detail, error) {
	var d Detail
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		if err := s.unmerge(ctx, tx, actor, id); err != nil {
			return err
		}
		var err error
		d, err = detail(ctx, tx, actor, id)
		return err
	})
	return d, fault("undo merge", err)
}

func (s *Service) unmerge(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID) error {
	from, err := tx.LockConversation(ctx, actor.AccountID, id)
	if err != nil {
		return err
	}
	if err := may(actor, from, parley.Write); err != nil {
		return err
	}
	m, moved, err := tx.LastMerge(ctx, actor.AccountID, id)
	if errors.Is(err, store.ErrNoRow) || err == nil && from.MergedIntoID != m.IntoID {
		return parley.Errorf(parley.Conflict, "conversation.not_merged", "This conversation is not part of another one.")
	}
	if err != nil {
		return err
	}
	into, err := locked(ctx, tx, actor, m.IntoID, parley.Write)
	if err != nil {
		return err
	}
	if err := tx.MoveBack(ctx, from.AccountID, moved, from.ID, into.ID); err != nil {
		return fmt.Errorf("move contents back: %w", err)
	}
	if err := tx.EndMerge(ctx, from.AccountID, m.ID); err != nil {
		return fmt.Errorf("end merge: %w", err)
	}
	from.MergedIntoID = 0
	for _, c := range []*parley.Conversation{&from, &into} {
		if err := tx.RecountConversation(ctx, c); err != nil {
			return fmt.Errorf("recount conversation: %w", err)
		}
		if err := tx.UpdateConversation(ctx, c); err != nil {
			return fmt.Errorf("write conversation: %w", err)
		}
		if err := tx.ReindexConversation(ctx, c.AccountID, c.ID); err != nil {
			return fmt.Errorf("index conversation: %w", err)
		}
		note(tx, *c, parley.ConversationUpdated, actor, "")
	}
	return nil
}

// LinkTx ties two conversations to each other as related, and says so in both timelines.
func (s *Service) LinkTx(ctx context.Context, tx *store.Tx, actor parley.Actor, a, b parley.ConversationID) error {
	c, d, err := lockBoth(ctx, tx, actor, a, b)
	if err != nil {
		return fault("load conversations", err)
	}
	if c.ID == d.ID {
		return nil
	}
	fresh, err := tx.LinkRelated(ctx, c.AccountID, c.ID, d.ID)
	if err != nil {
		return fmt.Errorf("link conversations: %w", err)
	}
	if fresh {
		note(tx, c, parley.ConversationLinked, actor, fmt.Sprintf(`{"to":%d}`, d.ID))
		note(tx, d, parley.ConversationLinked, actor, fmt.Sprintf(`{"to":%d}`, c.ID))
	}
	return nil
}

// maxRelated bounds the related conversations that are shown.
const maxRelated = 20

// Related gives conversations that belong beside one, as far as the actor may see
// them: linked ones and follow-ups first, then the contact's others, the newest first.
func (s *Service) Related(ctx context.Context, actor parley.Actor, id parley.ConversationID) ([]Row, error) {
	var rows []Row
	err := s.db.View(ctx, func(tx *store.Tx) error {
		c, err := visible(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		tied, err := tx.ListTied(ctx, c)
		if err != nil {
			return err
		}
		q := store.ListQuery{Sort: parley.Newest, Limit: maxRelated + 1}
		q.IDs = append([]parley.ConversationID{}, tied...)
		first, err := tx.ListConversationIDs(ctx, actor, q)
		if err != nil {
			return err
		}
		q.IDs, q.ContactID = nil, c.ContactID
		q.Limit += len(first)
		rest, err := tx.ListConversationIDs(ctx, actor, q)
		if err != nil {
			return err
		}
		rows, err = tx.ListConversationRows(ctx, actor.AccountID, actor.UserID, once(id, first, rest))
		return err
	})
	return rows, fault("list related", err)
}

// once keeps the first maxRelated of both lists, each once and none that is self.
func once(self parley.ConversationID, lists ...[]parley.ConversationID) []parley.ConversationID {
	seen := map[parley.ConversationID]bool{self: true}
	var out []parley.ConversationID
	for _, l := range lists {
		for _, id := range l {
			if !seen[id] && len(out) < maxRelated {
				seen[id] = true
				out = append(out, id)
			}
		}
	}
	return out
}
