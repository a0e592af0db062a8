package sanitize

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// nesting are tag soups and the tree that comes of them.
var nesting = map[string]struct{ in, want string }{
	"paragraphs":            {"<p>a<p>b</p></p>c", "<p>a</p><p>b</p>c"},
	"a block ends one":      {"<p>a<div>b</div>c", "<p>a</p><div>b</div>c"},
	"formatting goes on":    {"<p><b><i>a<ul><li>b</ul></i>c", "<p><b><i>a</i></b></p><b><i><ul><li>b</li></ul></i>c</b>"},
	"misnested":             {"<b>a<i>b</b>c</i>d", "<b>a<i>b</i></b><i>c</i>d"},
	"inline around blocks":  {"<b><p>a</b>b</p>c", "<b><p>a</p></b><p>b</p>c"},
	"lists":                 {"<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"},
	"definitions":           {"<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"},
	"headings":              {"<h1>a<h2>b</h1>c", "<h1>a</h1><h2>b</h2>c"},
	"links":                 {"<a>a<a>b</a></a>c", "<a>a</a><a>b</a>c"},
	"links and tables":      {"<a>a<table><tr><td><a>b</a></table>c</a>", "<a>a<table><tr><td>b</td></tr></table>c</a>"},
	"stray ends":            {"</p>a</div></td></b></table>b", "ab"},
	"breaks":                {"a<br>b</br>c<br/>d", "a<br/>b<br/>c<br/>d"},
	"table without cells":   {"<table><b>a</b></table>b", "<table><tr><td>a</td></tr></table>b"},
	"tags between rows":     {"<table><div><tr><center><td>a</center></td></tr></div></table>b", "<table><tr><td>a</td></tr></table>b"},
	"rows without ends":     {"<table><tbody><tr><td>a<td>b<tr><th>c</table>", "<table><tbody><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></tbody></table>"},
	"cells without rows":    {"<table><td>a<td>b</table><table><tbody><td>c</table>", "<table><tr><td>a</td><td>b</td></tr></table><table><tbody><tr><td>c</td></tr></tbody></table>"},
	"parts of a table":      {"<table><caption>a<colgroup><col><col><thead><tr><th>b<tbody><tr><td>c<tfoot><tr><td>d</table>", "<table><caption>a</caption><colgroup><col/><col/></colgroup><thead><tr><th>b</th></tr></thead><tbody><tr><td>c</td></tr></tbody><tfoot><tr><td>d</td></tr></tfoot></table>"},
	"columns, then text":    {"<table><colgroup><col>a</table>", "<table><colgroup><col/></colgroup><tr><td>a</td></tr></table>"},
	"table in a table":      {"<table><table><tr><td>a</table></table>b", "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>b"},
	"cells outside tables":  {"<tr><td>a</td><td>b</td></tr>", "ab"},
	"ends stay in the cell": {"<div><table><tr><td>a</div>b</td></tr></table>c</div>", "<div><table><tr><td>ab</td></tr></table>c</div>"},
	"images between rows":   {"<table><img alt=a><br><tr><td>b</table>", `<table><tr><td><img alt="a"/><br/></td></tr><tr><td>b</td></tr></table>`},
	"first line of pre":     {"<pre>\na</pre><pre>\n\nb</pre>", "<pre>a</pre><pre>\n\nb</pre>"},
}

func TestNesting(t *testing.T) {
	t.Parallel()
	for name, tt := range nesting {
		if got := Mail(tt.in, MailOptions{}).HTML; got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, tt.want)
		}
	}
}

func TestBrowserReadsTheSameTree(t *testing.T) {
	t.Parallel()
	inputs := append([]string{}, seeds...)
	for _, tt := range nesting {
		inputs = append(inputs, tt.in)
	}
	for _, in := range inputs {
		sameTree(t, in, Mail(in, MailOptions{}).HTML)
	}
}

// sameTree: what we write is what a browser reads, but for the <tbody> that it
// adds; so nothing can turn into something else there.
func sameTree(t *testing.T, in, ours string) {
	t.Helper()
	if browser, own := bothTrees(t, ours); browser != own {
		t.Errorf("of %q\nwe write       %s\nwhich is to us %s\nto a browser   %s", in, ours, own, browser)
	}
}

func bothTrees(t *testing.T, safe string) (browser, own string) {
	t.Helper()
	if _, body, ok := strings.Cut(safe, "</style>"); ok && strings.HasPrefix(safe, "<style>") {
		safe = body
	}
	doc, err := html.Parse(strings.NewReader("<!DOCTYPE html><html><head></head><body><div>" + safe))
	if err != nil {
		t.Fatal(err)
	}
	m := &mailCleaner{opt: MailOptions{CID: func(id string) string { return "cid:" + id }}}
	tree, _ := read(safe, &policy{rename: mailRename, allow: mailElements, attrs: m.attrs})
	return dump(doc.LastChild.LastChild.FirstChild), dump(tree)
}

// dump writes the children of n, their attributes in order.
func dump(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Data == "tbody" || c.Data == "colgroup":
			b.WriteString(dump(c))
		default:
			var attrs []string
			for _, a := range c.Attr {
				attrs = append(attrs, a.Key+"="+a.Val)
			}
			slices.Sort(attrs)
			fmt.Fprintf(&b, "<%s %q>%s</>", c.Data, attrs, dump(c))
		}
	}
	return b.String()
}

func TestDepthIsLimited(t *testing.T) {
	t.Parallel()
	got := Mail(strings.Repeat("<div>", 1000)+"a"+strings.Repeat("</div>", 1000)+"b", MailOptions{}).HTML
	if n := strings.Count(got, "<div>"); n != maxDepth-1 || !strings.HasSuffix(got, "</div>b") {
		t.Errorf("%d levels, then …%s", n, got[len(got)-10:])
	}
}
