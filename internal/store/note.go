package store

import (
	"context"

	"parley/internal/parley"
)

const noteColumns = `id, account_id, conversation_id, author_id, seq, text, html, created_at, edited_at, deleted_at`

// InsertNote writes n and gives it its id; the event NoteAdded gives it its Seq.
func (tx *Tx) InsertNote(ctx context.Context, n *parley.Note) error {
	return tx.get(ctx, &n.ID, `INSERT INTO notes (account_id, conversation_id, author_id, text, html, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
		n.AccountID, n.ConversationID, n.AuthorID, n.Text, n.HTML, n.CreatedAt)
}

// LockNote finds a note of a conversation for a change. A deleted one is ErrNoRow.
func (tx *Tx) LockNote(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, id parley.NoteID) (parley.Note, error) {
	var n parley.Note
	err := tx.get(ctx, &n, `SELECT `+noteColumns+` FROM notes WHERE account_id = ? AND conversation_id = ? AND id = ? AND deleted_at IS NULL`+tx.d.forUpdate(),
		account, conversation, id)
	return n, err
}

// NoteByID finds a note of a conversation. A deleted one is ErrNoRow.
func (tx *Tx) NoteByID(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, id parley.NoteID) (parley.Note, error) {
	var n parley.Note
	err := tx.get(ctx, &n, `SELECT `+noteColumns+` FROM notes WHERE account_id = ? AND conversation_id = ? AND id = ? AND deleted_at IS NULL`,
		account, conversation, id)
	return n, err
}

// UpdateNote writes a note's text and its times. A deleted note keeps no text.
func (tx *Tx) UpdateNote(ctx context.Context, n *parley.Note) error {
	return tx.execOne(ctx, `UPDATE notes SET text = ?, html = ?, edited_at = ?, deleted_at = ? WHERE account_id = ? AND id = ?`,
		n.Text, n.HTML, n.EditedAt, n.DeletedAt, n.AccountID, n.ID)
}

// SetMentions notes whom a note names; nobody: it names nobody any more.
func (tx *Tx) SetMentions(ctx context.Context, n parley.Note, users []parley.UserID) error {
	if _, err := tx.exec(ctx, `DELETE FROM mentions WHERE note_id = ? AND account_id = ?`, n.ID, n.AccountID); err != nil {
		return err
	}
	for _, u := range users {
		if err := tx.send(ctx, `INSERT INTO mentions (account_id, user_id, note_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, n.AccountID, u, n.ID); err != nil {
			return err
		}
	}
	return nil
}
