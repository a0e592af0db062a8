package sms_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/parley"
)

var telnyxKey = ed25519.NewKeyFromSeed([]byte("0123456789abcdef0123456789abcdef"))

func telnyxSettings(api string) json.RawMessage {
	public := base64.StdEncoding.EncodeToString(telnyxKey.Public().(ed25519.PublicKey))
	return settings("telnyx", parley.Options{"public_key": public, "messaging_profile_id": "p1", "api_base": api}, parley.Options{"api_key": "KEY1"})
}

func telnyxCall(body string, at time.Time) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hooks/tok?ref=m1%40x", strings.NewReader(body))
	stamp := strconv.FormatInt(at.Unix(), 10)
	r.Header.Set("telnyx-timestamp", stamp)
	r.Header.Set("telnyx-signature-ed25519", base64.StdEncoding.EncodeToString(ed25519.Sign(telnyxKey, []byte(stamp+"|"+body))))
	return r
}

const telnyxReceived = `{"data":{"event_type":"message.received","id":"e1","occurred_at":"2026-01-05T09:00:00Z","payload":{"direction":"inbound","id":"t1",` +
	`"from":{"phone_number":"+14155550123","carrier":"X"},"to":[{"phone_number":"+14155550100","status":"webhook_delivered"}],"text":"hi 🙂",` +
	`"media":[{"url":"https://media.telnyx.com/a.png","content_type":"image/png","size":3}],"received_at":"2026-01-05T08:59:59Z","errors":[]}},"meta":{"attempt":1}}`

func telnyxNews(event, status, code string) string {
	return `{"data":{"event_type":"` + event + `","payload":{"id":"t1","direction":"outbound","from":{"phone_number":"+14155550100"},` +
		`"to":[{"phone_number":"+14155550123","status":"` + status + `"}],"errors":[` + code + `]}}}`
}

func TestTelnyxContract(t *testing.T) {
	t.Parallel()
	company{
		settings: telnyxSettings,
		read: func(t *testing.T, r *http.Request, body []byte) channel.Letter {
			var m struct {
				From, To, Text string
				Profile        string `json:"messaging_profile_id"`
				Webhook        string `json:"webhook_url"`
				Use            *bool  `json:"use_profile_webhooks"`
			}
			if err := json.Unmarshal(body, &m); err != nil || r.URL.Path != "/v2/messages" || r.Header.Get("Authorization") != "Bearer KEY1" || m.Profile != "p1" || m.Use == nil || *m.Use {
				t.Errorf("%v %s %s", err, r.URL, body)
			}
			u, _ := url.Parse(m.Webhook)
			return channel.Letter{From: parley.Address{Phone: m.From}, To: parley.Addresses{{Phone: m.To}}, Text: m.Text, Callback: m.Webhook, InternetID: u.Query().Get("ref")}
		},
		takes:  answers(200, `{"data":{"id":"t1","to":[{"status":"queued"}]}}`),
		later:  answers(429, `{"errors":[{"code":"10011","title":"Too many requests"}]}`),
		never:  answers(400, `{"errors":[{"code":"40310","title":"Invalid 'to' address","detail":"The number is invalid"}]}`),
		inputs: keptCalls(t, telnyxSettings(""), telnyxCall(telnyxReceived, now)),
	}.contract(t)
}

// keptCalls are the inputs that calls become.
func keptCalls(t *testing.T, with json.RawMessage, calls ...*http.Request) []channel.Raw {
	t.Helper()
	ch, sink := open(t, config(t), with), &channeltest.Sink{}
	for _, r := range calls {
		if w := called(t, ch, sink, r); w.Code/100 != 2 {
			t.Fatalf("%d", w.Code)
		}
	}
	return sink.Accepted()
}

func TestTelnyxBringsAText(t *testing.T) {
	t.Parallel()
	got := keptCalls(t, telnyxSettings(""), telnyxCall(telnyxReceived, now))
	p := parsed(t, open(t, config(t), telnyxSettings("")), got)
	if p.Text != "hi 🙂" || p.From.Phone != phone || p.InternetID != "t1@telnyx" || len(p.Parts) != 1 || p.Parts[0].Filename != "a.png" || got[0].Key != "telnyx:t1" || got[0].MailFrom != phone {
		t.Errorf("%+v %+v", p, got[0])
	}
	if p.SentAt.IsZero() {
		t.Error("no time")
	}
}

func TestTelnyxNews(t *testing.T) {
	t.Parallel()
	ch := open(t, config(t), telnyxSettings(""))
	report := channel.Report{InternetID: "m1@x", ProviderID: "t1", Recipient: phone}
	tests := []struct {
		body     string
		delivery parley.Delivery // "": nothing is kept
		status   string
		reason   parley.Reason
	}{
		{telnyxNews("message.sent", "sent", ""), parley.Sent, "", ""},
		{telnyxNews("message.finalized", "delivered", ""), parley.Delivered, "", ""},
		{telnyxNews("message.finalized", "delivery_failed", `{"code":"40300","title":"Blocked due to STOP message"}`), parley.Bounced, "40300", parley.ReasonOptedOut},
		{telnyxNews("message.finalized", "sending_failed", `{"code":"77777","title":"New"}`), parley.Bounced, "77777", parley.ReasonOther},
		{telnyxNews("message.finalized", "queued", ""), "", "", ""},
		{`{"data":{"event_type":"call.initiated","payload":{}}}`, "", "", ""},
	}
	for _, test := range tests {
		got := keptCalls(t, telnyxSettings(""), telnyxCall(test.body, now))
		if test.delivery == "" {
			if len(got) != 0 {
				t.Errorf("%s was kept", test.body)
			}
			continue
		}
		r := parsed(t, ch, got).Reports[0]
		want := report
		want.Delivery, want.Status, want.Reason, want.Text = test.delivery, test.status, test.reason, r.Text
		if diff := cmp.Diff(want, r); diff != "" || (test.reason != "" && r.Text == "") {
			t.Errorf("%s: %s", test.body, diff)
		}
	}
}

func TestTelnyxSignature(t *testing.T) {
	t.Parallel()
	ch, sink := open(t, config(t), telnyxSettings("")), &channeltest.Sink{}
	other := telnyxCall(telnyxReceived, now)
	other.Body = http.NoBody
	unsigned := telnyxCall(telnyxReceived, now)
	unsigned.Header.Del("telnyx-signature-ed25519")
	for name, r := range map[string]*http.Request{
		"too old": telnyxCall(telnyxReceived, now.Add(-6*time.Minute)), "too new": telnyxCall(telnyxReceived, now.Add(6*time.Minute)), "another body": other, "none": unsigned,
	} {
		if w := called(t, ch, sink, r); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := called(t, ch, sink, telnyxCall(telnyxReceived, now.Add(-4*time.Minute))); w.Code != http.StatusOK || len(sink.Accepted()) != 1 {
		t.Errorf("%d", w.Code)
	}
	keyless := open(t, config(t), settings("telnyx", nil, nil))
	if w := called(t, keyless, sink, telnyxCall(telnyxReceived, now)); w.Code != http.StatusForbidden {
		t.Errorf("without a key anybody may call: %d", w.Code)
	}
}

// api is a far end that answers questions by their addresses.
func api(t *testing.T, knows func(*http.Request) bool, pages map[string]string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !knows(r) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		body, ok := pages[r.URL.RequestURI()]
		if !ok {
			t.Errorf("asked for %s", r.URL.RequestURI())
			w.WriteHeader(http.StatusNotFound)
			return
		}
		answers(http.StatusOK, body)(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// lists checks what a provider lists, that it knows us, and that it says so if not.
func lists(t *testing.T, with, wrong json.RawMessage, want ...parley.TextNumber) {
	t.Helper()
	ch := open(t, config(t), with)
	got, err := ch.(channel.NumberLister).ListNumbers(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if err := ch.(channel.Checker).CheckOutgoing(t.Context()); err != nil {
		t.Error(err)
	}
	stranger := open(t, config(t), wrong)
	if err := stranger.(channel.Checker).CheckOutgoing(t.Context()); !parley.IsCode(err, parley.Forbidden) {
		t.Error(err)
	}
	if _, err := stranger.(channel.NumberLister).ListNumbers(t.Context()); !parley.IsCode(err, parley.Forbidden) {
		t.Error(err)
	}
}

func TestTelnyxNumbers(t *testing.T) {
	t.Parallel()
	at := api(t, func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer KEY1" }, map[string]string{
		"/v2/phone_numbers/messaging?page%5Bsize%5D=250&page%5Bnumber%5D=1": `{"data":[{"phone_number":"+14155550100","features":{"sms":{},"mms":{}}}],"meta":{"total_pages":2}}`,
		"/v2/phone_numbers/messaging?page%5Bsize%5D=250&page%5Bnumber%5D=2": `{"data":[{"phone_number":"+14155550101","features":{"sms":{},"mms":null}}],"meta":{"total_pages":2}}`,
		"/v2/messaging_profiles/p1":                                         `{"data":{"id":"p1"}}`,
	})
	wrong := settings("telnyx", parley.Options{"api_base": at}, parley.Options{"api_key": "old"})
	lists(t, telnyxSettings(at), wrong, parley.TextNumber{Number: office, SMS: true, MMS: true}, parley.TextNumber{Number: "+14155550101", SMS: true})
}
