package demo

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/channel/carrier"
	"parley/internal/parley"
)

// textView is a text as a phone shows it.
type textView struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Written bool      `json:"written"` // by the phone's owner
	Number  string    `json:"number"`  // of the business
	Body    string    `json:"body"`
	// Delivered: it was written, and the business has it.
	Delivered bool          `json:"delivered"`
	Pictures  []pictureView `json:"pictures"`
}

type pictureView struct {
	N           int    `json:"n"`
	ContentType string `json:"content_type"`
	Shown       bool   `json:"shown"` // else it is offered to be saved
}

// texts are those of one phone; whoever asks for them sees them.
func (c *Customer) texts(r *http.Request) (any, error) {
	phone := r.URL.Query().Get("phone")
	out := []textView{}
	for _, t := range c.phones.shows(phone) {
		v := textView{ID: t.SID, At: t.At, Written: t.Written, Number: t.From, Body: t.Body, Delivered: t.Taken, Pictures: []pictureView{}}
		if t.Written {
			v.Number = t.To
		}
		for n, m := range t.Media {
			v.Pictures = append(v.Pictures, pictureView{n, m.ContentType, slices.Contains(pictureTypes, m.ContentType)})
		}
		out = append(out, v)
	}
	return map[string]any{"items": out}, nil
}

// markSeen: what a phone shows was looked at.
func (c *Customer) markSeen(r *http.Request) (any, error) {
	c.phones.look(r.URL.Query().Get("phone"))
	c.box.touch()
	return struct{}{}, nil
}

// postText sends what somebody wrote on a phone.
func (c *Customer) postText(r *http.Request) (any, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxForm)
	if err := r.ParseMultipartForm(formMemory); err != nil {
		return nil, parley.Errorf(parley.TooLarge, "form.unreadable", "What you sent is too large or broke off. Pictures may have %d MB together.", maxPictureBytes>>20)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	n := note{
		From: strings.ReplaceAll(r.FormValue("from"), " ", ""), To: r.FormValue("to"),
		Text: strings.TrimSpace(strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n")),
	}
	for _, f := range r.MultipartForm.File["files"] {
		if f.Size == 0 && f.Filename == "" {
			continue // no file was chosen
		}
		body, err := fileOf(f)
		if err != nil {
			return nil, fmt.Errorf("read picture: %w", err)
		}
		n.Pictures = append(n.Pictures, carrier.Media{ContentType: contentType(f.Header.Get("Content-Type")), Body: body})
	}
	c.box.name(n.From, oneLine(r.FormValue("from_name"))) // before the page is told of the text
	t, err := c.text(r.Context(), n)
	if err != nil {
		return nil, err
	}
	return map[string]string{"id": t.SID}, nil
}

// picture is one of a text that a phone shows.
func (c *Customer) picture(w http.ResponseWriter, r *http.Request) error {
	texts := c.phones.shows(r.URL.Query().Get("phone"))
	i := slices.IndexFunc(texts, func(t carrier.Text) bool { return t.SID == r.PathValue("id") })
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || i < 0 || n < 0 || n >= len(texts[i].Media) {
		return parley.Errorf(parley.NotFound, "picture.gone", "This text has no such picture.")
	}
	m := texts[i].Media[n]
	h := w.Header()
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	if slices.Contains(pictureTypes, m.ContentType) {
		h.Set("Content-Type", m.ContentType)
	} else {
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", "attachment")
	}
	_, _ = w.Write(m.Body) // the reader has left
	return nil
}
