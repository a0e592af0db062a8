package mime

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkRead reads the peers' mail of median size; the bar is 1 ms.
func BenchmarkRead(b *testing.B) {
	cases := mailCases(b, "mail-parse")
	slices.SortFunc(cases, func(x, y mailCase) int { return cmp.Compare(len(x.raw), len(y.raw)) })
	for name, at := range map[string]int{"median": len(cases) / 2, "p90": len(cases) * 9 / 10} {
		raw := cases[at].raw
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				Read(raw)
			}
		})
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			for _, c := range cases {
				Read(c.raw)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(cases)), "µs/mail")
	})
}

// hostile are inputs that grow something that a careless reader would go through again and again.
var hostile = map[string]func(n int) string{
	"open comments":      func(n int) string { return "From: " + strings.Repeat("(", n) + "\n\n" },
	"open quotes":        func(n int) string { return "To: " + strings.Repeat(`"a `, n/3) + "\n\n" },
	"open angles":        func(n int) string { return "To: " + strings.Repeat("<a@b ", n/5) + "\n\n" },
	"dots":               func(n int) string { return "To: a@b" + strings.Repeat(" .c", n/3) + "\n\n" },
	"names":              func(n int) string { return "To: " + strings.Repeat("a ", n/2) + "<a@b>\n\n" },
	"groups":             func(n int) string { return "To: " + strings.Repeat("a:", n/2) + "\n\n" },
	"encoded words":      func(n int) string { return "Subject: " + strings.Repeat("=?utf-8?q?", n/10) + "\n\n" },
	"word starts":        func(n int) string { return "Subject: " + strings.Repeat("=?", n/2) + "\n\n" },
	"adjacent words":     func(n int) string { return "Subject: " + strings.Repeat("=?utf-8?q?a?= ", n/14) + "\n\n" },
	"fields":             func(n int) string { return strings.Repeat("A: b\n", n/5) + "\n" },
	"folds":              func(n int) string { return "Subject: a\n" + strings.Repeat(" b\n", n/3) + "\n" },
	"junk lines":         func(n int) string { return "From: a@b\n" + strings.Repeat("junk\n", n/5) + "To: c@d\n\n" },
	"ids":                func(n int) string { return "References: " + strings.Repeat("<a@b>", n/5) + "\n\n" },
	"open ids":           func(n int) string { return "References: " + strings.Repeat("<a ", n/3) + "\n\n" },
	"parameters":         func(n int) string { return "Content-Type: text/plain" + strings.Repeat(";a=b", n/4) + "\n\n" },
	"parameter quotes":   func(n int) string { return `Content-Type: text/plain; name="` + strings.Repeat(`" x`, n/3) + "\n\n" },
	"parameter spaces":   func(n int) string { return `Content-Type: text/plain; name="` + strings.Repeat(`"  \t `, n/5) + "\n\n" },
	"unquoted parameter": func(n int) string { return "Content-Type: text/plain; name=" + strings.Repeat("a\n ", n/3) + "\n\n" },
	"parameter folds":    func(n int) string { return "Content-Type: text/plain; name=" + strings.Repeat("\n ", n/2) + "x\n\n" },
	"parameter returns":  func(n int) string { return "Content-Type: text/plain; name=" + strings.Repeat("\r", n) + "x\n\n" },
	"parameter keys":     func(n int) string { return "Content-Type: text/plain; " + strings.Repeat("(a", n/2) + "=x\n\n" },
	"continuations":      func(n int) string { return "Content-Type: text/plain" + strings.Repeat("; name*1=a", n/10) + "\n\n" },
	"boundaries":         func(n int) string { return multipartOf("a") + strings.Repeat("--a\n", n/4) },
	"near boundaries":    func(n int) string { return multipartOf("a") + strings.Repeat("--ab\n", n/5) },
	"closing boundaries": func(n int) string { return multipartOf("a") + strings.Repeat("--a--\n", n/6) },
	"nesting":            func(n int) string { return strings.Repeat(multipartOf("a")+"--a\n", n/50) },
	"nested forwards":    func(n int) string { return strings.Repeat("Content-Type: message/rfc822\n\n", n/30) },
	"base64":             func(n int) string { return "Content-Transfer-Encoding: base64\n\n" + strings.Repeat("!A=", n/3) },
	"quoted-printable":   func(n int) string { return "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("=", n) },
	"uuencode": func(n int) string {
		return "Content-Transfer-Encoding: uuencode\n\n" + strings.Repeat("begin 644 a\n", n/12)
	},
	"flowed": func(n int) string {
		return "Content-Type: text/plain; format=flowed\n\n" + strings.Repeat("> a \n", n/5)
	},
	"html tags":      func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<", n) },
	"html open tags": func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<a href=http://b>", n/17) },
	"html links": func(n int) string {
		return "Content-Type: text/html\n\n<a href=http://b>" + strings.Repeat("x</a>", n/5)
	},
	"html quotes":     func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<blockquote>a", n/13) },
	"html lists":      func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<ul><li>a", n/9) },
	"html attributes": func(n int) string { return "Content-Type: text/html\n\n<a " + strings.Repeat("b=c ", n/4) + ">" },
	"html pre":        func(n int) string { return "Content-Type: text/html\n\n<pre>" + strings.Repeat("\n", n) },
	"html comment":    func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<!--", n/4) },
	"html script":     func(n int) string { return "Content-Type: text/html\n\n<script>" + strings.Repeat("</scrip", n/7) },
	"html entities":   func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("&amp", n/4) },
	"cid":             func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("cid:a", n/5) },
	"delivery status": func(n int) string {
		return "Content-Type: multipart/report\n\n" + strings.Repeat("\nAction: failed\nx\n", n/18)
	},
	"quote introductions": func(n int) string { return "\n" + strings.Repeat("On Mon, 1 May 2020 <a@b>\n", n/25) },
	"quote blanks":        func(n int) string { return "\na\n" + strings.Repeat("\n", n) + "> b" },
	"quote signatures":    func(n int) string { return "\na\n" + strings.Repeat("--\n", n/3) },
	"quote headers":       func(n int) string { return "\na\n" + strings.Repeat("From: a\n", n/8) },
	"quote rulers":        func(n int) string { return "\na\n" + strings.Repeat("__________\n\n", n/12) },
	"quote one line":      func(n int) string { return "\n" + strings.Repeat("On 1:11 a@b wrote: ", n/19) },
	"carriage returns":    func(n int) string { return "Subject: a\n\n" + strings.Repeat("\r", n) },
	"utf-7":               func(n int) string { return "Content-Type: text/plain; charset=utf-7\n\n" + strings.Repeat("+", n) },
	"spaces": func(n int) string {
		return "From: a@b\nDate: " + strings.Repeat(" ", n) + "\n\n" + strings.Repeat(" ", n)
	},
}

func multipartOf(boundary string) string {
	return "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n"
}

// TestBulkHostile reads half a megabyte of each: what takes quadratic time would take minutes.
func TestBulkHostile(t *testing.T) {
	t.Parallel()
	for name, make := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := []byte(make(1 << 19))
			var m Message
			var visible string
			var at int
			took := cpuOf(func() {
				m = Read(raw)
				visible, at = SplitQuote(m.Text)
			})
			if took > 2*time.Second {
				t.Errorf("%d bytes took %v", len(raw), took)
			}
			t.Logf("took %v", took)
			if at > len(m.Text) || len(visible) > len(m.Text) {
				t.Errorf("split %d bytes at %d", len(m.Text), at)
			}
			if bytes.IndexByte([]byte(m.Text), 0) >= 0 {
				t.Error("NUL in the text")
			}
		})
	}
}
