package merge

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// chipAttr makes a <span> a chip: its value is the expression, its text only a label.
const chipAttr = "data-merge"

// Expanded is HTML whose chips are gone.
type Expanded struct {
	HTML       string
	Unresolved []string // fields without a value; they leave nothing behind
	Unknown    []string // what there is not; it leaves nothing behind either
}

// Expand puts what the fields stand for in the place of the chips of sanitised
// HTML, escaped. All else stays as it is, {{ … }} too.
func Expand(src string, f Facts) Expanded {
	out := Expanded{HTML: src}
	if !strings.Contains(src, chipAttr) {
		return out
	}
	tree := read(src)
	for _, chip := range chips(tree) {
		e, what, ok := parse(attr(chip))
		switch {
		case !ok:
			out.Unknown = add(out.Unknown, what)
			replace(chip, "")
		case e.field == History:
			if f.History.Empty() {
				out.Unresolved = add(out.Unresolved, History)
			}
			insertBlocks(chip, f.History.HTML())
		default:
			text, resolved := e.text(f)
			if !resolved {
				out.Unresolved = add(out.Unresolved, e.field)
			}
			replace(chip, text)
		}
	}
	out.HTML = render(tree)
	return out
}

// Names reports whether a chip of the HTML names the field.
func Names(src, field string) bool {
	if !strings.Contains(src, chipAttr) {
		return false
	}
	for _, chip := range chips(read(src)) {
		if e, _, ok := parse(attr(chip)); ok && e.field == field {
			return true
		}
	}
	return false
}

// Unknown lists what the chips of HTML name that there is not. The HTML may be as
// it came: what is cleaned has no chips that can't be read.
func Unknown(src string) (unknown []string) {
	if !strings.Contains(src, chipAttr) {
		return nil
	}
	for _, chip := range chips(read(src)) {
		if _, what, ok := parse(attr(chip)); !ok {
			unknown = add(unknown, what)
		}
	}
	return unknown
}

// Chips turns the {{ … }} that stand in the text of a template's HTML into chips,
// and lists what they name that there is not: that stays text.
func Chips(src string) (out string, unknown []string) {
	if !typed.MatchString(src) {
		return src, nil
	}
	tree := read(src)
	for _, n := range texts(tree) {
		unknown = chipText(n, unknown)
	}
	return render(tree), unknown
}

// chipText cuts a text node at its expressions.
func chipText(n *html.Node, unknown []string) []string {
	rest, before := n.Data, 0
	for _, at := range typed.FindAllStringIndex(rest, -1) {
		e, what, ok := parse(inside(rest[at[0]:at[1]]))
		if !ok {
			unknown = add(unknown, what)
			continue
		}
		insertText(n, rest[before:at[0]])
		chip := &html.Node{Type: html.ElementNode, Data: "span", DataAtom: atom.Span, Attr: []html.Attribute{{Key: chipAttr, Val: e.source}}}
		chip.AppendChild(&html.Node{Type: html.TextNode, Data: known[e.field].Label})
		n.Parent.InsertBefore(chip, n)
		before = at[1]
	}
	n.Data = rest[before:]
	return unknown
}

func insertText(before *html.Node, text string) {
	if text != "" {
		before.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: text}, before)
	}
}

// Typed is Chips the other way round: each chip as {{ … }}, as a plain twin shows it.
func Typed(src string) string {
	if !strings.Contains(src, chipAttr) {
		return src
	}
	tree := read(src)
	for _, chip := range chips(tree) {
		replace(chip, "{{ "+strings.TrimSpace(attr(chip))+" }}")
	}
	return render(tree)
}

// chips are the spans that are chips, outermost only, in order.
func chips(n *html.Node) (out []*html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.DataAtom == atom.Span && attr(c) != "" {
			out = append(out, c)
			continue
		}
		out = append(out, chips(c)...)
	}
	return out
}

// texts are the text nodes that stand in no chip.
func texts(n *html.Node) (out []*html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			out = append(out, c)
		} else if attr(c) == "" {
			out = append(out, texts(c)...)
		}
	}
	return out
}

func attr(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == chipAttr {
			return a.Val
		}
	}
	return ""
}

func replace(chip *html.Node, text string) {
	insertText(chip, text)
	chip.Parent.RemoveChild(chip)
}
