package parley

import (
	"strings"
	"testing"
)

func TestInternetKey(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                         "",
		"<>":                       "",
		" <A.b@Example.ORG> ":      "a.b@example.org",
		"a.b@example.org":          "a.b@example.org",
		"<folded\r\n\t.id@x.test>": "folded.id@x.test",
		"no-at-sign":               "no-at-sign",
		"<ÄÖ@x.test>":              "äö@x.test",
		"bad\xffbyte@x.test":       "badbyte@x.test",
		strings.Repeat("a", 999):   "",
	} {
		if got := InternetKey(in); got != want {
			t.Errorf("InternetKey(%q) = %q, want %q", in, got, want)
		}
	}
}
