package sms

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"parley/internal/channel"
	"parley/internal/dial"
	"parley/internal/parley"
)

// Send implements channel.Channel. It makes exactly one request.
func (c *calledChannel) Send(ctx context.Context, m channel.Outgoing) (channel.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return channel.Receipt{}, temporary("Cancelled before the text was sent.", err)
	}
	t, ok := opened(m.Body)
	if !ok {
		return channel.Receipt{}, &channel.SendError{Kind: channel.Permanent, Text: "The text as it was kept cannot be read. Write it again."}
	}
	r, err := c.provider.request(ctx, t)
	if err != nil {
		return channel.Receipt{}, &channel.SendError{Kind: channel.Permanent, Text: "The settings of the channel make no request: " + clean(err.Error()), Err: err}
	}
	status, body, fault := c.once(r)
	if fault != nil {
		return channel.Receipt{}, fault
	}
	id, fault := c.provider.answered(status, body)
	if fault != nil {
		fault.Text = clean(fault.Text)
		return channel.Receipt{}, fault
	}
	return channel.Receipt{ProviderID: id}, nil
}

const maxAnswer = 1 << 20

// once makes a request, and tells whether its answer is wanting because the
// provider never had it, or may have.
func (c *calledChannel) once(r *http.Request) (int, []byte, *channel.SendError) {
	g := &gate{}
	if r.Body != nil && r.Body != http.NoBody {
		g.ReadCloser = r.Body
		r.Body = g
	}
	r.GetBody = nil // nothing is to send it a second time
	// A connection that was kept may be closed by the provider just as we write to
	// it, and nobody could tell what came of the text.
	r.Close = true
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { g.connect() },
		WroteRequest: func(i httptrace.WroteRequestInfo) { g.wrote(i.Err) },
	}))
	resp, err := c.cfg.HTTP.Do(r)
	if err != nil {
		if g.seal() {
			return 0, nil, uncertain(err)
		}
		if e, ok := errors.AsType[*parley.Error](err); ok && e.Code == parley.Invalid { // an address that is not to be reached
			return 0, nil, &channel.SendError{Kind: channel.Permanent, Text: e.Text, Err: err}
		}
		c.lost(err)
		return 0, nil, temporary("The provider cannot be reached: "+dial.Reason(err)+".", err)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	_ = resp.Body.Close() // all of it that matters is read
	if err != nil && resp.StatusCode/100 == 2 {
		return 0, nil, uncertain(err)
	}
	return resp.StatusCode, body, nil
}

// gate is a request's body that knows whether the far end may have the whole
// request. Once sealed it lets nothing more out, so that the answer stays true.
type gate struct {
	io.ReadCloser // nil: the request has no body

	mu     sync.Mutex
	begun  bool
	broken bool // the request was not written to its end
	sealed bool
}

// Read implements io.Reader.
func (g *gate) Read(p []byte) (int, error) {
	g.mu.Lock()
	if g.sealed {
		g.mu.Unlock()
		return 0, context.Canceled
	}
	g.begun = true
	g.mu.Unlock()
	return g.ReadCloser.Read(p)
}

// connect: a request without a body leaves right after there is a connection.
func (g *gate) connect() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.begun = g.begun || g.ReadCloser == nil
}

func (g *gate) wrote(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.broken = g.ReadCloser != nil && err != nil
}

// seal reports whether the far end may have the whole request.
func (g *gate) seal() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sealed = true
	return g.begun && !g.broken
}

func temporary(words string, err error) *channel.SendError {
	return &channel.SendError{Kind: channel.Temporary, Text: words, Reason: parley.ReasonNetwork, Err: err}
}

func uncertain(err error) *channel.SendError {
	words := "The connection to the provider broke off after the text was handed over, before it was confirmed. It may have arrived."
	return &channel.SendError{Kind: channel.Uncertain, Text: words, Err: err}
}

// kindOf reads an HTTP status (RFC 9110 15) that is no success. After some the text
// may be on its way all the same: what stands between us and the provider answers so
// when it has lost sight of it.
func kindOf(status int) channel.SendErrorKind {
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable, status == http.StatusRequestTimeout:
		return channel.Temporary
	case status >= 500:
		return channel.Uncertain
	}
	return channel.Permanent
}

// refusal is a provider's no, with its code and its words.
func refusal(status int, code, words string, known codes) *channel.SendError {
	c := known[code]
	if words == "" {
		words = c.words
	}
	switch answered := "The provider answered " + strconv.Itoa(status); {
	case words == "":
		words = answered + ", " + http.StatusText(status) + "."
	case code == "": // words without a code may be anything: a page of what stands between
		words = answered + ": " + words
	}
	kind := kindOf(status)
	if c.later {
		kind = channel.Temporary
	}
	if code != "" && !strings.Contains(words, code) {
		words += " (" + code + ")"
	}
	return &channel.SendError{Kind: kind, Text: words, Status: code, Reason: reasonOf(status, c)}
}

func reasonOf(status int, c code) parley.Reason {
	switch {
	case c.reason != "":
		return c.reason
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return parley.ReasonAuthFailure
	case status == http.StatusPaymentRequired:
		return parley.ReasonBalance
	case status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout:
		return parley.ReasonNetwork
	}
	return parley.ReasonOther
}

// unknownAnswer: the provider took it, and says so in a form that we do not know.
func unknownAnswer(body []byte) *channel.SendError {
	words := "The provider took the text, but its answer cannot be read: " + clean(string(bytes.TrimSpace(body)))
	return &channel.SendError{Kind: channel.Uncertain, Text: words}
}

const maxWords = 500

// clean makes the far end's words fit to store and to show: one line of valid UTF-8.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "�")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if r := []rune(s); len(r) > maxWords {
		s = string(r[:maxWords]) + "…"
	}
	return s
}
