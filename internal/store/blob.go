package store

import (
	"context"

	"parley/internal/parley"
)

// AddBlobRefs counts n more rows that refer to a blob, whose bytes are stored already.
func (tx *Tx) AddBlobRefs(ctx context.Context, account parley.AccountID, key parley.BlobKey, size int64, n int) error {
	return tx.send(ctx, `INSERT INTO blobs (account_id, key, size, refs, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account_id, key) DO UPDATE SET refs = blobs.refs + excluded.refs`, account, key, size, n, tx.now)
}
