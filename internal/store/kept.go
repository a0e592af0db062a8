package store

import (
	"context"

	"parley/internal/parley"
)

// Kept files are those of canned messages and signatures. Each counts as one
// reference to its blob.

// KeepUploads makes uploads the files of a canned message or of a signature: one of both ids is 0.
func (tx *Tx) KeepUploads(ctx context.Context, uploads []parley.Attachment, canned parley.CannedMessageID, signature parley.SignatureID) error {
	for _, a := range uploads {
		err := tx.execOne(ctx, `UPDATE attachments SET uploader_id = NULL, canned_id = ?, signature_id = ?, inline = ? WHERE account_id = ? AND id = ? AND message_id IS NULL`,
			canned, signature, a.Inline, a.AccountID, a.ID)
		if err != nil {
			return err
		}
		if err := tx.AddBlobRefs(ctx, a.AccountID, a.Blob, a.Size, 1); err != nil {
			return err
		}
	}
	return nil
}

// UpdateKept writes which of the kept files the HTML shows, and forgets those that are gone from it.
func (tx *Tx) UpdateKept(ctx context.Context, account parley.AccountID, keep, gone []parley.Attachment) error {
	for _, a := range keep {
		if err := tx.execOne(ctx, `UPDATE attachments SET inline = ? WHERE account_id = ? AND id = ?`, a.Inline, account, a.ID); err != nil {
			return err
		}
	}
	return tx.deleteKept(ctx, account, gone)
}

func (tx *Tx) deleteKept(ctx context.Context, account parley.AccountID, files []parley.Attachment) error {
	for _, a := range files {
		if err := tx.execOne(ctx, `DELETE FROM attachments WHERE account_id = ? AND id = ? AND message_id IS NULL`, account, a.ID); err != nil {
			return err
		}
		if err := tx.AddBlobRefs(ctx, account, a.Blob, a.Size, -1); err != nil {
			return err
		}
	}
	return nil
}
