// Package sms is the channel type for telephone numbers. It owns the wire: the
// requests by which each provider sends a text, the calls by which it brings one or
// tells what became of ours, and the words and reasons of its error codes.
//
// It refuses to know what a text means. STOP and START, whom a number belongs to,
// and how many texts a second may leave are decided elsewhere; so are segments and
// alphabets, which the room of the same name counts. It does not retry.
package sms

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
)

// Config is what the channels need of the outside.
type Config struct {
	HTTP *http.Client // of dial: asks the providers; follows no redirects
	// Media fetches what a text shows. It follows redirects, as providers keep files elsewhere.
	Media   *http.Client
	Dial    func(ctx context.Context, network, addr string) (net.Conn, error) // of dial, for SMPP
	TLS     *tls.Config                                                       // for SMPP; nil: what the system trusts
	BaseURL string                                                            // ours, as providers call it
	Now     func() time.Time                                                  // nil: time.Now
	Log     *slog.Logger                                                      // nil: none
}

// Type opens the channels that are numbers.
type Type struct {
	cfg      Config
	table    *table
	sessions *sessions
}

// New makes the type.
func New(c Config) *Type {
	if c.HTTP == nil {
		c.HTTP = http.DefaultClient
	}
	if c.Media == nil {
		c.Media = c.HTTP
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return &Type{cfg: c, table: &table{open: map[string]*puzzle{}}, sessions: newSessions()}
}

// Settings are the settings of one channel, with what is sealed of them.
type Settings struct {
	Text   *parley.TextSettings  `json:"text"`
	Secret parley.ChannelSecrets `json:"secret"`
	Number string                `json:"number"` // ours, E.164 or a short code
}

// Name implements channel.Type.
func (*Type) Name() string { return "sms" }

// Open implements channel.Type. What is sealed may be missing: a channel reads what
// it was brought before without it.
func (t *Type) Open(id parley.ChannelID, settings json.RawMessage) (channel.Channel, error) {
	var s Settings
	if len(bytes.TrimSpace(settings)) == 0 || json.Unmarshal(settings, &s) != nil || s.Text == nil {
		return nil, badSettings()
	}
	about, ok := parley.TextProviderNamed(s.Text.Provider)
	if !ok {
		return nil, badSettings()
	}
	c := &numberChannel{id: id, cfg: t.cfg, about: about, number: s.Number, region: s.Text.Region}
	o := options{}
	for _, f := range about.Fields {
		value := s.Text.Options[f.Name]
		if f.Secret {
			value = s.Secret.Text[f.Name]
		}
		if value = strings.TrimSpace(value); value == "" {
			value = f.Default
		}
		o[f.Name] = value
	}
	if about.Session {
		return t.openSMPP(c, o)
	}
	newProvider, ok := makers[about.Name]
	if !ok {
		return nil, badSettings()
	}
	return withAbilities(&calledChannel{numberChannel: c, table: t.table, provider: newProvider(o)}), nil
}

// options are the values of a provider's fields, by their names, defaults filled in.
type options map[string]string

// base is where a provider's API is: at home, or where api_base says.
func (o options) base(home string) string {
	if o["api_base"] != "" {
		return strings.TrimRight(o["api_base"], "/")
	}
	return home
}

func badSettings() error {
	return parley.Errorf(parley.Invalid, "channel.settings", "The settings of the channel cannot be read.").On("settings")
}

// numberChannel is one number: what all of them share.
type numberChannel struct {
	id     parley.ChannelID
	cfg    Config
	about  parley.TextProvider
	number string
	region string
}

// calledChannel is a number whose provider is asked over HTTP, and calls us.
type calledChannel struct {
	*numberChannel
	table    *table
	provider provider
}

// withAbilities adds what the channel's provider can do beside sending and being called.
func withAbilities(c *calledChannel) channel.Channel {
	if l, ok := c.provider.(lister); ok {
		return listing{c, l}
	}
	return c
}

// listing is a number whose provider tells which numbers the account has.
type listing struct {
	*calledChannel
	from lister
}

// ListNumbers implements channel.NumberLister.
func (l listing) ListNumbers(ctx context.Context) ([]parley.TextNumber, error) {
	return l.from.numbers(ctx, l.asker())
}

// CheckIncoming implements channel.Checker: what is brought to us needs no connection of ours.
func (c *calledChannel) CheckIncoming(context.Context) error { return nil }

// CheckOutgoing implements channel.Checker: it signs in, and sends nothing.
func (c *calledChannel) CheckOutgoing(ctx context.Context) error {
	return c.provider.check(ctx, c.asker())
}
