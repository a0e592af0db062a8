package store

import (
	"context"
	"time"

	"parley/internal/parley"
)

// Keep is for how long uploads and blobs that nothing refers to are kept.
const Keep = 24 * time.Hour

// StaleUploads gives uploads older than Keep that became no message's, canned
// message's or signature's, after a place in their order.
func (tx *Tx) StaleUploads(ctx context.Context, after parley.Attachment, limit int) ([]parley.Attachment, error) {
	var out []parley.Attachment
	err := tx.list(ctx, &out, `SELECT `+attachmentColumns+` FROM attachments WHERE message_id IS NULL AND canned_id IS NULL AND signature_id IS NULL
		AND created_at < ? AND (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?`, tx.now.Add(-Keep), after.CreatedAt, after.ID, limit)
	return out, err
}

// ListDraftContents gives what a user has written and not sent yet, in all conversations.
func (tx *Tx) ListDraftContents(ctx context.Context, account parley.AccountID, user parley.UserID) ([]parley.JSON, error) {
	var out []parley.JSON
	err := tx.list(ctx, &out, `SELECT content FROM drafts WHERE account_id = ? AND user_id = ?`, account, user)
	return out, err
}

// DeleteUpload forgets an upload, unless it has become part of something. Its
// bytes stay for a while: they are unreferenced as of now.
func (tx *Tx) DeleteUpload(ctx context.Context, a parley.Attachment) error {
	n, err := tx.exec(ctx, `DELETE FROM attachments WHERE account_id = ? AND id = ? AND message_id IS NULL AND canned_id IS NULL AND signature_id IS NULL`, a.AccountID, a.ID)
	if err != nil || n == 0 || a.Blob == "" {
		return err
	}
	return tx.AddBlobRefs(ctx, a.AccountID, a.Blob, a.Size, 0)
}

// OldBlob is a blob that no counted row refers to.
type OldBlob struct {
	AccountID parley.AccountID `db:"account_id"`
	Key       parley.BlobKey   `db:"key"`
	At        time.Time        `db:"created_at"`
	Used      bool             `db:"used"` // by a file, which is not counted where it was uploaded
}

// OldBlobs gives blobs that were not put or referred to for Keep, after a place in their order.
func (tx *Tx) OldBlobs(ctx context.Context, after OldBlob, limit int) ([]OldBlob, error) {
	var out []OldBlob
	err := tx.list(ctx, &out, `SELECT account_id, key, created_at, EXISTS (SELECT 1 FROM attachments a WHERE a.account_id = blobs.account_id AND a.blob = blobs.key) AS used
		FROM blobs WHERE refs <= 0 AND created_at < ? AND (created_at, account_id, key) > (?, ?, ?) ORDER BY created_at, account_id, key LIMIT ?`,
		tx.now.Add(-Keep), after.At, after.AccountID, after.Key, limit)
	return out, err
}

// DeleteOldBlob forgets a blob, unless it was put or referred to meanwhile.
func (tx *Tx) DeleteOldBlob(ctx context.Context, b OldBlob) error {
	return tx.send(ctx, `DELETE FROM blobs WHERE account_id = ? AND key = ? AND refs <= 0 AND created_at < ?
		AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.account_id = blobs.account_id AND a.blob = blobs.key)`, b.AccountID, b.Key, tx.now.Add(-Keep))
}
