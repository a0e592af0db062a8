package mime

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 6) as far as the
// bytes allow: what is no valid encoding is passed over or kept as it stands.
func decodeTransfer(encoding string, b []byte) []byte {
	switch canonicalEncoding(encoding) {
	case "base64":
		return decodeBase64(b)
	case "quoted-printable":
		return decodeQuotedPrintable(b)
	case "uuencode":
		if body, ok := findUU(b); ok {
			return body
		}
	}
	return b
}

func canonicalEncoding(v string) string {
	v = strings.ToLower(strings.Trim(stripComments(v), " \t\r\n\"';"))
	switch v {
	case "base64", "base-64", "b", "base 64":
		return "base64"
	case "quoted-printable", "quotedprintable", "q", "qp", "quoted printable":
		return "quoted-printable"
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return "uuencode"
	}
	return v
}

// decodeBase64 skips what is no base64, and stops behind the padding at a line
// of other text, such as the footer that a list appended.
func decodeBase64(b []byte) []byte {
	out := make([]byte, base64.StdEncoding.DecodedLen(len(b))+3)
	if n, err := base64.StdEncoding.Decode(out, b); err == nil {
		return out[:n]
	}
	d := base64Run{out: out[:0]}
	for len(b) > 0 {
		var line []byte
		line, b = cutLine(b)
		line = bytes.TrimSpace(line)
		if d.padded && !isBase64Line(line) || bytes.HasPrefix(line, []byte("--")) {
			break
		}
		for _, c := range line {
			d.add(c)
		}
	}
	d.flush()
	return d.out
}

func isBase64Line(line []byte) bool {
	for _, c := range line {
		if !isBase64(c) && c != '=' {
			return false
		}
	}
	return true
}

// base64Run gathers sextets; padding ends a run, and another may follow.
type base64Run struct {
	out    []byte
	bits   uint32
	n      int // sextets in bits
	padded bool
}

func (d *base64Run) add(c byte) {
	switch {
	case c == '=':
		d.flush()
		d.padded = true
		return
	case c == '-': // the URL alphabet of RFC 4648 5
		c = '+'
	case c == '_':
		c = '/'
	}
	v := sextet(c)
	if v < 0 {
		return
	}
	d.bits = d.bits<<6 | uint32(v)
	if d.n++; d.n == 4 {
		d.out = append(d.out, byte(d.bits>>16), byte(d.bits>>8), byte(d.bits))
		d.bits, d.n = 0, 0
	}
}

// flush writes the whole bytes of an incomplete group.
func (d *base64Run) flush() {
	switch d.n {
	case 2:
		d.out = append(d.out, byte(d.bits>>4))
	case 3:
		d.out = append(d.out, byte(d.bits>>10), byte(d.bits>>2))
	}
	d.bits, d.n = 0, 0
}

func sextet(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}

func isBase64(c byte) bool { return sextet(c) >= 0 }

// decodeQuotedPrintable follows RFC 2045 6.7; an "=" that begins no escape stands for itself.
func decodeQuotedPrintable(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\n')
		line, end := b, ""
		if i >= 0 {
			line, end = b[:i], "\n"
			if i > 0 && b[i-1] == '\r' {
				line, end = b[:i-1], "\r\n"
			}
			b = b[i+1:]
		} else {
			b = nil
		}
		line = bytes.TrimRight(line, " \t") // added on the way
		if n := len(line); n > 0 && line[n-1] == '=' {
			line, end = line[:n-1], "" // soft line break
		}
		out = appendUnescaped(out, line, '=')
		out = append(out, end...)
	}
	return out
}

// appendUnescaped appends s with its escapes of two hex digits decoded.
func appendUnescaped(out, s []byte, escape byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == escape && i+2 < len(s) {
			if hi, lo := unhex(s[i+1]), unhex(s[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
