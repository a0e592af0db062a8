package sms

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash"
	"strings"
	"time"

	"parley/internal/channel"
)

const messagebirdHeader = "MessageBird-Signature-JWT"

// messagebirdToken is what MessageBird signs of a call, as the claims of a JWT (RFC 7519).
type messagebirdToken struct {
	Issuer      string `json:"iss"`
	NotBefore   int64  `json:"nbf"`
	Expires     int64  `json:"exp"`
	ID          string `json:"jti"`
	URLHash     string `json:"url_hash"`
	PayloadHash string `json:"payload_hash"`
}

// tokenHashes are the algorithms with one key for both sides (RFC 7518 3.1).
var tokenHashes = map[string]func() hash.Hash{"HS256": sha256.New, "HS384": sha512.New384, "HS512": sha512.New}

// tokenSkew is how far clocks may be apart.
const tokenSkew = time.Minute

// messagebirdClaims reads the token of a call, if it is MessageBird's, of this address
// and body, and of now.
func messagebirdClaims(key string, c call, now time.Time) (messagebirdToken, error) {
	var t messagebirdToken
	head, claims, signature, ok := token(c.header.Get(messagebirdHeader))
	if !ok || key == "" {
		return t, channel.ErrForged
	}
	var h struct {
		Algorithm string `json:"alg"`
	}
	if json.Unmarshal(head.plain, &h) != nil || tokenHashes[h.Algorithm] == nil {
		return t, channel.ErrForged
	}
	mac := hmac.New(tokenHashes[h.Algorithm], []byte(key))
	_, _ = mac.Write([]byte(head.written + "." + claims.written)) // a hash never fails to write
	if !hmac.Equal(mac.Sum(nil), signature.plain) || json.Unmarshal(claims.plain, &t) != nil {
		return t, channel.ErrForged
	}
	payload := ""
	if len(c.body) > 0 {
		payload = hexHash(c.body)
	}
	switch {
	case t.Issuer != "MessageBird", t.ID == "", t.URLHash != hexHash([]byte(c.url)), t.PayloadHash != payload,
		now.Before(time.Unix(t.NotBefore, 0).Add(-tokenSkew)), now.After(time.Unix(t.Expires, 0).Add(tokenSkew)):
		return t, channel.ErrForged
	}
	return t, nil
}

func hexHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// tokenPart is a part of a token, as it is written and what that means.
type tokenPart struct {
	written string
	plain   []byte
}

// token takes a token apart (RFC 7515 3.1).
func token(s string) (head, claims, signature tokenPart, ok bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return head, claims, signature, false
	}
	for i, to := range []*tokenPart{&head, &claims, &signature} {
		plain, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return head, claims, signature, false
		}
		*to = tokenPart{parts[i], plain}
	}
	return head, claims, signature, true
}

// tokenID names the call that a token signs; empty if there is none.
func tokenID(s string) string {
	_, claims, _, ok := token(s)
	var t messagebirdToken
	if !ok || json.Unmarshal(claims.plain, &t) != nil {
		return ""
	}
	return t.ID
}
