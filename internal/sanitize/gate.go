package sanitize

import (
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// The gates stand behind our own passes: an independent reading of the result
// by bluemonday. They find nothing to remove (a fuzz test holds that); should
// our passes ever err, it is removed here.

var (
	safeWords = regexp.MustCompile(`^[\w .,:;#%+*()'/!-]*$`)
	safeStyle = regexp.MustCompile(`^[^\\<>@{}"]*$`)
	safeImage = regexp.MustCompile(`^(?:/[^/\\]|cid:|data:image/(?:png|jpeg|gif|webp);base64,)`)
	webOnly   = regexp.MustCompile(`^https?://`)
)

// mailGate is for Mail, without its <style> element.
var mailGate = sync.OnceValue(func() *bluemonday.Policy {
	p := newGate(mailElements)
	p.AllowAttrs("style").Matching(safeStyle).Globally()
	p.AllowAttrs("class", "id", "name", "usemap").Matching(safeWords).Globally()
	p.AllowAttrs(keys(wordAttrs)...).Matching(safeWords).Globally()
	p.AllowAttrs(keys(textAttrs)...).Globally()
	p.AllowAttrs("src").Matching(safeImage).OnElements("img")
	p.AllowAttrs("background").Matching(safeImage).OnElements("table", "td", "th", "tr")
	p.AllowAttrs(remoteSrc).Matching(webOnly).OnElements("img")
	p.AllowAttrs(remoteBackground).Matching(webOnly).OnElements("table", "td", "th", "tr")
	p.AllowURLSchemeWithCustomPolicy("data", func(u *url.URL) bool { return dataImage(u.String()) == u.String() })
	return p
})

// composedGate is for Composed.
var composedGate = sync.OnceValue(func() *bluemonday.Policy {
	p := newGate(composedElements)
	for key, form := range composedData {
		p.AllowAttrs(key).Matching(form).OnElements("span")
	}
	p.AllowAttrs("class").Matching(safeWords).OnElements("span", "code")
	p.AllowAttrs("start").Matching(safeWords).OnElements("ol")
	p.AllowAttrs("width", "height", "alt").OnElements("img")
	p.AllowAttrs("src").Matching(composedImage).OnElements("img")
	return p
})

func newGate(elements map[string]bool) *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(keys(elements)...)
	p.AllowNoAttrs().OnElements(keys(elements)...)
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.AllowAttrs("href").Matching(regexp.MustCompile(`^(?:https?|mailto|tel):`)).OnElements("a", "area")
	p.AllowAttrs("target").Matching(regexp.MustCompile(`^_blank$`)).OnElements("a", "area")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^noopener noreferrer nofollow$`)).OnElements("a", "area")
	return p
}

func keys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		if strings.TrimSpace(k) != "" {
			out = append(out, k)
		}
	}
	return out
}
