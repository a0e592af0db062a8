package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"parley/internal/mime"
	"parley/internal/parley"
)

// letter is what somebody has written on the page.
type letter struct {
	From           parley.Address
	To             parley.Address
	Cc             parley.Addresses
	Subject        string
	Text           string
	ReplyTo        int64 // the mail that is answered; 0: none
	DropReferences bool  // as mail programs do that know nothing of threads
	Forged         bool  // somebody else writes it, in the name of From
	Parts          []mime.Part
}

// Limits of a letter.
const (
	maxText        = 200_000
	maxAttachments = 10
)

// write sends a letter over SMTP and keeps a copy in its writer's mailbox.
func (c *Customer) write(ctx context.Context, l letter) (*mail, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	d := mime.Draft{
		From: l.From, To: parley.Addresses{l.To}, Cc: l.Cc, Subject: l.Subject, Text: l.Text, Parts: l.Parts,
		SentAt: c.now(), InternetID: c.newID() + "@" + domainOf(l.From.Email),
	}
	if l.ReplyTo != 0 {
		answered, ok := c.box.byID(l.ReplyTo)
		if !ok {
			return nil, parley.Errorf(parley.NotFound, "mail.gone", "The mail that you answer is no longer kept.")
		}
		answer(&d, mime.Read(answered.Raw), answered, l.DropReferences)
	}
	raw, err := mime.Compose(d)
	if err != nil {
		return nil, err
	}
	rcptTo := []string{l.To.Email}
	for _, cc := range l.Cc {
		rcptTo = append(rcptTo, cc.Email)
	}
	m := newMail(raw, l.From.Email, rcptTo, c.now())
	m.Sent, m.Host = true, hostOf(l.From, l.Forged)
	c.box.name(l.From.Key(), l.From.Name)
	if err := c.deliver(ctx, m); err != nil {
		if refused, ok := errors.AsType[*smtp.SMTPError](err); ok {
			return nil, parley.Errorf(parley.Conflict, "mail.refused", "The product's mail server refused it: %d %s", refused.Code, refused.Message)
		}
		return nil, err
	}
	return m, nil
}

func (l letter) check() error {
	var faults parley.Faults
	if !l.From.Valid() {
		faults.Add(parley.Errorf(parley.Invalid, "mail.from", "Enter the address that writes, such as kim@park.example.").On("from"))
	}
	if !l.To.Valid() {
		faults.Add(parley.Errorf(parley.Invalid, "mail.to", "Enter an address to write to.").On("to"))
	}
	for _, cc := range l.Cc {
		if !cc.Valid() {
			faults.Add(parley.Errorf(parley.Invalid, "mail.cc", "%q is no address.", cc.Email).On("cc"))
		}
	}
	if strings.TrimSpace(l.Text) == "" && len(l.Parts) == 0 {
		faults.Add(parley.Errorf(parley.Invalid, "mail.text", "Write something.").On("text"))
	}
	if len(l.Text) > maxText {
		faults.Add(parley.Errorf(parley.TooLarge, "mail.too_long", "The text is too long.").On("text"))
	}
	if len(l.Parts) > maxAttachments {
		faults.Add(parley.Errorf(parley.Invalid, "mail.attachments", "Attach at most %d files.", maxAttachments).On("files"))
	}
	return faults.Err()
}

// answer makes d a reply to m: it names its ancestors (RFC 5322 3.6.4) and quotes it.
func answer(d *mime.Draft, m mime.Message, at mail, dropReferences bool) {
	if !dropReferences && m.InternetID != "" {
		d.InReplyTo = m.InternetID
		ancestors := m.References
		if len(ancestors) == 0 {
			ancestors = m.InReplyTo
		}
		d.References = append(append([]string{}, ancestors...), m.InternetID)
	}
	if d.Subject == "" {
		d.Subject = replySubject(m.Subject)
	}
	when := m.SentAt
	if when.IsZero() {
		when = at.At
	}
	d.Text = strings.TrimRight(d.Text, "\n") + "\n\n" + quoted(m.From.Display(), when, m.Text)
}

func replySubject(s string) string {
	if strings.HasPrefix(strings.ToLower(s), "re:") {
		return s
	}
	return "Re: " + s
}

// quoted is a text as mail programs quote it below an answer.
func quoted(by string, at time.Time, text string) string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "On %s, %s wrote:\n", at.Format("Mon, 2 Jan 2006 at 15:04"), by)
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		mark := "> "
		if line == "\n" || strings.HasPrefix(line, ">") {
			mark = ">"
		}
		b.WriteString(mark + line)
	}
	return b.String()
}
