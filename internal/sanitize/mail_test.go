package sanitize

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

const rel = ` target="_blank" rel="noopener noreferrer nofollow"`

func TestMail(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"text":               {"a < b & \"c\"", "a &lt; b &amp; &#34;c&#34;"},
		"empty":              {"", ""},
		"white space":        {" \n ", " \n "},
		"document":           {"<!DOCTYPE html><html><head><title>T</title><meta http-equiv=refresh content='0;url=x'><base href=x><link rel=stylesheet href=x></head><body><p>a</p></body></html>", "<p>a</p>"},
		"body with looks":    {"<body style='margin:0' bgcolor=#fff onload=x()><p>a</p></body>", `<div style="background-color: #fff; margin: 0" bgcolor="#fff"><p>a</p></div>`},
		"body too late":      {"<p>a</p><body bgcolor=red>b", "<p>a</p>b"},
		"scripts":            {"a<script>x</script>b<SCRIPT src=x></SCRIPT>c<script/x>d</script>e", "abce"},
		"handlers":           {`<p onclick="x()" ONMOUSEOVER=x title=t>a</p>`, `<p title="t">a</p>`},
		"forms":              {`<form action=x><input name=a value=b><button formaction=x>Go</button><textarea>t</textarea></form>`, "Got"},
		"frames":             {"<iframe src=x>i</iframe><object data=x>o</object><embed src=x><applet>y</applet>a", "a"},
		"foreign elements":   {"<svg><a xlink:href='javascript:x'>s</a></svg><math>m</math>a", "a"},
		"comments":           {"a<!-- b --><!--[if mso]><p>c</p><![endif]--><![if !mso]>d<![endif]>", "ad"},
		"Word's islands":     {"<xml><w:View>Normal</w:View></xml><o:p>a</o:p>", "a"},
		"never closed":       {"a<svg>b<object>c<title>d<style>e<iframe>f", "abcdef"},
		"noscript":           {"<noscript><p>a</p></noscript>", "<p>a</p>"},
		"control characters": {"a\x00b\x1bc\u0085d&#1;e&#0;f\tg", "abcdef\tg"},
		"invalid bytes":      {"a\xffb", "ab"},
		"links":              {`<a href=http://x.test onclick=x target=_top>a</a>`, `<a href="http://x.test"` + rel + ` title="http://x.test">a</a>`},
		"bad links":          {`<a href="javascript:x">a</a><a href=/api/v1/me>b</a><a name=top>c</a>`, "<a>a</a><a>b</a><a>c</a>"},
		"image maps": {
			`<img alt=a src="cid:a@b" usemap="#m"><map name=m><area shape=rect coords="0,0,1,1" href="http://x.test"></map>`,
			`<img src="cid:a@b" alt="a" usemap="#m"/><map name="m"><area href="http://x.test"` + rel + ` shape="rect" coords="0,0,1,1"/></map>`,
		},
		"doubled attribute": {`<p title=a title=b>c</p>`, `<p title="a">c</p>`},
		"plain attributes": {
			`<table width="100%" cellpadding=0 bgcolor="#fff" border="x&quot;y"><tr><td nowrap colspan=2 valign=top>a</td></tr></table>`,
			`<table width="100%" cellpadding="0" bgcolor="#fff"><tr><td nowrap="" colspan="2" valign="top">a</td></tr></table>`,
		},
		"unknown elements": {"<blink>a</blink><custom-x b=c>d</custom-x>", "ad"},
		"styles":           {`<p style="color:red;position:fixed">a</p><p style="position:fixed">b</p>`, `<p style="color: red">a</p><p>b</p>`},
		"style elements": {
			`<style>p{color:red}</style><p>a</p><style media="print">q{color:blue}</style><style media="x){} a{color:red}">b{color:red}</style>`,
			"<style>\np{color: red}\n@media print{\nq{color: blue}\n}\n</style><p>a</p>",
		},
		"style within svg": {`<svg><style><img src=x></style></svg>a`, "a"},
		"style breakout":   {`<style>a{font-family:"</style><img src=x onerror=x>"}</style>b`, `&#34;}b`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opt := MailOptions{CID: func(id string) string { return "cid:" + id }}
			got := Mail(tt.in, opt).HTML
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if b := breaches(t, got, mailResult); b != nil {
				t.Errorf("holds %q", b)
			}
		})
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	opt := MailOptions{CID: func(id string) string {
		if id == "logo@x" {
			return "/api/v1/attachments/7"
		}
		return ""
	}}
	tests := map[string]struct {
		in, want string
		remote   bool
	}{
		"part of the mail":   {`<img src="cid:logo@x" alt=a>`, `<img src="/api/v1/attachments/7" alt="a"/>`, false},
		"escaped":            {`<img src="CID:logo%40x">`, `<img src="/api/v1/attachments/7"/>`, false},
		"no such part":       {`<img src="cid:other"><img src="cid:other" alt="a">`, `<img alt="a"/>`, false},
		"within the HTML":    {`<img src="data:image/png;base64,AAAA">`, `<img src="data:image/png;base64,AAAA"/>`, false},
		"script as image":    {`<img src="data:image/svg+xml;base64,AAAA"><img src="javascript:x">`, "", false},
		"our own addresses":  {`<img src="/api/v1/attachments/8"><img src="api/x">`, "", false},
		"remote":             {`<img src="http://x.test/a.png" width=9 alt=a>`, `<img data-remote-src="http://x.test/a.png" width="9" alt="a"/>`, true},
		"without scheme":     {`<img src="//x.test/a.png">`, `<img data-remote-src="https://x.test/a.png"/>`, true},
		"other ways to load": {`<img srcset="http://x.test/a 2x" lowsrc=http://x.test dynsrc=http://x.test><picture><source srcset=http://x.test></picture><video poster=http://x.test></video><input type=image src=http://x.test>`, "", false},
		"sources and a src":  {`<picture><source srcset=http://x.test><img src="http://x.test/a" srcset="http://x.test/b 2x"></picture>`, `<img data-remote-src="http://x.test/a"/>`, true},
		"counting pixel":     {`<img src="http://x.test/?u=1" width=1 height=1><img src="http://x.test/?u=2" style="display:none"><img src="http://x.test" style="width:1px;height:1px">`, "", false},
		"spacer":             {`<img src="http://x.test/s.gif" width=1 height=20>`, `<img data-remote-src="http://x.test/s.gif" width="1" height="20"/>`, true},
		"background": {
			`<table background="http://x.test/b"><tr><td background="cid:logo@x">a</td></tr></table><p background="http://x.test">b</p>`,
			`<table data-remote-background="http://x.test/b"><tr><td background="/api/v1/attachments/7">a</td></tr></table><p>b</p>`, true,
		},
		"dropped with its element": {`<td background="http://x.test">a</td>`, "a", false},
		"named in the text":        {`data-remote-src="http://x.test"`, `data-remote-src=&#34;http://x.test&#34;`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Mail(tt.in, opt)
			if got.HTML != tt.want || got.RemoteImages != tt.remote {
				t.Errorf("got  %s, remote images %t\nwant %s, %t", got.HTML, got.RemoteImages, tt.want, tt.remote)
			}
		})
	}
}

func TestRemoteImagesByProxy(t *testing.T) {
	t.Parallel()
	in := `<style>p{color:red}</style>x > y<img src="http://x.test/a?b=c&d=e" alt="&quot;"><br><table background="http://x.test/b"><tr><td>z</td></tr></table><img src="http://no.test">`
	proxy := func(u string) string {
		if u == "http://no.test" {
			return ""
		}
		return "/img?u=" + url.QueryEscape(u)
	}
	want := "<style>\np{color: red}\n</style>x &gt; y" +
		`<img src="/img?u=http%3A%2F%2Fx.test%2Fa%3Fb%3Dc%26d%3De" alt="&#34;"/><br/><table background="/img?u=http%3A%2F%2Fx.test%2Fb"><tr><td>z</td></tr></table><img data-remote-src="http://no.test"/>`
	if got := Mail(in, MailOptions{RemoteImage: proxy}); got.HTML != want || !got.RemoteImages {
		t.Errorf("at once: got %+v\nwant %s", got, want)
	}
	if got := Reveal(Mail(in, MailOptions{}).HTML, proxy); got != want {
		t.Errorf("later: got %s\nwant %s", got, want)
	}
	if got := Reveal(in, proxy); got != in {
		t.Errorf("nothing to reveal: got %s", got)
	}
}

func TestLargeMailIsCut(t *testing.T) {
	t.Parallel()
	for name, piece := range map[string]string{"text": "ä", "tags": `<p title="a b">x</p>`, "data": `<img src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(make([]byte, 3000)) + `">`} {
		in := "first" + strings.Repeat(piece, maxInput/len(piece)+1)
		got := Mail(in, MailOptions{})
		if !got.Truncated || !strings.HasPrefix(got.HTML, "first") || !utf8.ValidString(got.HTML) {
			t.Errorf("%s: truncated %t, %d bytes", name, got.Truncated, len(got.HTML))
		}
		if strings.HasSuffix(got.HTML, "title=") || breaches(t, got.HTML, mailResult) != nil {
			t.Errorf("%s: cut in a tag: …%s", name, got.HTML[len(got.HTML)-40:])
		}
	}
	if Mail(strings.Repeat("a", maxInput), MailOptions{}).Truncated {
		t.Error("a mail of the allowed size is cut")
	}
}
