package conversation

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/parley"
	"parley/internal/store"
)

// OneOpen is the fault where c is to be opened and another conversation with its
// number is: a number has one that is open on a channel (SPEC §3).
func OneOpen(ctx context.Context, tx *store.Tx, c parley.Conversation) error {
	if c.Phone == "" {
		return nil
	}
	id, err := tx.OpenTextConversation(ctx, c.AccountID, c.ChannelID, c.Phone)
	if errors.Is(err, store.ErrNoRow) || err == nil && id == c.ID {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find conversation: %w", err)
	}
	return parley.Errorf(parley.Conflict, "conversation.open_already", "There is an open conversation with this number already. Go on there.").With("conversation_id", id.String())
}
