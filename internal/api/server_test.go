package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"parley/internal/parley"
)

type fakeAuth struct{}

func (fakeAuth) Authenticate(_ context.Context, cookie, bearer string) (parley.Actor, error) {
	if cookie != "good" && bearer != "good" {
		return parley.Actor{}, parley.Errorf(parley.Unauthed, "session.required", "Sign in first.")
	}
	return parley.Actor{AccountID: 1, UserID: 2, Role: parley.Owner}, nil
}

type echoInput struct {
	Body struct {
		Name     string        `json:"name" minLength:"2"`
		Assignee Field[int64]  `json:"assignee_id,omitempty"`
		Note     Field[string] `json:"note,omitempty"`
	}
}

type echo struct {
	Name     string `json:"name"`
	Assignee string `json:"assignee"`
	User     *int64 `json:"user"`
	Key      string `json:"key"`
}

func testServer(t *testing.T, handle func(parley.Actor, *echoInput) (*Body[echo], error)) *httptest.Server {
	t.Helper()
	s := New(Deps{Auth: fakeAuth{}, Web: fstest.MapFS{
		"index.html":    {Data: []byte("<!doctype html>app")},
		"assets/a.1.js": {Data: []byte("1")},
	}})
	signedIn(s, op(http.MethodPost, "/api/v1/echo", "echo", "Echo"), func(_ context.Context, a parley.Actor, in *echoInput) (*Body[echo], error) {
		return handle(a, in)
	})
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	return srv
}

func describe(f Field[int64]) string {
	switch {
	case !f.Set:
		return "absent"
	case f.Null:
		return "null"
	}
	return "set"
}

func post(t *testing.T, srv *httptest.Server, path, body string, header ...string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(b)
}

func TestOperationTellsActorKeyAndAbsentFromNull(t *testing.T) {
	t.Parallel()
	srv := testServer(t, func(a parley.Actor, in *echoInput) (*Body[echo], error) {
		return &Body[echo]{echo{Name: in.Body.Name, Assignee: describe(in.Body.Assignee), User: ref(a.UserID), Key: a.Once.Key}}, nil
	})
	for body, want := range map[string]string{
		`{"name":"Ada"}`:                    "absent",
		`{"name":"Ada","assignee_id":null}`: "null",
		`{"name":"Ada","assignee_id":7}`:    "set",
	} {
		code, _, text := post(t, srv, "/api/v1/echo", body, "Authorization", "Bearer good", "Idempotency-Key", "k9")
		var got echo
		if err := json.Unmarshal([]byte(text), &got); err != nil || code != http.StatusCreated {
			t.Fatalf("%s: %d %s (%v)", body, code, text, err)
		}
		if got.Assignee != want || got.User == nil || *got.User != 2 || got.Key != "k9" {
			t.Errorf("%s: %+v, want %s", body, got, want)
		}
	}
}

func TestFaultsAreProblems(t *testing.T) {
	t.Parallel()
	faults := map[string]error{
		"conflict": extend(parley.Errorf(parley.Conflict, "conversation.newer", "Something newer arrived.").On("seen_seq"), "newer", []int{1}),
		"limited":  parley.Errorf(parley.TooMany, "session.too_many", "Wait.").With("retry_after", "30"),
		"ours":     errors.New("database gone: secret-dsn"),
		"panic":    nil,
	}
	srv := testServer(t, func(_ parley.Actor, in *echoInput) (*Body[echo], error) {
		if in.Body.Name == "panic" {
			panic("secret-dsn")
		}
		return nil, faults[in.Body.Name]
	})
	cases := []struct {
		name, body, cookie string
		status             int
		want               []string
	}{
		{"service conflict", `{"name":"conflict"}`, "good", 409, []string{`"key":"conversation.newer"`, `"field":"seen_seq"`, `"newer":[1]`}},
		{"rate limit", `{"name":"limited"}`, "good", 429, []string{`"retry_after":"30"`}},
		{"our fault", `{"name":"ours"}`, "good", 500, []string{`"key":"internal"`, `"request_id":"`}},
		{"a panic", `{"name":"panic"}`, "good", 500, []string{`"key":"internal"`}},
		{"validation", `{"name":"x","assignee_id":"seven-secret"}`, "good", 422, []string{`"field":"name"`}},
		{"a field missing", `{}`, "good", 422, []string{`"field":"name"`, `"key":"field.required"`}},
		{"broken JSON", `{"name":`, "good", 400, []string{`"key":"request.invalid"`}},
		{"nobody", `{"name":"Ada"}`, "bad", 401, []string{`"key":"session.required"`}},
	}
	for _, c := range cases {
		code, header, text := post(t, srv, "/api/v1/echo", c.body, "Cookie", cookieName+"="+c.cookie)
		if code != c.status || header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s %s", c.name, code, header.Get("Content-Type"), text)
		}
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %s lacks %s", c.name, text, want)
			}
		}
		if strings.Contains(text, "secret") {
			t.Errorf("%s: the answer leaks: %s", c.name, text)
		}
		if c.status == 429 && header.Get("Retry-After") != "30" {
			t.Errorf("%s: Retry-After is %q", c.name, header.Get("Retry-After"))
		}
	}
}

func TestForeignSiteMayNotPost(t *testing.T) {
	t.Parallel()
	srv := testServer(t, func(parley.Actor, *echoInput) (*Body[echo], error) { return &Body[echo]{}, nil })
	code, _, _ := post(t, srv, "/api/v1/echo", `{"name":"Ada"}`, "Cookie", cookieName+"=good", "Sec-Fetch-Site", "cross-site")
	if code != http.StatusForbidden {
		t.Errorf("a cross-site POST with the cookie got %d", code)
	}
}

// What is kept gzipped leaves so, and unpacked for those who do not take it.
func TestWebAppIsPacked(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte("export const answer = 42")); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	s := New(Deps{Auth: fakeAuth{}, Web: fstest.MapFS{"assets/a.1.js.gz": {Data: packed.Bytes()}}})
	for accept, want := range map[string]string{
		"gzip, br": "gzip", "br;q=1, GZIP;q=0.5": "gzip", "gzip; q=0": "", "gzip;q=0.0": "", "br": "", "": "",
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/assets/a.1.js", nil)
		r.Header.Set("Accept-Encoding", accept)
		s.Handler().ServeHTTP(w, r)
		body := w.Body.String()
		if want == "gzip" {
			content, err := unpack(w.Body.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			body = string(content)
		}
		if got := w.Header(); body != "export const answer = 42" || got.Get("Content-Encoding") != want ||
			got.Get("Content-Type") != "text/javascript; charset=utf-8" || got.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %q with %v", accept, body, got)
		}
	}
}

func TestWebAppPaths(t *testing.T) {
	t.Parallel()
	srv := testServer(t, nil)
	for path, want := range map[string]struct {
		status int
		cache  string
	}{
		"/":               {200, "no-cache"},
		"/inbox?c=5":      {200, "no-cache"},
		"/assets/a.1.js":  {200, "public, max-age=31536000, immutable"},
		"/assets/gone.js": {404, ""},
		"/api/v1/nothing": {404, "no-store"},
		"/healthz":        {200, ""},
		"/readyz":         {200, ""},
		"/openapi.json":   {200, ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want.status || res.Header.Get("Cache-Control") != want.cache {
			t.Errorf("%s: %d %q, want %+v", path, res.StatusCode, res.Header.Get("Cache-Control"), want)
		}
		if res.Header.Get("Content-Security-Policy") == "" || res.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s lacks its headers: %v", path, res.Header)
		}
	}
}
