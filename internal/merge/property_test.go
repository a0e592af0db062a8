package merge_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"parley/internal/merge"
)

// Whatever the values are, they stay text: the elements of what is expanded are those of the template.
func TestValuesStayText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`([a-z <>&"'/{}|%=-]|<script>|\{\{ contact.email \}\}|</p>|\n|\r\n)*`).Draw(t, "value")
		f := merge.Facts{Values: map[string]string{"contact.name": value}}
		got := merge.Expand(`<p>To `+chip("contact.name")+`.</p>`, f)
		if n := elements(got.HTML); n != "p" {
			t.Fatalf("%q became %s", value, got.HTML)
		}
		line, _ := merge.Line("To {{ contact.name }}.", f)
		if strings.ContainsAny(line, "\r\n\x00") {
			t.Fatalf("%q became %q", value, line)
		}
	})
}

func elements(src string) string {
	var names []string
	for z := html.NewTokenizer(strings.NewReader(src)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(names, " ")
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			names = append(names, string(name))
		}
	}
}

// FuzzTemplate: no template breaks anything, what is unknown is told, and what is
// expanded holds no chip any more.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{
		`<p>{{ contact.name | default: "x" }}</p>`, chip(`user.name | upcase | capitalize`), chip(merge.History), `{{ a.b | date: '%Y' }}`,
		`<p>{{`, `{{}}`, `<span data-merge="contact.name"><span data-merge="user.name">x</span></span>`, `<pre><span data-merge="conversation.history">`,
		`{{ contact.name | default: "}}" }}`, `<h1><em>a` + chip(merge.History) + `b</em></h1>`,
	} {
		f.Add(s, "Ada")
	}
	f.Fuzz(func(t *testing.T, src, value string) {
		facts := facts()
		facts.Values["contact.name"] = value
		chips, unknown := merge.Chips(src)
		if more := merge.Unknown(chips); len(more) < len(merge.Unknown(src)) {
			t.Errorf("%q: %v of %v", src, more, unknown)
		}
		out := merge.Expand(chips, facts)
		if merge.Expand(out.HTML, facts).HTML != out.HTML && !strings.Contains(out.HTML, "data-merge") {
			t.Errorf("%q is expanded twice", src)
		}
		merge.Typed(chips)
		merge.UnknownInLine(src)
		if line, _ := merge.Line(src, facts); strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("%q became %q", src, line)
		}
	})
}
