package outbox

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/merge"
	"parley/internal/parley"
)

// Letter is what a person asks to be sent. Lists that are nil get a default:
// a reply goes to whoever wrote last.
type Letter struct {
	Kind          parley.MessageKind // reply or forward; Start makes new ones
	AnswersID     parley.MessageID   // the message of the conversation that is answered; zero: the newest
	Subject       *string
	Text          string
	HTML          string
	To            parley.Addresses
	Cc            parley.Addresses
	Bcc           parley.Addresses
	AttachmentIDs []parley.AttachmentID
	SendAt        *time.Time // zero: now
	UndoSeconds   int        // held back for so long, at most MaxUndo
	SeenSeq       *parley.Seq
	Force         bool     // send although something newer has arrived
	Reopen        bool     // a closed conversation is opened again
	Close         bool     // the conversation is closed with the send
	Merge         bool     // the chips of HTML are merge fields; else they are literal, as {{ … }} always is
	MergeEmpty    bool     // fields without a value leave nothing behind, without asking
	Signature     *bool    // whether the signature stands below; nil: as the channel says
	Forward       *Forward // what a forward carries along; nil: the newest message
	// Automatic: the product writes it, from a template. No person answers with it, it
	// says so, and its subject is a template too.
	Automatic bool
	Files     []parley.Attachment // of a canned message: copies of them go with it
	// Anyway: it goes to a number that has opted out: it confirms just that.
	Anyway bool
}

// names reports whether the letter has merge fields.
func (l Letter) names() bool { return l.Merge && strings.Contains(l.HTML, "data-merge") }

// Empty reports whether there is nothing to send: then a new conversation stays a draft.
func (l Letter) Empty() bool {
	return strings.TrimSpace(l.Text) == "" && strings.TrimSpace(l.HTML) == ""
}

// check finds every fault of the letter's own fields, and brings them into form.
func (l *Letter) check(now time.Time) error {
	var f parley.Faults
	if l.Empty() && len(l.AttachmentIDs) == 0 {
		f.Add(parley.Errorf(parley.Invalid, "message.empty", "Write something first.").On("text"))
	}
	for name, text := range map[string]string{"text": l.Text, "html": l.HTML} {
		if len(text) > MaxText {
			f.Add(parley.Errorf(parley.Invalid, "message.too_long", "This is longer than %d characters. Send it as an attachment.", MaxText).On(name))
		}
		if !utf8.ValidString(text) {
			f.Add(parley.Errorf(parley.Invalid, "text.not_utf8", "The text is not valid UTF-8.").On(name))
		}
	}
	if l.Merge {
		for _, name := range merge.Unknown(l.HTML) {
			f.Add(unknownField(name))
		}
	}
	if l.Forward != nil && len(l.Forward.MessageIDs) > maxForwarded {
		f.Add(parley.Errorf(parley.Invalid, "forward.too_many", "At most %d messages are forwarded together.", maxForwarded).On("forward.message_ids"))
	}
	if l.Subject != nil {
		if strings.ContainsAny(*l.Subject, "\r\n\x00") {
			f.Add(parley.Errorf(parley.Invalid, "subject.line_break", "A subject has one line.").On("subject"))
		}
		if utf8.RuneCountInString(*l.Subject) > 500 {
			f.Add(parley.Errorf(parley.Invalid, "subject.too_long", "A subject has at most 500 characters.").On("subject"))
		}
	}
	if l.UndoSeconds < 0 || l.UndoSeconds > MaxUndo {
		f.Add(parley.Errorf(parley.Invalid, "undo.range", "The time to undo is 0 to %d seconds.", MaxUndo).On("undo_seconds"))
	}
	if l.SendAt != nil && l.SendAt.After(now.AddDate(maxAhead, 0, 0)) {
		f.Add(tooFar())
	}
	// Addresses are put into one form, but not in the caller's list.
	l.To, l.Cc, l.Bcc = slices.Clone(l.To), slices.Clone(l.Cc), slices.Clone(l.Bcc)
	total := 0
	for name, list := range map[string]parley.Addresses{"to": l.To, "cc": l.Cc, "bcc": l.Bcc} {
		total += len(list)
		for i := range list {
			if list[i].Kind() == parley.PointPhone {
				continue // where texts go is told by their conversation
			}
			if fault := checkAddress(&list[i]); fault != nil {
				f.Add(fault.On(fmt.Sprintf("%s[%d].email", name, i)))
			}
		}
	}
	if total > MaxRecipients {
		f.Add(parley.Errorf(parley.Invalid, "recipients.too_many", "A message goes to at most %d recipients.", MaxRecipients).On("to"))
	}
	return f.Err()
}

// checkAddress accepts an addr-spec of RFC 5322 3.4.1 that SMTP can carry.
func checkAddress(a *parley.Address) *parley.Error {
	a.Email = strings.TrimSpace(a.Email)
	parsed, err := mail.ParseAddress("<" + a.Email + ">")
	if err != nil || parsed.Address == "" || len(a.Email) > 254 || strings.ContainsAny(a.Email+a.Name, "\r\n\x00") {
		return parley.Errorf(parley.Invalid, "address.invalid", "%q is not an email address.", a.Email)
	}
	a.Email = parsed.Address
	return nil
}

// Preview is a text's first line in a list, in at most 200 characters.
func Preview(text string) string {
	line := strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(line) <= 200 {
		return line
	}
	return string([]rune(line)[:200])
}

// replySubject puts one "Re: " before a subject.
func replySubject(subject string) string {
	if len(subject) >= 3 && strings.EqualFold(subject[:3], "re:") {
		return subject
	}
	return "Re: " + subject
}

func forwardSubject(subject string) string {
	if len(subject) >= 4 && strings.EqualFold(subject[:4], "fwd:") {
		return subject
	}
	return "Fwd: " + subject
}
