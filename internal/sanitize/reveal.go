package sanitize

import (
	"strings"

	"golang.org/x/net/html"
)

var shownAs = map[string]string{remoteSrc: "src", remoteBackground: "background"}

// Reveal shows the remote images that Mail held back: proxy gives the address,
// on our own origin, at which each is served; empty keeps that one back. safe
// must be a MailResult's HTML.
func Reveal(safe string, proxy func(url string) string) string {
	if !strings.Contains(safe, "data-remote-") {
		return safe
	}
	z := html.NewTokenizer(strings.NewReader(safe))
	var b strings.Builder
	for {
		t := z.Next()
		if t == html.ErrorToken {
			return b.String()
		}
		raw := z.Raw()
		if (t != html.StartTagToken && t != html.SelfClosingTagToken) || !strings.Contains(string(raw), "data-remote-") {
			b.Write(raw)
			continue
		}
		token := z.Token()
		for i, a := range token.Attr {
			if key, held := shownAs[a.Key]; held {
				if url := proxy(a.Val); url != "" {
					token.Attr[i] = html.Attribute{Key: key, Val: url}
				}
			}
		}
		b.WriteString(token.String())
	}
}
