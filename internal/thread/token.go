package thread

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"

	"parley/internal/parley"
)

// A token is 128 bits, written as 26 letters of lower-case base32 (RFC 4648 6,
// no padding; 26 x 5 = 130, the last two bits are 0):
//
//	uvarint(conversation) uvarint(message) MAC...
//
// The MAC is HMAC-SHA256, cut to what the ids leave. A uvarint byte holds 7
// bits, so with conversations below 2^28 (4 bytes, 268 million) and messages
// below 2^35 (5 bytes, 34 billion) at least 7 bytes are left: 56 bits, that is
// 2^55 mails to forge one token, each of which has to be sent to us. Young
// installations have ids of 2 + 3 bytes and an 88-bit MAC. Ids may grow to 11
// bytes together (2^35 conversations, 2^42 messages); then 40 bits are left,
// and beyond that no token is made.
const (
	tokenLen   = 26 // letters
	tokenBytes = 16
	minMAC     = 5 // bytes
)

// tokenDomain keeps the MACs of tokens apart from other uses of the same key.
const tokenDomain = "parley reply token 1\x00"

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Signer makes and checks reply tokens. The first key signs, all of them verify,
// so that keys can be rotated.
type Signer struct{ Keys [][]byte }

// Token names a conversation and a message of the account in 26 letters. The
// account is bound by the signature and not carried. c may be 0: an automated
// message stands in no conversation until it is answered. It is empty where no
// token can be made: without a key, a message, or room for the signature.
func (s Signer) Token(account parley.AccountID, c parley.ConversationID, m parley.MessageID) string {
	if len(s.Keys) == 0 {
		return ""
	}
	b, ok := seal(s.Keys[0], account, c, m)
	if !ok {
		return ""
	}
	return base32Lower.EncodeToString(b)
}

// Verify reads a token in any case. ok tells that a key of ours signed it for this account.
func (s Signer) Verify(account parley.AccountID, token string) (c parley.ConversationID, m parley.MessageID, ok bool) {
	if len(token) != tokenLen {
		return 0, 0, false
	}
	token = strings.ToLower(token)
	got, err := base32Lower.DecodeString(token)
	if err != nil || base32Lower.EncodeToString(got) != token { // the decoder ignores the two spare bits
		return 0, 0, false
	}
	conversation, n := binary.Uvarint(got)
	if n <= 0 {
		return 0, 0, false
	}
	message, k := binary.Uvarint(got[n:])
	if k <= 0 {
		return 0, 0, false
	}
	c, m = parley.ConversationID(conversation), parley.MessageID(message)
	for _, key := range s.Keys {
		// Sealing anew, not only the MAC, refuses padded uvarints: they would
		// leave a forger fewer bits to guess.
		if want, ok := seal(key, account, c, m); ok && hmac.Equal(want, got) {
			return c, m, true
		}
	}
	return 0, 0, false
}

// Read verifies candidates, as FindInAddresses and FindInBody return them, and
// keeps the good ones in their order.
func (s Signer) Read(account parley.AccountID, candidates []string) []parley.ThreadToken {
	var out []parley.ThreadToken
	for _, token := range candidates {
		if c, m, ok := s.Verify(account, token); ok {
			out = append(out, parley.ThreadToken{ConversationID: c, MessageID: m})
		}
	}
	return out
}

// seal lays out a token's bytes; ok is false where the ids leave no room for the MAC.
func seal(key []byte, account parley.AccountID, c parley.ConversationID, m parley.MessageID) (b []byte, ok bool) {
	if c < 0 || m <= 0 {
		return nil, false
	}
	b = binary.AppendUvarint(make([]byte, 0, 2*binary.MaxVarintLen64), uint64(c))
	b = binary.AppendUvarint(b, uint64(m))
	if len(b) > tokenBytes-minMAC {
		return nil, false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(tokenDomain))
	var ids [24]byte
	binary.BigEndian.PutUint64(ids[0:], uint64(account))
	binary.BigEndian.PutUint64(ids[8:], uint64(c))
	binary.BigEndian.PutUint64(ids[16:], uint64(m))
	mac.Write(ids[:])
	return append(b, mac.Sum(nil)[:tokenBytes-len(b)]...), true
}
