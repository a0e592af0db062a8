package sanitize

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const quotedClass = "quoted"

// maxCandidates is at how many places a quote is looked for.
const maxCandidates = 200

// foldQuote puts the quoted part of a mail into <details class="quoted">, which
// unfolds without script, if it comes last and something new stands before it.
func foldQuote(tree *html.Node, summary string) bool {
	f := folder{}
	f.walk(tree, false)
	if f.folded {
		return true
	}
	for _, c := range f.candidates {
		if first, ok := f.trailing(c); ok {
			wrap(first, summary)
			return true
		}
	}
	return false
}

// candidate is where a quoted part may begin.
type candidate struct {
	node *html.Node
	// toEnd: a header of the quoted mail, which has no end of its own: all that follows is quoted.
	toEnd bool
	order int
}

// folder notes, in the order of the document, where quotes begin and what is visible.
type folder struct {
	candidates []candidate
	order      int
	last       *html.Node // the last visible node
	unquoted   int        // order of the last visible node that stands in no quote
	folded     bool
}

func (f *folder) walk(n *html.Node, quoted bool) {
	for c := n.FirstChild; c != nil && !f.folded; c = c.NextSibling {
		f.order++
		if shows(c) {
			f.last = c
			if !quoted && strings.TrimSpace(c.Data) != "--" {
				f.unquoted = f.order
			}
		}
		if c.Type == html.TextNode {
			continue
		}
		f.folded = c.Data == "details" && attr(c.Attr, "class") == quotedClass
		toEnd, ok := quoteMarker(c)
		// What opens the mail is all there is to read: only what follows something is folded.
		if ok && f.last != nil && len(f.candidates) < maxCandidates {
			f.candidates = append(f.candidates, candidate{c, toEnd, f.order})
		}
		f.walk(c, quoted || ok || signatures[attr(c.Attr, "class")])
	}
}

// shows: n by itself is something to see.
func shows(n *html.Node) bool {
	if n.Type == html.TextNode {
		return strings.Trim(n.Data, " \t\r\n\u00a0\u200b\ufeff") != ""
	}
	return n.Data == "img" && (attr(n.Attr, "src") != "" || attr(n.Attr, remoteSrc) != "")
}

// trailing returns the first node to be folded, if all that is visible from there on is quoted.
func (f *folder) trailing(c candidate) (*html.Node, bool) {
	if !c.toEnd && f.unquoted > c.order {
		return nil, false
	}
	first := attribution(c.node)
	for !within(f.last, first.Parent) {
		if !leads(first) || !foldable(first.Parent) {
			return nil, false
		}
		first = first.Parent
	}
	return first, true
}

// within reports whether n stands in root, or is it.
func within(n, root *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == root {
			return true
		}
	}
	return false
}

// leads: nothing visible stands before n in its parent.
func leads(n *html.Node) bool {
	for p := n.PrevSibling; p != nil; p = p.PrevSibling {
		if p.Type == html.TextNode && strings.TrimSpace(p.Data) != "" || p.Type == html.ElementNode && !(p.Data == "br" || p.Data == "hr" || blank(p)) {
			return false
		}
	}
	return true
}

// foldable: <details> may stand in its place.
func foldable(n *html.Node) bool {
	return n.Data == "div" || n.Data == "blockquote" || n.Data == "section"
}

// wrap moves first and what follows it in its parent into the folded element.
func wrap(first *html.Node, summary string) {
	details := element("details", html.Attribute{Key: "class", Val: quotedClass})
	head := element("summary")
	head.AppendChild(&html.Node{Type: html.TextNode, Data: summary})
	details.AppendChild(head)
	parent := first.Parent
	parent.InsertBefore(details, first)
	for n := first; n != nil; {
		next := n.NextSibling
		parent.RemoveChild(n)
		details.AppendChild(n)
		n = next
	}
}

func element(tag string, attrs ...html.Attribute) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: tag, DataAtom: atom.Lookup([]byte(tag)), Attr: attrs}
}

// Classes and ids that mail programs give to what they quote.
var (
	quoteClasses = set("gmail_quote yahoo_quoted protonmail_quote tutanota_quote zmail_extra gmail_extra front-blockquote")
	headerIDs    = set("divRplyFwdMsg appendonsend mail-editor-reference-message-container OLK_SRC_BODY_SECTION reply-intro stopSpelling zwchr")
	headerClass  = set("OutlookMessageHeader moz-email-headers-table")
	// A signature below the quote does not keep it from being folded.
	signatures = set("gmail_signature gmail_signature_prefix moz-signature")
)

// quoteMarker reports whether a quoted part begins with n.
func quoteMarker(n *html.Node) (toEnd, ok bool) {
	if headerIDs[attr(n.Attr, "id")] {
		return true, true
	}
	for class := range strings.FieldsSeq(attr(n.Attr, "class")) {
		switch {
		case headerClass[class]:
			return true, true
		case n.Data == "blockquote": // Gmail gives its class to what is merely indented, too
		case quoteClasses[class] || strings.HasPrefix(class, "yahoo-quoted"):
			return false, !forwarded(n)
		}
	}
	switch n.Data {
	case "blockquote":
		return false, strings.EqualFold(attr(n.Attr, "type"), "cite") || attribution(n) != n
	case "div":
		return true, outlookHeader(n)
	}
	return false, false
}

// outlookHeader is the block with From, Sent, To and Subject, which Outlook draws
// a line above, in one of two colours.
func outlookHeader(n *html.Node) bool {
	style := strings.ToLower(attr(n.Attr, "style"))
	return strings.Contains(style, "border-top: solid #e1e1e1") || strings.Contains(style, "border-top: solid #b5c4df")
}

// forwarded: the quote is what the mail is about, not what it answers. Gmail
// introduces it with a line of dashes in every language.
func forwarded(n *html.Node) bool {
	return strings.HasPrefix(strings.TrimSpace(firstText(n)), "-----")
}

func firstText(n *html.Node) string {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			if strings.TrimSpace(c.Data) != "" {
				return c.Data
			}
		} else if t := firstText(c); t != "" {
			return t
		}
	}
	return ""
}

// attribution takes what introduces a quote to it: the line above ("On Monday, Ann
// wrote:"), or the rule that Outlook draws there.
func attribution(n *html.Node) *html.Node {
	p := n.PrevSibling
	for p != nil && (p.Type == html.TextNode && strings.TrimSpace(p.Data) == "" || p.Data == "br" && p.Type == html.ElementNode) {
		p = p.PrevSibling
	}
	if p == nil {
		return n
	}
	if p.Type == html.ElementNode {
		switch class := attr(p.Attr, "class"); {
		case class == "moz-cite-prefix" || class == "gmail_attr" || p.Data == "hr" || attr(p.Attr, "id") == "appendonsend":
			return p
		case kinds[p.Data] == block:
			if introduces(textOf(p, maxAttribution)) {
				return p
			}
			return n
		}
	}
	line, first := "", p
	for ; p != nil && len(line) < maxAttribution && (p.Type == html.TextNode || kinds[p.Data] == inline); p = p.PrevSibling {
		line = textOf(p, maxAttribution) + line
		first = p
	}
	if introduces(line) {
		return first
	}
	return n
}

// maxAttribution is how long the line above a quote may be.
const maxAttribution = 300

// introduces: a line that ends with a colon and holds a date or an address, in whatever language.
func introduces(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) < maxAttribution && (strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")) && strings.ContainsAny(line, "0123456789@")
}

// textOf is the text in n, up to a little more than limit.
func textOf(n *html.Node, limit int) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	text := ""
	for c := n.FirstChild; c != nil && len(text) < limit; c = c.NextSibling {
		text += textOf(c, limit-len(text))
	}
	return text
}

// blank: nothing but white space, in elements or not.
func blank(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" || c.Type == html.ElementNode && (kinds[c.Data] == void || !blank(c)) {
			return false
		}
	}
	return true
}
