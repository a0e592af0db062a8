package sanitize

import (
	"encoding/base64"
	"net/url"
	"strings"
)

const (
	maxURL     = 8 << 10
	maxDataURL = 512 << 10 // an image within the HTML itself
)

// scheme splits an address the way a browser reads it (WHATWG URL 4.4): control
// characters and spaces around it do not count, nor tabs and line ends within.
// rest is without the colon. An address without a scheme has an empty one.
func scheme(raw string) (name, rest string) {
	raw = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r == 0 {
			return -1
		}
		return r
	}, strings.Trim(raw, whiteAndControl))
	if strings.HasPrefix(raw, "//") || strings.HasPrefix(raw, `\\`) {
		return "https", raw
	}
	name, rest, ok := strings.Cut(raw, ":")
	if !ok || name == "" || strings.IndexFunc(name, func(r rune) bool { return !asciiWord(r) && r != '+' && r != '.' }) >= 0 {
		return "", raw
	}
	return strings.ToLower(name), rest
}

// whiteAndControl are the characters from U+0000 to the space, and no-break spaces, which people paste.
var whiteAndControl = func() string {
	var b strings.Builder
	for c := rune(0); c <= ' '; c++ {
		b.WriteRune(c)
	}
	return b.String() + "\u00a0\ufeff\u200b"
}()

// webURL is an http or https address in canonical form, or empty.
func webURL(raw string) string {
	name, rest := scheme(raw)
	if name != "http" && name != "https" || len(rest) > maxURL {
		return ""
	}
	rest = strings.TrimLeft(rest, `/\`)
	u, err := url.Parse(name + "://" + strings.ReplaceAll(escapeURL(rest), `\`, "/"))
	if err != nil || u.Host == "" {
		return ""
	}
	return settled(u)
}

// settled writes an address, if it reads back as the same one.
func settled(u *url.URL) string {
	once := u.String()
	if again, err := url.Parse(once); err != nil || again.String() != once {
		return ""
	}
	return once
}

// linkURL is the address of a link that a reader may follow, or empty.
func linkURL(raw string) string {
	name, rest := scheme(raw)
	switch name {
	case "http", "https":
		return webURL(raw)
	case "mailto", "tel":
		if len(rest) > maxURL || rest == "" {
			return ""
		}
		u, err := url.Parse(name + ":" + escapeURL(rest))
		if err != nil || u.Opaque == "" && u.RawQuery == "" {
			return ""
		}
		u.Fragment, u.RawFragment = "", ""
		return settled(u)
	}
	return ""
}

// escapeURL percent-encodes what url.Parse refuses and browsers encode.
func escapeURL(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ' || c == 0x7f || strings.IndexByte("\"<>`{}|^'", c) >= 0:
			b.WriteString("%" + hexByte(c))
		case c == '%' && !escapedAt(s, i):
			b.WriteString("%25")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func escapedAt(s string, i int) bool {
	if i+2 >= len(s) {
		return false
	}
	_, ok1 := hexDigit(s[i+1])
	_, ok2 := hexDigit(s[i+2])
	return ok1 && ok2
}

func hexByte(c byte) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[c>>4], digits[c&15]})
}

// contentID reads a cid: address (RFC 2392).
func contentID(raw string) (id string, ok bool) {
	name, rest := scheme(raw)
	if name != "cid" || rest == "" || len(rest) > 1000 {
		return "", false
	}
	if unescaped, err := url.PathUnescape(rest); err == nil {
		rest = unescaped
	}
	return strings.Trim(rest, "<>"), true
}

// dataImage is a data: address of an image that cannot carry script, or empty.
func dataImage(raw string) string {
	name, rest := scheme(raw)
	if name != "data" || len(rest) > maxDataURL {
		return ""
	}
	head, data, ok := strings.Cut(rest, ",")
	if !ok {
		return ""
	}
	mediaType, encoding, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(head, " ", "")), ";")
	switch mediaType {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
	case "image/jpg":
		mediaType = "image/jpeg"
	default:
		return ""
	}
	if encoding != "base64" && !strings.HasSuffix(encoding, ";base64") {
		return ""
	}
	if unescaped, err := url.PathUnescape(data); err == nil {
		data = unescaped
	}
	data = strings.TrimRight(strings.Join(strings.Fields(data), ""), "=")
	raw64, err := base64.RawStdEncoding.DecodeString(data)
	if err != nil || len(raw64) == 0 {
		return ""
	}
	return "data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString(raw64)
}
