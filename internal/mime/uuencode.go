package mime

import (
	"bytes"
)

// cutUU finds the first uuencoded file in text and returns its name, its bytes
// and the text before and after it. No data line can be a "begin" line, so
// that the search stays linear.
func cutUU(text []byte) (name string, body, before, after []byte, ok bool) {
	for at := 0; at < len(text); {
		line, rest := cutLine(text[at:])
		if name, ok = uuBegin(line); ok {
			if body, after, ok = decodeUU(rest); ok {
				return name, body, text[:at], after, true
			}
		}
		at = len(text) - len(rest)
	}
	return "", nil, text, nil, false
}

// uuBegin reads "begin 644 name".
func uuBegin(line []byte) (string, bool) {
	s, ok := bytes.CutPrefix(line, []byte("begin "))
	if !ok {
		return "", false
	}
	mode, name, ok := bytes.Cut(s, []byte(" "))
	name = bytes.TrimSpace(name)
	if !ok || len(mode) < 3 || len(mode) > 4 || len(bytes.Trim(mode, "01234567")) > 0 {
		return "", false
	}
	return string(name), len(name) > 0
}

// decodeUU reads data lines up to "end" and returns what follows it.
func decodeUU(b []byte) (body, rest []byte, ok bool) {
	for len(b) > 0 {
		var line []byte
		line, b = cutLine(b)
		if string(bytes.TrimSpace(line)) == "end" {
			return body, b, len(body) > 0
		}
		if len(line) == 0 {
			continue
		}
		n := int(line[0]-' ') & 63
		data := line[1:]
		if need := (n + 2) / 3 * 4; len(data) > need+2 || len(data) < need-3 {
			return nil, nil, false
		}
		body = appendUU(body, data, n)
	}
	return nil, nil, false
}

// appendUU appends the n bytes of one data line; spaces trimmed from its end are zeros.
func appendUU(out, data []byte, n int) []byte {
	at := func(i int) byte {
		if i >= len(data) {
			return 0
		}
		return (data[i] - ' ') & 63
	}
	for i := 0; n > 0; i, n = i+4, n-3 {
		a, b, c, d := at(i), at(i+1), at(i+2), at(i+3)
		triple := [3]byte{a<<2 | b>>4, b<<4 | c>>2, c<<6 | d}
		out = append(out, triple[:min(n, 3)]...)
	}
	return out
}
