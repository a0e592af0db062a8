// Package mime reads and writes RFC 5322 messages: bytes to a Message and a
// Draft to bytes. It owns everything that depends on the format alone: headers,
// addresses, dates, ids, MIME parts, charsets, delivery status notifications
// (RFC 3464), and what of a text the person newly wrote.
//
// It refuses I/O and opinions: no storage, no clock, no sanitising of HTML (see
// sanitize), no matching of contacts or conversations.
//
// Mail in the wild is broken in every way, and each of it must still arrive.
// So Read has no error: it reads what it can, and Message.Broken says why
// something could not be read. It takes linear time and bounded nesting on any
// input.
//
//	Read           bytes to Message
//	SplitQuote     the newly written text of a Message.Text
//	TextFromHTML   readable plain text of an HTML body
//	Compose        Draft to the bytes that go on the wire
package mime

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"parley/internal/parley"
)

// Limits of what Read follows; what lies beyond is kept as an attachment or left out,
// and Message.Broken says so.
const (
	maxDepth = 20
	maxParts = 500
)

// Why a message could not be read in full.
var (
	ErrNoHeader     = errors.New("no header field found")
	ErrTooDeep      = errors.New("parts are nested too deeply")
	ErrTooManyParts = errors.New("too many parts")
)

// Message is what was read. All strings are valid UTF-8 without NUL.
type Message struct {
	From          parley.Address // the first with a domain, if there are several; Email is empty if there is none
	Sender        parley.Address
	ReplyTo       parley.Addresses
	To            parley.Addresses
	Cc            parley.Addresses
	Bcc           parley.Addresses
	DeliveredTo   []string // Delivered-To, X-Original-To, X-Forwarded-To, Envelope-To: addr-specs, topmost first
	Subject       string
	SentAt        time.Time // the Date header in UTC; zero: missing or unreadable
	InternetID    string    // Message-ID without <>
	InReplyTo     []string
	References    []string
	Text          string // of the plain parts, or made from the HTML
	HTML          string // as it came, in UTF-8; not sanitised
	Parts         []Part
	AutoSubmitted bool     // the header says that a machine wrote it: RFC 3834, vacation notice
	AutoReply     bool     // a machine answers with it: vacation notice, acknowledgement, report
	NoAutoReply   bool     // no machine may answer it: any of these, bulk and list mail, senders that nobody reads
	IsBounce      bool     // it reports that a message failed or is delayed
	Reports       []Report // per recipient (RFC 3464)
	ContentHash   []byte   // SHA-256 over From, Date, Subject and decoded body parts
	Broken        error    // why something could not be read
}

// Part is an attachment, or an image shown within the HTML.
type Part struct {
	Filename    string
	ContentType string // lower case, without parameters
	ContentID   string // without <>
	Inline      bool   // the HTML refers to it by cid:
	Body        []byte // may be a piece of what was read
}

// Report is news of one recipient of a message that we sent.
type Report struct {
	InternetID string          // of the message reported on, if the report names it
	Recipient  string          // addr-spec, as we addressed it where the report says so
	Delivery   parley.Delivery // Bounced, Delivered, or Queued for "delayed"
	Status     string          // RFC 3463 code, "5.1.1"
	Reason     parley.Reason   // what code and words mean; empty where it was delivered
	Text       string          // the far end's words
}

// Read reads raw as a message. It never fails: see Message.Broken.
func Read(raw []byte) Message {
	raw = normalize(raw)
	head, body := splitHeader(raw)
	r := reader{charset: cmp.Or(head.charset(), guessCharset(head, body))}
	m := &r.msg
	r.readHeader(head)
	r.readBody(head, body)
	m.ContentHash = r.contentHash()
	r.readReports(head, body)
	r.readBounce(head)
	r.readAutomatic(head)
	if len(head) == 0 {
		m.Broken = ErrNoHeader
	}
	return *m
}

// reader holds what one Read gathers.
type reader struct {
	msg     Message
	charset string // hint for unlabelled 8-bit bytes: what the message declares
	kind    string // of the message as a whole: "multipart/report"
	parts   int    // seen so far
	hashed  [][]byte
	reports []entity // delivery-status and returned headers, in order

	outlook tnef // what a winmail.dat says, for a mail that says nothing else

	inReport      bool // within a multipart/report (RFC 6522)
	inAlternative bool // directly within a multipart/alternative
	inside        int  // how many mails within the mail are being read
}

func (r *reader) readHeader(head header) {
	m := &r.msg
	addresses := func(name string) parley.Addresses {
		return slices.DeleteFunc(readAddresses(head.joined(name), r.charset), isLocal)
	}
	m.From = r.sender(head.joined("from"))
	m.Sender = r.sender(head.joined("sender"))
	m.ReplyTo = addresses("reply-to")
	m.To = addresses("to")
	m.Cc = addresses("cc")
	m.Bcc = addresses("bcc")
	m.DeliveredTo = deliveredTo(head)
	m.Subject = readText(head.get("subject"), r.charset)
	m.SentAt = readDate(head.get("date"))
	m.InternetID = readMessageID(head.get("message-id"))
	m.InReplyTo = readIDs(head.joined("in-reply-to"))
	m.References = readIDs(head.joined("references"))
}

// sender reads From or Sender: the first address with a domain, else the name
// that stands with another, as in "Mail Delivery Subsystem <MAILER-DAEMON>".
func (r *reader) sender(v string) parley.Address {
	list := readAddresses(v, r.charset)
	if i := slices.IndexFunc(list, func(a parley.Address) bool { return !isLocal(a) }); i >= 0 {
		return list[i]
	}
	if len(list) > 0 {
		return parley.Address{Name: list[0].Name}
	}
	return parley.Address{}
}

// isLocal tells an address without a domain, such as MAILER-DAEMON: it reaches nobody.
func isLocal(a parley.Address) bool { return a.Domain() == "" }
