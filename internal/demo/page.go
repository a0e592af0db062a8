package demo

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

// pagePolicy lets the page load its own files and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// mailPolicy keeps a mail from running or loading anything but its own images.
const mailPolicy = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self'; " +
	"style-src 'unsafe-inline'; frame-ancestors 'self'"

// handler serves the page and what it asks for.
func (c *Customer) handler() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /api/state", c.answering(c.state))
	mux.HandleFunc("GET /api/mails", c.answering(c.list))
	mux.HandleFunc("POST /api/mails", c.answering(c.post))
	mux.HandleFunc("GET /api/mails/{id}", c.answering(c.open))
	mux.HandleFunc("POST /api/mails/{id}/read", c.answering(c.markRead))
	mux.HandleFunc("GET /api/mails/{id}/html", c.writing(c.html))
	mux.HandleFunc("GET /api/mails/{id}/raw", c.writing(c.raw))
	mux.HandleFunc("GET /api/mails/{id}/parts/{n}", c.writing(c.part))
	mux.HandleFunc("GET /api/texts", c.answering(c.texts))
	mux.HandleFunc("POST /api/texts", c.answering(c.postText))
	mux.HandleFunc("POST /api/texts/seen", c.answering(c.markSeen))
	mux.HandleFunc("GET /api/texts/{id}/pictures/{n}", c.writing(c.picture))
	mux.HandleFunc("GET /api/changes", c.changes)
	return http.NewCrossOriginProtection().Handler(withHeaders(mux))
}

func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
