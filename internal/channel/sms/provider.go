package sms

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/sms"
)

// provider is how one company is asked to send, and how its calls are told from
// anybody else's. What a call says is read by readers: that needs no settings.
type provider interface {
	// request is the one request that sends a text.
	request(ctx context.Context, t text) (*http.Request, error)
	// answered reads what came back: the provider's name of the text, or a fault.
	answered(status int, body []byte) (id string, fault *channel.SendError)
	// signed reports nil if the provider itself makes this call, now.
	signed(c call, now time.Time) error
	// check signs in, and sends nothing. A fault is a *parley.Error.
	check(ctx context.Context, ask asker) error
}

// lister is a provider that tells which numbers the account has.
type lister interface {
	numbers(ctx context.Context, ask asker) ([]parley.TextNumber, error)
}

// keeper is a provider that keeps the files of texts.
type keeper interface {
	// mayFetch reports whether a file lies with the provider, and adds what it asks for.
	mayFetch(r *http.Request) bool
}

// makers make each provider of its options.
var makers = map[string]func(options) provider{
	"twilio": newTwilio, "telnyx": newTelnyx, "vonage": newVonage, "messagebird": newMessageBird, "plivo": newPlivo, "http": newGeneric,
}

// readers say what a provider's call means.
var readers = map[string]func(call) (event, error){
	"twilio": readTwilio, "telnyx": readTelnyx, "vonage": readVonage, "messagebird": readMessageBird, "plivo": readPlivo, "http": readGeneric, "smpp": readSMPP,
}

// text is a text on its way out.
type text struct {
	From     string
	To       string
	Body     string
	Images   []string // their addresses
	Ref      string   // our name of it
	Callback string
}

// call is a request that a provider made, whole.
type call struct {
	method      string
	url         string // as the provider sees it
	header      http.Header
	user, pass  string // basic authentication
	contentType string
	body        []byte
	id          string            // of the call, where the text in it has none
	names       map[string]string // of the fields of a call, for providers that have none of their own
}

// query are the values behind the question mark.
func (c call) query() url.Values {
	u, err := url.Parse(c.url)
	if err != nil {
		return nil
	}
	return u.Query()
}

// event is what a call says: a text, or news of one of ours, or nothing that we keep.
type event struct {
	id       string // the provider's name of the text
	from, to string
	body     string
	media    []channel.Part // with their addresses
	sentAt   time.Time
	answered bool // STOP, START or HELP, and the provider has answered
	piece    piece
	segment  sms.Segment // of SMPP: with the others of a text it makes the whole

	report *channel.Report // news of a text of ours
	state  string          // the provider's word for that news: the same for the same news
	idle   bool            // nothing to keep
}
