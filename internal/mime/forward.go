package mime

import (
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

// mailFilename names a mail within the mail after its subject.
func mailFilename(raw []byte, charset string) string {
	head, _ := splitHeader(normalize(raw))
	subject := readText(head.get("subject"), charset)
	if subject == "" {
		return ""
	}
	return cleanFilename(strings.NewReplacer("/", "_", "\\", "_").Replace(subject)) + ".eml"
}
