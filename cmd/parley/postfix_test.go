package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"strings"
	"testing"

	"parley/internal/app/apptest"
)

// A company's own mail server stands on both sides of ours: it passes on what
// customers write, and takes what we answer.
func TestBehindPostfix(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers: run it without -short")
	}
	t.Parallel()
	s := testSite(t)
	p, err := apptest.NewPostfix(map[string]string{"harbour.example": s.SMTP, "customer.example": s.Relay.Addr()})
	if errors.Is(err, apptest.ErrNoServer) {
		t.Skip("Postfix is not installed, or this is not root; scripts/install-deps installs it")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(p.Log())
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	s.Env = append(s.Env, "PARLEY_RELAY_URL=smtp://"+p.Addr)
	o, err := s.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example")
	if err != nil {
		t.Fatal(err)
	}
	j := behind{t, s, o}
	j.write(p.Addr, "support@harbour.example", "Which bell fits?", "Of 31.8 mm.")
	j.listed(1)
	conversation := j.ask(http.MethodGet, "/conversations", "", "items.0.id")
	j.ask(http.MethodPost, "/conversations/"+conversation+"/messages", `{"text":"The brass one does."}`, "id")
	answer := j.left()
	reply, err := apptest.Header(answer, "Reply-To")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := apptest.PlainText(answer); err != nil || !strings.Contains(text, "The brass one does.") {
		t.Errorf("the answer says %q, %v", text, err)
	}
	to, err := mail.ParseAddress(reply)
	if err != nil {
		t.Fatal(err)
	}
	// The tagged address alone tells where this belongs.
	j.write(p.Addr, to.Address, "Thanks", "Thank you!")
	j.counted(conversation, "3")
}

type behind struct {
	t *testing.T
	s *apptest.Site
	o apptest.Office
}

// write is a mail of the customer's, by the company's mail server.
func (j behind) write(by, to, subject, text string) {
	j.t.Helper()
	raw := "From: Ann <ann@customer.example>\r\nTo: " + to + "\r\nSubject: " + subject + "\r\n\r\n" + text + "\r\n"
	reply, err := apptest.DeliverTo(by, "ann@customer.example", []string{to}, []byte(raw), false)
	if err != nil || !strings.HasPrefix(reply, "250") {
		j.t.Fatalf("%s, %v", reply, err)
	}
}

func (j behind) ask(method, path, body, what string) string {
	j.t.Helper()
	a, err := j.s.Ask(j.o.Token, method, path, body)
	if err != nil {
		j.t.Fatal(err)
	}
	text, err := a.Read(what)
	if err != nil {
		j.t.Fatalf("%s, %v", a, err)
	}
	return text
}

func (j behind) listed(n int) {
	j.t.Helper()
	j.within(func() error {
		a, err := j.s.Ask(j.o.Token, http.MethodGet, "/conversations", "")
		if err != nil {
			return err
		}
		_, err = a.Read(fmt.Sprintf("items.%d.id", n-1))
		return err
	})
}

func (j behind) counted(conversation, messages string) {
	j.t.Helper()
	j.within(func() error {
		a, err := j.s.Ask(j.o.Token, http.MethodGet, "/conversations/"+conversation, "")
		if err != nil {
			return err
		}
		if n, err := a.Read("message_count"); err != nil || n != messages {
			return fmt.Errorf("%s messages, %w", n, err)
		}
		return nil
	})
}

// left waits for the first mail that reached the customer.
func (j behind) left() (raw []byte) {
	j.t.Helper()
	j.within(func() error {
		all := j.s.Relay.All()
		if len(all) == 0 {
			return errors.New("nothing has left")
		}
		raw = all[0].Raw
		return nil
	})
	return raw
}

func (j behind) within(try func() error) {
	j.t.Helper()
	if err := apptest.Eventually(func(context.Context) error { return try() }); err != nil {
		j.t.Fatal(err)
	}
}
