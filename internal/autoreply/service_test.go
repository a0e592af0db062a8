package autoreply_test

import (
	"errors"
	"testing"
	"time"

	"parley/internal/autoreply"
	"parley/internal/channel"
	"parley/internal/intake"
	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

const ada = "Ada Lovelace <ada@customer.example>"

func TestNewConversationIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.deliver("ada@customer.example", o.mail(ada, "Broken chain"))
	all := o.answers()
	if len(all) != 1 {
		t.Fatalf("%d answers", len(all))
	}
	m := all[0]
	if !m.AutoSubmitted || m.AuthorID != 0 || m.Subject != "We got it, Ada" || len(m.To) != 1 || m.To[0].Email != "ada@customer.example" || m.InReplyTo == "" || m.Kind != parley.KindReply {
		t.Errorf("%+v", m)
	}
	storetest.View(t, o.db, func(tx *store.Tx) error {
		b, err := tx.BodyByID(t.Context(), m.AccountID, m.ID)
		if b.HTML != "<p>Dear Ada, you wrote “Broken chain”.</p>" {
			t.Errorf("%s", b.HTML)
		}
		if err != nil {
			return err
		}
		c, err := tx.ConversationByID(t.Context(), m.AccountID, m.ConversationID)
		if c.FirstReplyAt != nil || c.LastOutboundAt != nil || c.WaitingSince == nil || c.Preview != "Hello" || c.MessageCount != 2 || c.AssigneeID != 0 || c.LastSeq >= m.Seq {
			t.Errorf("it counts as an answer: %+v", c)
		}
		return err
	})
	o.deliver("ada@customer.example", o.mail(ada, "Re: We got it", "In-Reply-To: <"+m.InternetID+">"))
	o.deliver("ada@customer.example", o.mail(ada, "Another matter"))
	if n := len(o.answers()); n != 1 {
		t.Errorf("%d answers within a day", n)
	}
	o.now = o.now.Add(autoreply.Pause)
	o.deliver("ada@customer.example", o.mail(ada, "A third matter"))
	o.deliver("bo@customer.example", o.mail("bo@customer.example", "Mine"))
	if all = o.answers(); len(all) != 3 || all[2].Subject != "We got it, friend" {
		t.Errorf("%d answers in all", len(all))
	}
}

func TestNobodyIsAnsweredWhoMustNotBe(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, headers := range [][]string{
		{"Auto-Submitted: auto-replied"}, {"Precedence: bulk"}, {"List-Id: <x.example>"}, {"X-Auto-Response-Suppress: All"}, {"List-Unsubscribe: <mailto:x@y.example>"},
	} {
		o.deliver("ada@customer.example", o.mail(ada, headers[0][:4], headers...))
	}
	o.deliver("", o.mail(ada, "null path"))
	o.deliver("x@customer.example", o.mail("noreply@customer.example", "machine"))
	o.deliver("x@customer.example", o.mail("support@harbour.example", "ours"))
	o.deliver("x@customer.example", o.mail(o.settings.ForwardAddress(o.channel), "forwarding address"))
	o.deliver("x@customer.example", o.mail("x@harbour.example", "no subject", "Reply-To: support@harbour.example"))
	err := o.intake.Accept(t.Context(), channel.Raw{ChannelID: o.channel.ID, Body: o.mail("old@customer.example", "archived"), Archive: true, ReceivedAt: o.now})
	if err != nil {
		t.Fatal(err)
	}
	o.intake.File(t.Context(), o.claim(intake.FilingJob))
	if jobs := o.claim(autoreply.AnswerJob); len(jobs) != 0 {
		t.Error("an archive is asked about")
	}
	answered := map[string]bool{}
	for _, m := range o.answers() {
		answered[m.To[0].Email] = true
	}
	delete(answered, "x@harbour.example") // a person of the same company
	if len(answered) != 0 {
		t.Errorf("answered: %v", answered)
	}
	o.answerWith(0)
	o.deliver("new@customer.example", o.mail("new@customer.example", "off"))
	if len(o.answers()) > 1 {
		t.Error("answered although it is off")
	}
}

// The worker dies before anybody hears that the job is done: another finds nothing to do.
func TestJobThatRunsTwiceAnswersOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if err := o.intake.Accept(t.Context(), channel.Raw{ChannelID: o.channel.ID, Body: o.mail(ada, "x"), MailFrom: "ada@customer.example", RcptTo: []string{o.channel.Address}, ReceivedAt: o.now}); err != nil {
		t.Fatal(err)
	}
	o.intake.File(t.Context(), o.claim(intake.FilingJob))
	jobs := o.claim(autoreply.AnswerJob)
	if len(jobs) != 1 {
		t.Fatalf("%d jobs", len(jobs))
	}
	for range 3 {
		if err := autoreply.Answer(o.auto, t.Context(), jobs[0]); !errors.Is(err, job.ErrEnded) {
			t.Fatal(err)
		}
	}
	o.now = o.now.Add(time.Hour)
	if n := len(o.answers()); n != 1 {
		t.Errorf("%d answers", n)
	}
}
