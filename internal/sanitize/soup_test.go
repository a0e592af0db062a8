package sanitize

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// soup draws tags of every kind, opened and closed at random.
func soup(t *rapid.T) string {
	var pieces []string
	for _, tag := range append(slices.Sorted(maps.Keys(mailElements)), "style", "svg", "form", "custom", "noscript", "body", "script", "textarea", "select", "summary") {
		pieces = append(pieces, "<"+tag+">", "</"+tag+">")
	}
	pieces = append(pieces, "x", " ", "\n", "&lt;b&gt;", "<p style='color:red;position:fixed'>", "<a href=http://x.test>", "<a href=javascript:x>",
		"<img src=cid:a@b>", "<img src=http://x.test/a>", "<td background=http://x.test/b>", "<blockquote type=cite>", "<div class=gmail_quote>",
		"<div id=divRplyFwdMsg>", "<!--", "-->", "<style>p{color:red}</style>", "<details class=quoted>", "<span data-merge=a.b>", "<table><tr><td>")
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 40).Draw(t, "soup"), "")
}

// TestTagSoup: whatever order tags come in, the result is harmless, is what a
// browser reads, and has nothing left to clean.
func TestTagSoup(t *testing.T) {
	t.Parallel()
	opt := MailOptions{CID: func(id string) string { return "cid:" + id }}
	rapid.Check(t, func(rt *rapid.T) {
		in := soup(rt)
		mail := Mail(in, opt).HTML
		if b := breaches(t, mail, mailResult); b != nil {
			rt.Fatalf("mail holds %q: %s", b, mail)
		}
		if browser, own := bothTrees(t, mail); browser != own {
			rt.Fatalf("we write       %s\nwhich is to us %s\nto a browser   %s", mail, own, browser)
		}
		if again := Mail(mail, opt).HTML; again != mail {
			rt.Fatalf("once:  %s\ntwice: %s", mail, again)
		}
		composed := Composed(in)
		if b := breaches(t, composed, composedElements); b != nil {
			rt.Fatalf("composed holds %q: %s", b, composed)
		}
		if again := Composed(composed); again != composed {
			rt.Fatalf("composed once:  %s\ntwice: %s", composed, again)
		}
	})
}
