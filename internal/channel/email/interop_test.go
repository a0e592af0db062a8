package email_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gosmtp "github.com/emersion/go-smtp"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/dial"
)

// TestReceiveFromOtherClients: two clients that none of us wrote, with and without TLS.
func TestReceiveFromOtherClients(t *testing.T) {
	t.Parallel()
	server, trusting := channeltest.TLS(t)
	trusting = trusting.Clone()
	trusting.ServerName = "localhost"
	var sink channeltest.Sink
	l := listen(t, &sink, func(c *email.ListenerConfig) { c.TLS = server })
	from, to := "jane@example.test", []string{"help@shop.test"}

	dialled := func() net.Conn {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	plain := gosmtp.NewClient(dialled())
	if err := plain.SendMail(from, to, strings.NewReader(mail)); err != nil {
		t.Errorf("go-smtp: %v", err)
	}
	_ = plain.Close()
	secure, err := gosmtp.NewClientStartTLS(dialled(), trusting)
	if err != nil {
		t.Fatal(err)
	}
	if err := secure.SendMail(from, to, strings.NewReader(mail)); err != nil {
		t.Errorf("go-smtp with TLS: %v", err)
	}
	_ = secure.Close()
	std, err := smtp.NewClient(dialled(), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	if err := std.StartTLS(trusting); err != nil {
		t.Error(err)
	}
	if err := std.Mail(from); err != nil {
		t.Error(err)
	}
	if err := std.Rcpt("nobody@shop.test"); err == nil || !strings.Contains(err.Error(), "550") {
		t.Errorf("an unknown address: %v", err)
	}
	if err := std.Quit(); err != nil {
		t.Error(err)
	}
	got := sink.Accepted()
	if len(got) != 2 {
		t.Fatalf("%d accepted", len(got))
	}
	for _, raw := range got {
		if string(raw.Body) != mail {
			t.Errorf("got %q", raw.Body)
		}
	}
}

// TestSendToAnotherServer: a server that none of us wrote takes what the relay sends.
func TestSendToAnotherServer(t *testing.T) {
	t.Parallel()
	server, trusting := channeltest.TLS(t)
	got := make(chan string, 1)
	srv := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return keeper{got}, nil }))
	srv.TLSConfig = server
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	r := relayTo(t, "smtp://"+ln.Addr().String()+"?tls=require", func(c *email.RelayConfig) { c.TLS = trusting })
	m := outgoing
	m.Body = []byte("Subject: dots\r\n\r\n.\r\n..\r\n")
	if _, err := send(t, r, m); err != nil {
		t.Error(err)
	} else if body := <-got; body != string(m.Body) {
		t.Errorf("got %q", body)
	}
	_ = srv.Close()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

type keeper struct{ got chan string }

func (keeper) Reset()                                 {}
func (keeper) Logout() error                          { return nil }
func (keeper) Mail(string, *gosmtp.MailOptions) error { return nil }
func (keeper) Rcpt(string, *gosmtp.RcptOptions) error { return nil }

func (k keeper) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	k.got <- string(b)
	return err
}

// TestSendToOurselves: what the relay sends, the listener receives, and reads.
func TestSendToOurselves(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	l := listen(t, &sink)
	ch := open(t, email.Type{Relays: relays(t, "smtp://"+l.Addr().String())}, `{}`)
	m := outgoing
	m.MailFrom, m.Recipients = "jane@example.test", []string{"help+token@shop.test", "gone@shop.test"}
	receipt, err := ch.Send(t.Context(), m)
	if err != nil || receipt.Refused["gone@shop.test"].Text != "550 5.1.1 No such address here" {
		t.Errorf("%+v, %v", receipt, err)
	}
	got := sink.Accepted()
	if len(got) != 1 {
		t.Fatalf("%d accepted", len(got))
	}
	if parsed, err := ch.Parse(got[0]); err != nil || parsed.Subject != "Hello" {
		t.Errorf("%+v, %v", parsed, err)
	}
}

// TestCorporaArrive sends every mail of the peer corpora over SMTP: each must
// arrive byte for byte and be readable.
func TestCorporaArrive(t *testing.T) {
	t.Parallel()
	dir := corpora()
	if dir == "" {
		t.Skip("no peer corpora beside the checkout, and PARLEY_CORPORA is not set")
	}
	var want []channel.Raw
	sink := channeltest.Sink{}
	l := listen(t, &sink)
	r := relayTo(t, "smtp://"+l.Addr().String())
	ch := open(t, email.Type{}, `{}`)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".eml" {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		body = crlf(body)
		m := outgoing
		m.MailFrom, m.Recipients, m.Body = "jane@example.test", []string{"help@shop.test"}, body
		if _, err := r.Send(t.Context(), m); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		want = append(want, channel.Raw{Body: body, RemoteAddr: path})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := sink.Accepted()
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%d of %d mails arrived", len(got), len(want))
	}
	for i, raw := range got {
		if !bytes.Equal(raw.Body, want[i].Body) {
			t.Errorf("%s arrived otherwise", want[i].RemoteAddr)
		}
		if _, err := ch.Parse(raw); err != nil {
			t.Errorf("%s: %v", want[i].RemoteAddr, err)
		}
	}
	t.Logf("%d mails", len(want))
}

// crlf writes line ends as a sender has to.
func crlf(b []byte) []byte {
	s := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(b))
	if !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return []byte(strings.ReplaceAll(s, "\n", "\r\n"))
}

// corpora finds the folder beside the checkout; empty if there is none.
func corpora() string {
	if dir := os.Getenv("PARLEY_CORPORA"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if found := filepath.Join(dir, "shared", "corpora"); isDir(found) {
			return found
		}
	}
	return ""
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// BenchmarkReceive is the wire alone: relay to listener, an 8 kB mail, 16 clients.
func BenchmarkReceive(b *testing.B) {
	l, err := email.NewListener(b.Context(), email.ListenerConfig{Addr: "127.0.0.1:0", Directory: directory, Sink: forget{}})
	if err != nil {
		b.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- l.Serve(b.Context()) }()
	r, err := email.NewRelay(email.RelayConfig{
		URL: "smtp://" + l.Addr().String(), Dial: dial.Trusted().DialContext, MaxConns: 16,
	})
	if err != nil {
		b.Fatal(err)
	}
	m := outgoing
	m.Recipients = []string{"help@shop.test"}
	m.Body = []byte(mail + strings.Repeat(strings.Repeat("x", 76)+"\r\n", 100))
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := r.Send(b.Context(), m); err != nil {
				b.Error(err)
				return
			}
		}
	})
	_ = r.Close()
	if err := l.Close(); err != nil {
		b.Error(err)
	}
	if err := <-served; err != nil {
		b.Error(err)
	}
}

// forget is a sink that costs nothing.
type forget struct{}

func (forget) Accept(context.Context, channel.Raw) error { return nil }
