package parley

import "time"

// WayIn is how a channel's mail reaches us.
type WayIn string

// The ways in.
const (
	ByForward WayIn = "forward" // forwarded to, or received at, an address of our own listener
	ByIMAP    WayIn = "imap"    // fetched from a mailbox
	ByWebhook WayIn = "webhook" // brought by a provider
	BySession WayIn = "smpp"    // over a session that we keep open
)

// WayState says how a way fares.
type WayState string

// The states.
const (
	WayOK         WayState = "ok"
	WayConnecting WayState = "connecting" // nothing is known yet
	WayFailed     WayState = "failed"     // the reason stands beside it, in words
	WayQuiet      WayState = "quiet"      // nothing is wrong, but a channel that is usually busy is silent
)

// How a connection to a mail server is protected.
const (
	TLSImplicit = "tls"      // from the first byte (RFC 8314)
	TLSUpgraded = "starttls" // asked for before anybody signs in, or nobody does
)

// How we sign in at a mail server.
const (
	AuthPassword = "password"
	AuthXOAuth2  = "xoauth2"
)

// The keepers of OAuth that are known by name.
const (
	OAuthGoogle    = "google"
	OAuthMicrosoft = "microsoft"
	OAuthCustom    = "custom" // TokenURL says where
)

// ChannelSettings are how a channel's messages come in and leave: what a channel
// type is opened with, together with its secrets.
type ChannelSettings struct {
	Incoming Incoming      `json:"incoming,omitzero"` // of email
	Outgoing Outgoing      `json:"outgoing,omitzero"` // of email
	Text     *TextSettings `json:"text,omitempty"`    // of sms
}

// Incoming is the way in. An empty Way is ByForward.
type Incoming struct {
	Way     WayIn       `json:"way"`
	IMAP    *IMAPServer `json:"imap,omitempty"`
	Webhook *Webhook    `json:"webhook,omitempty"`
}

// MailServer is a server that we sign in at.
type MailServer struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	TLS      string `json:"tls"` // TLSImplicit or TLSUpgraded
	Username string `json:"username"`
	Auth     string `json:"auth"`            // AuthPassword or AuthXOAuth2
	OAuth    *OAuth `json:"oauth,omitempty"` // with AuthXOAuth2
}

// OAuth says who gives access tokens for a refresh token (RFC 6749 6).
type OAuth struct {
	Provider string `json:"provider"` // OAuthGoogle, OAuthMicrosoft or OAuthCustom
	ClientID string `json:"client_id"`
	TokenURL string `json:"token_url,omitempty"` // of OAuthCustom
}

// IMAPServer is a mailbox that is read.
type IMAPServer struct {
	MailServer
	Mailbox string     `json:"mailbox"`         // "INBOX"
	Since   *time.Time `json:"since,omitempty"` // older mail from this day on is taken as an archive
}

// Webhook is a mail provider that brings what it receives.
type Webhook struct {
	Provider string `json:"provider"`            // "postmark", "mailgun", "sendgrid", "ses"
	TopicARN string `json:"topic_arn,omitempty"` // of ses: the one topic that is believed
}

// Outgoing is the way out. Without SMTP it is the operator's relay.
type Outgoing struct {
	SMTP *MailServer `json:"smtp,omitempty"`
}

// ChannelSecrets are what ChannelSettings leave out, sealed at rest.
type ChannelSecrets struct {
	IMAP    ServerSecret `json:"imap,omitzero"`
	SMTP    ServerSecret `json:"smtp,omitzero"`
	Webhook string       `json:"webhook,omitempty"` // the provider's signing key, or the password of its requests
	Text    Options      `json:"text,omitempty"`    // what TextSettings.Options leaves out
}

// IsZero reports whether nothing is secret.
func (c ChannelSecrets) IsZero() bool {
	return c.IMAP == (ServerSecret{}) && c.SMTP == (ServerSecret{}) && c.Webhook == "" && len(c.Text) == 0
}

// ServerSecret is what we sign in with at a MailServer.
type ServerSecret struct {
	Password     string `json:"password,omitempty"`
	ClientSecret string `json:"client_secret,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
}

// Ways are how a channel's ways in and out fare: what is learned, beside what a
// person has set.
type Ways struct {
	AccountID  AccountID  `db:"account_id"`
	ChannelID  ChannelID  `db:"channel_id"`
	In         WayIn      `db:"way_in"`
	InState    WayState   `db:"in_state"`
	InError    string     `db:"in_error"`
	InAt       *time.Time `db:"in_at"`      // when it worked last
	HookToken  string     `db:"hook_token"` // of ByWebhook: the provider's address ends with it
	Cursor     JSON       `db:"cursor"`     // of ByIMAP: where its Receiver stands
	ArchivedOf int64      `db:"archive_total"`
	Archived   int64      `db:"archive_done"`
	OutState   WayState   `db:"out_state"`
	OutError   string     `db:"out_error"`
	LeaseOwner string     `db:"lease_owner"`
	LeaseUntil *time.Time `db:"lease_until"`
	QuietSince *time.Time `db:"-"` // usually busy, and silent since then
}

// IntakeSource says by which way a journal entry came in.
type IntakeSource string

// The sources.
const (
	FromListener IntakeSource = "" // our own listener
	FromMailbox  IntakeSource = "imap"
	FromWebhook  IntakeSource = "webhook"
	FromSession  IntakeSource = "smpp" // a connection that we keep to a message centre
)

// RoundTrip is a try of a channel with itself: one mail to its address, and one to
// a +tag of it. What came of it follows from its times (At).
type RoundTrip struct {
	ID        RoundTripID `db:"id"`
	AccountID AccountID   `db:"account_id"`
	ChannelID ChannelID   `db:"channel_id"`
	Token     string      `db:"token"`
	Error     string      `db:"error"`     // why it was not sent, or came back
	TagError  string      `db:"tag_error"` // likewise of the tagged one
	Selector  string      `db:"selector"`  // with which what arrived was signed (DKIM)
	StartedAt time.Time   `db:"started_at"`
	ArrivedAt *time.Time  `db:"arrived_at"`
	TaggedAt  *time.Time  `db:"tagged_at"`
}

// How a round trip stands.
const (
	TripSent    = "sent"
	TripArrived = "arrived"
	TripFailed  = "failed"
)

const (
	tripPatience = 10 * time.Minute // for the mail to arrive
	tagPatience  = time.Minute      // for the tagged one, once the other has
)

// At tells how the trip stands at a moment, and whether tags arrive; nil: not known yet.
func (r RoundTrip) At(now time.Time) (state string, plusTags *bool) {
	switch {
	case r.TaggedAt != nil:
		plusTags = new(true)
	case r.TagError != "", r.ArrivedAt != nil && now.Sub(*r.ArrivedAt) > tagPatience:
		plusTags = new(false)
	}
	switch {
	case r.ArrivedAt != nil:
		return TripArrived, plusTags
	case r.Error != "", now.Sub(r.StartedAt) > tripPatience:
		return TripFailed, nil
	}
	return TripSent, nil
}

// Confirmation is what a provider wants entered or opened before it forwards mail.
type Confirmation struct {
	Provider string    `db:"provider"` // "google", "microsoft", or the domain that it is from
	Code     string    `db:"code"`
	Link     string    `db:"link"`
	At       time.Time `db:"at"`
}

// SenderRecord is one DNS record that receivers go by.
type SenderRecord struct {
	State  string // "ok", "missing", "wrong", "unknown"
	Name   string // of the record
	Record string // as it is; empty: there is none
	Add    string // what to add or to put in its place; empty: nothing
}

// SenderCheck is what receivers can learn about the domain that a channel sends from.
type SenderCheck struct {
	Domain  string
	SPF     SenderRecord
	DKIM    SenderRecord
	DMARC   SenderRecord
	Aligned bool // what is sent passes DMARC, by SPF or by DKIM
	Notes   []string
}

// WaySealed is the fault of a way whose passwords are kept, and cannot be opened.
func WaySealed() *Error {
	return Errorf(Forbidden, "way.sealed", "What we sign in with cannot be read: the server's secret key is another one than when it was saved. Start the server with the old key, or enter it anew.")
}
