package sms

import (
	"testing"

	"parley/internal/parley"
)

// TestCodes: what marks a number as dead must be what the provider says of the
// number, and not of a route, of an account or of the text.
func TestCodes(t *testing.T) {
	t.Parallel()
	for name, table := range map[string]struct {
		known codes
		dead  map[string]bool
	}{
		"vonage":               {vonageCodes, set("6", "33")},
		"vonage receipts":      {vonageReceipts, set("3", "4", "12", "14")},
		"plivo":                {plivoCodes, set("50", "70")},
		"messagebird":          {messagebirdCodes, nil},
		"messagebird receipts": {messagebirdReceipts, set("1", "5", "9", "10", "11")},
	} {
		for code, c := range table.known {
			if c.words == "" || c.reason == "" {
				t.Errorf("%s %s says nothing", name, code)
			}
			if c.reason.Hard() != table.dead[code] {
				t.Errorf("%s %s: %s", name, code, c.reason)
			}
			if c.reason == parley.ReasonOptedOut != (name == "vonage receipts" && code == "9" || name == "plivo" && code == "200") {
				t.Errorf("%s %s: %s", name, code, c.reason)
			}
		}
	}
}

func set(codes ...string) map[string]bool {
	out := map[string]bool{}
	for _, c := range codes {
		out[c] = true
	}
	return out
}
