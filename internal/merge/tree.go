package merge

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// read makes a tree of HTML that stands in a body.
func read(src string) *html.Node {
	root := &html.Node{Type: html.DocumentNode}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(src), body)
	if err != nil {
		return root // a reader of a string does not fail
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root
}

func render(root *html.Node) string {
	var out strings.Builder
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		if err := html.Render(&out, c); err != nil {
			return out.String() // a builder does not fail, and what was parsed can be written
		}
	}
	return out.String()
}

// holdsNoBlocks are the blocks of composed HTML that others may not stand in.
func holdsNoBlocks(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.Pre:
		return n.Type == html.ElementNode
	}
	return false
}

// insertBlocks puts block HTML in the place of at. A paragraph that at stands in is
// cut in two around it; a part with nothing in it goes.
func insertBlocks(at *html.Node, src string) {
	blocks := read(src)
	var around *html.Node
	for n := at.Parent; n != nil; n = n.Parent {
		if holdsNoBlocks(n) {
			around = n
		}
	}
	if around == nil {
		moveBefore(blocks, at.Parent, at)
		at.Parent.RemoveChild(at)
		return
	}
	behind := cutBehind(around, at)
	at.Parent.RemoveChild(at)
	next := around.NextSibling
	moveBefore(blocks, around.Parent, next)
	if shows(behind) {
		around.Parent.InsertBefore(behind, next)
	}
	if !shows(around) {
		around.Parent.RemoveChild(around)
	}
}

func moveBefore(from, to, next *html.Node) {
	for c := from.FirstChild; c != nil; c = from.FirstChild {
		from.RemoveChild(c)
		to.InsertBefore(c, next)
	}
}

// cutBehind moves what stands behind at within block into a copy of block, which stands nowhere yet.
func cutBehind(block, at *html.Node) *html.Node {
	var behind *html.Node
	for n := at; n != block; n = n.Parent {
		copied := &html.Node{Type: html.ElementNode, Data: n.Parent.Data, DataAtom: n.Parent.DataAtom, Attr: n.Parent.Attr}
		if behind != nil {
			copied.AppendChild(behind)
		}
		for c := n.NextSibling; c != nil; c = n.NextSibling {
			n.Parent.RemoveChild(c)
			copied.AppendChild(c)
		}
		behind = copied
	}
	return behind
}

// shows reports whether there is anything to see in n.
func shows(n *html.Node) bool {
	if n.Type == html.TextNode {
		return strings.TrimSpace(n.Data) != ""
	}
	if n.DataAtom == atom.Img || attr(n) != "" {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if shows(c) {
			return true
		}
	}
	return false
}
