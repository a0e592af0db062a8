package sms

import (
	"errors"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"parley/internal/parley"
)

// Number reads a telephone number as a person in region (ISO 3166) writes it, and
// gives it in E.164. It is not ok where no such number is possible.
func Number(written, region string) (e164 string, ok bool) {
	n, err := phonenumbers.Parse(written, region)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", false
	}
	if e164, ok = form(n); !ok {
		return "", false
	}
	return e164, true
}

// form is E.164, which read again is the same: zeros that no plan has are not read twice alike.
func form(n *phonenumbers.PhoneNumber) (e164 string, ok bool) {
	e164 = phonenumbers.Format(n, phonenumbers.E164)
	again, err := phonenumbers.Parse(e164, "")
	return e164, err == nil && phonenumbers.Format(again, phonenumbers.E164) == e164
}

// Parse is Number for one that is to be called or written to: where it cannot be, the
// fault is a *parley.Error that says what to do. It asks for the area code where Number
// does not. Whether the number is given to anybody is not its business: numbering plans
// change faster than programs do.
func Parse(written, region string) (e164 string, fault error) {
	n, err := phonenumbers.Parse(written, region)
	if err != nil {
		return "", faultOf(err, written)
	}
	switch phonenumbers.IsPossibleNumberWithReason(n) {
	case phonenumbers.IS_POSSIBLE:
	case phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		// Some are complete without an area code: +1 310 0000 in Canada.
		if !international(written) {
			return "", tooShort()
		}
	case phonenumbers.TOO_SHORT:
		return "", tooShort()
	case phonenumbers.TOO_LONG:
		return "", tooLong()
	default:
		return "", invalid()
	}
	e164, ok := form(n)
	if !ok {
		return "", invalid()
	}
	return e164, nil
}

func international(written string) bool { return strings.ContainsAny(written, "+＋") }

func faultOf(err error, written string) error {
	switch {
	case errors.Is(err, phonenumbers.ErrTooShortAfterIDD), errors.Is(err, phonenumbers.ErrTooShortNSN):
		return tooShort()
	case errors.Is(err, phonenumbers.ErrNumTooLong):
		return tooLong()
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode) && !international(written):
		return parley.Errorf(parley.Invalid, "phone.needs_country", "Write this number with + and its country code, such as +44 7700 900123.")
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return invalid()
	}
	return parley.Errorf(parley.Invalid, "phone.not_a_number", "This is not a telephone number. Write its digits, such as +44 7700 900123.")
}

func tooShort() error {
	return parley.Errorf(parley.Invalid, "phone.too_short", "This telephone number is too short. Add the digits or the area code that it lacks.")
}

func tooLong() error {
	return parley.Errorf(parley.Invalid, "phone.too_long", "This telephone number is too long. Take out what does not belong to it.")
}

func invalid() error {
	return parley.Errorf(parley.Invalid, "phone.invalid", "This is not a telephone number. Write it with its country code, such as +44 7700 900123.")
}

// Sender reads a number of our own: one in E.164, or a short code of 3 to 8 digits,
// which stays as it is.
func Sender(written, region string) (sender string, ok bool) {
	e164, fault := Parse(written, region)
	code := shortCode(written)
	if fault == nil && code != "" {
		// Eight digits may be either, in Denmark: a number that is given out is meant.
		n, err := phonenumbers.Parse(e164, "")
		if err == nil && !phonenumbers.IsValidNumber(n) {
			return code, true
		}
	}
	if fault == nil {
		return e164, true
	}
	return code, code != ""
}

// shortCode is the digits of one as people write it (“12 345”); empty if it is none.
func shortCode(written string) string {
	code := strings.NewReplacer(" ", "", "\u00a0", "", "-", "").Replace(strings.TrimSpace(written))
	if len(code) < 3 || len(code) > 8 || strings.Trim(code, "0123456789") != "" {
		return ""
	}
	return code
}

// Searched gives a search that is a telephone number, as people in region write it,
// in E.164: so it is found however it is written. Anything else stays as it is.
func Searched(query, region string) string {
	digits := 0
	for _, r := range query {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-. ()/", r):
			return query
		}
	}
	if digits < 7 { // a conversation's number, a year, a beginning
		return query
	}
	if e164, err := Parse(strings.TrimSpace(query), region); err == nil {
		return e164
	}
	return query
}
