package mime

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// body writes the parts: the text as alternatives, images beside the HTML that
// shows them (RFC 2387), files around all (RFC 2046 5.1.3).
func (w *composer) body() {
	d := w.draft
	var inline, files []int
	for i, p := range d.Parts {
		w.checkPart(i)
		if p.Inline && p.ContentID != "" && d.HTML != "" {
			inline = append(inline, i)
		} else {
			files = append(files, i)
		}
	}
	if w.err != nil {
		return
	}
	if len(files) == 0 {
		w.alternatives(inline)
		w.line("")
		return
	}
	w.multipart("multipart/mixed", func(next func()) {
		next()
		w.alternatives(inline)
		for _, i := range files {
			next()
			w.file(d.Parts[i], "attachment")
		}
	})
}

func (w *composer) checkPart(i int) {
	p := w.draft.Parts[i]
	path := "parts[" + strconv.Itoa(i) + "]."
	w.check(path+"filename", p.Filename)
	w.check(path+"content_type", p.ContentType)
	if w.check(path+"content_id", p.ContentID) && p.ContentID != "" && !validID(p.ContentID) {
		w.fail(path+"content_id", "mail.bad_id", "The content id is malformed.")
	}
}

// multipart writes a multipart entity; write calls next before each part.
func (w *composer) multipart(kind string, write func(next func())) {
	boundary := w.boundary + "_" + strconv.Itoa(w.count)
	w.count++
	w.line("Content-Type: " + kind + ";\r\n boundary=\"" + boundary + "\"")
	write(func() { w.line("\r\n--" + boundary) })
	w.line("\r\n--" + boundary + "--")
}

// alternatives writes the text, and the HTML with what it shows.
func (w *composer) alternatives(inline []int) {
	d := w.draft
	if d.HTML == "" {
		w.text("text/plain", d.Text)
		return
	}
	plain := d.Text
	if plain == "" {
		plain = TextFromHTML(d.HTML)
	}
	w.multipart("multipart/alternative", func(next func()) {
		next()
		w.text("text/plain", plain)
		next()
		if len(inline) == 0 {
			w.text("text/html", d.HTML)
			return
		}
		w.multipart("multipart/related", func(next func()) {
			next()
			w.text("text/html", d.HTML)
			for _, i := range inline {
				next()
				w.file(d.Parts[i], "inline")
			}
		})
	})
}

// text writes a text part: 7bit if its lines survive every relay, else
// quoted-printable, or base64 where that is much shorter.
func (w *composer) text(kind, s string) {
	s = strings.TrimRight(lineFeeds(clean(s)), "\n") + "\n"
	w.line("Content-Type: " + kind + "; charset=utf-8")
	switch {
	case plainText(s):
		w.line("Content-Transfer-Encoding: 7bit\r\n")
		w.out.WriteString(strings.TrimSuffix(strings.ReplaceAll(s, "\n", "\r\n"), "\r\n"))
	case beyondASCII(s)*3 > len(s):
		w.line("Content-Transfer-Encoding: base64\r\n")
		w.base64([]byte(strings.ReplaceAll(s, "\n", "\r\n")))
	default:
		w.line("Content-Transfer-Encoding: quoted-printable\r\n")
		w.quotedPrintable(s)
	}
}

// beyondASCII counts the bytes that quoted-printable makes three of.
func beyondASCII(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// plainText reports whether s can go as it is: printable ASCII in short lines
// that no mail program on the way touches.
func plainText(s string) bool {
	for line := range strings.SplitSeq(s, "\n") {
		if len(line) > lineWidth+2 || strings.HasSuffix(line, " ") || strings.HasSuffix(line, "\t") {
			return false
		}
		if strings.HasPrefix(line, "From ") || strings.HasPrefix(line, ".") || strings.HasPrefix(line, "--=_") {
			return false
		}
		for i := range len(line) {
			if c := line[i]; c < ' ' && c != '\t' || c >= 0x7f {
				return false
			}
		}
	}
	return true
}

// file writes an attachment or image. Its bytes stay as they are: base64.
func (w *composer) file(p Part, disposition string) {
	kind, charset := wireType(p), ""
	if strings.HasPrefix(kind, "text/") && utf8.Valid(p.Body) {
		charset = "; charset=utf-8"
	}
	name := ""
	if p.Filename != "" {
		name = encodeParam("filename", p.Filename)
		if nameParam := encodeParam("name", p.Filename); !strings.Contains(nameParam, "*") {
			charset += nameParam // older programs read the name here
		}
	}
	w.line("Content-Type: " + kind + charset)
	w.line("Content-Disposition: " + disposition + name)
	if p.ContentID != "" {
		w.line("Content-ID: <" + p.ContentID + ">")
	}
	w.line("Content-Transfer-Encoding: base64\r\n")
	w.base64(p.Body)
}

// wireType is the part's type if it may be written in base64: composite types may not (RFC 2046 5.1 and 5.2.1).
func wireType(p Part) string {
	major, minor, ok := strings.Cut(strings.ToLower(p.ContentType), "/")
	composite := major == "multipart" || major == "message"
	if !ok || composite || major == "" || minor == "" || strings.Trim(major+minor, typeChars) != "" {
		return "application/octet-stream"
	}
	return major + "/" + minor
}

const typeChars = "abcdefghijklmnopqrstuvwxyz0123456789-.+_!#$&^"

// base64 writes lines of 76 without a line end behind the last.
func (w *composer) base64(b []byte) {
	const perLine = lineWidth / 4 * 3
	w.out.Grow(base64.StdEncoding.EncodedLen(len(b)) * (lineWidth + 2) / lineWidth)
	line := make([]byte, lineWidth)
	for first := true; len(b) > 0; first = false {
		if !first {
			w.out.WriteString("\r\n")
		}
		n := min(perLine, len(b))
		base64.StdEncoding.Encode(line, b[:n])
		w.out.Write(line[:base64.StdEncoding.EncodedLen(n)])
		b = b[n:]
	}
}

// quotedPrintable writes text after RFC 2045 6.7 without a line end behind the last line.
func (w *composer) quotedPrintable(s string) {
	for i, line := range strings.Split(strings.TrimSuffix(s, "\n"), "\n") {
		if i > 0 {
			w.out.WriteString("\r\n")
		}
		w.quotedLine(line)
	}
}

func (w *composer) quotedLine(line string) {
	col := 0
	for i := range len(line) {
		token := line[i : i+1]
		if mustQuote(line, i) {
			token = fmt.Sprintf("=%02X", line[i])
		}
		if col+len(token) > lineWidth-1 {
			w.out.WriteString("=\r\n")
			col = 0
		}
		w.out.WriteString(token)
		col += len(token)
	}
}

// mustQuote: "From " and "." at a line's start are touched by old relays, white space at its end is cut.
func mustQuote(line string, i int) bool {
	switch c := line[i]; {
	case c == '=' || c >= 0x7f || c < ' ' && c != '\t':
		return true
	case c == ' ' || c == '\t':
		return i == len(line)-1
	case c == 'F':
		return i == 0 && strings.HasPrefix(line, "From ")
	default:
		return c == '.' && i == 0
	}
}
