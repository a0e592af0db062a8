package parley

import (
	"errors"
	"fmt"
)

// Code says which kind of fault an Error is; the API maps each to one status.
type Code string

// The codes, with the HTTP status that the API answers.
const (
	Invalid     Code = "invalid"     // 422: the input is wrong; Field says where
	NotFound    Code = "not_found"   // 404: no such thing in this account, or not yours to see
	Conflict    Code = "conflict"    // 409: right input, wrong moment
	Forbidden   Code = "forbidden"   // 403: known, but not allowed
	Unauthed    Code = "unauthed"    // 401: sign in first
	TooMany     Code = "too_many"    // 429: slow down; Params["retry_after"] in seconds
	TooLarge    Code = "too_large"   // 413
	Unavailable Code = "unavailable" // 503: try again later
	Internal    Code = "internal"    // 500
)

// Error is a fault that a person may read. Key is stable ("channel.address_taken"):
// the browser translates by it, with Params; Text is the English wording and says what to do.
type Error struct {
	Code   Code
	Key    string
	Text   string
	Field  string            // the input's JSON path ("address", "to[1].email"), if one is at fault
	Params map[string]string // for translation; never secrets or message text
	More   []*Error          // further faults of the same request
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Text }

// Errorf makes an Error; args fill the text.
func Errorf(code Code, key, text string, args ...any) *Error {
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	return &Error{Code: code, Key: key, Text: text}
}

// On names the field that is at fault and returns e.
func (e *Error) On(field string) *Error {
	e.Field = field
	return e
}

// With adds a parameter for translation and returns e.
func (e *Error) With(name, value string) *Error {
	if e.Params == nil {
		e.Params = map[string]string{}
	}
	e.Params[name] = value
	return e
}

// IsCode reports whether err is, or wraps, an Error of this code.
func IsCode(err error, code Code) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}

// Faults collects several Errors of one input and returns them as one, so that
// a person hears of all at once. The zero value is ready.
type Faults struct{ all []*Error }

// Add notes a fault.
func (f *Faults) Add(e *Error) { f.all = append(f.all, e) }

// Err is nil without faults; else the first, with the others in More.
func (f *Faults) Err() error {
	if len(f.all) == 0 {
		return nil
	}
	first := *f.all[0]
	first.More = f.all[1:]
	return &first
}
