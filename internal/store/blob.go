package store

import (
	"context"
	"errors"

	"parley/internal/parley"
)

// A blob's created_at is when it was last put, or a reference to it came or went:
// only what has rested since then for Keep is deleted. So nobody loses bytes who
// has put them, or copies a row that has them, and is about to commit.

// AddBlobRefs counts n more rows that refer to a blob whose bytes are stored already, elsewhere.
func (tx *Tx) AddBlobRefs(ctx context.Context, account parley.AccountID, key parley.BlobKey, size int64, n int) error {
	return tx.send(ctx, `INSERT INTO blobs (account_id, key, size, refs, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account_id, key) DO UPDATE SET refs = blobs.refs + excluded.refs, created_at = excluded.created_at`, account, key, size, n, tx.now)
}

// InsertBlob keeps the bytes of a small blob here, and counts n more rows that refer to it.
func (tx *Tx) InsertBlob(ctx context.Context, account parley.AccountID, key parley.BlobKey, content []byte, n int) error {
	if content == nil {
		content = []byte{}
	}
	return tx.send(ctx, `INSERT INTO blobs (account_id, key, size, refs, created_at, content) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (account_id, key) DO UPDATE SET refs = blobs.refs + excluded.refs, created_at = excluded.created_at, content = COALESCE(blobs.content, excluded.content)`,
		account, key, len(content), n, tx.now, content)
}

// PutBlob implements blob.Rows: who refers to the blob counts that afterwards.
func (db *DB) PutBlob(ctx context.Context, account parley.AccountID, key parley.BlobKey, content []byte) error {
	return db.Update(ctx, func(tx *Tx) error { return tx.InsertBlob(ctx, account, key, content, 0) })
}

// BlobContent implements blob.Rows.
func (db *DB) BlobContent(ctx context.Context, account parley.AccountID, key parley.BlobKey) (content []byte, err error) {
	err = db.View(ctx, func(tx *Tx) error {
		return tx.get(ctx, &content, `SELECT content FROM blobs WHERE account_id = ? AND key = ? AND content IS NOT NULL`, account, key)
	})
	if errors.Is(err, ErrNoRow) {
		return nil, nil
	}
	if err == nil && content == nil {
		content = []byte{}
	}
	return content, err
}

// DeleteBlob implements blob.Rows. The row stays as long as something refers to it.
func (db *DB) DeleteBlob(ctx context.Context, account parley.AccountID, key parley.BlobKey) error {
	return db.Update(ctx, func(tx *Tx) error {
		return tx.send(ctx, `UPDATE blobs SET content = NULL WHERE account_id = ? AND key = ?`, account, key)
	})
}
