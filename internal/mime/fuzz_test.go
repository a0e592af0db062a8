package mime

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/internal/parley"
)

// seed adds the peers' mails of moderate size, where they are at hand.
func seed(f *testing.F, pattern string, add func(raw []byte)) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join(corporaOrNone(), pattern))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(raw) < 20_000 {
			add(raw)
		}
	}
}

// seedFields adds the values of one header field of the peers' mails.
func seedFields(f *testing.F, names ...string) {
	f.Helper()
	seen := map[string]bool{}
	seed(f, "mail-*/*/*.eml", func(raw []byte) {
		head, _ := splitHeader(normalize(raw))
		for _, name := range names {
			if v := head.get(name); v != "" && !seen[v] {
				seen[v] = true
				f.Add(v)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	seed(f, "mail-hostile/*/*.eml", func(raw []byte) { f.Add(raw) })
	seed(f, "mail-parse/*/*.eml", func(raw []byte) { f.Add(raw) })
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Read(raw)
		if diff := cmp.Diff(m, Read(raw), cmpopts.EquateErrors()); diff != "" {
			t.Fatalf("read twice differs:\n%s", diff)
		}
		checkMessage(t, m)
		checkSplit(t, m.Text)
		if _, err := Compose(answerTo(m)); err != nil {
			t.Fatalf("cannot be answered: %v", err)
		}
	})
}

// answerTo is a reply to whatever was read: it must always be possible.
func answerTo(m Message) Draft {
	d := Draft{
		From: parley.Address{Email: "us@example.com"}, To: parley.Addresses{{Email: "them@example.com"}},
		Subject: "Re: " + m.Subject, SentAt: time.Unix(1e9, 0), InternetID: "1@example.com",
		References: append(m.References, m.InternetID), InReplyTo: m.InternetID, Text: m.Text, HTML: m.HTML,
	}
	return d
}

// checkMessage asserts what Message promises of any input.
func checkMessage(t *testing.T, m Message) {
	t.Helper()
	texts := []string{m.Subject, m.InternetID, m.Text, m.HTML, m.From.Name, m.From.Email, m.Sender.Name, m.Sender.Email}
	for _, list := range []parley.Addresses{m.ReplyTo, m.To, m.Cc, m.Bcc} {
		for _, a := range list {
			texts = append(texts, a.Name, a.Email)
			if a.Email == "" {
				t.Errorf("address without an email: %+v", a)
			}
		}
	}
	texts = append(append(append(texts, m.DeliveredTo...), m.InReplyTo...), m.References...)
	for _, p := range m.Parts {
		texts = append(texts, p.Filename, p.ContentType, p.ContentID)
	}
	for _, r := range m.Reports {
		texts = append(texts, r.InternetID, r.Recipient, r.Status, r.Text)
	}
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			t.Errorf("not storable: %q", s)
		}
	}
	if len(m.Parts) > maxParts || len(m.ContentHash) != 32 {
		t.Errorf("%d parts, hash of %d bytes", len(m.Parts), len(m.ContentHash))
	}
}

func FuzzHeader(f *testing.F) {
	seed(f, "mail-*/*/*.eml", func(raw []byte) {
		head, _, _ := bytes.Cut(raw, []byte("\n\n"))
		f.Add(append(head, "\n\nbody"...))
	})
	f.Fuzz(func(t *testing.T, raw []byte) {
		head, body := splitHeader(raw)
		if len(head) > maxFields || len(body) > len(raw) {
			t.Errorf("%d fields, body of %d bytes", len(head), len(body))
		}
		for _, field := range head {
			if len(field.name) == 0 || bytes.ContainsAny(field.name, " \t\r\n:") {
				t.Errorf("field name %q", field.name)
			}
		}
	})
}

func FuzzAddresses(f *testing.F) {
	seedFields(f, "from", "to", "cc", "reply-to", "sender")
	f.Fuzz(func(t *testing.T, v string) {
		for _, a := range readAddresses(v, "") {
			if a.Email == "" || !utf8.ValidString(a.Email+a.Name) || strings.Contains(a.Email+a.Name, "\x00") {
				t.Errorf("%q: %+v", v, a)
			}
		}
	})
}

func FuzzDate(f *testing.F) {
	seedFields(f, "date")
	f.Fuzz(func(t *testing.T, v string) {
		if got := readDate(v); !got.IsZero() && (got.Year() < 1899 || got.Year() > 10000) {
			t.Errorf("%q: %v", v, got)
		}
	})
}

func FuzzMediaType(f *testing.F) {
	seedFields(f, "content-type", "content-disposition")
	f.Fuzz(func(t *testing.T, v string) {
		m := readMediaType(v, "")
		for key, value := range m.params {
			if !utf8.ValidString(value) || strings.Contains(value, "\x00") {
				t.Errorf("%q: %q is %q", v, key, value)
			}
		}
		if name := cleanFilename(m.params["filename"]); strings.ContainsAny(name, "/\\\r\n\x00") {
			t.Errorf("%q: filename %q", v, name)
		}
	})
}

func FuzzSplitQuote(f *testing.F) {
	seed(f, "mail-*/*/*.eml", func(raw []byte) { f.Add(Read(raw).Text) })
	f.Fuzz(func(t *testing.T, text string) { checkSplit(t, text) })
}

// checkSplit asserts what SplitQuote promises of any text.
func checkSplit(t *testing.T, text string) {
	t.Helper()
	visible, at := SplitQuote(text)
	if visible == "" && strings.TrimSpace(text) != "" {
		t.Errorf("nothing is left of %q", text)
	}
	if at < -1 || at >= len(text) && at >= 0 || len(visible) > len(text) {
		t.Errorf("%q: visible %q, quote at %d", text, visible, at)
	}
	if at >= 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		t.Errorf("%q: quote at %d is inside of a character", text, at)
	}
}

func FuzzTextFromHTML(f *testing.F) {
	seed(f, "mail-*/*/*.eml", func(raw []byte) { f.Add(Read(raw).HTML) })
	f.Fuzz(func(t *testing.T, htm string) {
		text := TextFromHTML(htm)
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			t.Errorf("%q: %q", htm, text)
		}
	})
}

func FuzzCompose(f *testing.F) {
	f.Add("Ann", "ann@example.com", "Subject", "id@example.com", "Text", "a.txt", "text/plain", []byte("x"))
	f.Add("Ännchen\r\nBcc: x@y.z", "ä@ö.example", "=?x?", "a b", "From me\n.\n", "a\"b\\ü.txt", "a/b; c", []byte{0, 255})
	f.Fuzz(func(t *testing.T, name, email, subject, id, text, filename, kind string, body []byte) {
		a := parley.Address{Name: name, Email: email}
		raw, err := Compose(Draft{
			From: a, To: parley.Addresses{a, a}, Subject: subject, SentAt: time.Unix(1e9, 0), InternetID: id, InReplyTo: id,
			References: []string{id, id}, AutoSubmitted: subject, Text: text, HTML: text, Fields: []Field{{Name: "X-Note", Value: name}},
			Parts: []Part{{Filename: filename, ContentType: kind, Body: body}},
		})
		if err != nil {
			return
		}
		for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
			if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") || !isASCII(line) {
				t.Errorf("line %q", line)
			}
		}
		m := Read(raw)
		if m.From.Email == "" || len(m.To) != 2 || len(m.Parts) != 1 || !bytes.Equal(m.Parts[0].Body, body) || len(m.Bcc) > 0 {
			t.Errorf("read %+v from\n%s", m, raw)
		}
	})
}

// FuzzReport reads the machine's part of a delivery report (RFC 3464).
func FuzzReport(f *testing.F) {
	seed(f, "bounce-auto/*/*.eml", func(raw []byte) {
		if _, status, ok := bytes.Cut(raw, []byte("message/delivery-status")); ok {
			_, status, _ = bytes.Cut(status, []byte("\n\n"))
			f.Add(status)
		}
	})
	f.Add([]byte("Reporting-MTA: dns; mx.example\nOriginal-Envelope-Id: <1@x>\n\nFinal-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n"))
	f.Add([]byte("Final-Recipient: 0@0\nAction: failed\nStatus: \x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = normalize(raw)
		reports, id := readStatus(raw)
		for _, r := range reports {
			if r.Delivery == "" {
				t.Errorf("a report of nothing: %+v", r)
			}
			for _, s := range []string{r.InternetID, r.Recipient, r.Status, r.Text} {
				if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
					t.Errorf("not storable: %q", s)
				}
			}
		}
		if again, same := readStatus(raw); same != id || len(again) != len(reports) {
			t.Errorf("read twice differs: %d and %d reports", len(reports), len(again))
		}
	})
}
