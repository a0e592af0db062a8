package mime

import "bytes"

// findUU decodes the first uuencoded file in b. No data line can be a "begin"
// line, so that the search stays linear.
func findUU(b []byte) ([]byte, bool) {
	for len(b) > 0 {
		var l []byte
		l, b = cutLine(b)
		if !isUUBegin(l) {
			continue
		}
		if body, ok := decodeUU(b); ok {
			return body, true
		}
	}
	return nil, false
}

// isUUBegin tells "begin 644 name".
func isUUBegin(l []byte) bool {
	rest, ok := bytes.CutPrefix(l, []byte("begin "))
	mode, name, _ := bytes.Cut(rest, []byte(" "))
	return ok && len(mode) >= 3 && len(mode) <= 4 && len(bytes.Trim(mode, "01234567")) == 0 && len(bytes.TrimSpace(name)) > 0
}

// decodeUU reads data lines up to "end".
func decodeUU(b []byte) (body []byte, ok bool) {
	for len(b) > 0 {
		var l []byte
		l, b = cutLine(b)
		if string(bytes.TrimSpace(l)) == "end" {
			return body, len(body) > 0
		}
		if len(l) == 0 {
			continue
		}
		n := int(l[0]-' ') & 63
		data := l[1:]
		if need := (n + 2) / 3 * 4; len(data) > need+2 || len(data) < need-3 {
			return nil, false
		}
		body = appendUU(body, data, n)
	}
	return nil, false
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
