package sms_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/channel/carrier"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/sms"
	"parley/internal/parley"
)

const account = "AC00000000000000000000000000000000"

func twilioSettings(api string) json.RawMessage {
	return settings("twilio", parley.Options{"account_sid": account, "api_base": api}, parley.Options{"auth_token": "token"})
}

func TestTwilioContract(t *testing.T) {
	t.Parallel()
	company{
		settings: twilioSettings,
		read: func(t *testing.T, r *http.Request, body []byte) channel.Letter {
			user, pass, _ := r.BasicAuth()
			form, err := url.ParseQuery(string(body))
			if err != nil || user != account || pass != "token" || r.URL.Path != "/2010-04-01/Accounts/"+account+"/Messages.json" {
				t.Errorf("%s %s:%s %v", r.URL.Path, user, pass, err)
			}
			l := channel.Letter{
				From: parley.Address{Phone: form.Get("From")}, To: parley.Addresses{{Phone: form.Get("To")}}, Text: form.Get("Body"),
				Callback: form.Get("StatusCallback"),
			}
			l.InternetID = strings.ReplaceAll(strings.SplitN(l.Callback, "ref=", 2)[1], "%40", "@")
			return l
		},
		takes: answers(201, `{"sid":"SM1","status":"queued"}`),
		later: answers(429, `{"code":20429,"message":"Too Many Requests","status":429}`),
		never: answers(400, `{"code":21614,"message":"'To' number is not a valid mobile number","status":400}`),
		inputs: []channel.Raw{{ChannelID: 1, Body: []byte(`{"version":1,"provider":"twilio","method":"POST","url":"https://x.test/","content_type":"application/x-www-form-urlencoded",` +
			`"body":"TWVzc2FnZVNpZD1TTTEmRnJvbT0lMkIxNDE1NTU1MDEyMyZUbz0lMkIxNDE1NTU1MDEwMCZCb2R5PWhp"}`)}},
	}.contract(t)
}

func TestTwilioSignatures(t *testing.T) {
	t.Parallel()
	var file struct {
		Cases []struct {
			Name      string
			AuthToken string `json:"auth_token"`
			URL       string
			Body      string
			Params    [][2]string
			Signature string
			Valid     bool
			Debatable string
		}
	}
	readJSON(t, &file, corpora(t), "webhook-signatures", "twilio-signature.json")
	if len(file.Cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range file.Cases {
		var params url.Values
		for _, p := range c.Params {
			if params == nil {
				params = url.Values{}
			}
			params.Add(p[0], p[1])
		}
		got := sms.TwilioSigned(c.AuthToken, c.URL, params, []byte(c.Body), c.Signature)
		if got != c.Valid && c.Debatable == "" {
			t.Errorf("%s: %v", c.Name, got)
		}
		if c.Valid && sms.TwilioSigned(c.AuthToken+"x", c.URL, params, []byte(c.Body), c.Signature) {
			t.Errorf("%s: signed by another token", c.Name)
		}
		if c.Body != "" && sms.TwilioSigned(c.AuthToken, c.URL, params, []byte(c.Body+" "), c.Signature) {
			t.Errorf("%s: the body was changed", c.Name)
		}
	}
}

// TestTwilioSamples: bodies as another product has kept them, signed with our token.
func TestTwilioSamples(t *testing.T) {
	t.Parallel()
	for name, form := range samples(t, "zammad-twilio") {
		s := sms.Settings{Text: &parley.TextSettings{Provider: "twilio"}, Number: form.Get("To"), Secret: parley.ChannelSecrets{Text: parley.Options{"auth_token": "token"}}}
		with, _ := json.Marshal(s)
		ch, sink := open(t, config(t), with), &channeltest.Sink{}
		for range 2 {
			r := signedForm(form, base+"/hooks/tok")
			if w := called(t, ch, sink, r); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<Response/>") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/xml") {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		}
		got := sink.Accepted()
		if len(got) != 2 || got[0].Key != got[1].Key || got[0].Key != "twilio:"+form.Get("MessageSid") {
			t.Fatalf("%s: %+v", name, got)
		}
		p := parsed(t, ch, got[:1])
		if p.Text != form.Get("Body") || p.From.Phone != form.Get("From") || p.To[0].Phone != form.Get("To") || p.InternetID != form.Get("MessageSid")+"@twilio" {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func signedForm(form url.Values, address string) *http.Request {
	u, _ := url.Parse(address)
	r := httptest.NewRequest(http.MethodPost, u.RequestURI(), strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", carrier.Signature("token", address, form))
	return r
}

// world is a channel and a carrier that call each other; the carrier's time is the test's.
type world struct {
	ch      channel.Channel
	carrier *carrier.Carrier
	queue   *carrier.Queue
	sink    *channeltest.Sink
	hook    string
	api     string
}

func newWorld(t *testing.T, conf carrier.Config, more parley.Options) world {
	t.Helper()
	w := world{queue: &carrier.Queue{}, sink: &channeltest.Sink{}}
	hooks := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.ch.(channel.Webhooker).Webhook(w.sink).ServeHTTP(rw, r)
	}))
	conf.After, conf.Now, conf.HTTP = w.queue.After, w.queue.Now, hooks.Client()
	w.carrier = carrier.New(conf)
	api := httptest.NewServer(w.carrier)
	w.carrier.Locate(api.URL)
	w.hook, w.api = hooks.URL+"/hooks/tok", api.URL
	w.carrier.AddNumber(carrier.Number{Number: office, Name: "Office", MMS: true, URL: w.hook, Services: []string{"MG1"}})
	ours := config(t)
	ours.BaseURL = hooks.URL
	options := parley.Options{"account_sid": account, "api_base": api.URL}
	maps.Copy(options, more)
	w.ch = open(t, ours, settings("twilio", options, parley.Options{"auth_token": "token"}))
	t.Cleanup(func() {
		w.carrier.Close()
		api.Close()
		hooks.Close()
	})
	return w
}

func (w world) send(t *testing.T, to string) (channel.Receipt, error) {
	t.Helper()
	l := letter
	l.To = parley.Addresses{{Phone: to}}
	l.Callback = w.hook + "?ref=m1%40help.example.test"
	return w.ch.Send(t.Context(), channel.Outgoing{ChannelID: 1, Recipients: []string{to}, Body: compose(t, w.ch, l)})
}

func TestTwilioSendsAndHearsOfIt(t *testing.T) {
	t.Parallel()
	for _, service := range []string{"", "MG1"} {
		w := newWorld(t, carrier.Config{}, parley.Options{"messaging_service_sid": service})
		w.carrier.Behave(phone, carrier.Behaviour{Again: 1, Backwards: true})
		receipt, err := w.send(t, phone)
		if err != nil || receipt.ProviderID == "" {
			t.Fatal(receipt, err)
		}
		w.queue.Run()
		if texts := w.carrier.Texts(phone); len(texts) != 1 || texts[0].Body != letter.Text || texts[0].From != office {
			t.Errorf("the phone shows %+v", texts)
		}
		var got []channel.Report
		keys := map[string]int{}
		for _, raw := range w.sink.Accepted() {
			p, err := w.ch.Parse(raw)
			if err != nil || len(p.Reports) != 1 || !p.AutoReply || p.IsBounce {
				t.Fatalf("%+v %v", p, err)
			}
			got = append(got, p.Reports[0])
			keys[raw.Key]++
		}
		report := func(d parley.Delivery) channel.Report {
			return channel.Report{InternetID: "m1@help.example.test", ProviderID: receipt.ProviderID, Recipient: phone, Delivery: d}
		}
		want := []channel.Report{report(parley.Delivered), report(parley.Delivered), report(parley.Sent), report(parley.Sent)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[string]int{"twilio:" + receipt.ProviderID + ":delivered": 2, "twilio:" + receipt.ProviderID + ":sent": 2}, keys); diff != "" {
			t.Error(diff)
		}
	}
}

func TestTwilioFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, carrier.Config{}, nil)
	w.carrier.Behave("+14155550191", carrier.Behaviour{Status: http.StatusBadGateway})
	w.carrier.Behave("+14155550192", carrier.Behaviour{Status: http.StatusServiceUnavailable})
	tests := []struct {
		to     string
		kind   channel.SendErrorKind
		status string
		reason parley.Reason
	}{
		{"+15005521610", channel.Permanent, "21610", parley.ReasonOptedOut},
		{"+15005521614", channel.Permanent, "21614", parley.ReasonNotMobile},
		{"+15005521211", channel.Permanent, "21211", parley.ReasonNoSuchNumber},
		{"+15005521408", channel.Permanent, "21408", parley.ReasonPolicy},
		{"+15005521611", channel.Temporary, "21611", parley.ReasonNetwork},
		{"+15005520429", channel.Temporary, "20429", parley.ReasonNetwork},
		{"+14155550191", channel.Uncertain, "", parley.ReasonNetwork},
		{"+14155550192", channel.Temporary, "", parley.ReasonNetwork},
	}
	for _, test := range tests {
		_, err := w.send(t, test.to)
		e, ok := errors.AsType[*channel.SendError](err)
		if !ok || e.Kind != test.kind || e.Status != test.status || e.Reason != test.reason || e.Text == "" {
			t.Errorf("%s: %+v, want %+v", test.to, e, test)
		}
	}
	for code, reason := range map[string]parley.Reason{
		"30003": parley.ReasonUnreachable, "30004": parley.ReasonFiltered, "30005": parley.ReasonNoSuchNumber,
		"30006": parley.ReasonNotMobile, "30007": parley.ReasonFiltered, "30008": parley.ReasonOther,
	} {
		w := newWorld(t, carrier.Config{}, nil)
		if _, err := w.send(t, "+150055"+code); err != nil {
			t.Fatal(err)
		}
		w.queue.Run()
		all := w.sink.Accepted()
		r := parsed(t, w.ch, all[len(all)-1:]).Reports[0]
		if r.Delivery != parley.Bounced || r.Status != code || r.Reason != reason || r.Text == "" {
			t.Errorf("%s: %+v", code, r)
		}
	}
}

func TestTwilioBringsATextWithAPicture(t *testing.T) {
	t.Parallel()
	w := newWorld(t, carrier.Config{OptOut: carrier.OptOutAdvanced}, nil)
	files := []carrier.Media{{ContentType: "image/png", Body: []byte("png")}, {ContentType: "text/html", Body: []byte("<p>")}, {ContentType: "video/mp4", Body: make([]byte, 5<<20+1)}}
	if _, err := w.carrier.Text(t.Context(), phone, office, "look", files...); err != nil {
		t.Fatal(err)
	}
	p := parsed(t, w.ch, w.sink.Accepted())
	if p.Text != "look" || p.VisibleText != "look" || p.QuoteAt != -1 || len(p.Parts) != 3 || p.Answered || p.AutoReply || len(p.ContentHash) == 0 {
		t.Fatalf("%+v", p)
	}
	fetch := func(address string) (channel.Part, error) {
		return w.ch.(channel.MediaFetcher).FetchMedia(t.Context(), address)
	}
	part, err := fetch(p.Parts[0].URL)
	if err != nil || string(part.Body) != "png" || part.ContentType != "image/png" || !strings.HasSuffix(part.Filename, ".png") {
		t.Errorf("%+v %v", part, err)
	}
	for address, code := range map[string]parley.Code{
		p.Parts[1].URL: parley.Invalid, p.Parts[2].URL: parley.TooLarge, p.Parts[0].URL + "7": parley.NotFound,
		"https://elsewhere.test/x.png": parley.NotFound, "http://api.twilio.com/x": parley.NotFound, "::": parley.NotFound,
		"https://api.twilio.com.elsewhere.test/x": parley.NotFound,
	} {
		if _, err := fetch(address); !parley.IsCode(err, code) {
			t.Errorf("%s: %v, want %s", address, err, code)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = w.ch.(channel.MediaFetcher).FetchMedia(ctx, p.Parts[0].URL)
	if _, final := errors.AsType[*parley.Error](err); err == nil || final {
		t.Errorf("a fetch that was broken off is tried again: %v", err)
	}
	if _, err := w.carrier.Text(t.Context(), phone, office, "STOP"); err != nil {
		t.Fatal(err)
	}
	if p := parsed(t, w.ch, w.sink.Accepted()[1:]); !p.Answered {
		t.Error("Twilio has answered STOP, and nobody says so")
	}
}

func TestTwilioRefusesForgedCalls(t *testing.T) {
	t.Parallel()
	ch, sink := open(t, config(t), twilioSettings("")), &channeltest.Sink{}
	form := url.Values{"MessageSid": {"SM1"}, "From": {phone}, "To": {office}, "Body": {"hi"}}
	good := func() *http.Request { return signedForm(form, base+"/hooks/tok") }
	tests := map[string]struct {
		make func() *http.Request
		want int
	}{
		"no signature": {func() *http.Request {
			r := good()
			r.Header.Del("X-Twilio-Signature")
			return r
		}, http.StatusForbidden},
		"another address": {func() *http.Request {
			r := good()
			r.RequestURI += "?x=1"
			return r
		}, http.StatusForbidden},
		"another body": {func() *http.Request {
			r := good()
			r.Body = http.NoBody
			return r
		}, http.StatusForbidden},
		"a body that is not signed": {func() *http.Request {
			r := signedForm(nil, base+"/hooks/tok")
			r2 := httptest.NewRequest(http.MethodPost, "/hooks/tok", strings.NewReader(`{"MessageSid":"SM1"}`))
			r2.Header = r.Header
			r2.Header.Set("Content-Type", "application/json")
			return r2
		}, http.StatusForbidden},
		"too large": {func() *http.Request {
			return httptest.NewRequest(http.MethodPost, "/hooks/tok", strings.NewReader(strings.Repeat("x", 1<<20+1)))
		}, http.StatusRequestEntityTooLarge},
		"another number": {func() *http.Request {
			f := url.Values{"MessageSid": {"SM1"}, "From": {phone}, "To": {"+14155550999"}, "Body": {"hi"}}
			return signedForm(f, base+"/hooks/tok")
		}, http.StatusNotFound},
		"another form": {func() *http.Request { return signedForm(url.Values{"a": {"b"}}, base+"/hooks/tok") }, http.StatusBadRequest},
	}
	for name, test := range tests {
		if w := called(t, ch, sink, test.make()); w.Code != test.want {
			t.Errorf("%s: %d, want %d", name, w.Code, test.want)
		}
	}
	if got := sink.Accepted(); len(got) != 0 {
		t.Errorf("%d calls were kept", len(got))
	}
	full := &channeltest.Sink{Before: func(context.Context, channel.Raw) error { return errors.New("disk full") }}
	if w := called(t, ch, full, good()); w.Code != http.StatusServiceUnavailable {
		t.Errorf("what was not kept: %d", w.Code)
	}
	unsealed := open(t, config(t), settings("twilio", nil, nil))
	if w := called(t, unsealed, sink, good()); w.Code != http.StatusForbidden {
		t.Errorf("without a token anybody may call: %d", w.Code)
	}
}

func TestTwilioNumbersAndCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t, carrier.Config{}, nil)
	w.carrier.AddNumber(carrier.Number{Number: "+14155550101", Name: "Second"})
	numbers, err := w.ch.(channel.NumberLister).ListNumbers(t.Context())
	want := []parley.TextNumber{{Number: office, Name: "Office", SMS: true, MMS: true}, {Number: "+14155550101", Name: "Second", SMS: true}}
	if diff := cmp.Diff(want, numbers); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if err := w.ch.(channel.Checker).CheckOutgoing(t.Context()); err != nil {
		t.Error(err)
	}
	if err := w.ch.(channel.Checker).CheckIncoming(t.Context()); err != nil {
		t.Error(err)
	}
	wrong := open(t, config(t), settings("twilio", parley.Options{"account_sid": account, "api_base": w.api}, parley.Options{"auth_token": "old"}))
	if err := wrong.(channel.Checker).CheckOutgoing(t.Context()); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("%v", err)
	}
	if _, err := wrong.(channel.NumberLister).ListNumbers(t.Context()); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("%v", err)
	}
}

// Whoever has no connection to the provider is told in words; what exactly went wrong is for the log.
func TestTwilioOutOfReach(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	conf := config(t)
	conf.Log = slog.New(slog.NewTextHandler(&log, nil))
	ch := open(t, conf, settings("twilio", parley.Options{"account_sid": account, "api_base": "http://127.0.0.1:1"}, nil))
	_, listed := ch.(channel.NumberLister).ListNumbers(t.Context())
	_, sent := ch.Send(t.Context(), channel.Outgoing{ChannelID: 1, Recipients: []string{phone}, Body: compose(t, ch, letter)})
	for what, err := range map[string]error{"check": ch.(channel.Checker).CheckOutgoing(t.Context()), "list": listed, "send": sent} {
		if err == nil || !strings.Contains(err.Error(), "cannot be reached: it refuses the connection.") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := strings.Count(log.String(), "connection refused"); n != 3 || strings.Contains(log.String(), account) {
		t.Errorf("the log names the cause %d times, or the account:\n%s", n, &log)
	}
}
