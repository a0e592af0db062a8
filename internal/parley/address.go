package parley

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
)

// Address is a mailbox of RFC 5322 3.4, display name and addr-spec, or a telephone number.
type Address struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email"`
	Phone string `json:"phone,omitempty"` // in E.164, or a short code; Email is empty then
}

// Key is the form in which addresses are compared: trimmed, without case.
// Local parts are case-sensitive by RFC 5321 2.4, but no mail provider in use makes the difference.
func (a Address) Key() string {
	if a.Email == "" {
		return strings.TrimSpace(a.Phone)
	}
	return strings.ToLower(strings.TrimSpace(a.Email))
}

// Kind tells an address from a number.
func (a Address) Kind() PointKind {
	if a.Email == "" && a.Phone != "" {
		return PointPhone
	}
	return PointEmail
}

// Domain is the part behind the last @, lower case; empty if there is none.
func (a Address) Domain() string {
	_, domain, ok := cutLast(a.Key(), "@")
	if !ok {
		return ""
	}
	return domain
}

// Valid reports whether Email is an address that mail can be sent to and that we
// would own: RFC 5321 4.1.2 without what nobody uses and everybody gets wrong
// (quoted local parts, domain literals, comments) and without display name. A
// domain of one label ("localhost") is fine.
func (a Address) Valid() bool {
	local, domain, ok := cutLast(a.Email, "@")
	// RFC 5321 4.5.3.1: local part 64 octets, path 256 with its angle brackets.
	if !ok || len(local) > 64 || len(a.Email) > 254 {
		return false
	}
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" || strings.ContainsFunc(atom, notAtom) {
			return false
		}
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.ContainsFunc(label, notLabel) {
			return false
		}
	}
	return true
}

// notAtom: not an atext of RFC 5322 3.2.3.
func notAtom(r rune) bool { return notLabel(r) && !strings.ContainsRune("!#$%&'*+/=?^_`{|}~", r) }

// notLabel: not a letter, digit or hyphen of RFC 1035 2.3.1; other scripts come as their A-labels.
func notLabel(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
}

// Display is the name, else the address.
func (a Address) Display() string {
	switch {
	case a.Name != "":
		return a.Name
	case a.Email != "":
		return a.Email
	}
	return a.Phone
}

// Addresses is a list of addresses, stored as a JSON array.
type Addresses []Address

// Scan implements sql.Scanner.
func (l *Addresses) Scan(src any) error { return scanJSON(src, l) }

// Value implements driver.Valuer.
func (l Addresses) Value() (driver.Value, error) {
	if l == nil {
		return "[]", nil
	}
	return jsonText(l)
}

// Strings is a list of strings, stored as a JSON array.
type Strings []string

// Scan implements sql.Scanner.
func (l *Strings) Scan(src any) error { return scanJSON(src, l) }

// Value implements driver.Valuer.
func (l Strings) Value() (driver.Value, error) {
	if l == nil {
		return "[]", nil
	}
	return jsonText(l)
}

func jsonText(v any) (driver.Value, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func scanJSON(src, dst any) error {
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), dst)
	case []byte:
		return json.Unmarshal(v, dst)
	}
	return fmt.Errorf("json column: cannot read %T", src)
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
