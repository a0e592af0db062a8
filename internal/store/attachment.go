package store

import (
	"context"

	"parley/internal/parley"
)

const attachmentColumns = `id, account_id, message_id, uploader_id, canned_id, signature_id, filename, content_type, size, inline, content_id, blob, created_at, source_url, fault`

// InsertAttachment writes a, an upload or a file of a message, and gives it its id.
func (tx *Tx) InsertAttachment(ctx context.Context, a *parley.Attachment) error {
	return insertRow(ctx, tx, &a.ID, "attachments", `INSERT INTO attachments (id, account_id, message_id, uploader_id, canned_id, signature_id, filename, content_type, size, inline, content_id, blob, created_at, source_url, fault)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.AccountID, a.MessageID, a.UploaderID, a.CannedID, a.SignatureID, a.Filename, a.ContentType, a.Size, a.Inline, a.ContentID, a.Blob, a.CreatedAt, a.SourceURL, a.Fault)
}

// AttachmentByID finds an attachment of the account.
func (tx *Tx) AttachmentByID(ctx context.Context, account parley.AccountID, id parley.AttachmentID) (parley.Attachment, error) {
	var a parley.Attachment
	err := tx.get(ctx, &a, `SELECT `+attachmentColumns+` FROM attachments WHERE account_id = ? AND id = ?`, account, id)
	return a, err
}

// ListUploads gives those of the ids that a user has uploaded and that belong to no message yet.
func (tx *Tx) ListUploads(ctx context.Context, account parley.AccountID, uploader parley.UserID, ids []parley.AttachmentID) ([]parley.Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []parley.Attachment
	err := tx.list(ctx, &out, `SELECT `+attachmentColumns+` FROM attachments WHERE account_id = ? AND uploader_id = ? AND message_id IS NULL AND `+tx.d.in("id")+` ORDER BY id`,
		account, uploader, tx.d.inArg(int64s(ids)))
	return out, err
}

// attach writes m's files, or makes uploads m's own. An upload that became
// another message's meanwhile is ErrNoRow.
func (tx *Tx) attach(ctx context.Context, m *parley.Message) error {
	for i := range m.Attachments {
		a := &m.Attachments[i]
		a.AccountID, a.MessageID = m.AccountID, m.ID
		if a.ID == 0 {
			if a.CreatedAt.IsZero() {
				a.CreatedAt = tx.now
			}
			if err := tx.InsertAttachment(ctx, a); err != nil {
				return err
			}
			continue
		}
		err := tx.execOne(ctx, `UPDATE attachments SET message_id = ?, inline = ?, content_id = ? WHERE account_id = ? AND id = ? AND message_id IS NULL`,
			m.ID, a.Inline, a.ContentID, m.AccountID, a.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// ReleaseAttachments makes files of a message uploads again, of a user who is about to write with them.
func (tx *Tx) ReleaseAttachments(ctx context.Context, account parley.AccountID, uploader parley.UserID, ids []parley.AttachmentID) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.exec(ctx, `UPDATE attachments SET message_id = NULL, uploader_id = ?, content_id = '', created_at = ? WHERE account_id = ? AND `+tx.d.in("id"),
		uploader, tx.now, account, tx.d.inArg(int64s(ids)))
	return err
}
