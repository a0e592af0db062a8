package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"parley/internal/parley"
)

// maxKeyedBody bounds what is hashed for an Idempotency-Key: an upload and its form.
const maxKeyedBody = 26 << 20

type (
	requestIDKey struct{}
	onceKey      struct{}
)

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

func onceOf(ctx context.Context) parley.Once {
	o, _ := ctx.Value(onceKey{}).(parley.Once)
	return o
}

// recorder remembers how an answer went, for the log.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// withRequestID names every request, in the answer and in the log.
func (s *Server) withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:16]
		w.Header().Set("X-Request-Id", id)
		rec := &recorder{ResponseWriter: w}
		start := s.Now()
		next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
		s.Log.Debug("request", "request_id", id, "route", r.Pattern, "status", rec.status, "bytes", rec.bytes, "duration", time.Since(start))
	})
}

// withRecovery keeps one request's panic from ending the server.
func (s *Server) withRecovery(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			s.writeProblem(w, r, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
		}()
		next.ServeHTTP(w, r)
	})
}

// withSecurityHeaders sets what holds for every answer; the documents of
// messages and attachments replace the policy by their own, stricter one.
func withSecurityHeaders(next http.Handler) http.Handler {
	const policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
		"font-src 'self'; connect-src 'self'; frame-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// withIdempotencyKey reads the header and hashes the request, so that a service
// can tell a repeated request from another one under the same key.
func (s *Server) withIdempotencyKey(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		if r.Method != http.MethodPost || key == "" {
			next.ServeHTTP(w, r)
			return
		}
		if len(key) > 255 {
			s.writeProblem(w, r, parley.Errorf(parley.Invalid, "request.key_too_long", "An Idempotency-Key has at most 255 characters.").On("Idempotency-Key"))
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxKeyedBody))
		if err != nil {
			if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
				err = parley.Errorf(parley.TooLarge, "request.too_large", "The request is too large.")
			} else {
				err = parley.Errorf(parley.Invalid, "request.broken", "The request broke off before its end. Send it again.")
			}
			s.writeProblem(w, r, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		sum := sha256.New()
		_, _ = fmt.Fprintf(sum, "%s %s\n", r.Method, r.URL.RequestURI()) // a hash never fails to write
		_, _ = sum.Write(body)
		once := parley.Once{Key: key, Fingerprint: hex.EncodeToString(sum.Sum(nil))}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), onceKey{}, once)))
	})
}
