package sanitize

import (
	"strings"

	"golang.org/x/net/html"
)

// The attributes that hold the address of a remote image until Reveal shows it.
const (
	remoteSrc        = "data-remote-src"
	remoteBackground = "data-remote-background"
)

// MailOptions say what becomes of a mail's images and quote.
type MailOptions struct {
	// CID gives the address of the part with this Content-ID; empty, or without
	// it: the image is left out.
	CID func(contentID string) string
	// RemoteImage gives the address, on our own origin, at which an image from
	// elsewhere is shown. Without it images are held back: see Reveal.
	RemoteImage func(url string) string
	// QuoteSummary is what a reader clicks to unfold the quoted part; empty: "…".
	QuoteSummary string
}

// MailResult is safe HTML: the content of a document's body.
type MailResult struct {
	HTML         string
	RemoteImages bool // images were held back that Reveal can show
	QuoteFolded  bool // the quoted part is within <details class="quoted">
	Truncated    bool // the mail was too long: its end is missing
}

// mailElements are all that the builder can nest.
var mailElements = func() map[string]bool {
	m := map[string]bool{}
	for tag := range kinds {
		m[tag] = true
	}
	return m
}()

var mailRename = map[string]string{
	"xmp": "pre", "listing": "pre", "plaintext": "pre", "acronym": "abbr", "dir": "ul", "menu": "ul",
	"hgroup": "div", "search": "div", "image": "img", // HTML 13.2.6.4.7: <image> is <img>
}

// Mail makes a mail's HTML safe for its own sandboxed document.
func Mail(raw string, opt MailOptions) MailResult {
	m := &mailCleaner{opt: opt}
	tree, truncated := read(raw, &policy{rename: mailRename, allow: mailElements, attrs: m.attrs, style: m.style, body: m.body})
	m.result.Truncated = truncated
	summary := opt.QuoteSummary
	if summary == "" {
		summary = "…"
	}
	dropTargets(tree)
	m.result.QuoteFolded = foldQuote(tree, summary)
	showTargets(tree)
	m.result.HTML = mailGate().Sanitize(render(tree))
	// Quotes are escaped in text, so only an attribute looks like this.
	m.result.RemoteImages = strings.Contains(m.result.HTML, remoteSrc+`="`) || strings.Contains(m.result.HTML, remoteBackground+`="`)
	if css := strings.TrimSpace(m.sheet.String()); css != "" {
		m.result.HTML = "<style>\n" + css + "\n</style>" + m.result.HTML
	}
	return m.result
}

func render(tree *html.Node) string {
	var b strings.Builder
	for n := tree.FirstChild; n != nil; n = n.NextSibling {
		// A strings.Builder does not fail, and the tree holds elements and text only.
		_ = html.Render(&b, n)
	}
	return b.String()
}

// mailCleaner cleans the attributes and styles of one mail.
type mailCleaner struct {
	opt     MailOptions
	result  MailResult
	sheet   strings.Builder
	sheetIn int
	styles  map[string]string // style attributes cleaned already: a mail repeats few of them over and over
}

// style keeps the rules of a <style> element for the one that goes in front.
func (m *mailCleaner) style(css, media string) {
	if m.sheetIn += len(css); m.sheetIn > maxStyle {
		return
	}
	if media = strings.TrimSpace(media); media != "" && !strings.EqualFold(media, "all") {
		// A media attribute is a @media rule around the sheet; what would break out of it makes it void.
		css = "@media " + strings.NewReplacer("{", "?", "}", "?", ";", "?", "/*", "?").Replace(media) + "{" + cleanSheet(css) + "}"
	}
	m.sheet.WriteString(cleanSheet(css))
}

// body turns a <body> with looks of its own into a <div>.
func (m *mailCleaner) body(b *builder, attrs []html.Attribute) {
	style := attr(attrs, "style")
	if c := attr(attrs, "text"); c != "" {
		style = "color: " + c + "; " + style
	}
	if c := attr(attrs, "bgcolor"); c != "" {
		style = "background-color: " + c + "; " + style
	}
	attrs = setAttr(attrs, "style", style)
	if clean, _ := m.attrs("div", attrs); len(clean) > 0 {
		b.push("div", clean)
	}
}

// attrs cleans the attributes of one element.
func (m *mailCleaner) attrs(tag string, attrs []html.Attribute) (clean []html.Attribute, keep bool) {
	switch tag {
	case "img":
		return m.image(attrs)
	case "a", "area":
		if href := linkURL(attr(attrs, "href")); href != "" {
			clean = link(href)
		}
	case "table", "td", "th", "tr":
		clean = m.background(attrs)
	case "map":
		if name := attr(attrs, "name"); plainWord(name) {
			clean = []html.Attribute{{Key: "name", Val: name}}
		}
	}
	return append(clean, m.looks(attrs)...), true
}

// looks are the attributes that only say how an element looks.
func (m *mailCleaner) looks(attrs []html.Attribute) (clean []html.Attribute) {
	for _, a := range attrs {
		val, ok := plainAttr(a.Key, a.Val)
		if a.Key == "style" {
			val = m.declarations(a.Val)
			ok = val != ""
		}
		if ok {
			clean = append(clean, html.Attribute{Key: a.Key, Val: val})
		}
	}
	return clean
}

const maxStyles = 1000

func (m *mailCleaner) declarations(style string) string {
	if clean, ok := m.styles[style]; ok {
		return clean
	}
	clean := cleanDeclarations(style)
	if m.styles == nil {
		m.styles = map[string]string{}
	}
	if len(m.styles) < maxStyles {
		m.styles[style] = clean
	}
	return clean
}

// image decides where an image may come from.
func (m *mailCleaner) image(attrs []html.Attribute) ([]html.Attribute, bool) {
	src := attr(attrs, "src")
	remote := webURL(src)
	if remote == "" && src == "" {
		remote = webURL(attr(attrs, remoteSrc))
	}
	rest := m.looks(attrs)
	if usemap, ok := strings.CutPrefix(attr(attrs, "usemap"), "#"); ok && plainWord(usemap) {
		rest = append(rest, html.Attribute{Key: "usemap", Val: "#" + usemap})
	}
	if remote != "" {
		if invisible(rest) {
			return nil, false // it is there to count who opens the mail
		}
		return append([]html.Attribute{m.remote("src", remoteSrc, remote)}, rest...), true
	}
	if local := m.local(src); local != "" {
		return append([]html.Attribute{{Key: "src", Val: local}}, rest...), true
	}
	return rest, attr(rest, "alt") != ""
}

// background holds back, or points to a part, the picture behind a table.
func (m *mailCleaner) background(attrs []html.Attribute) []html.Attribute {
	val := attr(attrs, "background")
	remote := webURL(val)
	if val == "" {
		remote = webURL(attr(attrs, remoteBackground))
	}
	if remote != "" {
		return []html.Attribute{m.remote("background", remoteBackground, remote)}
	}
	if local := m.local(val); local != "" {
		return []html.Attribute{{Key: "background", Val: local}}
	}
	return nil
}

func (m *mailCleaner) remote(key, heldKey, url string) html.Attribute {
	if m.opt.RemoteImage != nil {
		if shown := m.opt.RemoteImage(url); shown != "" {
			return html.Attribute{Key: key, Val: shown}
		}
	}
	return html.Attribute{Key: heldKey, Val: url}
}

// local is the address of an image that is part of the mail, or empty.
func (m *mailCleaner) local(src string) string {
	if id, ok := contentID(src); ok && m.opt.CID != nil {
		return m.opt.CID(id)
	}
	return dataImage(src)
}

// invisible: an image of one pixel, or one that is not displayed.
func invisible(attrs []html.Attribute) bool {
	style := "; " + attr(attrs, "style") + ";"
	if strings.Contains(style, "; display: none") || strings.Contains(style, "; visibility: hidden") {
		return true
	}
	tiny := func(side string) bool {
		switch strings.TrimSuffix(attr(attrs, side), "px") {
		case "0", "1":
			return true
		}
		return strings.Contains(style, "; "+side+": 1px") || strings.Contains(style, "; "+side+": 0;") || strings.Contains(style, "; "+side+": 0px")
	}
	return tiny("width") && tiny("height")
}
