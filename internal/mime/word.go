package mime

import (
	"strings"
)

// readText reads an unstructured field (RFC 5322 3.6.5): unfolded, encoded
// words (RFC 2047) decoded, raw 8-bit bytes in the charset that the message uses.
func readText(v, charset string) string {
	return cleanLine(decodeWords(decodeRaw(unfold(v), charset)))
}

// decodeRaw makes UTF-8 of header bytes, which RFC 6532 asks for and old senders don't give.
func decodeRaw(v, charset string) string {
	if b := []byte(v); !isASCII(b) {
		return decodeUnlabelled(b, charset)
	}
	return v
}

// word is one encoded word.
type word struct {
	charset string
	data    []byte
}

// decodeWords decodes the encoded words of s and leaves the rest. It forgives
// what senders do: words inside quotes or glued to text, spaces inside a word,
// a character split over two words.
func decodeWords(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	d := wordDecoder{s: s}
	for i := 0; i < len(s); {
		at := strings.Index(s[i:], "=?")
		if at < 0 {
			d.literal(s[i:])
			break
		}
		w, size, ok := d.word(i + at)
		if !ok {
			d.literal(s[i : i+at+2])
			i += at + 2
			continue
		}
		d.literal(s[i : i+at])
		d.encoded(w)
		i += at + size
	}
	d.flush()
	return d.out.String()
}

// wordDecoder joins the bytes of adjacent words of one charset before decoding them.
type wordDecoder struct {
	s       string
	out     strings.Builder
	pending word   // not written yet
	gap     string // white space seen since the pending word: none of it is shown between words (RFC 2047 6.2)
	noEnd   bool   // no "?=" follows: stop looking
}

func (d *wordDecoder) literal(s string) {
	if s == "" {
		return
	}
	if len(d.pending.data) > 0 && d.gap == "" && strings.Trim(s, " \t") == "" {
		d.gap = s
		return
	}
	d.flush()
	d.out.WriteString(s)
}

func (d *wordDecoder) encoded(w word) {
	if d.pending.charset != w.charset {
		d.gap = ""
		d.flush()
		d.pending = w
		return
	}
	d.gap = ""
	d.pending.data = append(d.pending.data, w.data...)
}

func (d *wordDecoder) flush() {
	if len(d.pending.data) > 0 {
		d.out.WriteString(decodeCharset(d.pending.charset, d.pending.data))
	}
	d.out.WriteString(d.gap)
	d.pending, d.gap = word{}, ""
}

// word reads "=?charset*language?B or Q?text?=" at s[at:] and returns its length.
func (d *wordDecoder) word(at int) (word, int, bool) {
	s := d.s[at:]
	q := strings.IndexByte(s[2:min(len(s), 80)], '?')
	if q <= 0 || q+5 > len(s) || s[q+4] != '?' || d.noEnd {
		return word{}, 0, false
	}
	charset := s[2 : q+2]
	text := s[q+5:]
	end := strings.Index(text, "?=")
	if end < 0 {
		d.noEnd = true
		return word{}, 0, false
	}
	if strings.ContainsAny(charset, " \t=") {
		return word{}, 0, false
	}
	charset, _, _ = strings.Cut(charset, "*") // RFC 2231 5: a language
	w := word{charset: canonicalCharset(charset)}
	switch s[q+3] {
	case 'b', 'B':
		w.data = decodeBase64([]byte(text[:end]))
	case 'q', 'Q':
		w.data = decodeQ(text[:end])
	default:
		return word{}, 0, false
	}
	return w, q + 5 + end + 2, true
}

// decodeQ reads the Q encoding of RFC 2047 4.2: "_" is a space.
func decodeQ(s string) []byte {
	return appendUnescaped(make([]byte, 0, len(s)), []byte(strings.ReplaceAll(s, "_", " ")), '=')
}
