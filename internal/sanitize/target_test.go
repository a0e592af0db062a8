package sanitize

import (
	"strings"
	"testing"
)

func TestTargets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, host string }{
		"another host":            {`<a href="https://evil.example/login">www.bank.example</a>`, "evil.example"},
		"an address":              {`<a href="http://evil.example/">https://bank.example/login?a=b</a>`, "evil.example"},
		"within an element":       {`<p><a href="http://evil.example/"><b>bank.example</b></a></p>`, "evil.example"},
		"a subdomain":             {`<a href="https://click.bank.example/x">www.bank.example</a>`, ""},
		"the same":                {`<a href="https://bank.example/x">https://bank.example/x</a>`, ""},
		"words":                   {`<a href="https://evil.example/">Your account</a>`, ""},
		"a sentence with a point": {`<a href="https://evil.example/">Read this. Now</a>`, ""},
		"a mail address":          {`<a href="mailto:a@b.example">bank.example</a>`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := Mail(c.in, MailOptions{}).HTML
			_, rest, marked := strings.Cut(out, `class="`+elsewhereClass+`"`)
			if marked != (c.host != "") || marked && !strings.Contains(rest, "→ "+c.host+"</span>") {
				t.Errorf("%s", out)
			}
			if !strings.Contains(out, ` title="`) {
				t.Errorf("no title: %s", out)
			}
			if again := Mail(out, MailOptions{}).HTML; again != out {
				t.Errorf("not stable:\n%s\n%s", out, again)
			}
		})
	}
}

// A sender can neither say it of another host, nor hide what we say.
func TestTargetsAreOurs(t *testing.T) {
	t.Parallel()
	out := Mail(`<style>.parley-elsewhere{display:none}</style><a href="https://evil.example/" title="bank.example">bank.example</a><span class="x parley-elsewhere"> → bank.example</span>`, MailOptions{}).HTML
	if strings.Contains(out, "→ bank.example") || !strings.Contains(out, "→ evil.example") || strings.Contains(out, `title="bank.example"`) || !strings.Contains(out, "display: inline !important") {
		t.Error(out)
	}
}
