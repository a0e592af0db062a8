package mime

import (
	"cmp"
	"strings"

	"parley/internal/parley"
)

// isForward tells a mail within the mail that is meant to be read with it: not
// an attachment by name, not what a report returned.
func (r *reader) isForward(e entity) bool {
	return e.kind.value == "message/rfc822" && !r.inReport && e.disposition(r.charset) != "attachment"
}

// forwarded reads the text of a mail within the mail, below what its header
// says. Its own attachments stay inside of it.
func (r *reader) forwarded(e entity, depth int) []section {
	head, body := splitHeader(normalize(e.content()))
	if len(head) == 0 {
		return nil
	}
	r.inside++
	inner := r.walk(newEntity(head, body, head.charset(), "text/plain"), depth+1)
	r.inside--
	return append([]section{{text: forwardHeader(head), hasText: true}}, inner...)
}

// forwardHeader writes what mail programs write above a mail that is passed on.
func forwardHeader(head header) string {
	var b strings.Builder
	b.WriteString("---------- Forwarded message ----------")
	charset := head.charset()
	for _, name := range []string{"From", "Date", "Subject", "To", "Cc"} {
		v := readText(head.get(name), charset)
		if name == "From" || name == "To" || name == "Cc" {
			v = listText(readAddresses(head.get(name), charset))
		}
		if v != "" {
			b.WriteString("\n" + name + ": " + v)
		}
	}
	return b.String()
}

// listText writes addresses for people to read.
func listText(list parley.Addresses) string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.Email
		if a.Name != "" && a.Name != a.Email {
			out[i] = a.Name + " <" + a.Email + ">"
		}
	}
	return strings.Join(out, ", ")
}

// maxMailFilename is how many characters of its subject name a mail within the mail.
const maxMailFilename = 80

// mailFilename names a mail within the mail after its subject.
func mailFilename(raw []byte, charset string) string {
	head, _ := splitHeader(normalize(raw))
	// What folders, Windows and shells make of these is not what the subject means.
	subject := strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, c) {
			return '_'
		}
		return c
	}, readText(head.get("subject"), charset))
	if cut := []rune(subject); len(cut) > maxMailFilename {
		subject = string(cut[:maxMailFilename])
	}
	if subject = strings.Trim(cleanFilename(subject), ". "); subject == "" {
		return ""
	}
	return subject + ".eml"
}

// FileName is what a part is stored as: its own name, and of a mail within the mail
// that has none, as one that was forwarded inline, the subject's.
func (p Part) FileName() string {
	if p.Filename != "" || p.ContentType != "message/rfc822" {
		return p.Filename
	}
	return cmp.Or(mailFilename(p.Body, ""), "message.eml")
}
