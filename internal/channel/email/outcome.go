package email

import (
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"parley/internal/channel"
	"parley/internal/mime"
	"parley/internal/parley"
)

// temporary: the relay has not taken the mail, and may the next time.
func temporary(text string, err error) *channel.SendError {
	return sendError(channel.Temporary, text, err)
}

// permanent: the relay will never take the mail as it is.
func permanent(text string, err error) *channel.SendError {
	return sendError(channel.Permanent, text, err)
}

// uncertain: the whole mail was sent, and no answer came.
func uncertain(err error) *channel.SendError {
	return sendError(channel.Uncertain, "The connection to the mail relay broke off after the mail was sent, before it was confirmed. It may have arrived", err)
}

func sendError(kind channel.SendErrorKind, text string, err error) *channel.SendError {
	if !strings.HasSuffix(text, ".") {
		if answer, ok := errors.AsType[*textproto.Error](err); ok {
			text += ": " + words(answer)
		} else if err != nil {
			text += " (" + clean(err.Error()) + ")"
		}
		text = strings.TrimSuffix(text, ".") + "."
	}
	return &channel.SendError{Kind: kind, Text: text, Err: err}
}

// answered is what the relay said to a mail for so many recipients, or to its sender alone (0).
func answered(e *textproto.Error, recipients int) *channel.SendError {
	r := refusal(e, recipients)
	return &channel.SendError{Kind: kindOf(e.Code), Text: r.Text, Status: r.Status, Reason: r.Reason, Err: e}
}

// refusal reads an answer. That an address is dead is believed only where the
// answer is about one recipient, and not about who sends: servers say "unknown
// domain" of the sender, too, and often as late as in the answer to RCPT.
func refusal(e *textproto.Error, recipients int) channel.Refusal {
	r := channel.Refusal{Text: words(e), Status: strings.TrimSpace(enhancedStatus.FindString(e.Msg))}
	r.Reason = mime.ReasonOf(r.Status, e.Msg)
	switch {
	case !r.Reason.Hard():
	case recipients == 0 || aboutUs(r.Status, e.Msg):
		r.Reason = parley.ReasonPolicy
	case recipients > 1:
		r.Reason = parley.ReasonOther
	}
	return r
}

// aboutUs reports whether an answer holds something against the sender, whatever
// else it says: by its code (RFC 3463 3.2: the sender's address, 3.6: the commands,
// 3.8: rights and rules) or by its words.
func aboutUs(status, text string) bool {
	_, detail, _ := strings.Cut(status, ".")
	if detail == "1.7" || detail == "1.8" || strings.HasPrefix(detail, "5.") || strings.HasPrefix(detail, "7.") {
		return true
	}
	return namesSender.MatchString(anyAddress.ReplaceAllString(text, " "))
}

var (
	anyAddress  = regexp.MustCompile(`<[^>]*>|\S+@\S+`)
	namesSender = regexp.MustCompile(`(?i)\b(?:senders?|mail from|return.path|reverse.path|envelope.from|client host|helo|ehlo|your (?:ip|host|server|domain))\b`)
)

// kindOf reads a reply code (RFC 5321 4.2.1). Codes that say that we have to
// sign in first, or have lost the order of commands, are about the connection:
// they don't condemn the mail.
func kindOf(code int) channel.SendErrorKind {
	switch code {
	case 503, 530, 534, 535, 538:
		return channel.Temporary
	}
	if code/100 == 5 {
		return channel.Permanent
	}
	return channel.Temporary
}

// nobody: every recipient was turned down. What one of them may take later is worth another try.
func nobody(receipt *channel.Receipt) *channel.SendError {
	kind, told := channel.Permanent, receipt.Refused
	if len(receipt.Deferred) > 0 {
		kind, told = channel.Temporary, receipt.Deferred
	}
	var texts []string
	for _, r := range told {
		texts = append(texts, r.Text)
	}
	slices.Sort(texts)
	return &channel.SendError{Kind: kind, Text: strings.Join(slices.Compact(texts), "; ")}
}

func words(e *textproto.Error) string { return clean(fmt.Sprintf("%d %s", e.Code, e.Msg)) }

const maxWords = 500

// clean makes the far end's words fit to store and to show: one line of valid UTF-8.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "�")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isControl(r) }), " ")
	if r := []rune(s); len(r) > maxWords {
		s = string(r[:maxWords]) + "…"
	}
	return s
}

// queueNames find the relay's name for a mail in its answer, most telling first.
var queueNames = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\bqueued as <?([^\s;,<>]+)`),             // Postfix and many others
	regexp.MustCompile(`(?i)\bid=<?([^\s;,<>]+)`),                    // Exim
	regexp.MustCompile(`(?i)^(\S*\d\S*) message accepted`),           // Sendmail
	regexp.MustCompile(`(?i)^ok:? +([[:alnum:]][[:alnum:]-]{15,})$`), // Amazon SES
}

var enhancedStatus = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3} +`)

// queueID reads the answer to a body; empty if it names none.
func queueID(message string) string {
	first, _, _ := strings.Cut(message, "\n")
	first = enhancedStatus.ReplaceAllString(first, "")
	for _, name := range queueNames {
		if found := name.FindStringSubmatch(first); found != nil {
			return clean(found[1])
		}
	}
	return ""
}
