package image

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"parley/internal/blob"
	"parley/internal/dial"
	"parley/internal/parley"
)

const png = "\x89PNG\r\n\x1a\n and so on"

func newService(t *testing.T, d *dial.Dialer, keys ...string) *Service {
	t.Helper()
	cache, err := blob.NewCache(t.TempDir(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, k := range keys {
		all = append(all, []byte(k))
	}
	return New(d, cache, all)
}

func TestSigned(t *testing.T) {
	t.Parallel()
	s := newService(t, dial.Trusted(), "new", "old")
	want := Ref{7, 1234, "https://shop.test/a.png?b=c#d"}
	if got, err := s.Read(s.Sign(want)); err != nil || got != want {
		t.Errorf("read %+v, %v", got, err)
	}
	if got, err := newService(t, dial.Trusted(), "newest", "new").Read(s.Sign(want)); err != nil || got != want {
		t.Errorf("with a new key: %+v, %v", got, err)
	}
	signed, err := base64.RawURLEncoding.DecodeString(s.Sign(want))
	if err != nil {
		t.Fatal(err)
	}
	forged := append([]byte{}, signed...)
	forged[len(forged)-1] ^= 1
	for name, token := range map[string]string{
		"forged": base64.RawURLEncoding.EncodeToString(forged), "short": "AAAA", "empty": "", "no base64": "!!", "another key": newService(t, dial.Trusted(), "x").Sign(want),
	} {
		if got, err := s.Read(token); !parley.IsCode(err, parley.NotFound) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	mux := http.NewServeMux()
	answer := func(path, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			if r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" {
				t.Errorf("it tells of the reader: %v", r.Header)
			}
			w.Header().Set("Content-Type", "text/html") // what it says does not count
			_, _ = w.Write([]byte(body))
		})
	}
	answer("/a.png", png)
	answer("/page", "<html><script>alert(1)</script>")
	answer("/a.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`)
	answer("/huge", png+strings.Repeat("x", MaxSize))
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/a.png", http.StatusFound) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	s := newService(t, dial.Trusted(), "k")
	for path, want := range map[string]string{"/a.png": "image/png", "/moved": "image/png", "/page": "", "/a.svg": "", "/huge": "", "/loop": "", "/missing": ""} {
		body, kind, err := s.Fetch(t.Context(), Ref{1, 1, web.URL + path})
		if kind != want || (want == "") != parley.IsCode(err, parley.NotFound) || want != "" && string(body) != png {
			t.Errorf("%s: %q, %v", path, kind, err)
		}
	}
	before := asked.Load()
	if _, kind, err := s.Fetch(t.Context(), Ref{1, 2, web.URL + "/a.png"}); err != nil || kind != "image/png" || asked.Load() != before {
		t.Errorf("not from the cache: %v, asked %d times more", err, asked.Load()-before)
	}
	if _, _, err := s.Fetch(t.Context(), Ref{2, 1, web.URL + "/a.png"}); err != nil || asked.Load() != before+1 {
		t.Errorf("another account shares the cache: %v", err)
	}
	// The same server, through the door that images really go through.
	closed := newService(t, dial.New(dial.Policy{}), "k")
	if _, _, err := closed.Fetch(t.Context(), Ref{1, 1, web.URL + "/a.png"}); !parley.IsCode(err, parley.NotFound) {
		t.Errorf("a private address answers: %v", err)
	}
}

func TestReveal(t *testing.T) {
	t.Parallel()
	s := newService(t, dial.Trusted(), "k")
	html := s.Reveal(1, 5, `<p><img data-remote-src="https://shop.test/a.png" alt="a"></p>`)
	_, rest, _ := strings.Cut(html, `src="/img/`)
	token, _, _ := strings.Cut(rest, `"`)
	if r, err := s.Read(token); err != nil || r != (Ref{1, 5, "https://shop.test/a.png"}) {
		t.Errorf("%s: %+v, %v", html, r, err)
	}
}
