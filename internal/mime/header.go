package mime

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxFields bounds the fields of one header; real mail has some dozens.
const maxFields = 2000

// field is one header field as it stands in the message: the name as written
// and the raw value with its line folds.
type field struct{ name, value []byte }

func (f field) is(name string) bool {
	return len(f.name) == len(name) && strings.EqualFold(string(f.name), name)
}

// header is the fields of a message or part, topmost first.
type header []field

// get returns the first field of this name that says something.
func (h header) get(name string) string {
	for _, f := range h {
		if f.is(name) {
			if v := bytes.TrimSpace(f.value); len(v) > 0 {
				return string(v)
			}
		}
	}
	return ""
}

// all returns the values of every field of this name.
func (h header) all(name string) []string {
	var values []string
	for _, f := range h {
		if f.is(name) {
			values = append(values, string(f.value))
		}
	}
	return values
}

// joined returns the values of a list field as one list: RFC 5322 3.6 allows
// the field once, but broken senders repeat it.
func (h header) joined(name string) string {
	return strings.Join(h.all(name), ",\n ")
}

func (h header) has(name string) bool {
	for _, f := range h {
		if f.is(name) {
			return true
		}
	}
	return false
}

// charset is the charset that the message declares for its body: the best guess
// for raw bytes in its header.
func (h header) charset() string {
	return canonicalCharset(readMediaType(h.get("content-type"), "").params["charset"])
}

// guessCharset looks for a charset among the parts where the header has raw
// bytes that are no UTF-8 and names none: its own text is likely in the same.
func guessCharset(head header, body []byte) string {
	if !slices.ContainsFunc(head, func(f field) bool { return !utf8.Valid(f.value) }) {
		return ""
	}
	for l := range bytes.Lines(body[:min(len(body), maxGuess)]) {
		if at := bytes.Index(bytes.ToLower(l), []byte("charset=")); at >= 0 {
			value, _ := cutParamValue(string(l[at+len("charset="):]), "charset")
			return canonicalCharset(value)
		}
	}
	return ""
}

// maxGuess is how far into the body guessCharset looks.
const maxGuess = 16 << 10

// normalize makes line ends readable: a byte order mark and an mbox "From "
// line go, and where CR alone ends lines it becomes LF. CRLF stays.
func normalize(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(raw, '\n') < 0 && bytes.IndexByte(raw, '\r') >= 0 {
		raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	}
	for bytes.HasPrefix(raw, []byte("From ")) || bytes.HasPrefix(raw, []byte(">From ")) {
		_, raw = cutLine(raw)
	}
	return raw
}

// cutLine returns the first line without its end, and what follows.
func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, []byte("\n"))
	return trimCR(line), rest
}

func trimCR(line []byte) []byte { return bytes.TrimRight(line, "\r") }

// splitHeader reads the header section and returns the body. A line that is no
// field belongs to the one above if known fields follow it before the empty line:
// a fold that lost its white space (RFC 5322 2.2.3). Else the body begins with it.
func splitHeader(b []byte) (header, []byte) {
	var h header
	known := -1 // offset in b behind which no known field follows; -1: not looked for yet
	start := -1 // offset in b of the value of the last of h, while it may be continued
	for i := 0; i < len(b); {
		line, rest := cutLine(b[i:])
		next := len(b) - len(rest)
		name, value, isField := cutField(line)
		switch {
		case len(line) == 0:
			return h, rest
		case isSpace(line[0]):
			if start >= 0 {
				h[len(h)-1].value = b[start : i+len(line)]
			}
		case isField && len(h) < maxFields:
			h = append(h, field{name: name, value: value})
			start = i + len(line) - len(value)
		case isField:
			start = -1
		default:
			if known < 0 {
				known = lastKnownField(b, next)
			}
			if next > known || len(h) > 0 && isBoundaryLine(line, rest) {
				return h, b[i:] // the empty line is missing
			}
			if start >= 0 {
				h[len(h)-1].value = b[start : i+len(line)]
			}
		}
		i = next
	}
	return h, nil
}

// isBoundaryLine guesses that a part begins: "--boundary" and a Content- field.
func isBoundaryLine(line, rest []byte) bool {
	next, _ := cutLine(rest)
	return bytes.HasPrefix(line, []byte("--")) && (len(next) == 0 || len(next) > 8 && strings.EqualFold(string(next[:8]), "content-"))
}

// cutField splits "Name: value". White space before the colon is obsolete syntax (RFC 5322 4.5).
func cutField(line []byte) (name, value []byte, ok bool) {
	name, value, ok = bytes.Cut(line, []byte(":"))
	if !ok {
		return nil, nil, false
	}
	name = bytes.TrimRight(name, " \t")
	if len(name) == 0 {
		return nil, nil, false
	}
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return nil, nil, false
		}
	}
	return name, value, true
}

// lastKnownField returns the end of the last line in b[from:], up to the empty
// line, that is a field every mail has; -1 if there is none.
func lastKnownField(b []byte, from int) int {
	last := -1
	for i := from; i < len(b); {
		line, rest := cutLine(b[i:])
		if len(line) == 0 {
			break
		}
		i = len(b) - len(rest)
		if name, _, ok := cutField(line); ok && knownFields[strings.ToLower(string(name))] {
			last = i
		}
	}
	return last
}

var knownFields = map[string]bool{
	"from": true, "to": true, "cc": true, "subject": true, "date": true, "message-id": true, "received": true,
	"mime-version": true, "content-type": true, "content-transfer-encoding": true, "content-disposition": true,
	"return-path": true, "reply-to": true, "in-reply-to": true, "references": true, "sender": true,
	"dkim-signature": true, "x-mailer": true,
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

// unfold joins the lines of a value: a fold and the white space around it become one space.
func unfold(v string) string {
	if !strings.ContainsAny(v, "\r\n") {
		return v
	}
	var b strings.Builder
	b.Grow(len(v))
	for line := range strings.SplitSeq(v, "\n") {
		line = strings.Trim(line, " \t\r")
		if line != "" && b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return b.String()
}
