package sms_test

import (
	"fmt"
	"testing"

	"parley/internal/sms"
)

func ExampleKeywordOf() {
	fmt.Println(sms.KeywordOf(" Stop\n"), sms.KeywordOf("UNSTOP"), sms.KeywordOf("info"), sms.KeywordOf("stop please") == sms.None)
	// Output: stop start help true
}

func TestKeywordOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body string
		want sms.Keyword
	}{
		{"STOP", sms.Stop},
		{"stop", sms.Stop},
		{"StOp", sms.Stop},
		{"\tstop \r\n", sms.Stop},
		{"\u00a0stop\u3000", sms.Stop},
		{"\ufeffstop\u200b", sms.Stop},
		{"stopall", sms.Stop},
		{"Unsubscribe", sms.Stop},
		{"cancel", sms.Stop},
		{"end", sms.Stop},
		{"quit", sms.Stop},
		{"revoke", sms.Stop},
		{"optout", sms.Stop},
		{"start", sms.Start},
		{"Yes", sms.Start},
		{"unstop", sms.Start},
		{"help", sms.Help},
		{"Info ", sms.Help},
		{"", sms.None},
		{" ", sms.None},
		{"stop please", sms.None},
		{"stop.", sms.None},
		{"\"stop\"", sms.None},
		{"st op", sms.None},
		{"please cancel", sms.None},
		{"stop all", sms.None},
		{"opt-out", sms.None},
		{"stopped", sms.None},
		{"yes please", sms.None},
		{"no", sms.None},
		{"ＳＴＯＰ", sms.None},
		{"\xffstop", sms.None},
	}
	for _, test := range tests {
		if got := sms.KeywordOf(test.body); got != test.want {
			t.Errorf("KeywordOf(%q) = %q, want %q", test.body, got, test.want)
		}
	}
}
