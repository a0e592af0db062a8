package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"parley/internal/app/apptest"
	"parley/internal/channel/carrier"
)

// call is an answer that may be a refusal.
func (x *texting) call(method, path, body string) apptest.Answer {
	x.t.Helper()
	a, err := x.s.Call(x.t.Context(), apptest.Request{Method: method, Path: path, Body: body, Token: x.o.Token})
	if err != nil {
		x.t.Fatal(err)
	}
	return a
}

func (x *texting) refused(method, path, body string, status int, words ...string) {
	x.t.Helper()
	a := x.call(method, path, body)
	for _, w := range words {
		if a.Status != status || !strings.Contains(string(a.Body), w) {
			x.t.Errorf("%s %s with %s: %s, want %d with %s", method, path, body, a, status, w)
		}
	}
}

// start begins a conversation by text and gives its id and that of its message.
func (x *texting) start(to, text string) (conversation, message string) {
	x.t.Helper()
	a := x.ask(http.MethodPost, "/conversations", fmt.Sprintf(`{"channel_id":%s,"to":%q,"text":%q}`, x.channel, to, text))
	id, err := a.Read("id")
	if err != nil {
		x.t.Fatal(err)
	}
	for i, kind := range strings.Fields(x.read("/conversations/"+id+"/timeline", "items.*.kind")) {
		if kind == "message" {
			message = x.read("/conversations/"+id+"/timeline", fmt.Sprintf("items.%d.id", i))
		}
	}
	return id, message
}

// What carriers say of a text is told in words, and what they say of the number is kept.
func TestTextOutcomes(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	x := startTexting(t, carrier.OptOutDefault)
	for i, c := range []struct {
		how              carrier.Behaviour
		delivery, reason string
		state            string // of the number, if any
	}{
		{carrier.Behaviour{Again: 2, Backwards: true}, "delivered", "", ""},
		{carrier.Behaviour{Refuse: 21610}, "failed", "opted_out", "opted_out_at"},
		{carrier.Behaviour{Fail: 30003}, "bounced", "unreachable", ""},
		{carrier.Behaviour{Fail: 30005}, "bounced", "no_such_number", "unreachable_at"},
		{carrier.Behaviour{Fail: 30006}, "bounced", "not_mobile", "unreachable_at"},
		{carrier.Behaviour{Fail: 30007}, "bounced", "filtered", ""},
	} {
		number := fmt.Sprintf("+1415555020%d", i)
		x.carrier.Behave(number, c.how)
		id, message := x.start(number, "Hello")
		x.await("/messages/"+message, "delivery", c.delivery)
		if got := x.read("/messages/"+message, "recipients.0.reason"); got != c.reason {
			t.Errorf("%+v: the reason is %q, want %q", c.how, got, c.reason)
		}
		if words := x.read("/messages/"+message, "recipients.0.error"); (words == "") != (c.reason == "") {
			t.Errorf("%+v: the words are %q", c.how, words)
		}
		contact := x.read("/conversations/"+id, "contact.id")
		person := x.ask(http.MethodGet, "/contacts/"+contact, "")
		for _, state := range []string{"opted_out_at", "unreachable_at"} {
			if since, err := person.Read("phone_states.0." + state); err != nil || (since != "null") != (state == c.state) {
				t.Errorf("%+v: %s is %q (%v): %s", c.how, state, since, err, person)
			}
		}
	}
	x.await("/intake", "pending", "0")
	if got := x.read("/channels/"+x.channel, "last_inbound_at"); got != "null" {
		t.Errorf("only reports came, but the channel last received something at %s", got)
	}
	if got := x.read("/consents", "items.*.how"); got != "provider" {
		t.Errorf("the ledger says %q", got)
	}
	x.refused(http.MethodPost, "/conversations", `{"channel_id":`+x.channel+`,"to":"+14155550201","text":"again"}`, http.StatusConflict, "contact.opted_out")
	contact := x.read("/consents", "items.0.contact_id")
	x.refused(http.MethodPost, "/contacts/"+contact+"/opt-in", `{"phone":"+14155550201"}`, http.StatusUnprocessableEntity, "consent.evidence")
	x.ask(http.MethodPost, "/contacts/"+contact+"/opt-in", `{"phone":"(415) 555-0201","evidence":"Told us by phone on Monday"}`)
	if got := x.read("/consents?contact_id="+contact, "items.*.how"); got != "manual provider" {
		t.Errorf("the ledger says %q", got)
	}
	// The carrier answers STOP itself: we do not say it again.
	x.text(ourNumber, "STOP")
	x.await("/consents", "items.len", "3")
	x.await("/intake", "pending", "0")
	if got := x.shown(1); !strings.Contains(got.Body, "unsubscribed") {
		t.Errorf("the carrier's answer is %q", got.Body)
	}
	id := x.read("/conversations?q=STOP", "items.0.id")
	if got := x.read("/conversations/"+id, "message_count"); got != "1" {
		t.Errorf("%s messages, want that of the contact alone", got)
	}
}

// A number has one open conversation, whoever opens it; what is closed goes on or not as the channel says.
func TestTextOneOpen(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	x := startTexting(t, carrier.OptOutOff)
	first, _ := x.start(ada, "Hello Ada")
	x.shown(1)
	if again, _ := x.start("(415) 555-0123", "Hello again"); again != first {
		t.Errorf("a second conversation %s beside %s", again, first)
	}
	x.shown(2)
	x.ask(http.MethodPatch, "/channels/"+x.channel, `{"reopen_days":0}`)
	x.ask(http.MethodPatch, "/conversations/"+first, `{"status":"closed"}`)
	x.text(ourNumber, "A new matter")
	x.await("/conversations?view=all_open", "items.*.preview", "A new matter")
	second := x.read("/conversations?view=all_open", "items.0.id")
	if second == first || x.read("/conversations/"+second, "follow_up_of.id") != first {
		t.Errorf("%s is not the follow-up of %s", second, first)
	}
	x.refused(http.MethodPatch, "/conversations/"+first, `{"status":"open"}`, http.StatusConflict, "conversation.open_already", `"`+second+`"`)
	x.refused(http.MethodPost, "/conversations/"+first+"/messages", `{"text":"hi","reopen":true}`, http.StatusConflict, "conversation.open_already")

	other := x.number("+14155550101", "Sales", x.api, false)
	x.text("+14155550101", "To the other number")
	x.await("/conversations?view=all_open&channel_id="+other, "items.*.preview", "To the other number")
	x.await("/contacts", "items.len", "1")

	for body, words := range map[string]string{
		`{"text":"hi","subject":"no"}`: "text.no_subject", `{"text":"hi","cc":[{"email":"a@b.test"}]}`: "text.one_recipient",
		`{"kind":"forward","text":"hi"}`: "text.no_forward", `{"text":"` + strings.Repeat("word ", 400) + `"}`: "text.too_long",
	} {
		x.refused(http.MethodPost, "/conversations/"+second+"/messages", body, http.StatusUnprocessableEntity, words)
	}
	for body, words := range map[string]string{
		`{"channel_id":` + x.channel + `,"to":"0171 12","text":"hi"}`:                   "phone.too_short",
		`{"channel_id":` + x.channel + `,"text":"hi"}`:                                  "contact.required",
		`{"channel_id":` + x.channel + `,"contact_id":` + x.person() + `,"text":"hi"}`:  "contact.no_phone",
		`{"type":"sms","name":"Twice","inbox_id":` + x.o.Inbox + `,"number":"nobody"}`:  "phone.invalid",
		`{"type":"sms","name":"None","inbox_id":` + x.o.Inbox + `,"number":"+4930123"}`: "text.provider",
	} {
		path := "/conversations"
		if strings.Contains(body, "sms") {
			path = "/channels"
		}
		x.refused(http.MethodPost, path, body, http.StatusUnprocessableEntity, words)
	}
}

// person is a contact without a number.
func (x *texting) person() string {
	x.t.Helper()
	a := x.ask(http.MethodPost, "/contacts", `{"name":"Grace","emails":["grace@customer.example"]}`)
	id, err := a.Read("id")
	if err != nil {
		x.t.Fatal(err)
	}
	return id
}

// Pictures go out by an address that their provider fetches; what is too large or
// of no use to us is shown with where it lies.
func TestTextPictures(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	x := startTexting(t, carrier.OptOutOff)
	picture := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("bike"), 20_000)...)
	upload := func(name, contentType string, content []byte) string {
		a, err := x.s.Call(t.Context(), apptest.Request{
			Method: http.MethodPost, Path: "/attachments?filename=" + name, Body: string(content), Token: x.o.Token, Header: http.Header{"Content-Type": {contentType}},
		})
		if err != nil {
			t.Fatal(err)
		}
		id, err := a.Read("id")
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	id, _ := x.start(ada, "Hello")
	x.shown(1)
	x.ask(http.MethodPost, "/conversations/"+id+"/messages", `{"attachment_ids":[`+upload("bike.png", "image/png", picture)+`]}`)
	x.await("/conversations/"+id+"/timeline?order=desc", "items.0.delivery", "delivered")
	if got := x.shown(2); len(got.Media) != 1 || got.Media[0].ContentType != "image/png" || !bytes.Equal(got.Media[0].Body, picture) {
		t.Errorf("the phone shows %d pictures", len(got.Media))
	}
	if got := x.read("/conversations/"+id+"/timeline?order=desc", "items.0.segments"); got != "0" {
		t.Errorf("a text with a picture has %s segments: it goes as an MMS", got)
	}
	x.refused(http.MethodPost, "/conversations/"+id+"/messages", `{"attachment_ids":[`+upload("a.pdf", "application/pdf", []byte("%PDF-1.7"))+`]}`, http.StatusUnprocessableEntity, "attachment.not_image")
	most, err := strconv.Atoi(x.read("/channels/"+x.channel, "limits.picture_bytes"))
	if err != nil {
		t.Fatal(err)
	}
	large := append(bytes.Clone(picture), make([]byte, 5<<20)...)
	x.refused(http.MethodPost, "/conversations/"+id+"/messages", `{"attachment_ids":[`+upload("large.png", "image/png", large[:most+1])+`]}`, http.StatusUnprocessableEntity, "attachments.too_large")

	x.text(ourNumber, "Look", carrier.Media{ContentType: "image/png", Body: large}, carrier.Media{ContentType: "application/x-msdownload", Body: []byte("MZ")}, carrier.Media{ContentType: "image/png", Body: picture})
	x.await("/conversations/"+id, "preview", "Look")
	line := "/conversations/" + id + "/timeline?order=desc"
	for at, want := range map[string]string{"items.0.attachments.0.fault": "too_large", "items.0.attachments.1.fault": "unsupported", "items.0.attachments.2.size": fmt.Sprint(len(picture))} {
		if got := x.read(line, at); got != want {
			t.Errorf("%s is %q, want %q", at, got, want)
		}
	}
	if got := x.read(line, "items.0.attachments.0.source_url"); !strings.HasPrefix(got, x.api) {
		t.Errorf("the large picture lies at %q", got)
	}
	x.refused(http.MethodGet, "//media/AAAA", "", http.StatusNotFound, "")
}

// A provider of which nothing can be asked is not said to work before a text has left.
func TestTextUntried(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	x := startTexting(t, carrier.OptOutOff)
	var taken atomic.Bool
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !taken.Load() {
			http.Error(w, "the disk is full", http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, `{"id":"1"}`)
	}))
	t.Cleanup(gateway.Close)
	a := x.ask(http.MethodPost, "/channels", fmt.Sprintf(`{"type":"sms","name":"Own","inbox_id":%s,"number":"+14155550777","provider":"http","settings":{"url":%q,"body":"{{text}}","hook_secret":"quay"}}`, x.o.Inbox, gateway.URL))
	id, err := a.Read("id")
	if err != nil {
		t.Fatal(err, a)
	}
	x.await("/channels/"+id, "outgoing.state", "connecting")
	x.ask(http.MethodPost, "/channels/"+id+"/test-text", `{"to":"+14155550778"}`)
	x.await("/channels/"+id, "outgoing.state", "failed")
	if got := x.read("/channels/"+id, "outgoing.error"); !strings.Contains(got, "500") || !strings.Contains(got, "the disk is full") {
		t.Errorf("it fails because of %q", got)
	}
	taken.Store(true)
	x.ask(http.MethodPost, "/channels/"+id+"/test-text", `{"to":"+14155550778"}`)
	x.await("/channels/"+id, "outgoing.state", "ok")
}
