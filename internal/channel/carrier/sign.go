package carrier

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what Twilio signs with; as an HMAC it holds
	"encoding/base64"
	"net/url"
	"sort"
	"strings"
)

// Signature is Twilio's of a form that is posted to address: each name in order,
// followed by its value, all of it behind the address.
func Signature(token, address string, form url.Values) string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	sort.Strings(names)
	var signed strings.Builder
	signed.WriteString(address)
	for _, name := range names {
		signed.WriteString(name + form.Get(name)) // no name comes twice
	}
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = mac.Write([]byte(signed.String())) // a hash never fails to write
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
