// Package email is the channel type for mail. It owns the wire: a Listener that
// receives over SMTP for all channels, the fetching of mailboxes over IMAP, a
// Relay that sends over SMTP, the webhooks of mail providers, and the reading of
// stored mail, which mime does.
//
// It refuses to know what a mail means. A Sink makes it durable before the
// sender hears 250; who wrote it, which conversation it belongs to and whether
// it is spam are decided later, elsewhere. It does not relay or retry.
package email

import (
	"bytes"
	"context"
	"encoding/json"

	"parley/internal/channel"
	"parley/internal/mime"
	"parley/internal/parley"
)

// Type opens email channels. The zero Type reads mail and sends none.
type Type struct {
	Relays *Relays
	Checks *Checks // nil: nobody's sender is checked
	IMAP   IMAPConfig
	Hooks  *Hooks
}

// Settings are the settings of one channel, with what is sealed of them.
type Settings struct {
	parley.ChannelSettings
	Secret parley.ChannelSecrets `json:"secret"`
}

// Name implements channel.Type.
func (Type) Name() string { return "email" }

// Open implements channel.Type.
func (t Type) Open(id parley.ChannelID, settings json.RawMessage) (channel.Channel, error) {
	var s Settings
	if len(bytes.TrimSpace(settings)) > 0 {
		if err := json.Unmarshal(settings, &s); err != nil {
			return nil, badSettings()
		}
	}
	relay, err := t.relay(id, s)
	if err != nil {
		return nil, err
	}
	c := &emailChannel{id: id, relay: relay, checks: t.Checks}
	switch s.Incoming.Way {
	case parley.ByIMAP:
		if s.Incoming.IMAP == nil {
			return nil, badSettings()
		}
		return t.fetched(c, s), nil
	case parley.ByWebhook:
		if s.Incoming.Webhook == nil || readers[s.Incoming.Webhook.Provider] == nil {
			return nil, badSettings()
		}
		return &hooked{c, t.Hooks, *s.Incoming.Webhook, s.Secret.Webhook}, nil
	}
	return c, nil
}

func (t Type) fetched(c *emailChannel, s Settings) *fetched {
	return &fetched{c, imapMailbox{id: c.id, cfg: t.IMAP.withDefaults(), server: *s.Incoming.IMAP, secret: s.Secret.IMAP}}
}

func badSettings() error {
	return parley.Errorf(parley.Invalid, "channel.settings", "The settings of the channel cannot be read.").On("settings")
}

// relay is by which the channel's mail leaves; nil: none.
func (t Type) relay(id parley.ChannelID, s Settings) (*Relay, error) {
	m := s.Outgoing.SMTP
	switch {
	case m == nil && t.Relays == nil:
		return nil, nil
	case m == nil:
		return t.Relays.Operator(), nil
	case t.Relays == nil: // there is nothing to send with, but wrong settings are wrong all the same
		_, err := new(Relays).ownURL(id, *m, s.Secret.SMTP)
		return nil, err
	}
	return t.Relays.Own(id, *m, s.Secret.SMTP)
}

// emailChannel is one address.
type emailChannel struct {
	id     parley.ChannelID
	relay  *Relay  // nil: there is none
	checks *Checks // nil: none
}

// fetched is an address whose mail stands in a mailbox elsewhere.
type fetched struct {
	*emailChannel
	mailbox imapMailbox
}

// Receive implements channel.Receiver.
func (f *fetched) Receive(ctx context.Context, at channel.Place, to channel.Sink) error {
	return f.mailbox.receive(ctx, at, to)
}

// CheckIncoming implements channel.Checker.
func (f *fetched) CheckIncoming(ctx context.Context) error {
	s, err := f.mailbox.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	_, _, err = s.examine()
	return err
}

// CheckIncoming implements channel.Checker: what is brought to us needs no connection of ours.
func (c *emailChannel) CheckIncoming(context.Context) error { return nil }

// CheckOutgoing implements channel.Checker.
func (c *emailChannel) CheckOutgoing(ctx context.Context) error {
	if c.relay == nil {
		_, err := c.Send(ctx, channel.Outgoing{})
		return err
	}
	return c.relay.Check(ctx)
}

// Send implements channel.Channel.
func (c *emailChannel) Send(ctx context.Context, m channel.Outgoing) (channel.Receipt, error) {
	if c.relay == nil {
		if err := ctx.Err(); err != nil {
			return channel.Receipt{}, temporary("Cancelled before the mail was sent", err)
		}
		return channel.Receipt{}, permanent("There is no mail server for this channel to send by. Give it one in its settings under “Mail leaves”, or set PARLEY_RELAY_URL on the server and restart it; then send again.", nil)
	}
	return c.relay.Send(ctx, m)
}

// Compose implements channel.Channel.
func (c *emailChannel) Compose(l channel.Letter) ([]byte, error) {
	d := mime.Draft{
		From: l.From, ReplyTo: l.ReplyTo, To: l.To, Cc: l.Cc, Subject: l.Subject, SentAt: l.SentAt,
		InternetID: l.InternetID, InReplyTo: l.InReplyTo, References: l.References, Text: l.Text, HTML: l.HTML,
	}
	if l.AutoSubmitted {
		d.AutoSubmitted = "auto-replied"
	}
	for _, p := range l.Parts {
		d.Parts = append(d.Parts, mime.Part{Filename: p.Filename, ContentType: p.ContentType, ContentID: p.ContentID, Inline: p.Inline, Body: p.Body})
	}
	return mime.Compose(d)
}

// Parse implements channel.Channel.
func (c *emailChannel) Parse(raw channel.Raw) (channel.Parsed, error) {
	m := mime.Read(raw.Body)
	p := channel.Parsed{
		From: m.From, Sender: m.Sender, ReplyTo: m.ReplyTo, To: m.To, Cc: m.Cc, Bcc: m.Bcc,
		DeliveredTo: m.DeliveredTo, Subject: m.Subject, SentAt: m.SentAt,
		InternetID: m.InternetID, InReplyTo: m.InReplyTo, References: m.References,
		Text: m.Text, HTML: m.HTML, ContentHash: m.ContentHash,
		AutoSubmitted: m.AutoSubmitted, AutoReply: m.AutoReply, NoAutoReply: m.NoAutoReply, IsBounce: m.IsBounce,
		Broken: m.Broken,
	}
	p.Confirmation = confirmation(m)
	p.VisibleText, p.QuoteAt = mime.SplitQuote(m.Text)
	for _, part := range m.Parts {
		p.Parts = append(p.Parts, channel.Part{Filename: part.FileName(), ContentType: part.ContentType, ContentID: part.ContentID, Inline: part.Inline, Body: part.Body})
	}
	for _, r := range m.Reports {
		p.Reports = append(p.Reports, channel.Report{
			InternetID: r.InternetID, Recipient: r.Recipient, Delivery: r.Delivery, Status: r.Status, Reason: r.Reason, Text: r.Text,
		})
	}
	// The null reverse-path asks for no answer of any kind (RFC 5321 4.5.5).
	// Input with no recipients came without an envelope: that says nothing.
	if raw.MailFrom == "" && len(raw.RcptTo) > 0 {
		p.AutoSubmitted, p.NoAutoReply = true, true
		p.AutoReply = p.AutoReply || len(p.InReplyTo)+len(p.References) > 0
	}
	return p, nil
}
