package mime

import (
	"bytes"
	"testing"
)

// TestContentHash: what a relay may change makes no difference, what the sender wrote does.
func TestContentHash(t *testing.T) {
	t.Parallel()
	const first = "From: Ann <ann@example.com>\nSubject: =?utf-8?q?Caf=C3=A9?=\nDate: Mon, 5 Jan 2026 10:00:00 +0100\n" +
		"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/plain; charset=utf-8\n\ncafé\n--a\n" +
		"Content-Disposition: attachment; filename=a.csv\n\n1\n2\n--a--\n"
	for name, c := range map[string]struct {
		old, new string
		same     bool
	}{
		"nothing":               {"", "", true},
		"a trace header":        {"From: Ann", "Received: from x\nX-Spam: no\nFrom: Ann", true},
		"line ends":             {"\n", "\r\n", true},
		"the same instant":      {"10:00:00 +0100", "09:00:00 +0000", true},
		"the subject's coding":  {"=?utf-8?q?Caf=C3=A9?=", "=?utf-8?b?Q2Fmw6k=?=", true},
		"the transfer encoding": {"utf-8\n\ncafé", "utf-8\nContent-Transfer-Encoding: quoted-printable\n\ncaf=C3=A9", true},
		"the charset":           {"utf-8\n\ncafé", "iso-8859-1\n\ncaf\xe9", true},
		"the text":              {"\ncafé\n", "\ncafé!\n", false},
		"the file":              {"1\n2", "1\n3", false},
		"the subject":           {"Caf=C3=A9", "Caf=C3=A8", false},
		"the date":              {"5 Jan", "6 Jan", false},
		"the sender":            {"ann@", "eve@", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := first
			if c.old != "" {
				other = string(bytes.ReplaceAll([]byte(first), []byte(c.old), []byte(c.new)))
			}
			same := bytes.Equal(Read([]byte(first)).ContentHash, Read([]byte(other)).ContentHash)
			if same != c.same {
				t.Errorf("same hash: %v, want %v", same, c.same)
			}
		})
	}
}
