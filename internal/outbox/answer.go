package outbox

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/parley"
	"parley/internal/store"
)

// answered is the message that a letter refers to: the one that it names, else
// the newest.
func answered(ctx context.Context, tx *store.Tx, c *parley.Conversation, id parley.MessageID) (*parley.Message, error) {
	if id == 0 {
		return parent(ctx, tx, c)
	}
	m, err := tx.MessageByID(ctx, c.AccountID, id)
	if errors.Is(err, store.ErrNoRow) || err == nil && (m.ConversationID != c.ID || !left(m)) {
		return nil, parley.Errorf(parley.Invalid, "answer.message_gone", "The message to be answered is not in this conversation, or was never sent.").On("answers_id")
	}
	if err != nil {
		return nil, fmt.Errorf("load answered message: %w", err)
	}
	return &m, nil
}

// left reports whether others may have a message, so that its Message-ID tells them something.
func left(m parley.Message) bool {
	return m.Direction == parley.Inbound || said(m)
}

// parent is the newest message that a reply refers to: what the contact wrote
// last, else what we did.
func parent(ctx context.Context, tx *store.Tx, c *parley.Conversation) (*parley.Message, error) {
	// Mostly the contact wrote the newest message, or one of the newest few.
	m, err := parentAmong(ctx, tx, c, 3)
	if err != nil || m != nil && m.Direction == parley.Inbound {
		return m, err
	}
	return parentAmong(ctx, tx, c, 20)
}

func parentAmong(ctx context.Context, tx *store.Tx, c *parley.Conversation, newest int) (*parley.Message, error) {
	recent, err := tx.ListRecentMessages(ctx, c.AccountID, c.ID, newest)
	if err != nil {
		return nil, fmt.Errorf("load recent messages: %w", err)
	}
	var ours *parley.Message
	for i, m := range recent {
		switch {
		case m.Direction == parley.Inbound && !m.AutoSubmitted && !m.IsBounce:
			return &recent[i], nil
		case m.Direction == parley.Outbound && ours == nil && m.Delivery != parley.Cancelled && m.Delivery != parley.Failed:
			ours = &recent[i]
		}
	}
	return ours, nil
}
