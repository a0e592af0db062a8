package sms

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
)

// generic is any provider with a REST API: the settings say what is asked of it, and
// how its calls are called.
type generic struct {
	o options
}

func newGeneric(o options) provider { return generic{o} }

// What is sent where the settings name no body.
var genericBodies = map[string]string{
	"application/json":                  `{"from":"{{from}}","to":"{{to}}","text":"{{text}}","reference":"{{reference}}","callback":"{{callback}}"}`,
	"application/x-www-form-urlencoded": `from={{from}}&to={{to}}&text={{text}}&reference={{reference}}&callback={{callback}}`,
}

func (g generic) request(ctx context.Context, t text) (*http.Request, error) {
	values := map[string]string{"from": t.From, "to": t.To, "text": t.Body, "reference": t.Ref, "callback": g.callback(t)}
	path, query, asks := strings.Cut(g.o["url"], "?")
	address := filled(path, values, url.PathEscape)
	if asks {
		address += "?" + filled(query, values, url.QueryEscape)
	}
	kind, method := g.o["content_type"], g.o["method"]
	escape := url.QueryEscape
	if kind == "application/json" {
		escape = jsonEscape
	}
	body := filled(cmp.Or(g.o["body"], genericBodies[kind]), values, escape)
	if method == http.MethodGet {
		body = ""
	}
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return nil, errors.New("the address is no address")
	}
	if r.URL.Scheme != "https" && r.URL.Scheme != "http" {
		return nil, errors.New("the address does not begin with https://")
	}
	if body == "" {
		r.Body = http.NoBody
	} else {
		r.Header.Set("Content-Type", kind)
	}
	return r, g.addHeaders(r)
}

// addHeaders adds those of the settings, one a line.
func (g generic) addHeaders(r *http.Request) error {
	for line := range strings.Lines(g.o["headers"]) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return errors.New("a header is not of the form Name: value")
		}
		r.Header.Set(name, strings.TrimSpace(value))
	}
	return nil
}

// filled fills in a template.
func filled(template string, values map[string]string, escape func(string) string) string {
	pairs := make([]string, 0, 2*len(values))
	for name, value := range values {
		pairs = append(pairs, "{{"+name+"}}", escape(value))
	}
	return strings.NewReplacer(pairs...).Replace(template)
}

// jsonEscape writes a string as it stands between the quotes of JSON (RFC 8259 7).
func jsonEscape(s string) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return ""
	}
	quoted := strings.TrimSuffix(out.String(), "\n")
	return quoted[1 : len(quoted)-1]
}

// answered takes any 2xx for a yes; where the settings say where the id is, and it is
// not there, the text still left.
func (g generic) answered(status int, body []byte) (string, *channel.SendError) {
	if status/100 != 2 {
		return "", refusal(status, "", clean(string(body)), nil)
	}
	var a any
	if path := g.o["id_field"]; path != "" && json.Unmarshal(body, &a) == nil {
		id, _ := scalar(member(a, path))
		return id, nil
	}
	return "", nil
}

// member is what lies at a path like messages.0.id in JSON.
func member(in any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch v := in.(type) {
		case map[string]any:
			in = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			in = v[i]
		default:
			return nil
		}
	}
	if f, ok := in.(float64); ok {
		return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
	}
	return in
}

// callback is the address for news, with a proof that we gave it out: the provider
// may know no other way to show who it is. It is good for this text alone.
func (g generic) callback(t text) string {
	u, err := url.Parse(t.Callback)
	if err != nil || t.Callback == "" || g.o["hook_secret"] == "" {
		return t.Callback
	}
	q := u.Query()
	q.Set("proof", g.proof(q.Get("ref")))
	u.RawQuery = q.Encode()
	return u.String()
}

func (g generic) proof(ref string) string {
	mac := hmac.New(sha256.New, []byte(g.o["hook_secret"]))
	_, _ = mac.Write([]byte("callback:" + ref)) // a hash never fails to write
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// signed: the secret itself as ?key= or as the password, an HMAC of the body with it
// (X-Signature), a signature of Standard Webhooks, or the proof of a callback.
func (g generic) signed(c call, now time.Time) error {
	secret := g.o["hook_secret"]
	if secret == "" {
		return channel.ErrForged
	}
	q := c.query()
	ref := q.Get("ref")
	switch {
	case same(q.Get("key"), secret), same(c.pass, secret), ref != "" && same(q.Get("proof"), g.proof(ref)):
		return nil
	case c.header.Get("Webhook-Signature") != "":
		return standardSigned(secret, c.header.Get("Webhook-Id"), c.header.Get("Webhook-Timestamp"), c.body, c.header.Get("Webhook-Signature"), now)
	}
	// Without a body there is nothing that is signed.
	if given := c.header.Get("X-Signature"); given != "" && len(c.body) > 0 && hmacOf(secret, c.body, given) {
		return nil
	}
	return channel.ErrForged
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// hmacOf reports whether given is the HMAC-SHA256 of body: in hex or base64, as it is
// or behind sha256=.
func hmacOf(secret string, body []byte, given string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write(body) // a hash never fails to write
	given = strings.TrimPrefix(strings.TrimSpace(given), "sha256=")
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, base64.StdEncoding.DecodeString} {
		if b, err := decode(given); err == nil && hmac.Equal(b, mac.Sum(nil)) {
			return true
		}
	}
	return false
}

// check: nobody knows what the provider would answer to anything but a text.
func (g generic) check(ctx context.Context, _ asker) error {
	_, err := g.request(ctx, text{From: "+10000000000", To: "+10000000000", Body: "-"})
	if err != nil {
		return parley.Errorf(parley.Invalid, "provider.settings", "The settings make no request: %s.", err).On("settings.url")
	}
	return channel.ErrUntried
}

// names are what the settings call the fields of a call.
func (g generic) names() map[string]string {
	out := map[string]string{}
	for _, name := range []string{"from", "to", "text", "id", "status", "delivered", "failed"} {
		out[name] = g.o["hook_"+name]
	}
	return out
}

// readGeneric reads a call by the names that it is kept with.
func readGeneric(c call) (event, error) {
	value, err := genericFields(c)
	if err != nil {
		return event{}, err
	}
	ref := c.query().Get("ref")
	e := event{id: value("id"), from: value("from"), to: value("to"), body: value("text"), state: value("status")}
	r := channel.Report{InternetID: ref, ProviderID: e.id, Recipient: e.to}
	isNews := ref != "" || e.body == ""
	switch {
	case isNews && listed(c.names["delivered"], e.state):
		r.Delivery = parley.Delivered
		e.report = &r
	case isNews && listed(c.names["failed"], e.state):
		e.report = codes{}.failed(r, "", "The provider reports: "+e.state+".")
	case ref != "", e.state != "" && e.body == "": // news that nobody has named
		e.idle = true
	case e.from == "" || e.to == "":
		return event{}, fmt.Errorf("%w: no sender or receiver", channel.ErrUnreadable)
	}
	return e, nil
}

// genericFields gives the value of each field that the settings name: in JSON its
// name may be a path.
func genericFields(c call) (func(string) string, error) {
	var in any
	if c.method != http.MethodGet && json.Unmarshal(c.body, &in) == nil {
		return func(name string) string {
			s, _ := scalar(member(in, c.names[name]))
			return s
		}, nil
	}
	f, err := c.fields()
	if err != nil {
		return nil, err
	}
	return func(name string) string { return f.Get(c.names[name]) }, nil
}

// listed reports whether one of the words of a list, with commas between, is word.
func listed(list, word string) bool {
	for w := range strings.SplitSeq(list, ",") {
		if w = strings.TrimSpace(w); w != "" && strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}
