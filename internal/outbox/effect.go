package outbox

import (
	"context"
	"fmt"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
)

// queue is the moment at which a message counts as sent by us: no time to undo
// is left, its conversation is answered, and taken by whoever answers first.
func (s *Service) queue(ctx context.Context, tx *store.Tx, c *parley.Conversation, m parley.Message) error {
	conversation.Replied(c, m, tx.Now())
	return s.take(ctx, tx, c, m.AuthorID)
}

// take assigns an unassigned conversation to whoever answers first, where the inbox says so.
func (s *Service) take(ctx context.Context, tx *store.Tx, c *parley.Conversation, author parley.UserID) error {
	if c.AssigneeID != 0 || author == 0 {
		return nil
	}
	inbox, err := tx.InboxByID(ctx, c.AccountID, c.InboxID)
	if err != nil {
		return fmt.Errorf("load inbox: %w", err)
	}
	if !inbox.AssignOnReply && c.Source != parley.FromUser {
		return nil
	}
	c.AssigneeID = author
	tx.AppendEvent(eventOf(*c, parley.ConversationAssigned, author, parley.JSON(fmt.Sprintf(`{"from":0,"to":%d}`, author))))
	return nil
}

func eventOf(c parley.Conversation, kind parley.EventKind, actor parley.UserID, data parley.JSON) *parley.Event {
	return &parley.Event{
		AccountID: c.AccountID, Kind: kind, ActorID: actor, ConversationID: c.ID, ContactID: c.ContactID,
		InboxID: c.InboxID, ChannelID: c.ChannelID, Data: data,
	}
}
