package mime

import (
	"bytes"
	"cmp"
	"html"
	"slices"
	"strings"
)

// section is a piece of body in the forms its sender gave it.
type section struct {
	text, html       string
	hasText, hasHTML bool
}

// readBody walks the parts and fills Text, HTML and Parts.
func (r *reader) readBody(head header, body []byte) {
	e := newEntity(head, body, r.charset, "text/plain")
	r.kind = e.kind.value
	sections := r.walk(e, 0)
	m := &r.msg
	if o := r.outlook; !hasHTML(sections) && strings.TrimSpace(joinText(sections)) == "" && o.text+o.html != "" {
		sections = []section{{text: o.text, html: o.html, hasText: o.text != "", hasHTML: o.html != ""}}
	}
	m.Text, m.HTML = joinText(sections), joinHTML(sections)
	refs := contentRefs(m.HTML)
	for i := range m.Parts {
		p := &m.Parts[i]
		p.Inline = p.ContentID != "" && refs[strings.ToLower(p.ContentID)]
	}
}

// walk reads an entity: attachments are added to the message, body text is returned.
func (r *reader) walk(e entity, depth int) []section {
	if r.parts++; r.parts > maxParts {
		r.msg.Broken = ErrTooManyParts
		return nil
	}
	major, minor, _ := strings.Cut(e.kind.value, "/")
	switch {
	case major == "multipart" && depth < maxDepth:
		return r.walkMultipart(e, minor, depth)
	case major == "multipart":
		r.msg.Broken = ErrTooDeep
		r.attach(e)
		return nil
	case r.isBody(e):
		if r.isFile(e, depth) {
			r.attach(e)
		}
		return r.bodyText(e)
	case r.isForward(e) && depth < maxDepth:
		r.attach(e)
		return r.forwarded(e, depth)
	}
	r.attach(e)
	return nil
}

func (r *reader) walkMultipart(e entity, minor string, depth int) []section {
	bodies, ok := splitMultipart(e.body, e.kind.params["boundary"])
	if !ok {
		e.kind = mediaType{value: "text/plain", params: e.kind.params}
		return r.bodyText(e)
	}
	defer func(report, alternative bool) { r.inReport, r.inAlternative = report, alternative }(r.inReport, r.inAlternative)
	r.inReport = r.inReport || minor == "report"
	r.inAlternative = minor == "alternative"
	fallback := "text/plain"
	if minor == "digest" {
		fallback = "message/rfc822" // RFC 2046 5.1.5
	}
	var sections []section
	var alternatives [][]section
	for _, b := range bodies {
		head, body := splitHeader(b)
		child := r.walk(newEntity(head, body, r.charset, fallback), depth+1)
		sections = append(sections, child...)
		alternatives = append(alternatives, child)
	}
	if minor == "alternative" {
		return choose(alternatives)
	}
	return sections
}

// choose makes one section of alternatives: the last HTML, which RFC 2046 5.1.4
// calls the best, and the plain text. Plain texts that differ are no alternatives
// whatever their sender called them: all are kept.
func choose(alternatives [][]section) []section {
	var out section
	var texts []string
	for _, sections := range alternatives {
		if hasHTML(sections) {
			out.html, out.hasHTML = joinHTML(sections), true
		}
		if hasPlain(sections) {
			texts, out.hasText = appendDistinct(texts, joinText(sections)), true
		}
	}
	out.text = strings.Join(texts, "\n\n")
	if !out.hasText && !out.hasHTML {
		return nil
	}
	return []section{out}
}

func hasHTML(sections []section) bool {
	return slices.ContainsFunc(sections, func(s section) bool { return s.hasHTML })
}

func hasPlain(sections []section) bool {
	return slices.ContainsFunc(sections, func(s section) bool { return s.hasText })
}

// maxNamedText is how large a text with a file name may be to be read with the message.
const maxNamedText = 64 << 10

// isBody tells text to read from files: a text part is body unless it is called
// an attachment (RFC 2183 2.2).
func (r *reader) isBody(e entity) bool {
	if e.kind.value != "text/plain" && e.kind.value != "text/html" || e.disposition(r.charset) == "attachment" {
		return false
	}
	return len(e.body) <= maxNamedText || e.filename(r.charset) == ""
}

// isFile tells body text that is a file too: shown, and to be had as it came.
func (r *reader) isFile(e entity, depth int) bool {
	return depth > 0 && !r.inAlternative && e.filename(r.charset) != ""
}

func (r *reader) bodyText(e entity) []section {
	raw := e.content()
	text := lineFeeds(decodeCharset(e.kind.params["charset"], raw))
	if r.inside == 0 {
		r.hashed = append(r.hashed, []byte(strings.TrimRight(text, "\n")))
	}
	if e.kind.value == "text/html" {
		return []section{{html: text, hasHTML: true}}
	}
	if strings.EqualFold(e.kind.params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(e.kind.params["delsp"], "yes"))
	}
	return []section{{text: text, hasText: true}}
}

// lineFeeds makes every line end a line feed.
func lineFeeds(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// unnamed are names for parts that mail programs leave without one, and that mean
// something to whoever opens them.
var unnamed = map[string]string{
	"text/calendar": "invite.ics", "application/ics": "invite.ics",
	"application/pkcs7-signature": "smime.p7s", "application/x-pkcs7-signature": "smime.p7s", "application/pkcs7-mime": "smime.p7m", "application/x-pkcs7-mime": "smime.p7m",
	"application/pgp-signature": "signature.asc", "application/pgp-encrypted": "version.asc", "text/vcard": "contact.vcf", "text/x-vcard": "contact.vcf",
}

func (r *reader) attach(e entity) {
	if r.inside > 0 {
		return
	}
	body := e.content()
	r.hashed = append(r.hashed, bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")))
	name := e.filename(r.charset)
	if isTNEF(e, name) {
		if found, ok := readTNEF(body, 0); ok {
			r.msg.Parts = append(r.msg.Parts, found.files[:min(len(found.files), maxParts)]...)
			r.outlook.text, r.outlook.html = cmp.Or(r.outlook.text, found.text), cmp.Or(r.outlook.html, found.html)
			return
		}
	}
	if name == "" && e.kind.value == "message/rfc822" && !r.isForward(e) {
		name = mailFilename(body, r.charset)
	}
	if name == "" {
		name = unnamed[e.kind.value]
	}
	r.msg.Parts = append(r.msg.Parts, Part{
		Filename:    name,
		ContentType: e.kind.value,
		ContentID:   e.contentID(),
		Body:        body,
	})
	if isReport(e.kind.value) {
		r.reports = append(r.reports, e)
	}
}

// joinText joins the plain text of all sections; one without is read from its HTML.
func joinText(sections []section) string {
	var texts []string
	for _, s := range sections {
		t := s.text
		if strings.TrimSpace(t) == "" && s.hasHTML {
			t = TextFromHTML(s.html)
		}
		texts = appendNonBlank(texts, strings.TrimRight(t, "\n"))
	}
	return strings.Join(texts, "\n\n")
}

// joinHTML joins the HTML of all sections, with plain text in between shown as
// it is; empty if none has HTML.
func joinHTML(sections []section) string {
	if !hasHTML(sections) {
		return ""
	}
	var htmls []string
	for _, s := range sections {
		h := s.html
		if !s.hasHTML {
			h = htmlFromText(s.text)
		}
		htmls = appendNonBlank(htmls, h)
	}
	return strings.Join(htmls, "\n")
}

func appendDistinct(list []string, s string) []string {
	if slices.Contains(list[max(0, len(list)-3):], s) {
		return list
	}
	return appendNonBlank(list, s)
}

func appendNonBlank(list []string, s string) []string {
	if strings.TrimSpace(s) == "" {
		return list
	}
	return append(list, s)
}

// htmlFromText shows plain text between pieces of HTML.
func htmlFromText(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return `<div style="white-space:pre-wrap">` + html.EscapeString(strings.TrimRight(text, "\n")) + "</div>"
}

// contentRefs lists what HTML refers to by cid: (RFC 2392), in lower case.
func contentRefs(htm string) map[string]bool {
	refs := map[string]bool{}
	for {
		i := strings.IndexByte(htm, ':')
		if i < 0 {
			return refs
		}
		isRef := i >= 3 && strings.EqualFold(htm[i-3:i], "cid")
		htm = htm[i+1:]
		if !isRef {
			continue
		}
		end := strings.IndexAny(htm, "\"'<>() \t\n")
		if end < 0 {
			end = len(htm)
		}
		id := appendUnescaped(nil, []byte(html.UnescapeString(htm[:end])), '%')
		refs[strings.ToLower(string(id))] = true
		htm = htm[end:]
	}
}
