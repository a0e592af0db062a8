package sms_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/sms"
	"parley/internal/parley"
)

func messagebirdSettings(api string) json.RawMessage {
	return settings("messagebird", parley.Options{"api_base": api}, parley.Options{"access_key": "live1", "signing_key": "sign1"})
}

// messagebirdToken signs a call as MessageBird does.
func messagebirdToken(address, body, id string, from, to time.Time) string {
	sum := func(s string) string {
		h := sha256.Sum256([]byte(s))
		return hex.EncodeToString(h[:])
	}
	claims := fmt.Sprintf(`{"iss":"MessageBird","nbf":%d,"exp":%d,"jti":%q,"url_hash":%q`, from.Unix(), to.Unix(), id, sum(address))
	if body != "" {
		claims += fmt.Sprintf(`,"payload_hash":%q`, sum(body))
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims+"}"))
	mac := hmac.New(sha256.New, []byte("sign1"))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func messagebirdCall(method, target, body, id string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("MessageBird-Signature-JWT", messagebirdToken(base+target, body, id, now, now.Add(time.Minute)))
	return r
}

const messagebirdText = "id=b1&message_id=b1&originator=14155550123&recipient=14155550100&payload=hi&body=hi&createdDatetime=2026-01-05T09%3A00%3A00%2B00%3A00"

func TestMessageBirdContract(t *testing.T) {
	t.Parallel()
	company{
		settings: messagebirdSettings,
		read: func(t *testing.T, r *http.Request, body []byte) channel.Letter {
			var m struct {
				Originator, Body, Reference, ReportURL, Datacoding string
				Recipients                                         []string
			}
			if err := json.Unmarshal(body, &m); err != nil || r.URL.Path != "/messages" || r.Header.Get("Authorization") != "AccessKey live1" || len(m.Recipients) != 1 || m.Datacoding != "auto" {
				t.Errorf("%v %s %s", err, r.URL, body)
			}
			return channel.Letter{
				From: parley.Address{Phone: "+" + m.Originator}, To: parley.Addresses{{Phone: "+" + m.Recipients[0]}}, Text: m.Body, InternetID: m.Reference, Callback: m.ReportURL,
			}
		},
		takes:  answers(201, `{"id":"b1","recipients":{"totalSentCount":1}}`),
		later:  answers(429, `{"errors":[{"code":2,"description":"too many"}]}`),
		never:  answers(422, `{"errors":[{"code":10,"description":"no (correct) recipients found","parameter":"recipients"}]}`),
		inputs: keptCalls(t, messagebirdSettings(""), messagebirdCall(http.MethodPost, "/hooks/tok", messagebirdText, "j1")),
	}.contract(t)
}

func TestMessageBirdSendsPictures(t *testing.T) {
	t.Parallel()
	var got map[string]any
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewDecoder(r.Body).Decode(&got)
		got["path"] = r.URL.Path
		answers(201, `{"id":"b2"}`)(w, r)
	}))
	defer srv.Close()
	ch := open(t, config(t), messagebirdSettings(srv.URL))
	l := letter
	l.Parts = []channel.Part{{ContentType: "image/png", URL: "https://x.test/a.png"}}
	receipt, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, l)})
	if err != nil || receipt.ProviderID != "b2" || got["path"] != "/mms" || got["recipients"] != "14155550123" || got["mediaUrls"].([]any)[0] != "https://x.test/a.png" {
		t.Errorf("%+v %v %v", receipt, err, got)
	}
}

func TestMessageBirdNews(t *testing.T) {
	t.Parallel()
	ch := open(t, config(t), messagebirdSettings(""))
	for status, want := range map[string]channel.Report{
		"sent": {Delivery: parley.Sent}, "delivered": {Delivery: parley.Delivered},
		"delivery_failed": {Delivery: parley.Bounced, Status: "1", Reason: parley.ReasonNoSuchNumber},
	} {
		target := "/hooks/tok?ref=m1%40x&id=b1&reference=m1%40x&recipient=14155550123&status=" + status + "&statusDatetime=2026-01-05T09%3A00%3A00%2B00%3A00&statusErrorCode=1"
		got := keptCalls(t, messagebirdSettings(""), messagebirdCall(http.MethodGet, target, "", "j2"))
		r := parsed(t, ch, got).Reports[0]
		if r.Delivery != want.Delivery || r.Status != want.Status || r.Reason != want.Reason || r.InternetID != "m1@x" || r.Recipient != phone || got[0].Key != "messagebird:b1:"+status {
			t.Errorf("%s: %+v %s", status, r, got[0].Key)
		}
	}
	if got := keptCalls(t, messagebirdSettings(""), messagebirdCall(http.MethodGet, "/hooks/tok?id=b1&recipient=1&status=buffered", "", "j3")); len(got) != 0 {
		t.Error("what says nothing was kept")
	}
}

func TestMessageBirdSignature(t *testing.T) {
	t.Parallel()
	ch, sink := open(t, config(t), messagebirdSettings("")), &channeltest.Sink{}
	with := func(token string) *http.Request {
		r := messagebirdCall(http.MethodPost, "/hooks/tok", messagebirdText, "j1")
		r.Header.Set("MessageBird-Signature-JWT", token)
		return r
	}
	good := messagebirdToken(base+"/hooks/tok", messagebirdText, "j1", now, now.Add(time.Minute))
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + strings.Split(good, ".")[1] + "."
	for name, token := range map[string]string{
		"none": "", "garbage": "a.b.c", "no algorithm": none, "another signature": good + "x",
		"another address": messagebirdToken(base+"/hooks/other", messagebirdText, "j1", now, now.Add(time.Minute)),
		"another body":    messagebirdToken(base+"/hooks/tok", "x", "j1", now, now.Add(time.Minute)),
		"over":            messagebirdToken(base+"/hooks/tok", messagebirdText, "j1", now.Add(-time.Hour), now.Add(-2*time.Minute)),
		"not yet":         messagebirdToken(base+"/hooks/tok", messagebirdText, "j1", now.Add(2*time.Minute), now.Add(time.Hour)),
		"no name":         messagebirdToken(base+"/hooks/tok", messagebirdText, "", now, now.Add(time.Minute)),
	} {
		if w := called(t, ch, sink, with(token)); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := called(t, ch, sink, with(good)); w.Code != http.StatusOK || len(sink.Accepted()) != 1 {
		t.Errorf("%d", w.Code)
	}
}

// TestMessageBirdSamples: calls as another product has kept them, signed with our key.
func TestMessageBirdSamples(t *testing.T) {
	t.Parallel()
	for name, form := range samples(t, "zammad-messagebird") {
		s := sms.Settings{Text: &parley.TextSettings{Provider: "messagebird"}, Number: form.Get("recipient"), Secret: parley.ChannelSecrets{Text: parley.Options{"signing_key": "sign1"}}}
		with, _ := json.Marshal(s)
		ch, sink := open(t, config(t), with), &channeltest.Sink{}
		for range 2 {
			if w := called(t, ch, sink, messagebirdCall(http.MethodPost, "/hooks/tok", form.Encode(), name)); w.Code != http.StatusOK {
				t.Errorf("%s: %d", name, w.Code)
			}
		}
		got := sink.Accepted()
		if len(got) != 2 || got[0].Key == "" || got[0].Key != got[1].Key {
			t.Fatalf("%s: %+v", name, got)
		}
		p := parsed(t, ch, got[:1])
		if p.Text != form.Get("payload") || p.From.Phone != form.Get("originator") || p.To[0].Phone != form.Get("recipient") || p.InternetID == "" {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestMessageBirdNumbersAndMedia(t *testing.T) {
	t.Parallel()
	at := api(t, func(r *http.Request) bool { return r.Header.Get("Authorization") == "AccessKey live1" }, map[string]string{
		"/v1/phone-numbers?limit=100&offset=0": `{"totalCount":1,"items":[{"number":"14155550100","features":["sms","voice","mms"]}]}`,
		"/balance":                             `{"payment":"prepaid"}`,
	})
	wrong := settings("messagebird", parley.Options{"api_base": at}, parley.Options{"access_key": "old"})
	lists(t, messagebirdSettings(at), wrong, parley.TextNumber{Number: office, SMS: true, MMS: true})
	body := `{"id":"b3","originator":"14155550123","recipient":"14155550100","body":"look","mediaUrls":["https://media.messagebird.com/v1/media/1"]}`
	r := messagebirdCall(http.MethodPost, "/hooks/tok", body, "j4")
	r.Header.Set("Content-Type", "application/json")
	p := parsed(t, open(t, config(t), messagebirdSettings("")), keptCalls(t, messagebirdSettings(""), r))
	if len(p.Parts) != 1 || p.Parts[0].URL != "https://media.messagebird.com/v1/media/1" {
		t.Errorf("%+v", p)
	}
}
