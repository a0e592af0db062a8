package parley_test

import (
	"strings"
	"testing"

	"parley/internal/parley"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		ok       bool
	}{
		{" Ann Lee\t", "Ann Lee", true},
		{"李 👩‍💻", "李 👩‍💻", true},
		{strings.Repeat("é", 20), strings.Repeat("é", 20), true},
		{strings.Repeat("é", 21), "", false},
		{"", "", false},
		{" \n ", "", false},
		{"a\nb", "", false},
		{"a\x00b", "", false},
		{"a\u202eb", "", false},
		{"a\u2028b", "", false},
		{"a\xffb", "", false},
	} {
		if got, ok := parley.Line(c.in, 20); got != c.want || ok != c.ok {
			t.Errorf("Line(%q) = %q, %t", c.in, got, ok)
		}
	}
}
