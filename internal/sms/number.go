package sms

import "github.com/nyaruka/phonenumbers"

// Number reads a telephone number as a person in region (ISO 3166) writes it, and
// gives it in E.164. It is not ok where no such number is possible.
func Number(written, region string) (e164 string, ok bool) {
	n, err := phonenumbers.Parse(written, region)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}
