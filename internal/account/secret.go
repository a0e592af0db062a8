package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
)

// Secret is the server's key. It rotates: the first key signs, all verify.
type Secret struct{ keys [][]byte }

// NewSecret takes keys of at least 32 bytes, the one that signs first.
func NewSecret(keys ...[]byte) (Secret, error) {
	if len(keys) == 0 {
		return Secret{}, errors.New("secret key: none given")
	}
	for _, k := range keys {
		if len(k) < 32 {
			return Secret{}, errors.New("secret key: it must have at least 32 bytes")
		}
	}
	return Secret{keys: keys}, nil
}

// Sign authenticates message for one purpose: what was signed for one proves nothing for another.
func (s Secret) Sign(purpose string, message []byte) []byte { return mac(s.keys[0], purpose, message) }

// Verify reports whether sum is Sign's answer under any of the keys.
func (s Secret) Verify(purpose string, message, sum []byte) bool {
	return slices.ContainsFunc(s.keys, func(key []byte) bool { return hmac.Equal(mac(key, purpose, message), sum) })
}

func mac(key []byte, purpose string, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(binary.AppendUvarint(nil, uint64(len(purpose)))) // a hash never fails to write
	h.Write([]byte(purpose))
	h.Write(message)
	return h.Sum(nil)
}
