package sms

import (
	"unicode"
	"unicode/utf8"
)

// A cluster is what a reader takes for one character: é as e and an accent, a family
// of emoji, a flag. This follows the extended grapheme clusters of Unicode UAX #29 as
// far as texts need it (GB3, GB6 to GB9a, GB11 to GB13); what begins one with a mark
// of some Indic scripts (GB9b, GB9c) is left in two, which costs nobody anything.

const (
	joiner    = '\u200d'
	nonJoiner = '\u200c'
)

// firstCluster is the length of the first cluster of text in bytes.
func firstCluster(text string) int {
	before, at := utf8.DecodeRuneInString(text)
	flags := 0 // regional indicators in a row, with before
	if regional(before) {
		flags = 1
	}
	picture := pictographic(before) // the cluster so far is an emoji and what hangs on it
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case before == '\r' && r == '\n': // GB3
		case unicode.IsControl(before) || unicode.IsControl(r): // GB4, GB5
			return at
		case hanging(r): // GB9, GB9a
		case before == joiner && picture && pictographic(r): // GB11
		case flags == 1 && regional(r): // GB12, GB13
			flags = 2
		case hangul(before, r): // GB6 to GB8
		default:
			return at
		}
		before = r
		at += size
	}
	return at
}

// hanging reports whether r belongs to what stands before it.
func hanging(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r == joiner, r == nonJoiner,
		r >= 0x1f3fb && r <= 0x1f3ff, // skin tones
		r >= 0xe0020 && r <= 0xe007f, // tags of flags
		r == 0xff9e, r == 0xff9f:
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc)
}

func regional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// pictographic is Extended_Pictographic, drawn somewhat wide: it matters only beside
// a joiner.
func pictographic(r rune) bool {
	switch {
	case r >= 0x1f000 && r <= 0x1faff:
		return !regional(r) && (r < 0x1f3fb || r > 0x1f3ff)
	case r >= 0x2190 && r <= 0x2bff:
		return true
	}
	switch r {
	case 0xa9, 0xae, 0x203c, 0x2049, 0x2122, 0x2139, 0x3030, 0x303d, 0x3297, 0x3299:
		return true
	}
	return false
}

// hangul reports whether b goes on the syllable that a is in.
func hangul(a, b rune) bool {
	leading := func(r rune) bool { return r >= 0x1100 && r <= 0x115f || r >= 0xa960 && r <= 0xa97c }
	vowel := func(r rune) bool { return r >= 0x1160 && r <= 0x11a7 || r >= 0xd7b0 && r <= 0xd7c6 }
	trailing := func(r rune) bool { return r >= 0x11a8 && r <= 0x11ff || r >= 0xd7cb && r <= 0xd7fb }
	syllable := func(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 }
	open := func(r rune) bool { return syllable(r) && (r-0xac00)%28 == 0 } // no trailing consonant yet
	switch {
	case leading(a):
		return leading(b) || vowel(b) || syllable(b)
	case vowel(a), open(a):
		return vowel(b) || trailing(b)
	case trailing(a), syllable(a):
		return trailing(b)
	}
	return false
}
