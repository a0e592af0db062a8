package email

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"

	"parley/internal/channel"
	"parley/internal/parley"
)

// RelayConfig says where mail goes out. Zero limits stand for the defaults in brackets.
type RelayConfig struct {
	URL      string // smtp://user:password@host:port[?tls=require|off] or smtps://…
	Hostname string // what we call ourselves (EHLO) [localhost]
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error)
	TLS      *tls.Config // roots of trust; nil is the system's

	MaxConns    int           // at a time [8]
	IdleTimeout time.Duration // for which a connection is kept for the next mail [30 s]

	ConnectTimeout time.Duration // to connect [15 s]
	CommandTimeout time.Duration // for each answer until the body [1 min]
	BodyTimeout    time.Duration // for each piece of the body [3 min, RFC 5321 4.5.3.2.5]
	AnswerTimeout  time.Duration // for the answer to the body [10 min, RFC 5321 4.5.3.2.6]
}

func (c RelayConfig) withDefaults() RelayConfig {
	c.Hostname = cmp.Or(c.Hostname, "localhost")
	c.MaxConns = cmp.Or(c.MaxConns, 8)
	c.IdleTimeout = cmp.Or(c.IdleTimeout, 30*time.Second)
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, 15*time.Second)
	c.CommandTimeout = cmp.Or(c.CommandTimeout, time.Minute)
	c.BodyTimeout = cmp.Or(c.BodyTimeout, 3*time.Minute)
	c.AnswerTimeout = cmp.Or(c.AnswerTimeout, 10*time.Minute)
	return c
}

// Relay hands mail to one SMTP server that sends it on (a smarthost). It keeps
// a few connections open between mails.
//
// What it says of a mail is what outbox builds on: Temporary and Permanent mean
// that the relay did not take it, without doubt; whatever else is Uncertain.
type Relay struct {
	cfg   RelayConfig
	to    relayURL
	slots chan struct{} // one for each mail on its way

	mu     sync.Mutex
	idle   []*link // the one used last is at the end
	closed bool
}

// NewRelay reads the configuration. It does not connect.
func NewRelay(c RelayConfig) (*Relay, error) {
	to, err := parseRelayURL(c.URL)
	if err != nil {
		return nil, err
	}
	return newRelay(c, to)
}

func newRelay(c RelayConfig, to relayURL) (*Relay, error) {
	if c.Dial == nil {
		return nil, errors.New("relay: no way to dial is given")
	}
	c = c.withDefaults()
	return &Relay{cfg: c, to: to, slots: make(chan struct{}, c.MaxConns)}, nil
}

// Send hands m to the relay, once. A fault is a *channel.SendError. Recipients
// that were turned down while others were taken are in the Receipt, also
// beside a fault.
func (r *Relay) Send(ctx context.Context, m channel.Outgoing) (channel.Receipt, error) {
	out, receipt, err := address(m)
	if err != nil {
		return receipt, err
	}
	if err := r.enter(ctx); err != nil {
		return receipt, err
	}
	defer func() { <-r.slots }()

	if k := r.takeIdle(); k != nil {
		sent, err := r.sendOn(ctx, k, out, receipt)
		if !errors.Is(err, errStale) {
			return sent, err
		}
	}
	k, err := r.open(ctx)
	if err != nil {
		return receipt, err
	}
	return r.sendOn(ctx, k, out, receipt)
}

// Check connects and signs in as for a mail, and sends none.
func (r *Relay) Check(ctx context.Context) error {
	k, err := r.open(ctx)
	if err != nil {
		return err
	}
	r.putBack(k)
	return nil
}

// enter waits until fewer than MaxConns mails are on their way.
func (r *Relay) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return temporary("Cancelled before the mail was sent", err)
	}
	select {
	case r.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return temporary("Cancelled while waiting for a free connection to the mail relay", ctx.Err())
	}
}

// sendOn uses k for one mail, and keeps it for the next if it is still good. It
// adds what it hears to a copy of what is known of the recipients so far.
func (r *Relay) sendOn(ctx context.Context, k *link, out outgoing, known channel.Receipt) (channel.Receipt, error) {
	receipt := channel.Receipt{Refused: maps.Clone(known.Refused), Deferred: map[string]channel.Refusal{}}
	// Closing is the one way to interrupt a read or a write that is under way.
	stop := context.AfterFunc(ctx, func() { _ = k.conn.Close() })
	err := k.send(out, &receipt)
	if !stop() {
		k.broken = true
	}
	r.putBack(k)
	return receipt, err
}

// outgoing is a mail with its envelope in the form that goes on the wire.
type outgoing struct {
	from string
	to   []wireAddress
	body []byte
}

type wireAddress struct {
	given string // as the caller knows it
	wire  string
}

// address prepares the envelope. Recipients that are no address at all are refused here.
func address(m channel.Outgoing) (outgoing, channel.Receipt, error) {
	receipt := channel.Receipt{Refused: map[string]channel.Refusal{}}
	from, ok := wireForm(m.MailFrom)
	if !ok && m.MailFrom != "" {
		return outgoing{}, receipt, permanent("The sender is not a mail address.", errPath)
	}
	out := outgoing{from: from, body: m.Body}
	for _, rcpt := range m.Recipients {
		wire, ok := wireForm(rcpt)
		if !ok {
			receipt.Refused[rcpt] = channel.Refusal{Text: "This is not a mail address."}
			continue
		}
		out.to = append(out.to, wireAddress{rcpt, wire})
	}
	if len(out.to) == 0 {
		return outgoing{}, receipt, permanent("There is no recipient with a mail address.", errPath)
	}
	return out, receipt, nil
}

// wireForm writes the domain in ASCII (RFC 5891), so that only addresses with
// other letters before the @ need a relay that knows SMTPUTF8.
func wireForm(s string) (string, bool) {
	addr, err := mailbox(strings.TrimSpace(s))
	at := strings.LastIndexByte(addr, '@')
	if err != nil || at < 1 || at == len(addr)-1 {
		return "", false
	}
	domain := addr[at+1:]
	if !isASCII(domain) {
		if domain, err = idna.Lookup.ToASCII(domain); err != nil {
			return "", false
		}
	}
	return addr[:at+1] + domain, true
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func (r *Relay) open(ctx context.Context) (*link, error) {
	dialCtx, cancel := context.WithTimeout(ctx, r.cfg.ConnectTimeout)
	defer cancel()
	to := r.to
	if to.token != nil {
		var err error
		if to.password, err = to.token(dialCtx); err != nil {
			return nil, noToken(err)
		}
	}
	conn, err := r.cfg.Dial(dialCtx, "tcp", r.to.addr())
	if err != nil {
		return nil, temporary("The mail relay cannot be reached", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	k, err := newLink(r.cfg, to, conn)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return k, nil
}

// noToken says why there is no access token, in the words that it came with.
func noToken(err error) error {
	if fault, ok := errors.AsType[*parley.Error](err); ok {
		return temporary(fault.Text, err)
	}
	return temporary("There is no access to the mail relay", err)
}

// takeIdle gives the connection that was used last, if there is one.
func (r *Relay) takeIdle() *link {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.idle) > 0 {
		k := r.idle[len(r.idle)-1]
		r.idle = r.idle[:len(r.idle)-1]
		if k.expiry.Stop() {
			return k
		}
		k.quit() // its time was over at this very moment
	}
	return nil
}

func (r *Relay) putBack(k *link) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k.broken || r.closed || k.mails >= maxMails {
		k.quit()
		return
	}
	k.reused = true
	k.expiry = time.AfterFunc(r.cfg.IdleTimeout, func() { r.expire(k) })
	r.idle = append(r.idle, k)
}

func (r *Relay) expire(k *link) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, other := range r.idle {
		if other == k {
			r.idle = append(r.idle[:i], r.idle[i+1:]...)
			k.quit()
			return
		}
	}
}

// Close closes idle connections; those in use are closed after their mail.
func (r *Relay) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for _, k := range r.idle {
		k.expiry.Stop()
		k.quit()
	}
	r.idle = nil
	return nil
}

// String names the relay without its password.
func (r *Relay) String() string { return fmt.Sprintf("relay %s", r.to.addr()) }
