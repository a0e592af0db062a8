package setting_test

import (
	"errors"
	"strings"
	"testing"

	"parley/internal/parley"
	"parley/internal/setting"
)

// Where a provider says what its ids and keys look like, others are refused before it is asked.
func TestTextFieldForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sid, key := "AC"+strings.Repeat("0f", 16), strings.Repeat("k", 43)+"="
	for name, c := range map[string]struct {
		provider string
		fields   map[string]string
		want     string // the field at fault
	}{
		"twilio":                   {"twilio", map[string]string{"account_sid": " " + sid + " ", "auth_token": "t"}, ""},
		"twilio, with a service":   {"twilio", map[string]string{"account_sid": sid, "auth_token": "t", "messaging_service_sid": "MG" + sid[2:]}, ""},
		"a SID that is cut off":    {"twilio", map[string]string{"account_sid": "AC1", "auth_token": "t"}, "settings.account_sid"},
		"a key in place of a SID":  {"twilio", map[string]string{"account_sid": "SK" + sid[2:], "auth_token": "t"}, "settings.account_sid"},
		"an account for a service": {"twilio", map[string]string{"account_sid": sid, "auth_token": "t", "messaging_service_sid": sid}, "settings.messaging_service_sid"},
		"telnyx":                   {"telnyx", map[string]string{"api_key": "KEY1", "public_key": key, "messaging_profile_id": "4001735d-ca8e-4a2b-9d2f-3b1c5e6f7a80"}, ""},
		"a public key cut off":     {"telnyx", map[string]string{"api_key": "KEY1", "public_key": key[1:]}, "settings.public_key"},
		"a profile by its name":    {"telnyx", map[string]string{"api_key": "KEY1", "public_key": key, "messaging_profile_id": "Office"}, "settings.messaging_profile_id"},
	} {
		_, err := w.TryText(t.Context(), w.owner, 0, setting.TextChange{Provider: &c.provider, Fields: c.fields})
		fault, ok := errors.AsType[*parley.Error](err)
		if c.want == "" && err != nil || c.want != "" && (!ok || fault.Key != "text.field_form" || fault.Field != c.want || fault.Code != parley.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
