package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"parley/internal/app/apptest"
)

// A thousand mails stand in a mailbox of a real server while ours is killed,
// stopped and started, and the mailbox forgets its UIDs: each comes in once.
func TestMailbox(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers: run it without -short")
	}
	t.Parallel()
	d, err := apptest.NewDovecot("")
	if errors.Is(err, apptest.ErrNoServer) {
		t.Skip("Dovecot is not installed; scripts/install-deps does that")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(d.Log())
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	s := testSite(t)
	s.Env = append(s.Env, "PARLEY_ALLOW_PRIVATE=127.0.0.1", "SSL_CERT_FILE="+d.Cert.Cert)
	o, err := s.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example")
	if err != nil {
		t.Fatal(err)
	}
	m := fetchedMails{t: t, d: d, s: s, o: o}
	m.deliver(1) // history: it stays where it is
	if err := d.Date("support", "m00001", time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	m.refuse()
	m.connect()

	m.deliver(400)
	m.wait("accepted", 100)
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	m.deliver(300)
	if err := s.Serve(); err != nil {
		t.Fatal(err)
	}
	m.wait("accepted", 450)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := d.Renumber("support"); err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(); err != nil {
		t.Fatal(err)
	}
	m.deliver(299)
	m.wait("accepted", 999)
	m.deliver(1) // behind all that is read anew
	m.wait("filed", 1000)
	m.onceEach()
}

// fetchedMails are the mails of one mailbox.
type fetchedMails struct {
	t    *testing.T
	d    *apptest.Dovecot
	s    *apptest.Site
	o    apptest.Office
	sent int
}

// deliver puts n more into the mailbox. Every third has no Message-ID, and every
// ninth no Date either.
func (m *fetchedMails) deliver(n int) {
	m.t.Helper()
	for range n {
		m.sent++
		mail := fmt.Sprintf("From: Ann <ann@x.test>\r\nTo: support@harbour.example\r\nSubject: number %d\r\n", m.sent)
		if m.sent%3 != 0 {
			mail += fmt.Sprintf("Message-ID: <%d@x.test>\r\n", m.sent)
		}
		if m.sent%9 != 0 {
			mail += "Date: " + time.Now().Format(time.RFC1123Z) + "\r\n"
		}
		if err := m.d.Deliver("support", fmt.Sprintf("m%05d", m.sent), []byte(mail+"\r\nHello.\r\n")); err != nil {
			m.t.Fatal(err)
		}
	}
}

func (m *fetchedMails) incoming(password string) string {
	return fmt.Sprintf(`{"way":"imap","imap":{"host":"127.0.0.1","port":%d,"tls":"tls","username":"support","auth":"password"},"password":%q}`, m.d.PortS, password)
}

// refuse tries a wrong password: it is told in words, and nothing is kept.
func (m *fetchedMails) refuse() {
	m.t.Helper()
	path := "/channels/" + m.o.Channel + "/incoming/check"
	for password, want := range map[string]string{"wrong": "way.login", apptest.DovecotPassword: ""} {
		a, err := m.s.Ask(m.o.Token, http.MethodPost, path, m.incoming(password))
		if err != nil {
			m.t.Fatal(err)
		}
		if key, err := a.Read("key"); err != nil || key != want {
			m.t.Errorf("check answers %s, %v", a, err)
		}
	}
}

func (m *fetchedMails) connect() {
	m.t.Helper()
	path := "/channels/" + m.o.Channel
	if _, err := m.s.Ask(m.o.Token, http.MethodPut, path+"/incoming", m.incoming(apptest.DovecotPassword)); err != nil {
		m.t.Fatal(err)
	}
	err := apptest.Eventually(func(context.Context) error {
		a, err := m.s.Ask(m.o.Token, http.MethodGet, path, "")
		if err != nil {
			return err
		}
		if state, err := a.Read("incoming.state"); err != nil || state != "ok" {
			return fmt.Errorf("%s, %w", a, err)
		}
		return nil
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// wait waits until the journal has counted so many.
func (m *fetchedMails) wait(state string, n int) {
	m.t.Helper()
	err := apptest.Within(time.Minute, func(context.Context) error {
		a, err := m.s.Ask(m.o.Token, http.MethodGet, "/intake", "")
		if err != nil {
			return err
		}
		text, err := a.Read(state)
		if err != nil {
			return err
		}
		if counted, err := strconv.Atoi(text); err != nil || counted < n {
			return fmt.Errorf("%s, %w", a, err)
		}
		return nil
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// onceEach looks for the subjects of all conversations: each once, and no history.
func (m *fetchedMails) onceEach() {
	m.t.Helper()
	seen, cursor := map[string]int{}, ""
	for range m.sent/100 + 1 {
		a, err := m.s.Ask(m.o.Token, http.MethodGet, "/conversations?limit=100&cursor="+cursor, "")
		if err != nil {
			m.t.Fatal(err)
		}
		for i := range 100 {
			subject, err := a.Read(fmt.Sprintf("items.%d.subject", i))
			if err != nil {
				break
			}
			seen[subject]++
		}
		if cursor, err = a.Read("next_cursor"); err != nil {
			m.t.Fatal(err)
		}
		if cursor == "" {
			break
		}
	}
	for n := 2; n <= m.sent; n++ {
		if times := seen[fmt.Sprintf("number %d", n)]; times != 1 {
			m.t.Errorf("number %d is there %d times", n, times)
		}
	}
	if len(seen) != 1000 {
		m.t.Errorf("%d different mails", len(seen))
	}
	journal, err := m.s.Ask(m.o.Token, http.MethodGet, "/intake", "")
	if err != nil {
		m.t.Fatal(err)
	}
	if accepted, err := journal.Read("accepted"); err != nil || accepted != "1000" {
		m.t.Errorf("the journal: %s, %v", journal, err)
	}
}
