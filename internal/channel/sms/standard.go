package sms

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"parley/internal/channel"
)

// standardWindow is how old a call may be.
const standardWindow = 5 * time.Minute

// standardSigned reports nil if one of signatures is that of Standard Webhooks
// (standardwebhooks.com): an HMAC-SHA256 over id, time and body. The secret is base64,
// behind whsec_ or not.
func standardSigned(secret, id, stamp string, body []byte, signatures string, now time.Time) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) == 0 || id == "" || !recent(stamp, now, standardWindow) {
		return channel.ErrForged
	}
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(id + "." + stamp + "." + string(body))) // a hash never fails to write
	for one := range strings.FieldsSeq(signatures) {
		version, given, _ := strings.Cut(one, ",")
		if b, err := base64.StdEncoding.DecodeString(given); version == "v1" && err == nil && hmac.Equal(b, mac.Sum(nil)) {
			return nil
		}
	}
	return channel.ErrForged
}
