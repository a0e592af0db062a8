package carrier_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"parley/internal/channel/carrier"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	office = "+14155550100"
	phone  = "+14155550123"
)

// product stands for what the carrier calls.
type product struct {
	url string

	mu     sync.Mutex
	status int
	calls  []url.Values
}

func (p *product) got() []url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}

func (p *product) states() (out []string) {
	for _, c := range p.got() {
		out = append(out, c.Get("MessageStatus"))
	}
	return out
}

// world is a carrier whose time is a test's, and a product that it calls.
func world(t *testing.T, conf carrier.Config) (*carrier.Carrier, *httptest.Server, *carrier.Queue, *product) {
	t.Helper()
	p := &product{status: http.StatusOK}
	calls := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.calls = append(p.calls, r.PostForm)
		w.WriteHeader(p.status)
	}))
	p.url = calls.URL + "/hooks/1"
	q := &carrier.Queue{}
	conf.After, conf.Now, conf.HTTP = q.After, q.Now, calls.Client()
	c := carrier.New(conf)
	api := httptest.NewServer(c)
	c.Locate(api.URL)
	c.AddNumber(carrier.Number{Number: office, Name: "Office", MMS: true, URL: p.url, Services: []string{"MG1"}})
	t.Cleanup(func() {
		c.Close()
		api.Close()
		calls.Close()
	})
	return c, api, q, p
}

var account = "AC" + strings.Repeat("0", 32)

// send asks the API to send, and gives the status and the answer.
func send(t *testing.T, api *httptest.Server, form url.Values) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, api.URL+"/2010-04-01/Accounts/"+account+"/Messages.json", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(account, "token")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(t, api, r)
}

func do(t *testing.T, api *httptest.Server, r *http.Request) (int, map[string]any) {
	t.Helper()
	resp, err := api.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	body, _ := io.ReadAll(resp.Body)
	_ = json.Unmarshal(body, &out)
	return resp.StatusCode, out
}

func texting(to, body string, more ...string) url.Values {
	form := url.Values{"From": {office}, "To": {to}, "Body": {body}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func TestTextIsCarried(t *testing.T) {
	t.Parallel()
	c, api, q, p := world(t, carrier.Config{})
	status, made := send(t, api, texting(phone, "hello", "StatusCallback", p.url+"?ref=1", "MessagingServiceSid", "MG1"))
	if status != http.StatusCreated || made["status"] != "queued" || made["num_segments"] != "1" || made["from"] != office {
		t.Fatalf("%d %v", status, made)
	}
	q.Run()
	if diff := cmp.Diff([]string{"queued", "sent", "delivered"}, p.states()); diff != "" {
		t.Error(diff)
	}
	for _, call := range p.got() {
		if call.Get("MessageSid") != made["sid"] || call.Get("To") != phone || call.Get("MessagingServiceSid") != "MG1" {
			t.Errorf("a call says %v", call)
		}
	}
	texts := c.Texts(phone)
	if len(texts) != 1 || texts[0].Body != "hello" || texts[0].Status != "delivered" || texts[0].Written {
		t.Errorf("the phone shows %+v", texts)
	}
	if c.Calls() != 3 {
		t.Errorf("%d calls", c.Calls())
	}
}

func TestBehaviour(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		b    carrier.Behaviour
		want []string
	}{
		{"twice", carrier.Behaviour{Again: 1}, []string{"queued", "queued", "sent", "sent", "delivered", "delivered"}},
		{"backwards", carrier.Behaviour{Backwards: true}, []string{"delivered", "sent", "queued"}},
		{"silent", carrier.Behaviour{Silent: true}, nil},
		{"undelivered", carrier.Behaviour{Fail: 30005}, []string{"queued", "sent", "undelivered"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, api, q, p := world(t, carrier.Config{})
			c.Behave(phone, test.b)
			send(t, api, texting(phone, "hello", "StatusCallback", p.url))
			q.Run()
			if diff := cmp.Diff(test.want, p.states()); diff != "" {
				t.Error(diff)
			}
			if got := c.Texts(phone)[0].ErrorCode; got != test.b.Fail {
				t.Errorf("error %d", got)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	c, api, _, _ := world(t, carrier.Config{})
	c.Behave("+14155550199", carrier.Behaviour{Refuse: 21611})
	c.Behave("+14155550198", carrier.Behaviour{Status: http.StatusBadGateway})
	tests := []struct {
		form   url.Values
		status int
		code   float64
	}{
		{texting("12", "x"), 400, 21211},
		{texting("", "x"), 400, 21604},
		{texting(phone, ""), 400, 21602},
		{texting(office, "x"), 400, 21266},
		{texting(phone, strings.Repeat("x", 1601)), 400, 21617},
		{texting(phone, "x", "From", ""), 400, 21603},
		{texting(phone, "x", "From", "+14155550111"), 400, 21606},
		{texting(phone, "x", "From", "", "MessagingServiceSid", "MG2"), 400, 21705},
		{texting(phone, "x", "MediaUrl", "ftp://x"), 400, 21620},
		{texting("+15005550001", "x"), 400, 21211},
		{texting("+15005550009", "x"), 400, 21614},
		{texting("+15005521610", "x"), 400, 21610},
		{texting("+15005520429", "x"), 429, 20429},
		{texting("+14155550199", "x"), 400, 21611},
	}
	for _, test := range tests {
		status, body := send(t, api, test.form)
		if status != test.status || body["code"] != test.code || body["message"] == "" {
			t.Errorf("%v: %d %v, want %d %v", test.form, status, body, test.status, test.code)
		}
	}
	if status, _ := send(t, api, texting("+14155550198", "x")); status != http.StatusBadGateway {
		t.Errorf("status %d", status)
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, api.URL+"/2010-04-01/Accounts/"+account+".json", http.NoBody)
	r.SetBasicAuth(account, "wrong")
	if status, body := do(t, api, r); status != http.StatusUnauthorized || body["code"] != float64(20003) {
		t.Errorf("%d %v", status, body)
	}
}

func TestStopAndStart(t *testing.T) {
	t.Parallel()
	c, api, _, p := world(t, carrier.Config{OptOut: carrier.OptOutAdvanced})
	say := func(body string) {
		t.Helper()
		if _, err := c.Text(t.Context(), phone, office, body); err != nil {
			t.Fatal(err)
		}
	}
	code := func() any {
		_, body := send(t, api, texting(phone, "x"))
		return body["code"]
	}
	say("yes")
	if got := p.got()[0].Get("OptOutType"); got != "" {
		t.Errorf("yes of somebody who is in: %q", got)
	}
	say(" Stop ")
	if code() != float64(21610) || p.got()[1].Get("OptOutType") != "STOP" {
		t.Error("STOP was not heeded")
	}
	answers := len(c.Texts(phone))
	say("STOP")
	if len(c.Texts(phone)) != answers+1 {
		t.Error("STOP was confirmed twice")
	}
	say("YES")
	if code() != nil {
		t.Error("YES was not heeded")
	}
	off, apiOff, _, _ := world(t, carrier.Config{OptOut: carrier.OptOutOff})
	if _, err := off.Text(t.Context(), phone, office, "STOP"); err != nil {
		t.Fatal(err)
	}
	if status, _ := send(t, apiOff, texting(phone, "x")); status != http.StatusCreated || len(off.Texts(phone)) != 2 {
		t.Error("STOP was heeded though nobody asked for that")
	}
}

func TestPhoneWritesWithAPicture(t *testing.T) {
	t.Parallel()
	c, api, q, p := world(t, carrier.Config{})
	text, err := c.Text(t.Context(), phone, office, "look", carrier.Media{ContentType: "image/png", Body: []byte("png")})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Resend(t.Context(), text); err != nil || len(p.got()) != 2 || !cmp.Equal(p.got()[0], p.got()[1]) {
		t.Errorf("the second call is another: %v", err)
	}
	call := p.got()[0]
	address := call.Get("MediaUrl0")
	if call.Get("NumMedia") != "1" || call.Get("MediaContentType0") != "image/png" || !strings.HasPrefix(address, api.URL) {
		t.Fatalf("%v", call)
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if status, _ := do(t, api, r); status != http.StatusUnauthorized {
		t.Errorf("the picture lies open: %d", status)
	}
	r.SetBasicAuth(account, "token")
	if status, _ := do(t, api, r); status != http.StatusOK {
		t.Errorf("status %d", status)
	}

	pictures := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/gif")
		if r.URL.Path == "/large" {
			_, _ = w.Write(make([]byte, 6<<20))
			return
		}
		_, _ = io.WriteString(w, "gif")
	}))
	defer pictures.Close()
	send(t, api, texting(phone, "", "MediaUrl", pictures.URL+"/1"))
	send(t, api, texting(phone, "", "MediaUrl", pictures.URL+"/large"))
	q.Run()
	texts := c.Texts(phone)
	if got := texts[1]; got.Status != "delivered" || string(got.Media[0].Body) != "gif" {
		t.Errorf("the phone shows %+v", got)
	}
	if got := texts[2]; got.Status != "undelivered" || got.ErrorCode != 11751 {
		t.Errorf("%s %d", got.Status, got.ErrorCode)
	}
}

func TestRefusedCall(t *testing.T) {
	t.Parallel()
	c, _, _, p := world(t, carrier.Config{})
	p.status = http.StatusServiceUnavailable
	_, err := c.Text(t.Context(), phone, office, "hello")
	if e, ok := errors.AsType[*carrier.StatusError](err); !ok || e.Status != http.StatusServiceUnavailable {
		t.Errorf("%v", err)
	}
	if _, err := c.Text(t.Context(), phone, "+1999", "hello"); err == nil {
		t.Error("a number that is not there was written to")
	}
}

func TestNumbersArePaged(t *testing.T) {
	t.Parallel()
	c, api, _, _ := world(t, carrier.Config{})
	c.AddNumber(carrier.Number{Number: "+14155550101"})
	c.AddNumber(carrier.Number{Number: "+14155550101", Name: "Second"})
	var names []any
	next := "/2010-04-01/Accounts/" + account + "/IncomingPhoneNumbers.json?PageSize=1"
	for next != "" {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, api.URL+next, http.NoBody)
		r.SetBasicAuth(account, "token")
		_, body := do(t, api, r)
		for _, n := range body["incoming_phone_numbers"].([]any) {
			names = append(names, n.(map[string]any)["friendly_name"])
		}
		next, _ = body["next_page_uri"].(string)
	}
	if diff := cmp.Diff([]any{"Office", "Second"}, names); diff != "" {
		t.Error(diff)
	}
}

// TestClock: without a Queue, time itself drives it, and Close leaves nothing behind.
func TestClock(t *testing.T) {
	t.Parallel()
	c := carrier.New(carrier.Config{Pace: time.Millisecond})
	api := httptest.NewServer(c)
	defer api.Close()
	c.AddNumber(carrier.Number{Number: office})
	send(t, api, texting(phone, "hello"))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err := c.Wait(ctx, phone, func(all []carrier.Text) bool { return len(all) == 1 && all[0].Status == "delivered" })
	if err != nil {
		t.Error(err)
	}
	c.Behave(phone, carrier.Behaviour{Pace: time.Hour})
	send(t, api, texting(phone, "never"))
	c.Close()
	send(t, api, texting(phone, "after the end"))
}

func TestTakeOver(t *testing.T) {
	t.Parallel()
	was, _, _, _ := world(t, carrier.Config{})
	now, _, later, p := world(t, carrier.Config{})
	for _, body := range []string{"one", "STOP"} {
		if _, err := was.Text(t.Context(), phone, office, body); err != nil {
			t.Fatal(err)
		}
	}
	now.TakeOver(was)
	later.Run()
	if n := len(p.got()); n != 0 {
		t.Errorf("what is over was told again: %d calls", n)
	}
	next, err := now.Text(t.Context(), phone, office, "two")
	if err != nil {
		t.Fatal(err)
	}
	for _, old := range was.Texts(phone) {
		if old.SID == next.SID {
			t.Errorf("the name %s was given twice", old.SID)
		}
	}
	if got := now.Texts(phone); len(got) != len(was.Texts(phone))+1 || !cmp.Equal(now.Phones(), []string{phone}) {
		t.Errorf("%d texts, phones %v", len(got), now.Phones())
	}
}
