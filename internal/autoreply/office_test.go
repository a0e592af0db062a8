package autoreply_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/internal/autoreply"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/intake"
	"parley/internal/job"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/thread"
)

// office is an account whose channel answers, with all rooms from the journal to the queue.
type office struct {
	t        testing.TB
	db       *store.DB
	place    storetest.Place
	owner    parley.Actor
	settings *setting.Service
	channel  parley.Channel
	intake   *intake.Service
	auto     *autoreply.Service
	now      time.Time
	read     parley.Seq       // of the log,
	queued   []parley.Message // by it
}

type mailChannels struct{}

func (mailChannels) For(_ context.Context, _ parley.AccountID, id parley.ChannelID) (channel.Channel, error) {
	return email.Type{}.Open(id, nil)
}

func (mailChannels) Open(c parley.Channel) (channel.Channel, error) {
	return email.Type{}.Open(c.ID, nil)
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), place: storetest.Location(t)}
	clock := func() time.Time { return o.now }
	o.db = storetest.OpenAt(t, o.place, storetest.WithNow(clock))
	disk, err := blob.Disk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	blobs := blob.NewSplit(o.db, disk)
	o.settings = setting.New(setting.Options{DB: o.db, MailDomain: "in.harbour.example", Now: clock})
	_, o.owner = storetest.Account(t, o.db)
	signer := thread.Signer{Keys: [][]byte{[]byte("a key for tests")}}
	contacts := contact.New(o.db)
	out := outbox.New(o.db, blobs, mailChannels{}, contacts, signer, clock, slog.New(slog.DiscardHandler))
	o.auto = autoreply.New(o.db, out, "in.harbour.example")
	o.intake = intake.New(intake.Options{
		DB: o.db, Blobs: blobs, Channels: mailChannels{}, Settings: o.settings, Contacts: contacts, Conversations: conversation.New(o.db, o.settings),
		Signer: signer, Began: o.auto.BeganTx, Now: clock,
	})
	o.setUp()
	return o
}

func (o *office) setUp() {
	o.t.Helper()
	in, err := o.settings.CreateInbox(o.t.Context(), o.owner, setting.InboxChange{Name: new("Support")})
	if err != nil {
		o.t.Fatal(err)
	}
	o.channel, err = o.settings.CreateChannel(o.t.Context(), o.owner, setting.NewChannel{Type: "email", Name: "Mail", InboxID: in.ID, Address: "support@harbour.example"})
	if err != nil {
		o.t.Fatal(err)
	}
	canned, err := o.settings.CreateCannedMessage(o.t.Context(), o.owner, setting.CannedChange{
		Name: new("We got it"), Shared: new(true), Subject: new("We got it, {{ contact.first_name | default: 'friend' }}"),
		HTML: new("<p>Dear {{ contact.first_name | default: 'friend' }}, you wrote “{{ conversation.subject }}”.</p>"),
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.answerWith(canned.ID)
}

func (o *office) answerWith(id parley.CannedMessageID) {
	o.t.Helper()
	var err error
	if o.channel, err = o.settings.UpdateChannel(o.t.Context(), o.owner, o.channel.ID, setting.ChannelChange{AutoresponderID: &id}); err != nil {
		o.t.Fatal(err)
	}
}

// deliver files a mail, and answers what is to be answered.
func (o *office) deliver(from string, raw []byte) {
	o.t.Helper()
	o.now = o.now.Add(time.Second)
	err := o.intake.Accept(o.t.Context(), channel.Raw{ChannelID: o.channel.ID, Body: raw, MailFrom: from, RcptTo: []string{o.channel.Address}, ReceivedAt: o.now})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, err := range o.intake.File(o.t.Context(), o.claim(intake.FilingJob)) {
		if err != nil {
			o.t.Fatal(err)
		}
	}
	for _, j := range o.claim(autoreply.AnswerJob) {
		if err := autoreply.Answer(o.auto, o.t.Context(), j); !errors.Is(err, job.ErrEnded) {
			o.t.Fatal(err)
		}
	}
}

func (o *office) claim(kind string) (jobs []parley.Job) {
	o.t.Helper()
	storetest.Update(o.t, o.db, func(tx *store.Tx) (err error) {
		jobs, err = tx.ClaimJobs(o.t.Context(), kind, "node", 10, time.Minute)
		return err
	})
	return jobs
}

func (o *office) mail(from, subject string, headers ...string) []byte {
	lines := append([]string{"From: " + from, "To: support@harbour.example", "Subject: " + subject, "Message-ID: <" + subject + o.now.Format("150405") + "@customer.example>"}, headers...)
	return []byte(strings.Join(lines, "\r\n") + "\r\n\r\nHello\r\n")
}

// answers are the messages that were queued for the contacts so far.
func (o *office) answers() []parley.Message {
	o.t.Helper()
	for more := true; more; {
		storetest.View(o.t, o.db, func(tx *store.Tx) error {
			events, err := tx.ListEventsAfter(o.t.Context(), o.owner.AccountID, o.read, 500)
			more = len(events) == 500
			for _, e := range events {
				if o.read = e.Seq; e.Kind != parley.MessageQueued || err != nil {
					continue
				}
				var m parley.Message
				m, err = tx.MessageByID(o.t.Context(), o.owner.AccountID, e.MessageID)
				o.queued = append(o.queued, m)
			}
			return err
		})
	}
	return o.queued
}
