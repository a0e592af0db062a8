package sms_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/sms"
	"parley/internal/parley"
)

// FuzzParse: whatever is stored is read, the same each time, and says of itself when
// it cannot be.
func FuzzParse(f *testing.F) {
	for _, provider := range parley.TextProviders {
		for _, seed := range []struct{ kind, body string }{
			{"application/x-www-form-urlencoded", "MessageSid=SM1&From=%2B14155550123&To=%2B14155550100&Body=hi&NumMedia=1&MediaUrl0=https%3A%2F%2Fx%2Fa"},
			{"application/x-www-form-urlencoded", "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003&To=1"},
			{"application/json", `{"id":"1","from":"14155550123","to":"14155550100","text":"hi"}`},
		} {
			f.Add(provider.Name, "POST", "https://x.test/hooks/t?ref=1", seed.kind, []byte(seed.body))
		}
	}
	ch, err := sms.New(sms.Config{}).Open(1, settings("twilio", nil, nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, provider, method, address, kind string, body []byte) {
		kept, err := json.Marshal(map[string]any{
			"version": 1, "provider": provider, "method": method, "url": address, "content_type": kind, "body": body, "names": map[string]string{"from": "from"},
		})
		if err != nil {
			t.Skip()
		}
		p, err := ch.Parse(channel.Raw{Body: kept})
		if err != nil {
			t.Fatal(err)
		}
		if p.Broken == nil && len(p.Reports) == 0 && !p.AutoReply && len(p.ContentHash) == 0 {
			t.Errorf("%+v", p)
		}
	})
}

func FuzzTwilioSignature(f *testing.F) {
	f.Add("https://x.test:8443/a?b=c", "A=1&A=2", []byte("{}"), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
	f.Fuzz(func(t *testing.T, address, form string, body []byte, signature string) {
		params, err := url.ParseQuery(form)
		if err != nil {
			params = nil
		}
		if sms.TwilioSigned("a token nobody has guessed", address, params, body, signature) {
			t.Error("forged")
		}
	})
}

// FuzzSignatures: nobody signs for a provider without its key.
func FuzzSignatures(f *testing.F) {
	f.Add("a.b.c", "v1,eA==", "1614265330", "sha256=00", "timestamp=1&sig=00", []byte("{}"))
	open := func(provider string, secret parley.Options) channel.Webhooker {
		ch, err := sms.New(sms.Config{Now: func() time.Time { return time.Unix(1614265330, 0) }}).Open(1, settings(provider, nil, secret))
		if err != nil {
			f.Fatal(err)
		}
		return ch.(channel.Webhooker)
	}
	const key = "YSBrZXkgbm9ib2R5IGhhcyBndWVzc2Vk"
	all := []channel.Webhooker{
		open("messagebird", parley.Options{"signing_key": key}), open("http", parley.Options{"hook_secret": key}), open("vonage", parley.Options{"signature_secret": key}),
		open("plivo", parley.Options{"auth_token": key}), open("telnyx", nil),
	}
	f.Fuzz(func(t *testing.T, token, signature, stamp, x, query string, body []byte) {
		sink := &channeltest.Sink{}
		for _, ch := range all {
			r := httptest.NewRequest(http.MethodPost, "/hooks/tok", bytes.NewReader(body))
			r.URL.RawQuery, r.RequestURI = query, ""
			for name, value := range map[string]string{
				"MessageBird-Signature-JWT": token, "Webhook-Id": stamp, "Webhook-Timestamp": stamp, "Webhook-Signature": signature, "X-Signature": x,
				"X-Plivo-Signature-V3": x, "X-Plivo-Signature-V3-Nonce": stamp, "Telnyx-Timestamp": stamp, "Telnyx-Signature-Ed25519": x,
			} {
				r.Header[http.CanonicalHeaderKey(name)] = []string{value}
			}
			ch.Webhook(sink).ServeHTTP(httptest.NewRecorder(), r)
		}
		if len(sink.Accepted()) > 0 {
			t.Error("forged")
		}
	})
}

// FuzzSMPP: whatever a message centre hands over is read or said to be unreadable.
func FuzzSMPP(f *testing.F) {
	f.Add(mobile("14155550123", "14155550100", 0x40, 8, []byte{5, 0, 3, 1, 2, 1, 0xd8}))
	f.Add(mobile("14155550123", "14155550100", 4, 0, []byte("id:1 stat:DELIVRD"), option(0x1e, "1\x00")...))
	ch, err := sms.New(sms.Config{}).Open(1, smppSettings("2775"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := ch.Parse(channel.Raw{Body: keptFrame(body)})
		if err != nil || p.Broken == nil && len(p.Reports) == 0 && !p.AutoReply && len(p.ContentHash) == 0 {
			t.Errorf("%+v %v", p, err)
		}
	})
}
