package outbox_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/mime"
	"parley/internal/outbox"
	"parley/internal/parley"
)

// filed adds a message with a file and an image that its HTML shows.
func (o *office) filed(text string) parley.Message {
	o.t.Helper()
	key, size, err := o.blobs.Put(o.t.Context(), o.actor.AccountID, strings.NewReader("bytes of "+text))
	if err != nil {
		o.t.Fatal(err)
	}
	image := o.upload("shown.png", "image/png", "image of "+text)
	return o.said(func(m *parley.Message, b *parley.Body) {
		m.Attachments = []parley.Attachment{image, {AccountID: m.AccountID, Filename: text + ".pdf", ContentType: "application/pdf", Size: size, Blob: key}}
		m.Bcc = parley.Addresses{{Email: "secret@boss.example"}}
		b.Text, b.VisibleText, b.HTML = text, text, `<p>`+text+`<img src="/api/v1/attachments/`+image.ID.String()+`?inline=1"></p>`
	})
}

func (o *office) upload(name, contentType, content string) parley.Attachment {
	o.t.Helper()
	a, err := o.out.Upload(o.t.Context(), o.actor, name, contentType, strings.NewReader(content))
	if err != nil {
		o.t.Fatal(err)
	}
	a.Inline = strings.HasPrefix(contentType, "image/")
	return a
}

func TestForwardCarriesWhatWasChosen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		forward func(first, second parley.Message) *outbox.Forward
		texts   []string
		files   []string
	}{
		"the newest": {func(_, _ parley.Message) *outbox.Forward { return nil }, []string{"second"}, []string{"shown.png", "second.pdf"}},
		"one": {
			func(first, _ parley.Message) *outbox.Forward {
				return &outbox.Forward{MessageIDs: []parley.MessageID{first.ID}}
			},
			[]string{"first"},
			[]string{"shown.png", "first.pdf"},
		},
		"two, in their order": {
			func(first, second parley.Message) *outbox.Forward {
				return &outbox.Forward{MessageIDs: []parley.MessageID{second.ID, first.ID}, AttachmentIDs: []parley.AttachmentID{second.Attachments[1].ID}}
			},
			[]string{"first", "second"},
			[]string{"shown.png", "shown.png", "second.pdf"},
		},
		"all": {
			func(_, _ parley.Message) *outbox.Forward {
				return &outbox.Forward{History: true, AttachmentIDs: []parley.AttachmentID{}}
			},
			[]string{"My chain broke.", "first", "second"},
			[]string{"shown.png", "shown.png"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.run()
			first, second := o.filed("first"), o.filed("second")
			m := o.reply(outbox.Letter{Kind: parley.KindForward, HTML: "<p>See below</p>", To: parley.Addresses{{Email: "grace@example.com"}}, Forward: c.forward(first, second)})
			b := o.body(m.ID)
			at := 0
			for _, text := range []string{"My chain broke.", "first", "second"} {
				found := strings.Index(b.Text, "\n"+text)
				if want := strings.Contains(strings.Join(c.texts, "|"), text); (found >= 0) != want || want && found < at {
					t.Errorf("%q stands at %d in %q", text, found, b.Text)
				}
				at = max(at, found)
			}
			var files []string
			for _, a := range m.Attachments {
				files = append(files, a.Filename)
			}
			if diff := cmp.Diff(c.files, files); diff != "" {
				t.Error(diff)
			}
			if strings.TrimSpace(b.VisibleText) != "See below" || !strings.HasPrefix(b.Text[b.QuoteAt:], "---------- Forwarded") || strings.Contains(b.Text+b.HTML, "boss") {
				t.Errorf("visible %q, at %d of %q", b.VisibleText, b.QuoteAt, b.Text)
			}
			sent := mime.Read(o.relay.Wait(1)[0].Body)
			if n := strings.Count(sent.HTML, "cid:"); n != strings.Count(strings.Join(c.files, " "), "shown.png") || strings.Contains(sent.HTML, "/api/v1/") {
				t.Errorf("the images are lost: %s", sent.HTML)
			}
		})
	}
}

func TestForwardRefusesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.filed("first")
	for key, f := range map[string]outbox.Forward{
		"forward.message_gone":    {MessageIDs: []parley.MessageID{m.ID, 999}},
		"forward.attachment_gone": {AttachmentIDs: []parley.AttachmentID{999}},
		"forward.too_many":        {MessageIDs: make([]parley.MessageID, 101)},
	} {
		err := o.refuse(outbox.Letter{Kind: parley.KindForward, Text: "x", To: parley.Addresses{{Email: "grace@example.com"}}, Forward: &f})
		if e, ok := errors.AsType[*parley.Error](err); !ok || e.Key != key || !strings.HasPrefix(e.Field, "forward.") {
			t.Errorf("%s: %v", key, err)
		}
	}
}
