package sms_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"parley/internal/channel"
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
