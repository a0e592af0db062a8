package conversation

import (
	"context"
	"fmt"

	"parley/internal/parley"
	"parley/internal/store"
)

// HandOver gives the open conversations that a user can no longer be assigned to
// to the default assignee of their inbox. It runs in the transaction that took
// the user away, or an inbox from them.
func (s *Service) HandOver(ctx context.Context, tx *store.Tx, actor parley.Actor, user parley.UserID) error {
	const batch = 500
	can := map[parley.InboxID]bool{}
	var last parley.ConversationID
	for {
		held, err := tx.ListHeld(ctx, actor.AccountID, user, last, batch)
		if err != nil {
			return fmt.Errorf("list conversations of a user: %w", err)
		}
		for _, c := range held {
			last = c.ID
			if err := s.handOver(ctx, tx, actor, c, can); err != nil {
				return err
			}
		}
		if len(held) < batch {
			return nil
		}
	}
}

// handOver remembers in can where the user may still have conversations.
func (s *Service) handOver(ctx context.Context, tx *store.Tx, actor parley.Actor, c parley.Conversation, can map[parley.InboxID]bool) error {
	ok, known := can[c.InboxID]
	if !known {
		var err error
		if ok, err = tx.Assignable(ctx, c.AccountID, c.InboxID, c.AssigneeID); err != nil {
			return fmt.Errorf("check assignee: %w", err)
		}
		can[c.InboxID] = ok
	}
	if ok {
		return nil
	}
	to, err := s.settings.AssigneeTx(ctx, tx, c.AccountID, c.InboxID, c.ContactID)
	if err != nil {
		return fmt.Errorf("find assignee: %w", err)
	}
	from := c.AssigneeID
	c.AssigneeID = to
	if err := tx.UpdateConversation(ctx, &c); err != nil {
		return fmt.Errorf("write conversation: %w", err)
	}
	note(tx, c, parley.ConversationAssigned, actor, fromTo(from, to))
	return nil
}
