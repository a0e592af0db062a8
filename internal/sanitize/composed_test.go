package sanitize

import "testing"

func TestComposed(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                        "",
		"Hello <b>you</b>":        "Hello <strong>you</strong>",
		"<p>a</p><p></p><p>b</p>": "<p>a</p><p><br/></p><p>b</p>",
		"<p style='color:red' class=x id=y onclick=z>a</p>":                   "<p>a</p>",
		"<div>a<div>b<br>c</div>d</div><div></div><div><br></div>":            "<p>a</p><p>b<br/>c</p><p>d</p><p><br/></p>",
		"<blockquote><div>a</div></blockquote>":                               "<blockquote><p>a</p></blockquote>",
		"<table><tr><td>a</td><td><b>b</b></td></tr></table>":                 "<p>a</p><p><strong>b</strong></p>",
		"<ul><li><p>a</p></li></ul><ol start=3><li>b</ol>":                    `<ul><li><p>a</p></li></ul><ol start="3"><li>b</li></ol>`,
		"<h1>a</h1><h5>b</h5><hr><pre><code class=language-go>c</code></pre>": `<h1>a</h1><h3>b</h3><hr/><pre><code class="language-go">c</code></pre>`,
		`<a href="https://x.test" class=y>a</a><a href="javascript:x">b</a>`:  `<a href="https://x.test"` + rel + `>a</a>b`,
		`<img src="/api/v1/attachments/7" alt=a width=9 onerror=x>`:           `<img src="/api/v1/attachments/7" alt="a" width="9"/>`,
		`<img src="cid:a@b">`: `<img src="cid:a@b"/>`,
		`<img src="http://x.test/a"><img src="/api/v1/attachments/../me"><img src="data:image/png;base64,AAAA">`: "",
		`<span data-merge="contact.first_name" class="merge-chip">First name</span><span style=x>b</span>`:       `<span data-merge="contact.first_name" class="merge-chip">First name</span>b`,
		`<span data-type="mention" data-id="5" data-label="Ann" data-other=x>@Ann</span>`:                        `<span data-type="mention" data-id="5" data-label="Ann">@Ann</span>`,
		"<style>p{color:red}</style><script>x</script>a":                                                         "a",
		"{{ contact.name | default: \"you\" }}":                                                                  "{{ contact.name | default: &#34;you&#34; }}",
	} {
		got := Composed(in)
		if got != want {
			t.Errorf("%q becomes\n     %s\nwant %s", in, got, want)
		}
		if again := Composed(got); again != got {
			t.Errorf("%q becomes %s, then %s", in, got, again)
		}
	}
}
