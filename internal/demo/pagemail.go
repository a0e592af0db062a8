package demo

import (
	"bytes"
	"fmt"
	"io"
	stdmime "mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/mime"
	"parley/internal/parley"
)

// shown are the images that a browser may show rather than save.
var shown = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// html is a mail's HTML as a document of its own, which can run nothing (mailPolicy).
func (c *Customer) html(w http.ResponseWriter, r *http.Request) error {
	m, err := c.mailOf(r)
	if err != nil {
		return err
	}
	read := mime.Read(m.Raw)
	body := read.HTML
	for n, p := range read.Parts {
		if p.Inline && p.ContentID != "" {
			body = strings.ReplaceAll(body, "cid:"+p.ContentID, fmt.Sprintf("/api/mails/%d/parts/%d", m.ID, n))
		}
	}
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, mailHead+body) // the reader has left
	return nil
}

// mailHead stands before every mail: its links open elsewhere, and it looks like mail where it says nothing itself.
const mailHead = `<!doctype html><meta charset="utf-8"><base target="_blank"><style>
:root{color-scheme:light}body{margin:0;display:flow-root;font:14px/22px Inter,system-ui,sans-serif;color:#17171d;background:#fff;overflow-wrap:anywhere}
body>:first-child{margin-top:0}body>:last-child{margin-bottom:0}img{max-width:100%;height:auto}blockquote{margin:0 0 0 4px;padding-left:12px;border-left:2px solid #d6d6de;color:#474754}</style>
`

// raw is a mail as it went over the wire.
func (c *Customer) raw(w http.ResponseWriter, r *http.Request) error {
	m, err := c.mailOf(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(m.Raw) // the reader has left
	return nil
}

// part is an attachment, or an image of the HTML.
func (c *Customer) part(w http.ResponseWriter, r *http.Request) error {
	m, err := c.mailOf(r)
	if err != nil {
		return err
	}
	parts := mime.Read(m.Raw).Parts
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(parts) {
		return parley.Errorf(parley.NotFound, "part.gone", "This mail has no such attachment.")
	}
	p := parts[n]
	h := w.Header()
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	if p.Inline && slices.Contains(shown, p.ContentType) {
		h.Set("Content-Type", p.ContentType)
	} else {
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(p.Filename))
	}
	_, _ = w.Write(p.Body) // the reader has left
	return nil
}

// Bounds of a letter on its way in: the text and 20 MB of attachments, below what a mail may have once they are encoded.
const (
	maxForm    = 21 << 20
	formMemory = 4 << 20
)

// post sends what somebody wrote.
func (c *Customer) post(r *http.Request) (any, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxForm)
	if err := r.ParseMultipartForm(formMemory); err != nil {
		return nil, parley.Errorf(parley.TooLarge, "form.unreadable", "What you sent is too large or broke off. Attachments may have 20 MB together.")
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	l := letter{
		From: parley.Address{Name: oneLine(r.FormValue("from_name")), Email: strings.TrimSpace(r.FormValue("from"))},
		To:   parley.Address{Email: strings.TrimSpace(r.FormValue("to"))}, Subject: oneLine(r.FormValue("subject")),
		Text: strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n"), DropReferences: r.FormValue("drop_references") != "", Forged: r.FormValue("forged") != "",
	}
	l.ReplyTo, _ = strconv.ParseInt(r.FormValue("reply_to"), 10, 64) // none answers nothing
	for cc := range strings.FieldsFuncSeq(r.FormValue("cc"), func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		l.Cc = append(l.Cc, parley.Address{Email: cc})
	}
	for _, f := range r.MultipartForm.File["files"] {
		body, err := fileOf(f)
		if err != nil {
			return nil, fmt.Errorf("read attachment: %w", err)
		}
		l.Parts = append(l.Parts, mime.Part{Filename: f.Filename, ContentType: contentType(f.Header.Get("Content-Type")), Body: body})
	}
	m, err := c.write(r.Context(), l)
	if err != nil {
		return nil, err
	}
	return map[string]int64{"id": m.ID}, nil
}

func fileOf(f *multipart.FileHeader) ([]byte, error) {
	open, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = open.Close() }() // it was read
	return io.ReadAll(open)
}

func contentType(s string) string {
	if t, _, err := stdmime.ParseMediaType(s); err == nil {
		return t
	}
	return "application/octet-stream"
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// heartbeat is how often a stream says that it is still there.
const heartbeat = 15 * time.Second

// changes tells the page whenever something changed (server-sent events).
func (c *Customer) changes(w http.ResponseWriter, r *http.Request) {
	signal, stop := c.box.watch()
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	var b bytes.Buffer
	for {
		texted := c.phones.carrier.Changed()
		b.Reset()
		_, _ = fmt.Fprintf(&b, "data: %d\n\n", c.box.count())
		if _, err := w.Write(b.Bytes()); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-signal:
		case <-texted:
		case <-beat.C:
		case <-r.Context().Done():
			return
		}
	}
}
