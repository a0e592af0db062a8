package api

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/parley"
)

// Problem is an error answer (RFC 9457). Key is stable and is what the browser translates by.
type Problem struct {
	Type      string            `json:"type"`
	Title     string            `json:"title"`
	Status    int               `json:"status"`
	Detail    string            `json:"detail" doc:"What is wrong and what to do, in English."`
	Code      string            `json:"code"`
	Key       string            `json:"key"`
	Params    map[string]string `json:"params,omitempty"`
	RequestID string            `json:"request_id,omitempty"`
	Errors    []FieldProblem    `json:"errors,omitempty"`
	ext       map[string]any
}

// FieldProblem is a fault of one field. The value is never sent back: it may be a secret.
type FieldProblem struct {
	Field  string            `json:"field"`
	Key    string            `json:"key"`
	Detail string            `json:"detail"`
	Params map[string]string `json:"params,omitempty"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if after := p.Params["retry_after"]; after != "" {
		h.Set("Retry-After", after)
	}
	return h
}

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// MarshalJSON puts the extension members beside the others (RFC 9457 3.2).
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	if len(p.ext) == 0 {
		return json.Marshal((*plain)(p))
	}
	b, err := json.Marshal((*plain)(p))
	if err != nil {
		return nil, err
	}
	all := map[string]any{}
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	maps.Copy(all, p.ext)
	return json.Marshal(all)
}

// extended adds a member to an error's answer, such as what is newer.
type extended struct {
	error
	member string
	value  any
}

func (e extended) Unwrap() error { return e.error }

// extend returns err with an extension member for its answer.
func extend(err error, member string, value any) error { return extended{err, member, value} }

var statusOf = map[parley.Code]int{
	parley.Invalid:     http.StatusUnprocessableEntity,
	parley.NotFound:    http.StatusNotFound,
	parley.Conflict:    http.StatusConflict,
	parley.Forbidden:   http.StatusForbidden,
	parley.Unauthed:    http.StatusUnauthorized,
	parley.TooMany:     http.StatusTooManyRequests,
	parley.TooLarge:    http.StatusRequestEntityTooLarge,
	parley.Unavailable: http.StatusServiceUnavailable,
	parley.Internal:    http.StatusInternalServerError,
}

// problem turns a service's error into an answer. Faults of ours are logged
// here, once, and answered without their text.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	e, ok := errors.AsType[*parley.Error](err)
	if !ok {
		if errors.Is(err, context.Canceled) {
			e = parley.Errorf(parley.Unavailable, "request.cancelled", "The request was cancelled.")
		} else {
			s.Log.Error("request failed", "err", err, "request_id", requestID(ctx))
			e = parley.Errorf(parley.Internal, "internal", "Something went wrong on our side. Try again; if it keeps happening, tell your administrator the request id.")
		}
	} else if e.Code == parley.Unavailable {
		s.Log.Warn("request put off", "err", err, "request_id", requestID(ctx))
	}
	p := fromError(e)
	p.RequestID = requestID(ctx)
	for ext := (extended{}); errors.As(err, &ext); err = ext.error {
		if p.ext == nil {
			p.ext = map[string]any{}
		}
		p.ext[ext.member] = ext.value
	}
	return p
}

func fromError(e *parley.Error) *Problem {
	code := statusOf[e.Code]
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(code), Status: code,
		Detail: e.Text, Code: string(e.Code), Key: e.Key, Params: e.Params,
	}
	for _, one := range append([]*parley.Error{e}, e.More...) {
		if one.Field != "" {
			p.Errors = append(p.Errors, FieldProblem{Field: one.Field, Key: one.Key, Detail: one.Text, Params: one.Params})
		}
	}
	return p
}

// writeProblem answers outside huma.
func (s *Server) writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(r.Context(), err)
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		s.Log.Debug("answer not written", "err", err, "request_id", p.RequestID)
	}
}

// huma's own faults (a field missing, too long, of the wrong type) become Problems too.
func init() {
	huma.DefaultArrayNullable = false // lists are never null
	huma.NewError = func(status int, detail string, errs ...error) huma.StatusError {
		return validationProblem(status, detail, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, detail string, errs ...error) huma.StatusError {
		p := validationProblem(status, detail, errs)
		if ctx != nil {
			p.RequestID = requestID(ctx.Context())
		}
		return p
	}
}

func validationProblem(status int, detail string, errs []error) *Problem {
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: string(parley.Invalid), Key: "request.invalid"}
	switch status {
	case http.StatusNotFound:
		p.Code, p.Key = string(parley.NotFound), "id.unknown"
	case http.StatusRequestEntityTooLarge:
		p.Code, p.Key, p.Detail = string(parley.TooLarge), "request.too_large", "The request is too large."
	case http.StatusInternalServerError:
		p.Code, p.Key = string(parley.Internal), "internal"
	}
	for _, err := range errs {
		if d, ok := err.(huma.ErrorDetailer); ok {
			p.Errors = append(p.Errors, fieldProblem(d.ErrorDetail()))
		} else if err != nil {
			p.Errors = append(p.Errors, FieldProblem{Key: "request.invalid", Detail: err.Error()})
		}
	}
	if len(p.Errors) == 1 && p.Errors[0].Field != "" {
		p.Detail = p.Errors[0].Field + ": " + p.Errors[0].Detail
	}
	return p
}

// required reads which property huma misses; it places the fault on what should hold it.
var required = regexp.MustCompile(`^expected required property (\S+) to be present$`)

func fieldProblem(e *huma.ErrorDetail) FieldProblem {
	if missing := required.FindStringSubmatch(e.Message); missing != nil {
		return FieldProblem{Field: fieldName(e.Location + "." + missing[1]), Key: "field.required", Detail: "This is needed."}
	}
	return FieldProblem{Field: fieldName(e.Location), Key: "field.invalid", Detail: e.Message}
}

// fieldName turns "body.to[0].email" into "to[0].email".
func fieldName(location string) string {
	for _, prefix := range []string{"body.", "query.", "path.", "header."} {
		if name, ok := strings.CutPrefix(location, prefix); ok {
			return name
		}
	}
	return location
}
