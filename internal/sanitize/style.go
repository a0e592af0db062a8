package sanitize

import (
	"strings"
	"unicode"
)

// What a mail's CSS may cost.
const (
	maxStyle       = 256 << 10 // bytes of all <style> elements together
	maxRules       = 4000
	maxTokens      = 2000 // of a selector
	maxValueTokens = 200
	maxNesting     = 8 // functions in functions, and @media in @media
)

// properties are those a style may set. Left out is whatever loads something,
// runs something, or moves content out of its box: position and its offsets,
// transform, clip, filter, content, cursor, animation, and -moz-binding's like.
var properties = set(`
	align-content align-items align-self background background-clip background-color background-origin background-position
	background-repeat background-size border border-bottom border-bottom-color border-bottom-left-radius
	border-bottom-right-radius border-bottom-style border-bottom-width border-collapse border-color border-left
	border-left-color border-left-style border-left-width border-radius border-right border-right-color
	border-right-style border-right-width border-spacing border-style border-top border-top-color
	border-top-left-radius border-top-right-radius border-top-style border-top-width border-width box-shadow box-sizing
	break-after break-before break-inside caption-side clear color column-count column-gap column-width columns direction display empty-cells
	flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float font font-family font-size
	font-size-adjust font-stretch font-style font-variant font-weight gap height hyphens justify-content
	letter-spacing line-break line-height list-style list-style-position list-style-type margin margin-block
	margin-block-end margin-block-start margin-bottom margin-inline margin-inline-end margin-inline-start margin-left margin-right margin-top
	max-height max-width min-height min-width object-fit object-position opacity order orphans outline outline-color outline-offset
	outline-style outline-width overflow overflow-wrap overflow-x overflow-y padding padding-block padding-bottom padding-inline
	padding-left padding-right padding-top page-break-after page-break-before page-break-inside row-gap tab-size table-layout
	text-align text-align-last text-decoration text-decoration-color text-decoration-line text-decoration-style text-decoration-thickness
	text-indent text-justify text-overflow text-rendering text-shadow text-size-adjust text-transform
	text-underline-offset text-underline-position text-wrap unicode-bidi vertical-align visibility white-space widows width word-break word-spacing
	word-wrap -ms-text-size-adjust -webkit-text-size-adjust -webkit-font-smoothing -moz-osx-font-smoothing`)

// functions are those that a value may call; none of them loads anything.
var functions = set(`calc clamp hsl hsla linear-gradient max min radial-gradient repeating-linear-gradient rgb rgba`)

// pseudoClasses are the functions that a selector may call.
var pseudoClasses = set(`not nth-child nth-last-child nth-last-of-type nth-of-type`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// cleanDeclarations rewrites a style attribute with what is allowed of it; empty if nothing is.
func cleanDeclarations(css string) string {
	s := &cssScanner{src: css}
	return declarations(s, false)
}

// declarations copies what is allowed until the end, or the } of a rule.
func declarations(s *cssScanner, rule bool) string {
	var b strings.Builder
	for {
		t := s.next()
		switch {
		case t.kind == cssEnd, rule && t.is("}"):
			return b.String()
		case t.kind == cssSpace || t.is(";"):
			continue
		}
		var value []cssToken
		var end string
		if rule {
			value, end = until(s, ";", "}")
		} else {
			value, end = until(s, ";")
		}
		if text := declaration(t, value); text != "" {
			if b.Len() > 0 {
				b.WriteString("; ")
			}
			b.WriteString(text)
		}
		if end != ";" {
			return b.String()
		}
	}
}

// declaration is "property: value", or empty if it is not allowed.
func declaration(name cssToken, tokens []cssToken) string {
	property := strings.ToLower(name.text)
	if name.kind != cssIdent || !properties[property] || len(tokens) > maxValueTokens {
		return ""
	}
	for len(tokens) > 0 && tokens[0].kind == cssSpace {
		tokens = tokens[1:]
	}
	if len(tokens) == 0 || !tokens[0].is(":") {
		return ""
	}
	value, ok := cleanValue(property, tokens[1:])
	if !ok {
		return ""
	}
	return property + ": " + value
}

// cleanValue writes a value anew, or refuses it.
func cleanValue(property string, tokens []cssToken) (string, bool) {
	margin := strings.HasPrefix(property, "margin")
	font := property == "font" || property == "font-family"
	var w cssWriter
	depth, suffix := 0, ""
	for i, t := range tokens {
		switch {
		case t.kind == cssSpace:
			w.put(t, " ")
		case t.kind == cssIdent && (plainWord(t.text) || font && plainName(t.text)):
			w.put(t, t.text)
		case t.kind == cssNumber && plainNumber(t.text) && !(margin && t.text[0] == '-'):
			w.put(t, t.text)
		case t.kind == cssHash && plainWord(t.text) && len(t.text) <= 8:
			w.put(t, "#"+strings.ToLower(t.text))
		case t.kind == cssString && font && plainString(t.text):
			w.put(t, "'"+t.text+"'")
		case t.kind == cssFunction && functions[t.text] && !margin && depth < maxNesting:
			depth++
			w.put(t, t.text+"(")
		case t.is(")") && depth > 0:
			depth--
			w.put(t, ")")
		case t.is(",") || t.is("/") || depth > 0 && (t.is("+") || t.is("*") || t.is("-")):
			w.put(t, t.text)
		case t.is("!") && important(tokens[i+1:]):
			suffix = " !important"
		default:
			return "", false
		}
		if suffix != "" {
			break
		}
	}
	value := strings.Join(strings.Fields(w.String()), " ")
	return value + suffix, depth == 0 && value != ""
}

func important(tokens []cssToken) bool {
	words := 0
	for _, t := range tokens {
		switch {
		case t.kind == cssIdent && strings.EqualFold(t.text, "important"):
			words++
		case t.kind != cssSpace:
			return false
		}
	}
	return words == 1
}

// until collects tokens, which are good until it is called again, up to one of ends that stands in no bracket, and tells
// which; none at the end of the text. A bracket that is never closed takes the
// rest, as in a browser.
func until(s *cssScanner, ends ...string) (tokens []cssToken, end string) {
	var closers []string
	tokens = s.tokens[:0]
	defer func() { s.tokens = tokens }()
	for {
		t := s.next()
		if t.kind == cssEnd {
			return tokens, ""
		}
		if len(closers) == 0 && t.kind == cssDelim {
			for _, e := range ends {
				if t.text == e {
					return tokens, e
				}
			}
		}
		switch {
		case len(closers) > 0 && t.is(closers[len(closers)-1]):
			closers = closers[:len(closers)-1]
		case t.is("("), t.kind == cssFunction:
			closers = append(closers, ")")
		case t.is("["):
			closers = append(closers, "]")
		case t.is("{"):
			closers = append(closers, "}")
		}
		if len(tokens) <= maxTokens { // one more than allowed tells that there were too many
			tokens = append(tokens, t)
		}
	}
}

// cssWriter writes tokens so that they are read again as the same tokens:
// where only a comment stood between two of them, it puts a space.
type cssWriter struct {
	strings.Builder
	prev cssToken
}

func (w *cssWriter) put(t cssToken, text string) {
	if runsInto(w.prev, t) {
		w.WriteByte(' ')
	}
	w.WriteString(text)
	w.prev = t
}

// runsInto: written side by side, a and b would be read as something else.
func runsInto(a, b cssToken) bool {
	word := b.kind == cssIdent || b.kind == cssFunction || b.kind == cssNumber || b.kind == cssHash
	switch a.kind {
	case cssIdent, cssNumber, cssHash:
		return word
	case cssDelim:
		return a.isOne("+-") && word || a.isOne("+-*/") && b.isOne("+-*/")
	}
	return false
}

// plainWord: letters, digits, _ and - of ASCII, so that no escape is needed to write it.
func plainWord(s string) bool {
	return s != "" && len(s) <= 200 && strings.IndexFunc(s, func(r rune) bool { return !asciiWord(r) }) < 0
}

// plainName: a name of a font, written without quotes.
func plainName(s string) bool {
	return s != "" && plainString(s) && !strings.ContainsAny(s, " .,&+") && !strings.ContainsAny(s[:1], "-0123456789")
}

// plainString: what may stand between quotes, in an attribute as in a style element.
func plainString(s string) bool {
	return len(s) <= 200 && strings.IndexFunc(s, func(r rune) bool {
		return !asciiWord(r) && !strings.ContainsRune(" .,&+", r) && !(r > unicode.MaxASCII && unicode.In(r, unicode.L, unicode.N, unicode.M))
	}) < 0
}

// plainNumber: a number with a unit of letters or %.
func plainNumber(s string) bool {
	return len(s) <= 32 && strings.IndexFunc(s, func(r rune) bool { return !asciiWord(r) && !strings.ContainsRune("+.%", r) }) < 0
}

func asciiWord(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '-'
}
