package api

import (
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"parley/internal/parley"
)

// registerWeb serves the web app. Its pages are routes of the browser, so every
// other path is index.html; but never a missing asset or an unknown API path:
// an old tab must see that they are gone.
func (s *Server) registerWeb() {
	s.mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		s.writeProblem(w, r, parley.Errorf(parley.NotFound, "path.unknown", "There is no such path in the API. See /openapi.json."))
	})
	if s.Web == nil {
		return
	}
	files := http.FileServerFS(s.Web)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		info, err := fs.Stat(s.Web, name)
		switch {
		case err == nil && !info.IsDir() && name != "index.html":
			if strings.HasPrefix(name, "assets/") {
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			} else {
				w.Header().Set("Cache-Control", "no-cache")
			}
			files.ServeHTTP(w, r)
		case strings.HasPrefix(name, "assets/"):
			http.NotFound(w, r)
		default:
			s.serveIndex(w, r)
		}
	})
}

func (s *Server) serveIndex(w http.ResponseWriter, r *http.Request) {
	page, err := fs.ReadFile(s.Web, "index.html")
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.Log.Error("index.html not read", "err", err)
		}
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(page) // the browser is gone if this fails
}
