package outbox

import (
	"strings"

	"parley/internal/merge"
	"parley/internal/mime"
	"parley/internal/parley"
	"parley/internal/sanitize"
)

// signed is a signature with its fields filled in.
type signed struct {
	html, text string
	unresolved []string
}

func fillSignature(sig parley.Signature, f merge.Facts) signed {
	e := merge.Expand(sig.HTML, f)
	return signed{e.HTML, strings.TrimSpace(mime.TextFromHTML(e.HTML)), e.Unresolved}
}

// body makes what is stored of the text: the HTML cleaned, its chips expanded if
// the letter asks for it, and a plain twin. Unresolved are fields without a value.
func (l Letter) body(f merge.Facts) (b parley.Body, unresolved []string) {
	b = parley.Body{Text: strings.ReplaceAll(l.Text, "\r\n", "\n"), QuoteAt: -1}
	if l.HTML != "" {
		b.HTML = sanitize.Composed(l.HTML)
		if l.Merge {
			e := merge.Expand(b.HTML, f)
			b.HTML, unresolved = e.HTML, e.Unresolved
		}
		if l.Merge || strings.TrimSpace(b.Text) == "" {
			b.Text = mime.TextFromHTML(b.HTML)
		}
	}
	b.VisibleText = b.Text
	return b, unresolved
}

// sign puts a signature below the own text and above what it quotes. In plain
// text the line before it is the one that mail programs know (RFC 3676 4.3).
func sign(b *parley.Body, s signed) {
	if s.html == "" {
		return
	}
	if b.HTML != "" || b.Text == "" {
		own, quoted := sanitize.CutQuote(b.HTML)
		b.HTML = own + `<div class="signature">` + s.html + `</div>` + quoted
	}
	own, quoted := cutQuote(b.Text)
	b.VisibleText, b.QuoteAt = own, len(own)
	if own != "" {
		own += "\n\n"
		b.QuoteAt += 2
	}
	b.Text = own + "-- \n" + s.text
	if quoted != "" {
		b.Text += "\n\n" + quoted
	}
}

// cutQuote cuts plain text before what it quotes.
func cutQuote(text string) (own, quoted string) {
	text = strings.TrimRight(text, "\n ")
	_, at := mime.SplitQuote(text)
	if at <= 0 || !strings.Contains("\n"+text[at:], "\n>") {
		return text, ""
	}
	return strings.TrimRight(text[:at], "\n "), text[at:]
}
