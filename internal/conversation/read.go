package conversation

import (
	"context"
	"fmt"

	"parley/internal/parley"
	"parley/internal/store"
)

// Read moves the actor's own cursor to what they have seen: to an event's number,
// or with 0 to the newest. An older number than the cursor's changes nothing.
func (s *Service) Read(ctx context.Context, actor parley.Actor, id parley.ConversationID, seq parley.Seq) error {
	return s.moveCursor(ctx, actor, id, func(c parley.Conversation, now parley.Seq) (parley.Seq, error) {
		to := c.LastSeq
		if seq > 0 {
			to = min(to, seq)
		}
		return max(to, now), nil
	})
}

// MarkUnread moves the actor's own cursor to before the newest. A closed
// conversation can't be marked unread.
func (s *Service) MarkUnread(ctx context.Context, actor parley.Actor, id parley.ConversationID) error {
	return s.moveCursor(ctx, actor, id, func(c parley.Conversation, now parley.Seq) (parley.Seq, error) {
		if c.Status == parley.Closed {
			return 0, parley.Errorf(parley.Conflict, "conversation.closed_unread", "A closed conversation can't be marked unread. Reopen it first.")
		}
		return min(c.UnreadSeq-1, now), nil
	})
}

func (s *Service) moveCursor(ctx context.Context, actor parley.Actor, id parley.ConversationID, to func(parley.Conversation, parley.Seq) (parley.Seq, error)) error {
	if actor.UserID == 0 {
		return gone() // the product reads nothing
	}
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		c, err := locked(ctx, tx, actor, id, parley.Read)
		if err != nil {
			return err
		}
		now, err := tx.ReadCursorOf(ctx, c.AccountID, c.ID, actor.UserID)
		if err != nil {
			return err
		}
		seq, err := to(c, now.Seq)
		if err != nil || seq == now.Seq && now.SeenAt != nil {
			return err
		}
		if err := tx.SetReadCursor(ctx, c.AccountID, c.ID, actor.UserID, seq); err != nil {
			return err
		}
		private(tx, c, parley.ReadMoved, actor.UserID, fmt.Sprintf(`{"seq":%d}`, seq))
		return nil
	})
	return fault("move read cursor", err)
}
