package setting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"

	"parley/internal/parley"
	"parley/internal/seal"
	"parley/internal/store"
)

// IncomingChange says how a channel's mail is to come in from now on.
type IncomingChange struct {
	parley.Incoming
	Secret parley.ServerSecret // of IMAP; what is empty stays as it was, as long as the server and the user do
	Key    string              // of a webhook: likewise
}

// OutgoingChange says how a channel's mail is to leave from now on.
type OutgoingChange struct {
	parley.Outgoing
	Secret parley.ServerSecret
}

// Configured is a channel's way, as it would be with a change: what a channel type is opened with.
type Configured struct {
	parley.ChannelSettings
	Secret parley.ChannelSecrets `json:"secret"`
	Number string                `json:"number,omitempty"` // of texts: our own
}

// JSON is what channel.Type.Open takes.
func (c Configured) JSON() (json.RawMessage, error) { return json.Marshal(c) }

// Providers are the mail providers whose webhooks are understood.
var Providers = []string{"postmark", "mailgun", "sendgrid", "ses"}

const (
	maxWayField  = 320
	maxWaySecret = 8 << 10
)

// TryIncoming is the channel with the change, unsaved.
func (s *Service) TryIncoming(ctx context.Context, actor parley.Actor, id parley.ChannelID, c IncomingChange) (Configured, error) {
	return s.try(ctx, actor, id, c.apply)
}

// TryOutgoing is the channel with the change, unsaved.
func (s *Service) TryOutgoing(ctx context.Context, actor parley.Actor, id parley.ChannelID, c OutgoingChange) (Configured, error) {
	return s.try(ctx, actor, id, c.apply)
}

func (s *Service) try(ctx context.Context, actor parley.Actor, id parley.ChannelID, apply func(*Configured) error) (Configured, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return Configured{}, err
	}
	c, err := s.Channel(ctx, actor, id)
	if err != nil {
		return Configured{}, err
	}
	conf, err := s.Configured(c)
	if err != nil && !errors.Is(err, seal.ErrOpen) { // what cannot be opened is asked for anew
		return Configured{}, err
	}
	err = apply(&conf)
	return conf, err
}

// SetIncoming changes how a channel's mail comes in.
func (s *Service) SetIncoming(ctx context.Context, actor parley.Actor, id parley.ChannelID, c IncomingChange) (parley.Channel, error) {
	return s.configure(ctx, actor, id, func(tx *store.Tx, ch parley.Channel, conf *Configured) error {
		was := conf.Incoming
		if err := c.apply(conf); err != nil {
			return err
		}
		w, err := tx.WaysOf(ctx, ch.AccountID, ch.ID)
		if err != nil {
			return err
		}
		w.In = conf.Incoming.Way
		switch {
		case w.In != parley.ByWebhook:
			w.HookToken = ""
		case w.HookToken == "":
			if w.HookToken, err = s.hookToken(); err != nil {
				return err
			}
		}
		return tx.PutWayIn(ctx, w, !sameMailbox(was, conf.Incoming))
	})
}

// SetOutgoing changes how a channel's mail leaves.
func (s *Service) SetOutgoing(ctx context.Context, actor parley.Actor, id parley.ChannelID, c OutgoingChange) (parley.Channel, error) {
	return s.configure(ctx, actor, id, func(tx *store.Tx, ch parley.Channel, conf *Configured) error {
		if err := c.apply(conf); err != nil {
			return err
		}
		return tx.NoteWayOut(ctx, ch.AccountID, ch.ID, parley.WayConnecting, "")
	})
}

func (s *Service) configure(ctx context.Context, actor parley.Actor, id parley.ChannelID, change func(*store.Tx, parley.Channel, *Configured) error) (parley.Channel, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return parley.Channel{}, err
	}
	var out parley.Channel
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.LockChannel(ctx, actor.AccountID, id)
		if err != nil {
			return orGone(err)
		}
		if c.Type != Email {
			return parley.Errorf(parley.Invalid, "channel.no_ways", "Only an email channel can be set up so.")
		}
		conf, err := s.Configured(c)
		if err != nil && !errors.Is(err, seal.ErrOpen) { // what cannot be opened is asked for anew
			return err
		}
		if err := change(tx, c, &conf); err != nil {
			return err
		}
		if out, err = s.sealed(c, conf); err != nil {
			return err
		}
		channelChanged(tx, actor, out)
		return tx.SetChannelSettings(ctx, out)
	})
	return out, err
}

// Configured opens what is sealed of a channel's settings.
func (s *Service) Configured(c parley.Channel) (Configured, error) {
	var conf Configured
	if c.Type == Text {
		conf.Number = c.Address
	}
	if len(c.Settings) > 0 {
		if err := json.Unmarshal(c.Settings, &conf.ChannelSettings); err != nil {
			return conf, fmt.Errorf("read settings: %w", err)
		}
	}
	if len(c.Secret) == 0 {
		return conf, nil
	}
	plain, err := s.Box.Open(place(c.ID), c.Secret)
	if err == nil {
		err = json.Unmarshal(plain, &conf.Secret)
	}
	if err != nil {
		conf.Secret = parley.ChannelSecrets{}
		return conf, fmt.Errorf("open secrets: %w", err)
	}
	return conf, nil
}

// sealed is c with conf as it is kept.
func (s *Service) sealed(c parley.Channel, conf Configured) (parley.Channel, error) {
	settings, err := json.Marshal(conf.ChannelSettings)
	if err != nil {
		return c, fmt.Errorf("write settings: %w", err)
	}
	c.Settings, c.Secret = parley.JSON(settings), nil
	if conf.Secret.IsZero() {
		return c, nil
	}
	plain, err := json.Marshal(conf.Secret)
	if err != nil {
		return c, fmt.Errorf("write secrets: %w", err)
	}
	if c.Secret, err = s.Box.Seal(place(c.ID), plain); err != nil {
		return c, fmt.Errorf("seal secrets: %w", err)
	}
	return c, nil
}

// place is what a channel's secrets are sealed for.
func place(id parley.ChannelID) string { return "channel " + id.String() }

// RenewToken keeps the refresh token that a sign-in service gave in place of another.
func (s *Service) RenewToken(ctx context.Context, id parley.ChannelID, old, renewed string) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		account, _, err := tx.ChannelOwner(ctx, id)
		if err != nil {
			return fmt.Errorf("find channel: %w", err)
		}
		c, err := tx.LockChannel(ctx, account, id)
		if err != nil {
			return fmt.Errorf("lock channel: %w", err)
		}
		conf, err := s.Configured(c)
		if err != nil {
			return err
		}
		for _, secret := range []*parley.ServerSecret{&conf.Secret.IMAP, &conf.Secret.SMTP} {
			if secret.RefreshToken == old {
				secret.RefreshToken = renewed
			}
		}
		if c, err = s.sealed(c, conf); err != nil {
			return err
		}
		return tx.SetChannelSettings(ctx, c)
	})
}

// hookToken is what nobody guesses: who knows it can write to the inbox, or at least knock.
func (s *Service) hookToken() (string, error) {
	raw := make([]byte, 20)
	if _, err := io.ReadFull(s.Random, raw); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	return crockford.EncodeToString(raw), nil
}

// sameMailbox: what was learned of one holds for the other.
func sameMailbox(a, b parley.Incoming) bool {
	if a.Way != b.Way || (a.IMAP == nil) != (b.IMAP == nil) {
		return false
	}
	return a.IMAP == nil || a.IMAP.Host == b.IMAP.Host && a.IMAP.Username == b.IMAP.Username && a.IMAP.Mailbox == b.IMAP.Mailbox
}

func (c IncomingChange) apply(conf *Configured) error {
	var faults parley.Faults
	was := conf.Incoming
	conf.Incoming = parley.Incoming{Way: c.Way}
	switch c.Way {
	case parley.ByForward:
	case parley.ByIMAP:
		if c.IMAP == nil {
			faults.Add(parley.Errorf(parley.Invalid, "way.server_missing", "Say which mail server the mail is fetched from.").On("imap"))
			break
		}
		server := *c.IMAP
		var before *parley.MailServer
		if was.IMAP != nil {
			before = &was.IMAP.MailServer
		}
		checkServer(&faults, "imap.", &server.MailServer)
		conf.Secret.IMAP = keptSecret(&faults, server.MailServer, before, c.Secret, conf.Secret.IMAP)
		if server.Mailbox = strings.TrimSpace(server.Mailbox); server.Mailbox == "" {
			server.Mailbox = "INBOX"
		}
		wayLine(&faults, "imap.mailbox", server.Mailbox)
		conf.Incoming.IMAP = &server
	case parley.ByWebhook:
		c.applyWebhook(&faults, conf, was)
	default:
		faults.Add(parley.Errorf(parley.Invalid, "way.unknown", "Choose how mail comes in: forward, imap or webhook.").On("way"))
	}
	if c.Way != parley.ByIMAP {
		conf.Secret.IMAP = parley.ServerSecret{}
	}
	if c.Way != parley.ByWebhook {
		conf.Secret.Webhook = ""
	}
	return faults.Err()
}

func (c IncomingChange) applyWebhook(faults *parley.Faults, conf *Configured, was parley.Incoming) {
	if c.Webhook == nil || !slices.Contains(Providers, c.Webhook.Provider) {
		faults.Add(parley.Errorf(parley.Invalid, "way.provider", "Choose the mail provider: %s.", strings.Join(Providers, ", ")).On("webhook.provider"))
		return
	}
	hook := *c.Webhook
	conf.Incoming.Webhook = &hook
	if was.Webhook == nil || was.Webhook.Provider != hook.Provider {
		conf.Secret.Webhook = ""
	}
	if c.Key != "" {
		conf.Secret.Webhook = strings.TrimSpace(c.Key)
	}
	if len(c.Key) > maxWaySecret {
		faults.Add(tooLong("webhook.key"))
	}
	switch {
	case hook.Provider == "mailgun" && conf.Secret.Webhook == "":
		faults.Add(parley.Errorf(parley.Invalid, "way.key_missing", "Enter the HTTP webhook signing key of your Mailgun account.").On("webhook.key"))
	case hook.Provider == "ses" && !strings.HasPrefix(hook.TopicARN, "arn:"):
		faults.Add(parley.Errorf(parley.Invalid, "way.topic_missing", "Enter the ARN of the SNS topic, such as arn:aws:sns:eu-west-1:123456789012:mail.").On("webhook.topic_arn"))
	case hook.Provider != "ses":
		hook.TopicARN = ""
		conf.Incoming.Webhook = &hook
	}
}

func (c OutgoingChange) apply(conf *Configured) error {
	var faults parley.Faults
	before := conf.Outgoing.SMTP
	conf.Outgoing = parley.Outgoing{}
	if c.SMTP == nil {
		conf.Secret.SMTP = parley.ServerSecret{}
		return nil
	}
	server := *c.SMTP
	checkServer(&faults, "smtp.", &server)
	conf.Secret.SMTP = keptSecret(&faults, server, before, c.Secret, conf.Secret.SMTP)
	conf.Outgoing.SMTP = &server
	return faults.Err()
}

func checkServer(faults *parley.Faults, at string, m *parley.MailServer) {
	m.Host = strings.ToLower(strings.TrimSpace(m.Host))
	if m.Host == "" || len(m.Host) > maxWayField || strings.ContainsAny(m.Host, " /:@\t\r\n") && net.ParseIP(m.Host) == nil {
		faults.Add(parley.Errorf(parley.Invalid, "way.host", "Enter the name of the mail server alone, such as mail.company.com.").On(at + "host"))
	}
	if m.Port < 1 || m.Port > 65535 {
		faults.Add(parley.Errorf(parley.Invalid, "way.port", "Enter a port from 1 to 65535.").On(at + "port"))
	}
	if m.TLS != parley.TLSImplicit && m.TLS != parley.TLSUpgraded {
		faults.Add(parley.Errorf(parley.Invalid, "way.tls", "Choose how the connection is protected: tls or starttls.").On(at + "tls"))
	}
	if m.Username = strings.TrimSpace(m.Username); m.Username == "" {
		faults.Add(parley.Errorf(parley.Invalid, "way.username", "Enter the user name; it is often the whole email address.").On(at + "username"))
	}
	wayLine(faults, at+"username", m.Username)
	switch m.Auth {
	case parley.AuthPassword:
		m.OAuth = nil
	case parley.AuthXOAuth2:
		checkOAuth(faults, at+"oauth", m)
	default:
		faults.Add(parley.Errorf(parley.Invalid, "way.auth", "Choose how to sign in: password or xoauth2.").On(at + "auth"))
	}
}

func checkOAuth(faults *parley.Faults, at string, m *parley.MailServer) {
	if m.OAuth == nil {
		faults.Add(parley.Errorf(parley.Invalid, "way.oauth_missing", "Say who gives access: google, microsoft or custom, with the client's id.").On(at))
		return
	}
	o := *m.OAuth
	if o.ClientID = strings.TrimSpace(o.ClientID); o.ClientID == "" {
		faults.Add(parley.Errorf(parley.Invalid, "way.client_id", "Enter the client id of the application that was registered for Parley.").On(at + ".client_id"))
	}
	wayLine(faults, at+".client_id", o.ClientID)
	switch o.Provider {
	case parley.OAuthGoogle, parley.OAuthMicrosoft:
		o.TokenURL = ""
	case parley.OAuthCustom:
		u, err := url.Parse(o.TokenURL)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(o.TokenURL) > 2000 {
			faults.Add(parley.Errorf(parley.Invalid, "way.token_url", "Enter the address that gives tokens; it begins with https://.").On(at + ".token_url"))
		}
	default:
		faults.Add(parley.Errorf(parley.Invalid, "way.oauth_provider", "Choose who gives access: google, microsoft or custom.").On(at + ".provider"))
	}
	m.OAuth = &o
}

func wayLine(faults *parley.Faults, field, value string) {
	if len(value) > maxWayField || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		faults.Add(parley.Errorf(parley.Invalid, "field.line", "Enter one line of 1 to %d characters.", maxWayField).On(field).With("max", fmt.Sprint(maxWayField)))
	}
}

// keptSecret is what we sign in with: what was given now, else what was given
// before for the same user of the same server. It never goes to another server:
// who may change settings need not know the password.
func keptSecret(faults *parley.Faults, now parley.MailServer, before *parley.MailServer, given, kept parley.ServerSecret) parley.ServerSecret {
	if before == nil || before.Host != now.Host || before.Port != now.Port || before.Username != now.Username || before.Auth != now.Auth || !sameGiver(before.OAuth, now.OAuth) {
		kept = parley.ServerSecret{}
	}
	for _, part := range []struct {
		field      string
		given, now *string
	}{{"password", &given.Password, &kept.Password}, {"client_secret", &given.ClientSecret, &kept.ClientSecret}, {"refresh_token", &given.RefreshToken, &kept.RefreshToken}} {
		if len(*part.given) > maxWaySecret {
			faults.Add(tooLong(part.field))
		} else if *part.given != "" {
			*part.now = *part.given
		}
	}
	switch now.Auth {
	case parley.AuthPassword:
		kept.ClientSecret, kept.RefreshToken = "", ""
		if kept.Password == "" {
			faults.Add(parley.Errorf(parley.Invalid, "way.password_missing", "Enter the password.").On("password"))
		}
	case parley.AuthXOAuth2:
		kept.Password = ""
		if kept.RefreshToken == "" {
			faults.Add(parley.Errorf(parley.Invalid, "way.refresh_token_missing", "Enter the refresh token.").On("refresh_token"))
		}
	}
	return kept
}

func sameGiver(a, b *parley.OAuth) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

func tooLong(field string) *parley.Error {
	return parley.Errorf(parley.Invalid, "field.too_long", "Enter up to %d characters.", maxWaySecret).On(field).With("max", fmt.Sprint(maxWaySecret))
}

// Ways tells how the ways of channels fare.
func (s *Service) Ways(ctx context.Context, actor parley.Actor, channels ...parley.Channel) (map[parley.ChannelID]parley.Ways, error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return nil, err
	}
	ids := make([]parley.ChannelID, len(channels))
	for i, c := range channels {
		ids[i] = c.ID
	}
	var out map[parley.ChannelID]parley.Ways
	var days map[parley.ChannelID]map[parley.Day]int64
	now := s.Now()
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if out, err = tx.ListWays(ctx, actor.AccountID, ids); err != nil {
			return err
		}
		days, err = tx.ListChannelDays(ctx, actor.AccountID, now.Add(-quietWindow))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list ways: %w", err)
	}
	for _, c := range channels {
		w := out[c.ID]
		// What is brought to us fares as what it brings: there is no connection of ours.
		if w.In != parley.ByIMAP && w.InState == parley.WayConnecting && c.LastInboundAt != nil {
			w.InState, w.InAt = parley.WayOK, c.LastInboundAt
		}
		if w.QuietSince = quietSince(days[c.ID], c.LastInboundAt, now); w.QuietSince != nil && w.InState == parley.WayOK {
			w.InState = parley.WayQuiet
		}
		out[c.ID] = w
	}
	return out, nil
}
