package api

import (
	"net/http"

	"parley/internal/parley"
)

// registerHooks takes what providers bring, outside /api/v1. Mailgun sends a
// mail as it came only to addresses that end with "mime".
func (s *Server) registerHooks() {
	for _, path := range []string{"POST /hooks/{token}", "GET /hooks/{token}", "POST /hooks/{token}/mime"} {
		s.mux.HandleFunc(path, s.hook)
	}
}

func (s *Server) hook(w http.ResponseWriter, r *http.Request) {
	handler, err := s.Gateway.Webhook(r.Context(), r.PathValue("token"), s.Intake)
	if parley.IsCode(err, parley.NotFound) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if err != nil {
		s.Log.Error("a webhook cannot be served", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	handler.ServeHTTP(w, r)
}
