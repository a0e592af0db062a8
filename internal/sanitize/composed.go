package sanitize

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// composedElements are what our editor produces.
var composedElements = set("a blockquote br code em h1 h2 h3 hr img li ol p pre s span strong sub sup u ul")

// composedTree are the elements that stand in the tree while it is built: a <div> becomes paragraphs at the end.
var composedTree = set(strings.Join(keys(composedElements), " ") + " div")

// composedRename keeps the meaning of what is pasted from elsewhere, or sent by the API.
var composedRename = func() map[string]string {
	m := map[string]string{
		"b": "strong", "i": "em", "strike": "s", "del": "s", "ins": "u", "tt": "code", "kbd": "code", "samp": "code",
		"h4": "h3", "h5": "h3", "h6": "h3", "xmp": "pre", "listing": "pre", "plaintext": "pre", "dir": "ul", "menu": "ul", "image": "img",
	}
	for tag := range set(`address article aside caption center dd details dl dt figcaption figure footer header main nav
		section summary table td th tr`) {
		m[tag] = "div"
	}
	return m
}()

// composedData are the data attributes of merge chips and mentions. The value of one that means
// something to us has the form of it: a field with filters, whatever their names, or the id of a user.
var composedData = map[string]*regexp.Regexp{
	"data-id": anyText, "data-label": anyText, "data-type": anyText,
	"data-merge":   regexp.MustCompile(`^\s*[a-z]+\.[a-z_]+\s*(?:\|\s*[a-z]+\s*(?::\s*(?:"[^"{}\x00-\x1f]*"|'[^'{}\x00-\x1f]*')\s*)?)*$`),
	"data-mention": regexp.MustCompile(`^[1-9][0-9]{0,17}$`),
}

var anyText = regexp.MustCompile(``)

const maxData = 500 // bytes of a data attribute

// composedImage is where an image of ours comes from: an upload, or a part of the mail. Whether the writer may
// use that upload is the caller's to check.
var composedImage = regexp.MustCompile(`^(?:/api/v1/attachments/[0-9]{1,19}(?:\?inline=1)?|cid:[\w.@$%+=/-]{1,500})$`)

// Composed makes safe what a user wrote, for mails and notes: what the editor can
// produce, without styles. What it cannot produce becomes the nearest that it can.
func Composed(raw string) string {
	tree, _ := read(raw, &policy{rename: composedRename, allow: composedTree, attrs: composedAttrs})
	flatten(tree)
	return composedGate().Sanitize(render(tree))
}

func composedAttrs(tag string, attrs []html.Attribute) (clean []html.Attribute, keep bool) {
	switch tag {
	case "a":
		href := linkURL(attr(attrs, "href"))
		return link(href), href != ""
	case "img":
		return composedImg(attrs)
	case "span":
		return composedSpan(attrs)
	case "ol":
		if start := attr(attrs, "start"); start != "" && len(start) < 6 && strings.Trim(start, "0123456789") == "" {
			clean = []html.Attribute{{Key: "start", Val: start}}
		}
	case "code":
		if class := attr(attrs, "class"); strings.HasPrefix(class, "language-") && plainWord(class) {
			clean = []html.Attribute{{Key: "class", Val: class}}
		}
	}
	return clean, true
}

func composedImg(attrs []html.Attribute) (clean []html.Attribute, keep bool) {
	src := attr(attrs, "src")
	if !composedImage.MatchString(src) {
		return nil, false
	}
	clean = []html.Attribute{{Key: "src", Val: src}}
	for _, key := range []string{"alt", "width", "height"} {
		if val := attr(attrs, key); val != "" {
			if val, ok := plainAttr(key, val); ok {
				clean = append(clean, html.Attribute{Key: key, Val: val})
			}
		}
	}
	return clean, true
}

// composedSpan keeps a span that is a merge chip or a mention.
func composedSpan(attrs []html.Attribute) (clean []html.Attribute, keep bool) {
	for _, a := range attrs {
		switch {
		case composedData[a.Key] != nil:
			if len(a.Val) <= maxData && composedData[a.Key].MatchString(a.Val) {
				clean = append(clean, a)
				keep = true
			}
		case a.Key == "class" && (a.Val == "merge-chip" || a.Val == "mention"):
			clean = append(clean, a)
		}
	}
	return clean, keep
}

// flatten turns what each <div> in n holds into paragraphs in its place, as well as
// items outside of lists and headings that hold more than a heading. An empty
// paragraph, which is how the editor writes an empty line, gets the <br> that
// gives it a height in mail programs.
func flatten(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.ElementNode {
			flatten(c)
			switch stray := c.Data == "li" && n.Data != "ul" && n.Data != "ol"; {
			case stray, c.Data == "div", heading(c.Data) && slices.ContainsFunc(children(c), holdsBlock):
				unwrap(n, c)
			case c.Data == "p" && c.FirstChild == nil:
				c.AppendChild(element("br"))
			}
		}
		c = next
	}
}

func children(n *html.Node) []*html.Node { return slices.Collect(n.ChildNodes()) }

// unwrap replaces div, a child of parent, by its blocks and by a paragraph for
// each run of text between them.
func unwrap(parent, div *html.Node) {
	var p *html.Node
	for c := div.FirstChild; c != nil; c = div.FirstChild {
		div.RemoveChild(c)
		if holdsBlock(c) {
			p = nil
			parent.InsertBefore(c, div)
			continue
		}
		if p == nil {
			if c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" {
				continue
			}
			p = element("p")
			parent.InsertBefore(p, div)
		}
		p.AppendChild(c)
	}
	parent.RemoveChild(div)
}

// holdsBlock: n can not stand in a paragraph.
func holdsBlock(n *html.Node) bool {
	if kinds[n.Data] == block || n.Data == "hr" {
		return n.Type == html.ElementNode
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if holdsBlock(c) {
			return true
		}
	}
	return false
}

var uploadURL = regexp.MustCompile(`/api/v1/attachments/([0-9]{1,18})(?:\?inline=1)?"`)

// Shown are the ids of the attachments that cleaned HTML shows as images.
func Shown(clean string) (ids []int64) {
	for _, m := range uploadURL.FindAllStringSubmatch(clean, -1) {
		if id, err := strconv.ParseInt(m[1], 10, 64); err == nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
