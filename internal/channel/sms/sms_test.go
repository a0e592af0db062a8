package sms_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/sms"
	"parley/internal/parley"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	base   = "https://help.example.test"
	office = "+14155550100"
	phone  = "+14155550123"
)

var now = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// config is of a product that is served at base, and reaches whatever a test starts.
func config(t *testing.T) sms.Config {
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // the far end is the test's
	t.Cleanup(transport.CloseIdleConnections)
	return sms.Config{
		HTTP:  &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		Media: &http.Client{Transport: transport}, Dial: new(net.Dialer).DialContext, BaseURL: base + "/", Now: func() time.Time { return now },
	}
}

// settings are those that a channel is opened with.
func settings(provider string, open, secret parley.Options) json.RawMessage {
	s := sms.Settings{
		Text: &parley.TextSettings{Provider: provider, Options: open, Region: "US"}, Number: office,
		Secret: parley.ChannelSecrets{Text: secret},
	}
	out, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return out
}

func open(t *testing.T, conf sms.Config, with json.RawMessage) channel.Channel {
	t.Helper()
	ch, err := sms.New(conf).Open(1, with)
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

var letter = channel.Letter{
	From: parley.Address{Phone: office}, To: parley.Addresses{{Phone: phone}}, Text: "Grüße & 100 % = schön 🙂",
	InternetID: "m1@help.example.test", Callback: base + "/hooks/tok?ref=m1%40help.example.test",
}

func compose(t *testing.T, ch channel.Channel, l channel.Letter) []byte {
	t.Helper()
	body, err := ch.Compose(l)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// company is a provider as a far end: how it is set up, what it reads of a request,
// and what it answers.
type company struct {
	settings func(base string) json.RawMessage
	read     func(t *testing.T, r *http.Request, body []byte) channel.Letter
	takes    http.HandlerFunc
	later    http.HandlerFunc
	never    http.HandlerFunc
	inputs   []channel.Raw
}

func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// contract holds a provider to what every channel type must do.
func (c company) contract(t *testing.T) {
	conf := config(t)
	ch := open(t, conf, c.settings("https://127.0.0.1:1"))
	channeltest.Run(t, sms.New(conf), channeltest.Case{
		Settings: c.settings("https://127.0.0.1:1"),
		BadSettings: []json.RawMessage{
			nil, []byte(`{}`), []byte(`{"text":{"provider":"pigeon"}}`), []byte(`{"text":7}`),
		},
		Inputs:   c.inputs,
		Outgoing: channel.Outgoing{ChannelID: 1, Recipients: []string{phone}, Body: compose(t, ch, letter)},
		FarEnd:   func(t *testing.T, how channeltest.Behaviour) channeltest.FarEnd { return c.farEnd(t, conf, how) },
	})
}

func (c company) farEnd(t *testing.T, conf sms.Config, how channeltest.Behaviour) channeltest.FarEnd {
	reached := make(chan struct{})
	if how == channeltest.BreaksBefore || how == channeltest.HangsBefore || how == channeltest.Unreachable {
		return channeltest.FarEnd{Channel: open(t, conf, c.settings("https://"+mute(t, how, reached))), Reached: reached}
	}
	var mu sync.Mutex
	var got [][]byte
	var far channeltest.FarEnd
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("far end: %v", err)
		}
		switch how {
		case channeltest.RefusesNow:
			c.later(w, r)
		case channeltest.RefusesGood:
			c.never(w, r)
		case channeltest.BreaksAfter:
			panic(http.ErrAbortHandler)
		case channeltest.HangsAfter:
			close(reached)
			<-r.Context().Done()
		default:
			sent, err := far.Channel.Compose(c.read(t, r, body))
			if err != nil {
				t.Errorf("far end: %v", err)
			}
			mu.Lock()
			got = append(got, sent)
			mu.Unlock()
			c.takes(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	far = channeltest.FarEnd{Channel: open(t, conf, c.settings(srv.URL)), Got: func() [][]byte {
		mu.Lock()
		defer mu.Unlock()
		return got
	}}
	if how == channeltest.HangsAfter {
		far.Reached = reached
	}
	return far
}

// mute is a server that never gets as far as a request.
func mute(t *testing.T, how channeltest.Behaviour, reached chan struct{}) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if how == channeltest.Unreachable {
		_ = l.Close()
		return l.Addr().String()
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		var held []net.Conn
		for {
			conn, err := l.Accept()
			if err != nil {
				break
			}
			if how == channeltest.BreaksBefore {
				_ = conn.Close()
				continue
			}
			held = append(held, conn)
			close(reached)
		}
		for _, conn := range held {
			_ = conn.Close()
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		wg.Wait()
	})
	return l.Addr().String()
}

func TestCompose(t *testing.T) {
	t.Parallel()
	picture := channel.Part{Filename: "a.png", ContentType: "image/png", URL: "https://x.test/a.png"}
	tests := []struct {
		name, provider string
		change         func(*channel.Letter)
		key, field     string
	}{
		{"good", "twilio", func(*channel.Letter) {}, "", ""},
		{"pictures alone", "twilio", func(l *channel.Letter) { l.Text, l.Parts = "", []channel.Part{picture} }, "", ""},
		{"longest", "twilio", func(l *channel.Letter) { l.Text = strings.Repeat("ü", 1530) }, "", ""},
		{"longest with a picture", "messagebird", func(l *channel.Letter) { l.Text, l.Parts = strings.Repeat("ы", 1600), []channel.Part{picture} }, "", ""},
		{"too long", "twilio", func(l *channel.Letter) { l.Text = strings.Repeat("x", 1531) }, "text.too_long", "text"},
		{"too long with a picture", "twilio", func(l *channel.Letter) { l.Text, l.Parts = strings.Repeat("x", 1601), []channel.Part{picture} }, "text.too_long", "text"},
		{"empty", "twilio", func(l *channel.Letter) { l.Text = " \n" }, "text.empty", "text"},
		{"nobody", "twilio", func(l *channel.Letter) { l.To = nil }, "phone.invalid", "to"},
		{"nowhere", "twilio", func(l *channel.Letter) { l.From = parley.Address{} }, "phone.invalid", "from"},
		{"a document", "twilio", func(l *channel.Letter) {
			l.Parts = []channel.Part{{Filename: "a.pdf", ContentType: "application/pdf", URL: "https://x.test/a.pdf"}}
		}, "attachment.not_image", "attachment_ids"},
		{"too many", "twilio", func(l *channel.Letter) {
			l.Parts = make([]channel.Part, 11)
			for i := range l.Parts {
				l.Parts[i] = channel.Part{ContentType: "image/gif", URL: "https://x.test/1"}
			}
		}, "attachments.too_many", "attachment_ids"},
		{"no pictures", "vonage", func(l *channel.Letter) { l.Parts = []channel.Part{picture} }, "attachments.none", "attachment_ids"},
		{"too many segments", "telnyx", func(l *channel.Letter) { l.Text = strings.Repeat("ы", 10*67+1) }, "text.too_long", "text"},
		{"too many segments for this one", "messagebird", func(l *channel.Letter) { l.Text = strings.Repeat("ы", 9*67+1) }, "text.too_long", "text"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ch := open(t, config(t), settings(test.provider, nil, nil))
			l := letter
			test.change(&l)
			_, err := ch.Compose(l)
			e, _ := errors.AsType[*parley.Error](err)
			if test.key == "" && err != nil || test.key != "" && (e == nil || e.Key != test.key || e.Field != test.field) {
				t.Errorf("%v, want %s on %s", err, test.key, test.field)
			}
		})
	}
}

func TestPhone(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"+14155550123": "+14155550123", "14155550123": "+14155550123", " 447700900123 ": "+447700900123", "12345": "12345", "AMAZON": "AMAZON",
		"": "", "+": "+", "99999999999999999": "99999999999999999", "+1 (415) 555-0123": "+1 (415) 555-0123",
	}
	for written, want := range tests {
		if got := sms.Phone(written); got != want {
			t.Errorf("%q: %q, want %q", written, got, want)
		}
	}
}

// called is what a handler answers to a call.
func called(t *testing.T, ch channel.Channel, to channel.Sink, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	ch.(channel.Webhooker).Webhook(to).ServeHTTP(w, r.WithContext(context.WithoutCancel(r.Context())))
	return w
}

// parsed reads the one call that a sink got.
func parsed(t *testing.T, ch channel.Channel, got []channel.Raw) channel.Parsed {
	t.Helper()
	if len(got) != 1 {
		t.Fatalf("%d calls were kept", len(got))
	}
	p, err := ch.Parse(got[0])
	if err != nil || p.Broken != nil {
		t.Fatalf("%v, %v", err, p.Broken)
	}
	return p
}

func corpora(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PARLEY_CORPORA")
	for up := "../.."; dir == ""; up = filepath.Join("..", up) {
		if at, err := filepath.Abs(up); err != nil || at == "/" {
			break
		}
		if _, err := os.Stat(filepath.Join(up, "shared", "corpora")); err == nil {
			dir = filepath.Join(up, "shared", "corpora")
		}
	}
	if dir == "" {
		t.Skip("no peer corpora: set PARLEY_CORPORA or put shared/corpora beside the checkout")
	}
	return dir
}

// samples are calls that another product has kept, by their files.
func samples(t *testing.T, of string) map[string]url.Values {
	t.Helper()
	dir := filepath.Join(corpora(t), "webhook-samples", of)
	files, err := os.ReadDir(dir)
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	out := map[string]url.Values{}
	for _, f := range files {
		var members map[string]string
		readJSON(t, &members, dir, f.Name())
		out[f.Name()] = url.Values{}
		for name, value := range members {
			out[f.Name()].Set(name, value)
		}
	}
	return out
}

func readJSON(t *testing.T, out any, path ...string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		t.Fatal(err)
	}
}
