package sms

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"parley/internal/channel"
	"parley/internal/parley"
)

// maxCall bounds a provider's call. The files of a text lie with the provider.
const maxCall = 1 << 20

// errNotOurs: a call for a number that is not the channel's.
var errNotOurs = parley.Errorf(parley.NotFound, "channel.unknown_number", "No channel has this number.")

// Webhook implements channel.Webhooker. It answers 2xx only once the call is
// durable; whatever else it answers the provider tries again, or gives up on what
// was never its own.
func (c *calledChannel) Webhook(to channel.Sink) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := c.take(w, r, to)
		status := channel.CallStatus(err)
		if err != nil {
			c.cfg.Log.Warn("a provider's call was not taken", "err", err, "channel_id", c.id, "status", status)
			w.WriteHeader(status)
			return
		}
		if c.about.Name == "twilio" { // what is wanted is what to do next: nothing
			w.Header().Set("Content-Type", "text/xml; charset=utf-8")
			_, _ = io.WriteString(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response/>") // it is durable whether or not that is heard
			return
		}
		w.WriteHeader(status)
	})
}

func (c *calledChannel) take(w http.ResponseWriter, r *http.Request, to channel.Sink) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
	if err != nil {
		return err
	}
	in := call{
		method: r.Method, url: c.cfg.BaseURL + requestTarget(r), header: r.Header,
		contentType: r.Header.Get("Content-Type"), body: body,
	}
	in.user, in.pass, _ = r.BasicAuth()
	if n, ok := c.provider.(namer); ok {
		in.names = n.names()
	}
	if err := c.provider.signed(in, c.cfg.Now()); err != nil {
		return err
	}
	// What has no name of its own has that of the call: when it is made again, it is the same.
	in.id = cmp.Or(tokenID(r.Header.Get(messagebirdHeader)), r.Header.Get("Webhook-Id"))
	e, err := readers[c.about.Name](in)
	if err != nil || e.idle {
		return err
	}
	e.id = cmp.Or(e.id, in.id)
	if e.report == nil && c.number != "" && !sameNumber(e.to, c.number) {
		return errNotOurs
	}
	if e.report == nil && e.piece.ok() {
		return c.acceptPiece(r.Context(), in, e, to)
	}
	raw, err := c.raw(c.kept(in), e)
	if err != nil {
		return err
	}
	return to.Accept(r.Context(), raw)
}

// requestTarget is what was asked for, byte for byte: it is signed.
func requestTarget(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// namer is a provider whose calls have fields that the settings name.
type namer interface{ names() map[string]string }

// kept is a call as it is stored, to be read again.
type kept struct {
	Version     int               `json:"version"`
	Provider    string            `json:"provider"`
	Method      string            `json:"method"`
	URL         string            `json:"url"`
	ContentType string            `json:"content_type,omitempty"`
	Names       map[string]string `json:"names,omitempty"`
	ID          string            `json:"id,omitempty"` // of the call
	Body        []byte            `json:"body"`
	More        []kept            `json:"more,omitempty"` // the other parts of a text that came in several calls
}

const keptVersion = 1

func (c *calledChannel) kept(in call) kept {
	address := in.url
	if in.names != nil {
		address = withoutSecrets(address)
	}
	return kept{
		Version: keptVersion, Provider: c.about.Name, Method: in.method, URL: address,
		ContentType: in.contentType, Names: in.names, ID: in.id, Body: in.body,
	}
}

func (c *calledChannel) raw(k kept, e event) (channel.Raw, error) {
	body, err := json.Marshal(k)
	if err != nil {
		return channel.Raw{}, fmt.Errorf("keep call: %w", err)
	}
	raw := channel.Raw{ChannelID: c.id, Body: body, RcptTo: []string{c.number}, ReceivedAt: c.cfg.Now(), Source: parley.FromWebhook}
	switch {
	case e.report != nil:
		raw.MailFrom = e.report.Recipient
		raw.Key = strings.Join([]string{c.about.Name, e.report.ProviderID, e.state}, ":")
	default:
		raw.MailFrom = e.from
		if e.id != "" {
			raw.Key = c.about.Name + ":" + e.id
		}
	}
	return raw, nil
}

// withoutSecrets takes out of an address what shows who calls it.
func withoutSecrets(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Del("key")
	q.Del("proof")
	u.RawQuery = q.Encode()
	return u.String()
}

// sameNumber compares numbers as providers write them, with or without the +.
func sameNumber(a, b string) bool {
	return a != "" && digits(a) == digits(b)
}

func digits(number string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, number)
}
