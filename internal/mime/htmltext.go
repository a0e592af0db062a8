package mime

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// TextFromHTML makes readable plain text of HTML: paragraphs, lists, quotes
// marked with ">", the addresses of links behind the line that holds them.
// Style, script and comments go.
func TextFromHTML(htm string) string {
	var w textWriter
	z := html.NewTokenizer(strings.NewReader(htm))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.finish()
		case html.TextToken:
			if !w.skip {
				w.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := z.Raw()
			if bytes.IndexByte(raw[:min(len(raw), 100)], '@') > 0 && !bytes.ContainsAny(raw, " \"'=") {
				w.text(string(raw)) // <ann@example.com>, not escaped
				continue
			}
			name, hasAttr := z.TagName()
			w.start(atom.Lookup(name), z, hasAttr)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name))
		}
	}
}

// start follows a start tag.
func (w *textWriter) start(tag atom.Atom, z *html.Tokenizer, hasAttr bool) {
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Textarea, atom.Iframe, atom.Noframes, atom.Noembed:
		w.skip = true // raw text: only its end tag can follow
	case atom.Br:
		w.lineBreak()
	case atom.Blockquote:
		w.block(2)
		w.quotes++
	case atom.Ul, atom.Ol:
		w.block(w.listGap())
		w.lists = append(w.lists, list{ordered: tag == atom.Ol})
	case atom.Li:
		w.item()
	case atom.Td, atom.Th:
		w.space = true
	case atom.Pre:
		w.block(2)
		w.pre++
	case atom.Hr:
		w.block(1)
		w.literal(ruler)
		w.block(1)
	case atom.Img:
		if alt := attribute(z, hasAttr, "alt"); strings.TrimSpace(alt) != "" {
			w.text("[" + alt + "]")
		}
	case atom.A:
		w.link, w.linkAt = linkTarget(attribute(z, hasAttr, "href")), len(w.out)
	default:
		w.block(gaps[tag])
	}
}

// end follows an end tag; one without a start does little harm.
func (w *textWriter) end(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Textarea, atom.Iframe, atom.Noframes, atom.Noembed:
		w.skip = false
	case atom.Blockquote:
		w.block(2)
		w.quotes = max(0, w.quotes-1)
	case atom.Ul, atom.Ol:
		w.lists = w.lists[:max(0, len(w.lists)-1)]
		w.block(w.listGap())
	case atom.Li:
		w.block(1)
	case atom.Pre:
		w.block(2)
		w.pre = max(0, w.pre-1)
	case atom.A:
		w.endLink()
	default:
		w.block(gaps[tag])
	}
}

// gaps are the line ends around block elements.
var gaps = map[atom.Atom]int{
	atom.P: 2, atom.H1: 2, atom.H2: 2, atom.H3: 2, atom.H4: 2, atom.H5: 2, atom.H6: 2,
	atom.Div: 1, atom.Table: 1, atom.Tr: 1, atom.Section: 1, atom.Article: 1, atom.Header: 1, atom.Footer: 1,
	atom.Address: 1, atom.Center: 1, atom.Dl: 1, atom.Dt: 1, atom.Dd: 1, atom.Form: 1, atom.Fieldset: 1,
	atom.Figure: 1, atom.Figcaption: 1, atom.Caption: 1, atom.Nav: 1, atom.Main: 1, atom.Aside: 1, atom.Body: 1,
}

// attribute returns one attribute of the tag at hand.
func attribute(z *html.Tokenizer, more bool, name string) string {
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) == name {
			return string(value)
		}
	}
	return ""
}

// linkTarget is an address worth showing beside the words of a link.
func linkTarget(href string) string {
	href = strings.TrimSpace(href)
	lower := strings.ToLower(href[:min(len(href), 8)])
	switch {
	case strings.ContainsAny(href, " \t\r\n<>"):
		return ""
	case strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "https://"):
		return href
	case strings.HasPrefix(lower, "mailto:"):
		address, _, _ := strings.Cut(href[len("mailto:"):], "?")
		return address
	}
	return ""
}
