package email

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
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
}

// Relays are all relays in use: the operator's, and those of channels that have their own.
type Relays struct {
	cfg      RelaysConfig
	operator *Relay // nil: there is none

	mu  sync.Mutex
	own map[string]*Relay // by address
}

// NewRelays reads the configuration. It does not connect.
func NewRelays(c RelaysConfig) (*Relays, error) {
	r := &Relays{cfg: c, own: map[string]*Relay{}}
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

// For gives the relay with this address, or the operator's for an empty one;
// nil if there is none. Channels with the same address share its connections.
func (r *Relays) For(url string) (*Relay, error) {
	if url == "" {
		return r.operator, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if relay, ok := r.own[url]; ok {
		return relay, nil
	}
	relay, err := NewRelay(RelayConfig{URL: url, Hostname: r.cfg.Hostname, TLS: r.cfg.TLS, Dial: r.cfg.DialChannel})
	if err != nil {
		return nil, badRelay(err)
	}
	r.own[url] = relay
	return relay, nil
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

func badRelay(err error) error {
	return parley.Errorf(parley.Invalid, "channel.relay_url", "The address of the mail relay cannot be used: %s.", err).On("settings.relay_url")
}
