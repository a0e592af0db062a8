package sms_test

import (
	"fmt"
	"testing"

	"parley/internal/sms"
)

func ExampleNumber() {
	key, ok := sms.Number("07700 900123", "GB")
	fmt.Println(key, ok)
	// Output: +447700900123 true
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
