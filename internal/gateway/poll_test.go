package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/gateway"
	"parley/internal/parley"
	"parley/internal/seal"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// mailboxes are channels that are fetched from nowhere: what they do is the test's to say.
type mailboxes struct {
	channel.Type
	receive func(ctx context.Context, settings string, at channel.Place) error
}

type mailbox struct {
	channel.Channel
	m        mailboxes
	settings string
}

func (m mailboxes) Open(id parley.ChannelID, settings json.RawMessage) (channel.Channel, error) {
	ch, err := m.Type.Open(id, nil)
	return mailbox{ch, m, string(settings)}, err
}

func (b mailbox) Receive(ctx context.Context, at channel.Place, _ channel.Sink) error {
	return b.m.receive(ctx, b.settings, at)
}

// office is an account with a channel that is fetched.
type office struct {
	db       *store.DB
	settings *setting.Service
	owner    parley.Actor
	ch       parley.Channel
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{db: storetest.Open(t)}
	account, owner := storetest.Account(t, o.db)
	box, err := seal.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	o.settings, o.owner, o.ch = setting.New(setting.Options{DB: o.db, Box: box}), owner, storetest.Channel(t, o.db, account.ID)
	o.set(t, "hush")
	return o
}

func (o *office) set(t *testing.T, password string) {
	t.Helper()
	server := parley.MailServer{Host: "mail.x.test", Port: 993, TLS: parley.TLSImplicit, Username: "help", Auth: parley.AuthPassword}
	_, err := o.settings.SetIncoming(t.Context(), o.owner, o.ch.ID, setting.IncomingChange{
		Incoming: parley.Incoming{Way: parley.ByIMAP, IMAP: &parley.IMAPServer{MailServer: server}}, Secret: parley.ServerSecret{Password: password},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) ways(t *testing.T) parley.Ways {
	t.Helper()
	all, err := o.settings.Ways(t.Context(), o.owner, o.ch)
	if err != nil {
		t.Fatal(err)
	}
	return all[o.ch.ID]
}

// node runs a gateway until the test, or stop, ends it.
func (o *office) node(t *testing.T, name string, receive func(context.Context, string, channel.Place) error) (g *gateway.Service, stop func()) {
	t.Helper()
	g = gateway.New(gateway.Options{
		DB: o.db, Types: []channel.Type{mailboxes{email.Type{}, receive}}, Settings: o.settings, Node: name,
		Pace: gateway.Pace{Look: 5 * time.Millisecond, Renew: 10 * time.Millisecond, Retry: time.Millisecond, Refused: time.Millisecond},
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- g.Poll(ctx, &channeltest.Sink{}) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return g, stop
}

// Of two nodes one polls; when it stops the other goes on from where it stood.
func TestPollOneAtATime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	began := make(chan string, 10)
	hold := func(name string) func(context.Context, string, channel.Place) error {
		return func(ctx context.Context, _ string, at channel.Place) error {
			cursor, err := at.Load(ctx)
			if err != nil {
				return err
			}
			if err := errors.Join(at.Move(ctx, json.RawMessage(`{"at":"`+name+`"}`), channel.Progress{Done: 1, Total: 3}), at.Fares(ctx)); err != nil {
				return err
			}
			began <- name + string(cursor)
			<-ctx.Done()
			return ctx.Err()
		}
	}
	_, stop := o.node(t, "one", hold("one"))
	if got := <-began; got != "one{}" {
		t.Fatal(got)
	}
	o.node(t, "two", hold("two"))
	stop()
	if got := <-began; got != `two{"at":"one"}` && got != `two{"at": "one"}` {
		t.Error(got)
	}
	if w := o.ways(t); w.Archived != 1 || w.ArchivedOf != 3 {
		t.Errorf("%+v", w)
	}
}

// New settings count at once, and what cannot be read is told in words.
func TestPollTellsHowItFares(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	passwords := make(chan string, 1000)
	refused := parley.Errorf(parley.Forbidden, "way.login", "The mail server refuses the password.")
	g, _ := o.node(t, "one", func(ctx context.Context, settings string, at channel.Place) error {
		var set setting.Configured
		if err := json.Unmarshal([]byte(settings), &set); err != nil {
			return err
		}
		passwords <- set.Secret.IMAP.Password
		if set.Secret.IMAP.Password != "right" {
			return refused
		}
		if err := at.Fares(ctx); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	})
	o.becomes(t, parley.WayFailed, refused.Text)
	o.set(t, "right")
	g.Look()
	o.becomes(t, parley.WayOK, "")
	for p := range passwords {
		if p == "right" {
			break
		}
	}
	if w := o.ways(t); w.InAt == nil {
		t.Errorf("%+v", w)
	}
}

// becomes waits until the channel's way in fares so.
func (o *office) becomes(t *testing.T, state parley.WayState, fault string) {
	t.Helper()
	signal, stop := o.db.Watch()
	defer stop()
	for {
		w := o.ways(t)
		if w.InState == state && w.InError == fault {
			return
		}
		select {
		case <-signal:
		case <-time.After(time.Minute):
			t.Fatalf("nothing moves: %+v", w)
		}
	}
}
