package sanitize

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What a document may cost. Beyond these, tags are dropped and their text kept.
const (
	maxDepth    = 200
	maxElements = 50_000
	maxReopened = 2000
)

// elementKind says how an element nests.
type elementKind uint8

const (
	unknown elementKind = iota
	inline              // may be reopened when a block ends within it
	block               // ends an open paragraph
	tablePart
	void
)

// kinds are the elements that the builder can nest. What a policy allows must be one of them.
var kinds = func() map[string]elementKind {
	m := map[string]elementKind{}
	for kind, words := range map[elementKind]string{
		inline: `a abbr b bdi bdo big cite code del dfn em font i ins kbd map mark q s samp small span strike strong sub
			sup time tt u var`,
		block: `address article aside blockquote center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6
			header li main nav ol p pre section summary table ul`,
		tablePart: `caption col colgroup tbody td tfoot th thead tr`,
		void:      `area br hr img wbr`,
	} {
		for w := range set(words) {
			m[w] = kind
		}
	}
	return m
}()

// builder makes a tree out of tags. Whatever comes, the tree is one that a
// browser reads back unchanged from its own text: paragraphs hold no blocks,
// links no links, tables only rows, rows only cells. That is why a second pass
// finds nothing to do, and why markup cannot turn into other markup in the
// browser.
type builder struct {
	root     *html.Node
	open     []*html.Node    // from the root to where we are
	dropped  map[string]int  // end tags to come whose start tags were dropped
	pending  strings.Builder // text of the current element, not yet in the tree
	pre      bool            // a <pre> has just been opened: HTML 13.2.6.4.7 drops a line end there
	elements int
	reopened int
}

func newBuilder() *builder {
	root := &html.Node{Type: html.DocumentNode}
	return &builder{root: root, open: []*html.Node{root}, dropped: map[string]int{}}
}

func (b *builder) current() *html.Node { return b.open[len(b.open)-1] }

// start opens an element, or adds a void one.
func (b *builder) start(tag string, attrs []html.Attribute) {
	if b.elements >= maxElements || len(b.open) >= maxDepth {
		b.drop(tag)
		return
	}
	switch kind := kinds[tag]; {
	case kind == tablePart:
		if !b.enterTable(tag) {
			b.drop(tag)
			return
		}
	case inTable(b.current()) && (tag == "img" || tag == "hr" || tag == "table"):
		b.enterCell()
	case inTable(b.current()):
		b.drop(tag) // <form>s and <center>s between rows: what they hold stays
		return
	}
	if !b.makeRoom(tag) {
		b.drop(tag)
		return
	}
	b.push(tag, attrs)
	b.pre = tag == "pre"
}

// drop forgets a start tag, and so that it does not close another element, its end tag.
func (b *builder) drop(tag string) {
	if kinds[tag] != void && tag != "col" {
		b.dropped[tag]++
	}
}

func (b *builder) push(tag string, attrs []html.Attribute) {
	b.flush()
	b.pre = false
	n := &html.Node{Type: html.ElementNode, Data: tag, DataAtom: atom.Lookup([]byte(tag)), Attr: attrs}
	b.current().AppendChild(n)
	b.elements++
	if kinds[tag] != void && tag != "col" {
		b.open = append(b.open, n)
	}
}

// makeRoom closes what tag ends by itself (HTML 13.1.2.4, optional tags). It
// reports false where tag can not stand at all.
func (b *builder) makeRoom(tag string) bool {
	switch tag {
	case "li":
		b.endItem("li")
	case "dd", "dt":
		b.endItem("dd", "dt")
	case "a":
		if b.find(cellBoundary, "a") >= 0 {
			b.end("a")
		}
		if b.find(noBoundary, "a") >= 0 {
			return false // a table in a link: no link in its cells
		}
	}
	if kinds[tag] == block || tag == "hr" {
		if i := b.find(cellBoundary, "p"); i >= 0 {
			b.closeParagraph(i)
		}
	}
	if heading(tag) {
		i := len(b.open) - 1
		for kinds[b.open[i].Data] == inline {
			i--
		}
		if heading(b.open[i].Data) {
			b.closeTo(i)
		}
	}
	return true
}

// endItem closes an open item of the list that we are in.
func (b *builder) endItem(items ...string) {
	for i := len(b.open) - 1; i > 0; i-- {
		switch tag := b.open[i].Data; {
		case slices.Contains(items, tag):
			b.closeTo(i)
			return
		case kinds[tag] == tablePart, kinds[tag] == block && tag != "p" && tag != "div" && tag != "address":
			return
		}
	}
}

// formatting are the inline elements that go on behind a paragraph which a block ends (HTML 13.2.4.3).
var formatting = set("a b big code em font i s small strike strong tt u")

func (b *builder) closeParagraph(i int) {
	inner := slices.Clone(b.open[i+1:])
	b.closeTo(i)
	b.reopen(slices.DeleteFunc(inner, func(n *html.Node) bool { return !formatting[n.Data] }))
}

// end closes an element.
func (b *builder) end(tag string) {
	if b.dropped[tag] > 0 {
		b.dropped[tag]--
		return
	}
	if heading(tag) {
		tag = b.openHeading(tag)
	}
	switch kinds[tag] {
	case tablePart:
		if i := b.find(tableBoundary, tag); i >= 0 {
			b.closeTo(i)
		}
	case block:
		boundary := cellBoundary
		if tag == "table" {
			boundary = noBoundary
		}
		if i := b.find(boundary, tag); i >= 0 {
			b.closeTo(i)
		}
	case inline:
		if i := b.find(cellBoundary, tag); i >= 0 {
			b.endInline(i)
		}
	}
}

// openHeading is the innermost open heading: any heading's end tag closes it (HTML 13.2.6.4.7).
func (b *builder) openHeading(tag string) string {
	for i := len(b.open) - 1; i > 0 && kinds[b.open[i].Data] != tablePart; i-- {
		if heading(b.open[i].Data) {
			return b.open[i].Data
		}
	}
	return tag
}

// endInline closes an inline element. What was opened within it and is still
// open goes on behind it, as in <b>bold <i>both</b> slanted</i>.
func (b *builder) endInline(i int) {
	inner := slices.Clone(b.open[i+1:])
	b.closeTo(i)
	b.reopen(inner)
}

func (b *builder) reopen(nodes []*html.Node) {
	for _, n := range nodes {
		if b.reopened >= maxReopened || b.elements >= maxElements {
			return
		}
		b.reopened++
		b.push(n.Data, slices.Clone(n.Attr))
	}
}

// text adds characters.
func (b *builder) text(s string) {
	if b.pre {
		s = strings.TrimPrefix(s, "\n")
		b.pre = false
	}
	if inTable(b.current()) {
		if strings.TrimSpace(s) == "" {
			return
		}
		b.enterCell()
	}
	b.pending.WriteString(s)
}

// flush moves the pending text into the tree.
func (b *builder) flush() {
	if b.pending.Len() > 0 {
		b.current().AppendChild(&html.Node{Type: html.TextNode, Data: b.pending.String()})
		b.pending.Reset()
	}
}

// finish returns the tree.
func (b *builder) finish() *html.Node {
	b.flush()
	return b.root
}

// enterTable goes to where a part of a table may stand; false outside tables.
func (b *builder) enterTable(tag string) bool {
	table := b.find(noBoundary, "table")
	if table < 0 {
		return false
	}
	within := tableParents[tag]
	i := len(b.open) - 1
	for i > table && !within[b.open[i].Data] {
		i--
	}
	b.closeTo(i + 1)
	if (tag == "td" || tag == "th") && b.current().Data != "tr" {
		b.push("tr", nil)
	}
	return true
}

// tableParents are the elements, beside the table, in which a part of one may stand.
var tableParents = map[string]map[string]bool{
	"td": set("tr tbody thead tfoot"), "th": set("tr tbody thead tfoot"), "tr": set("tbody thead tfoot"), "col": set("colgroup"),
}

// enterCell opens the row and cell that content straight in a table needs.
func (b *builder) enterCell() {
	if b.current().Data == "colgroup" {
		b.closeTo(len(b.open) - 1)
	}
	if b.current().Data != "tr" {
		b.push("tr", nil)
	}
	b.push("td", nil)
}

// closeTo closes b.open[i] and what it holds.
func (b *builder) closeTo(i int) {
	if i < len(b.open) {
		b.flush()
		b.open, b.pre = b.open[:i], false
	}
}

type boundary uint8

const (
	noBoundary    boundary = iota
	tableBoundary          // stops at the innermost table
	cellBoundary           // stops at the innermost cell, caption or table
)

// find returns the index of the innermost open element with this tag, or -1.
func (b *builder) find(stop boundary, tag string) int {
	for i := len(b.open) - 1; i > 0; i-- {
		switch open := b.open[i].Data; {
		case open == tag:
			return i
		case stop == noBoundary:
		case open == "table", stop == cellBoundary && (open == "td" || open == "th" || open == "caption"):
			return -1
		}
	}
	return -1
}

// inTable: n may hold parts of a table only.
func inTable(n *html.Node) bool {
	switch n.Data {
	case "table", "tbody", "thead", "tfoot", "tr", "colgroup":
		return true
	}
	return false
}

func heading(tag string) bool {
	return len(tag) == 2 && tag[0] == 'h' && '1' <= tag[1] && tag[1] <= '6'
}
