package parley

import (
	"path"
	"strings"
	"time"
)

// Direction of a message.
type Direction string

// The directions.
const (
	Inbound  Direction = "inbound"
	Outbound Direction = "outbound"
)

// MessageKind says what an outbound message is to the one before.
type MessageKind string

// The kinds.
const (
	KindNew     MessageKind = "new"
	KindReply   MessageKind = "reply"
	KindForward MessageKind = "forward"
)

// Message is something that a contact and we sent to each other. Names follow
// RFC 5322 and JMAP (RFC 8621): InternetID is the Message-ID without <>.
type Message struct {
	ID             MessageID      `db:"id"`
	AccountID      AccountID      `db:"account_id"`
	ConversationID ConversationID `db:"conversation_id"`
	ChannelID      ChannelID      `db:"channel_id"`
	ContactID      ContactID      `db:"contact_id"` // who wrote it, inbound
	AuthorID       UserID         `db:"author_id"`  // who wrote it, outbound
	Direction      Direction      `db:"direction"`
	Kind           MessageKind    `db:"kind"`
	Seq            Seq            `db:"seq"` // of the event that filed or queued it
	At             time.Time      `db:"at"`  // its place in the timeline: ReceivedAt, or just before a child that came first
	FromName       string         `db:"from_name"`
	FromEmail      string         `db:"from_email"`
	FromPhone      string         `db:"from_phone"`
	ReplyTo        Addresses      `db:"reply_to"`
	To             Addresses      `db:"to_list"`
	Cc             Addresses      `db:"cc_list"`
	Bcc            Addresses      `db:"bcc_list"`
	Subject        string         `db:"subject"`
	SentAt         *time.Time     `db:"sent_at"`     // what the Date header claims; for ours, when the next hop accepted it
	ReceivedAt     time.Time      `db:"received_at"` // when we accepted it; for ours, when it was queued
	InternetID     string         `db:"internet_id"`
	InReplyTo      string         `db:"in_reply_to"`
	References     Strings        `db:"references_list"`
	Named          Strings        `db:"-"` // on insertion: the ids that threading goes by; nil: InReplyTo and References
	ContentHash    []byte         `db:"content_hash"`
	Preview        string         `db:"preview"`
	AutoSubmitted  bool           `db:"auto_submitted"`
	NoAutoReply    bool           `db:"no_auto_reply"` // no machine may answer it: machines, lists, bulk mail, senders that nobody reads
	IsBounce       bool           `db:"is_bounce"`
	NewParticipant bool           `db:"new_participant"` // its sender is new to the thread
	Unparsed       bool           `db:"unparsed"`        // the bytes could not be read as mail: the raw mail is attached
	Delivery       Delivery       `db:"delivery"`
	DeliveryError  string         `db:"delivery_error"`
	Attempt        int            `db:"attempt"`   // counts a person's decisions to send: retry adds one
	Tries          int            `db:"tries"`     // within this attempt
	SendAt         *time.Time     `db:"send_at"`   // scheduled; or when the next try is due
	MailFrom       string         `db:"mail_from"` // envelope
	RcptTo         Strings        `db:"rcpt_to"`   // envelope
	RawBlob        BlobKey        `db:"raw_blob"`  // the bytes as they came or went
	RawSize        int64          `db:"raw_size"`
	HasHTML        bool           `db:"has_html"`
	RemoteImages   bool           `db:"remote_images"` // the HTML asks for images from elsewhere: held back
	Segments       int            `db:"segments"`
	Auth           *Auth          `db:"auth"` // inbound; nil: nothing was checked
	ImagesAllowed  bool           `db:"-"`    // a user said that this sender's images are always shown
	Recipients     []Recipient    `db:"-"`
	Attachments    []Attachment   `db:"-"`
}

// Summarise sets the message's delivery to the worst of its recipients', with
// that one's error.
func (m *Message) Summarise() {
	if len(m.Recipients) == 0 {
		return
	}
	all := make([]Delivery, len(m.Recipients))
	for i, r := range m.Recipients {
		all[i] = r.Delivery
	}
	m.Delivery, m.DeliveryError = Worst(all...), ""
	for _, r := range m.Recipients {
		if r.Delivery == m.Delivery && r.Error != "" {
			m.DeliveryError = r.Error
			return
		}
	}
}

// Body is a message's text, kept apart from Message so that lists stay narrow.
type Body struct {
	MessageID   MessageID `db:"message_id"`
	Text        string    `db:"text"`         // whole plain text: of the part, or made from the HTML
	VisibleText string    `db:"visible_text"` // without quoted part and signature
	HTML        string    `db:"html"`         // sanitised; empty if there is none
	QuoteAt     int       `db:"quote_at"`     // byte offset in Text where the folded part begins; -1: nothing to fold
}

// RecipientKind is the header that a recipient stands in.
type RecipientKind string

// The kinds.
const (
	RcptTo  RecipientKind = "to"
	RcptCc  RecipientKind = "cc"
	RcptBcc RecipientKind = "bcc"
)

// Recipient is one address that an outbound message goes to, with how far it got.
type Recipient struct {
	MessageID  MessageID     `db:"message_id" json:"-"`
	AccountID  AccountID     `db:"account_id" json:"-"`
	Kind       RecipientKind `db:"kind" json:"kind"`
	Name       string        `db:"name" json:"name,omitempty"`
	Address    string        `db:"address" json:"address"`
	Delivery   Delivery      `db:"delivery" json:"delivery"`
	Error      string        `db:"error" json:"error,omitempty"`   // the server's words
	Status     string        `db:"status" json:"status,omitempty"` // RFC 3463 code, "5.1.1"
	Reason     Reason        `db:"reason" json:"reason,omitempty"` // what they mean
	ProviderID string        `db:"provider_id" json:"provider_id,omitempty"`
}

// BlobKey is the SHA-256 of a blob's bytes in hex; empty: none.
type BlobKey string

// Attachment is a file of a message, or one uploaded for a draft (MessageID 0).
type Attachment struct {
	ID         AttachmentID `db:"id"`
	AccountID  AccountID    `db:"account_id"`
	MessageID  MessageID    `db:"message_id"`
	UploaderID UserID       `db:"uploader_id"`
	// CannedID and SignatureID: it is a file of one of these, not of a message.
	CannedID    CannedMessageID `db:"canned_id"`
	SignatureID SignatureID     `db:"signature_id"`
	Filename    string          `db:"filename"`
	ContentType string          `db:"content_type"`
	Size        int64           `db:"size"`
	Inline      bool            `db:"inline"` // shown within the HTML by its ContentID
	ContentID   string          `db:"content_id"`
	Blob        BlobKey         `db:"blob"`
	CreatedAt   time.Time       `db:"created_at"`
	// SourceURL is where a file lies that we could not fetch, and Fault why: there is no Blob then.
	SourceURL string    `db:"source_url"`
	Fault     FileFault `db:"fault"`
}

// FileFault says why a file that a message names is not here.
type FileFault string

// The faults.
const (
	FileTooLarge    FileFault = "too_large"
	FileUnsupported FileFault = "unsupported" // of a type that we do not take
	FileGone        FileFault = "gone"        // its provider does not have it, or does not give it to us
)

// FileKind says what a file is to a reader.
type FileKind string

// The kinds.
const (
	PlainFile     FileKind = "file"
	ImageFile     FileKind = "image"
	CalendarFile  FileKind = "calendar"  // an invitation
	MessageFile   FileKind = "message"   // a mail within the mail
	SignatureFile FileKind = "signature" // of S/MIME or PGP: says who signed
	EncryptedFile FileKind = "encrypted" // only the right key opens it
	ContactFile   FileKind = "contact"   // an address book entry
)

// fileKinds by content type; any other image is an ImageFile, anything else a PlainFile.
var fileKinds = map[string]FileKind{
	"text/calendar": CalendarFile, "application/ics": CalendarFile, "application/calendar": CalendarFile,
	"message/rfc822": MessageFile, "message/global": MessageFile,
	"application/pkcs7-signature": SignatureFile, "application/x-pkcs7-signature": SignatureFile, "application/pgp-signature": SignatureFile,
	"application/pkcs7-mime": EncryptedFile, "application/x-pkcs7-mime": EncryptedFile, "application/pgp-encrypted": EncryptedFile,
	"text/vcard": ContactFile, "text/x-vcard": ContactFile, "text/directory": ContactFile,
}

// fileEndings tell kinds where the content type is as good as none.
var fileEndings = map[string]FileKind{
	".ics": CalendarFile, ".eml": MessageFile, ".vcf": ContactFile, ".p7s": SignatureFile, ".sig": SignatureFile, ".p7m": EncryptedFile, ".asc": EncryptedFile, ".pgp": EncryptedFile, ".gpg": EncryptedFile,
}

// Kind is what a is to a reader, by its content type, else its name.
func (a Attachment) Kind() FileKind {
	if kind, ok := fileKinds[a.ContentType]; ok {
		return kind
	}
	if strings.HasPrefix(a.ContentType, "image/") {
		return ImageFile
	}
	if a.ContentType == "application/octet-stream" || a.ContentType == "text/plain" {
		if kind, ok := fileEndings[strings.ToLower(path.Ext(a.Filename))]; ok {
			return kind
		}
	}
	return PlainFile
}

// Note is for the team; it is never sent.
type Note struct {
	ID             NoteID         `db:"id"`
	AccountID      AccountID      `db:"account_id"`
	ConversationID ConversationID `db:"conversation_id"`
	AuthorID       UserID         `db:"author_id"`
	Seq            Seq            `db:"seq"`
	Text           string         `db:"text"`
	HTML           string         `db:"html"` // sanitised
	CreatedAt      time.Time      `db:"created_at"`
	EditedAt       *time.Time     `db:"edited_at"`
	DeletedAt      *time.Time     `db:"deleted_at"`
}

// DraftMessage is what a user has written in a conversation and not sent yet:
// one per user, conversation and Mode. Content is the composer's own document.
type DraftMessage struct {
	AccountID      AccountID      `db:"account_id"`
	UserID         UserID         `db:"user_id"`
	ConversationID ConversationID `db:"conversation_id"`
	Mode           string         `db:"mode"` // reply | note
	Content        JSON           `db:"content"`
	Version        int64          `db:"version"` // grows by one a save; a save with an older base is a conflict
	UpdatedAt      time.Time      `db:"updated_at"`
	Begun          bool           `db:"begun"`   // there is something in it: the Drafts view
	Preview        string         `db:"preview"` // its first words
}

// IntakeState of a journal entry.
type IntakeState string

// The states: accepted = filed + failed + pending.
const (
	IntakePending IntakeState = "pending"
	IntakeFiled   IntakeState = "filed"
	IntakeFailed  IntakeState = "failed" // our fault: retried, visible
)

// IntakeOutcome says what a filed entry became.
type IntakeOutcome string

// The outcomes.
const (
	BecameMessage   IntakeOutcome = "message"
	BecameDuplicate IntakeOutcome = "duplicate"  // the same mail again: MessageID is the first
	BecameReport    IntakeOutcome = "report"     // a bounce or delivery report, attached to its message
	BecameRoundTrip IntakeOutcome = "round_trip" // a mail that a channel sent to itself: it arrived, and that is all
	BecameErased    IntakeOutcome = "erased"     // a tombstone: the person was erased
)

// Intake is one entry of the journal: what was accepted, byte for byte, before it was answered.
type Intake struct {
	ID             IntakeID       `db:"id"`
	AccountID      AccountID      `db:"account_id"`
	ChannelID      ChannelID      `db:"channel_id"`
	State          IntakeState    `db:"state"`
	Outcome        IntakeOutcome  `db:"outcome"`
	Raw            []byte         `db:"raw"` // nil where the blob has it
	Blob           BlobKey        `db:"blob"`
	Size           int64          `db:"size"`
	Lane           string         `db:"lane"`
	MailFrom       string         `db:"mail_from"`
	RcptTo         Strings        `db:"rcpt_to"`
	RemoteAddr     string         `db:"remote_addr"`
	Helo           string         `db:"helo"` // what the client called itself
	ReceivedAt     time.Time      `db:"received_at"`
	FiledAt        *time.Time     `db:"filed_at"`
	Tries          int            `db:"tries"`
	Error          string         `db:"error"`
	MessageID      MessageID      `db:"message_id"`
	ConversationID ConversationID `db:"conversation_id"`
	Source         IntakeSource   `db:"source"`
	SourceKey      string         `db:"source_key"` // the same for what its way brings again; empty: it never does
	Archive        bool           `db:"archive"`    // of the time before the channel: nobody hears of it
}
