package intake_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/store"
)

func TestAttachments(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	e := o.deliver(`From: Ann <ann@x.test>
Message-ID: <a@x.test>
Subject: pictures
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: multipart/related; boundary=r

--r
Content-Type: text/html

<p onclick="x()">look <img src="cid:PIC@x"> <img src="cid:nothing"> <img src="https://tracker.test/p.png"></p>
--r
Content-Type: image/png
Content-ID: <pic@x>

png bytes
--r--
--m
Content-Type: application/pdf; name="offer.pdf"
Content-Disposition: attachment; filename="offer.pdf"

pdf bytes
--m--
`)
	m, b := o.message(e.MessageID), o.body(e.MessageID)
	if len(m.Attachments) != 2 || !m.Attachments[0].Inline || m.Attachments[1].Inline || m.Attachments[1].Filename != "offer.pdf" {
		t.Fatalf("attachments %+v", m.Attachments)
	}
	want := `src="/api/v1/attachments/` + m.Attachments[0].ID.String() + `?inline=1"`
	if strings.Count(b.HTML, want) != 1 || strings.Contains(b.HTML, "cid:") || strings.Contains(b.HTML, "onclick") || strings.Contains(b.HTML, string(m.RawBlob)) {
		t.Errorf("want %s in %s", want, b.HTML)
	}
	if !m.HasHTML || !m.RemoteImages || !o.conversation(e.ConversationID).HasAttachment {
		t.Errorf("message %+v", m)
	}
	for i, bytes := range []string{"png bytes", "pdf bytes"} {
		r, err := o.blobs.Open(t.Context(), o.account.ID, m.Attachments[i].Blob)
		if got := o.read(r, e, err); strings.TrimSpace(got) != bytes {
			t.Errorf("attachment %d holds %q", i, got)
		}
	}
}

// The bytes are the same before and after filing, whoever asks.
func TestRawIsKept(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	raw := o.raw(o.support, "From: ann@x.test\nSubject: \xff\xfe\n\nhello\x00\n")
	o.accept(raw)
	id := o.entries()[0].ID
	if got := o.read(o.intake.Raw(t.Context(), o.owner, id)); got != string(raw.Body) {
		t.Errorf("pending: %q", got)
	}
	o.file()
	if got := o.read(o.intake.Raw(t.Context(), o.owner, id)); got != string(raw.Body) {
		t.Errorf("filed: %q", got)
	}
	m := o.message(o.entries()[0].MessageID)
	r, err := o.blobs.Open(t.Context(), o.account.ID, m.RawBlob)
	if got := o.read(r, parley.Intake{}, err); got != string(raw.Body) || m.RawSize != int64(len(raw.Body)) {
		t.Errorf("the message's: %q", got)
	}
}

// panics is a channel whose parser does.
type panics struct{ channel.Channel }

func (panics) Parse(channel.Raw) (channel.Parsed, error) { panic("a fault of ours") }

// refuses is a channel that cannot read at all.
type refuses struct{ channel.Channel }

func (refuses) Parse(channel.Raw) (channel.Parsed, error) { return channel.Parsed{}, errors.New("no") }

func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wrap  func(channel.Channel) channel.Channel
		body  string
		again parley.IntakeOutcome // of the same bytes once more
	}{
		"no header":          {nil, "\x00\x01\x02 nothing that a mail begins with", parley.BecameMessage},
		"nothing":            {nil, "", parley.BecameMessage},
		"the parser panics":  {func(ch channel.Channel) channel.Channel { return panics{ch} }, mailOf("a@x.test", "one", "hello"), parley.BecameDuplicate},
		"the parser refuses": {func(ch channel.Channel) channel.Channel { return refuses{ch} }, mailOf("a@x.test", "one", "hello"), parley.BecameDuplicate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.doors.wrap = c.wrap
			e := o.deliver(c.body)
			conv, m := o.conversation(e.ConversationID), o.message(e.MessageID)
			if e.Outcome != parley.BecameMessage || conv.Subject != "Mail that could not be read" || conv.Folder != parley.FolderOpen || conv.UnreadSeq == 0 {
				t.Errorf("became a %s in %+v", e.Outcome, conv)
			}
			if !m.Unparsed || m.RawBlob == "" {
				t.Errorf("message %+v", m)
			}
			if contact := o.contact(conv.ContactID); len(contact.Points) != 1 || contact.Points[0].Key != "sender@x.test" {
				t.Errorf("contact %+v", contact)
			}
			if again := o.deliver(c.body); again.Outcome != c.again {
				t.Errorf("the same bytes again became a %s", again.Outcome)
			}
		})
	}
}

// A mail of which nothing tells who wrote it is shown all the same.
func TestNobodyWrote(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	raw := o.raw(o.support, "Subject: hello\n\nhi\n")
	raw.MailFrom = ""
	o.accept(raw)
	o.file()
	e := o.entries()[0]
	c := o.contact(o.conversation(e.ConversationID).ContactID)
	if c.Name != "Unknown sender" || len(c.Points) != 0 {
		t.Errorf("contact %+v", c)
	}
}

func TestBlockedSender(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	known := o.deliver(mailOf("a@x.test", "one", "hello"))
	o.block("ann@x.test")
	seq := o.seq()
	e := o.deliver(mailOf("b@x.test", "two", "buy", "In-Reply-To: <a@x.test>"))
	c := o.conversation(e.ConversationID)
	if e.ConversationID == known.ConversationID || !c.Spam || c.Folder != parley.FolderSpam || c.UnreadSeq != 0 || c.AssigneeID != 0 || c.MessageCount != 1 {
		t.Errorf("filed in %+v", c)
	}
	if diff := cmp.Diff([]string{"conversation.created", "message.received"}, o.kinds(seq)); diff != "" {
		t.Error(diff)
	}
	if before := o.conversation(known.ConversationID); before.MessageCount != 1 {
		t.Error("the conversation of before took it")
	}
	if again := o.deliver(mailOf("c@x.test", "three", "buy!", "In-Reply-To: <b@x.test>")); again.ConversationID != e.ConversationID {
		t.Error("the next one is not with it")
	}
	o.block("noreply@shop.test")
	e = o.deliver("From: noreply@shop.test\nReply-To: other@shop.test\nMessage-ID: <d@shop.test>\nSubject: four\n\nbuy\n")
	if !o.conversation(e.ConversationID).Spam {
		t.Error("another Reply-To gets round the block")
	}
}

// endless gives as many bytes as are asked for.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestAcceptRefuses(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	disabled := o.channel("old@harbour.example")
	o.update(func(tx *store.Tx) error {
		disabled.DisabledAt = new(tx.Now())
		return tx.UpdateChannel(t.Context(), disabled)
	})
	big, _ := io.ReadAll(io.LimitReader(endless{}, 50<<20+1))
	for name, c := range map[string]struct {
		raw  channel.Raw
		code parley.Code
	}{
		"an unknown channel": {channel.Raw{ChannelID: 999, Body: []byte("x")}, parley.NotFound},
		"a disabled channel": {channel.Raw{ChannelID: disabled.ID, Body: []byte("x")}, parley.NotFound},
		"more than 50 MB":    {channel.Raw{ChannelID: o.support.ID, Body: big}, parley.TooLarge},
	} {
		if err := o.intake.Accept(t.Context(), c.raw); !parley.IsCode(err, c.code) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if got := o.totals(); got != (parley.IntakeTotals{}) {
		t.Errorf("totals %+v", got)
	}
}

// A channel that is disabled or deleted after it accepted something still files it.
func TestChannelGoesAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.accept(o.raw(o.support, mailOf("a@x.test", "one", "hello")))
	if err := o.settings.DeleteChannel(t.Context(), o.owner, o.support.ID); err != nil {
		t.Fatal(err)
	}
	o.file()
	if e := o.entries()[0]; e.State != parley.IntakeFiled {
		t.Errorf("the entry is %s", e.State)
	}
}
