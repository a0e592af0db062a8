package parley

import (
	"database/sql/driver"
	"encoding/json"
)

// Verdict of a check of who sent a mail.
type Verdict string

// The verdicts.
const (
	VerdictNone Verdict = "none" // there was nothing to go by, or nobody who could be asked
	VerdictPass Verdict = "pass"
	VerdictFail Verdict = "fail"
)

// Auth is what checking the sender of a mail found: SPF (RFC 7208) speaks of the
// host that brought it, DKIM (RFC 6376) of who signed it, DMARC (RFC 7489) of
// the domain in From, which is the one that a person reads.
type Auth struct {
	SPF      Verdict `json:"spf"`
	DKIM     Verdict `json:"dkim"`
	DMARC    Verdict `json:"dmarc"`
	Verified Verdict `json:"verified"` // what the three say together of Domain; fail: unverified
	Domain   string  `json:"domain"`   // of the From address
}

// Unverified reports whether the checks speak against the sender. A mail that was
// not checked, or could not be, is not unverified.
func (a *Auth) Unverified() bool { return a != nil && a.Verified == VerdictFail }

// Scan implements sql.Scanner.
func (a *Auth) Scan(src any) error { return scanJSON(src, a) }

// Value implements driver.Valuer.
func (a Auth) Value() (driver.Value, error) {
	b, err := json.Marshal(a)
	return string(b), err
}
