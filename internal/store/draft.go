package store

import (
	"context"

	"parley/internal/parley"
)

const draftColumns = `account_id, user_id, conversation_id, mode, content, version, updated_at`

// DraftOf finds what a user has written in a conversation and not sent yet.
func (tx *Tx) DraftOf(ctx context.Context, account parley.AccountID, user parley.UserID, conversation parley.ConversationID, mode string) (parley.DraftMessage, error) {
	var d parley.DraftMessage
	err := tx.get(ctx, &d, `SELECT `+draftColumns+` FROM drafts WHERE account_id = ? AND user_id = ? AND conversation_id = ? AND mode = ?`, account, user, conversation, mode)
	return d, err
}

// ListDrafts gives a user's drafts in a conversation: one for each mode.
func (tx *Tx) ListDrafts(ctx context.Context, account parley.AccountID, user parley.UserID, conversation parley.ConversationID) ([]parley.DraftMessage, error) {
	var out []parley.DraftMessage
	err := tx.list(ctx, &out, `SELECT `+draftColumns+` FROM drafts WHERE account_id = ? AND user_id = ? AND conversation_id = ? ORDER BY mode`, account, user, conversation)
	return out, err
}

// SaveDraft writes d as the version after base and sets d.Version. If another
// version than base is there (0: none), nothing is written: ErrNoRow.
func (tx *Tx) SaveDraft(ctx context.Context, d *parley.DraftMessage, base int64) error {
	d.Version, d.UpdatedAt = base+1, tx.now
	if base == 0 {
		return tx.execOne(ctx, `INSERT INTO drafts (`+draftColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			d.AccountID, d.UserID, d.ConversationID, d.Mode, d.Content, d.Version, d.UpdatedAt)
	}
	return tx.execOne(ctx, `UPDATE drafts SET content = ?, version = ?, updated_at = ?
		WHERE account_id = ? AND user_id = ? AND conversation_id = ? AND mode = ? AND version = ?`,
		d.Content, d.Version, d.UpdatedAt, d.AccountID, d.UserID, d.ConversationID, d.Mode, base)
}

// DeleteDraft forgets a draft and tells whether there was one.
func (tx *Tx) DeleteDraft(ctx context.Context, account parley.AccountID, user parley.UserID, conversation parley.ConversationID, mode string) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM drafts WHERE account_id = ? AND user_id = ? AND conversation_id = ? AND mode = ?`, account, user, conversation, mode)
	return n > 0, err
}
