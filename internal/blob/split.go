package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"parley/internal/parley"
)

// Small is the size up to which a blob is kept in the database, in one
// transaction with the row that refers to it. A file costs two syncs of its own
// and its name a sync of the folder (ADR 0015).
const Small = 64 << 10

// Rows keep small blobs: the database. Content that is not there is nil.
type Rows interface {
	PutBlob(ctx context.Context, account parley.AccountID, key parley.BlobKey, content []byte) error
	BlobContent(ctx context.Context, account parley.AccountID, key parley.BlobKey) ([]byte, error)
	DeleteBlob(ctx context.Context, account parley.AccountID, key parley.BlobKey) error
}

// Split is a Store that keeps what is small in rows and the rest elsewhere.
type Split struct {
	rows  Rows
	large Store
}

var _ Store = (*Split)(nil)

// NewSplit makes one store of two.
func NewSplit(rows Rows, large Store) *Split { return &Split{rows, large} }

// KeyOf is the key under which content is kept.
func KeyOf(content []byte) parley.BlobKey {
	sum := sha256.Sum256(content)
	return keyOf(sum[:])
}

// Put implements Store.
func (s *Split) Put(ctx context.Context, account parley.AccountID, r io.Reader) (parley.BlobKey, int64, error) {
	var head bytes.Buffer
	size, err := io.Copy(&head, io.LimitReader(patient{ctx, r}, Small+1))
	if err != nil {
		return "", 0, fmt.Errorf("put blob: %w", err)
	}
	if size > Small {
		return s.large.Put(ctx, account, io.MultiReader(&head, r))
	}
	if account <= 0 {
		return "", 0, fmt.Errorf("put blob: account %d", account)
	}
	key := KeyOf(head.Bytes())
	if err := s.rows.PutBlob(ctx, account, key, head.Bytes()); err != nil {
		return "", 0, fmt.Errorf("put blob: %w", err)
	}
	return key, size, nil
}

// Open implements Store.
func (s *Split) Open(ctx context.Context, account parley.AccountID, key parley.BlobKey) (io.ReadCloser, error) {
	if err := validate(account, key); err != nil {
		return nil, err
	}
	content, err := s.rows.BlobContent(ctx, account, key)
	if err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	if content == nil {
		return s.large.Open(ctx, account, key)
	}
	r := io.NopCloser(bytes.NewReader(content))
	return &checked{r: r, c: r, key: key, sum: sha256.New()}, nil
}

// Delete implements Store.
func (s *Split) Delete(ctx context.Context, account parley.AccountID, key parley.BlobKey) error {
	if validate(account, key) != nil {
		return nil //nolint:nilerr // no blob has such a key, so there is nothing to erase
	}
	// Both: what is small may have been stored before there were rows for it.
	return errors.Join(s.rows.DeleteBlob(ctx, account, key), s.large.Delete(ctx, account, key))
}
