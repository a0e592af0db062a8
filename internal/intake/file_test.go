package intake_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/thread"
)

func TestFirstMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	seq := o.seq()
	e := o.deliver(mailOf("a@x.test", "A red bike", "Do you have it?\n\n-- \nAnn", "Cc: Bob <bob@y.test>"))
	if e.State != parley.IntakeFiled || e.Outcome != parley.BecameMessage {
		t.Fatalf("the entry is %s, %s", e.State, e.Outcome)
	}
	c, m := o.conversation(e.ConversationID), o.message(e.MessageID)
	if c.Subject != "A red bike" || c.Folder != parley.FolderOpen || c.Source != parley.FromContact || c.InboxID != o.inbox.ID || c.Number != 1 || c.UnreadSeq == 0 || c.WaitingSince == nil {
		t.Errorf("conversation %+v", c)
	}
	contact := o.contact(c.ContactID)
	if contact.Name != "Ann Angler" || len(contact.Points) != 1 || contact.Points[0].Key != "ann@x.test" {
		t.Errorf("contact %+v", contact)
	}
	if m.FromEmail != "ann@x.test" || m.Cc[0].Email != "bob@y.test" || m.InternetID != "a@x.test" || m.Preview != "Do you have it?" || m.Seq == 0 || m.ContactID != c.ContactID {
		t.Errorf("message %+v", m)
	}
	if diff := cmp.Diff([]string{"contact.created", "conversation.created", "message.received"}, o.kinds(seq)); diff != "" {
		t.Error(diff)
	}
	if got := o.totals(); got != (parley.IntakeTotals{Accepted: 1, Filed: 1}) {
		t.Errorf("totals %+v", got)
	}
}

func TestTagsAreLearntWhereTheOwnAddressIsReceived(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rcpt func(parley.Channel) string
		want bool
	}{
		"forwarded":      {func(ch parley.Channel) string { return ch.ForwardLocal + "@in.parley.example" }, false},
		"direct":         {func(ch parley.Channel) string { return ch.Address }, true},
		"direct, tagged": {func(ch parley.Channel) string { return thread.Tag(ch.Address, "tag") }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			ch := o.channel("shop@elsewhere.example")
			raw := o.raw(ch, mailOf("a@x.test", "A red bike", "Do you have it?"))
			raw.RcptTo = []string{c.rcpt(ch)}
			o.accept(raw)
			o.file()
			got, err := o.settings.Channel(t.Context(), o.owner, ch.ID)
			if err != nil || got.PlusTags != c.want {
				t.Errorf("plus_tags is %v: %v", got.PlusTags, err)
			}
		})
	}
}
