package sms

import (
	"slices"
	"unicode/utf8"
)

// How many units a text of one segment holds, and each segment of several: these
// give 6 of their 140 octets to the header that joins them again (3GPP TS 23.040
// 9.2.3.24.1).
const (
	wholeGSM, partGSM   = 160, 153
	wholeUCS2, partUCS2 = 70, 67
)

// Count says what a text costs.
type Count struct {
	Encoding   Encoding
	Segments   int // 0: there is no text
	Units      int // septets, or UTF-16 units
	PerSegment int // how many a segment holds, of as many as there are
	Left       int // how many more the last one holds
	// Offenders are the characters that make the text UCS-2, each once, in their order.
	Offenders []string
}

// Measure counts as carriers do: a segment is filled until the next character has no
// place in it whole.
func Measure(text string) Count {
	offenders := offendersOf(text)
	m := meterOf(offenders == nil)
	total := m.units(text)
	c := Count{Encoding: m.encoding, Units: total, PerSegment: m.whole, Offenders: offenders}
	switch {
	case total == 0:
		c.Left = m.whole
	case total <= m.whole:
		c.Segments, c.Left = 1, m.whole-total
	default:
		parts := m.fill(text, m.part, runeLength)
		c.PerSegment, c.Segments = m.part, len(parts)
		c.Left = m.part - m.units(parts[len(parts)-1])
	}
	return c
}

// Split cuts a text into its segments, as many as Measure counts. No character is
// torn, and what a reader takes for one (an emoji of several, a letter and its
// accent) only where keeping it whole would cost a segment more.
func Split(text string) []string {
	m := meterOf(offendersOf(text) == nil)
	return m.split(text, m.part)
}

// meter measures in one of the alphabets.
type meter struct {
	encoding    Encoding
	whole, part int
	of          func(rune) int
}

func meterOf(gsm bool) meter {
	if gsm {
		return meter{GSM, wholeGSM, partGSM, septets}
	}
	return meter{UCS2, wholeUCS2, partUCS2, utf16Units}
}

func utf16Units(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

func (m meter) units(text string) int {
	n := 0
	for _, r := range text {
		n += m.of(r)
	}
	return n
}

// split cuts text where it does not fit in one segment, into ones of part units.
func (m meter) split(text string, part int) []string {
	switch total := m.units(text); {
	case total == 0:
		return nil
	case total <= m.whole:
		return []string{text}
	}
	torn := m.fill(text, part, runeLength)
	if whole := m.fill(text, part, firstCluster); len(whole) == len(torn) {
		return whole
	}
	return torn
}

// fill puts as much into each segment as it holds; next says how many bytes belong together.
func (m meter) fill(text string, part int, next func(string) int) []string {
	var out []string
	begin, at, used := 0, 0, 0
	add := func(size, need int) {
		if used+need > part {
			out = append(out, text[begin:at])
			begin, used = at, 0
		}
		at += size
		used += need
	}
	for at < len(text) {
		size := next(text[at:])
		if need := m.units(text[at : at+size]); need <= part {
			add(size, need)
			continue
		}
		for end := at + size; at < end; { // an endless pile of accents has no place in any
			size := runeLength(text[at:])
			add(size, m.units(text[at:at+size]))
		}
	}
	return append(out, text[begin:])
}

func runeLength(text string) int {
	_, size := utf8.DecodeRuneInString(text)
	return size
}

// offendersOf finds the characters that the GSM alphabet lacks.
func offendersOf(text string) []string {
	var out []string
	seen := map[string]bool{}
	for len(text) > 0 {
		size := firstCluster(text)
		cluster := text[:size]
		text = text[size:]
		lacks := slices.ContainsFunc([]rune(cluster), func(r rune) bool { return septets(r) == 0 })
		if lacks && !seen[cluster] {
			seen[cluster] = true
			out = append(out, cluster)
		}
	}
	return out
}
