package mime

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"parley/internal/parley"
)

// Draft is a message to be written. What it says of time and identity is given,
// so that one Draft always makes the same bytes. It knows no Bcc: who gets a
// copy unseen stands in the envelope alone.
type Draft struct {
	From          parley.Address
	Sender        parley.Address // if another than From sends it
	ReplyTo       parley.Addresses
	To            parley.Addresses
	Cc            parley.Addresses
	Subject       string
	SentAt        time.Time
	InternetID    string // Message-ID without <>
	InReplyTo     string
	References    []string // oldest first
	AutoSubmitted string   // RFC 3834 5: "auto-replied", "auto-generated"; empty: a person wrote it
	Text          string   // empty: made from HTML
	HTML          string
	Parts         []Part  // those that are Inline and have a ContentID go beside the HTML
	Fields        []Field // further header fields
}

// Field is a header field with an unstructured value.
type Field struct{ Name, Value string }

// maxReferences bounds References: the first, which names the thread, and the last ones.
const maxReferences = 21

// Compose writes d as RFC 5322 bytes: CRLF, 7-bit, no line over 998. A fault is
// a *parley.Error whose Field names what is wrong; CR, LF and NUL are refused
// everywhere in the header, so that no value can begin another field.
func Compose(d Draft) ([]byte, error) {
	w := composer{draft: d, boundary: boundaryOf(d.InternetID)}
	w.header()
	w.body()
	if w.err != nil {
		return nil, w.err
	}
	return w.out.Bytes(), nil
}

// composer writes one message; the first fault stays.
type composer struct {
	draft    Draft
	out      bytes.Buffer
	boundary string
	count    int // boundaries in use
	err      error
}

// boundaryOf makes a boundary that neither base64 nor quoted-printable can contain (RFC 2045 6.7).
func boundaryOf(id string) string {
	sum := sha256.Sum256([]byte(id))
	return "=_" + hex.EncodeToString(sum[:12])
}

func (w *composer) fail(field, key, text string) {
	if w.err == nil {
		w.err = parley.Errorf(parley.Invalid, key, text).On(field)
	}
}

// check refuses what could begin another header field.
func (w *composer) check(field, value string) bool {
	if strings.ContainsAny(value, "\r\n\x00") {
		w.fail(field, "mail.line_break", "Line breaks and null characters are not allowed here.")
		return false
	}
	return true
}

func (w *composer) header() {
	d := w.draft
	if d.From.Email == "" {
		w.fail("from", "mail.from_missing", "The sender address is missing.")
	}
	if d.SentAt.IsZero() {
		w.fail("sent_at", "mail.date_missing", "The date is missing.")
	}
	w.addresses("From", "from", parley.Addresses{d.From})
	if d.Sender.Email != "" {
		w.addresses("Sender", "sender", parley.Addresses{d.Sender})
	}
	w.addresses("Reply-To", "reply_to", d.ReplyTo)
	w.addresses("To", "to", d.To)
	w.addresses("Cc", "cc", d.Cc)
	if len(d.To)+len(d.Cc) == 0 {
		w.line("To: undisclosed-recipients:;")
	}
	w.unstructured("Subject", "subject", d.Subject)
	w.line("Date: " + d.SentAt.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	w.identity()
	if d.AutoSubmitted != "" {
		w.unstructured("Auto-Submitted", "auto_submitted", d.AutoSubmitted)
	}
	for _, f := range d.Fields {
		w.extra(f)
	}
	w.line("MIME-Version: 1.0")
}

// identity writes the ids (RFC 5322 3.6.4).
func (w *composer) identity() {
	d := w.draft
	if !validID(d.InternetID) {
		w.fail("internet_id", "mail.bad_id", "The Message-ID is missing or malformed.")
	}
	w.ids("Message-ID", "internet_id", []string{d.InternetID})
	w.ids("In-Reply-To", "in_reply_to", []string{d.InReplyTo})
	refs := d.References
	if len(refs) > maxReferences {
		refs = append(refs[:1:1], refs[len(refs)-maxReferences+1:]...)
	}
	w.ids("References", "references", refs)
}

// ids writes a list of ids, one a line. Foreign ids that cannot be written are
// left out: an answer to a broken mail must still be possible.
func (w *composer) ids(name, field string, ids []string) {
	var lines []string
	for _, id := range ids {
		if w.check(field, id) && validID(id) {
			lines = append(lines, "<"+id+">")
		}
	}
	if len(lines) > 0 {
		w.line(name + ": " + strings.Join(lines, "\r\n "))
	}
}

// validID reports whether id can stand between < and >.
func validID(id string) bool {
	if id == "" || len(id) > 900 {
		return false
	}
	for i := range len(id) {
		if c := id[i]; c <= ' ' || c >= 0x7f || c == '<' || c == '>' {
			return false
		}
	}
	return true
}

// ownFields are written from the Draft's own members; Bcc never.
var ownFields = []string{
	"from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references",
	"auto-submitted", "mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id",
}

func (w *composer) extra(f Field) {
	if f.Name == "" || strings.Trim(f.Name, fieldNameChars) != "" || slices.Contains(ownFields, strings.ToLower(f.Name)) {
		w.fail("fields", "mail.bad_field", "This header field can't be set.")
		return
	}
	w.unstructured(f.Name, "fields."+f.Name, f.Value)
}

const fieldNameChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// line writes one line, which may hold folds of its own.
func (w *composer) line(s string) {
	w.out.WriteString(s)
	w.out.WriteString("\r\n")
}
