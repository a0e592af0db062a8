package sms

import (
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // accounts of old sign with it; they may choose another
	"crypto/sha1" //nolint:gosec // as an HMAC it holds
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"maps"
	"net/url"
	"slices"
	"strings"
)

var vonageHashes = map[string]func() hash.Hash{"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}

// vonageSigned reports whether the parameters of a call have Vonage's signature (sig):
// an HMAC, or for md5hash the plain hash with the secret behind, over all others in
// order, with & and = in the values replaced.
func vonageSigned(method, secret string, f url.Values) bool {
	given, err := hex.DecodeString(f.Get("sig"))
	if err != nil || len(given) == 0 || secret == "" {
		return false
	}
	var signed strings.Builder
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if name != "sig" {
			signed.WriteString("&" + name + "=" + strings.NewReplacer("&", "_", "=", "_").Replace(f.Get(name)))
		}
	}
	if method == "md5hash" {
		sum := md5.Sum([]byte(signed.String() + secret)) //nolint:gosec // see above
		return hmac.Equal(sum[:], given)
	}
	newHash, ok := vonageHashes[method]
	if !ok {
		return false
	}
	mac := hmac.New(newHash, []byte(secret))
	_, _ = mac.Write([]byte(signed.String())) // a hash never fails to write
	return hmac.Equal(mac.Sum(nil), given)
}
