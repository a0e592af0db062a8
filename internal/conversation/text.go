package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/internal/parley"
	"parley/internal/sms"
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

// Quiet are the hours in which a number is not to be disturbed, and whether it is one of them.
type Quiet struct {
	From, To string
	LocalNow time.Time // where the contact is
	Active   bool
	Until    time.Time // of Active
}

// quiet tells of a conversation by text whether it is late where the contact is; nil
// where its channel has no such hours.
func quiet(ctx context.Context, tx *store.Tx, c parley.Conversation) (*Quiet, error) {
	if c.Phone == "" {
		return nil, nil
	}
	ch, err := tx.KnownChannelByID(ctx, c.AccountID, c.ChannelID)
	if err != nil {
		return nil, fmt.Errorf("load channel: %w", err)
	}
	var set parley.ChannelSettings
	if err := json.Unmarshal(ch.Settings, &set); err != nil || set.Text == nil || set.Text.QuietFrom == "" {
		return nil, nil //nolint:nilerr // settings that cannot be read are told of where texts leave
	}
	account, err := tx.AccountByID(ctx, c.AccountID)
	if err != nil {
		return nil, fmt.Errorf("load account: %w", err)
	}
	zone, err := time.LoadLocation(account.Timezone)
	if err != nil {
		zone = time.UTC
	}
	q := &Quiet{From: set.Text.QuietFrom, To: set.Text.QuietTo}
	q.Active, q.LocalNow, q.Until = sms.Quiet(c.Phone, q.From, q.To, tx.Now(), zone)
	return q, nil
}
