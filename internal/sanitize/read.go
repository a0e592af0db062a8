package sanitize

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// How much is read: of the HTML, the rest of which is cut off, and of one element's attributes.
const (
	maxInput = 2 << 20
	maxAttrs = 50
)

// policy says what a kind of HTML may hold.
type policy struct {
	rename map[string]string // tags that become others
	allow  map[string]bool
	// attrs cleans an element's attributes; keep is false for one that is of no use without those it lost.
	attrs func(tag string, attrs []html.Attribute) (clean []html.Attribute, keep bool)
	// style takes the content of a <style> element; nil drops it.
	style func(css, media string)
	// body takes the attributes of the <body>; nil drops them.
	body func(b *builder, attrs []html.Attribute)
}

// hidden are the elements whose content is not text of the mail.
var hidden = set("applet audio canvas datalist math object select svg template video xml")

// rawText are the elements whose content the tokenizer reads as one piece, and
// whose text is not the mail's.
var rawText = set("iframe noembed noframes script title")

// reader feeds a builder from a tokenizer.
type reader struct {
	policy *policy
	build  *builder
	z      *html.Tokenizer
	raw    string
	offset int // behind the current token
	hiding string
	depth  int
	closes map[string]int // where the last end tag of an element stands
	bodied bool
}

// read makes a tree of what the policy allows.
func read(raw string, p *policy) (tree *html.Node, truncated bool) {
	raw, truncated = capped(raw)
	r := &reader{policy: p, build: newBuilder(), z: html.NewTokenizer(strings.NewReader(raw)), raw: raw, closes: map[string]int{}}
	for {
		t := r.z.Next()
		if t == html.ErrorToken {
			return r.build.finish(), truncated
		}
		r.offset += len(r.z.Raw())
		switch t {
		case html.TextToken:
			if r.hiding == "" {
				r.build.text(plainText(string(r.z.Text())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			r.startTag(t == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := r.z.TagName()
			r.endTag(string(name))
		}
	}
}

func capped(raw string) (string, bool) {
	truncated := len(raw) > maxInput
	if truncated {
		raw = raw[:maxInput]
		if lt := strings.LastIndexByte(raw, '<'); lt > strings.LastIndexByte(raw, '>') {
			raw = raw[:lt] // not in the middle of a tag
		}
	}
	return strings.ToValidUTF8(raw, "\uFFFD"), truncated
}

// plainText drops the control characters that HTML 3.2 forbids in text.
func plainText(s string) string {
	if strings.IndexFunc(s, forbidden) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, s)
}

func forbidden(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || 0x7f <= r && r < 0xa0 || r == utf8.RuneError
}

func (r *reader) startTag(selfClosing bool) {
	name, more := r.z.TagName()
	tag := string(name)
	if r.hiding != "" {
		if tag == r.hiding && !selfClosing {
			r.depth++
		}
		r.skipRaw(tag)
		return
	}
	var attrs []html.Attribute
	for more {
		var key, val []byte
		key, val, more = r.z.TagAttr()
		// HTML 13.2.5.33: the first of a name counts.
		if k := string(key); len(attrs) < maxAttrs && !slices.ContainsFunc(attrs, func(a html.Attribute) bool { return a.Key == k }) {
			attrs = append(attrs, html.Attribute{Key: k, Val: plainText(string(val))})
		}
	}
	switch {
	case hidden[tag]:
		// Without an end tag it would hide the rest of the mail.
		if !selfClosing && r.closedLater(tag) {
			r.hiding, r.depth = tag, 1
		}
	case tag == "style":
		r.styleElement(attrs)
	case rawText[tag]:
		r.skipRaw(tag)
	case tag == "noscript":
		r.z.NextIsNotRawText()
	case tag == "body":
		if !r.bodied && r.policy.body != nil && r.build.root.FirstChild == nil {
			r.policy.body(r.build, attrs)
		}
		r.bodied = true
	default:
		r.element(tag, attrs)
	}
}

func (r *reader) element(tag string, attrs []html.Attribute) {
	if to, ok := r.policy.rename[tag]; ok {
		tag = to
	}
	if !r.policy.allow[tag] {
		return
	}
	clean, keep := r.policy.attrs(tag, attrs)
	if !keep {
		r.build.drop(tag)
		return
	}
	r.build.start(tag, clean)
}

func (r *reader) endTag(tag string) {
	if r.hiding != "" {
		if tag == r.hiding {
			if r.depth--; r.depth == 0 {
				r.hiding = ""
			}
		}
		return
	}
	if to, ok := r.policy.rename[tag]; ok {
		tag = to
	}
	switch {
	case tag == "br": // HTML 13.2.6.4.7: </br> is <br>
		r.element("br", nil)
	case r.policy.allow[tag]:
		r.build.end(tag)
	}
}

// skipRaw passes over the content of an element that the tokenizer reads as one piece.
func (r *reader) skipRaw(tag string) {
	if rawText[tag] || tag == "style" {
		r.rawContent(tag)
	}
}

// rawContent takes the text that follows a raw text element's start tag.
func (r *reader) rawContent(tag string) string {
	if !r.closedLater(tag) {
		// As with hidden elements, what is never closed must not take the rest with it.
		r.z.NextIsNotRawText()
		return ""
	}
	t := r.z.Next()
	r.offset += len(r.z.Raw())
	switch t {
	case html.TextToken:
		return string(r.z.Text())
	case html.EndTagToken:
		name, _ := r.z.TagName()
		r.endTag(string(name))
	}
	return ""
}

func (r *reader) styleElement(attrs []html.Attribute) {
	media := ""
	for _, a := range attrs {
		if a.Key == "media" {
			media = a.Val
		}
	}
	css := r.rawContent("style")
	if r.policy.style != nil {
		r.policy.style(css, media)
	}
}

// closedLater reports whether an end tag of this element is still to come.
func (r *reader) closedLater(tag string) bool {
	last, ok := r.closes[tag]
	if !ok {
		last = lastEndTag(r.raw, tag)
		r.closes[tag] = last
	}
	return last >= r.offset
}

// lastEndTag finds the last "</tag" in any case.
func lastEndTag(raw, tag string) int {
	for end := len(raw); ; {
		i := strings.LastIndex(raw[:end], "</")
		if i < 0 {
			return -1
		}
		if rest := raw[i+2:]; len(rest) >= len(tag) && strings.EqualFold(rest[:len(tag)], tag) {
			return i
		}
		end = i
	}
}
