// Package image shows what a mail's images from elsewhere look like without the
// reader's browser asking for them: it signs the address of each, for one message,
// and fetches it on behalf of whoever holds the signed address.
//
// It refuses addresses that nobody signed, hosts that are not on the public
// internet (package dial, each redirect anew), anything that is not an image by
// its first bytes (SVG is a document), and more than MaxSize of it. Why something
// could not be had is not told: the answer would say what our network looks like.
package image

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"parley/internal/blob"
	"parley/internal/dial"
	"parley/internal/parley"
	"parley/internal/sanitize"
)

// Limits of what is fetched.
const (
	MaxSize   = 5 << 20
	timeout   = 15 * time.Second
	redirects = 5
	together  = 8 // at once; the others wait
)

// Service signs and fetches. It is safe for concurrent use.
type Service struct {
	client *http.Client
	cache  *blob.Cache
	keys   [][]byte
	turns  chan struct{}
}

// New makes the service. The first key signs, all verify.
func New(d *dial.Dialer, cache *blob.Cache, keys [][]byte) *Service {
	s := &Service{
		client: d.HTTPClient(dial.Limits{Timeout: timeout, MaxBody: MaxSize, Redirects: redirects}),
		cache:  cache, turns: make(chan struct{}, together),
	}
	follow := s.client.CheckRedirect
	s.client.CheckRedirect = func(to *http.Request, via []*http.Request) error {
		to.Header.Del("Referer")
		return follow(to, via)
	}
	for _, k := range keys {
		mac := hmac.New(sha256.New, k)
		mac.Write([]byte("parley image")) // a key of its own: no token of another kind is one of ours
		s.keys = append(s.keys, mac.Sum(nil))
	}
	return s
}

// Ref is what a signed address stands for: an image of one message.
type Ref struct {
	Account parley.AccountID
	Message parley.MessageID
	URL     string
}

// Reveal shows the images that are held back in a message's safe HTML.
func (s *Service) Reveal(account parley.AccountID, message parley.MessageID, html string) string {
	return sanitize.Reveal(html, func(url string) string { return "/img/" + s.Sign(Ref{account, message, url}) })
}

// Sign makes the address of an image: what Read takes.
func (s *Service) Sign(r Ref) string {
	text := binary.AppendVarint(nil, int64(r.Account))
	text = binary.AppendVarint(text, int64(r.Message))
	text = append(text, r.URL...)
	return base64.RawURLEncoding.EncodeToString(append(seal(s.keys[0], text), text...))
}

const sealSize = 16

func seal(key, text []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return mac.Sum(nil)[:sealSize]
}

// Read verifies a signed address.
func (s *Service) Read(signed string) (Ref, error) {
	all, err := base64.RawURLEncoding.DecodeString(signed)
	if err != nil || len(all) < sealSize || base64.RawURLEncoding.EncodeToString(all) != signed { // it has one form, without line breaks
		return Ref{}, gone()
	}
	text := all[sealSize:]
	genuine := false
	for _, key := range s.keys {
		genuine = genuine || hmac.Equal(seal(key, text), all[:sealSize])
	}
	account, n := binary.Varint(text)
	if !genuine || n <= 0 {
		return Ref{}, gone()
	}
	message, m := binary.Varint(text[n:])
	if m <= 0 {
		return Ref{}, gone()
	}
	return Ref{parley.AccountID(account), parley.MessageID(message), string(text[n+m:])}, nil
}

// Fetch gives an image's bytes and content type, from the cache if they are there.
func (s *Service) Fetch(ctx context.Context, r Ref) (body []byte, contentType string, err error) {
	key := keyOf(r)
	if body, ok := s.cache.Get(key); ok {
		if contentType = Sniff(body); contentType != "" {
			return body, contentType, nil
		}
	}
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return nil, "", gone()
	}
	if body, err = s.get(ctx, r.URL); err != nil {
		return nil, "", errors.Join(gone(), err)
	}
	if contentType = Sniff(body); contentType == "" {
		return nil, "", gone()
	}
	s.cache.Put(key, body)
	return body, contentType, nil
}

// keyOf keeps accounts apart: what one has seen tells another nothing.
func keyOf(r Ref) parley.BlobKey {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", r.Account, r.URL))
	return parley.BlobKey(hex.EncodeToString(sum[:]))
}

func (s *Service) get(ctx context.Context, url string) (body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("fetch image: %w", err)
	}
	// Nothing of who reads, and with what.
	req.Header.Set("User-Agent", "Mozilla/5.0 (image proxy)")
	req.Header.Set("Accept", "image/*")
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch image: %w", err)
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch image: status %d", resp.StatusCode)
	}
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("fetch image: %w", err)
	}
	return body, nil
}

// Sniff is the content type of an image by its first bytes; empty: none that we show.
func Sniff(body []byte) string {
	if len(body) >= 12 && string(body[4:8]) == "ftyp" && (string(body[8:12]) == "avif" || string(body[8:12]) == "avis") {
		return "image/avif"
	}
	switch kind := http.DetectContentType(body); kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/x-icon":
		return kind
	}
	return ""
}

func gone() error {
	return parley.Errorf(parley.NotFound, "image.unavailable", "This image cannot be shown.")
}
