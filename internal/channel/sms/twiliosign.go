package sms

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what Twilio signs with; as an HMAC it holds
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// twilioSigned reports whether signature is Twilio's under token: an HMAC-SHA1 over
// the address as Twilio called it and the posted parameters, sorted by name and
// written without anything between them. Of a body that is no form, the address holds
// the hash (bodySHA256). Some of Twilio's products sign the address with its port and
// some without, so both are right.
func twilioSigned(token, address string, params url.Values, body []byte, signature string) bool {
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(given) != sha1.Size {
		return false
	}
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if params == nil && len(body) > 0 && !hashed(body, u.Query().Get("bodySHA256")) {
		return false
	}
	var tail strings.Builder
	for _, name := range slices.Sorted(maps.Keys(params)) {
		for _, value := range slices.Compact(slices.Sorted(slices.Values(params[name]))) {
			tail.WriteString(name)
			tail.WriteString(value)
		}
	}
	right := false
	for _, a := range portVariants(address, u) {
		mac := hmac.New(sha1.New, []byte(token))
		_, _ = mac.Write([]byte(a + tail.String())) // a hash never fails to write
		right = hmac.Equal(mac.Sum(nil), given) || right
	}
	return right
}

func hashed(body []byte, hash string) bool {
	sum := sha256.Sum256(body)
	return hmac.Equal([]byte(hex.EncodeToString(sum[:])), []byte(strings.ToLower(hash)))
}

// portVariants are the address as it is, and with the port of its scheme added or
// its port left out. Nothing else of it changes: not a byte may be written anew.
func portVariants(address string, u *url.URL) []string {
	defaults := map[string]string{"http": "80", "https": "443"}
	before, after, ok := strings.Cut(address, "://"+u.Host)
	if !ok {
		return []string{address}
	}
	if u.Port() == "" {
		return []string{address, before + "://" + u.Host + ":" + defaults[u.Scheme] + after}
	}
	return []string{address, before + "://" + strings.TrimSuffix(u.Host, ":"+u.Port()) + after}
}
