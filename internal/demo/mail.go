package demo

import (
	"net/netip"
	"strings"
	"time"

	"parley/internal/mime"
	"parley/internal/parley"
)

// mail is one message in the mailboxes of this side, as it went over the wire.
type mail struct {
	ID       int64
	Raw      []byte
	MailFrom string
	RcptTo   []string
	At       time.Time
	Sent     bool            // written here; else it came back
	Host     netip.Addr      // that it is said to come from
	Boxes    map[string]bool // the mailboxes that it lies in, and whether it is unread there

	// What the list shows; the rest is read when the mail is opened.
	From          parley.Address
	To            parley.Addresses
	Subject       string
	Preview       string
	HasAttachment bool
}

// maxPreview bounds the preview, in characters.
const maxPreview = 140

func newMail(raw []byte, mailFrom string, rcptTo []string, at time.Time) *mail {
	read := mime.Read(raw)
	visible, _ := mime.SplitQuote(read.Text)
	m := &mail{
		Raw: raw, MailFrom: mailFrom, RcptTo: rcptTo, At: at.UTC(), Boxes: map[string]bool{},
		Host: serverOf(mailDomain), From: read.From, To: read.To, Subject: read.Subject, Preview: preview(visible),
	}
	for _, p := range read.Parts {
		m.HasAttachment = m.HasAttachment || !p.Inline
	}
	return m
}

func preview(text string) string {
	words := strings.Join(strings.Fields(text), " ")
	if r := []rune(words); len(r) > maxPreview {
		return strings.TrimSpace(string(r[:maxPreview])) + "…"
	}
	return words
}
