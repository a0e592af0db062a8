package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/sms"
)

// Person is a mailbox of RFC 5322, or a telephone number.
type Person struct {
	Name  string `json:"name" maxLength:"500" required:"false"`
	Email string `json:"email" maxLength:"254" doc:"Empty where they are a number."`
	Phone string `json:"phone,omitempty" maxLength:"40" doc:"E.164."`
}

// Attachment is a file of a message, or an upload.
type Attachment struct {
	ID          parley.AttachmentID `json:"id"`
	Filename    string              `json:"filename"`
	ContentType string              `json:"content_type"`
	Size        int64               `json:"size" doc:"In bytes."`
	Inline      bool                `json:"inline" doc:"Shown within the HTML."`
	Kind        parley.FileKind     `json:"kind" enum:"file,image,calendar,message,signature,encrypted,contact"`
	SourceURL   string              `json:"source_url,omitempty" doc:"Where a file lies that is not here."`
	Fault       parley.FileFault    `json:"fault,omitempty" enum:"too_large,unsupported,gone" doc:"Why it is not here."`
}

// Recipient is how far one address was reached.
type Recipient struct {
	Kind     string          `json:"kind" enum:"to,cc,bcc"`
	Name     string          `json:"name"`
	Address  string          `json:"address"`
	Delivery parley.Delivery `json:"delivery"`
	Error    string          `json:"error" doc:"The far end's words."`
	Status   string          `json:"status" doc:"RFC 3463 code, such as 5.1.1; may be empty."`
	Reason   parley.Reason   `json:"reason" enum:"mailbox_full,no_such_user,host_unknown,blocked_as_spam,too_large,policy,expired,suspended,auth_failure,network,other,opted_out,no_such_number,not_mobile,unreachable,filtered,balance," doc:"What the words mean; empty: nothing went wrong."`
}

// Auth is what checking the sender of a mail found.
type Auth struct {
	SPF      parley.Verdict `json:"spf" enum:"pass,fail,none"`
	DKIM     parley.Verdict `json:"dkim" enum:"pass,fail,none"`
	DMARC    parley.Verdict `json:"dmarc" enum:"pass,fail,none"`
	Verified parley.Verdict `json:"verified" enum:"pass,fail,none" doc:"What they say together; fail: unverified."`
	Domain   string         `json:"domain" doc:"Of the From address: what was verified."`
}

// Envelope is what SMTP said, not the header (RFC 5321).
type Envelope struct {
	MailFrom string   `json:"mail_from"`
	RcptTo   []string `json:"rcpt_to"`
}

// Message is a message on the wire.
type Message struct {
	ID             parley.MessageID      `json:"id"`
	ConversationID parley.ConversationID `json:"conversation_id"`
	Direction      string                `json:"direction" enum:"inbound,outbound"`
	Mode           string                `json:"mode" enum:"new,reply,forward,"`
	AuthorID       *int64                `json:"author_id"`
	ContactID      *int64                `json:"contact_id"`
	From           Person                `json:"from"`
	To             []Person              `json:"to"`
	Cc             []Person              `json:"cc"`
	Bcc            []Person              `json:"bcc"`
	ReplyTo        []Person              `json:"reply_to"`
	Subject        string                `json:"subject"`
	SentAt         *time.Time            `json:"sent_at" doc:"What the Date header claims; of ours, when the next hop took it."`
	ReceivedAt     time.Time             `json:"received_at"`
	At             time.Time             `json:"at" doc:"Its place in the timeline."`
	Seq            parley.Seq            `json:"seq"`
	InternetID     string                `json:"internet_id" doc:"Message-ID without <>."`
	InReplyTo      string                `json:"in_reply_to"`
	References     []string              `json:"references"`
	Text           string                `json:"text"`
	VisibleText    string                `json:"visible_text" doc:"Without quoted part and signature."`
	HTML           string                `json:"html" doc:"Sanitised; empty where a timeline was asked for without it."`
	QuoteAt        int                   `json:"quote_at" doc:"Byte offset in text where the quoted part begins; -1: none."`
	Preview        string                `json:"preview"`
	Attachments    []Attachment          `json:"attachments"`
	AutoSubmitted  bool                  `json:"auto_submitted"`
	IsBounce       bool                  `json:"is_bounce"`
	NewParticipant bool                  `json:"new_participant"`
	Unparsed       bool                  `json:"unparsed"`
	Delivery       *parley.Delivery      `json:"delivery"`
	DeliveryError  string                `json:"delivery_error"`
	Recipients     []Recipient           `json:"recipients"`
	Attempt        int                   `json:"attempt"`
	Tries          int                   `json:"tries"`
	SendAt         *time.Time            `json:"send_at" doc:"When it leaves, or when the next try is due."`
	Envelope       Envelope              `json:"envelope"`
	Segments       int                   `json:"segments"`
	LikeOptOut     bool                  `json:"sounds_like_opt_out,omitempty" doc:"Of a text: its words ask to be left alone."`
	RawSize        int64                 `json:"raw_size"`
	HasHTML        bool                  `json:"has_html"`
	RemoteImages   bool                  `json:"remote_images" doc:"Images from elsewhere are held back."`
	ImagesAllowed  bool                  `json:"images_allowed" doc:"A user said that this sender's images are always shown, and nothing speaks against the sender."`
	Auth           *Auth                 `json:"auth" doc:"Inbound; null: nothing was checked."`
}

func newMessage(m parley.Message, b parley.Body) Message {
	out := Message{
		ID: m.ID, ConversationID: m.ConversationID, Direction: string(m.Direction), Mode: string(m.Kind), AuthorID: ref(m.AuthorID), ContactID: ref(m.ContactID),
		From: Person{m.FromName, m.FromEmail, m.FromPhone}, To: people(m.To), Cc: people(m.Cc), Bcc: people(m.Bcc), ReplyTo: people(m.ReplyTo),
		Subject: m.Subject, SentAt: m.SentAt, ReceivedAt: m.ReceivedAt, At: m.At, Seq: m.Seq,
		InternetID: m.InternetID, InReplyTo: m.InReplyTo, References: texts(m.References),
		Text: b.Text, VisibleText: b.VisibleText, HTML: b.HTML, QuoteAt: b.QuoteAt, Preview: m.Preview,
		Attachments: make([]Attachment, len(m.Attachments)), Recipients: make([]Recipient, len(m.Recipients)),
		AutoSubmitted: m.AutoSubmitted, IsBounce: m.IsBounce, NewParticipant: m.NewParticipant, Unparsed: m.Unparsed,
		DeliveryError: m.DeliveryError, Attempt: m.Attempt, Tries: m.Tries, SendAt: m.SendAt,
		Envelope: Envelope{m.MailFrom, texts(m.RcptTo)}, Segments: m.Segments, RawSize: m.RawSize, HasHTML: m.HasHTML, RemoteImages: m.RemoteImages,
		ImagesAllowed: m.ImagesAllowed && !m.Auth.Unverified(),
	}
	out.LikeOptOut = m.FromPhone != "" && m.Direction == parley.Inbound && sms.SoundsLikeOptOut(b.Text)
	if m.Delivery != "" {
		out.Delivery = &m.Delivery
	}
	if m.Auth != nil {
		auth := Auth(*m.Auth)
		out.Auth = &auth
	}
	for i, a := range m.Attachments {
		out.Attachments[i] = newAttachment(a)
	}
	for i, r := range m.Recipients {
		out.Recipients[i] = Recipient{string(r.Kind), r.Name, r.Address, r.Delivery, r.Error, r.Status, r.Reason}
	}
	return out
}

func newAttachment(a parley.Attachment) Attachment {
	return Attachment{a.ID, a.Filename, a.ContentType, a.Size, a.Inline, a.Kind(), a.SourceURL, a.Fault}
}

func people(list parley.Addresses) []Person {
	out := make([]Person, len(list))
	for i, a := range list {
		out[i] = Person{a.Name, a.Email, a.Phone}
	}
	return out
}

func texts(list parley.Strings) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// addresses reads recipients; nil where the request does not name them, so that the default applies.
func addresses(list []Person) parley.Addresses {
	if list == nil {
		return nil
	}
	out := make(parley.Addresses, len(list))
	for i, p := range list {
		out[i] = parley.Address{Name: strings.TrimSpace(p.Name), Email: p.Email, Phone: strings.TrimSpace(p.Phone)}
	}
	return out
}

// MessageBody is a reply or a forward to send.
type MessageBody struct {
	Kind          string                `json:"kind,omitempty" enum:"reply,forward" default:"reply"`
	AnswersID     parley.MessageID      `json:"answers_id,omitempty" doc:"The message of the conversation that is answered; absent: what the contact wrote last."`
	Text          string                `json:"text,omitempty"`
	HTML          string                `json:"html,omitempty" doc:"What the editor makes; anything else is taken out."`
	Subject       *string               `json:"subject,omitempty"`
	To            []Person              `json:"to,omitempty" doc:"Whoever wrote what is answered, if absent."`
	Cc            []Person              `json:"cc,omitempty"`
	Bcc           []Person              `json:"bcc,omitempty"`
	AttachmentIDs []parley.AttachmentID `json:"attachment_ids,omitempty" maxItems:"100"`
	SendAt        *time.Time            `json:"send_at,omitempty"`
	UndoSeconds   int                   `json:"undo_seconds,omitempty" doc:"Held back for so long, 0 to 60."`
	SeenSeq       *parley.Seq           `json:"seen_seq,omitempty" doc:"last_seq of the conversation as the sender saw it."`
	Force         bool                  `json:"force,omitempty" doc:"Send although something newer has arrived."`
	Reopen        bool                  `json:"reopen,omitempty"`
	Close         bool                  `json:"close,omitempty"`
	Merge         bool                  `json:"merge,omitempty" doc:"The chips of html are merge fields; else they, as {{ … }} always, are literal."`
	MergeEmpty    bool                  `json:"merge_empty,omitempty" doc:"Fields without a value leave nothing behind; else 409 merge.unresolved."`
	Signature     Field[bool]           `json:"signature,omitempty" doc:"Whether the signature stands below; null: as the channel says."`
	Forward       *ForwardBody          `json:"forward,omitempty" doc:"Of kind forward: what is carried along; absent: the newest message with its files."`
}

// ForwardBody says what a forward carries along.
type ForwardBody struct {
	MessageIDs    Field[[]parley.MessageID]    `json:"message_ids,omitempty" doc:"Messages of the conversation, at most 100; null: the newest one."`
	History       bool                         `json:"history,omitempty" doc:"All messages."`
	AttachmentIDs Field[[]parley.AttachmentID] `json:"attachment_ids,omitempty" doc:"Which of their files; null: all."`
}

func (f *ForwardBody) forward() *outbox.Forward {
	if f == nil {
		return nil
	}
	out := &outbox.Forward{History: f.History, MessageIDs: f.MessageIDs.Value, AttachmentIDs: f.AttachmentIDs.Value}
	if f.MessageIDs.Set && !f.MessageIDs.Null && out.MessageIDs == nil {
		out.MessageIDs = []parley.MessageID{}
	}
	if f.AttachmentIDs.Set && !f.AttachmentIDs.Null && out.AttachmentIDs == nil {
		out.AttachmentIDs = []parley.AttachmentID{}
	}
	return out
}

func (b MessageBody) letter() outbox.Letter {
	kind := parley.KindReply
	if b.Kind == string(parley.KindForward) {
		kind = parley.KindForward
	}
	l := outbox.Letter{
		Kind: kind, AnswersID: b.AnswersID, Text: b.Text, HTML: b.HTML, Subject: b.Subject, To: addresses(b.To), Cc: addresses(b.Cc), Bcc: addresses(b.Bcc),
		AttachmentIDs: b.AttachmentIDs, SendAt: b.SendAt, UndoSeconds: b.UndoSeconds, SeenSeq: b.SeenSeq, Force: b.Force, Reopen: b.Reopen, Close: b.Close,
		Merge: b.Merge, MergeEmpty: b.MergeEmpty, Forward: b.Forward.forward(),
	}
	if b.Signature.Set && !b.Signature.Null {
		l.Signature = &b.Signature.Value
	}
	return l
}

// MessageInput names a message in a path.
type MessageInput struct {
	ID parley.MessageID `path:"id"`
}

func (s *Server) registerMessages() {
	signedIn(s, op(http.MethodPost, "/api/v1/conversations/{id}/messages", "post-conversations-id-messages", "Send a reply or a forward"), s.sendMessage)
	signedInOne(s, op(http.MethodGet, "/api/v1/messages/{id}", "get-messages-id", "A message"), s.getMessage)
	signedInOneTo(s, op(http.MethodGet, "/api/v1/messages/{id}/raw", "get-messages-id-raw", "A message as it came or went, byte for byte"), s.getRaw)
	signedInTo(s, op(http.MethodGet, "/api/v1/messages/{id}/html", "get-messages-id-html", "A message's HTML as a document of its own"), s.getMessageDocument)
	cancel := status(op(http.MethodPost, "/api/v1/messages/{id}/cancel", "post-messages-id-cancel", "Take back a message that has not left"), http.StatusOK)
	cancel.Description = "It goes from the conversation, and its text, recipients and files are the caller's draft there again; above what was begun meanwhile, which keeps whom it goes to. " +
		"It can't be retried (409 message.taken_back); what has left can't be taken back (409 message.too_late)."
	signedInOne(s, cancel, s.cancelMessage)
	signedInOne(s, status(op(http.MethodPost, "/api/v1/messages/{id}/retry", "post-messages-id-retry", "Send again to those who were not reached"), http.StatusOK), s.retryMessage)
	signedInOne(s, status(op(http.MethodPost, "/api/v1/messages/{id}/confirm", "post-messages-id-confirm", "Say that a message which may have arrived did"), http.StatusOK), s.confirmMessage)
	signedIn(s, op(http.MethodPatch, "/api/v1/messages/{id}", "patch-messages-id", "Move a scheduled message to another time"), s.patchMessage)
}

func (s *Server) sendMessage(ctx context.Context, actor parley.Actor, in *struct {
	ID   parley.ConversationID `path:"id"`
	Body MessageBody
},
) (*Body[Message], error) {
	id, err := s.Outbox.Post(ctx, actor, in.ID, in.Body.letter())
	if e, ok := errors.AsType[*parley.Error](err); ok && e.Key == "conversation.newer" && in.Body.SeenSeq != nil {
		newer, listErr := s.Conversation.Newer(ctx, actor, in.ID, *in.Body.SeenSeq)
		if listErr != nil {
			return nil, listErr
		}
		return nil, extend(err, "newer", newTimelineItems(newer))
	}
	if u, ok := errors.AsType[*outbox.Unresolved](err); ok {
		return nil, extend(err, "unresolved", u.Fields)
	}
	if err != nil {
		return nil, err
	}
	return s.messageBody(ctx, actor, id)
}

func (s *Server) messageBody(ctx context.Context, actor parley.Actor, id parley.MessageID) (*Body[Message], error) {
	m, b, err := s.Outbox.Body(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return &Body[Message]{newMessage(m, b)}, nil
}

func (s *Server) getMessage(ctx context.Context, actor parley.Actor, in *MessageInput) (*Body[Message], error) {
	return s.messageBody(ctx, actor, in.ID)
}

func (s *Server) cancelMessage(ctx context.Context, actor parley.Actor, in *MessageInput) (*Body[Message], error) {
	if _, err := s.Outbox.Cancel(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return s.messageBody(ctx, actor, in.ID)
}

func (s *Server) retryMessage(ctx context.Context, actor parley.Actor, in *MessageInput) (*Body[Message], error) {
	if _, err := s.Outbox.Retry(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return s.messageBody(ctx, actor, in.ID)
}

func (s *Server) confirmMessage(ctx context.Context, actor parley.Actor, in *MessageInput) (*Body[Message], error) {
	if _, err := s.Outbox.Confirm(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return s.messageBody(ctx, actor, in.ID)
}

func (s *Server) patchMessage(ctx context.Context, actor parley.Actor, in *struct {
	MessageInput
	Body struct {
		SendAt time.Time `json:"send_at" doc:"What is past is now."`
	}
},
) (*Body[Message], error) {
	if _, err := s.Outbox.Reschedule(ctx, actor, in.ID, in.Body.SendAt); err != nil {
		return nil, err
	}
	return s.messageBody(ctx, actor, in.ID)
}

func (s *Server) getRaw(ctx context.Context, actor parley.Actor, in *MessageInput) (*huma.StreamResponse, error) {
	m, err := s.Outbox.Message(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if m.RawBlob == "" {
		return nil, parley.Errorf(parley.NotFound, "message.no_raw", "This message has not been written for the wire yet.")
	}
	content, err := s.Outbox.Open(ctx, actor, m.RawBlob)
	if err != nil {
		return nil, err
	}
	return s.download(content, "message/rfc822", "message-"+m.ID.String()+".eml"), nil
}

// mailPolicy lets a mail show its own images and styles and nothing else: no
// script, no form, no request to anywhere (DESIGN §8).
const mailPolicy = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"

const mailDocument = `<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><base target="_blank"><style>
html{color-scheme:light}
body{margin:0;display:flow-root;font:14px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:#17171d;overflow-wrap:anywhere}
img{max-width:100%;height:auto}
table{max-width:100%}
pre{white-space:pre-wrap}
blockquote{margin:0 0 0 2px;padding-left:12px;border-left:2px solid #d6d6de;color:#474754}
details.quoted>summary{display:inline-block;margin:8px 0;padding:0 8px;border-radius:6px;background:#eeeef2;color:#474754;cursor:default;list-style:none}
.parley-elsewhere{margin-left:4px;padding:0 6px;border-radius:4px;white-space:nowrap}
</style></head><body>`

func (s *Server) getMessageDocument(ctx context.Context, actor parley.Actor, in *struct {
	MessageInput
	Images bool `query:"images" doc:"Show images from elsewhere, through our own server."`
},
) (*huma.StreamResponse, error) {
	_, b, err := s.Outbox.Body(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if b.HTML == "" {
		return nil, parley.Errorf(parley.NotFound, "message.no_html", "This message has no HTML.")
	}
	if in.Images {
		b.HTML = s.Images.Reveal(actor.AccountID, in.ID, b.HTML)
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "text/html; charset=utf-8")
		ctx.SetHeader("Content-Security-Policy", mailPolicy)
		ctx.SetHeader("Referrer-Policy", "no-referrer")
		ctx.SetHeader("Cache-Control", "private, max-age=60")
		// The reader is gone if a write fails: there is nobody to tell.
		_, _ = io.WriteString(ctx.BodyWriter(), mailDocument+b.HTML+"</body></html>")
	}}, nil
}
