package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/internal/app/apptest"
)

// An autoresponder of the other side answers ours with mail that looks like a
// person's, and like no answer: one mail each way, then silence.
func TestAutorespondersFallSilent(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	s := testSite(t)
	o, err := s.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example")
	if err != nil {
		t.Fatal(err)
	}
	v := victim{Office: o}
	canned := v.post(t, s, "/canned-messages", `{"name":"We got it","shared":true,"subject":"We got it","html":"<p>Dear {{ contact.first_name | default: 'friend' }}, we got it.</p>"}`)
	if _, err := s.Ask(o.Token, http.MethodPatch, "/channels/"+o.Channel, `{"autoresponder_id":`+canned+`}`); err != nil {
		t.Fatal(err)
	}
	write := func(from, to, subject string) {
		t.Helper()
		mail := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s@customer.example>\r\n\r\nI am away.\r\n", from, to, subject, strings.ReplaceAll(subject, " ", "."))
		if _, err := s.Deliver(from, []string{to}, []byte(mail), true); err != nil {
			t.Fatal(err)
		}
	}
	// answered waits for the mails that have left, all told.
	answered := func(n int) (all []apptest.Sent) {
		t.Helper()
		if err := apptest.Eventually(func(context.Context) error {
			if all = s.Relay.All(); len(all) < n {
				return fmt.Errorf("%d mails have left, not %d", len(all), n)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	write("ada@customer.example", o.Forward, "hello")
	sent := answered(1)[0]
	auto, err := apptest.Header(sent.Raw, "Auto-Submitted")
	if err != nil || auto != "auto-replied" || sent.To[0] != "ada@customer.example" {
		t.Errorf("to %v with Auto-Submitted %q, %v", sent.To, auto, err)
	}
	for _, subject := range []string{"away", "still away"} { // no answers by their headers
		write("ada@customer.example", o.Forward, subject)
	}
	if err := apptest.Eventually(func(context.Context) error { // those are filed: what they ask for stands in line before bo's
		a, err := s.Ask(o.Token, http.MethodGet, "/intake", "")
		if err != nil {
			return err
		}
		if filed, err := a.Read("filed"); err != nil || filed != "3" {
			return fmt.Errorf("%q are filed: %w", filed, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	write("bo@customer.example", o.Forward, "somebody else") // whose answer leaves after what the others would have got
	for _, mail := range answered(2)[1:] {
		if mail.To[0] != "bo@customer.example" {
			t.Errorf("%v is answered again", mail.To)
		}
	}
	if n := len(s.Relay.All()); n != 2 {
		t.Errorf("%d mails have left, not one for each contact", n)
	}
}
