package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/parley"
)

// SaveAutoreply notes that a channel answers a contact by itself, now.
func (tx *Tx) SaveAutoreply(ctx context.Context, account parley.AccountID, channel parley.ChannelID, contact parley.ContactID) error {
	_, err := tx.exec(ctx, `INSERT INTO autoreplies (account_id, channel_id, contact_id, sent_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (account_id, channel_id, contact_id) DO UPDATE SET sent_at = excluded.sent_at`, account, channel, contact, tx.now)
	return err
}

// AutoreplyState tells when a channel answered a contact by itself last, nil if it
// never did, and how many such answers the account has given since a time: no further than limit.
func (tx *Tx) AutoreplyState(ctx context.Context, account parley.AccountID, channel parley.ChannelID, contact parley.ContactID, since time.Time, limit int) (last *time.Time, n int, err error) {
	var at time.Time
	err = tx.get(ctx, &at, `SELECT sent_at FROM autoreplies WHERE account_id = ? AND channel_id = ? AND contact_id = ?`, account, channel, contact)
	switch {
	case err == nil:
		last = &at
	case !errors.Is(err, ErrNoRow):
		return nil, 0, err
	}
	err = tx.get(ctx, &n, `SELECT COUNT(*) FROM (SELECT 1 FROM autoreplies WHERE account_id = ? AND sent_at > ? LIMIT ?) AS recent`, account, since, limit)
	return last, n, err
}

// BeganConversation reports whether no message of its conversation was filed before m.
func (tx *Tx) BeganConversation(ctx context.Context, m parley.Message) (bool, error) {
	var first parley.MessageID
	err := tx.get(ctx, &first, `SELECT id FROM messages WHERE account_id = ? AND conversation_id = ? AND id < ? LIMIT 1`, m.AccountID, m.ConversationID, int64(m.ID))
	if errors.Is(err, ErrNoRow) {
		return true, nil
	}
	return false, err
}
