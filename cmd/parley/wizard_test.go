package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/internal/app/apptest"
)

// A channel that is being set up: the mail that it sends to itself arrives and
// becomes no conversation, and what Gmail wants confirmed is shown.
func TestWizard(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	s := testSite(t)
	o, err := s.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example")
	if err != nil {
		t.Fatal(err)
	}
	path := "/channels/" + o.Channel
	ask := func(method, what, name string) string {
		t.Helper()
		a, err := s.Ask(o.Token, method, path+what, "")
		if err != nil {
			t.Fatal(err)
		}
		if name == "" {
			return string(a.Body)
		}
		value, err := a.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	if body := ask(http.MethodGet, "/round-trip", ""); body != "null\n" {
		t.Errorf("before: %q", body)
	}
	if state := ask(http.MethodPost, "/round-trip", "state"); state != "sent" {
		t.Fatalf("it is %s", state)
	}
	sent := s.Relay.All()
	if len(sent) != 2 || sent[0].To[0] != "support@harbour.example" || sent[1].To[0] == sent[0].To[0] {
		t.Fatalf("%d mails left", len(sent))
	}
	becomes := func(state, tags string) {
		t.Helper()
		err := apptest.Eventually(func(context.Context) error {
			if got := ask(http.MethodGet, "/round-trip", "state") + ask(http.MethodGet, "/round-trip", "plus_tags"); got != state+tags {
				return fmt.Errorf("it is %s", got)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range [][2]string{{"arrived", "null"}, {"arrived", "true"}} {
		if reply, err := s.Deliver(sent[i].From, []string{o.Forward}, sent[i].Raw, false); err != nil {
			t.Fatal(reply, err)
		}
		becomes(want[0], want[1])
	}
	if tags := ask(http.MethodGet, "", "plus_tags"); tags != "true" {
		t.Errorf("the channel has plus_tags %s", tags)
	}
	if body := ask(http.MethodGet, "/confirmation", ""); body != "null\n" {
		t.Errorf("a confirmation: %q", body)
	}
	gmail := "From: Gmail Team <forwarding-noreply@google.com>\r\nTo: " + o.Forward + "\r\nSubject: (#123456789) Gmail Forwarding Confirmation\r\nMessage-ID: <g@google.com>\r\n\r\n" +
		"Confirmation code: 123456789\r\nhttps://mail-settings.google.com/mail/vf-x\r\n"
	if reply, err := s.Deliver("forwarding-noreply@google.com", []string{o.Forward}, []byte(gmail), false); err != nil {
		t.Fatal(reply, err)
	}
	m := fetchedMails{t: t, s: s, o: o}
	m.wait("filed", 3)
	if code := ask(http.MethodGet, "/confirmation", "code"); code != "123456789" {
		t.Errorf("the code is %q", code)
	}
	a, err := s.Ask(o.Token, http.MethodGet, "/conversations", "")
	if err != nil {
		t.Fatal(err)
	}
	if subject, err := a.Read("items.0.subject"); err != nil || subject != "(#123456789) Gmail Forwarding Confirmation" {
		t.Errorf("%s, %v", a, err)
	}
	if _, err := a.Read("items.1.subject"); err == nil {
		t.Errorf("a test became a conversation: %s", a)
	}
	s.Relay.Refuse("support@harbour.example", 550, "5.1.1 nobody of this name")
	if got := ask(http.MethodPost, "/round-trip", "error"); !strings.Contains(got, "nobody of this name") {
		t.Errorf("refused: %q", got)
	}
	becomes("failed", "null")
}
