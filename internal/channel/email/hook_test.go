package email_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/parley"
)

const hookMail = "Return-Path: <ann@x.test>\r\nReceived: from x.test\r\nFrom: Ann <ann@x.test>\r\nTo: help@shop.test\r\nSubject: hello\r\nMessage-ID: <1@x.test>\r\n\r\nHi \xe9\r\n"

// hook is a channel that a provider calls.
type hook struct {
	t    *testing.T
	sink *channeltest.Sink
	ch   channel.Channel
	http http.Handler
}

func newHook(t *testing.T, set parley.Webhook, key string, hooks email.HooksConfig) *hook {
	t.Helper()
	settings, err := json.Marshal(map[string]any{
		"incoming": parley.Incoming{Way: parley.ByWebhook, Webhook: &set}, "secret": parley.ChannelSecrets{Webhook: key},
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &hook{t: t, sink: &channeltest.Sink{}}
	h.ch = open(t, email.Type{Hooks: email.NewHooks(hooks)}, string(settings))
	h.http = h.ch.(channel.Webhooker).Webhook(h.sink)
	return h
}

func (h *hook) post(contentType string, body []byte, header ...string) int {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.t.Context(), http.MethodPost, "/hooks/x", bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.http.ServeHTTP(w, r)
	return w.Code
}

// one is the mail that came n times, each time with the same key.
func (h *hook) one(n int) channel.Raw {
	h.t.Helper()
	all := h.sink.Accepted()
	if len(all) != n || n == 0 {
		h.t.Fatalf("%d mails came, want %d", len(all), n)
	}
	for _, raw := range all {
		if raw.Key != all[0].Key || !bytes.Equal(raw.Body, all[0].Body) || raw.Source != parley.FromWebhook || raw.ChannelID != 1 {
			h.t.Errorf("%+v", raw)
		}
	}
	return all[0]
}

// read is a mail as it will be filed.
func (h *hook) read(raw channel.Raw) channel.Parsed {
	h.t.Helper()
	p, err := h.ch.Parse(raw)
	if err != nil || p.Broken != nil {
		h.t.Fatalf("%v, %v", err, p.Broken)
	}
	return p
}

// formBody is multipart/form-data.
func formBody(t *testing.T, fields map[string]string, files ...[3]string) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	var err error
	for name, value := range fields {
		err = errors.Join(err, w.WriteField(name, value))
	}
	for _, f := range files {
		to, failed := w.CreateFormFile(f[0], f[1])
		if failed == nil {
			_, failed = io.WriteString(to, f[2])
		}
		err = errors.Join(err, failed)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

func TestPostmark(t *testing.T) {
	t.Parallel()
	fields := map[string]any{
		"From": "ann@x.test", "FromFull": map[string]any{"Email": "ann@x.test", "Name": "Ann"}, "To": "help+t@shop.test", "OriginalRecipient": "help+t@shop.test",
		"Subject": "grüße", "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b", "Date": "Thu, 5 Apr 2012 16:59:01 +0200",
		"TextBody": "Hi", "HtmlBody": "<p>Hi <img src=\"cid:i1\"></p>",
		"Headers": []any{
			map[string]any{"Name": "Return-Path", "Value": "<bounce@x.test>"},
			map[string]any{"Name": "Message-ID", "Value": "<1@x.test>"},
			map[string]any{"Name": "References", "Value": "<0@shop.test>"},
			map[string]any{"Name": "X-Bad", "Value": "a\r\nBcc: evil@x.test"},
		},
		"Attachments": []any{
			map[string]any{"Name": "i.png", "Content": "iVBORw==", "ContentType": "image/png", "ContentID": "i1"},
			map[string]any{"Name": "a.txt", "Content": "aGVsbG8=", "ContentType": "text/plain"},
		},
	}
	body := func() []byte {
		b, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	h := newHook(t, parley.Webhook{Provider: "postmark"}, "hush", email.HooksConfig{})
	auth := []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("parley:hush"))}
	if got := h.post("application/json", body()); got != http.StatusForbidden || len(h.sink.Accepted()) > 0 {
		t.Errorf("without the password: %d", got)
	}
	for range 2 {
		if got := h.post("application/json", body(), auth...); got != http.StatusOK {
			t.Fatal(got)
		}
	}
	raw := h.one(2)
	p := h.read(raw)
	if raw.MailFrom != "bounce@x.test" || !slices.Equal(raw.RcptTo, []string{"help+t@shop.test"}) || p.From.Email != "ann@x.test" || p.Subject != "grüße" ||
		p.InternetID != "1@x.test" || !slices.Equal(p.References, []string{"0@shop.test"}) || p.Text != "Hi" || !strings.Contains(p.HTML, "cid:i1") || len(p.Parts) != 2 || len(p.Bcc) > 0 || p.SentAt.Unix() != 1333637941 {
		t.Errorf("%+v\n%s", p, raw.Body)
	}
	fields["RawEmail"], fields["MessageID"] = strings.ToValidUTF8(hookMail, "e"), "another"
	if got := h.post("application/json", body(), auth...); got != http.StatusOK {
		t.Fatal(got)
	}
	if all := h.sink.Accepted(); string(all[2].Body) != fields["RawEmail"] || all[2].Key == raw.Key {
		t.Errorf("%+v", all[2])
	}
	for _, bad := range []string{"", "{}", "[", `{"MessageID":"1","Attachments":[{"Content":"!"}]}`} {
		if got := h.post("application/json", []byte(bad), auth...); got != http.StatusBadRequest {
			t.Errorf("%q: %d", bad, got)
		}
	}
}

func TestMailgun(t *testing.T) {
	t.Parallel()
	h := newHook(t, parley.Webhook{Provider: "mailgun"}, "key-1", email.HooksConfig{})
	sign := func(key, token string) string {
		mac := hmac.New(sha256.New, []byte(key))
		_, _ = mac.Write([]byte("1700000000" + token))
		return hex.EncodeToString(mac.Sum(nil))
	}
	fields := map[string]string{
		"recipient": "help@shop.test", "sender": "ann@x.test", "timestamp": "1700000000", "token": "t1", "signature": sign("key-1", "t1"), "body-mime": hookMail,
	}
	for range 2 {
		if got := h.post(formBody(t, fields)); got != http.StatusOK {
			t.Fatal(got)
		}
	}
	if raw := h.one(2); string(raw.Body) != hookMail || raw.MailFrom != "ann@x.test" || !slices.Equal(raw.RcptTo, []string{"help@shop.test"}) {
		t.Errorf("%+v", raw)
	}
	for name, signature := range map[string]string{"of another key": sign("key-2", "t1"), "of another token": sign("key-1", "t2"), "none": "", "no hex": "xyz"} {
		forged := url.Values{}
		for k, v := range fields {
			forged.Set(k, v)
		}
		forged.Set("signature", signature)
		if got := h.post("application/x-www-form-urlencoded", []byte(forged.Encode())); got != http.StatusForbidden {
			t.Errorf("%s: %d", name, got)
		}
	}
	h.one(2)
	delete(fields, "body-mime")
	fields["token"], fields["signature"] = "t3", sign("key-1", "t3")
	fields["message-headers"] = `[["From","Ann <ann@x.test>"],["Subject","hello"],["Message-Id","<3@x.test>"],["Auto-Submitted","auto-replied"],["Content-Type","multipart/mixed"]]`
	fields["body-plain"], fields["body-html"], fields["content-id-map"] = "Hi", "<b>Hi</b><img src=\"cid:i1\">", `{"<i1>":"attachment-1"}`
	contentType, body := formBody(t, fields, [3]string{"attachment-1", "i.png", "\x89PNG"}, [3]string{"attachment-2", "a.txt", "hello"})
	if got := h.post(contentType, body); got != http.StatusOK {
		t.Fatal(got)
	}
	raw := h.sink.Accepted()[2]
	p := h.read(raw)
	if p.InternetID != "3@x.test" || p.Text != "Hi" || len(p.Parts) != 2 || !p.AutoSubmitted || !strings.Contains(p.HTML, "cid:i1") || string(p.Parts[0].Body)+string(p.Parts[1].Body) != "\x89PNGhello" {
		t.Errorf("%+v\n%s", p, raw.Body)
	}
}

func TestSendGrid(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	h := newHook(t, parley.Webhook{Provider: "sendgrid"}, base64.StdEncoding.EncodeToString(public), email.HooksConfig{})
	signed := func(body []byte) []string {
		sum := sha256.Sum256(append([]byte("1700000000"), body...))
		sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return []string{"X-Twilio-Email-Event-Webhook-Timestamp", "1700000000", "X-Twilio-Email-Event-Webhook-Signature", base64.StdEncoding.EncodeToString(sig)}
	}
	contentType, body := formBody(t, map[string]string{"email": hookMail, "envelope": `{"to":["help@shop.test"],"from":"ann@x.test"}`})
	for range 2 {
		if got := h.post(contentType, body, signed(body)...); got != http.StatusOK {
			t.Fatal(got)
		}
	}
	if raw := h.one(2); string(raw.Body) != hookMail || raw.MailFrom != "ann@x.test" || !slices.Equal(raw.RcptTo, []string{"help@shop.test"}) {
		t.Errorf("%+v", raw)
	}
	for name, header := range map[string][]string{"not signed": nil, "of another body": signed([]byte("x"))} {
		if got := h.post(contentType, body, header...); got != http.StatusForbidden {
			t.Errorf("%s: %d", name, got)
		}
	}
	contentType, body = formBody(t, map[string]string{
		"headers": "From: Ann <ann@x.test>\r\nTo: help@shop.test\r\nSubject: parsed\r\nMessage-ID: <4@x.test>\r\n", "text": "caf\xe9", "charsets": `{"text":"iso-8859-1"}`,
		"envelope": `{"to":["help@shop.test"],"from":"ann@x.test"}`, "attachments": "1", "attachment-info": `{"attachment1":{"filename":"a.txt"}}`,
	}, [3]string{"attachment1", "a.txt", "hello"})
	if got := h.post(contentType, body, signed(body)...); got != http.StatusOK {
		t.Fatal(got)
	}
	if p := h.read(h.sink.Accepted()[2]); p.InternetID != "4@x.test" || strings.TrimSpace(p.Text) != "café" || len(p.Parts) != 1 || p.Subject != "parsed" {
		t.Errorf("%+v", p)
	}
}

// amazon answers for sns.eu-west-1.amazonaws.com.
type amazon struct {
	key   *rsa.PrivateKey
	cert  []byte
	asked []string
}

func newAmazon(t *testing.T) *amazon {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &amazon{key: key, cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

func (a *amazon) RoundTrip(r *http.Request) (*http.Response, error) {
	a.asked = append(a.asked, r.URL.String())
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(a.cert)), Request: r}, nil
}

const topic = "arn:aws:sns:eu-west-1:123456789012:mail"

// message is signed as Amazon's guide says.
func (a *amazon) message(t *testing.T, change func(map[string]string)) []byte {
	t.Helper()
	m := map[string]string{
		"Type": "Notification", "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", "TopicArn": topic, "Subject": "Amazon SES Email Receipt Notification",
		"Timestamp": "2012-05-02T00:54:06.655Z", "SignatureVersion": "2", "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
		"Message": a.ses(t, "m1"),
	}
	change(m)
	names := []string{"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}
	if m["Type"] != "Notification" {
		names = []string{"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}
	}
	var text strings.Builder
	for _, name := range names {
		if value, ok := m[name]; ok {
			text.WriteString(name + "\n" + value + "\n")
		}
	}
	sum := sha256.Sum256([]byte(text.String()))
	sig, err := rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	m["Signature"] = base64.StdEncoding.EncodeToString(sig)
	if m["Forged"] != "" {
		m["Message"] += " "
	}
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func (a *amazon) ses(t *testing.T, id string) string {
	t.Helper()
	b, err := json.Marshal(map[string]any{
		"notificationType": "Received", "mail": map[string]any{"messageId": id, "source": "ann@x.test"},
		"receipt": map[string]any{"recipients": []string{"help@shop.test"}, "action": map[string]any{"type": "SNS", "encoding": "BASE64"}},
		"content": base64.StdEncoding.EncodeToString([]byte(hookMail)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSES(t *testing.T) {
	t.Parallel()
	a := newAmazon(t)
	h := newHook(t, parley.Webhook{Provider: "ses", TopicARN: topic}, "", email.HooksConfig{HTTP: &http.Client{Transport: a}})
	post := func(change func(map[string]string)) int {
		return h.post("text/plain; charset=UTF-8", a.message(t, change))
	}
	same := func(map[string]string) {}
	for range 2 {
		if got := post(same); got != http.StatusOK {
			t.Fatal(got)
		}
	}
	if raw := h.one(2); string(raw.Body) != hookMail || raw.MailFrom != "ann@x.test" || !slices.Equal(raw.RcptTo, []string{"help@shop.test"}) {
		t.Errorf("%+v", raw)
	}
	if want := []string{"https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"}; !slices.Equal(a.asked, want) {
		t.Errorf("asked for %v", a.asked)
	}
	set := func(name, value string) func(map[string]string) { return func(m map[string]string) { m[name] = value } }
	for name, c := range map[string]func(map[string]string){
		"changed":         set("Forged", "1"),
		"another topic":   set("TopicArn", topic+"2"),
		"another host":    set("SigningCertURL", "https://sns.eu-west-1.amazonaws.com.evil.test/SimpleNotificationService-1.pem"),
		"another port":    set("SigningCertURL", "https://sns.eu-west-1.amazonaws.com:444/SimpleNotificationService-1.pem"),
		"in the clear":    set("SigningCertURL", "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"),
		"no certificate":  set("SigningCertURL", "https://sns.eu-west-1.amazonaws.com/x.html"),
		"another version": set("SignatureVersion", "3"),
		"subscribed abroad": func(m map[string]string) {
			m["Type"], m["SubscribeURL"] = "SubscriptionConfirmation", "https://evil.test/"
		},
	} {
		if got := post(c); got != http.StatusForbidden {
			t.Errorf("%s: %d", name, got)
		}
	}
	h.one(2)
	if len(a.asked) != 1 {
		t.Errorf("asked for %v", a.asked)
	}
	confirm := func(m map[string]string) {
		delete(m, "Subject")
		m["Type"], m["Token"], m["Message"] = "SubscriptionConfirmation", "tok", "You have chosen to subscribe"
		m["SubscribeURL"] = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=tok"
	}
	if got := post(confirm); got != http.StatusOK || len(a.asked) != 2 || !strings.Contains(a.asked[1], "ConfirmSubscription") {
		t.Errorf("%d, asked for %v", got, a.asked)
	}
	if got := post(set("Message", `{"notificationType":"Received","mail":{"messageId":"m2"}}`)); got != http.StatusBadRequest {
		t.Errorf("a mail that is elsewhere: %d", got)
	}
}

// Only what is durable is acknowledged.
func TestHookTellsWhatFailed(t *testing.T) {
	t.Parallel()
	for want, err := range map[int]error{
		http.StatusServiceUnavailable: errors.New("the disk is full"), http.StatusNotFound: parley.Errorf(parley.NotFound, "channel.gone", "Gone."),
		http.StatusRequestEntityTooLarge: parley.Errorf(parley.TooLarge, "intake.too_large", "Too large."),
	} {
		h := newHook(t, parley.Webhook{Provider: "postmark"}, "", email.HooksConfig{})
		h.sink.Before = func(context.Context, channel.Raw) error { return err }
		if got := h.post("application/json", fmt.Appendf(nil, `{"MessageID":"1","From":"a@x.test","TextBody":"x"}`)); got != want {
			t.Errorf("%v: %d, want %d", err, got, want)
		}
	}
}
