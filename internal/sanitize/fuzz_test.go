package sanitize

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// seeds are shapes that have broken sanitisers, ours or others.
var seeds = []string{
	`<p>one<p>two<ul><li>a<li>b</ul><table><tr><td>c<td>d</table>`,
	`<b><p>x</b>y</p><a href=http://a.test><div>z<a href=http://b.test>w</a></div>`,
	`<table>text<tr>more<td><table><b>deep</table></table>`,
	`<style>@import 'x'; p{color:red;background:url(x)} @media (max-width:9px){a{b:c;color:blue}}</style><p style="margin:-1px;color:red!important">`,
	`<svg><style><img src=x onerror=alert(1)></style></svg><math><mi><!--<mglyph></mi>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<textarea><img src=x onerror=1></textarea><title><b></title><xmp><b></xmp><plaintext><i>`,
	`<img src=http://x.test/a.png width=1 height=1><img src="cid:a@b"><img src="data:image/png;base64,AAAA"><td background=//x.test/b.png>`,
	`hi<div class="gmail_quote"><blockquote type="cite">old</blockquote></div>`,
	`<a href="java&#10;script:alert(1)">x</a><a href="  http://x.test/a b?c=%zz#">y</a><a href='mailto:a@b?subject=x y'>z</a>`,
	`<body bgcolor=red text="#fff" style="margin:0" onload=x><p>text</body>`,
	`<details class=quoted><summary>x</summary>y</details>`,
	`<select><option>a</select><object><p>b`,
	`<h1>a<h2>b</h1><dl><dt>c<dd>d</dl><p></p><div><div></div>x</div>`,
	`<font face="a, b" color=#fff size=+1>x</font><center><o:p>&nbsp;</o:p></center>`,
	"<pre>\n\n<b>a</b></pre><pre><b>\n</pre>\nc",
	"<p\x00 style\x0b='c\\6flor:red;font-family:\"A B\",\\43 '>\x01&#0;&#x80;",
}

func addSeeds(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
}

func FuzzMail(f *testing.F) {
	addSeeds(f)
	opt := MailOptions{CID: func(id string) string {
		if strings.IndexFunc(id, func(r rune) bool { return !asciiWord(r) && r != '@' && r != '.' }) >= 0 {
			return ""
		}
		return "cid:" + id
	}}
	f.Fuzz(func(t *testing.T, in string) {
		once := Mail(in, opt)
		if b := breaches(t, once.HTML, mailResult); b != nil {
			t.Fatalf("holds %q\nin:  %q\nout: %q", b, in, once.HTML)
		}
		if !utf8.ValidString(once.HTML) {
			t.Fatalf("not UTF-8: %q", once.HTML)
		}
		sameTree(t, in, once.HTML)
		twice := Mail(once.HTML, opt)
		if twice.HTML != once.HTML || twice.RemoteImages != once.RemoteImages || twice.QuoteFolded != once.QuoteFolded {
			t.Fatalf("not stable\nin:    %q\nonce:  %+v\ntwice: %+v", in, once, twice)
		}
		shown := Reveal(once.HTML, func(string) string { return "/api/v1/attachments/1" })
		if strings.Contains(shown, " "+remoteSrc+"=") || breaches(t, shown, mailResult) != nil {
			t.Fatalf("revealed: %q", shown)
		}
	})
}

func FuzzComposed(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, in string) {
		once := Composed(in)
		if b := breaches(t, once, composedElements); b != nil {
			t.Fatalf("holds %q\nin:  %q\nout: %q", b, in, once)
		}
		if twice := Composed(once); twice != once {
			t.Fatalf("not stable\nin:    %q\nonce:  %q\ntwice: %q", in, once, twice)
		}
	})
}

// FuzzGate holds that our own passes leave nothing for bluemonday to remove: it
// is a second wall, not the first.
func FuzzGate(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, in string) {
		m := &mailCleaner{}
		tree, _ := read(in, &policy{rename: mailRename, allow: mailElements, attrs: m.attrs, body: m.body})
		if ours := render(tree); mailGate().Sanitize(ours) != ours {
			t.Fatalf("in:   %q\nours: %q\ngate: %q", in, ours, mailGate().Sanitize(ours))
		}
	})
}

func FuzzStyle(f *testing.F) {
	f.Add(`color:red;margin:0 -1px;width:calc(1px + 2px)`)
	f.Add(`p,a:hover > b[c="d"]{color:rgb(1,2,3)}@media screen and (max-width:1px){.x{color:red}}`)
	f.Add(`@\69mport 'x';p{c\6flor:red;background:u\72l(x)}`)
	f.Add(`a/**/b{font:12px/**/'A B',serif;x:y}/*`)
	f.Add(`a{width:calc(1px/**/*/**/2)}`)
	f.Fuzz(func(t *testing.T, in string) {
		for name, clean := range map[string]func(string) string{"declarations": cleanDeclarations, "sheet": cleanSheet} {
			once := clean(in)
			if b := cssBreaches(once); b != nil {
				t.Fatalf("%s of %q holds %q: %q", name, in, b, once)
			}
			if twice := clean(once); twice != once {
				t.Fatalf("%s of %q: once %q, twice %q", name, in, once, twice)
			}
		}
	})
}
