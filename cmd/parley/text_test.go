package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/app/apptest"
	"parley/internal/channel/carrier"
)

const (
	ourNumber = "+14155550100"
	ada       = "+14155550123"
)

// texting is a server with a number of a simulated provider.
type texting struct {
	t       *testing.T
	s       *apptest.Site
	o       apptest.Office
	carrier *carrier.Carrier
	channel string
	hook    string
	api     string
}

func startTexting(t *testing.T, optOut carrier.OptOut) *texting {
	t.Helper()
	s := testSite(t)
	s.Env = append(s.Env, "PARLEY_ALLOW_PRIVATE=127.0.0.1")
	x := &texting{t: t, s: s, carrier: carrier.New(carrier.Config{OptOut: optOut, Pace: time.Millisecond})}
	api := httptest.NewServer(x.carrier)
	x.api = api.URL
	x.carrier.Locate(api.URL)
	t.Cleanup(func() {
		x.carrier.Close()
		api.Close()
	})
	var err error
	if x.o, err = s.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example"); err != nil {
		t.Fatal(err)
	}
	x.channel = x.number(ourNumber, "Texts", api.URL, optOut != carrier.OptOutOff)
	x.hook = x.read("/channels/"+x.channel, "webhook_url")
	return x
}

// number makes a channel of a number that the carrier has.
func (x *texting) number(number, name, api string, answers bool) (channel string) {
	x.t.Helper()
	a := x.ask(http.MethodPost, "/channels", fmt.Sprintf(`{"type":"sms","name":%q,"inbox_id":%s,"number":%q,"provider":"twilio","provider_answers":%t,
		"settings":{"account_sid":%q,"auth_token":"token","api_base":%q}}`, name, x.o.Inbox, number, answers, "AC"+strings.Repeat("0", 32), api))
	channel, err := a.Read("id")
	if err != nil {
		x.t.Fatal(err)
	}
	hook, err := a.Read("webhook_url")
	if err != nil {
		x.t.Fatal(err)
	}
	x.carrier.AddNumber(carrier.Number{Number: number, Name: name, MMS: true, URL: hook})
	return channel
}

func (x *texting) ask(method, path, body string) apptest.Answer {
	x.t.Helper()
	a, err := x.s.Ask(x.o.Token, method, path, body)
	if err != nil {
		x.t.Fatal(err)
	}
	return a
}

func (x *texting) read(path, at string) string {
	x.t.Helper()
	value, err := x.ask(http.MethodGet, path, "").Read(at)
	if err != nil {
		x.t.Fatal(err)
	}
	return value
}

// await waits until what is read is want.
func (x *texting) await(path, at, want string) {
	x.t.Helper()
	if err := apptest.Eventually(func(context.Context) error {
		a, err := x.s.Ask(x.o.Token, http.MethodGet, path, "")
		if err != nil {
			return err
		}
		got, err := a.Read(at)
		if err == nil && got != want {
			err = fmt.Errorf("%s of %s is %q, want %q", at, path, got, want)
		}
		return err
	}); err != nil {
		x.t.Fatal(err)
	}
}

func (x *texting) text(to, body string, media ...carrier.Media) {
	x.t.Helper()
	if _, err := x.carrier.Text(x.t.Context(), ada, to, body, media...); err != nil {
		x.t.Fatal(err)
	}
}

// shown waits until Ada's phone has been sent n texts, and gives the last one.
func (x *texting) shown(n int) carrier.Text {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.t.Context(), apptest.Patience)
	defer cancel()
	sent := func(all []carrier.Text) []carrier.Text {
		return slices.DeleteFunc(slices.Clone(all), func(t carrier.Text) bool { return t.Written })
	}
	all, err := x.carrier.Wait(ctx, ada, func(all []carrier.Text) bool { return len(sent(all)) >= n })
	if err != nil {
		x.t.Fatalf("%d texts, want %d: %v", len(sent(all)), n, err)
	}
	return sent(all)[n-1]
}

// A text becomes a conversation, its answer a delivered text; STOP locks and is
// confirmed once, START unlocks; after a close the same conversation goes on.
func TestText(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	x := startTexting(t, carrier.OptOutOff)
	x.text(ourNumber, "Are you open on Sunday? 🚲", carrier.Media{ContentType: "image/png", Body: []byte("\x89PNG\r\n\x1a\nbike")})
	x.await("/conversations?view=all_open", "items.*.preview", "Are you open on Sunday? 🚲")
	id := x.read("/conversations?view=all_open", "items.0.id")
	line := "/conversations/" + id + "/timeline"
	for path, want := range map[string]string{
		"items.*.kind": "message event", "items.0.from.phone": ada, "items.0.to.0.phone": ourNumber, "items.0.attachments.0.content_type": "image/png",
	} {
		x.await(line, path, want)
	}
	x.await("/conversations/"+id, "phone", ada)
	for _, words := range []string{"%2B14155550123", "4155550123", "(415)%20555-0123", "sunday"} {
		x.await("/conversations?q="+words, "items.*.id", id)
		if words != "sunday" {
			x.await("/contacts?q="+words, "items.len", "1")
		}
	}
	x.ask(http.MethodPost, "/conversations/"+id+"/messages", `{"text":"From ten to four 🙂"}`)
	if got := x.shown(1); got.Body != "From ten to four 🙂" || got.From != ourNumber {
		t.Errorf("the phone shows %+v", got)
	}
	x.await(line, "items.2.delivery", "delivered")
	x.await(line, "items.2.segments", "1")

	x.text(ourNumber, "Stop")
	if got := x.shown(2); !strings.Contains(got.Body, "opted out") {
		t.Errorf("STOP is answered by %q", got.Body)
	}
	a, err := x.s.Call(t.Context(), apptest.Request{Method: http.MethodPost, Path: "/conversations/" + id + "/messages", Body: `{"text":"Sorry!"}`, Token: x.o.Token})
	if err != nil || a.Status != http.StatusConflict || !strings.Contains(string(a.Body), "contact.opted_out") {
		t.Errorf("a text to who has opted out: %s, %v", a, err)
	}
	x.text(ourNumber, "STOP")
	x.await("/conversations/"+id, "message_count", "5")
	x.text(ourNumber, "start")
	if got := x.shown(3); !strings.Contains(got.Body, "opted in again") {
		t.Errorf("START is answered by %q", got.Body)
	}
	x.await("/consents", "items.*.state", "opted_in opted_out opted_out")

	contact := x.read("/conversations/"+id, "contact.id")
	for _, turn := range []string{"opt-out", "opt-in"} {
		x.ask(http.MethodPost, "/contacts/"+contact+"/"+turn, `{"phone":"`+ada+`","evidence":"Said so on the phone"}`)
	}
	last := len(strings.Fields(x.read(line+"?limit=50", "items.*.kind"))) - 1
	for at, want := range map[int]string{last - 1: "contact.opted_out", last: "contact.opted_in"} {
		if got := x.read(line+"?limit=50", fmt.Sprintf("items.%d.event", at)); got != want {
			t.Errorf("what was noted by hand does not stand in the conversation: %s, want %s", got, want)
		}
	}

	x.ask(http.MethodPatch, "/conversations/"+id, `{"status":"closed"}`)
	x.text(ourNumber, "One more thing")
	x.await("/conversations/"+id, "status", "open")
	x.await("/conversations?view=all_open", "items.len", "1")
	x.await("/contacts", "items.len", "1")
}

// What is not signed is refused and not stored; 32 first texts at once are one conversation, in order.
func TestTextsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	x := startTexting(t, carrier.OptOutOff)
	resp, err := http.PostForm(x.hook, map[string][]string{"From": {ada}, "To": {ourNumber}, "Body": {"forged"}, "MessageSid": {"SM1"}})
	if err != nil {
		t.Fatal(err)
	}
	why, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusForbidden || resp.Body.Close() != nil || !strings.Contains(string(why), "signing key") {
		t.Fatal(resp, string(why), err)
	}
	x.await("/intake", "accepted", "0")
	x.await("/channels/"+x.channel, "incoming.error", strings.TrimSpace(string(why)))
	var wg sync.WaitGroup
	var mu sync.Mutex
	var texts []carrier.Text
	for i := range 32 {
		wg.Go(func() {
			text, err := x.carrier.Text(t.Context(), ada, ourNumber, fmt.Sprintf("first %d", i))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			texts = append(texts, text)
		})
	}
	wg.Wait()
	x.await("/intake", "filed", "32")
	x.await("/channels/"+x.channel, "incoming.state", "ok")
	x.await("/contacts", "items.len", "1")
	x.await("/conversations?view=all_open", "items.*.message_count", "32")
	for _, text := range texts { // and each once, however often it is brought
		if err := x.carrier.Resend(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	x.await("/intake", "accepted", "32")
	id := x.read("/conversations?view=all_open", "items.0.id")
	kinds := strings.Fields(x.read("/conversations/"+id+"/timeline?limit=100", "items.*.kind"))
	ids := strings.Fields(x.read("/conversations/"+id+"/timeline?limit=100", "items.*.id"))
	began := slices.Index(kinds, "event")
	ids = slices.Delete(ids, began, began+1)
	if len(ids) != 32 || !slices.IsSortedFunc(ids, func(a, b string) int { return len(a)*1000 - len(b)*1000 + strings.Compare(a, b) }) {
		t.Errorf("the timeline is %v", ids)
	}
}
