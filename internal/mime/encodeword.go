package mime

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxWord is the length of an encoded word (RFC 2047 2).
const maxWord = 75

// encodeWords writes s as encoded words, each of whole characters.
func encodeWords(s string) []string {
	s = clean(s)
	encode, width := encodeQ, qWidth
	if escaped(s)*3 > len(s) {
		encode, width = encodeB, nil
	}
	room := maxWord - len("=?utf-8?q??=")
	var words []string
	start, used := 0, 0
	for i, r := range s {
		size := utf8.RuneLen(r)
		cost := size
		if width != nil {
			cost = width(s[i : i+size])
		}
		full := used+cost > room
		if width == nil {
			full = base64.StdEncoding.EncodedLen(used+cost) > room
		}
		if full {
			words = append(words, encode(s[start:i]))
			start, used = i, 0
		}
		used += cost
	}
	return append(words, encode(s[start:]))
}

// escaped counts the bytes that Q has to escape.
func escaped(s string) int {
	n := 0
	for i := range len(s) {
		if !plainQ(s[i]) && s[i] != ' ' {
			n++
		}
	}
	return n
}

// plainQ reports what stands for itself even in a phrase (RFC 2047 5).
func plainQ(c byte) bool {
	return isBase64(c) || c == '-' || c == '!' || c == '*'
}

func qWidth(s string) int { return len(s) + 2*escaped(s) }

func encodeQ(s string) string {
	var b strings.Builder
	b.WriteString("=?utf-8?q?")
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case plainQ(c):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	b.WriteString("?=")
	return b.String()
}

func encodeB(s string) string {
	return "=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?="
}

// encodeParam writes a parameter: as a quoted string, or in the form of RFC 2231
// where it is no short ASCII.
func encodeParam(name, value string) string {
	if isASCII([]byte(value)) && !hasControl(value) && len(value) <= 60 && !strings.Contains(value, "=?") {
		return ";\r\n " + name + "=" + quote(value)
	}
	var b strings.Builder
	segment := "utf-8''"
	index := 0
	flush := func() {
		fmt.Fprintf(&b, ";\r\n %s*%d*=%s", name, index, segment)
		segment, index = "", index+1
	}
	for i := range len(value) {
		c := value[i]
		token := string(c)
		if sextet(c) < 0 && c != '-' && c != '.' && c != '_' || c == '+' || c == '/' {
			token = fmt.Sprintf("%%%02X", c)
		}
		if len(segment)+len(token) > 60 {
			flush()
		}
		segment += token
	}
	flush()
	return b.String()
}
