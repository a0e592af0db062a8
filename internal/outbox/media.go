package outbox

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// mediaLife is for how long a provider may fetch the pictures of a text: it tries
// for 72 hours to send it, and carriers ask late.
const mediaLife = 7 * 24 * time.Hour

// Public is how providers reach us. The first key signs, all verify.
type Public struct {
	BaseURL string
	Keys    [][]byte
}

// WithPublic lets texts have pictures, and receipts come back.
func (s *Service) WithPublic(p Public) *Service {
	s.public = p
	return s
}

// mediaURL is where anybody who holds it can fetch a picture of a text, for a while.
func (p Public) mediaURL(a parley.Attachment, sent time.Time) string {
	if len(p.Keys) == 0 {
		return ""
	}
	claim := make([]byte, 24)
	binary.BigEndian.PutUint64(claim, uint64(a.AccountID))
	binary.BigEndian.PutUint64(claim[8:], uint64(a.ID))
	binary.BigEndian.PutUint64(claim[16:], uint64(sent.Add(mediaLife).Unix()))
	return p.BaseURL + "/media/" + base64.RawURLEncoding.EncodeToString(slices.Concat(claim, mediaMAC(p.Keys[0], claim)))
}

func mediaMAC(key, claim []byte) []byte {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte("media")) // a hash never fails to write
	_, _ = h.Write(claim)
	return h.Sum(nil)[:16]
}

func (p Public) readMedia(signed string, now time.Time) (parley.AccountID, parley.AttachmentID, bool) {
	all, err := base64.RawURLEncoding.DecodeString(signed)
	if err != nil || len(all) != 40 || base64.RawURLEncoding.EncodeToString(all) != signed { // it has one form, without line breaks
		return 0, 0, false
	}
	claim, mac := all[:24], all[24:]
	genuine := false
	for _, key := range p.Keys {
		genuine = hmac.Equal(mac, mediaMAC(key, claim)) || genuine
	}
	until := time.Unix(int64(binary.BigEndian.Uint64(claim[16:])), 0) //nolint:gosec // we have signed it
	if !genuine || now.After(until) {
		return 0, 0, false
	}
	return parley.AccountID(binary.BigEndian.Uint64(claim)), parley.AttachmentID(binary.BigEndian.Uint64(claim[8:])), true //nolint:gosec // likewise
}

// OpenMedia gives a picture of a text to whoever holds its address.
func (s *Service) OpenMedia(ctx context.Context, signed string) (a parley.Attachment, content io.ReadCloser, err error) {
	gone := parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
	account, id, ok := s.public.readMedia(signed, s.now())
	if !ok {
		return a, nil, gone
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		a, err = tx.AttachmentByID(ctx, account, id)
		return err
	})
	if errors.Is(err, store.ErrNoRow) || err == nil && a.Blob == "" {
		return a, nil, gone
	}
	if err != nil {
		return a, nil, fmt.Errorf("load attachment: %w", err)
	}
	content, err = s.blobs.Open(ctx, account, a.Blob)
	return a, content, err
}
