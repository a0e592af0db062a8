package mime

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// decodeUTF7 reads RFC 2152: "+" begins base64 of UTF-16BE, "-" or another character ends it.
func decodeUTF7(b []byte) string {
	var out strings.Builder
	out.Grow(len(b))
	for i := 0; i < len(b); {
		if b[i] != '+' {
			out.WriteByte(b[i])
			i++
			continue
		}
		end := i + 1
		for end < len(b) && isBase64(b[end]) {
			end++
		}
		out.WriteString(decodeUTF7Run(b[i+1 : end]))
		if end == i+1 {
			out.WriteByte('+') // "+-" is the plus itself
		}
		if end < len(b) && b[end] == '-' {
			end++
		}
		i = end
	}
	return out.String()
}

func decodeUTF7Run(run []byte) string {
	raw := make([]byte, base64.RawStdEncoding.DecodedLen(len(run)))
	n, _ := base64.RawStdEncoding.Decode(raw, run) // what could be decoded is kept
	units := make([]uint16, 0, n/2)
	for i := 0; i+1 < n; i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}
