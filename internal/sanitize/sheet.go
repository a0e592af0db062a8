package sanitize

import (
	"slices"
	"strings"
)

// cleanSheet rewrites the content of a <style> element.
func cleanSheet(css string) string {
	rules := maxRules
	var b strings.Builder
	sheet(&b, &cssScanner{src: css}, &rules, 0)
	return b.String()
}

// sheet copies rules until the end, or the } that closes a nested sheet.
func sheet(b *strings.Builder, s *cssScanner, rules *int, depth int) {
	for *rules > 0 {
		t := s.next()
		switch {
		case t.kind == cssEnd || depth > 0 && t.is("}"):
			return
		case t.kind == cssSpace || t.is(";") || t.is("}"):
		case t.kind == cssAt && t.text == "media" && depth < maxNesting:
			media(b, s, rules, depth)
		case t.kind == cssAt:
			skipRule(s)
		default:
			*rules--
			selector, open := prelude(s, t)
			if !open {
				return
			}
			if body := declarations(s, true); selector != "" && body != "" {
				b.WriteString(selector + "{" + body + "}\n")
			}
		}
	}
}

// media keeps a @media rule whose query is plain. Styles for a dark scheme are
// left out: mail is shown on a white card.
func media(b *strings.Builder, s *cssScanner, rules *int, depth int) {
	*rules--
	tokens, end := until(s, "{", ";")
	if end != "{" {
		return
	}
	query := mediaQuery(tokens)
	var inner strings.Builder
	sheet(&inner, s, rules, depth+1)
	if query != "" && inner.Len() > 0 && !strings.Contains(query, "prefers-color-scheme") {
		b.WriteString("@media " + query + "{\n" + inner.String() + "}\n")
	}
}

func mediaQuery(tokens []cssToken) string {
	if len(tokens) > maxValueTokens {
		return ""
	}
	var w cssWriter
	depth := 0
	for _, t := range tokens {
		switch {
		case t.kind == cssSpace:
			w.put(t, " ")
		case t.kind == cssIdent && plainWord(t.text), t.kind == cssNumber && plainNumber(t.text):
			w.put(t, strings.ToLower(t.text))
		case t.is("("):
			depth++
			w.put(t, "(")
		case t.is(")") && depth > 0:
			depth--
			w.put(t, ")")
		case t.is(":") || t.is(",") || t.is("/"):
			w.put(t, t.text)
		default:
			return ""
		}
	}
	if depth != 0 {
		return ""
	}
	return strings.Join(strings.Fields(w.String()), " ")
}

// prelude reads a selector that starts with t up to its {. It is empty where it
// is not plain; open is false where no { follows.
func prelude(s *cssScanner, t cssToken) (selector string, open bool) {
	rest, end := until(s, "{")
	if end == "" {
		return "", false
	}
	if len(rest) >= maxTokens {
		return "", true
	}
	return cleanSelector(slices.Insert(rest, 0, t)), true
}

// cleanSelector writes a selector list anew; empty if it is not plain.
func cleanSelector(tokens []cssToken) string {
	var b strings.Builder
	var prev cssToken
	depth := 0
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		if runTogether(prev, t) {
			return ""
		}
		prev = t
		switch {
		case t.is("["):
			text, n := attributeSelector(tokens[i:])
			if n == 0 {
				return ""
			}
			b.WriteString(text)
			i += n - 1
			prev = tokens[i]
		case t.kind == cssSpace:
			b.WriteByte(' ')
		case t.kind == cssIdent && plainWord(t.text), t.kind == cssNumber && depth > 0 && plainNumber(t.text):
			b.WriteString(t.text)
		case t.kind == cssHash && plainWord(t.text):
			b.WriteString("#" + t.text)
		case t.kind == cssFunction && pseudoClasses[t.text] && depth < maxNesting:
			depth++
			b.WriteString(t.text + "(")
		case t.is(")") && depth > 0:
			depth--
			b.WriteByte(')')
		case t.isOne(".*>+~:,"):
			b.WriteString(t.text)
		default:
			return ""
		}
	}
	if depth != 0 {
		return ""
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// runTogether: two names with nothing but a comment between them. No selector
// has that, apart from the sign in nth-child(2n+1).
func runTogether(a, b cssToken) bool {
	word := a.kind == cssIdent || a.kind == cssHash || a.kind == cssNumber
	return word && (b.kind == cssIdent || b.kind == cssFunction || b.kind == cssNumber && b.text[0] != '+' && b.text[0] != '-') ||
		a.is("+") && (b.kind == cssNumber || b.kind == cssIdent)
}

// attributeSelector reads [name], [name="value"] and their like; n is the number of tokens, 0 if it is not plain.
func attributeSelector(tokens []cssToken) (text string, n int) {
	var b strings.Builder
	for i, t := range tokens {
		switch {
		case t.is("]") && i > 1:
			return b.String() + "]", i + 1
		case t.is("[") && i == 0, t.is("=") && i > 1, t.isOne("~|^$*") && i > 1:
			b.WriteString(t.text)
		case t.kind == cssIdent && plainWord(t.text):
			b.WriteString(t.text)
		case t.kind == cssString && plainString(t.text):
			b.WriteString(`"` + t.text + `"`)
		default:
			return "", 0
		}
	}
	return "", 0
}

// skipRule passes over an at-rule: to its ; or over its block.
func skipRule(s *cssScanner) {
	if _, end := until(s, ";", "{"); end == "{" {
		until(s, "}")
	}
}
