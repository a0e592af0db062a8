package mime

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/parley"
)

func sound() Draft {
	return Draft{
		From: parley.Address{Name: "Ann", Email: "ann@example.com"}, To: parley.Addresses{{Email: "ben@example.com"}},
		Subject: "Hello", SentAt: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC), InternetID: "1@example.com", Text: "Hello",
	}
}

// TestComposeFaults: whatever could begin another header field is refused, by the name of the field.
func TestComposeFaults(t *testing.T) {
	t.Parallel()
	const evil = "x\r\nBcc: eve@example.com"
	for field, spoil := range map[string]func(d *Draft){
		"from":                  func(d *Draft) { d.From = parley.Address{} },
		"from.name":             func(d *Draft) { d.From.Name = evil },
		"from.email":            func(d *Draft) { d.From.Email = "ann@example.com>\nBcc: <eve@example.com" },
		"sender.name":           func(d *Draft) { d.Sender = parley.Address{Name: "\x00", Email: "a@example.com"} },
		"to[1].email":           func(d *Draft) { d.To = append(d.To, parley.Address{Email: "nobody"}) },
		"cc[0].email":           func(d *Draft) { d.Cc = parley.Addresses{{Email: "a b@example.com"}} },
		"reply_to[0].email":     func(d *Draft) { d.ReplyTo = parley.Addresses{{Email: "jürgen@example.com"}} },
		"subject":               func(d *Draft) { d.Subject = "a\rb" },
		"sent_at":               func(d *Draft) { d.SentAt = time.Time{} },
		"internet_id":           func(d *Draft) { d.InternetID = "1@example.com> <2@example.com" },
		"in_reply_to":           func(d *Draft) { d.InReplyTo = evil },
		"references":            func(d *Draft) { d.References = []string{"1@example.com", evil} },
		"auto_submitted":        func(d *Draft) { d.AutoSubmitted = evil },
		"fields.X-Note":         func(d *Draft) { d.Fields = []Field{{Name: "X-Note", Value: evil}} },
		"fields":                func(d *Draft) { d.Fields = []Field{{Name: "Bcc", Value: "eve@example.com"}} },
		"parts[0].filename":     func(d *Draft) { d.Parts = []Part{{Filename: evil}} },
		"parts[0].content_type": func(d *Draft) { d.Parts = []Part{{ContentType: "text/plain\n"}} },
		"parts[1].content_id":   func(d *Draft) { d.Parts = []Part{{}, {ContentID: "a> b"}} },
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			d := sound()
			spoil(&d)
			raw, err := Compose(d)
			fault, ok := errors.AsType[*parley.Error](err)
			if !ok || fault.Code != parley.Invalid || fault.Field != field || raw != nil {
				t.Errorf("got %v and %d bytes", err, len(raw))
			}
		})
	}
}

// TestComposeWire looks at single decisions about the bytes.
func TestComposeWire(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(d *Draft)
		want   []string
		not    []string
	}{
		"plain": {
			func(*Draft) {},
			[]string{"From: Ann <ann@example.com>\r\n", "Date: Mon, 05 Jan 2026 09:00:00 +0000\r\n", "Content-Transfer-Encoding: 7bit\r\n\r\nHello\r\n"},
			[]string{"Bcc", "multipart", "References", "In-Reply-To", "Auto-Submitted"},
		},
		"no recipient in sight": {
			func(d *Draft) { d.To = nil },
			[]string{"To: undisclosed-recipients:;\r\n"},
			nil,
		},
		"a domain in its own script": {
			func(d *Draft) { d.To[0].Email = "ben@bücher.example" },
			[]string{"To: ben@xn--bcher-kva.example\r\n"},
			nil,
		},
		"names that need quotes or words": {
			func(d *Draft) {
				d.To = parley.Addresses{{Name: `Ben "B" Ortiz, Dr.`, Email: "b@example.com"}, {Name: "Jürgen", Email: "j@example.com"}}
			},
			[]string{`"Ben \"B\" Ortiz, Dr." <b@example.com>,`, " =?utf-8?q?J=C3=BCrgen?=\r\n <j@example.com>\r\n"},
			nil,
		},
		"text that relays would touch": {
			func(d *Draft) { d.Text = "From here\n.\ntrailing \n" + strings.Repeat("x", 1200) },
			[]string{"quoted-printable", "\r\n=46rom here\r\n=2E\r\ntrailing=20\r\n"},
			nil,
		},
		"text in another script": {
			func(d *Draft) { d.Text = strings.Repeat("日本語", 40) },
			[]string{"Content-Transfer-Encoding: base64\r\n"},
			nil,
		},
		"a long file name": {
			func(d *Draft) { d.Parts = []Part{{Filename: strings.Repeat("é", 60) + ".pdf"}} },
			[]string{"filename*0*=utf-8''", "filename*1*=", "Content-Type: application/octet-stream"},
			nil,
		},
		"a mail as attachment": {
			func(d *Draft) {
				d.Parts = []Part{{Filename: "a.eml", ContentType: "message/rfc822", Body: []byte("x")}}
			},
			[]string{"Content-Type: application/octet-stream;\r\n name"},
			[]string{"message/rfc822"},
		},
		"an answering machine": {
			func(d *Draft) { d.AutoSubmitted = "auto-replied" },
			[]string{"Auto-Submitted: auto-replied\r\n"},
			nil,
		},
		"foreign ids that can't be written": {
			func(d *Draft) { d.InReplyTo, d.References = "a b", []string{"ok@example.com", "ü@example.com"} },
			[]string{"References: <ok@example.com>\r\n"},
			[]string{"In-Reply-To"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := sound()
			c.change(&d)
			raw, err := Compose(d)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !bytes.Contains(raw, []byte(want)) {
					t.Errorf("%q is missing from\n%s", want, raw)
				}
			}
			for _, not := range c.not {
				if bytes.Contains(raw, []byte(not)) {
					t.Errorf("%q stands in\n%s", not, raw)
				}
			}
		})
	}
}

// TestComposeReferences: a long thread keeps its first id, which names it, and the last ones.
func TestComposeReferences(t *testing.T) {
	t.Parallel()
	d := sound()
	for i := range 100 {
		d.References = append(d.References, fmt.Sprintf("%d@example.com", i))
	}
	raw, err := Compose(d)
	if err != nil {
		t.Fatal(err)
	}
	got := Read(raw).References
	if len(got) != maxReferences || got[0] != "0@example.com" || got[1] != "80@example.com" || got[20] != "99@example.com" {
		t.Errorf("got %v", got)
	}
	if again, err := Compose(d); err != nil || !bytes.Equal(raw, again) {
		t.Error("the same draft made other bytes")
	}
}
