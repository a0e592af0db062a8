package sanitize

import (
	"strings"
	"unicode/utf8"
)

// cssKind is a kind of token of CSS Syntax Level 3, as far as mail needs them apart.
type cssKind uint8

const (
	cssEnd cssKind = iota
	cssIdent
	cssFunction // text is the name; the ( is taken
	cssAt       // text is the name behind the @
	cssHash     // text is what stands behind the #
	cssString   // text is the content
	cssNumber   // text is number and unit: 12, 1.5em, 100%
	cssSpace
	cssDelim // any other single character, brackets included
	cssBad   // url(…), an unclosed string: never allowed
)

type cssToken struct {
	kind cssKind
	text string
}

func (t cssToken) is(delim string) bool { return t.kind == cssDelim && t.text == delim }

func (t cssToken) isOne(delims string) bool {
	return t.kind == cssDelim && strings.Contains(delims, t.text)
}

// cssScanner reads tokens. Escapes are decoded, so that "\75rl(" is the same to
// us as it is to a browser; comments are dropped.
type cssScanner struct {
	src    string
	pos    int
	tokens []cssToken // lent by until
}

// next reads one token; cssEnd at the end.
func (s *cssScanner) next() cssToken {
	for strings.HasPrefix(s.src[s.pos:], "/*") {
		end := strings.Index(s.src[s.pos+2:], "*/")
		if end < 0 {
			s.pos = len(s.src)
			break
		}
		s.pos += 2 + end + 2
	}
	if s.pos >= len(s.src) {
		return cssToken{}
	}
	switch c := s.src[s.pos]; {
	case isCSSSpace(c):
		for s.pos < len(s.src) && isCSSSpace(s.src[s.pos]) {
			s.pos++
		}
		return cssToken{cssSpace, " "}
	case c == '"' || c == '\'':
		return s.quoted(c)
	case s.numberAt(s.pos):
		return s.number()
	case s.nameAt(s.pos, false):
		return s.identLike()
	case c == '#' && s.nameAt(s.pos+1, true):
		s.pos++
		return cssToken{cssHash, s.name()}
	case c == '@' && s.nameAt(s.pos+1, false):
		s.pos++
		return cssToken{cssAt, strings.ToLower(s.name())}
	case strings.HasPrefix(s.src[s.pos:], "<!--"):
		s.pos += 4 // CSS Syntax 4.3.1: CDO is dropped between rules
		return cssToken{cssSpace, " "}
	case strings.HasPrefix(s.src[s.pos:], "-->"):
		s.pos += 3
		return cssToken{cssSpace, " "}
	}
	_, size := utf8.DecodeRuneInString(s.src[s.pos:])
	s.pos += size
	return cssToken{cssDelim, s.src[s.pos-size : s.pos]}
}

// quoted reads a string; one that a line end breaks off is bad.
func (s *cssScanner) quoted(quote byte) cssToken {
	var b strings.Builder
	for s.pos++; s.pos < len(s.src); {
		switch c := s.src[s.pos]; {
		case c == quote:
			s.pos++
			return cssToken{cssString, b.String()}
		case c == '\n' || c == '\r' || c == '\f':
			return cssToken{cssBad, ""}
		case c == '\\' && s.pos+1 < len(s.src) && (s.src[s.pos+1] == '\n' || s.src[s.pos+1] == '\r' || s.src[s.pos+1] == '\f'):
			s.pos += 2
		case c == '\\' && s.pos+1 < len(s.src):
			s.pos++
			b.WriteRune(s.escape())
		default:
			b.WriteByte(c)
			s.pos++
		}
	}
	return cssToken{cssBad, ""}
}

// escape decodes what stands behind a backslash.
func (s *cssScanner) escape() rune {
	n, digits := rune(0), 0
	for digits < 6 && s.pos < len(s.src) {
		d, ok := hexDigit(s.src[s.pos])
		if !ok {
			break
		}
		n, digits, s.pos = n<<4|d, digits+1, s.pos+1
	}
	if digits == 0 {
		r, size := utf8.DecodeRuneInString(s.src[s.pos:])
		s.pos += size
		return r
	}
	if s.pos < len(s.src) && isCSSSpace(s.src[s.pos]) {
		s.pos++
	}
	if n == 0 || n > utf8.MaxRune || 0xD800 <= n && n < 0xE000 {
		return utf8.RuneError
	}
	return n
}

// numberAt reports whether a number starts at i.
func (s *cssScanner) numberAt(i int) bool {
	if i < len(s.src) && (s.src[i] == '+' || s.src[i] == '-') {
		i++
	}
	if i < len(s.src) && s.src[i] == '.' {
		i++
	}
	return i < len(s.src) && isDigit(s.src[i])
}

func (s *cssScanner) number() cssToken {
	start := s.pos
	if s.src[s.pos] == '+' || s.src[s.pos] == '-' {
		s.pos++
	}
	for s.pos < len(s.src) && (isDigit(s.src[s.pos]) || s.src[s.pos] == '.') {
		s.pos++
	}
	text := s.src[start:s.pos]
	switch {
	case s.pos < len(s.src) && s.src[s.pos] == '%':
		s.pos++
		text += "%"
	case s.nameAt(s.pos, false):
		text += strings.ToLower(s.name())
	}
	return cssToken{cssNumber, text}
}

// nameAt reports whether an ident starts at i, or, where any is set, a character of one.
func (s *cssScanner) nameAt(i int, any bool) bool {
	if i >= len(s.src) {
		return false
	}
	switch c := s.src[i]; {
	case c == '\\':
		return i+1 < len(s.src) && s.src[i+1] != '\n' && s.src[i+1] != '\r' && s.src[i+1] != '\f'
	case c == '-':
		return any || i+1 < len(s.src) && (s.src[i+1] == '-' || s.nameAt(i+1, false))
	case isDigit(c):
		return any
	default:
		return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf
	}
}

func (s *cssScanner) name() string {
	var b strings.Builder
	for s.nameAt(s.pos, true) {
		if s.src[s.pos] == '\\' {
			s.pos++
			b.WriteRune(s.escape())
			continue
		}
		b.WriteByte(s.src[s.pos])
		s.pos++
	}
	return b.String()
}

func (s *cssScanner) identLike() cssToken {
	name := s.name()
	if s.pos >= len(s.src) || s.src[s.pos] != '(' {
		return cssToken{cssIdent, name}
	}
	s.pos++
	if strings.EqualFold(name, "url") {
		// Unquoted, its content is no tokens at all; either way it is refused as one.
		end := strings.IndexByte(s.src[s.pos:], ')')
		if end < 0 {
			end = len(s.src) - s.pos - 1
		}
		s.pos += end + 1
		return cssToken{cssBad, ""}
	}
	return cssToken{cssFunction, strings.ToLower(name)}
}

func isCSSSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func hexDigit(c byte) (rune, bool) {
	switch {
	case isDigit(c):
		return rune(c - '0'), true
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}
