package email_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/parley"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The addresses of the tests' channels.
var directory = channeltest.Directory{"help@shop.test": 1, "sales@shop.test": 2, "info@shop.test": 1}

var receivedAt = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// listen starts a listener that ends with the test.
func listen(t *testing.T, sink channel.Sink, change ...func(*email.ListenerConfig)) *email.Listener {
	t.Helper()
	c := email.ListenerConfig{
		Addr: "127.0.0.1:0", Hostname: "mx.test", Directory: directory, Sink: sink,
		Now: func() time.Time { return receivedAt },
	}
	for _, f := range change {
		f(&c)
	}
	l, err := email.NewListener(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- l.Serve(context.WithoutCancel(t.Context())) }()
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return l
}

// client speaks SMTP by hand.
type client struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

// connect does not greet.
func connect(t *testing.T, l *email.Listener) *client {
	t.Helper()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &client{t, conn, bufio.NewReader(conn)}
}

// hello connects and greets.
func hello(t *testing.T, l *email.Listener) *client {
	t.Helper()
	c := connect(t, l)
	c.expect("220 ")
	c.do("EHLO client.test", "250 ")
	return c
}

func (c *client) send(s string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, s); err != nil {
		c.t.Fatal(err)
	}
}

// expect reads one reply, of any number of lines, and checks how its last begins.
func (c *client) expect(prefix string) []string {
	c.t.Helper()
	var lines []string
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			c.t.Fatalf("want %q, got %v after %q", prefix, err, lines)
		}
		lines = append(lines, strings.TrimRight(line, "\r\n"))
		if !strings.HasSuffix(line, "\r\n") || len(line) < 4 {
			c.t.Fatalf("reply line %q", line)
		}
		if line[3] == ' ' {
			break
		}
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, prefix) {
		c.t.Fatalf("got %q, want %q", last, prefix)
	}
	return lines
}

// over checks that the server hung up.
func (c *client) over() {
	c.t.Helper()
	if b, err := io.ReadAll(c.r); len(b) > 0 || errors.Is(err, os.ErrDeadlineExceeded) {
		c.t.Fatalf("still open: %q, %v", b, err)
	}
}

func (c *client) do(line, prefix string) []string {
	c.t.Helper()
	c.send(line + "\r\n")
	return c.expect(prefix)
}

// data goes up to the point where the body is due.
func (c *client) data(to ...string) {
	c.t.Helper()
	c.do("MAIL FROM:<jane@example.test>", "250 2.1.0")
	for _, rcpt := range to {
		c.do("RCPT TO:<"+rcpt+">", "250 2.1.5")
	}
	c.do("DATA", "354 ")
}

const mail = "From: jane@example.test\r\nSubject: Hello\r\n\r\nIs anybody there?\r\n"

// TestReceiveKeepsTheBytes: the journal holds what came, byte for byte, and
// nothing but <CRLF>.<CRLF> ends a mail ("SMTP smuggling").
func TestReceiveKeepsTheBytes(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3<<20)
	tests := []struct{ name, sent, want string }{
		{"plain", mail, mail},
		{"empty", "", ""},
		{"stuffed dots", "a\r\n..b\r\n...\r\n", "a\r\n.b\r\n..\r\n"},
		{"a dot that was not stuffed", "a\r\n.b\r\n", "a\r\nb\r\n"},
		{"8 bit and NUL", "caf\xe9 \x00 \xf0\x9f\x98\x80\r\n", "caf\xe9 \x00 \xf0\x9f\x98\x80\r\n"},
		{"a line of 3 MB", long + "\r\n", long + "\r\n"},
		{"a dot behind a full buffer", strings.Repeat("x", 8192) + ".\r\n", strings.Repeat("x", 8192) + ".\r\n"},
		{"a line end across buffers", strings.Repeat("x", 8191) + "\r\n..\r\n", strings.Repeat("x", 8191) + "\r\n.\r\n"},
		{"LF dot LF", "a\n.\nQUIT\r\n", "a\n.\nQUIT\r\n"},
		{"LF dot CRLF", "a\n.\r\nQUIT\r\n", "a\n.\r\nQUIT\r\n"},
		{"CRLF dot LF", "a\r\n.\nQUIT\r\n", "a\r\n\nQUIT\r\n"},
		{"CR dot CR", "a\r.\rQUIT\r\n", "a\r.\rQUIT\r\n"},
		{"CR dot CRLF", "a\r.\r\nQUIT\r\n", "a\r.\r\nQUIT\r\n"},
		{"CRLF dot CR", "a\r\n.\rQUIT\r\n", "a\r\n\rQUIT\r\n"},
		{"CRLF dot CRCRLF", "a\r\n.\r\r\nQUIT\r\n", "a\r\n\r\r\nQUIT\r\n"},
		{"the last line ends with CRCRLF", "a\r\r\n", "a\r\r\n"},
		{"LF CRLF", "a\n\r\n", "a\n\r\n"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var sink channeltest.Sink
			c := hello(t, listen(t, &sink))
			c.data("help@shop.test")
			c.send(tc.sent + ".\r\n")
			c.expect("250 2.0.0")
			c.do("QUIT", "221 ")
			got := sink.Accepted()
			if len(got) != 1 {
				t.Fatalf("%d mails accepted", len(got))
			}
			if string(got[0].Body) != tc.want {
				t.Errorf("got %.80q of %d bytes, want %.80q of %d", got[0].Body, len(got[0].Body), tc.want, len(tc.want))
			}
		})
	}
}

func TestReceiveEnvelope(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink))
	c.do("mail from:<> SIZE=10 BODY=8BITMIME SMTPUTF8", "250 2.1.0")
	c.do("rcpt to:<Help+Tag@Shop.test>", "250 2.1.5")
	c.do("rcpt to:<help+tag@shop.test>", "250 2.1.5")
	c.do("rcpt to:<Help+Tag@Shop.test>", "250 2.1.5")
	c.do("data", "354 ")
	c.send(mail + ".\r\n")
	c.expect("250 2.0.0")
	want := []channel.Raw{{
		ChannelID: 1, Body: []byte(mail), MailFrom: "",
		RcptTo:     []string{"Help+Tag@Shop.test", "help+tag@shop.test"},
		RemoteAddr: c.conn.LocalAddr().String(), Helo: "client.test", ReceivedAt: receivedAt,
	}}
	if diff := cmp.Diff(want, sink.Accepted()); diff != "" {
		t.Error(diff)
	}
}

// TestReceiveForSeveralChannels: each channel gets the mail once, with its own recipients.
func TestReceiveForSeveralChannels(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink))
	c.data("help@shop.test", "sales@shop.test", "info@shop.test")
	c.send(mail + ".\r\n")
	c.expect("250 2.0.0")
	got := map[parley.ChannelID][]string{}
	for _, raw := range sink.Accepted() {
		got[raw.ChannelID] = append(got[raw.ChannelID], raw.RcptTo...)
	}
	want := map[parley.ChannelID][]string{1: {"help@shop.test", "info@shop.test"}, 2: {"sales@shop.test"}}
	if diff := cmp.Diff(want, got); diff != "" || len(sink.Accepted()) != 2 {
		t.Errorf("%d accepted\n%s", len(sink.Accepted()), diff)
	}
}

// TestReceiveIsAllOrNothing: when one channel's sink fails after another's
// succeeded, the sender is told to try again with all of it.
func TestReceiveIsAllOrNothing(t *testing.T) {
	t.Parallel()
	broken := true
	sink := channeltest.Sink{Before: func(_ context.Context, raw channel.Raw) error {
		if raw.ChannelID == 2 && broken {
			broken = false
			return errors.New("disk full")
		}
		return nil
	}}
	c := hello(t, listen(t, &sink))
	for _, want := range []string{"451 4.3.0", "250 2.0.0"} { // the second time on the same connection
		c.data("help@shop.test", "sales@shop.test")
		c.send(mail + ".\r\n")
		c.expect(want)
	}
	var ids []parley.ChannelID
	for _, raw := range sink.Accepted() {
		ids = append(ids, raw.ChannelID)
	}
	if diff := cmp.Diff([]parley.ChannelID{1, 1, 2}, ids); diff != "" {
		t.Error(diff)
	}
}

// TestReceiveAnswersOnceDurable: there is no 250 before Accept has returned.
func TestReceiveAnswersOnceDurable(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	sink := channeltest.Sink{Before: func(context.Context, channel.Raw) error {
		close(entered)
		<-release
		return nil
	}}
	c := hello(t, listen(t, &sink))
	c.data("help@shop.test")
	c.send(mail + ".\r\n")
	<-entered
	_ = c.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if b, err := c.r.Peek(1); err == nil {
		t.Errorf("answered %q while the mail was not yet durable", b)
	}
	_ = c.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	close(release)
	c.expect("250 2.0.0")
	if n := len(sink.Accepted()); n != 1 {
		t.Errorf("%d accepted", n)
	}
}

func TestReceiveForUnknownAddresses(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink))
	c.do("MAIL FROM:<jane@example.test>", "250 2.1.0")
	for _, rcpt := range []string{"nobody@shop.test", "help@elsewhere.test", "postmaster", "help%elsewhere.test@relay.test"} {
		c.do("RCPT TO:<"+rcpt+">", "550 5.1.1")
	}
	c.do("DATA", "503 5.5.1")
	c.do("RCPT TO:<help@shop.test>", "250 2.1.5") // the others don't spoil it
	c.do("DATA", "354 ")
	c.send(mail + ".\r\n")
	c.expect("250 2.0.0")
	if got := sink.Accepted(); len(got) != 1 || len(got[0].RcptTo) != 1 {
		t.Errorf("accepted %+v", got)
	}
}

func TestReceiveWhenTheDirectoryFails(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	l := listen(t, &sink, func(c *email.ListenerConfig) { c.Directory = brokenDirectory{} })
	c := hello(t, l)
	c.do("MAIL FROM:<jane@example.test>", "250 2.1.0")
	c.do("RCPT TO:<help@shop.test>", "451 4.3.0")
}

type brokenDirectory struct{}

func (brokenDirectory) Lookup(context.Context, string) (parley.ChannelID, error) {
	return 0, errors.New("database is locked")
}
