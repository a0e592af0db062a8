package sms

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is one of the two alphabets of a text.
type Encoding string

// The alphabets.
const (
	GSM  Encoding = "gsm"  // seven bits: 160 septets in a text, 153 in a segment of several
	UCS2 Encoding = "ucs2" // sixteen bits: 70 UTF-16 units, or 67
)

// 3GPP TS 23.038 6.2.1, the GSM 7 bit default alphabet, in the order of its codes.
// The escape, 0x1B, leads to the extension table; here it stands as itself.
const defaultAlphabet = "@£$¥èéùìòÇ\nØø\rÅå" +
	"Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ" +
	" !\"#¤%&'()*+,-./" +
	"0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNO" +
	"PQRSTUVWXYZÄÖÑÜ§" +
	"¿abcdefghijklmno" +
	"pqrstuvwxyzäöñüà"

const escape = 0x1b

// 3GPP TS 23.038 6.2.1.1, its extension table: each takes an escape and a code.
var extension = map[rune]byte{
	'\f': 0x0a, '^': 0x14, '{': 0x28, '}': 0x29, '\\': 0x2f,
	'[': 0x3c, '~': 0x3d, ']': 0x3e, '|': 0x40, '€': 0x65,
}

var (
	septetOf = map[rune]byte{} // the default alphabet alone
	runeOf   [128]rune
	extended [128]rune // 0: nothing is defined there
)

func init() {
	code := byte(0)
	for _, r := range defaultAlphabet {
		runeOf[code] = r
		if r != escape {
			septetOf[r] = code
		}
		code++
	}
	for r, code := range extension {
		extended[code] = r
	}
}

// septets is how many of them r takes; 0 where the GSM alphabet lacks it.
func septets(r rune) int {
	if _, ok := septetOf[r]; ok {
		return 1
	}
	if _, ok := extension[r]; ok {
		return 2
	}
	return 0
}

// appendSeptets writes text, one septet an octet. All of it is in the alphabet.
func appendSeptets(to []byte, text string) []byte {
	for _, r := range text {
		if code, ok := septetOf[r]; ok {
			to = append(to, code)
		} else {
			to = append(to, escape, extension[r])
		}
	}
	return to
}

// fromSeptets reads septets, one an octet. What the standard leaves undefined after
// an escape is read as the default alphabet has it, and a second escape as a space
// (3GPP TS 23.038 6.2.1.1); an octet that is no septet is U+FFFD.
func fromSeptets(octets []byte) string {
	out := make([]rune, 0, len(octets))
	escaped := false
	for _, o := range octets {
		switch {
		case o > 127:
			out = append(out, utf8.RuneError)
		case escaped && extended[o] != 0:
			out = append(out, extended[o])
		case escaped && o == escape:
			out = append(out, ' ')
		case o == escape:
			escaped = true
			continue
		default:
			out = append(out, runeOf[o])
		}
		escaped = false
	}
	if escaped {
		out = append(out, ' ')
	}
	return string(out)
}

// appendUCS2 writes text as UTF-16, the high octet first. The standard says UCS-2
// (3GPP TS 23.038 6.2.3), which has no emoji; every telephone reads UTF-16.
func appendUCS2(to []byte, text string) []byte {
	for _, r := range text {
		for _, unit := range utf16.AppendRune(nil, r) {
			to = append(to, byte(unit>>8), byte(unit))
		}
	}
	return to
}

// fromUCS2 reads UTF-16, the high octet first; half a pair or a unit is U+FFFD.
func fromUCS2(octets []byte) string {
	units := make([]uint16, 0, len(octets)/2+1)
	for ; len(octets) > 1; octets = octets[2:] {
		units = append(units, uint16(octets[0])<<8|uint16(octets[1]))
	}
	if len(octets) == 1 {
		units = append(units, utf8.RuneError)
	}
	return string(utf16.Decode(units))
}

// Pack puts septets, given one an octet, into octets, after fill bits of zero
// (3GPP TS 23.038 6.1.2.1, TS 23.040 9.2.3.24).
func Pack(septets []byte, fill int) []byte {
	out := make([]byte, (len(septets)*7+fill+7)/8)
	for i, septet := range septets {
		at := fill + i*7
		wide := uint16(septet&0x7f) << (at % 8)
		out[at/8] |= byte(wide)
		if high := byte(wide >> 8); high != 0 {
			out[at/8+1] |= high
		}
	}
	return out
}

// Unpack takes n septets out of octets, after fill bits; fewer where there are fewer.
func Unpack(octets []byte, n, fill int) []byte {
	n = max(0, min(n, (len(octets)*8-fill)/7))
	out := make([]byte, n)
	for i := range out {
		at := fill + i*7
		wide := uint16(octets[at/8])
		if at/8+1 < len(octets) {
			wide |= uint16(octets[at/8+1]) << 8
		}
		out[i] = byte(wide>>(at%8)) & 0x7f
	}
	return out
}
