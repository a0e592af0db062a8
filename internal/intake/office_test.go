package intake_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/intake"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/thread"
)

const mailDomain = "in.harbour.example"

// office is an account with one email channel, and the way in to it.
type office struct {
	t             testing.TB
	db            *store.DB
	blobs         blob.Store
	account       parley.Account
	owner         parley.Actor
	settings      *setting.Service
	inbox         setting.Inbox
	conversations *conversation.Service
	support       parley.Channel
	signer        thread.Signer
	intake        *intake.Service
	clock         *clock
	log           *strings.Builder
	doors         *doors
}

// clock stands still unless it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// doors opens every channel as mail, unless a test puts something in its place.
type doors struct {
	mu   sync.Mutex
	fail error
	wrap func(channel.Channel) channel.Channel
}

func (d *doors) For(_ context.Context, _ parley.AccountID, id parley.ChannelID) (channel.Channel, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil {
		return nil, d.fail
	}
	ch, err := email.Type{}.Open(id, nil)
	if err == nil && d.wrap != nil {
		ch = d.wrap(ch)
	}
	return ch, err
}

func newOffice(t testing.TB) *office {
	t.Helper()
	return officeAt(t, storetest.Location(t))
}

func officeAt(t testing.TB, place storetest.Place) *office {
	t.Helper()
	o := &office{
		t: t, clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, doors: &doors{}, log: &strings.Builder{},
		signer: thread.Signer{Keys: [][]byte{[]byte("a key for tests")}},
	}
	o.db = storetest.OpenAt(t, place, storetest.WithNow(o.clock.Now))
	disk, err := blob.Disk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o.blobs = blob.NewSplit(o.db, disk)
	o.settings = setting.New(setting.Options{DB: o.db, MailDomain: mailDomain, Now: o.clock.Now})
	o.conversations = conversation.New(o.db, o.settings)
	o.account, o.owner = storetest.Account(t, o.db)
	o.inbox, err = o.settings.CreateInbox(t.Context(), o.owner, setting.InboxChange{Name: new("Support")})
	if err != nil {
		t.Fatal(err)
	}
	o.support = o.channel("support@harbour.example")
	o.restart()
	return o
}

// restart makes the service anew, as after a crash.
func (o *office) restart() {
	o.intake = intake.New(intake.Options{
		DB: o.db, Blobs: o.blobs, Channels: o.doors, Settings: o.settings, Contacts: contact.New(o.db), Conversations: o.conversations,
		Signer: o.signer, Log: slog.New(slog.NewTextHandler(o.log, nil)), Now: o.clock.Now,
	})
}

func (o *office) channel(address string) parley.Channel {
	o.t.Helper()
	ch, err := o.settings.CreateChannel(o.t.Context(), o.owner, setting.NewChannel{Type: "email", Name: "Mail", InboxID: o.inbox.ID, Address: address})
	if err != nil {
		o.t.Fatal(err)
	}
	return ch
}

// raw is a mail as the listener hands it over: header lines, a blank one, the body.
func (o *office) raw(ch parley.Channel, mail string) channel.Raw {
	return channel.Raw{
		ChannelID: ch.ID, Body: []byte(strings.ReplaceAll(mail, "\n", "\r\n")), MailFrom: "sender@x.test",
		RcptTo: []string{ch.Address}, RemoteAddr: "192.0.2.1:25", ReceivedAt: o.clock.Now(),
	}
}

func (o *office) accept(raw channel.Raw) {
	o.t.Helper()
	if err := o.intake.Accept(o.t.Context(), raw); err != nil {
		o.t.Fatal(err)
	}
}

// deliver accepts and files mails for the support channel, one after the other, a minute apart.
func (o *office) deliver(mails ...string) parley.Intake {
	o.t.Helper()
	for _, m := range mails {
		o.clock.pass(time.Minute)
		o.accept(o.raw(o.support, m))
		o.file()
	}
	return o.entries()[0]
}

// file runs the filing jobs that are due until none is left.
func (o *office) file() {
	o.t.Helper()
	for {
		errs, n := o.work()
		for _, err := range errs {
			if err != nil {
				o.t.Fatalf("file: %v", err)
			}
		}
		if n == 0 {
			return
		}
	}
}

// work claims a batch and runs it as the queue does, without its backoff.
func (o *office) work() ([]error, int) {
	o.t.Helper()
	batch := o.claim()
	if len(batch) == 0 {
		return nil, 0
	}
	errs := o.intake.File(o.t.Context(), batch)
	storetest.Update(o.t, o.db, func(tx *store.Tx) error {
		for i, j := range batch {
			var err error
			if errs[i] == nil {
				err = tx.DeleteJobs(o.t.Context(), j.ID)
			} else {
				err = tx.RetryJob(o.t.Context(), j.ID, tx.Now(), errs[i].Error())
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return errs, len(batch)
}

// workUnsettled runs a batch and dies before the queue has written what came of it.
func (o *office) workUnsettled() ([]error, int) {
	o.t.Helper()
	batch := o.claim()
	return o.intake.File(o.t.Context(), batch), len(batch)
}

// reclaim is what the queue does when the process starts again.
func (o *office) reclaim() {
	o.t.Helper()
	storetest.Update(o.t, o.db, func(tx *store.Tx) error {
		_, err := tx.ReclaimJobs(o.t.Context(), "")
		return err
	})
}

func (o *office) claim() (batch []parley.Job) {
	o.t.Helper()
	storetest.Update(o.t, o.db, func(tx *store.Tx) (err error) {
		batch, err = tx.ClaimJobs(o.t.Context(), intake.FilingJob, "test", 32, time.Minute)
		return err
	})
	return batch
}

// entries are the journal, the newest first.
func (o *office) entries() []parley.Intake {
	o.t.Helper()
	out, _, err := o.intake.Entries(o.t.Context(), o.owner, "", 0, 1000)
	if err != nil {
		o.t.Fatal(err)
	}
	return out
}

func (o *office) totals() parley.IntakeTotals {
	o.t.Helper()
	t, err := o.intake.Totals(o.t.Context(), o.owner)
	if err != nil {
		o.t.Fatal(err)
	}
	return t
}

// days are the journal's sums of all days; together they are the totals.
func (o *office) days() []parley.IntakeDay {
	o.t.Helper()
	days, next, err := o.intake.Days(o.t.Context(), o.owner, "", 100)
	if err != nil || next != "" {
		o.t.Fatal(next, err)
	}
	var sum parley.IntakeTotals
	for _, d := range days {
		var day parley.IntakeTotals
		for _, c := range d.Channels {
			add(&day, c.IntakeTotals)
		}
		if day != d.IntakeTotals {
			o.t.Errorf("%s: %+v, its channels %+v", d.Day, d.IntakeTotals, day)
		}
		add(&sum, d.IntakeTotals)
	}
	if total := o.totals(); sum != total {
		o.t.Errorf("all days %+v, totals %+v", sum, total)
	}
	return days
}

func add(sum *parley.IntakeTotals, t parley.IntakeTotals) {
	sum.Accepted += t.Accepted
	sum.Filed += t.Filed
	sum.Failed += t.Failed
	sum.Pending += t.Pending
}

func (o *office) message(id parley.MessageID) (m parley.Message) {
	o.t.Helper()
	storetest.View(o.t, o.db, func(tx *store.Tx) (err error) {
		m, err = tx.MessageByID(o.t.Context(), o.account.ID, id)
		return err
	})
	return m
}

func (o *office) body(id parley.MessageID) (b parley.Body) {
	o.t.Helper()
	storetest.View(o.t, o.db, func(tx *store.Tx) (err error) {
		b, err = tx.BodyByID(o.t.Context(), o.account.ID, id)
		return err
	})
	return b
}

func (o *office) conversation(id parley.ConversationID) (c parley.Conversation) {
	o.t.Helper()
	storetest.View(o.t, o.db, func(tx *store.Tx) (err error) {
		c, err = tx.ConversationByID(o.t.Context(), o.account.ID, id)
		return err
	})
	return c
}

func (o *office) contact(id parley.ContactID) (c parley.Contact) {
	o.t.Helper()
	storetest.View(o.t, o.db, func(tx *store.Tx) (err error) {
		c, err = tx.ContactByID(o.t.Context(), o.account.ID, id)
		return err
	})
	return c
}

// events are the account's log from a number on.
func (o *office) events(after parley.Seq) (out []parley.Event) {
	o.t.Helper()
	storetest.View(o.t, o.db, func(tx *store.Tx) (err error) {
		out, err = tx.ListEventsAfter(o.t.Context(), o.account.ID, after, 1000)
		return err
	})
	return out
}

func (o *office) seq() (seq parley.Seq) {
	o.t.Helper()
	storetest.View(o.t, o.db, func(tx *store.Tx) (err error) {
		seq, err = tx.LastSeq(o.t.Context(), o.account.ID)
		return err
	})
	return seq
}

// kinds are the kinds of the events after a number.
func (o *office) kinds(after parley.Seq) []string {
	var out []string
	for _, e := range o.events(after) {
		out = append(out, string(e.Kind))
	}
	return out
}

// messages are a conversation's, as they are read.
func (o *office) messages(id parley.ConversationID) (all []parley.Message) {
	o.t.Helper()
	storetest.View(o.t, o.db, func(tx *store.Tx) (err error) {
		all, err = tx.ListTimelineMessages(o.t.Context(), store.TimelineQuery{AccountID: o.account.ID, ConversationID: id, Limit: 1000})
		return err
	})
	return all
}

// timeline are the subjects of a conversation's messages.
func (o *office) timeline(id parley.ConversationID) (out []string) {
	o.t.Helper()
	for _, m := range o.messages(id) {
		out = append(out, m.Subject)
	}
	return out
}

func (o *office) read(r io.ReadCloser, _ parley.Intake, err error) string {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		o.t.Fatal(err)
	}
	return string(b)
}

// mailOf writes a mail from Ann: header lines, then the body.
func mailOf(id, subject, body string, header ...string) string {
	lines := append([]string{"From: Ann Angler <ann@x.test>", "To: support@harbour.example", "Subject: " + subject, "Date: Mon, 2 Mar 2026 08:59:00 +0000"}, header...)
	if id != "" {
		lines = append(lines, fmt.Sprintf("Message-ID: <%s>", id))
	}
	return strings.Join(lines, "\n") + "\n\n" + body + "\n"
}
