package dial_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/dial"
	"parley/internal/parley"
)

func TestHTTPRefusesPrivateAddresses(t *testing.T) {
	t.Parallel()
	called := false
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer srv.Close()
	_, err := get(t, dial.New(dial.Policy{}).HTTPClient(dial.Limits{}), srv.URL)
	if !parley.IsCode(err, parley.Invalid) || called {
		t.Errorf("err = %v, called = %v", err, called)
	}
}

// TestHTTPRedirectIsCheckedAgain: an allowed server may not lead to one that is not.
func TestHTTPRedirectIsCheckedAgain(t *testing.T) {
	t.Parallel()
	called := false
	secret := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer secret.Close()
	door := serveOn(t, "127.0.0.2:0", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, secret.URL, http.StatusFound)
	})
	allow, err := dial.ParseAllow([]string{"127.0.0.2"})
	if err != nil {
		t.Fatal(err)
	}
	c := dial.New(dial.Policy{Allow: allow}).HTTPClient(dial.Limits{Redirects: 5})
	if _, err := get(t, c, door); !parley.IsCode(err, parley.Invalid) || called {
		t.Errorf("err = %v, called = %v", err, called)
	}
}

func TestHTTPRedirectLimit(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var left int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &left)
		if left > 0 {
			http.Redirect(w, r, fmt.Sprintf("/%d", left-1), http.StatusFound)
		}
	}))
	defer srv.Close()
	tests := []struct {
		redirects, hops int
		status          int // 0: an error
	}{
		{0, 1, http.StatusFound},
		{2, 2, http.StatusOK},
		{2, 3, 0},
	}
	for _, tc := range tests {
		c := dial.Trusted().HTTPClient(dial.Limits{Redirects: tc.redirects})
		resp, err := get(t, c, fmt.Sprintf("%s/%d", srv.URL, tc.hops))
		if (err != nil) != (tc.status == 0) {
			t.Errorf("%+v: %v", tc, err)
		} else if err == nil && resp.StatusCode != tc.status {
			t.Errorf("%+v: status %d", tc, resp.StatusCode)
		}
	}
}

func TestHTTPRefusesADowngrade(t *testing.T) {
	t.Parallel()
	c := dial.Trusted().HTTPClient(dial.Limits{Redirects: 3})
	from := &http.Request{URL: &url.URL{Scheme: "https", Host: "a.example"}}
	to := &http.Request{URL: &url.URL{Scheme: "http", Host: "a.example"}}
	if c.CheckRedirect(to, []*http.Request{from}) == nil {
		t.Error("https led to http")
	}
	if err := c.CheckRedirect(from, []*http.Request{to}); err != nil {
		t.Errorf("http led to https: %v", err)
	}
}

func TestHTTPBodyLimit(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var out io.Writer = w
		switch r.URL.Path {
		case "/chunked":
			w.(http.Flusher).Flush()
		case "/gzip": // small on the wire, large when opened
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			defer z.Close()
			out = z
		}
		_, _ = io.WriteString(out, strings.Repeat("a", 1001))
	}))
	defer srv.Close()
	for _, path := range []string{"/", "/chunked", "/gzip"} {
		for limit, want := range map[int64]bool{1000: false, 1001: true} {
			resp, err := get(t, dial.Trusted().HTTPClient(dial.Limits{MaxBody: limit}), srv.URL+path)
			var body []byte
			if err == nil {
				body, err = io.ReadAll(resp.Body)
			}
			if want && (err != nil || len(body) != 1001) {
				t.Errorf("%s within %d: %d bytes, %v", path, limit, len(body), err)
			}
			if !want && (!parley.IsCode(err, parley.TooLarge) || int64(len(body)) > limit) {
				t.Errorf("%s over %d: %d bytes, %v", path, limit, len(body), err)
			}
		}
	}
}

func TestHTTPTimeout(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	_, err := get(t, dial.Trusted().HTTPClient(dial.Limits{Timeout: 50 * time.Millisecond}), srv.URL)
	if err == nil {
		t.Error("a server that never answers was waited for")
	}
}

func get(t *testing.T, c *http.Client, target string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err == nil {
		t.Cleanup(func() {
			_ = resp.Body.Close()
			c.CloseIdleConnections()
		})
	}
	return resp, err
}

func serveOn(t *testing.T, addr string, h http.HandlerFunc) string {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(h)
	srv.Listener = l
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL
}
