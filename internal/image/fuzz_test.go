package image

import (
	"testing"

	"parley/internal/dial"
)

// FuzzRead: nothing that was not signed is read, and nothing makes it panic.
func FuzzRead(f *testing.F) {
	s := New(dial.Trusted(), nil, [][]byte{[]byte("k")})
	f.Add(s.Sign(Ref{1, 2, "https://shop.test/a.png"}))
	f.Add("")
	f.Add("7wX\nIBBRuEd0C-OfncL8dvAIEaHR0cHM6Ly9zaG9wLnRlc3QvYS5wbmc")
	f.Fuzz(func(t *testing.T, signed string) {
		if r, err := s.Read(signed); err == nil && s.Sign(r) != signed {
			t.Errorf("%q is read as %+v", signed, r)
		}
	})
}
