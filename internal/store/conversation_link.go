package store

import (
	"context"

	"parley/internal/parley"
)

// LinkRelated ties two conversations to each other and tells whether they were not yet.
func (tx *Tx) LinkRelated(ctx context.Context, account parley.AccountID, a, b parley.ConversationID) (bool, error) {
	n, err := tx.exec(ctx, `INSERT INTO conversation_links (account_id, conversation_id, other_id, kind) VALUES (?, ?, ?, 'related'), (?, ?, ?, 'related') ON CONFLICT DO NOTHING`,
		account, a, b, account, b, a)
	return n > 0, err
}

// ListTied gives the conversations that c is tied to: linked, the one that it
// follows up and those that follow it up; at most 100.
func (tx *Tx) ListTied(ctx context.Context, c parley.Conversation) ([]parley.ConversationID, error) {
	var ids []parley.ConversationID
	err := tx.list(ctx, &ids, `SELECT other_id AS id FROM conversation_links WHERE account_id = ? AND conversation_id = ?
		UNION SELECT id FROM conversations WHERE account_id = ? AND contact_id = ? AND follow_up_of_id = ?
		UNION SELECT id FROM conversations WHERE account_id = ? AND id = ? ORDER BY id DESC LIMIT 100`,
		c.AccountID, c.ID, c.AccountID, c.ContactID, c.ID, c.AccountID, c.FollowUpOfID)
	return ids, err
}
