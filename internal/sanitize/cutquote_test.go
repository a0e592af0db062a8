package sanitize

import "testing"

func TestCutQuote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, quoted string }{
		{"<p>Yes</p>", ""},
		{"<p>Yes</p><blockquote><p>A wise word</p></blockquote>", ""},
		{"<p>She said:</p><blockquote><p>A wise word</p></blockquote>", ""},
		{"<p>Yes</p><p>On 2 March 2026, Ada wrote:</p><blockquote><p>Is it?</p></blockquote><p><br></p>", "<p>On 2 March 2026, Ada wrote:</p><blockquote><p>Is it?</p></blockquote><p><br></p>"},
		{"<p>Yes</p><p><br></p><p><em>Ada &lt;ada@x.example&gt;:</em></p><blockquote>Is it?</blockquote>", "<p><em>Ada &lt;ada@x.example&gt;:</em></p><blockquote>Is it?</blockquote>"},
		{
			"<p>See below</p><p>2 March, Ada:</p><blockquote><p>A</p></blockquote><p>3 March, Bo:</p><blockquote><p>B</p></blockquote>",
			"<p>2 March, Ada:</p><blockquote><p>A</p></blockquote><p>3 March, Bo:</p><blockquote><p>B</p></blockquote>",
		},
		{"<p>On 2 March 2026, Ada wrote:</p><blockquote><p>Is it?</p></blockquote>", ""},
		{"<p>Yes</p><p>On 2 March 2026, Ada wrote:</p><blockquote><p>Is it?</p></blockquote><p>It is.</p>", ""},
	} {
		clean := Composed(c.in)
		own, quoted := CutQuote(clean)
		if quoted != Composed(c.quoted) || own+quoted != clean {
			t.Errorf("%s is cut into\n%s\n%s", clean, own, quoted)
		}
	}
}
