package api

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
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
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		w.Header().Set("Cache-Control", "no-cache")
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		err := s.serveFile(w, r, name)
		if errors.Is(err, fs.ErrNotExist) && !strings.HasPrefix(name, "assets/") {
			err = s.serveFile(w, r, "index.html")
		}
		if err == nil {
			return
		}
		if !errors.Is(err, fs.ErrNotExist) {
			s.Log.Error("file of the web app not read", "err", err)
		}
		w.Header().Del("Cache-Control")
		http.NotFound(w, r)
	})
}

// fileTypes are those of the app's files; what the machine says of them does not count.
var fileTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8",
}

// serveFile writes a file of the app, as it is or as its gzipped twin NAME.gz.
// Every browser takes that; for other programs it is unpacked.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, name string) error {
	content, err := fs.ReadFile(s.Web, name+".gz")
	packed := err == nil
	if !packed {
		// A folder is no file, nor is a name that leads out of them all.
		if info, err := fs.Stat(s.Web, name); err != nil || info.IsDir() {
			return fs.ErrNotExist
		}
		if content, err = fs.ReadFile(s.Web, name); err != nil {
			return err
		}
	}
	if packed {
		w.Header().Set("Vary", "Accept-Encoding")
	}
	switch {
	case packed && acceptsGzip(r):
		w.Header().Set("Content-Encoding", "gzip")
	case packed:
		if content, err = unpack(content); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", fileTypes[path.Ext(name)])
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // the browser is gone if this fails
	return nil
}

// acceptsGzip reads Accept-Encoding (RFC 9110 12.5.3) as far as it is met with:
// gzip is named, and not with a weight of nothing.
func acceptsGzip(r *http.Request) bool {
	for _, value := range r.Header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(value, ",") {
			coding, weight, _ := strings.Cut(part, ";")
			if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
				weight = strings.ReplaceAll(weight, " ", "")
				return !strings.HasPrefix(weight, "q=0") || strings.Trim(weight, "q=0.") != ""
			}
		}
	}
	return false
}

func unpack(content []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
