package sanitize

import (
	"strings"
	"testing"
)

func TestLinkURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                              "",
		"https://x.test/a?b=c#d":        "https://x.test/a?b=c#d",
		"HTTP://X.test":                 "http://X.test",
		" \t\nhttp://x.test/a b ":       "http://x.test/a%20b",
		"http://x.test/%zz?q=ä":         "http://x.test/%25zz?q=ä",
		"//x.test/a":                    "https://x.test/a",
		`\\x.test\a`:                    "https://x.test/a",
		`https:\\x.test/`:               "https://x.test/",
		"https:x.test":                  "https://x.test",
		"http://":                       "",
		"http://[::1":                   "",
		"mailto:ann@x.test?subject=a b": "mailto:ann@x.test?subject=a%20b",
		"mailto:":                       "",
		"tel:+1 555 01":                 "tel:+1%20555%2001",
		"javascript:alert(1)":           "",
		"java\nscript:alert(1)":         "",
		" \x01javascript:alert(1)":      "",
		"JaVaScRiPt&colon;alert(1)":     "",
		"vbscript:x":                    "",
		"data:text/html,x":              "",
		"file:///etc/passwd":            "",
		"www.x.test":                    "",
		"#top":                          "",
		"/api/v1/session":               "",
		"http://x/" + strings.Repeat("a", maxURL): "",
	} {
		if got := linkURL(in); got != want {
			t.Errorf("linkURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDataImage(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"data:image/png;base64,AAAA":                                    "data:image/png;base64,AAAA",
		"DATA:image/PNG;base64,AA\n\tAA":                                "data:image/png;base64,AAAA",
		"data:image/jpg;base64,AA":                                      "data:image/jpeg;base64,AA==",
		"data:image/gif;name=x;base64,AA%3D%3D":                         "data:image/gif;base64,AA==",
		"data:image/svg+xml;base64,AAAA":                                "",
		"data:text/html;base64,AAAA":                                    "",
		"data:image/png,AAAA":                                           "",
		"data:image/png;base64,":                                        "",
		"data:image/png;base64,<>":                                      "",
		"data:image/png;base64,A":                                       "",
		"data:image/png;base64," + strings.Repeat("AAAA", maxDataURL/4): "",
	} {
		if got := dataImage(in); got != want {
			t.Errorf("dataImage(%q) = %q, want %q", in, got, want)
		}
	}
}
