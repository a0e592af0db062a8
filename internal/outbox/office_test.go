package outbox_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/contact"
	"parley/internal/dial"
	"parley/internal/job"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/thread"
)

// office is an account with one email channel, a contact who has written, and
// an outbox that sends through a real SMTP server.
type office struct {
	t       *testing.T
	db      *store.DB
	out     *outbox.Service
	relay   *channeltest.MailServer
	actor   parley.Actor
	channel parley.Channel
	contact parley.Contact
	conv    parley.ConversationID
	inbound parley.Message
	signer  thread.Signer
	place   storetest.Place
	blobs   blob.Store
	gate    *gate
}

type oneChannel struct{ ch channel.Channel }

func (o oneChannel) Open(parley.Channel) (channel.Channel, error) {
	return o.ch, nil
}

// gate lets a test stop a send at the moment it leaves.
type gate struct {
	channel.Channel
	mu     sync.Mutex
	before func()
}

func (g *gate) Send(ctx context.Context, m channel.Outgoing) (channel.Receipt, error) {
	g.mu.Lock()
	before := g.before
	g.mu.Unlock()
	if before != nil {
		before()
	}
	return g.Channel.Send(ctx, m)
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, relay: channeltest.SMTPServer(t, channeltest.SMTPOptions{}), signer: thread.Signer{Keys: [][]byte{[]byte("a key of the test")}}}
	o.place = storetest.Location(t)
	o.db = storetest.OpenAt(t, o.place)
	_, o.actor = storetest.Account(t, o.db)
	files, err := blob.Disk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o.blobs = blob.NewSplit(o.db, files)
	relays, err := email.NewRelays(email.RelaysConfig{URL: o.relay.URL(), Hostname: "parley.test", Dial: dial.Trusted().DialContext})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { relays.Close() })
	ch, err := email.Type{Relays: relays}.Open(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	o.gate = &gate{Channel: ch}
	o.out = outbox.New(o.db, o.blobs, oneChannel{o.gate}, contact.New(o.db), o.signer, time.Now, slog.New(slog.DiscardHandler))
	o.fill()
	return o
}

// fill makes what the contact has written.
func (o *office) fill() {
	o.t.Helper()
	ctx := o.t.Context()
	o.update(func(tx *store.Tx) error {
		inbox := parley.Inbox{AccountID: o.actor.AccountID, Name: "Support", Color: "indigo", AssigneeRule: parley.AssignNobody, AssignOnReply: true, CreatedAt: tx.Now()}
		if err := tx.InsertInbox(ctx, &inbox); err != nil {
			return err
		}
		o.channel = parley.Channel{
			AccountID: o.actor.AccountID, Type: "email", Name: "Support", Address: "support@harbour.example", FromName: "Harbour Bikes",
			InboxID: inbox.ID, ReopenDays: 30, PlusTags: true, CreatedAt: tx.Now(), ForwardLocal: "support-x",
		}
		if err := tx.InsertChannel(ctx, &o.channel); err != nil {
			return err
		}
		var err error
		if o.contact, _, err = contact.New(o.db).FindOrCreateTx(ctx, tx, o.actor.AccountID, parley.Address{Name: "Ann Angler", Email: "ann@client.example"}); err != nil {
			return err
		}
		c := parley.Conversation{
			AccountID: o.actor.AccountID, ContactID: o.contact.ID, ChannelID: o.channel.ID, InboxID: inbox.ID, Subject: "Broken chain",
			Status: parley.Open, Source: parley.FromContact, CreatedAt: tx.Now(), LastMessageAt: tx.Now(), WaitingSince: new(tx.Now()), LastInboundAt: new(tx.Now()), MessageCount: 1,
		}
		if err := tx.InsertConversation(ctx, &c); err != nil {
			return err
		}
		o.conv = c.ID
		o.inbound = parley.Message{
			AccountID: c.AccountID, ConversationID: c.ID, ChannelID: c.ChannelID, ContactID: o.contact.ID, Direction: parley.Inbound,
			At: tx.Now(), ReceivedAt: tx.Now(), FromName: "Ann Angler", FromEmail: "ann@client.example", To: parley.Addresses{{Email: o.channel.Address}},
			Subject: "Broken chain", InternetID: "first@client.example", References: parley.Strings{"zero@client.example"},
		}
		if err := tx.InsertMessage(ctx, &o.inbound, parley.Body{Text: "My chain broke.", VisibleText: "My chain broke.", QuoteAt: -1}); err != nil {
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: c.AccountID, Kind: parley.MessageReceived, ConversationID: c.ID, MessageID: o.inbound.ID, InboxID: inbox.ID, ContactID: c.ContactID, ChannelID: c.ChannelID})
		return nil
	})
}

func (o *office) update(fn func(*store.Tx) error) {
	o.t.Helper()
	if err := o.db.Update(o.t.Context(), fn); err != nil {
		o.t.Fatal(err)
	}
}

// run works off the queue until the test ends.
func (o *office) run() (stop func()) {
	o.t.Helper()
	q := job.NewQueue(o.db, "n1", slog.New(slog.DiscardHandler))
	o.out.Register(q)
	ctx, cancel := context.WithCancel(o.t.Context())
	done := make(chan error, 1)
	go func() { done <- q.Run(ctx, 5*time.Second) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
	o.t.Cleanup(stop)
	return stop
}

func (o *office) reply(l outbox.Letter) parley.Message {
	o.t.Helper()
	if l.Kind == "" {
		l.Kind = parley.KindReply
	}
	m, err := o.out.Send(o.t.Context(), o.actor, o.conv, l)
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

// await returns the message once ok holds, woken by commits.
func (o *office) await(id parley.MessageID, ok func(parley.Message) bool) parley.Message {
	o.t.Helper()
	return o.awaitOn(o.db, id, ok)
}

// awaitOn is woken by the commits of another node.
func (o *office) awaitOn(db *store.DB, id parley.MessageID, ok func(parley.Message) bool) parley.Message {
	o.t.Helper()
	signal, stop := db.Watch()
	defer stop()
	limit := time.After(20 * time.Second)
	for {
		m, err := o.out.Message(o.t.Context(), o.actor, id)
		if err != nil {
			o.t.Fatal(err)
		}
		if ok(m) {
			return m
		}
		select {
		case <-signal:
		case <-limit:
			o.t.Fatalf("the message stays %s: %s", m.Delivery, m.DeliveryError)
		}
	}
}

func delivery(d parley.Delivery) func(parley.Message) bool {
	return func(m parley.Message) bool { return m.Delivery == d }
}

func (o *office) conversation() parley.Conversation {
	o.t.Helper()
	var c parley.Conversation
	o.update(func(tx *store.Tx) (err error) {
		c, err = tx.ConversationByID(o.t.Context(), o.actor.AccountID, o.conv)
		return err
	})
	return c
}

// kinds are the events since a number.
func (o *office) kinds(after parley.Seq) (out []parley.EventKind) {
	o.t.Helper()
	o.update(func(tx *store.Tx) error {
		events, err := tx.ListEventsAfter(o.t.Context(), o.actor.AccountID, after, 100)
		for _, e := range events {
			out = append(out, e.Kind)
		}
		return err
	})
	return out
}
