package outbox_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/store"
)

type person struct{ Name, Email string }

// drafted is what the composer finds again.
type drafted struct {
	Mode      string
	AnswersID parley.MessageID `json:"answers_id"`
	HTML      string
	Subject   string
	To        []person
	Files     []struct {
		ID       parley.AttachmentID
		Filename string
	}
}

func (o *office) draft() (out drafted, version int64) {
	o.t.Helper()
	err := o.db.View(o.t.Context(), func(tx *store.Tx) error {
		d, err := tx.DraftOf(o.t.Context(), o.actor.AccountID, o.actor.UserID, o.conv, "reply")
		if err != nil {
			return err
		}
		version = d.Version
		return json.Unmarshal(d.Content, &out)
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return out, version
}

func (o *office) begin(content string) {
	o.t.Helper()
	o.update(func(tx *store.Tx) error {
		d := parley.DraftMessage{AccountID: o.actor.AccountID, UserID: o.actor.UserID, ConversationID: o.conv, Mode: "reply", Content: parley.JSON(content)}
		return tx.SaveDraft(o.t.Context(), &d, 0)
	})
}

func (o *office) cancel(id parley.MessageID) {
	o.t.Helper()
	if m, err := o.out.Cancel(o.t.Context(), o.actor, id); err != nil || m.Delivery != parley.Cancelled {
		o.t.Fatalf("%s, %v", m.Delivery, err)
	}
}

func TestTakenBackIsADraftAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	file, err := o.out.Upload(t.Context(), o.actor, "plan.txt", "text/plain", strings.NewReader("first this, then that"))
	if err != nil {
		t.Fatal(err)
	}
	letter := outbox.Letter{HTML: "<p>I keep <strong>one</strong></p>", UndoSeconds: 60, AttachmentIDs: []parley.AttachmentID{file.ID}}
	m := o.reply(letter)
	o.cancel(m.ID)

	d, version := o.draft()
	if d.Mode != "reply" || d.HTML != "<p>I keep <strong>one</strong></p>" || d.Subject != m.Subject {
		t.Errorf("the draft is %+v", d)
	}
	if len(d.To) != 1 || d.To[0].Email != m.To[0].Email || len(d.Files) != 1 || d.Files[0].ID != file.ID || d.Files[0].Filename != "plan.txt" {
		t.Errorf("the draft goes to %v with %v", d.To, d.Files)
	}
	if _, err := o.out.Retry(t.Context(), o.actor, m.ID); !parley.IsCode(err, parley.Conflict) {
		t.Errorf("it can be sent beside its draft: %v", err)
	}
	o.cancel(m.ID)
	if _, again := o.draft(); again != version {
		t.Error("taken back twice, it is written twice")
	}
	if again := o.reply(letter); len(again.Attachments) != 1 {
		t.Errorf("its file does not go with the draft: %v", again.Attachments)
	}
	if n := o.listed(); n != 2 { // what the contact wrote, and what was sent at last
		t.Errorf("the timeline has %d messages", n)
	}
}

func (o *office) listed() (n int) {
	o.t.Helper()
	err := o.db.View(o.t.Context(), func(tx *store.Tx) error {
		list, err := tx.ListTimelineMessages(o.t.Context(), store.TimelineQuery{AccountID: o.actor.AccountID, ConversationID: o.conv, Limit: 10})
		n = len(list)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func TestTakenBackBesideAnotherDraft(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, begun, html, to string }{
		{"nothing in it", `{"mode":"reply","html":"","to":[{"name":"","email":"new@example.com"}],"files":[]}`, "<p>Older</p>", "grace@example.com"},
		{"a newer text", `{"mode":"reply","html":"<p>Newer</p>","to":[{"name":"","email":"new@example.com"}],"files":[],"own":1}`, "<p>Older</p><p>Newer</p>", "new@example.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			m := o.reply(outbox.Letter{HTML: "<p>Older</p>", To: parley.Addresses{{Email: "grace@example.com"}}, UndoSeconds: 60})
			o.begin(c.begun)
			o.cancel(m.ID)
			d, version := o.draft()
			if d.HTML != c.html || version != 2 {
				t.Errorf("version %d is %q", version, d.HTML)
			}
			if diff := cmp.Diff([]person{{"", c.to}}, d.To); diff != "" {
				t.Errorf("it goes to somebody else:\n%s", diff)
			}
		})
	}
}

func TestForwardTakenBackHoldsItsOwnTextAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.reply(outbox.Letter{Kind: parley.KindForward, HTML: "<p>See below</p>", To: parley.Addresses{{Email: "grace@example.com"}}, UndoSeconds: 60})
	o.cancel(m.ID)
	if d, _ := o.draft(); d.Mode != "forward" || d.HTML != "<p>See below</p>" {
		t.Errorf("the draft is %+v", d)
	}
}

func TestTheOnlyMessageTakenBackIsAnUnseenDraftAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	letter := outbox.Letter{HTML: "<p>Hello</p>", UndoSeconds: 60, Close: true}
	id, err := o.out.Start(t.Context(), o.actor, outbox.NewConversation{ChannelID: o.channel.ID, ContactID: o.contact.ID, Source: parley.FromUser, Letter: letter})
	if err != nil {
		t.Fatal(err)
	}
	o.conv = id
	var m parley.Message
	o.update(func(tx *store.Tx) error {
		list, err := tx.ListRecentMessages(t.Context(), o.actor.AccountID, id, 1)
		m = list[0]
		return err
	})
	o.cancel(m.ID)
	if c := o.conversation(); !c.Draft || c.Status != parley.Open || c.MessageCount != 0 || c.Preview != "" {
		t.Errorf("the conversation is %+v", c)
	}
	if d, _ := o.draft(); d.HTML != "<p>Hello</p>" {
		t.Errorf("the draft is %+v", d)
	}
}

// What was filled in, and what was put below, is not the writer's: they find what they wrote.
func TestTakenBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.signature(parley.SignatureOfAccount, 0, "<p>Harbour Bikes</p>")
	file := o.upload("plan.txt", "text/plain", "first this")
	html := "<p>Dear " + chip("contact.first_name") + "</p>"
	o.begin(`{"mode":"reply_all","html":"<p>older</p>","files":[{"id":` + file.ID.String() + `,"filename":"plan.txt","kind":"file"}],"signature":true,"own":{"x":1}}`)
	yes := true
	m := o.reply(outbox.Letter{HTML: html, Merge: true, Signature: &yes, UndoSeconds: 60, AttachmentIDs: []parley.AttachmentID{file.ID}})
	if b := o.body(m.ID); !strings.Contains(b.HTML, "Dear Ann") || !strings.Contains(b.HTML, "Harbour Bikes") {
		t.Fatalf("%s", b.HTML)
	}
	o.cancel(m.ID)
	var content map[string]json.RawMessage
	o.update(func(tx *store.Tx) error {
		d, err := tx.DraftOf(t.Context(), o.actor.AccountID, o.actor.UserID, o.conv, "reply")
		if err != nil {
			return err
		}
		if !d.Begun || d.Preview != "Dear label" {
			t.Errorf("%t %q", d.Begun, d.Preview)
		}
		return json.Unmarshal(d.Content, &content)
	})
	wantHTML, err := json.Marshal(html)
	if err != nil {
		t.Fatal(err)
	}
	for member, want := range map[string]string{
		"mode": `"reply_all"`, "html": string(wantHTML), "signature": "true", "own": `{"x":1}`, "subject": `"Re: Broken chain"`,
		"files": `[{"id":` + file.ID.String() + `,"filename":"plan.txt","kind":"file"}]`, "to": `[{"name":"Ann Angler","email":"ann@client.example"}]`,
	} {
		if string(content[member]) != want {
			t.Errorf("%s is %s, not %s", member, content[member], want)
		}
	}
}

func TestForwardTakenBackKeepsWhatWasChosen(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.filed("first")
	m := o.reply(outbox.Letter{
		Kind: parley.KindForward, Text: "See below", To: parley.Addresses{{Email: "grace@example.com"}}, UndoSeconds: 60,
		Forward: &outbox.Forward{MessageIDs: []parley.MessageID{first.ID}, AttachmentIDs: []parley.AttachmentID{}},
	})
	o.cancel(m.ID)
	d, _ := o.draft()
	if d.Mode != "forward" || d.HTML != "<p>See below</p>" || len(d.Files) != 0 {
		t.Errorf("the draft is %+v", d)
	}
	o.update(func(tx *store.Tx) error {
		d, err := tx.DraftOf(t.Context(), o.actor.AccountID, o.actor.UserID, o.conv, "reply")
		if want := `"forward":{"attachment_ids":[],"history":false,"message_ids":[` + first.ID.String() + `]}`; !strings.Contains(string(d.Content), want) {
			t.Errorf("%s", d.Content)
		}
		return err
	})
}

// What was taken back is its writer's draft alone: no search finds its words, in
// whichever way it looks.
func TestTakenBackIsNotFound(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	found := func(word string) bool {
		t.Helper()
		var page, small store.SearchPage
		o.update(func(tx *store.Tx) (err error) {
			if page, err = tx.SearchConversations(t.Context(), o.actor, store.ListQuery{Limit: 10}, word, 0); err != nil {
				return err
			}
			small, err = tx.SearchConversations(t.Context(), o.actor, store.ListQuery{Limit: 10, InboxID: o.channel.InboxID}, word, 0)
			return err
		})
		if len(page.IDs) != len(small.IDs) {
			t.Errorf("%s is found in %v everywhere, in %v in its inbox", word, page.IDs, small.IDs)
		}
		return len(page.IDs) == 1
	}
	m := o.reply(outbox.Letter{Text: "The invoice is wrong, says Xylander.", SendAt: new(time.Now().Add(time.Hour))})
	if !found("xylander") || !found("chain") {
		t.Fatal("a message that waits is not found")
	}
	o.cancel(m.ID)
	if found("xylander") || found("xylan") {
		t.Error("it is found after it was taken back")
	}
	if !found("chain") {
		t.Error("what the contact wrote is not found any more")
	}
}
