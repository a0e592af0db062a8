package mime

import (
	"slices"
	"strings"
)

// maxSplit is the size of text beyond which nobody looks for a quote: it is a file, not a letter.
const maxSplit = 1 << 20

// SplitQuote returns what the person newly wrote: text without the quoted part
// and the signature. quoteAt is the byte offset in text at which only such
// parts follow, so that text[quoteAt:] can be folded; -1 if nothing does.
// Answers between or below quoted lines are kept. If text says anything, visible does.
func SplitQuote(text string) (visible string, quoteAt int) {
	if len(text) > maxSplit {
		return strings.TrimSpace(text), -1
	}
	s := splitter{text: text, lines: cutLines(text)}
	s.mark()
	s.trimTail()
	if visible = s.visible(); visible == "" {
		return strings.TrimSpace(text), -1
	}
	return visible, s.quoteAt()
}

// line is one line of text; at is its offset.
type line struct {
	at   int
	text string // without white space behind
	drop bool
}

func (l line) blank() bool { return strings.TrimSpace(l.text) == "" }

// cutLines splits text into lines. One that ends in the introduction of a quote
// becomes two, so that the rest works on whole lines.
func cutLines(text string) []line {
	lines := make([]line, 0, strings.Count(text, "\n")+1)
	at := 0
	for raw := range strings.SplitAfterSeq(text, "\n") {
		t := strings.TrimRight(raw, " \t\r\n\u00a0")
		if i := introWithin(t); i > 0 {
			lines = append(lines, line{at: at, text: strings.TrimRight(t[:i], " \t-")})
			lines = append(lines, line{at: at + i, text: t[i:]})
		} else {
			lines = append(lines, line{at: at, text: t})
		}
		at += len(raw)
	}
	return lines
}

// splitter decides line by line what goes.
type splitter struct {
	text  string
	lines []line
	some  bool // a line that says something stays
}

// opening is what begins at a line.
type opening int

const (
	nothing   opening = iota
	quoted            // an introduction of a quote, or the header of the mail that was answered
	forwarded         // a separator above a mail that is passed on
	signed            // a signature
)

func (s *splitter) drop(from, to int) {
	for i := from; i < min(to, len(s.lines)); i++ {
		s.lines[i].drop = true
	}
}

// mark goes through the lines once and drops quotes and signatures.
func (s *splitter) mark() {
	for i := 0; i < len(s.lines); {
		kind, n := s.opening(i)
		switch {
		case kind == forwarded && s.some:
			return // what is passed on is news to us
		case kind == quoted && s.some && !s.marked(s.next(i+n)):
			s.drop(i, len(s.lines))
			return
		case kind != nothing:
			s.drop(i, i+n) // with nothing before a quote, what follows is all there is
		case s.marked(i) || s.wrapped(i):
			s.drop(i, i+1)
			n = 1
		default:
			s.some = s.some || !s.lines[i].blank()
			n = 1
		}
		i += n
	}
}

// next returns the first line from i on that isn't blank.
func (s *splitter) next(i int) int {
	for i < len(s.lines) && s.lines[i].blank() {
		i++
	}
	return i
}

// marked reports whether line i is quoted by ">". A line that also ends in "<"
// is decoration.
func (s *splitter) marked(i int) bool {
	if i >= len(s.lines) {
		return false
	}
	t := s.lines[i].text
	return strings.HasPrefix(strings.TrimLeft(t, " \t"), ">") && !strings.HasSuffix(t, "<<")
}

// wrapped reports whether line i is the end of the quoted line above, which was
// broken after it had been marked.
func (s *splitter) wrapped(i int) bool {
	if i == 0 || s.lines[i].blank() || !s.marked(i-1) || !s.marked(i+1) {
		return false
	}
	t := s.lines[i].text
	if strings.Contains(t, "http") && strings.HasSuffix(t, ">") {
		return true
	}
	return len(s.lines[i-1].text) > 65 && len(t) < 40
}

// trimTail drops what programs and lists add below the text.
func (s *splitter) trimTail() {
	last := -1 // the uppermost of the lines to drop
	for i, l := range slices.Backward(s.lines) {
		if l.drop || l.blank() {
			continue
		}
		if !isMobileSignature(l.text) && !isOrnament(l.text) {
			break
		}
		last = i
	}
	if last < 0 || s.next(0) == last {
		return
	}
	for i := range s.lines[:last] {
		if !s.lines[i].drop && !s.lines[i].blank() {
			s.drop(last, len(s.lines))
			return
		}
	}
}

// visible joins what stays; a gap leaves one empty line.
func (s *splitter) visible() string {
	var b strings.Builder
	gap := false
	blanks := 0
	for _, l := range s.lines {
		switch {
		case l.drop:
			gap = true
			continue
		case l.blank():
			blanks++
			continue
		}
		if gap {
			blanks = min(max(blanks, 1), 1)
		}
		if b.Len() > 0 {
			b.WriteString(strings.Repeat("\n", blanks+1))
		}
		b.WriteString(l.text)
		gap, blanks = false, 0
	}
	return strings.TrimSpace(b.String())
}

// quoteAt is where the tail of dropped lines begins.
func (s *splitter) quoteAt() int {
	at := -1
	for _, l := range slices.Backward(s.lines) {
		switch {
		case l.blank():
		case l.drop:
			at = l.at
		default:
			return at
		}
	}
	return at
}
