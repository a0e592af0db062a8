package sms_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/parley"
)

func plivoSettings(api string) json.RawMessage {
	return settings("plivo", parley.Options{"auth_id": "MA1", "api_base": api}, parley.Options{"auth_token": "tok1"})
}

func plivoHMAC(text string) string {
	mac := hmac.New(sha256.New, []byte("tok1"))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// plivoCall makes a call with a signature of each version, over the texts given.
func plivoCall(target, body, v2, v3 string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if v2 != "" {
		r.Header.Set("X-Plivo-Signature-V2-Nonce", "n2")
		r.Header.Set("X-Plivo-Signature-V2", plivoHMAC(v2))
	}
	if v3 != "" {
		r.Header.Set("X-Plivo-Signature-V3-Nonce", "n3")
		r.Header.Set("X-Plivo-Signature-Ma-V3", "bm8=, "+plivoHMAC(v3))
	}
	return r
}

const (
	plivoText   = "From=14155550123&MessageUUID=p1&Text=hi+there&To=14155550100&Type=sms&Units=1"
	plivoSigned = base + "/hooks/tok?From14155550123MessageUUIDp1Texthi thereTo14155550100TypesmsUnits1.n3"
)

func TestPlivoContract(t *testing.T) {
	t.Parallel()
	company{
		settings: plivoSettings,
		read: func(t *testing.T, r *http.Request, body []byte) channel.Letter {
			var m struct{ Src, Dst, Text, Type, URL, Method string }
			user, pass, _ := r.BasicAuth()
			if err := json.Unmarshal(body, &m); err != nil || r.URL.Path != "/v1/Account/MA1/Message/" || user != "MA1" || pass != "tok1" || m.Method != http.MethodPost || m.Type != "sms" {
				t.Errorf("%v %s %s", err, r.URL, body)
			}
			u, _ := url.Parse(m.URL)
			return channel.Letter{From: parley.Address{Phone: m.Src}, To: parley.Addresses{{Phone: m.Dst}}, Text: m.Text, Callback: m.URL, InternetID: u.Query().Get("ref")}
		},
		takes:  answers(202, `{"message":"message(s) queued","message_uuid":["p1"],"api_id":"a"}`),
		later:  answers(429, `{"error":"too many requests"}`),
		never:  answers(400, `{"api_id":"a","error":"dst parameter invalid"}`),
		inputs: keptCalls(t, plivoSettings(""), plivoCall("/hooks/tok", plivoText, "", plivoSigned)),
	}.contract(t)
}

func TestPlivoSignatures(t *testing.T) {
	t.Parallel()
	ch := open(t, config(t), plivoSettings(""))
	news := "From=14155550100&MessageUUID=p2&ParentMessageUUID=p1&Status=delivered&To=14155550123"
	tests := []struct {
		name string
		r    *http.Request
		want int
	}{
		{"version 3", plivoCall("/hooks/tok", plivoText, "", plivoSigned), 200},
		{"version 3 with a query", plivoCall("/hooks/tok?ref=m1%40x&a=1", news, "", base+"/hooks/tok?a=1&ref=m1@x.From14155550100MessageUUIDp2ParentMessageUUIDp1StatusdeliveredTo14155550123.n3"), 200},
		{"version 2", plivoCall("/hooks/tok?ref=m1", plivoText, base+"/hooks/tokn2", ""), 200},
		{"none", plivoCall("/hooks/tok", plivoText, "", ""), 403},
		{"another body", plivoCall("/hooks/tok", plivoText+"&x=1", "", plivoSigned), 403},
		{"version 3 is wrong, 2 is right", plivoCall("/hooks/tok", plivoText+"&x=1", base+"/hooks/tokn2", plivoSigned), 403},
		{"another address", plivoCall("/hooks/tik", plivoText, base+"/hooks/tokn2", ""), 403},
	}
	for _, test := range tests {
		sink := &channeltest.Sink{}
		if w := called(t, ch, sink, test.r); w.Code != test.want || (len(sink.Accepted()) == 1) != (test.want == 200) {
			t.Errorf("%s: %d", test.name, w.Code)
		}
	}
}

func TestPlivoReads(t *testing.T) {
	t.Parallel()
	ch := open(t, config(t), plivoSettings(""))
	read := func(target, body string) (channel.Raw, channel.Parsed) {
		t.Helper()
		got := keptCalls(t, plivoSettings(""), plivoCall(target, body, base+"/hooks/tokn2", ""))
		return got[0], parsed(t, ch, got)
	}
	raw, p := read("/hooks/tok", plivoText+"&MessageIntent=optout")
	if p.Text != "hi there" || p.From.Phone != phone || p.InternetID != "p1@plivo" || raw.Key != "plivo:p1" || !p.Answered {
		t.Errorf("%+v %s", p, raw.Key)
	}
	_, p = read("/hooks/tok", "From=14155550123&To=14155550100&MessageUUID=p3&Type=mms&Body=look&MediaCount=1&Media0=https%3A%2F%2Fmedia.plivo.com%2Fa.jpg")
	if p.Text != "look" || len(p.Parts) != 1 || p.Parts[0].URL != "https://media.plivo.com/a.jpg" {
		t.Errorf("%+v", p)
	}
	for status, want := range map[string]channel.Report{
		"sent": {Delivery: parley.Sent}, "delivered": {Delivery: parley.Delivered},
		"undelivered": {Delivery: parley.Bounced, Status: "200", Reason: parley.ReasonOptedOut},
	} {
		raw, p := read("/hooks/tok?ref=m1%40x", "From=14155550100&To=14155550123&MessageUUID=p2&ParentMessageUUID=p1&ErrorCode=200&Status="+status)
		r := p.Reports[0]
		if r.Delivery != want.Delivery || r.Status != want.Status || r.Reason != want.Reason || r.ProviderID != "p1" || r.InternetID != "m1@x" || raw.Key != "plivo:p1:"+status+":p2" {
			t.Errorf("%s: %+v %s", status, r, raw.Key)
		}
	}
	if got := keptCalls(t, plivoSettings(""), plivoCall("/hooks/tok", "From=1&To=2&MessageUUID=p2&Status=queued", base+"/hooks/tokn2", "")); len(got) != 0 {
		t.Error("what says nothing was kept")
	}
}

func TestPlivoNumbers(t *testing.T) {
	t.Parallel()
	at := api(t, func(r *http.Request) bool { _, pass, _ := r.BasicAuth(); return pass == "tok1" }, map[string]string{
		"/v1/Account/MA1/Number/?limit=20&offset=0": `{"meta":{"total_count":1},"objects":[{"number":"14155550100","alias":"Office","sms_enabled":true,"mms_enabled":false}]}`,
		"/v1/Account/MA1/":                          `{"account_type":"standard"}`,
	})
	wrong := settings("plivo", parley.Options{"auth_id": "MA1", "api_base": at}, parley.Options{"auth_token": "old"})
	lists(t, plivoSettings(at), wrong, parley.TextNumber{Number: office, Name: "Office", SMS: true})
}
