package sms_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"parley/internal/parley"
	"parley/internal/sms"
)

func ExampleNumber() {
	key, ok := sms.Number("07700 900123", "GB")
	fmt.Println(key, ok)
	// Output: +447700900123 true
}

func ExampleParse() {
	_, fault := sms.Parse("07700 900123", "")
	if e, ok := errors.AsType[*parley.Error](fault); ok {
		fmt.Println(e.Key, e.Text)
	}
	// Output: phone.needs_country Write this number with + and its country code, such as +44 7700 900123.
}

func TestNumber(t *testing.T) {
	t.Parallel()
	tests := []struct{ written, region, want string }{
		{"+44 7700 900123", "US", "+447700900123"},
		{"(415) 555-2671", "US", "+14155552671"},
		{"0044 7700 900123", "DE", "+447700900123"},
		{"tel:+1-415-555-2671", "GB", "+14155552671"},
		{"+447700900123", "", "+447700900123"},
		{"07700 900123", "", ""},
		{"12", "US", ""},
		{"", "US", ""},
		{"call me", "US", ""},
		{"+99999999999999999999", "US", ""},
	}
	for _, test := range tests {
		if got, ok := sms.Number(test.written, test.region); got != test.want || ok != (test.want != "") {
			t.Errorf("Number(%q, %q) = %q, %v, want %q", test.written, test.region, got, ok, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct{ written, region, want, key string }{
		{" +44 7700 900123 ", "", "+447700900123", ""},
		{"\u00a0+44 (0) 7700 900123", "", "+447700900123", ""},
		{"(415) 555-2671", "US", "+14155552671", ""},
		{"1-415-555-2671", "US", "+14155552671", ""},
		{"011 44 7700 900123", "US", "+447700900123", ""},
		{"１ ４１５ ５５５ ２６７１", "US", "+14155552671", ""},
		{"04152 555267", "DE", "+494152555267", ""},
		{"+1 310 0000", "CA", "+13100000", ""},
		{"555-2671", "US", "", "phone.too_short"},
		{"12", "US", "", "phone.too_short"},
		{"+1 415 555", "", "", "phone.too_short"},
		{"0044", "GB", "", "phone.too_short"},
		{"415 555 2671 99", "US", "", "phone.too_long"},
		{strings.Repeat("1", 300), "US", "", "phone.too_long"},
		{"07700 900123", "", "", "phone.needs_country"},
		{"07700 900123", "ZZ", "", "phone.needs_country"},
		{"+999 123 4567", "US", "", "phone.invalid"},
		{"", "US", "", "phone.not_a_number"},
		{"call me", "US", "", "phone.not_a_number"},
		{"anna@example.com", "US", "", "phone.not_a_number"},
		{"+***", "DE", "", "phone.not_a_number"},
		{"\xff\xfe", "US", "", "phone.not_a_number"},
	}
	for _, test := range tests {
		got, fault := sms.Parse(test.written, test.region)
		key := ""
		if e, ok := errors.AsType[*parley.Error](fault); ok {
			key = e.Key
		}
		if got != test.want || key != test.key || (fault == nil) != (key == "") {
			t.Errorf("Parse(%q, %q) = %q, %v, want %q %s", test.written, test.region, got, fault, test.want, test.key)
		}
		if number, ok := sms.Number(test.written, test.region); got != "" && (!ok || number != got) {
			t.Errorf("Parse(%q, %q) = %q, Number %q, %v", test.written, test.region, got, number, ok)
		}
	}
}

func TestSender(t *testing.T) {
	t.Parallel()
	tests := []struct{ written, region, want string }{
		{"+1 415 555 2671", "", "+14155552671"},
		{"(415) 555-2671", "US", "+14155552671"},
		{"12345", "US", "12345"},
		{" 787 878 ", "US", "787878"},
		{"22-395", "US", "22395"},
		{"112", "DE", "112"},
		{"20 12 34 56", "DK", "+4520123456"}, // a mobile number, as it is dialled there
		{"20123456", "", "20123456"},
		{"12", "US", ""},
		{"123456789", "US", ""},
		{"+12345", "US", ""},
		{"PARLEY", "US", ""},
		{"", "US", ""},
	}
	for _, test := range tests {
		if got, ok := sms.Sender(test.written, test.region); got != test.want || ok != (test.want != "") {
			t.Errorf("Sender(%q, %q) = %q, %v, want %q", test.written, test.region, got, ok, test.want)
		}
	}
}

// A search that is a number finds it however it is written; words stay words.
func TestSearched(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"4155550123": "+14155550123", "(415) 555-0123": "+14155550123", "+44 7700 900123": "+447700900123", "1.415.555.0123": "+14155550123",
		"2026": "2026", "555-0123": "555-0123", "order 4155550123": "order 4155550123", "#4155550123": "#4155550123", "": "", "12345678901234567890": "12345678901234567890",
	} {
		if got := sms.Searched(query, "US"); got != want {
			t.Errorf("Searched(%q) = %q, want %q", query, got, want)
		}
	}
}
