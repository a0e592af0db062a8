package mime

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/parley"
)

// TestComposeThenRead is the promise of both halves: what was written is read.
func TestComposeThenRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDraft(t)
		raw, err := Compose(d)
		if err != nil {
			t.Fatal(err)
		}
		checkWire(t, raw)
		m := Read(raw)
		want := Message{
			From: d.From, Sender: d.Sender, ReplyTo: d.ReplyTo, To: d.To, Cc: d.Cc, Subject: strings.TrimSpace(d.Subject),
			SentAt: d.SentAt.UTC(), InternetID: d.InternetID, References: d.References, AutoSubmitted: d.AutoSubmitted != "", AutoReply: d.AutoSubmitted != "", NoAutoReply: d.AutoSubmitted != "",
			Text: d.Text, HTML: d.HTML, Parts: d.Parts,
		}
		if d.InReplyTo != "" {
			want.InReplyTo = []string{d.InReplyTo}
		}
		got := m
		got.ContentHash = nil
		got.HTML = strings.TrimRight(got.HTML, "\n")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("read differs from what was composed (-want +got):\n%s\n%s", diff, raw)
		}
	})
}

// checkWire asserts what every relay may rely on.
func checkWire(t *rapid.T, raw []byte) {
	for _, line := range bytes.SplitAfter(raw, []byte("\r\n")) {
		if len(line) > 1000 {
			t.Fatalf("line of %d bytes", len(line))
		}
		line = bytes.TrimSuffix(line, []byte("\r\n"))
		if bytes.ContainsAny(line, "\r\n\x00") || !isASCII(line) {
			t.Fatalf("line is not clean: %q", line)
		}
	}
	if !bytes.HasSuffix(raw, []byte("\r\n")) {
		t.Fatal("no line end at the end")
	}
}

func drawDraft(t *rapid.T) Draft {
	list := rapid.SliceOfN(rapid.Custom(drawAddress), 0, 4)
	ids := rapid.StringMatching(`[a-zA-Z0-9.$_-]{1,40}@[a-z0-9.-]{1,20}`)
	text := rapid.Map(rapid.StringOf(rapid.RuneFrom([]rune("abc .=-<>&\t\nFrom é€😀\u00a0"))), readable)
	d := Draft{
		From:       drawAddress(t),
		ReplyTo:    nilIfEmpty(list.Draw(t, "reply to")),
		To:         nilIfEmpty(list.Draw(t, "to")),
		Cc:         nilIfEmpty(list.Draw(t, "cc")),
		Subject:    drawLine(t, "subject"),
		SentAt:     time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "sent"), 0),
		InternetID: ids.Draw(t, "id"),
		Text:       text.Draw(t, "text"),
	}
	if rapid.Bool().Draw(t, "reply") {
		d.InReplyTo = ids.Draw(t, "in reply to")
		d.References = rapid.SliceOfN(ids, 1, maxReferences).Draw(t, "references")
		d.AutoSubmitted = "auto-replied"
	}
	if rapid.Bool().Draw(t, "html") && d.Text != "" {
		d.HTML = "<p>" + strings.ReplaceAll(d.Text, "<", "&lt;") + "</p>"
	}
	if d.HTML != "" {
		for i := range rapid.IntRange(0, 2).Draw(t, "images") {
			p := drawPart(t)
			p.ContentType = "image/png"
			p.Inline, p.ContentID = true, string(rune('a'+i))+"@example.com"
			d.HTML += `<img src="cid:` + p.ContentID + `">`
			d.Parts = append(d.Parts, p)
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "files") {
		d.Parts = append(d.Parts, drawPart(t))
	}
	return d
}

func drawPart(t *rapid.T) Part {
	p := Part{
		Filename:    strings.TrimSpace(strings.Map(noSlash, drawLine(t, "filename"))),
		ContentType: rapid.SampledFrom([]string{"image/png", "text/plain", "application/pdf", "text/html"}).Draw(t, "type"),
		Body:        rapid.SliceOf(rapid.Byte()).Draw(t, "body"),
	}
	return p
}

func noSlash(r rune) rune {
	if r == '/' || r == '\\' || r == '.' {
		return '_'
	}
	return r
}

func drawAddress(t *rapid.T) parley.Address {
	return parley.Address{
		Name:  strings.TrimSpace(drawLine(t, "name")),
		Email: rapid.StringMatching(`([a-z0-9+._'-]{1,20}|"[a-z ,]{1,8}")@([a-z0-9-]{1,12}\.){1,3}[a-z]{2,5}`).Draw(t, "email"),
	}
}

// drawLine draws header text: all that people and programs may put there, without line ends.
func drawLine(t *rapid.T, label string) string {
	runes := append([]rune(`abc XYZ 09 =?_-.,;:<>()[]@"'\/&%*+!`), 'é', '€', '😀', '日', '\u202e', '\u00a0')
	s := rapid.OneOf(
		rapid.StringOf(rapid.RuneFrom(runes)),
		rapid.StringMatching(`([a-zA-Z]{1,12} ){0,30}`),
		rapid.StringMatching(`=\?utf-8\?[qb]\?[a-z]{1,9}\?=`),
	).Draw(t, label)
	return s
}

func nilIfEmpty(list []parley.Address) parley.Addresses {
	if len(list) == 0 {
		return nil
	}
	return list
}

// readable is text as Read gives it: no line ends at the end, nothing if it says nothing.
func readable(s string) string {
	s = strings.TrimRight(s, "\n")
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return s
}
