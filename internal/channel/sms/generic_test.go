package sms_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/sms"
	"parley/internal/parley"
)

const hookSecret = "d2ViaG9vay1zZWNyZXQ="

func genericSettings(api string, more ...string) json.RawMessage {
	options := parley.Options{"url": api + "/send", "id_field": "result.0.id"}
	secret := parley.Options{"hook_secret": hookSecret, "headers": "Authorization: Key k1\n\nX-Team: Über\n"}
	for i := 0; i < len(more); i += 2 {
		options[more[i]] = more[i+1]
	}
	return settings("http", options, secret)
}

func genericCall(body string) *http.Request {
	mac := hmac.New(sha256.New, []byte(hookSecret))
	mac.Write([]byte(body))
	r := httptest.NewRequest(http.MethodPost, "/hooks/tok", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	return r
}

const genericText = `{"id":"g1","from":"14155550123","to":"+1 415 555 0100","text":"hi"}`

func TestGenericContract(t *testing.T) {
	t.Parallel()
	company{
		settings: func(api string) json.RawMessage { return genericSettings(api) },
		read: func(t *testing.T, r *http.Request, body []byte) channel.Letter {
			var m struct{ From, To, Text, Reference, Callback string }
			if err := json.Unmarshal(body, &m); err != nil || r.URL.Path != "/send" || r.Header.Get("Authorization") != "Key k1" {
				t.Errorf("%v %s %s", err, r.URL, body)
			}
			u, _ := url.Parse(m.Callback)
			q := u.Query()
			if q.Get("proof") == "" {
				t.Error("the address for news proves nothing")
			}
			return channel.Letter{
				From: parley.Address{Phone: m.From}, To: parley.Addresses{{Phone: m.To}}, Text: m.Text, InternetID: m.Reference,
				Callback: base + u.Path + "?ref=" + url.QueryEscape(q.Get("ref")),
			}
		},
		takes:  answers(200, `{"result":[{"id":7}]}`),
		later:  answers(503, `busy`),
		never:  answers(400, `{"error":"bad number"}`),
		inputs: keptCalls(t, genericSettings(""), genericCall(genericText)),
	}.contract(t)
}

func TestGenericRequests(t *testing.T) {
	t.Parallel()
	type seen struct{ method, target, kind, body string }
	tests := []struct {
		name string
		more []string
		want seen
		id   string
	}{
		{"JSON", []string{"body", `{"m":{"t":"{{text}}","n":["{{to}}"]}}`}, seen{"POST", "/send", "application/json", `{"m":{"t":"a\"b\\\n<&>","n":["+14155550123"]}}`}, "7"},
		{"form", []string{"content_type", "application/x-www-form-urlencoded", "body", "t={{text}}&to={{to}}"}, seen{"POST", "/send", "application/x-www-form-urlencoded", "t=a%22b%5C%0A%3C%26%3E&to=%2B14155550123"}, "7"},
		{"GET", []string{"method", "GET", "url", "/{{to}}/x?t={{text}}&r={{reference}}"}, seen{"GET", "/+14155550123/x?t=a%22b%5C%0A%3C%26%3E&r=m1%40help.example.test", "", ""}, "7"},
		{"no id", []string{"id_field", "", "method", "PUT", "body", "{}"}, seen{"PUT", "/send", "application/json", "{}"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got seen
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = seen{r.Method, r.RequestURI, r.Header.Get("Content-Type"), string(body)}
				answers(200, `{"result":[{"id":7}]}`)(w, r)
			}))
			defer srv.Close()
			more := map[string]string{}
			for i := 0; i < len(test.more); i += 2 {
				more[test.more[i]] = test.more[i+1]
			}
			if more["url"] != "" {
				more["url"] = srv.URL + more["url"]
			}
			var list []string
			for k, v := range more {
				list = append(list, k, v)
			}
			ch := open(t, config(t), genericSettings(srv.URL, list...))
			l := letter
			l.Text = "a\"b\\\n<&>"
			receipt, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, l)})
			if err != nil || receipt.ProviderID != test.id || got != test.want {
				t.Errorf("%+v %v\n got %+v\nwant %+v", receipt, err, got, test.want)
			}
		})
	}
}

func TestGenericBadSettings(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"ftp://x.test", "no address", "https://x.test/%zz"} {
		ch := open(t, config(t), genericSettings("", "url", address))
		if err := ch.(channel.Checker).CheckOutgoing(t.Context()); !parley.IsCode(err, parley.Invalid) {
			t.Errorf("%s: %v", address, err)
		}
		if _, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, letter)}); channel.KindOf(err) != channel.Permanent {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := open(t, config(t), genericSettings("https://x.test")).(channel.Checker).CheckOutgoing(t.Context()); !errors.Is(err, channel.ErrUntried) {
		t.Error(err)
	}
}

// standard signs a call as Standard Webhooks says.
func standard(body, stamp string) *http.Request {
	key, _ := base64.StdEncoding.DecodeString(hookSecret)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("msg1." + stamp + "." + body))
	r := genericCall(body)
	r.Header.Del("X-Signature")
	r.Header.Set("webhook-id", "msg1")
	r.Header.Set("webhook-timestamp", stamp)
	r.Header.Set("webhook-signature", "v2,x v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return r
}

func TestGenericSignatures(t *testing.T) {
	t.Parallel()
	plain := func(target string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(genericText))
		r.Header.Set("Content-Type", "application/json")
		return r
	}
	password := plain("/hooks/tok")
	password.SetBasicAuth("any", hookSecret)
	wrong := genericCall(genericText)
	wrong.Header.Set("X-Signature", hex.EncodeToString(make([]byte, 32)))
	empty := httptest.NewRequest(http.MethodGet, "/hooks/tok?from=14155550123&to=14155550100&text=forged", http.NoBody)
	empty.Header.Set("X-Signature", hex.EncodeToString(hmac.New(sha256.New, []byte(hookSecret)).Sum(nil)))
	stamp := strconv.FormatInt(now.Unix(), 10)
	tests := []struct {
		name string
		r    *http.Request
		want int
	}{
		{"HMAC", genericCall(genericText), 200},
		{"key", plain("/hooks/tok?key=" + url.QueryEscape(hookSecret)), 200},
		{"password", password, 200},
		{"standard", standard(genericText, stamp), 200},
		{"standard, old", standard(genericText, strconv.FormatInt(now.Add(-6*time.Minute).Unix(), 10)), 403},
		{"none", plain("/hooks/tok"), 403},
		{"wrong key", plain("/hooks/tok?key=x"), 403},
		{"wrong HMAC", wrong, 403},
		{"HMAC of nothing", empty, 403},
		{"a proof of another text", plain("/hooks/tok?ref=m1&proof=x"), 403},
	}
	for _, test := range tests {
		ch, sink := open(t, config(t), genericSettings("")), &channeltest.Sink{}
		w := called(t, ch, sink, test.r)
		got := sink.Accepted()
		if w.Code != test.want || (len(got) == 1) != (test.want == 200) {
			t.Errorf("%s: %d", test.name, w.Code)
			continue
		}
		if len(got) == 1 {
			if p := parsed(t, ch, got); p.Text != "hi" || p.From.Phone != phone || got[0].Key != "http:g1" {
				t.Errorf("%s: %+v %s", test.name, p, got[0].Key)
			}
			if strings.Contains(string(got[0].Body), "key=") || strings.Contains(string(got[0].Body), hookSecret) {
				t.Errorf("%s: the secret is kept", test.name)
			}
		}
	}
}

// TestGenericNews: the address that was given out with a text brings news of it, in
// the words of the settings, and nothing else.
func TestGenericNews(t *testing.T) {
	t.Parallel()
	var callback string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		callback = r.FormValue("callback")
		answers(200, `{}`)(w, r)
	}))
	defer srv.Close()
	with := genericSettings(srv.URL, "content_type", "application/x-www-form-urlencoded", "hook_status", "message.state", "hook_delivered", "DELIVRD, read", "hook_failed", "UNDELIV", "hook_id", "message.id", "hook_to", "message.to")
	ch := open(t, config(t), with)
	if _, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, letter)}); err != nil {
		t.Fatal(err)
	}
	target := strings.TrimPrefix(callback, base)
	for state, want := range map[string]parley.Delivery{"delivrd": parley.Delivered, "read": parley.Delivered, "UNDELIV": parley.Bounced, "accepted": ""} {
		sink := &channeltest.Sink{}
		r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(`{"message":{"id":"g1","to":"14155550123","state":"`+state+`"},"from":"1","text":"forged"}`))
		if w := called(t, ch, sink, r); w.Code != http.StatusOK {
			t.Fatalf("%s: %d", state, w.Code)
		}
		got := sink.Accepted()
		if want == "" {
			if len(got) != 0 {
				t.Errorf("%s was kept", state)
			}
			continue
		}
		rep := parsed(t, ch, got).Reports[0]
		if rep.Delivery != want || rep.InternetID != letter.InternetID || rep.ProviderID != "g1" || rep.Recipient != phone {
			t.Errorf("%s: %+v", state, rep)
		}
	}
}

func TestStandardWebhooks(t *testing.T) {
	t.Parallel()
	var file struct {
		Cases []struct {
			Name      string
			Secret    string
			ID        string
			Timestamp any
			Payload   string
			Signature *string
			Valid     bool
			Now       int64
		}
	}
	readJSON(t, &file, corpora(t), "webhook-signatures", "standard-webhooks.json")
	if len(file.Cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range file.Cases {
		stamp, ok := c.Timestamp.(string)
		seconds, _ := c.Timestamp.(float64)
		if !ok {
			stamp = strconv.FormatInt(int64(seconds), 10)
		}
		clock := time.Unix(int64(seconds), 0)
		if c.Now != 0 {
			clock = time.Unix(c.Now, 0)
		}
		signature := ""
		if c.Signature != nil {
			signature = *c.Signature
		}
		if got := sms.StandardSigned(c.Secret, c.ID, stamp, []byte(c.Payload), signature, clock) == nil; got != c.Valid {
			t.Errorf("%s: %v", c.Name, got)
		}
	}
}
