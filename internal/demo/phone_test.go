package demo

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	ourNumber = "+14155550100"
	mayas     = "+447700900142"
)

// kiosk is the customer's side with the phones of a product that only keeps its calls.
type kiosk struct {
	*quay
	calls  chan url.Values
	status int // what the product answers
}

func newKiosk(t *testing.T) *kiosk {
	t.Helper()
	k := &kiosk{calls: make(chan url.Values, 10), status: http.StatusOK}
	product := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		w.WriteHeader(k.status)
		if r.URL.Path == "/hooks/token" {
			k.calls <- r.PostForm
		}
	}))
	c, err := NewCustomer(t.Context(), CustomerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	k.quay = &quay{t: t, c: c}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		ended <- c.Run(ctx, Product{URL: product.URL + "/", Addresses: func(context.Context) (Addresses, error) {
			return Addresses{Numbers: []Number{{Reachable{"Texts", ourNumber}, "/hooks/token"}}}, nil
		}})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		product.Close()
	})
	return k
}

// text writes on a phone as the page does, with a picture if there is a type for one.
func (k *kiosk) text(from, to, body, pictureType string) (status int, fault faultView) {
	k.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, value := range map[string]string{"from": from, "to": to, "text": body, "from_name": "Maya Okafor"} {
		if err := form.WriteField(name, value); err != nil {
			k.t.Fatal(err)
		}
	}
	if pictureType != "" {
		w, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="files"; filename="a"`}, "Content-Type": {pictureType}})
		if err != nil {
			k.t.Fatal(err)
		}
		if _, err := io.WriteString(w, "bits"); err != nil {
			k.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		k.t.Fatal(err)
	}
	resp, err := http.Post(k.c.URL()+"api/texts", form.FormDataContentType(), &b)
	if err != nil {
		k.t.Fatal(err)
	}
	status = k.decode(resp, &fault)
	return status, fault
}

func (k *kiosk) shows(phone string) []textView {
	k.t.Helper()
	var l struct{ Items []textView }
	if status := k.get("/api/texts?phone="+url.QueryEscape(phone), &l); status != http.StatusOK {
		k.t.Fatalf("status %d", status)
	}
	return l.Items
}

// send is the product's, by the carrier's API.
func (k *kiosk) send(to, body string) {
	k.t.Helper()
	form := url.Values{"From": {ourNumber}, "To": {to}, "Body": {body}}
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, k.c.CarrierURL()+"/2010-04-01/Accounts/"+carrierAccount+"/Messages.json", strings.NewReader(form.Encode()))
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(carrierAccount, carrierToken)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		k.t.Fatal(err)
	}
	if resp.Body.Close() != nil || resp.StatusCode != http.StatusCreated {
		k.t.Fatalf("status %d", resp.StatusCode)
	}
}

// unread are the texts of a phone that its owner has not looked at.
func (k *kiosk) unread(phone string) (n int, name string) {
	k.t.Helper()
	var s stateView
	k.get("/api/state", &s)
	for _, b := range s.Mailboxes {
		if b.Phone == phone {
			return b.Texts, b.Name
		}
	}
	return -1, ""
}

func TestPhone(t *testing.T) {
	t.Parallel()
	k := newKiosk(t)
	if status, fault := k.text(mayas, ourNumber, "Late 🙏", "image/png"); status != http.StatusCreated {
		t.Fatalf("%d %+v", status, fault)
	}
	call := <-k.calls
	if call.Get("From") != mayas || call.Get("To") != ourNumber || call.Get("Body") != "Late 🙏" || call.Get("MediaContentType0") != "image/png" {
		t.Errorf("the product was told %v", call)
	}
	k.send(mayas, "No problem")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for len(k.shows(mayas)) < 2 {
		select {
		case <-k.c.phones.carrier.Changed():
		case <-time.After(50 * time.Millisecond): // it may have changed between the two
		case <-ctx.Done():
			t.Fatal("the answer never came")
		}
	}
	got := k.shows(mayas)
	if !got[0].Written || !got[0].Delivered || got[0].Number != ourNumber || !cmp.Equal(got[0].Pictures, []pictureView{{0, "image/png", true}}) ||
		got[1].Written || got[1].Delivered || got[1].Body != "No problem" || got[1].Number != ourNumber {
		t.Errorf("the phone shows %+v", got)
	}
	resp, err := http.Get(k.c.URL() + "api/texts/" + got[0].ID + "/pictures/0?phone=" + url.QueryEscape(mayas))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if _ = resp.Body.Close(); err != nil || string(body) != "bits" || resp.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(resp.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the picture is %q, %v, %v", body, resp.Header, err)
	}
	if n, name := k.unread(mayas); n != 1 || name != maya.Name {
		t.Errorf("%d unread on the phone of %s", n, name)
	}
	var none struct{}
	resp, err = http.Post(k.c.URL()+"api/texts/seen?phone="+url.QueryEscape(mayas), "", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	k.decode(resp, &none)
	if n, _ := k.unread(mayas); n != 0 {
		t.Errorf("%d unread after a look", n)
	}
}

func TestPhoneRefuses(t *testing.T) {
	t.Parallel()
	k := newKiosk(t)
	for _, tt := range []struct{ name, from, to, text, picture, field string }{
		{"no number", "maya", ourNumber, "Hi", "", "from"},
		{"another's number", mayas, "+14155550999", "Hi", "", "to"},
		{"nothing", mayas, ourNumber, " ", "", "text"},
		{"too long", mayas, ourNumber, strings.Repeat("a", maxTextRunes+1), "", "text"},
		{"no picture", mayas, ourNumber, "Hi", "image/svg+xml", "files"},
	} {
		if status, fault := k.text(tt.from, tt.to, tt.text, tt.picture); status < 400 || fault.Field != tt.field {
			t.Errorf("%s: %d %+v", tt.name, status, fault)
		}
	}
	k.status = http.StatusForbidden
	if status, fault := k.text("+44 7700 900199", ourNumber, "Hi", ""); status != http.StatusConflict || !strings.Contains(fault.Detail, "403") {
		t.Errorf("%d %+v", status, fault)
	}
	if n, name := k.unread("+447700900199"); n != 0 || name != "Maya Okafor" {
		t.Errorf("%d unread on the phone of %q", n, name)
	}
	if resp, err := http.Get(k.c.URL() + "api/texts/SM1/pictures/0"); err != nil || resp.StatusCode != http.StatusNotFound || resp.Body.Close() != nil {
		t.Errorf("%v %v", resp, err)
	}
}
