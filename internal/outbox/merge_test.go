package outbox_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/mime"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/store"
)

func chip(expression string) string {
	return `<span data-merge="` + strings.ReplaceAll(expression, `"`, "&#34;") + `">label</span>`
}

func (o *office) body(id parley.MessageID) parley.Body {
	o.t.Helper()
	_, b, err := o.out.Body(o.t.Context(), o.actor, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

// said adds a message to the conversation as it was filed or sent.
func (o *office) said(change func(*parley.Message, *parley.Body)) parley.Message {
	o.t.Helper()
	var m parley.Message
	o.update(func(tx *store.Tx) error {
		m = parley.Message{
			AccountID: o.actor.AccountID, ConversationID: o.conv, ChannelID: o.channel.ID, Direction: parley.Inbound, At: tx.Now(), ReceivedAt: tx.Now(),
			FromName: "Ann Angler", FromEmail: "ann@client.example", To: parley.Addresses{{Email: o.channel.Address}}, Subject: "More",
		}
		b := parley.Body{QuoteAt: -1}
		change(&m, &b)
		m.InternetID = fmt.Sprintf("%x@client.example", b.Text)
		return tx.InsertMessage(o.t.Context(), &m, b)
	})
	return m
}

func (o *office) signature(level parley.SignatureLevel, owner int64, html string) {
	o.t.Helper()
	o.update(func(tx *store.Tx) error {
		return tx.SaveSignature(o.t.Context(), &parley.Signature{AccountID: o.actor.AccountID, Level: level, OwnerID: owner, HTML: html, UpdatedAt: tx.Now()})
	})
}

func (o *office) refuse(l outbox.Letter) error {
	o.t.Helper()
	if l.Kind == "" {
		l.Kind = parley.KindReply
	}
	before := o.listed()
	_, err := o.out.Send(o.t.Context(), o.actor, o.conv, l)
	if err == nil || o.listed() != before {
		o.t.Fatalf("it was sent all the same: %v", err)
	}
	return err
}

func TestChipsAreExpandedWhereTheLetterAsks(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	html := "<p>Dear " + chip("contact.first_name") + " of " + chip(`contact.company | default: "<b>"`) + ", {{ contact.email }}</p>"
	b := o.body(o.reply(outbox.Letter{HTML: html, Merge: true}).ID)
	if b.HTML != "<p>Dear Ann of &lt;b&gt;, {{ contact.email }}</p>" || strings.TrimSpace(b.Text) != "Dear Ann of <b>, {{ contact.email }}" {
		t.Errorf("%q\n%q", b.HTML, b.Text)
	}
	b = o.body(o.reply(outbox.Letter{HTML: html}).ID)
	if !strings.Contains(b.HTML, "data-merge") || strings.TrimSpace(b.Text) != "Dear label of label, {{ contact.email }}" {
		t.Errorf("without being asked: %q\n%q", b.HTML, b.Text)
	}
	b = o.body(o.reply(outbox.Letter{Text: "{{ contact.email }}"}).ID)
	if b.Text != "{{ contact.email }}" {
		t.Errorf("text is not literal: %q", b.Text)
	}
}

func TestWhatFieldsDoNotStandFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	err := o.refuse(outbox.Letter{HTML: "<p>" + chip("contact.age") + "</p>", Merge: true})
	if e, ok := errors.AsType[*parley.Error](err); !ok || e.Key != "merge.unknown" || e.Field != "html" || e.Params["name"] != "contact.age" {
		t.Errorf("%v", err)
	}
	letter := outbox.Letter{HTML: "<p>Hi " + chip("contact.company") + chip("contact.phone") + ".</p>", Merge: true}
	err = o.refuse(letter)
	u, ok := errors.AsType[*outbox.Unresolved](err)
	if !ok || !parley.IsCode(err, parley.Conflict) || !cmp.Equal(u.Fields, []string{"contact.company", "contact.phone"}) {
		t.Errorf("%v", err)
	}
	letter.MergeEmpty = true
	if b := o.body(o.reply(letter).ID); b.HTML != "<p>Hi .</p>" {
		t.Errorf("%q", b.HTML)
	}
	o.update(func(tx *store.Tx) error {
		return tx.SetMergeDefault(t.Context(), o.actor.AccountID, "contact.company", "your shop")
	})
	if b := o.body(o.reply(outbox.Letter{HTML: "<p>Hi " + chip("contact.company") + "</p>", Merge: true}).ID); b.HTML != "<p>Hi your shop</p>" {
		t.Errorf("%q", b.HTML)
	}
}

func TestHistoryIsWhatWasSaid(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ours := o.said(func(m *parley.Message, b *parley.Body) {
		m.Direction, m.FromName, m.FromEmail, m.Delivery = parley.Outbound, "Harbour Bikes", o.channel.Address, parley.Sent
		m.Bcc = parley.Addresses{{Email: "secret@boss.example"}}
		b.Text, b.VisibleText = "Which chain?\n\n> quoted", "Which chain?"
	})
	for _, d := range []parley.Delivery{parley.Failed, parley.Scheduled, parley.Cancelled} {
		o.said(func(m *parley.Message, b *parley.Body) {
			m.Direction, m.Delivery = parley.Outbound, d
			b.Text, b.VisibleText = "never "+string(d), "never "+string(d)
		})
	}
	o.said(func(m *parley.Message, b *parley.Body) {
		m.AutoSubmitted = true
		b.Text, b.VisibleText = "I am away", "I am away"
	})
	o.said(func(_ *parley.Message, b *parley.Body) {
		b.Text, b.VisibleText = "<script>{{ contact.name }}", "<script>{{ contact.name }}"
	})
	o.update(func(tx *store.Tx) error {
		return tx.InsertNote(t.Context(), &parley.Note{AccountID: o.actor.AccountID, ConversationID: o.conv, AuthorID: o.actor.UserID, Text: "a note", CreatedAt: tx.Now()})
	})
	b := o.body(o.reply(outbox.Letter{HTML: "<p>So far:</p><p>" + chip("conversation.history") + "</p>", Merge: true}).ID)
	for _, want := range []string{"My chain broke.", "Which chain?", "&lt;script&gt;{{ contact.name }}", "Harbour Bikes &lt;support@harbour.example&gt;"} {
		if !strings.Contains(b.HTML, want) {
			t.Errorf("%q is missing in %s", want, b.HTML)
		}
	}
	for _, never := range []string{"never", "away", "a note", "boss", "quoted", "<script"} {
		if strings.Contains(b.HTML, never) || never != "<script" && strings.Contains(b.Text, never) {
			t.Errorf("%q is in %s", never, b.HTML)
		}
	}
	if strings.Index(b.HTML, "My chain broke.") > strings.Index(b.HTML, "Which chain?") || ours.ID == 0 {
		t.Errorf("not the oldest first: %s", b.HTML)
	}
}

func TestSignatureOfALetter(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	quoted := "<p>On 2 March 2026, Ann wrote:</p><blockquote><p>My chain broke.</p></blockquote>"
	for name, c := range map[string]struct {
		channel    bool
		letter     outbox.Letter
		html, text string
		quoteAt    int
	}{
		"not asked for":      {false, outbox.Letter{HTML: "<p>Yes</p>"}, "<p>Yes</p>", "Yes", -1},
		"asked for":          {false, outbox.Letter{HTML: "<p>Yes</p>", Signature: &yes}, `<p>Yes</p><div class="signature"><p><strong>Olive</strong></p></div>`, "Yes\n\n-- \nOlive", 5},
		"of the channel":     {true, outbox.Letter{Text: "Yes"}, "", "Yes\n\n-- \nOlive", 5},
		"not this time":      {true, outbox.Letter{Text: "Yes", Signature: &no}, "", "Yes", -1},
		"above what is said": {true, outbox.Letter{HTML: "<p>Yes</p>" + quoted}, `<p>Yes</p><div class="signature"><p><strong>Olive</strong></p></div>` + quoted, "Yes\n\n-- \nOlive\n\nOn 2 March 2026, Ann wrote:\n\n> My chain broke.", 5},
		"above quoted text":  {true, outbox.Letter{Text: "Yes\n\nOn 2 March 2026, Ann wrote:\n> My chain broke.\n"}, "", "Yes\n\n-- \nOlive\n\nOn 2 March 2026, Ann wrote:\n> My chain broke.", 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.signature(parley.SignatureOfAccount, 0, "<p><strong>"+chip("user.first_name")+"</strong></p>")
			o.update(func(tx *store.Tx) error {
				ch := o.channel
				ch.AddSignature = c.channel
				u, err := tx.UserByID(t.Context(), o.actor.AccountID, o.actor.UserID)
				if err != nil {
					return err
				}
				u.Name = "Olive Oyl"
				if err := tx.UpdateUser(t.Context(), u); err != nil {
					return err
				}
				return tx.UpdateChannel(t.Context(), ch)
			})
			b := o.body(o.reply(c.letter).ID)
			if b.HTML != c.html || strings.TrimSpace(b.Text) != c.text || b.QuoteAt != c.quoteAt || strings.TrimSpace(b.VisibleText) != "Yes" && c.quoteAt > 0 {
				t.Errorf("%q\n%q at %d, visible %q", b.HTML, b.Text, b.QuoteAt, b.VisibleText)
			}
		})
	}
}

func TestSignatureAsItWillBeSent(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if got, err := o.out.Signature(t.Context(), o.actor, o.conv); err != nil || got.Level != "" || got.HTML != "" {
		t.Errorf("%+v, %v", got, err)
	}
	o.signature(parley.SignatureOfAccount, 0, "<p>Account</p>")
	o.signature(parley.SignatureOfChannel, int64(o.channel.ID), "<p>"+chip("channel.address")+" "+chip("contact.company")+"</p>")
	got, err := o.out.Signature(t.Context(), o.actor, o.conv)
	want := outbox.SignatureAsSent{Level: parley.SignatureOfChannel, HTML: "<p>support@harbour.example </p>", Text: "support@harbour.example", Unresolved: []string{"contact.company"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	p, err := o.out.Preview(t.Context(), o.actor, o.conv, "<p>Hi "+chip("contact.age")+chip("contact.phone")+"</p>", true)
	if diff := cmp.Diff(outbox.Previewed{
		HTML: `<p>Hi </p><div class="signature"><p>support@harbour.example </p></div>`, Text: "Hi\n\n-- \nsupport@harbour.example",
		Unresolved: []string{"contact.phone", "contact.company"}, Unknown: []string{"contact.age"},
	}, p); diff != "" || err != nil {
		t.Error(err, diff)
	}
	stranger := o.actor
	stranger.AllInboxes, stranger.Inboxes = false, nil
	if _, err := o.out.Preview(t.Context(), stranger, o.conv, "x", true); !parley.IsCode(err, parley.NotFound) {
		t.Error(err)
	}
}

// A name comes from whoever writes to us: nothing of it becomes a header of its own.
func TestMergedValuesMakeNoHeaders(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.run()
	evil := "Ann\r\nBcc: all@client.example\r\nX-Evil: 1\r\n\r\nbody"
	var canned parley.CannedMessage
	o.update(func(tx *store.Tx) error {
		c, err := tx.ContactByID(t.Context(), o.actor.AccountID, o.contact.ID)
		if err != nil {
			return err
		}
		c.Name = evil
		if err := tx.UpdateContact(t.Context(), &c); err != nil {
			return err
		}
		canned = parley.CannedMessage{AccountID: o.actor.AccountID, Name: "x", Subject: "For {{ contact.name }}", HTML: "<p>" + chip("contact.name") + "</p>", CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		return tx.InsertCannedMessage(t.Context(), &canned)
	})
	used, err := o.out.UseCanned(t.Context(), o.actor, canned.ID, o.conv)
	if err != nil || strings.ContainsAny(used.Subject, "\r\n") || !strings.HasPrefix(used.Subject, "For Ann") {
		t.Fatalf("%q, %v", used.Subject, err)
	}
	o.reply(outbox.Letter{HTML: used.HTML, Subject: &used.Subject, Merge: true, To: parley.Addresses{{Name: "Ann", Email: "ann@client.example"}}})
	sent := o.relay.Wait(1)[0]
	header, _, _ := strings.Cut(string(sent.Body), "\r\n\r\n")
	for line := range strings.SplitSeq(header, "\r\n") {
		if strings.HasPrefix(line, "Bcc:") || strings.HasPrefix(line, "X-Evil:") {
			t.Errorf("the header has %q", line)
		}
	}
	if got := mime.Read(sent.Body); !strings.HasPrefix(got.Subject, "For Ann") || !strings.Contains(got.Text, "Ann") || len(sent.To) != 1 {
		t.Errorf("%q, %q to %v", got.Subject, got.Text, sent.To)
	}
	subject := "a\r\nBcc: x@y.example"
	if err := o.refuse(outbox.Letter{Text: "x", Subject: &subject}); !parley.IsCode(err, parley.Invalid) {
		t.Error(err)
	}
}

func TestCannedMessageIsCopied(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	image, err := o.out.Upload(t.Context(), o.actor, "a.png", "image/png", strings.NewReader("image"))
	if err != nil {
		t.Fatal(err)
	}
	image.Inline = true
	c := parley.CannedMessage{
		AccountID: o.actor.AccountID, Name: "x", Subject: "Re {{ conversation.subject }}", CreatedAt: o.inbound.At, UpdatedAt: o.inbound.At,
		HTML: `<p>` + chip("contact.name") + `<img src="/api/v1/attachments/` + image.ID.String() + `?inline=1"/></p>`,
	}
	o.update(func(tx *store.Tx) error {
		if err := tx.InsertCannedMessage(t.Context(), &c); err != nil {
			return err
		}
		return tx.KeepUploads(t.Context(), []parley.Attachment{image}, c.ID, 0)
	})
	first, err := o.out.UseCanned(t.Context(), o.actor, c.ID, 0)
	if err != nil || first.Subject != c.Subject || len(first.Attachments) != 1 || first.Attachments[0].ID == image.ID {
		t.Fatalf("%+v, %v", first, err)
	}
	copied := first.Attachments[0]
	if want := strings.ReplaceAll(c.HTML, image.ID.String()+"?", copied.ID.String()+"?"); first.HTML != want {
		t.Errorf("%s", first.HTML)
	}
	if _, err := o.out.Attachment(t.Context(), o.actor, image.ID); err != nil {
		t.Error("its own file can't be seen:", err)
	}
	second, err := o.out.UseCanned(t.Context(), o.actor, c.ID, o.conv)
	if err != nil || second.Subject != "Re Broken chain" {
		t.Errorf("%+v, %v", second, err)
	}
	m := o.reply(outbox.Letter{HTML: first.HTML, Merge: true, AttachmentIDs: []parley.AttachmentID{copied.ID}})
	if len(m.Attachments) != 1 || !m.Attachments[0].Inline {
		t.Errorf("%+v", m.Attachments)
	}
	o.update(func(tx *store.Tx) error {
		c, err := tx.CannedMessageByID(t.Context(), o.actor.AccountID, o.actor.UserID, c.ID)
		if c.Uses != 2 || c.LastUsedAt == nil || len(c.Attachments) != 1 {
			t.Errorf("%+v", c)
		}
		return err
	})
	if _, err := o.out.UseCanned(t.Context(), o.actor, 999, 0); !parley.IsCode(err, parley.NotFound) {
		t.Error(err)
	}
}
