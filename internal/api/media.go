package api

import (
	"io"
	"net/http"
	"slices"
	"strconv"

	"parley/internal/parley"
)

// registerMedia gives the pictures of our texts to the providers that send them,
// outside /api/v1: whoever holds the signed address may fetch it, for a while.
func (s *Server) registerMedia() {
	s.mux.HandleFunc("GET /media/{signed}", func(w http.ResponseWriter, r *http.Request) {
		a, content, err := s.Outbox.OpenMedia(r.Context(), r.PathValue("signed"))
		if parley.IsCode(err, parley.NotFound) || err == nil && !slices.Contains(safeImages, a.ContentType) {
			if content != nil {
				_ = content.Close() // it was only read
			}
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if err != nil {
			s.Log.Error("a picture cannot be given to its provider", "err", err)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		defer func() { _ = content.Close() }() // it was only read
		w.Header().Set("Content-Type", a.ContentType)
		w.Header().Set("Content-Length", strconv.FormatInt(a.Size, 10))
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
		w.Header().Set("Cache-Control", "private, max-age=86400")
		_, _ = io.Copy(w, content) // the provider asks again
	})
}
