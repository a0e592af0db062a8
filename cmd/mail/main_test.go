package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
)

// delivery is what the listener was handed; it is its own backend and session.
type delivery struct {
	From, To, Body string
	done           chan struct{}
}

func (d *delivery) NewSession(*smtp.Conn) (smtp.Session, error) { return d, nil }

func (d *delivery) Mail(from string, _ *smtp.MailOptions) error { d.From = from; return nil }

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error { d.To = to; return nil }

func (d *delivery) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	d.Body = string(body)
	close(d.done)
	return err
}

func (d *delivery) Reset() {}

func (d *delivery) Logout() error { return nil }

func listen(t *testing.T) (addr string, got *delivery) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got = &delivery{done: make(chan struct{})}
	server := smtp.NewServer(got)
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return l.Addr().String(), got
}

func TestRun(t *testing.T) {
	t.Parallel()
	const whole = "From: Ann <ann@example.com>\r\nTo: help@example.org\r\nSubject: Hi\r\n\r\nHello\r\n.dot\r\n"
	for name, test := range map[string]struct{ raw, from, to, wantFrom, wantTo string }{
		"envelope from headers": {whole, "", "", "ann@example.com", "help@example.org"},
		"envelope given":        {whole, "bounce@example.com", "other@example.org", "bounce@example.com", "other@example.org"},
		"broken headers":        {"no header at all\r\n", "", "help@example.org", "sender@example.com", "help@example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "mail.eml")
			if err := os.WriteFile(file, []byte(test.raw), 0o600); err != nil {
				t.Fatal(err)
			}
			addr, got := listen(t)
			if err := run(addr, test.from, test.to, file); err != nil {
				t.Fatal(err)
			}
			<-got.done
			want := [3]string{test.wantFrom, test.wantTo, test.raw}
			if diff := cmp.Diff(want, [3]string{got.From, got.To, got.Body}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRunNeedsARecipient(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mail.eml")
	if err := os.WriteFile(file, []byte("From: ann@example.com\r\n\r\nHello\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run("127.0.0.1:0", "", "", file); err == nil || !strings.Contains(err.Error(), "recipient") {
		t.Errorf("run: %v; want it to ask for a recipient", err)
	}
}
