package parley

import (
	"cmp"
	"regexp"
	"slices"
	"time"
)

// TextProvider is a company or protocol that carries texts, and what it needs to know.
type TextProvider struct {
	Name   string
	Fields []TextField
	// Images reports whether pictures can be sent (MMS), and MaxImages how many bytes
	// those of one text may have together.
	Images    bool
	MaxImages int64
	// Lists reports whether it tells which numbers the account has.
	Lists bool
	// Answers reports whether it answers STOP, START and HELP itself unless told not to.
	Answers bool
	// Session: it is reached over a connection that we keep, and calls no webhook.
	Session bool
	// Segments is how many it takes as one text, where that is less than others take.
	Segments int
}

// TextLimits are what a provider takes as one text.
type TextLimits struct {
	Segments int // of a text without pictures
	// Characters of a text with pictures: it goes as an MMS, which has no segments.
	Characters   int
	Pictures     int // 0: it sends none
	PictureBytes int64
	PictureTypes []string
}

// What providers take at most, and phones show.
const (
	maxSegments   = 10 // 1,530 characters of GSM 03.38, or 670 of UCS-2
	maxCharacters = 1600
	maxPictures   = 10
)

var pictureTypes = []string{"image/jpeg", "image/png", "image/gif"}

// Limits are what the provider takes as one text.
func (p TextProvider) Limits() TextLimits {
	l := TextLimits{Segments: cmp.Or(p.Segments, maxSegments), Characters: maxCharacters, PictureTypes: []string{}}
	if p.Images {
		l.Pictures, l.PictureBytes, l.PictureTypes = maxPictures, p.MaxImages, pictureTypes
	}
	return l
}

// TextField is one thing that a provider needs to know of us.
type TextField struct {
	Name     string
	Secret   bool // sealed at rest, and never shown
	Required bool
	Default  string
	Choices  []string // one of these; none: anything
	Lines    bool     // it may have several lines
	Form     *Form    // which values can be right; nil: any
}

// Form is what the values of a field look like, where its provider says so.
type Form struct {
	Match *regexp.Regexp
	Words string // what such a value is, for whoever has entered another
}

func twilioSID(begin string) *Form {
	return &Form{regexp.MustCompile("^" + begin + "[0-9a-fA-F]{32}$"), begin + " and 32 digits or letters from a to f"}
}

// Telnyx signs with Ed25519, whose keys have 32 bytes, and counts its profiles by UUIDs.
var (
	telnyxKey     = &Form{regexp.MustCompile("^[0-9A-Za-z+/]{43}=$"), "44 characters, of which the last is ="}
	telnyxProfile = &Form{regexp.MustCompile("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"), "a UUID, such as 4001735d-ca8e-4a2b-9d2f-3b1c5e6f7a80"}
)

// baseField moves a provider's API elsewhere: to a region of its own, or to a test.
var baseField = TextField{Name: "api_base"}

// megabyte is the smaller of what is called so: providers do not say which they mean.
const megabyte = 1_000_000

// TextProviders are those that are understood.
var TextProviders = []TextProvider{
	{
		Name: "twilio", Images: true, MaxImages: 5 * megabyte, Lists: true, Answers: true,
		Fields: []TextField{
			{Name: "account_sid", Required: true, Form: twilioSID("AC")},
			{Name: "auth_token", Required: true, Secret: true},
			{Name: "messaging_service_sid", Form: twilioSID("MG")},
			baseField,
		},
	},
	{
		Name: "telnyx", Images: true, MaxImages: megabyte, Lists: true, Answers: true,
		Fields: []TextField{
			{Name: "api_key", Required: true, Secret: true},
			{Name: "public_key", Required: true, Form: telnyxKey},
			{Name: "messaging_profile_id", Form: telnyxProfile},
			baseField,
		},
	},
	{
		Name: "vonage", Lists: true,
		Fields: []TextField{
			{Name: "api_key", Required: true},
			{Name: "api_secret", Required: true, Secret: true},
			{Name: "signature_secret", Required: true, Secret: true},
			{Name: "signature_method", Default: "sha256", Choices: []string{"sha256", "sha512", "sha1", "md5", "md5hash"}},
			baseField,
		},
	},
	{
		Name: "messagebird", Images: true, MaxImages: megabyte, Lists: true, Segments: 9,
		Fields: []TextField{
			{Name: "access_key", Required: true, Secret: true},
			{Name: "signing_key", Required: true, Secret: true},
			baseField,
		},
	},
	{
		Name: "plivo", Images: true, MaxImages: 5 * megabyte, Lists: true, Answers: true,
		Fields: []TextField{
			{Name: "auth_id", Required: true},
			{Name: "auth_token", Required: true, Secret: true},
			baseField,
		},
	},
	{
		// Any provider with a REST API: {{to}}, {{from}}, {{text}}, {{reference}} and
		// {{callback}} are filled in, in the form of the content type.
		Name: "http",
		Fields: []TextField{
			{Name: "url", Required: true},
			{Name: "method", Default: "POST", Choices: []string{"POST", "GET", "PUT"}},
			{Name: "content_type", Default: "application/json", Choices: []string{"application/json", "application/x-www-form-urlencoded"}},
			{Name: "headers", Secret: true, Lines: true},
			{Name: "body", Lines: true},
			{Name: "id_field"},
			{Name: "hook_secret", Secret: true, Required: true},
			{Name: "hook_from", Default: "from"},
			{Name: "hook_to", Default: "to"},
			{Name: "hook_text", Default: "text"},
			{Name: "hook_id", Default: "id"},
			{Name: "hook_status", Default: "status"},
			{Name: "hook_delivered", Default: "delivered"},
			{Name: "hook_failed", Default: "failed"},
		},
	},
	{
		Name: "smpp", Session: true,
		Fields: []TextField{
			{Name: "host", Required: true},
			{Name: "port", Required: true, Default: "2775"},
			{Name: "tls", Default: "tls", Choices: []string{"tls", "none"}},
			{Name: "system_id", Required: true},
			{Name: "password", Required: true, Secret: true},
			{Name: "system_type"},
			{Name: "bind", Default: "transceiver", Choices: []string{"transceiver", "pair"}},
			{Name: "default_alphabet", Default: "gsm", Choices: []string{"gsm", "latin1"}},
		},
	},
}

// TextProviderNamed finds one of TextProviders.
func TextProviderNamed(name string) (TextProvider, bool) {
	i := slices.IndexFunc(TextProviders, func(p TextProvider) bool { return p.Name == name })
	if i < 0 {
		return TextProvider{}, false
	}
	return TextProviders[i], true
}

// Options are the values of a provider's fields, by their names.
type Options map[string]string

// TextSettings are those of a channel that is a number. The number is the channel's address.
type TextSettings struct {
	Provider string  `json:"provider"`
	Options  Options `json:"options,omitempty"` // of its fields that are no secrets
	Region   string  `json:"region"`            // ISO 3166: how numbers without + are read
	Rate     float64 `json:"rate"`              // texts a second that the number may send; 0: no limit
	// Price of a segment as a decimal, with its currency (ISO 4217); empty: not told.
	Price    string `json:"price,omitempty"`
	Currency string `json:"currency,omitempty"`
	// ProviderAnswers: STOP, START and HELP are answered by the provider, not by us.
	ProviderAnswers bool   `json:"provider_answers"`
	StopText        string `json:"stop_text,omitempty"`
	StartText       string `json:"start_text,omitempty"`
	HelpText        string `json:"help_text,omitempty"`
	// Quiet hours, "21:00" to "08:00" in the contact's time zone; both empty: none.
	QuietFrom string `json:"quiet_from,omitempty"`
	QuietTo   string `json:"quiet_to,omitempty"`
}

// TextNumber is a number that a provider account has.
type TextNumber struct {
	Number string // E.164
	Name   string // as it is called there
	SMS    bool
	MMS    bool
}

// ReopenAlways is the ReopenDays of a channel on which a closed conversation goes on however old it is.
const ReopenAlways = -1

// ConsentState is what somebody has said about being written to.
type ConsentState string

// The states.
const (
	OptedOut ConsentState = "opted_out"
	OptedIn  ConsentState = "opted_in"
)

// ConsentHow says how we know of a consent.
type ConsentHow string

// The ways.
const (
	ConsentKeyword  ConsentHow = "keyword"  // they wrote STOP or START
	ConsentManual   ConsentHow = "manual"   // a user noted it
	ConsentProvider ConsentHow = "provider" // the provider refused, because of what they told it
	ConsentForm     ConsentHow = "form"
	ConsentImport   ConsentHow = "import"
)

// Consent is one entry of the ledger: it is only ever added to.
type Consent struct {
	ID        ConsentID    `db:"id"`
	AccountID AccountID    `db:"account_id"`
	ContactID ContactID    `db:"contact_id"`
	Phone     string       `db:"phone"` // E.164
	State     ConsentState `db:"state"`
	How       ConsentHow   `db:"how"`
	UserID    UserID       `db:"user_id"`    // who noted it
	ChannelID ChannelID    `db:"channel_id"` // on which it was said; 0: on none
	MessageID MessageID    `db:"message_id"` // in which it was said
	Evidence  string       `db:"evidence"`   // the words themselves
	At        time.Time    `db:"at"`
}
