package sanitize

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// CutQuote cuts composed HTML before the part that quotes what is answered: the
// blockquotes at its end, each with the line above it that says who wrote what
// follows, and when. Quoted is empty if there is none, or nothing before it.
func CutQuote(clean string) (own, quoted string) {
	if !strings.Contains(clean, "<blockquote") {
		return clean, ""
	}
	tree, _ := read(clean, &policy{rename: composedRename, allow: composedTree, attrs: composedAttrs})
	var first *html.Node
	for n := lastShown(tree.LastChild); n != nil && n.Data == "blockquote"; n = lastShown(first.PrevSibling) {
		intro := lastShown(n.PrevSibling)
		if intro == nil || !saysWhoAndWhen(wordsIn(intro)) {
			break
		}
		first = intro
	}
	if first == nil || lastShown(first.PrevSibling) == nil {
		return clean, ""
	}
	behind := &html.Node{Type: html.DocumentNode}
	for n := first; n != nil; n = first {
		first = n.NextSibling
		tree.RemoveChild(n)
		behind.AppendChild(n)
	}
	return render(tree), render(behind)
}

// saysWhoAndWhen: "On 2 March 2026, Ada <ada@x.example> wrote:".
func saysWhoAndWhen(text string) bool {
	return strings.HasSuffix(text, ":") && strings.ContainsAny(text, "0123456789@") && len(text) < 500
}

// lastShown is n, or the last before it in which there is something to see.
func lastShown(n *html.Node) *html.Node {
	for ; n != nil; n = n.PrevSibling {
		if wordsIn(n) != "" || holdsImage(n) {
			return n
		}
	}
	return nil
}

func wordsIn(n *html.Node) string {
	if n.Type == html.TextNode {
		return strings.TrimSpace(n.Data)
	}
	var out strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out.WriteString(wordsIn(c) + " ")
	}
	return strings.TrimSpace(out.String())
}

func holdsImage(n *html.Node) bool {
	return n.Data == "img" || slices.ContainsFunc(children(n), holdsImage)
}
