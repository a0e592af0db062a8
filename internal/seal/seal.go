// Package seal keeps secrets unreadable at rest: passwords and tokens of mail
// servers and providers, with which the product signs in elsewhere. It owns how
// they are sealed and which key opens them.
//
// It refuses to say what a secret is for. Each is sealed for a place ("channel
// 12"), and opens at no other: a row that is copied over another's gives nothing
// away. Secrets that only need to be recognised (users' passwords, API tokens)
// are hashed instead, by account.
package seal

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/nacl/secretbox"
)

// Box seals and opens. Keys rotate: the first seals, all open.
type Box struct {
	keys   [][]byte
	random io.Reader
}

// minKey is the least length of a key, in bytes.
const minKey = 32

// New takes the server's secret keys, the one that seals first.
func New(keys ...[]byte) (*Box, error) {
	if len(keys) == 0 {
		return nil, errors.New("seal: no key is given")
	}
	for _, k := range keys {
		if len(k) < minKey {
			return nil, fmt.Errorf("seal: a key has at least %d bytes", minKey)
		}
	}
	return &Box{keys: keys, random: rand.Reader}, nil
}

// ErrOpen says that none of the keys opens what is sealed, or that it was sealed
// for another place: the server's secret key is not the one that sealed it.
var ErrOpen = errors.New("seal: the secret key that sealed this is not known")

const (
	version = 1 // of the form: version, nonce, box
	nonces  = 24
)

// Seal makes plain unreadable to all but Open, for the same place.
func (b *Box) Seal(place string, plain []byte) ([]byte, error) {
	var nonce [nonces]byte
	if _, err := io.ReadFull(b.random, nonce[:]); err != nil {
		return nil, fmt.Errorf("random bytes: %w", err)
	}
	key, err := keyFor(b.keys[0], place)
	if err != nil {
		return nil, err
	}
	return secretbox.Seal(append([]byte{version}, nonce[:]...), plain, &nonce, key), nil
}

// Open gives back what was sealed for a place.
func (b *Box) Open(place string, sealed []byte) ([]byte, error) {
	if len(sealed) < 1+nonces+secretbox.Overhead || sealed[0] != version {
		return nil, ErrOpen
	}
	nonce := [nonces]byte(sealed[1 : 1+nonces])
	for _, k := range b.keys {
		key, err := keyFor(k, place)
		if err != nil {
			return nil, err
		}
		if plain, ok := secretbox.Open(nil, sealed[1+nonces:], &nonce, key); ok {
			return plain, nil
		}
	}
	return nil, ErrOpen
}

// keyFor derives a key of its own for each place (RFC 5869): no two purposes of the server's key share one.
func keyFor(secret []byte, place string) (*[32]byte, error) {
	k, err := hkdf.Key(sha256.New, secret, nil, "parley seal "+place, 32)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	return (*[32]byte)(k), nil
}
