package mime

import (
	"bytes"
	"strings"
)

// entity is a message or one of its parts: its header and its body as it stands
// in the message.
type entity struct {
	head header
	kind mediaType // Content-Type
	body []byte
}

func newEntity(head header, body []byte, charset, fallback string) entity {
	e := entity{head: head, body: body, kind: mediaType{value: fallback}}
	if v := head.get("content-type"); v != "" {
		e.kind = readMediaType(v, charset)
	}
	if major, minor, _ := strings.Cut(e.kind.value, "/"); major == "" || minor == "" || strings.Trim(major+minor, typeChars) != "" {
		e.kind.value = looseKind(e.kind.value, fallback)
	}
	return e
}

// looseKind repairs a Content-Type without a subtype, or with characters that it can't have.
func looseKind(value, fallback string) string {
	switch value = strings.Trim(value, "/"); {
	case value == "text", value == "plain", strings.HasPrefix(value, "text/plain"):
		return "text/plain"
	case value == "html", strings.HasPrefix(value, "text/html"):
		return "text/html"
	case value == "multipart", strings.HasPrefix(value, "multipart/"):
		return "multipart/mixed"
	case value == "", value == "inline", value == "attachment":
		return fallback
	}
	return "application/octet-stream"
}

// content is the body with its transfer encoding undone.
func (e entity) content() []byte {
	return decodeTransfer(e.head.get("content-transfer-encoding"), e.body)
}

// filename is the name that the part gives its file.
func (e entity) filename(charset string) string {
	name := readMediaType(e.head.get("content-disposition"), charset).params["filename"]
	if name == "" {
		name = e.kind.params["name"]
	}
	if name == "" {
		name = e.kind.params["filename"]
	}
	return cleanFilename(name)
}

// cleanFilename drops folders and control characters: the name is shown and used by programs.
func cleanFilename(name string) string {
	name = cleanLine(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(name)
	if name == "." || name == ".." {
		return ""
	}
	return name
}

// contentID is the Content-ID without <>.
func (e entity) contentID() string {
	return strings.Trim(strings.TrimSpace(unfold(e.head.get("content-id"))), "<>")
}

// disposition is "inline", "attachment", or whatever the sender wrote; mostly nothing.
func (e entity) disposition(charset string) string {
	return readMediaType(e.head.get("content-disposition"), charset).value
}

// splitMultipart cuts a multipart body at its boundary (RFC 2046 5.1.1). The
// end of the body ends the last part where the closing line is missing, and
// parts behind a closing line count: an inner multipart may have used the same
// boundary. ok is false if there is no boundary line at all.
func splitMultipart(body []byte, boundary string) (parts [][]byte, ok bool) {
	if boundary == "" {
		return nil, false
	}
	mark := []byte("--" + boundary)
	start := -1
	for at := 0; at < len(body); {
		i := bytes.Index(body[at:], mark)
		if i < 0 {
			break
		}
		i += at
		at = i + len(mark)
		if i > 0 && body[i-1] != '\n' {
			continue
		}
		line, rest := cutLine(body[at:])
		closing, isMark := boundaryEnd(line)
		if !isMark {
			continue
		}
		if start >= 0 {
			parts = append(parts, trimLineEnd(body[start:i]))
		}
		if len(parts) > maxParts {
			return parts, true // enough for the reader to see that there are too many
		}
		ok = true
		at = len(body) - len(rest)
		if start = at; closing {
			start = -1
		}
	}
	if start >= 0 && start < len(body) {
		parts = append(parts, body[start:])
	}
	return parts, ok
}

// boundaryEnd reads what follows the boundary on its line: white space (RFC
// 2046 5.1.1), behind "--" where it closes.
func boundaryEnd(rest []byte) (closing, ok bool) {
	rest, closing = bytes.CutPrefix(rest, []byte("--"))
	return closing, len(bytes.TrimSpace(rest)) == 0
}

// trimLineEnd drops the line end that belongs to the boundary line behind it.
func trimLineEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}
