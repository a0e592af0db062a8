package mime

import (
	"cmp"
	"slices"
	"strings"

	"parley/internal/parley"
)

// bracketed reads <addr-spec>.
func (p *addressParser) bracketed() {
	rest := p.s[p.i+1:]
	end := strings.IndexByte(rest[:min(len(rest), maxComment)], '>')
	size := end + 2
	if end < 0 || strings.IndexByte(rest[:end], '<') >= 0 {
		end = strings.IndexAny(rest, "<,; \t") // the closing bracket is missing
		if end < 0 {
			end = len(rest)
		}
		size = end + 1
	}
	inner := rest[:end]
	p.i += size
	switch {
	case p.hasAngle && !strings.Contains(p.angle, "@"):
		p.add("<"+p.angle+">", false) // it was part of the name
	case p.hasAngle:
		next := p.phrase[p.before:] // the comma is missing
		p.phrase = p.phrase[:p.before]
		p.finish()
		p.phrase = append(p.phrase, next...)
	}
	if many := strings.Split(inner, ","); len(many) > 1 && !strings.ContainsAny(inner, `":`) {
		for _, one := range many[:len(many)-1] {
			p.append(parley.Address{Email: addrSpec(one)})
		}
		inner = many[len(many)-1]
	}
	p.angle, p.hasAngle, p.before = inner, true, len(p.phrase)
}

// group begins a group (RFC 5322 3.4): what came before the colon is its name.
func (p *addressParser) group() {
	for _, part := range p.phrase {
		if p.hasAngle || !part.quoted && strings.Contains(part.text, "@") {
			p.finish()
			return
		}
	}
	p.reset()
}

func (p *addressParser) reset() {
	p.phrase, p.comments, p.angle, p.hasAngle = p.phrase[:0], p.comments[:0], "", false
}

func (p *addressParser) append(a parley.Address) {
	a = parley.Address{Name: cleanLine(a.Name), Email: cleanLine(a.Email)}
	if a.Email != "" {
		p.list = append(p.list, a)
	}
}

// finish ends a mailbox. A name given as comment (RFC 5322 3.4 calls it older practice) counts if there is no other.
func (p *addressParser) finish() {
	defer p.reset()
	if !p.hasAngle {
		p.finishBare()
		return
	}
	email := addrSpec(p.angle)
	name := cmp.Or(p.name(p.phrase[:p.before]), p.name(p.phrase[p.before:]), p.commentName(email))
	p.append(parley.Address{Name: name, Email: email})
}

// commentName is the name that stands in comments; the address itself is none.
func (p *addressParser) commentName(email string) string {
	name := strings.TrimSpace(decodeWords(strings.Join(p.comments, " ")))
	if name == email {
		return ""
	}
	return name
}

func (p *addressParser) name(parts []phrasePart) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteString(part.text)
	}
	return strings.TrimSpace(decodeWords(b.String()))
}

// finishBare ends a mailbox without brackets: each word with an @ is an address, words before it its name.
func (p *addressParser) finishBare() {
	var name []string
	found := false
	for _, w := range bareWords(p.phrase) {
		if at := strings.IndexByte(w, '@'); at <= 0 || at == len(w)-1 {
			name = append(name, w)
			continue
		}
		found = true
		email := addrSpec(w)
		p.append(parley.Address{Name: p.bareName(name, email), Email: email})
		name = name[:0]
	}
	if found {
		return
	}
	// The whole mailbox may stand in one encoded word, which RFC 2047 5 forbids.
	if text := p.name(p.phrase); strings.Contains(text, "@") && !strings.Contains(text, "=?") && len(name) > 0 && strings.Contains(name[0], "=?") {
		p.list = append(p.list, readAddresses(text, "")...)
	}
}

func (p *addressParser) bareName(words []string, email string) string {
	if len(words) == 0 {
		return p.commentName(email)
	}
	return strings.TrimSpace(decodeWords(strings.Join(words, " ")))
}

// maxWordBytes bounds what is joined to one word: an address has at most 320 bytes.
const maxWordBytes = 1000

// bareWords splits a phrase without brackets into words, so that an address is
// one of them: white space around its @ and dots is obsolete syntax (RFC 5322 4.4),
// and a quoted string before an @ is its local part.
func bareWords(parts []phrasePart) []string {
	var words []string
	glue := false // the next text continues the last word
	for i, part := range parts {
		if part.quoted {
			text := part.text
			if i+1 < len(parts) && strings.HasPrefix(parts[i+1].text, "@") {
				text = `"` + text + `"`
			}
			words, glue = append(words, text), true
			continue
		}
		text := part.text
		for f := range strings.FieldsSeq(text) {
			if n := len(words); n > 0 && len(words[n-1]) < maxWordBytes && (joins(words[n-1], f) || glue && !isSpace(text[0])) {
				words[n-1] += f
			} else {
				words = append(words, f)
			}
			glue = false
		}
		glue = len(text) > 0 && !isSpace(text[len(text)-1])
	}
	return words
}

func hasAt(s string) bool { return strings.Contains(s, "@") }

// joins reports whether two words belong to one address, as in "jdoe@test . example".
func joins(a, b string) bool {
	if strings.HasSuffix(a, "@") || strings.HasPrefix(b, "@") {
		return true
	}
	return strings.Contains(a, "@") && (strings.HasSuffix(a, ".") || strings.HasPrefix(b, "."))
}

// addrSpec cleans what should be an addr-spec: without comments, white space, and the obsolete route (RFC 5322 4.4).
func addrSpec(s string) string {
	s = decodeWords(s)
	s = strings.TrimSpace(stripComments(s))
	if strings.HasPrefix(s, "@") {
		if i := strings.IndexByte(s, ':'); i >= 0 {
			s = s[i+1:]
		}
	}
	if !strings.Contains(s, `"`) {
		words := bareWords([]phrasePart{{text: s}})
		if i := slices.IndexFunc(words, hasAt); i >= 0 {
			s = words[i] // the rest is no part of it
		} else {
			s = strings.Join(words, "")
		}
	}
	s = strings.Trim(s, "<>")
	if n := len(s); n > 2 && s[0] == '\'' && s[n-1] == '\'' {
		s = s[1 : n-1]
	}
	return s
}

// deliveredTo lists the addresses that a mail was delivered or forwarded to on its way, topmost first.
func deliveredTo(head header) []string {
	var list []string
	for _, f := range head {
		switch strings.ToLower(string(f.name)) {
		case "delivered-to", "x-original-to", "x-forwarded-to", "envelope-to", "x-envelope-to":
			for _, a := range readAddresses(string(f.value), "") {
				list = append(list, a.Email)
			}
		}
	}
	return list
}
