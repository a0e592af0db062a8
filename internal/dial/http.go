package dial

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"parley/internal/parley"
)

// Limits bound one HTTP exchange.
type Limits struct {
	// Timeout bounds the whole exchange, the body included; 0 is 30 seconds.
	Timeout time.Duration
	// MaxBody bounds the body of an answer, after decompression; 0 is 1 MiB.
	MaxBody int64
	// Redirects is how many are followed, each through the same check. 0
	// follows none: the caller sees the 3xx itself.
	Redirects int
}

const (
	defaultHTTPTimeout = 30 * time.Second
	defaultMaxBody     = 1 << 20
	maxHeaderBytes     = 64 << 10
)

// HTTPClient makes a client whose every connection, redirects included, goes
// through d. It uses no proxy and keeps no cookies. A body that is too large
// breaks off with a parley.Error of code too_large.
func (d *Dialer) HTTPClient(l Limits) *http.Client {
	if l.Timeout == 0 {
		l.Timeout = defaultHTTPTimeout
	}
	if l.MaxBody == 0 {
		l.MaxBody = defaultMaxBody
	}
	transport := &http.Transport{
		DialContext:            d.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  l.Timeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        90 * time.Second,
	}
	return &http.Client{
		Transport:     bounded{transport, l.MaxBody},
		Timeout:       l.Timeout,
		CheckRedirect: redirects(l.Redirects),
	}
}

func redirects(limit int) func(*http.Request, []*http.Request) error {
	if limit == 0 {
		return func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	return func(to *http.Request, via []*http.Request) error {
		if len(via) > limit {
			return fmt.Errorf("more than %d redirects", limit)
		}
		if via[len(via)-1].URL.Scheme == "https" && to.URL.Scheme != "https" {
			return errors.New("redirect from https to http")
		}
		return nil
	}
}

// bounded is a transport whose answers end after limit bytes.
type bounded struct {
	*http.Transport
	limit int64
}

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if resp.ContentLength > b.limit && r.Method != http.MethodHead {
		_ = resp.Body.Close()
		return nil, tooLarge(b.limit)
	}
	resp.Body = &boundedBody{resp.Body, b.limit, b.limit}
	return resp, nil
}

type boundedBody struct {
	io.ReadCloser
	left, limit int64
}

// Read reads one byte more than allowed, to tell a body that fits from one that does not.
func (b *boundedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) > b.left {
		n = int(b.left)
		b.left = 0
		return n, tooLarge(b.limit)
	}
	b.left -= int64(n)
	return n, err
}

func tooLarge(limit int64) error {
	return parley.Errorf(parley.TooLarge, "dial.too_large", "The answer is larger than %d bytes.", limit)
}
