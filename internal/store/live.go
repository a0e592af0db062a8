package store

import (
	"context"

	"parley/internal/parley"
)

// CheckInbox returns ErrNoRow unless the inbox is one of the account's.
func (tx *Tx) CheckInbox(ctx context.Context, account parley.AccountID, id parley.InboxID) error {
	var found parley.InboxID
	return tx.get(ctx, &found, `SELECT id FROM inboxes WHERE account_id = ? AND id = ?`, account, id)
}

// ConversationInbox is where a conversation stands; ErrNoRow if there is none,
// or if it is a draft of somebody else.
func (tx *Tx) ConversationInbox(ctx context.Context, account parley.AccountID, id parley.ConversationID, user parley.UserID) (parley.InboxID, error) {
	var inbox parley.InboxID
	err := tx.get(ctx, &inbox, `SELECT inbox_id FROM conversations WHERE account_id = ? AND id = ? AND (folder <> 'draft' OR creator_id = ?)`, account, id, int64(user))
	return inbox, err
}
