package parley

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line reads one line that a person wrote: a name, a label. It is trimmed and
// has from 1 to max characters, none of which breaks lines, hides, or turns the
// direction of the text around it.
func Line(s string, max int) (line string, ok bool) {
	line = strings.TrimSpace(s)
	if line == "" || !utf8.ValidString(line) || utf8.RuneCountInString(line) > max || strings.ContainsFunc(line, unseen) {
		return "", false
	}
	return line, true
}

// unseen: control characters, line and paragraph separators, and the format
// characters that override direction (UAX #9); joiners stay, scripts and emoji need them.
func unseen(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069')
}
