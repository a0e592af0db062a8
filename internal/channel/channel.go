// Package channel holds the contracts of a channel type: a plug-in that turns
// bytes into messages and messages into provider calls. A channel knows nothing
// of contacts, conversations or the database, so it can be read, tested and
// replaced alone. Implementations live below this folder and must pass channeltest.
//
// It refuses storage: what arrives is handed to a Sink, which makes it durable.
package channel

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"parley/internal/parley"
)

// Type is a kind of channel, compiled in and listed once in package app.
type Type interface {
	// Name is the key in the database: "email", "sms".
	Name() string
	// Open makes a channel of one configuration. It does no network I/O.
	Open(id parley.ChannelID, settings json.RawMessage) (Channel, error)
}

// Channel is one configured connection.
type Channel interface {
	// Parse reads stored input. It is pure, so that it can be repeated.
	Parse(raw Raw) (Parsed, error)
	// Compose turns a letter into the bytes that go on the wire (Outgoing.Body).
	// It is pure: the same letter makes the same bytes, so that a second try
	// sends what the first did. A fault is a *parley.Error that names the field.
	Compose(l Letter) ([]byte, error)
	// Send hands a message to the next hop, once. A fault is a *SendError.
	Send(ctx context.Context, m Outgoing) (Receipt, error)
}

// Receiver is a Channel that polls or holds a session. Receive goes on from
// where the Place says until ctx ends or the connection does: whoever runs it
// calls again. A fault that a person may read is a *parley.Error.
type Receiver interface {
	Receive(ctx context.Context, at Place, to Sink) error
}

// Place is where a Receiver stands in what it reads. Only one at a time holds it.
type Place interface {
	// Load gives what Move was told last; empty at the beginning.
	Load(ctx context.Context) (json.RawMessage, error)
	// Move makes durable that everything before cursor was accepted. It fails once
	// another node holds the place.
	Move(ctx context.Context, cursor json.RawMessage, archive Progress) error
	// Fares tells that the connection stands and has just been asked for news.
	Fares(ctx context.Context) error
}

// SenderChecker is a Channel that can tell what receivers learn about whom its mail
// is from. selectors are those with which its mail is known to be signed.
type SenderChecker interface {
	CheckSender(ctx context.Context, address string, selectors []string) (parley.SenderCheck, error)
}

// Progress is how much of an archive was taken.
type Progress struct{ Done, Total int }

// ErrUntried is what a check says where nothing can be tried without sending.
var ErrUntried = errors.New("only a message that is sent shows whether it works")

// Checker is a Channel whose settings can be tried. A fault is a *parley.Error in words,
// or ErrUntried.
type Checker interface {
	// CheckIncoming signs in where mail is fetched from, and reads nothing.
	CheckIncoming(ctx context.Context) error
	// CheckOutgoing signs in where mail leaves, and sends nothing.
	CheckOutgoing(ctx context.Context) error
}

// Verifier is a Channel that can tell whether a message is from whom it says. It
// may ask others, so it takes time, but never more than some seconds; nil where
// nothing was checked. The answer may be another one tomorrow.
type Verifier interface {
	Verify(ctx context.Context, raw Raw, p Parsed) *parley.Auth
}

// MediaFetcher is a Channel whose messages name files (Part.URL) that lie with its
// provider. A *parley.Error means that the file cannot be had: it is shown with its
// address. Any other fault is tried again.
type MediaFetcher interface {
	FetchMedia(ctx context.Context, address string) (Part, error)
}

// NumberLister is a Channel whose provider tells which numbers the account has. A
// fault is a *parley.Error in words.
type NumberLister interface {
	ListNumbers(ctx context.Context) ([]parley.TextNumber, error)
}

// Webhooker is a Channel that its provider calls.
type Webhooker interface {
	Webhook(to Sink) http.Handler
}

// Sink takes input. Accept returns nil only once raw is durable, byte for byte.
type Sink interface {
	Accept(ctx context.Context, raw Raw) error
}

// Directory tells a listener that serves all channels whose address rcpt is. An
// unknown one is a parley.Error with code not_found.
type Directory interface {
	Lookup(ctx context.Context, rcpt string) (parley.ChannelID, error)
}

// Raw is input as it came, with its envelope (RFC 5321).
type Raw struct {
	ChannelID  parley.ChannelID
	Body       []byte
	MailFrom   string   // empty for the null reverse-path
	RcptTo     []string // the recipients of this message that are addresses of this channel
	RemoteAddr string
	Helo       string // what the client called itself (RFC 5321 4.1.1.1), unproven; empty where it is not known
	ReceivedAt time.Time
	Source     parley.IntakeSource
	// Key is the same whenever the same input is handed over again, however often
	// its way brings it; empty: every input is another.
	Key string
	// Archive: it is of the time before the channel: it is kept, and nobody hears of it.
	Archive bool
}

// Parsed is what a channel read from Raw. Unreadable input is no error: Broken
// is set and the rest holds what could be saved.
type Parsed struct {
	From          parley.Address
	Sender        parley.Address
	ReplyTo       parley.Addresses
	To            parley.Addresses
	Cc            parley.Addresses
	Bcc           parley.Addresses
	DeliveredTo   []string // Delivered-To, X-Original-To, X-Forwarded-To, Envelope-To: addr-specs, topmost first
	Subject       string
	SentAt        time.Time // zero: missing or unreadable
	InternetID    string    // Message-ID without <>
	InReplyTo     []string
	References    []string
	Text          string // plain text: of the part, or made from the HTML
	HTML          string // as it came, charset decoded; not sanitised
	VisibleText   string // Text without quoted part and signature
	QuoteAt       int    // byte offset in Text where the folded part begins; -1: nothing to fold
	Parts         []Part
	ContentHash   []byte // SHA-256 over From, Date, Subject and body parts, without trace headers
	AutoSubmitted bool   // the header says that a machine wrote it: RFC 3834, vacation notice
	AutoReply     bool   // a machine answers: vacation notice, acknowledgement, bounce, report; not lists and bulk mail
	NoAutoReply   bool   // no machine may answer it: any of these, list and bulk mail, senders that nobody reads
	IsBounce      bool
	Reports       []Report
	Confirmation  *parley.Confirmation // what a provider wants confirmed before it forwards mail; nil: this is no such mail
	Answered      bool                 // it is STOP, START or HELP, and the provider has answered that itself
	Broken        error                // why the bytes could not be read as a message
}

// Part is an attachment, or an image shown within the HTML.
type Part struct {
	Filename    string
	ContentType string
	ContentID   string // without <>
	Inline      bool   // referred to by the HTML
	Body        []byte
	// URL is where the file lies, to be fetched by a MediaFetcher, where Body is not
	// here; on the way out where the provider may fetch it.
	URL string
}

// Report is news of something that we sent: a DSN (RFC 3464) or a provider's receipt.
type Report struct {
	InternetID string // of the message reported on (Letter.InternetID), if named
	ProviderID string
	Recipient  string
	Delivery   parley.Delivery // bounced, delivered, or queued for "delayed"
	Status     string          // RFC 3463 code, "5.1.1", or the provider's own
	Reason     parley.Reason   // what code and words mean; empty where it was delivered
	Text       string          // the far end's words
}

// Outgoing is a message on its way out, composed: Body is what goes on the wire.
type Outgoing struct {
	ChannelID  parley.ChannelID
	MessageID  parley.MessageID
	MailFrom   string
	Recipients []string // envelope recipients still to be reached
	Body       []byte   // RFC 5322 bytes with CRLF line ends
}

// Receipt is what the next hop answered.
type Receipt struct {
	ProviderID string             // its queue id, if it told one
	Refused    map[string]Refusal // recipients it refused for good; the others were accepted
	Deferred   map[string]Refusal // recipients it refused for now
}

// Refusal is why somebody does not get a message.
type Refusal struct {
	Text   string // the far end's words: a person reads it
	Status string // as in Report, if it told one
	// Reason is what code and words mean; empty where it was not the far end that
	// refused. One that is Hard says that the address is dead: it is never told of
	// what the far end holds against us.
	Reason parley.Reason
}

// SendErrorKind says what may be done after a fault.
type SendErrorKind int

// The kinds.
const (
	Temporary SendErrorKind = iota + 1 // refused or broken off before the body was taken: safe to try again
	Permanent                          // refused for good
	Uncertain                          // broken off after the body: it may have arrived
)

// SendError is a fault of Send.
type SendError struct {
	Kind SendErrorKind
	Text string // the far end's words, or what broke: a person reads it
	// Status and Reason are as in Refusal.
	Status string
	Reason parley.Reason
	Err    error
}

func (e *SendError) Error() string { return e.Text }

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Err }

// KindOf says what may be done after err; 0 when there is none. A fault that
// says nothing of itself is Uncertain: nobody may conclude that nothing was sent.
func KindOf(err error) SendErrorKind {
	if err == nil {
		return 0
	}
	if e, ok := errors.AsType[*SendError](err); ok {
		return e.Kind
	}
	return Uncertain
}
