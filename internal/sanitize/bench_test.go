package sanitize

import (
	"strings"
	"testing"
	"time"
)

// newsletter is a megabyte of what shops send: tables with styles, links and images.
func newsletter(size int) string {
	const row = `<tr><td class="cell" style="padding:8px 16px;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:20px;color:#333333" align="left" valign="top"><a href="https://shop.test/p?id=1&amp;utm_source=mail" style="color:#0066cc;text-decoration:none"><img src="https://cdn.shop.test/i/1.jpg" width="120" height="90" alt="A thing" border="0"></a><p style="margin:0 0 8px">A fine thing &mdash; now for <b>12&nbsp;&euro;</b>, only this week and only for you.</p></td></tr>` + "\n"
	return `<html><head><style>.cell{color:#333} @media (max-width:600px){.cell{display:block!important}}</style></head><body bgcolor="#ffffff"><table width="600">` +
		strings.Repeat(row, size/len(row)) + `</table></body></html>`
}

func BenchmarkMail1MB(b *testing.B) {
	in := newsletter(1 << 20)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		Mail(in, MailOptions{})
	}
}

func BenchmarkMail10KB(b *testing.B) {
	in := newsletter(10 << 10)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		Mail(in, MailOptions{})
	}
}

func BenchmarkComposed10KB(b *testing.B) {
	in := strings.Repeat("<p>Dear <span data-merge=\"contact.first_name\">Ann</span>, see <a href=\"https://x.test\">this</a>.</p>", 100)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		Composed(in)
	}
}

// hostile holds shapes on which parsers are known to take quadratic time or worse, repeated to the cap.
var hostile = map[string]string{
	"open divs":          "<div>",
	"open bold":          "<b>",
	"misnested":          "<b><p></b>",
	"misnested deep":     strings.Repeat("<b>", 90) + strings.Repeat("<div>", 90) + strings.Repeat("</b>", 90) + strings.Repeat("</div>", 90),
	"unknown between":    "a<x>",
	"links":              "<a href=http://x.test>",
	"tables":             "<table><tr><td>",
	"table text":         "<table>x",
	"lists":              "<ul><li>",
	"list items":         "<li>",
	"end tags":           "</div>",
	"unclosed style":     "<style>",
	"unclosed svg":       "<svg>",
	"svgs":               "<svg></svg>",
	"unclosed comments":  "<!--",
	"angle brackets":     "<",
	"ends without a tag": "</",
	"attributes":         "<p a=b ",
	"one attribute":      `<p style="`,
	"styles":             `<p style="color:red;font:'a' 1px,(((">`,
	"sheets":             "<style>a{color:red}</style>",
	"css brackets":       "<style>a{b:((((",
	"quotes":             `x<blockquote type=cite></blockquote>`,
	"quotes, nested":     `x<blockquote type=cite><div>`,
	"entities":           "&amp&lt;&#x41;&",
	"backgrounds":        `<p style="background:url(`,
}

// TestBulkHostileInput: no mail holds a core for long, whatever its shape. Each takes
// a second or less on a quiet machine; what is quadratic takes many minutes.
func TestBulkHostileInput(t *testing.T) {
	size, limit := maxInput, time.Minute
	if testing.Short() {
		size = maxInput / 8
	}
	for name, piece := range hostile {
		in := "x" + strings.Repeat(piece, size/len(piece))
		start := time.Now()
		mail := Mail(in, MailOptions{}).HTML
		composed := Composed(in)
		if took := time.Since(start); took > limit {
			t.Errorf("%s: %v for %d bytes", name, took, len(in))
		} else {
			t.Logf("%s: %v for %d bytes, to %d and %d", name, took.Round(time.Millisecond), len(in), len(mail), len(composed))
		}
	}
}
