package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/parley"
)

// Unread: a user has not read a conversation while their cursor, 0 without a
// row, is less than its unread_seq. What arrives raises unread_seq; closing sets
// it to 0. Marking unread sets the cursor just below it, which may be -1.

// unreadBy tells whether the user that its two arguments name (0: nobody) has not
// read the conversations row at hand.
const unreadBy = `(CAST(? AS BIGINT) <> 0 AND unread_seq > COALESCE((SELECT r.seq FROM read_cursors r
	WHERE r.account_id = conversations.account_id AND r.conversation_id = conversations.id AND r.user_id = ?), 0))`

// moveReadCursor sets how far a user has read.
func (tx *Tx) moveReadCursor(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, user parley.UserID, seq parley.Seq) error {
	return tx.send(ctx, `INSERT INTO read_cursors (account_id, conversation_id, user_id, seq, seen_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account_id, conversation_id, user_id) DO UPDATE SET seq = excluded.seq, seen_at = excluded.seen_at`,
		account, conversation, user, int64(seq), tx.now)
}

// clearUnread makes a conversation read for everyone: it was closed.
func (tx *Tx) clearUnread(ctx context.Context, account parley.AccountID, id parley.ConversationID) error {
	err := tx.send(ctx, `UPDATE conversations SET unread_seq = 0, assignee_unread = FALSE WHERE account_id = ? AND id = ?`, account, id)
	if err != nil {
		return err
	}
	return tx.send(ctx, `UPDATE read_cursors SET seq = 0 WHERE account_id = ? AND conversation_id = ? AND seq < 0`, account, id)
}

// ReadCursor is how far a user has read a conversation.
type ReadCursor struct {
	UserID parley.UserID `db:"user_id"`
	Seq    parley.Seq    `db:"seq"`
	SeenAt *time.Time    `db:"seen_at"`
}

// ReadCursorOf gives a user's cursor; one that was never set is zero.
func (tx *Tx) ReadCursorOf(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, user parley.UserID) (ReadCursor, error) {
	c := ReadCursor{UserID: user}
	err := tx.get(ctx, &c, `SELECT user_id, seq, seen_at FROM read_cursors WHERE account_id = ? AND conversation_id = ? AND user_id = ?`, account, conversation, user)
	if errors.Is(err, ErrNoRow) {
		return c, nil
	}
	return c, err
}

// SetReadCursor sets how far a user has read, backward too, and keeps
// AssigneeUnread true to it. The conversation must be locked.
func (tx *Tx) SetReadCursor(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, user parley.UserID, seq parley.Seq) error {
	if err := tx.moveReadCursor(ctx, account, conversation, user, seq); err != nil {
		return err
	}
	return tx.execOne(ctx, `UPDATE conversations SET assignee_unread = CASE WHEN assignee_id = ? THEN unread_seq > ? ELSE assignee_unread END
		WHERE account_id = ? AND id = ?`, int64(user), int64(seq), account, conversation)
}

// ListReadCursors gives everybody's cursor in a conversation.
func (tx *Tx) ListReadCursors(ctx context.Context, account parley.AccountID, conversation parley.ConversationID) ([]ReadCursor, error) {
	var out []ReadCursor
	err := tx.list(ctx, &out, `SELECT user_id, seq, seen_at FROM read_cursors WHERE account_id = ? AND conversation_id = ? ORDER BY user_id`, account, conversation)
	return out, err
}
