package email

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"

	"parley/internal/parley"
)

// RelaysConfig says how mail leaves. The two ways to dial differ in whom they
// trust: the operator's own relay may be anywhere, one that a customer names must not
// lead into the operator's network.
type RelaysConfig struct {
	URL         string // the operator's relay; empty: none
	Hostname    string // what we call ourselves (EHLO)
	TLS         *tls.Config
	Dial        func(ctx context.Context, network, addr string) (net.Conn, error) // to the operator's relay
	DialChannel func(ctx context.Context, network, addr string) (net.Conn, error) // to a channel's own
	Tokens      *Tokens                                                           // for channels that sign in with XOAUTH2
}

// Relays are all relays in use: the operator's, and those of channels that have their own.
type Relays struct {
	cfg      RelaysConfig
	operator *Relay // nil: there is none

	mu  sync.Mutex
	own map[[sha256.Size]byte]*Relay // by server, user and secret
}

// NewRelays reads the configuration. It does not connect.
func NewRelays(c RelaysConfig) (*Relays, error) {
	r := &Relays{cfg: c, own: map[[sha256.Size]byte]*Relay{}}
	if c.URL == "" {
		return r, nil
	}
	operator, err := NewRelay(RelayConfig{URL: c.URL, Hostname: c.Hostname, TLS: c.TLS, Dial: c.Dial})
	if err != nil {
		return nil, err
	}
	r.operator = operator
	return r, nil
}

// Operator gives the operator's relay; nil if there is none.
func (r *Relays) Operator() *Relay { return r.operator }

// Own gives the relay of a channel that has one. Channels that sign in at the
// same server as the same user share its connections.
func (r *Relays) Own(id parley.ChannelID, m parley.MailServer, s parley.ServerSecret) (*Relay, error) {
	to, err := r.ownURL(id, m, s)
	if err != nil {
		return nil, err
	}
	name, err := json.Marshal([]any{m, s})
	if err != nil {
		return nil, fmt.Errorf("name relay: %w", err)
	}
	key := sha256.Sum256(name)
	r.mu.Lock()
	defer r.mu.Unlock()
	if relay, ok := r.own[key]; ok {
		return relay, nil
	}
	relay, err := newRelay(RelayConfig{Hostname: r.cfg.Hostname, TLS: r.cfg.TLS, Dial: r.cfg.DialChannel}, to)
	if err != nil {
		return nil, err
	}
	r.own[key] = relay
	return relay, nil
}

// ownURL is where a channel's relay is. It always speaks TLS.
func (r *Relays) ownURL(id parley.ChannelID, m parley.MailServer, s parley.ServerSecret) (relayURL, error) {
	to := relayURL{host: m.Host, port: strconv.Itoa(m.Port), user: m.Username, password: s.Password, tls: tlsImplicit}
	switch m.TLS {
	case parley.TLSImplicit:
	case parley.TLSUpgraded:
		to.tls = tlsRequired
	default:
		return to, badSettings()
	}
	if s == (parley.ServerSecret{}) { // it is never saved without one
		to.token = func(context.Context) (string, error) { return "", parley.WaySealed() }
		return to, nil
	}
	if m.Auth != parley.AuthXOAuth2 {
		return to, nil
	}
	if m.OAuth == nil || r.cfg.Tokens == nil {
		return to, badSettings()
	}
	to.token = func(ctx context.Context) (string, error) { return r.cfg.Tokens.Access(ctx, id, *m.OAuth, s) }
	to.refused = func() { r.cfg.Tokens.Forget(s) }
	return to, nil
}

// Close closes the idle connections of all relays.
func (r *Relays) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, relay := range r.own {
		errs = append(errs, relay.Close())
	}
	if r.operator != nil {
		errs = append(errs, r.operator.Close())
	}
	return errors.Join(errs...)
}
