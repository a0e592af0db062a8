// Package blob keeps raw input and attachments: bytes, named by their account
// and their SHA-256. The same bytes put twice are stored once within an account
// and never shared between accounts.
//
// It refuses to count references and to know what the bytes are: who puts a
// blob then commits a row with its key, and deletes the blob some time after the
// last such row is gone; at once would be too early for a second Put of the same
// bytes whose row is about to be committed.
package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"io"

	"parley/internal/parley"
)

// Store keeps blobs. It may be used from many goroutines and by several nodes.
type Store interface {
	// Put stores what r holds and returns its key and size. When it returns
	// nil the bytes are durable; after an error nothing of them is left.
	Put(ctx context.Context, account parley.AccountID, r io.Reader) (parley.BlobKey, int64, error)
	// Open reads a blob. The bytes are checked against the key as they are
	// read: the read that would have reported io.EOF reports ErrCorrupt if
	// they are not what was put. An unknown blob is a parley.Error of code not_found.
	Open(ctx context.Context, account parley.AccountID, key parley.BlobKey) (io.ReadCloser, error)
	// Delete removes a blob; one that is not there is no error.
	Delete(ctx context.Context, account parley.AccountID, key parley.BlobKey) error
}

// ErrCorrupt says that stored bytes are no longer those that were put.
var ErrCorrupt = errors.New("blob: stored bytes do not match their key")

// keySize is the length of a SHA-256 in hex.
const keySize = 64

func validate(account parley.AccountID, key parley.BlobKey) error {
	if account <= 0 || !ValidKey(key) {
		return gone()
	}
	return nil
}

// ValidKey reports whether key has the form of a key: a SHA-256 in lower-case
// hex. Nothing else ever becomes part of a path.
func ValidKey(key parley.BlobKey) bool {
	if len(key) != keySize {
		return false
	}
	for _, c := range []byte(key) {
		if (c < '0' || '9' < c) && (c < 'a' || 'f' < c) {
			return false
		}
	}
	return true
}

func keyOf(sum []byte) parley.BlobKey { return parley.BlobKey(hex.EncodeToString(sum)) }

func gone() error {
	return parley.Errorf(parley.NotFound, "blob.gone", "This file is no longer stored.")
}
