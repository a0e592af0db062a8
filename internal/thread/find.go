package thread

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much a mail can make us read and verify.
const (
	maxAddresses       = 500
	maxCandidates      = 20
	maxBody            = 1 << 20 // bytes of text that are searched
	maxMarker          = 160     // bytes between the brackets of a marker: quote signs and line ends included
	markerOpen         = "[ref:"
	markerClose   byte = ']'
)

// Tag puts a token into an address as a +tag (RFC 5233): "help@x.test" becomes
// "help+TOKEN@x.test". The address comes back unchanged where the result would
// break the 64 octets of a local part (RFC 5321 4.5.3.1.1) or there is no token.
func Tag(address, token string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || token == "" || at+1+len(token) > 64 {
		return address
	}
	return address[:at] + "+" + token + address[at:]
}

// Untag takes the last +tag off an address; ok tells whether there was one.
func Untag(address string) (base string, ok bool) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address, false
	}
	plus := strings.LastIndexByte(address[:at], '+')
	if plus < 0 {
		return address, false
	}
	return address[:plus] + address[at:], true
}

// Marker is how a token stands in the body of what we send: a line of its own,
// so that it stays below the length at which mail programs wrap, and without
// characters that HTML or Markdown would change.
func Marker(token string) string { return markerOpen + token + string(markerClose) }

// FindInAddresses returns what may be tokens among the +tags of the addresses,
// in order. A tag counts wherever it stands behind the first "+", between any
// characters that base32 does not have: forwarders that rewrite the sender (SRS,
// BATV) wrap the whole address into another one.
func FindInAddresses(addresses []string) []string {
	var out candidates
	for _, address := range addresses[:min(len(addresses), maxAddresses)] {
		at := strings.LastIndexByte(address, '@')
		if at < 0 {
			continue
		}
		_, tags, _ := strings.Cut(address[:at], "+")
		for _, tag := range strings.FieldsFunc(tags, func(r rune) bool { return !base32Letter(r) }) {
			if len(tag) == tokenLen {
				out.add(tag)
			}
		}
	}
	return out.tokens
}

// FindInBody returns what may be tokens in the markers of a mail's plain text,
// the topmost first, that is the latest message quoted. Quote signs, line ends
// and spaces within a marker are skipped, so it survives quoting and wrapping.
func FindInBody(text string) []string {
	var out candidates
	text = text[:min(len(text), maxBody)]
	for len(out.tokens) < maxCandidates {
		i := indexMarker(text)
		if i < 0 {
			break
		}
		text = text[i+len(markerOpen):]
		if token, ok := readMarker(text); ok {
			out.add(token)
		}
	}
	return out.tokens
}

// indexMarker finds the next markerOpen, in any case.
func indexMarker(text string) int {
	for from := 0; ; {
		i := strings.IndexByte(text[from:], markerOpen[0])
		if i < 0 {
			return -1
		}
		i += from
		if rest := text[i:]; len(rest) >= len(markerOpen) && strings.EqualFold(rest[:len(markerOpen)], markerOpen) {
			return i
		}
		from = i + 1
	}
}

// readMarker reads a token up to the closing bracket.
func readMarker(text string) (token string, ok bool) {
	var b [tokenLen]byte
	n := 0
	for i := 0; i < min(len(text), maxMarker); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case r == rune(markerClose):
			return string(b[:n]), n == tokenLen
		case base32Letter(r):
			if n == tokenLen {
				return "", false
			}
			b[n], n = byte(unicode.ToLower(r)), n+1
		case !skippable(r):
			return "", false
		}
	}
	return "", false
}

// skippable are the characters that quoting, wrapping and HTML put between letters.
func skippable(r rune) bool {
	return unicode.IsSpace(r) || r == '>' || r == '|' || r == '\u00ad' || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u2060' || r == '\ufeff'
}

func base32Letter(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '2' <= r && r <= '7'
}

// candidates is a bounded list without repeats.
type candidates struct{ tokens []string }

func (c *candidates) add(token string) {
	token = strings.ToLower(token)
	if len(c.tokens) >= maxCandidates || slices.Contains(c.tokens, token) {
		return
	}
	c.tokens = append(c.tokens, token)
}
