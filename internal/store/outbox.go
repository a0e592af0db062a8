package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"parley/internal/parley"
)

// ListRecentMessages lists the newest messages of a conversation, newest first, with their attachments.
func (tx *Tx) ListRecentMessages(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, limit int) ([]parley.Message, error) {
	var out []parley.Message
	err := tx.list(ctx, &out, `SELECT `+messageColumns+` FROM messages WHERE account_id = ? AND conversation_id = ? ORDER BY at DESC, id DESC LIMIT `+strconv.Itoa(limit),
		account, conversation)
	if err != nil {
		return nil, err
	}
	return out, tx.fillMessages(ctx, account, out)
}

// Answered is how far a conversation was answered.
type Answered struct {
	LastOutboundAt *time.Time
	WaitingSince   *time.Time
}

// AnsweredState is how far a conversation is answered without one message: when
// we wrote last, and since when the contact has waited after that.
func (tx *Tx) AnsweredState(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, without parley.MessageID) (a Answered, err error) {
	var last, waiting time.Time
	err = tx.get(ctx, &last, `SELECT at FROM messages WHERE account_id = ? AND conversation_id = ? AND direction = 'outbound' AND id <> ?
		AND delivery NOT IN ('scheduled', 'cancelled') ORDER BY at DESC LIMIT 1`, account, conversation, without)
	if err == nil {
		a.LastOutboundAt = &last
	} else if !errors.Is(err, ErrNoRow) {
		return a, err
	}
	err = tx.get(ctx, &waiting, `SELECT at FROM messages WHERE account_id = ? AND conversation_id = ? AND direction = 'inbound' AND NOT auto_submitted AND NOT is_bounce
		AND at > ? ORDER BY at LIMIT 1`, account, conversation, last)
	if err == nil {
		a.WaitingSince = &waiting
	} else if !errors.Is(err, ErrNoRow) {
		return a, err
	}
	return a, nil
}
