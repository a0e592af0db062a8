package store

import (
	"context"
	"errors"

	"parley/internal/parley"
)

const draftColumns = `account_id, user_id, conversation_id, mode, content, version, updated_at, begun, preview`

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
		return tx.execOne(ctx, `INSERT INTO drafts (`+draftColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			d.AccountID, d.UserID, d.ConversationID, d.Mode, d.Content, d.Version, d.UpdatedAt, d.Begun, d.Preview)
	}
	return tx.execOne(ctx, `UPDATE drafts SET content = ?, version = ?, updated_at = ?, begun = ?, preview = ?
		WHERE account_id = ? AND user_id = ? AND conversation_id = ? AND mode = ? AND version = ?`,
		d.Content, d.Version, d.UpdatedAt, d.Begun, d.Preview, d.AccountID, d.UserID, d.ConversationID, d.Mode, base)
}

// DeleteDraft forgets a draft and tells whether there was one.
func (tx *Tx) DeleteDraft(ctx context.Context, account parley.AccountID, user parley.UserID, conversation parley.ConversationID, mode string) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM drafts WHERE account_id = ? AND user_id = ? AND conversation_id = ? AND mode = ?`, account, user, conversation, mode)
	return n > 0, err
}

// TakeDraft forgets a draft and gives what was in it; empty if there was none.
func (tx *Tx) TakeDraft(ctx context.Context, account parley.AccountID, user parley.UserID, conversation parley.ConversationID, mode string) (parley.JSON, error) {
	var content parley.JSON
	err := tx.get(ctx, &content, `DELETE FROM drafts WHERE account_id = ? AND user_id = ? AND conversation_id = ? AND mode = ? RETURNING content`, account, user, conversation, mode)
	if errors.Is(err, ErrNoRow) {
		return nil, nil
	}
	return content, err
}

// SaveManuscript keeps what a message was written as.
func (tx *Tx) SaveManuscript(ctx context.Context, account parley.AccountID, message parley.MessageID, content parley.JSON) error {
	return tx.send(ctx, `INSERT INTO manuscripts (message_id, account_id, content) VALUES (?, ?, ?)`, message, account, content)
}

// ManuscriptOf is what a message was written as, where that was kept.
func (tx *Tx) ManuscriptOf(ctx context.Context, account parley.AccountID, message parley.MessageID) (parley.JSON, error) {
	var content parley.JSON
	err := tx.get(ctx, &content, `SELECT content FROM manuscripts WHERE account_id = ? AND message_id = ?`, account, message)
	return content, err
}

// DeleteManuscript forgets what a message was written as.
func (tx *Tx) DeleteManuscript(ctx context.Context, account parley.AccountID, message parley.MessageID) error {
	return tx.send(ctx, `DELETE FROM manuscripts WHERE account_id = ? AND message_id = ?`, account, message)
}
