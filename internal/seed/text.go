package seed

import (
	"html"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/parley"
)

// writing is a message's text.
type writing struct {
	visible string
	quoted  string // what stands below it, if anything
	html    string
}

// text is what the n-th message of a story says. inbound ones sign with a name.
func (p *plan) text(story, n int, inbound bool) writing {
	w := writing{visible: p.said(story, n)}
	r := source(p.Seed, ofMessage, uint64(story), uint64(n))
	if inbound && n > 0 && r.IntN(4) == 0 {
		before := strings.Fields(p.said(story, n-1))
		w.quoted = "On Mon, 6 Jan 2025 at 09:00, Seed Bikes wrote:\n> " + strings.Join(before[:min(len(before), 20)], " ")
	}
	if r.IntN(100) < 40 {
		w.html = "<p>" + strings.ReplaceAll(html.EscapeString(w.visible), "\n\n", "</p><p>") + "</p>"
	}
	return w
}

// said is the text alone: mostly short, sometimes long.
func (p *plan) said(story, n int) string {
	r := source(p.Seed, ofText, uint64(story), uint64(n))
	z := zipf(r)
	words := 6 + r.IntN(30)
	if r.IntN(10) == 0 {
		words += r.IntN(160)
	}
	var b strings.Builder
	for i := range words {
		switch {
		case i == 0:
		case i%37 == 0:
			b.WriteString(".\n\n")
		case i%11 == 0:
			b.WriteString(". ")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(vocabulary[z.Uint64()])
	}
	b.WriteByte('.')
	return b.String()
}

// subject of a story.
func (p *plan) subject(story int) string {
	r := source(p.Seed, ofText, uint64(story), 1<<20-1)
	z := zipf(r)
	words := make([]string, 2+r.IntN(5))
	for i := range words {
		words[i] = vocabulary[z.Uint64()]
	}
	s := strings.Join(words, " ")
	return strings.ToUpper(s[:1]) + s[1:]
}

const maxPreview = 200 // characters, as in intake and outbox

// preview is a text as a list shows it: received ones say that there is more.
func preview(text string, inbound bool) string {
	line := strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(line) <= maxPreview {
		return line
	}
	if !inbound {
		return line[:maxPreview]
	}
	return strings.TrimSpace(line[:maxPreview-1]) + "…"
}

func (w writing) body() parley.Body {
	b := parley.Body{Text: w.visible, VisibleText: w.visible, HTML: w.html, QuoteAt: -1}
	if w.quoted != "" {
		b.Text += "\n\n" + w.quoted
		b.QuoteAt = len(w.visible) + 2
	}
	return b
}

// internetID is a Message-ID that grows with time, as those of most programs do.
func internetID(story, n int, at time.Time, domain string) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	var b [24]byte
	i := len(b)
	put := func(v uint64, least int) {
		for ; v > 0 || least > 0; least-- {
			i--
			b[i] = digits[v%36]
			v /= 36
		}
	}
	put(uint64(n), 3)
	put(uint64(story), 5)
	i--
	b[i] = '.'
	put(uint64(at.Unix()), 7)
	return string(b[i:]) + "@" + domain
}
