package setting

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"parley/internal/parley"
)

const (
	maxWayField  = 320
	maxWaySecret = 8 << 10
)

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
