package parley_test

import (
	"strings"
	"testing"

	"parley/internal/parley"
)

func TestAddressValid(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]bool{
		"support@acme.example":                    true,
		"a@localhost":                             true,
		"O'Brien.x+tag=1@mail.acme.co":            true,
		"k@xn--bcher-kva.example":                 true,
		strings.Repeat("l", 64) + "@acme.example": true,
		"":                           false,
		"acme.example":               false,
		"@acme.example":              false,
		"a@":                         false,
		"a@@acme.example":            false,
		"a b@acme.example":           false,
		"a@acme..example":            false,
		".a@acme.example":            false,
		"a.@acme.example":            false,
		"a@-acme.example":            false,
		"a@acme_x.example":           false,
		`"a b"@acme.example`:         false,
		"a@[127.0.0.1]":              false,
		"Ann <a@acme.example>":       false,
		"a@acme.example\r\nBcc: b@c": false,
		"ä@acme.example":             false,
		strings.Repeat("l", 65) + "@acme.example":          false,
		"a@" + strings.Repeat("x", 64) + ".example":        false,
		"a@" + strings.Repeat("abcdefgh.", 30) + "example": false,
	} {
		if got := (parley.Address{Email: email}).Valid(); got != want {
			t.Errorf("Valid(%q) = %t", email, got)
		}
	}
}
