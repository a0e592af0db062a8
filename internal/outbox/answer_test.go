package outbox_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/outbox"
	"parley/internal/parley"
)

func TestReplyAnswersTheMessageItNames(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	older := o.said(func(m *parley.Message, b *parley.Body) {
		m.FromName, m.FromEmail, m.ReplyTo = "Bo Baker", "bo@client.example", parley.Addresses{{Name: "Desk", Email: "desk@client.example"}}
		m.Subject, m.References, m.NewParticipant, b.Text = "The bill", parley.Strings{"first@client.example"}, true, "older"
	})
	o.said(func(_ *parley.Message, b *parley.Body) { b.Text = "newest" })
	ours := o.reply(outbox.Letter{Text: "Ours", To: parley.Addresses{{Name: "Cy", Email: "cy@client.example"}}})
	for name, c := range map[string]struct {
		answers parley.MessageID
		parent  parley.Message
		to      string
		subject string
	}{
		"the newest by itself":          {0, parley.Message{InternetID: "6e6577657374@client.example"}, "ann@client.example", "Re: Broken chain"},
		"of a newcomer with a Reply-To": {older.ID, older, "desk@client.example", "Re: The bill"},
		"one of ours":                   {ours.ID, ours, "cy@client.example", "Re: Broken chain"},
	} {
		m := o.reply(outbox.Letter{Text: "Answer", AnswersID: c.answers})
		if m.InReplyTo != c.parent.InternetID || len(m.To) != 1 || m.To[0].Email != c.to || m.Subject != c.subject {
			t.Errorf("%s: %q answers %q, to %v", name, m.Subject, m.InReplyTo, m.To)
		}
		if diff := cmp.Diff(append(append(parley.Strings{}, c.parent.References...), c.parent.InternetID), m.References); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReplyRefusesWhatCannotBeAnswered(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	waits := o.reply(outbox.Letter{Text: "Soon", UndoSeconds: 60})
	for _, id := range []parley.MessageID{999, waits.ID} {
		err := o.refuse(outbox.Letter{Text: "x", AnswersID: id})
		if e, ok := errors.AsType[*parley.Error](err); !ok || e.Key != "answer.message_gone" || e.Field != "answers_id" {
			t.Errorf("%d: %v", id, err)
		}
	}
}

func TestTakenBackStillNamesWhatItAnswers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.reply(outbox.Letter{Text: "Soon", UndoSeconds: 60, AnswersID: o.inbound.ID})
	o.cancel(m.ID)
	if d, _ := o.draft(); d.AnswersID != o.inbound.ID || !strings.Contains(d.HTML, "Soon") {
		t.Errorf("the draft answers %d: %s", d.AnswersID, d.HTML)
	}
}
