package mime

import (
	"strings"

	"parley/internal/parley"
)

// maxAddresses bounds one address list.
const maxAddresses = 10_000

// readAddresses reads an address list (RFC 5322 3.4 and 4.4): mailboxes and
// groups, whose members are listed without the group. It forgives missing
// brackets, quotes and commas. What has no @ is no address and left out.
func readAddresses(v, charset string) parley.Addresses {
	p := addressParser{s: decodeRaw(unfold(v), charset)}
	for p.i < len(p.s) && len(p.list) < maxAddresses {
		p.step()
	}
	p.finish()
	return p.list
}

// addressParser gathers one mailbox at a time.
type addressParser struct {
	s        string
	i        int
	list     parley.Addresses
	phrase   []phrasePart
	comments []string
	angle    string // what stood in <>
	hasAngle bool
	before   int  // how much of phrase came before it
	noQuote  bool // no closing quote follows: a quote is a character
	open     int  // comments without an end, so far
}

// phrasePart is a run of a display name, or of an address without brackets.
type phrasePart struct {
	text   string
	quoted bool
}

func (p *addressParser) step() {
	switch c := p.s[p.i]; c {
	case '"':
		p.quoted()
	case '(':
		p.comment()
	case '<':
		p.bracketed()
	case ',', ';':
		p.i++
		p.finish()
	case ':':
		p.i++
		p.group()
	default:
		end := p.i + 1
		for end < len(p.s) && strings.IndexByte("\"(<,;:", p.s[end]) < 0 {
			end++
		}
		p.add(p.s[p.i:end], false)
		p.i = end
	}
}

func (p *addressParser) add(text string, quoted bool) {
	p.phrase = append(p.phrase, phrasePart{text: text, quoted: quoted})
}

// comment reads a comment (RFC 5322 3.2.2).
func (p *addressParser) comment() {
	text, size := "", 1
	if p.open < maxOpen {
		text, size = cutComment(p.s[p.i:])
	}
	p.i += size
	if size > 1 {
		p.comments = append(p.comments, text)
		return
	}
	p.open++
	p.add("(", false)
}

// quoted reads a quoted-string (RFC 5322 3.2.4).
func (p *addressParser) quoted() {
	text, size, ok := "", 0, false
	if !p.noQuote {
		text, size, ok = cutQuoted(p.s[p.i:])
	}
	if !ok {
		p.noQuote = true
		p.i++
		return
	}
	p.add(text, true)
	p.i += size
}

// cutQuoted reads the quoted-string that s begins with and returns its length in s.
func cutQuoted(s string) (text string, size int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), i + 1, true
		case '\\':
			if i+1 < len(s) {
				i++
			}
		}
		b.WriteByte(s[i])
	}
	return "", 0, false
}

// How far the end of a comment is looked for, and how many without an end are
// forgiven: a row of "(" must not take quadratic time.
const (
	maxComment = 2000
	maxOpen    = 20
)

// cutComment reads the comment that s begins with, nested ones included, and
// returns its length in s; 1 if it has no end.
func cutComment(s string) (text string, size int) {
	s = s[:min(len(s), maxComment)]
	depth := 0
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if i++; i == len(s) {
				return "", 1
			}
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				return b.String(), i + 1
			}
		}
		b.WriteByte(s[i])
	}
	return "", 1
}

// stripComments removes the comments of a structured field.
func stripComments(v string) string {
	if !strings.Contains(v, "(") {
		return v
	}
	var b strings.Builder
	open := 0 // quotes and comments without an end
	for i := 0; i < len(v); {
		size := 1
		switch c := v[i]; {
		case open > maxOpen:
		case c == '"':
			if _, n, ok := cutQuoted(v[i:min(len(v), i+maxComment)]); ok {
				size = n
			} else {
				open++
			}
		case c == '(':
			if _, n := cutComment(v[i:]); n > 1 {
				b.WriteByte(' ')
				i += n
				continue
			}
			open++
		}
		b.WriteString(v[i : i+size])
		i += size
	}
	return b.String()
}
