package mime

import (
	"sort"
	"strconv"
	"strings"
)

// mediaType is a Content-Type (RFC 2045 5.1) or a Content-Disposition (RFC 2183):
// a value and parameters.
type mediaType struct {
	value  string // lower case: "text/plain", "attachment"
	params map[string]string
}

// maxParams bounds the parameters of one field.
const maxParams = 200

// readMediaType reads v leniently: parameters may lack semicolons between lines
// and quotes around values with spaces. Continuations and charsets of RFC 2231
// are resolved, and encoded words, which RFC 2047 5 forbids here, decoded.
func readMediaType(v, charset string) mediaType {
	v = decodeRaw(v, charset)
	value, rest := cutMediaValue(v)
	m := mediaType{value: value}
	raw := rawParams(rest)
	if len(raw) > 0 {
		m.params = resolveParams(raw)
	}
	return m
}

// cutMediaValue takes what stands before the parameters.
func cutMediaValue(v string) (value, rest string) {
	v = strings.TrimLeft(v, " \t\r\n")
	end := len(v)
	for i := range len(v) {
		if v[i] == ';' || v[i] == '\n' && strings.TrimSpace(v[:i]) != "" {
			end = i
			break
		}
	}
	words := strings.Fields(stripComments(v[:end]))
	n := 0 // words of the value: white space around the slash is no end
	for n < len(words) && (n == 0 || strings.HasSuffix(value, "/") || strings.HasPrefix(words[n], "/")) {
		value += words[n]
		n++
	}
	rest = v[end:]
	if n < len(words) {
		rest = ";" + strings.Join(words[n:], " ") + rest // the semicolon is missing
	}
	return clean(strings.ToLower(value)), rest
}

// param is one parameter as written: key in lower case, value unquoted.
type param struct{ key, value string }

// rawParams splits "; key=value" lists.
func rawParams(s string) []param {
	var list []param
	for len(list) < maxParams {
		s = strings.TrimLeft(s, "; \t\r\n")
		end := strings.IndexAny(s, "=;")
		if end < 0 {
			return list
		}
		key := strings.ToLower(strings.TrimSpace(stripComments(s[:end])))
		if s[end] == ';' {
			s = s[end:]
			continue
		}
		var value string
		value, s = cutParamValue(strings.TrimLeft(s[end+1:], " \t\r\n"), key)
		if key != "" && value != "" {
			list = append(list, param{key: key, value: value})
		}
	}
	return list
}

// cutParamValue takes the value that s begins with.
func cutParamValue(s, key string) (value, rest string) {
	if strings.HasPrefix(s, `"`) {
		end := closingQuote(s)
		return unfold(unquote(s[1:end])), s[min(end+1, len(s)):]
	}
	end := 0
	for end < len(s) && s[end] != ';' && (s[end] != '\n' || !beginsParam(s[end+1:])) {
		end++
	}
	value = unfold(s[:end])
	if !strings.Contains(key, "name") {
		value = stripComments(value) // a file may well be called "copy (2).pdf"
	}
	return strings.Trim(value, " \t\r'"), s[end:]
}

// closingQuote finds the quote that ends the value: one with a new parameter or
// nothing behind it, because file names with bare quotes inside are not escaped by all.
func closingQuote(s string) int {
	last := len(s)
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			after := strings.TrimLeft(s[i+1:], " \t\r")
			if after == "" || strings.IndexByte(";(\n", after[0]) >= 0 || beginsParam(after) {
				return i
			}
			if last == len(s) {
				last = i
			}
		}
	}
	return last
}

// beginsParam reports whether the line that s begins with begins with "key=".
func beginsParam(s string) bool {
	s = strings.TrimLeft(s, " \t\r")
	i := 0
	for i < len(s) && (isBase64(s[i]) || s[i] == '-' || s[i] == '*' || s[i] == '_') {
		i++
	}
	return i > 0 && i+1 < len(s) && s[i] == '=' && s[i+1] != '?' && s[i+1] != '='
}

// unquote undoes quoted pairs. A backslash before a letter or digit stays: it is
// a path that was not escaped.
func unquote(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && sextet(s[i+1]) < 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// resolveParams joins RFC 2231 continuations and decodes values. A value in the
// form of RFC 2231 wins over a plain one of the same name.
func resolveParams(raw []param) map[string]string {
	params := make(map[string]string, len(raw))
	var segments map[string][]segment
	for _, p := range raw {
		name, star, ok := strings.Cut(p.key, "*")
		if !ok {
			if _, seen := params[name]; !seen {
				params[name] = clean(decodeWords(p.value))
			}
			continue
		}
		if segments == nil {
			segments = map[string][]segment{}
		}
		segments[name] = append(segments[name], readSegment(star, p.value))
	}
	for name, list := range segments {
		params[name] = joinSegments(list)
	}
	return params
}

// segment is one "name*2*=value" of RFC 2231 3 and 4.
type segment struct {
	index   int
	encoded bool
	value   string
}

func readSegment(star, value string) segment {
	digits, encoded := strings.CutSuffix(star, "*")
	if digits == "" {
		return segment{encoded: true, value: value} // name*=
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 {
		n = 0
	}
	return segment{index: n, encoded: encoded, value: value}
}

func joinSegments(list []segment) string {
	sort.SliceStable(list, func(i, j int) bool { return list[i].index < list[j].index })
	charset, encoded := "", false
	var out []byte
	for i, s := range list {
		value := s.value
		encoded = encoded || s.encoded
		if s.encoded && i == 0 {
			if parts := strings.SplitN(value, "'", 3); len(parts) == 3 {
				charset, value = parts[0], parts[2]
			}
		} else if s.encoded && charset != "" {
			value = strings.TrimPrefix(value, charset+"'") // repeated by some senders
		}
		if s.encoded {
			out = appendUnescaped(out, []byte(value), '%')
		} else {
			out = append(out, value...)
		}
	}
	text := decodeCharset(charset, out)
	if !encoded {
		text = decodeWords(text) // some senders mix the two forms
	}
	return text
}
