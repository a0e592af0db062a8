package sms_test

import (
	"context"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // what old accounts sign with
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/sms"
	"parley/internal/parley"
)

func vonageSettings(api string) json.RawMessage {
	return settings("vonage", parley.Options{"api_key": "k1", "api_base": api}, parley.Options{"api_secret": "s1", "signature_secret": "sig1"})
}

// vonageSign signs members as Vonage does, in its own words.
func vonageSign(members map[string]string, method string) map[string]string {
	out := maps.Clone(members)
	text := ""
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value := strings.ReplaceAll(strings.ReplaceAll(members[name], "&", "_"), "=", "_")
		text += "&" + name + "=" + value
	}
	if method == "md5hash" {
		sum := md5.Sum([]byte(text + "sig1")) //nolint:gosec // see above
		out["sig"] = hex.EncodeToString(sum[:])
		return out
	}
	mac := hmac.New(sha256.New, []byte("sig1"))
	mac.Write([]byte(text))
	out["sig"] = strings.ToUpper(hex.EncodeToString(mac.Sum(nil)))
	return out
}

// vonageCall makes a call in one of its three forms.
func vonageCall(form string, members map[string]string) *http.Request {
	values := url.Values{}
	for name, value := range members {
		values.Set(name, value)
	}
	switch form {
	case "GET":
		return httptest.NewRequest(http.MethodGet, "/hooks/tok?"+values.Encode(), http.NoBody)
	case "form":
		r := httptest.NewRequest(http.MethodPost, "/hooks/tok", strings.NewReader(values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	body, _ := json.Marshal(members)
	r := httptest.NewRequest(http.MethodPost, "/hooks/tok", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	return r
}

func vonageText(more ...string) map[string]string {
	m := map[string]string{
		"msisdn": "14155550123", "to": "14155550100", "messageId": "v1", "text": "a & b = c 🙂", "type": "unicode", "keyword": "A",
		"message-timestamp": "2026-01-05 08:59:00", "timestamp": strconv.FormatInt(now.Unix(), 10), "nonce": "n1", "api-key": "k1",
	}
	for i := 0; i < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return m
}

func TestVonageContract(t *testing.T) {
	t.Parallel()
	company{
		settings: vonageSettings,
		read: func(t *testing.T, r *http.Request, body []byte) channel.Letter {
			f, err := url.ParseQuery(string(body))
			if err != nil || r.URL.Path != "/sms/json" || f.Get("api_key") != "k1" || f.Get("api_secret") != "s1" || f.Get("type") != "unicode" || f.Get("status-report-req") != "1" {
				t.Errorf("%v %s %v", err, r.URL, f)
			}
			return channel.Letter{
				From: parley.Address{Phone: "+" + f.Get("from")}, To: parley.Addresses{{Phone: "+" + f.Get("to")}}, Text: f.Get("text"),
				InternetID: f.Get("client-ref"), Callback: f.Get("callback") + "?ref=" + url.QueryEscape(f.Get("client-ref")),
			}
		},
		takes:  answers(200, `{"message-count":"1","messages":[{"to":"14155550123","message-id":"v1","status":"0"}]}`),
		later:  answers(200, `{"message-count":"1","messages":[{"status":"1","error-text":"Throughput Rate Exceeded"}]}`),
		never:  answers(200, `{"message-count":"1","messages":[{"status":"6","error-text":"Unroutable message - rejected"}]}`),
		inputs: keptCalls(t, vonageSettings(""), vonageCall("json", vonageSign(vonageText(), "sha256"))),
	}.contract(t)
}

func TestVonageAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body string
		id   string
		kind channel.SendErrorKind
	}{
		{`{"messages":[{"message-id":"1","status":"0"},{"message-id":"2","status":"0"}]}`, "1,2", 0},
		{`{"messages":[{"message-id":"1","status":"0"},{"status":"9","error-text":"quota"}]}`, "", channel.Uncertain},
		{`{"messages":[]}`, "", channel.Uncertain},
		{`<html>`, "", channel.Uncertain},
		{`{"messages":[{"status":"9","error-text":"Quota Exceeded - rejected"}]}`, "", channel.Permanent},
	}
	for _, test := range tests {
		srv := httptest.NewServer(answers(200, test.body))
		ch := open(t, config(t), vonageSettings(srv.URL))
		receipt, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, letter)})
		srv.Close()
		if receipt.ProviderID != test.id || channel.KindOf(err) != test.kind {
			t.Errorf("%s: %+v %v", test.body, receipt, err)
		}
	}
}

func TestVonageBringsAText(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"GET", "form", "json"} {
		got := keptCalls(t, vonageSettings(""), vonageCall(form, vonageSign(vonageText(), "sha256")))
		p := parsed(t, open(t, config(t), vonageSettings("")), got)
		if p.Text != "a & b = c 🙂" || p.From.Phone != phone || p.To[0].Phone != office || p.InternetID != "v1@vonage" || p.SentAt.IsZero() || got[0].Key != "vonage:v1" {
			t.Errorf("%s: %+v", form, p)
		}
	}
}

func TestVonageNews(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]channel.Report{
		"delivered": {Delivery: parley.Delivered}, "accepted": {Delivery: parley.Sent},
		"failed":  {Delivery: parley.Bounced, Status: "9", Reason: parley.ReasonOptedOut},
		"expired": {Delivery: parley.Bounced, Status: "9", Reason: parley.ReasonOptedOut},
	} {
		members := vonageText("status", status, "err-code", "9", "client-ref", "m1@x", "msisdn", "14155550123", "to", "14155550100")
		delete(members, "text")
		got := keptCalls(t, vonageSettings(""), vonageCall("json", vonageSign(members, "sha256")))
		r := parsed(t, open(t, config(t), vonageSettings("")), got).Reports[0]
		if r.Delivery != want.Delivery || r.Status != want.Status || r.Reason != want.Reason || r.InternetID != "m1@x" || r.Recipient != phone || got[0].Key != "vonage:v1:"+status {
			t.Errorf("%s: %+v", status, r)
		}
	}
	buffered := vonageText("status", "buffered")
	delete(buffered, "text")
	if got := keptCalls(t, vonageSettings(""), vonageCall("json", vonageSign(buffered, "sha256"))); len(got) != 0 {
		t.Error("what says nothing was kept")
	}
}

func TestVonageSignature(t *testing.T) {
	t.Parallel()
	ch, sink := open(t, config(t), vonageSettings("")), &channeltest.Sink{}
	changed := vonageSign(vonageText(), "sha256")
	changed["text"] = "another"
	for name, members := range map[string]map[string]string{
		"none": vonageText(), "changed": changed, "another method": vonageSign(vonageText(), "md5hash"),
		"too old": vonageSign(vonageText("timestamp", strconv.FormatInt(now.Add(-26*time.Hour).Unix(), 10)), "sha256"),
		"no time": vonageSign(vonageText("timestamp", ""), "sha256"),
	} {
		if w := called(t, ch, sink, vonageCall("json", members)); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if len(sink.Accepted()) != 0 {
		t.Error("something was kept")
	}
	values := url.Values{}
	for name, value := range vonageSign(vonageText(), "md5hash") {
		values.Set(name, value)
	}
	if !sms.VonageSigned("md5hash", "sig1", values) || sms.VonageSigned("md5hash", "", values) || sms.VonageSigned("sha256", "sig1", values) {
		t.Error("md5hash")
	}
}

func TestVonageNumbers(t *testing.T) {
	t.Parallel()
	at := api(t, func(r *http.Request) bool { _, pass, _ := r.BasicAuth(); return pass == "s1" }, map[string]string{
		"/account/numbers?size=100&index=1": `{"count":1,"numbers":[{"country":"US","msisdn":"14155550100","features":["VOICE","SMS"]}]}`,
		"/account/numbers?size=1":           `{"count":1,"numbers":[]}`,
	})
	wrong := settings("vonage", parley.Options{"api_key": "k1", "api_base": at}, parley.Options{"api_secret": "old"})
	lists(t, vonageSettings(at), wrong, parley.TextNumber{Number: office, SMS: true})
}

// part is one of three segments of a text, as Vonage brings them one by one.
func part(number string, body string) *http.Request {
	return vonageCall("json", vonageSign(vonageText("messageId", "v"+number, "text", body, "concat", "true", "concat-ref", "77", "concat-total", "3", "concat-part", number), "sha256"))
}

func TestPartsAreJoined(t *testing.T) {
	t.Parallel()
	conf := config(t)
	synctest.Test(t, func(t *testing.T) {
		ch, sink := open(t, conf, vonageSettings("")), &channeltest.Sink{}
		var wg sync.WaitGroup
		for _, r := range []*http.Request{part("2", "two "), part("1", "one "), part("2", "two "), part("3", "three")} {
			wg.Go(func() {
				if w := called(t, ch, sink, r); w.Code != http.StatusOK {
					t.Errorf("%d", w.Code)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		got := sink.Accepted()
		if p := parsed(t, ch, got); p.Text != "one two three" || p.InternetID != "v1@vonage" || got[0].Key != "vonage:v1" {
			t.Errorf("%+v", p)
		}
	})
}

func TestPartsWhoseOthersDoNotCome(t *testing.T) {
	t.Parallel()
	conf := config(t)
	synctest.Test(t, func(t *testing.T) {
		ch, sink := open(t, conf, vonageSettings("")), &channeltest.Sink{}
		var wg sync.WaitGroup
		for _, r := range []*http.Request{part("1", "one "), part("3", "three")} {
			wg.Go(func() {
				if w := called(t, ch, sink, r); w.Code != http.StatusOK {
					t.Errorf("%d", w.Code)
				}
			})
		}
		wg.Wait()
		if got := sink.Accepted(); len(got) != 2 || got[0].Key == got[1].Key {
			t.Errorf("%+v", got)
		}
	})
}

// TestPartsThatAreRefused: when the whole cannot be kept, none of its parts is taken.
func TestPartsThatAreRefused(t *testing.T) {
	t.Parallel()
	conf := config(t)
	synctest.Test(t, func(t *testing.T) {
		ch := open(t, conf, vonageSettings(""))
		full := &channeltest.Sink{Before: func(context.Context, channel.Raw) error { return errors.New("disk full") }}
		var wg sync.WaitGroup
		for _, r := range []*http.Request{part("1", "one "), part("2", "two "), part("3", "three")} {
			wg.Go(func() {
				if w := called(t, ch, full, r); w.Code != http.StatusServiceUnavailable {
					t.Errorf("%d", w.Code)
				}
			})
		}
		wg.Wait()
	})
}
