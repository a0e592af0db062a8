package main

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What a provider brings comes in once, however often it is brought, and what is
// not signed does not come in.
func TestProviderWebhook(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	s := testSite(t)
	o, err := s.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example")
	if err != nil {
		t.Fatal(err)
	}
	post := func(address, contentType, body string) int {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.HTTP+u.Path, bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", contentType)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		return resp.StatusCode
	}
	set := func(body string) string {
		a, err := s.Ask(o.Token, http.MethodPut, "/channels/"+o.Channel+"/incoming", body)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(a.Body), "key-1") {
			t.Errorf("the key is told: %s", a)
		}
		address, err := a.Read("webhook_url")
		if err != nil {
			t.Fatal(err)
		}
		return address
	}
	m := fetchedMails{t: t, s: s, o: o}
	postmark := set(`{"way":"webhook","webhook":{"provider":"postmark"}}`)
	for range 3 {
		if got := post(postmark, "application/json", `{"MessageID":"a","From":"ann@x.test","To":"support@harbour.example","Subject":"number 2","TextBody":"hi"}`); got != http.StatusOK {
			t.Fatal(got)
		}
	}
	m.wait("filed", 1)
	mailgun := set(`{"way":"webhook","webhook":{"provider":"mailgun"},"key":"key-1"}`)
	if !strings.HasSuffix(mailgun, "/mime") {
		t.Errorf("Mailgun is to call %s", mailgun)
	}
	for address, want := range map[string]int{mailgun: http.StatusForbidden, "/hooks/" + strings.Repeat("0", 32): http.StatusNotFound} {
		if got := post(address, "application/x-www-form-urlencoded", "timestamp=1&token=2&signature=00&body-mime=x"); got != want {
			t.Errorf("%s: %d, want %d", address, got, want)
		}
	}
	for path, want := range map[string]string{"way": "webhook", "webhook.provider": "mailgun", "state": "failed", "error": "Compare the signing key"} {
		a, err := s.Ask(o.Token, http.MethodGet, "/channels/"+o.Channel, "")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := a.Read("incoming." + path); err != nil || !strings.Contains(got, want) {
			t.Errorf("%s is %q, %v", path, got, err)
		}
	}
	journal, err := s.Ask(o.Token, http.MethodGet, "/intake", "")
	if err != nil {
		t.Fatal(err)
	}
	if accepted, err := journal.Read("accepted"); err != nil || accepted != "1" {
		t.Errorf("the journal: %s, %v", journal, err)
	}
}
