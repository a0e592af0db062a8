package email_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
)

func TestTooLarge(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink, func(c *email.ListenerConfig) { c.MaxSize = 1000 }))
	c.do("MAIL FROM:<a@b.test> SIZE=1001", "552 5.3.4")
	c.do("MAIL FROM:<a@b.test> SIZE=99999999999999999999", "501 5.5.4")
	fits := strings.Repeat("x", 998) + "\r\n"
	for _, tc := range []struct{ body, want string }{
		{fits, "250 2.0.0"},
		{fits + "y\r\n", "552 5.3.4"},
		{strings.Repeat(fits, 7), "552 5.3.4"},
		{fits, "250 2.0.0"}, // the connection is still good
	} {
		c.data("help@shop.test")
		c.send(tc.body + ".\r\n")
		c.expect(tc.want)
	}
	if got := sink.Accepted(); len(got) != 2 || len(got[0].Body) != 1000 {
		t.Errorf("%d accepted", len(got))
	}
}

func TestTooLargeInChunks(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink, func(c *email.ListenerConfig) { c.MaxSize = 1000 }))
	chunk := "BDAT 600\r\n" + strings.Repeat("x", 600)
	for range 2 { // the second time shows that the first left nothing behind
		c.send("MAIL FROM:<a@b.test>\r\nRCPT TO:<help@shop.test>\r\n" + chunk + chunk + chunk + "BDAT 0 LAST\r\n")
		for _, want := range []string{"250 2.1.0", "250 2.1.5", "250 2.0.0", "552 5.3.4", "503 5.5.1", "503 5.5.1"} {
			c.expect(want)
		}
	}
	c.do("BDAT 9999999999999 LAST", "501 5.5.4")
	c.over()
	if n := len(sink.Accepted()); n != 0 {
		t.Errorf("%d accepted", n)
	}
}

// TestFlood: a client that goes on and on is cut off.
func TestFlood(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink, func(c *email.ListenerConfig) { c.MaxSize = 1000 }))
	c.data("help@shop.test")
	line := strings.Repeat("x", 1000) + "\r\n"
	var err error
	for i := 0; i < 100_000 && err == nil; i++ {
		_, err = io.WriteString(c.conn, line)
	}
	if err == nil {
		t.Error("100 MB were read where 1000 bytes are allowed")
	}
}

// TestMemoryIsShared: mails in transit hold a bounded amount of memory together;
// whoever finds none left is asked to come again.
func TestMemoryIsShared(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	l := listen(t, &sink, func(c *email.ListenerConfig) { c.MaxSize, c.MaxBuffered = 1<<20, 1<<20 })
	large := strings.Repeat(strings.Repeat("x", 998)+"\r\n", 900)
	first, second := hello(t, l), hello(t, l)
	first.send(fmt.Sprintf("MAIL FROM:<a@b.test>\r\nRCPT TO:<help@shop.test>\r\nBDAT %d\r\n%s", len(large), large))
	for range 3 {
		first.expect("250 ")
	}
	for _, want := range []string{"452 4.3.1", "250 2.0.0"} {
		second.data("help@shop.test")
		second.send(large + ".\r\n")
		second.expect(want)
		first.do("RSET", "250 2.0.0") // lets go of what it holds
	}
	if n := len(sink.Accepted()); n != 1 {
		t.Errorf("%d accepted", n)
	}
}

func TestTooManyRecipients(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink))
	c.do("MAIL FROM:<a@b.test>", "250 2.1.0")
	for i := range 100 {
		c.do(fmt.Sprintf("RCPT TO:<help+%d@shop.test>", i), "250 2.1.5")
	}
	c.do("RCPT TO:<help+100@shop.test>", "452 4.5.3")
	c.do("DATA", "354 ")
	c.send(mail + ".\r\n")
	c.expect("250 2.0.0")
	if got := sink.Accepted(); len(got) != 1 || len(got[0].RcptTo) != 100 {
		t.Errorf("accepted %d", len(got))
	}
}

func TestTooManyConnections(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*email.ListenerConfig){
		"421 4.3.2": func(c *email.ListenerConfig) { c.MaxConns = 2 },
		"421 4.7.0": func(c *email.ListenerConfig) { c.MaxConnsPerIP = 2 },
	} {
		var sink channeltest.Sink
		l := listen(t, &sink, change)
		a, b := hello(t, l), hello(t, l)
		third := connect(t, l)
		third.expect(name)
		third.over()
		a.do("QUIT", "221 ")
		a.over()
		waitFor(t, func() bool { // the place is free when the session has ended, shortly after
			c := connect(t, l)
			line, _ := c.r.ReadString('\n')
			return strings.HasPrefix(line, "220 ")
		})
		b.do("NOOP", "250 ")
	}
}

// waitFor tries again until ok, within reason.
func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if ok() {
			return
		}
	}
	t.Error("it never happened")
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	short := func(c *email.ListenerConfig) {
		c.CommandTimeout, c.DataTimeout = 50*time.Millisecond, 50*time.Millisecond
	}
	t.Run("no command", func(t *testing.T) {
		t.Parallel()
		var sink channeltest.Sink
		c := connect(t, listen(t, &sink, short))
		c.expect("220 ")
		c.expect("421 4.4.2")
		c.over()
	})
	t.Run("half a command", func(t *testing.T) {
		t.Parallel()
		var sink channeltest.Sink
		c := connect(t, listen(t, &sink, short))
		c.expect("220 ")
		c.send("EHLO cli")
		c.expect("421 4.4.2")
		c.over()
	})
	t.Run("half a body", func(t *testing.T) {
		t.Parallel()
		var sink channeltest.Sink
		l := listen(t, &sink, func(c *email.ListenerConfig) { c.DataTimeout = 50 * time.Millisecond })
		c := hello(t, l)
		c.data("help@shop.test")
		c.send("Subject: half")
		c.expect("421 4.4.2")
		c.over()
		if n := len(sink.Accepted()); n != 0 {
			t.Errorf("%d accepted", n)
		}
	})
	t.Run("a sink that takes too long", func(t *testing.T) {
		t.Parallel()
		sink := channeltest.Sink{Before: func(ctx context.Context, _ channel.Raw) error {
			<-ctx.Done()
			return ctx.Err()
		}}
		l := listen(t, &sink, func(c *email.ListenerConfig) { c.AcceptTimeout = 50 * time.Millisecond })
		c := hello(t, l)
		c.data("help@shop.test")
		c.send(mail + ".\r\n")
		c.expect("451 4.3.0")
	})
}

func TestLongCommand(t *testing.T) {
	t.Parallel()
	for _, size := range []int{5000, 50_000} {
		var sink channeltest.Sink
		c := hello(t, listen(t, &sink))
		c.send("NOOP " + strings.Repeat("x", size) + "\r\n")
		c.expect("500 5.5.2")
	}
}

func TestTooManyFaults(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink))
	c.do("MAIL FROM:<a@b.test>", "250 2.1.0")
	for i := range 49 {
		c.do(fmt.Sprintf("RCPT TO:<guess%d@shop.test>", i), "550 5.1.1")
	}
	c.do("RCPT TO:<guess@shop.test>", "421 4.7.0")
	c.over()
}

func TestTooManyCommands(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink))
	go func() { _, _ = io.WriteString(c.conn, strings.Repeat("NOOP\r\n", 1000)) }()
	for range 999 {
		c.expect("250 2.0.0")
	}
	c.expect("421 4.7.0")
	c.over()
}

// TestBrowser: a web page that makes a browser post to us gets no further than its first line.
func TestBrowser(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := connect(t, listen(t, &sink))
	c.expect("220 ")
	c.send("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nEHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<help@shop.test>\r\nBDAT 1 LAST\r\nx")
	c.expect("500 5.5.1")
	_, _ = io.ReadAll(c.r)
	if n := len(sink.Accepted()); n != 0 {
		t.Errorf("%d accepted", n)
	}
}

// TestClientVanishes: half a mail is no mail.
func TestClientVanishes(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	l := listen(t, &sink)
	for _, start := range []string{
		"DATA\r\nSubject: half\r\n\r\n.", "DATA\r\nSubject: half\r\n\r\n.\r", "BDAT 10 LAST\r\n123456789",
	} {
		c := hello(t, l)
		c.send("MAIL FROM:<a@b.test>\r\nRCPT TO:<help@shop.test>\r\n" + start)
		c.expect("250 2.1.0")
		c.expect("250 2.1.5")
		_ = c.conn.(*net.TCPConn).CloseWrite()
		_, _ = io.ReadAll(c.r)
	}
	if n := len(sink.Accepted()); n != 0 {
		t.Errorf("%d accepted", n)
	}
}

// TestPanic: a mail that breaks us ends its own session and no other.
func TestPanic(t *testing.T) {
	t.Parallel()
	sink := channeltest.Sink{Before: func(_ context.Context, raw channel.Raw) error {
		if raw.ChannelID == 2 {
			panic("unbearable")
		}
		return nil
	}}
	l := listen(t, &sink)
	other, c := hello(t, l), hello(t, l)
	c.data("sales@shop.test")
	c.send(mail + ".\r\n")
	c.expect("421 4.3.0")
	c.over()
	other.data("help@shop.test")
	other.send(mail + ".\r\n")
	other.expect("250 2.0.0")
}

func TestClose(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	l := listen(t, &sink)
	idle, between, sending, chunking := hello(t, l), hello(t, l), hello(t, l), hello(t, l)
	between.do("MAIL FROM:<a@b.test>", "250 2.1.0")
	sending.data("help@shop.test")
	sending.send("Subject: in transit\r\n")
	chunking.send("MAIL FROM:<a@b.test>\r\nRCPT TO:<help@shop.test>\r\nBDAT 1\r\nx")
	for range 3 {
		chunking.expect("250 ")
	}
	closed := make(chan error, 1)
	go func() { closed <- l.Close() }()
	for _, c := range []*client{idle, between} {
		c.expect("421 4.3.2")
		c.over()
	}
	if conn, err := net.Dial("tcp", l.Addr().String()); err == nil {
		_ = conn.Close()
		t.Error("a new connection was taken")
	}
	select {
	case err := <-closed:
		t.Fatalf("Close returned %v with mails in transit", err)
	default:
	}
	sending.send("\r\nthe rest\r\n.\r\n")
	sending.expect("250 2.0.0")
	sending.expect("421 4.3.2")
	sending.over()
	chunking.do("BDAT 0 LAST", "250 2.0.0")
	chunking.expect("421 4.3.2")
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
	if n := len(sink.Accepted()); n != 2 {
		t.Errorf("%d accepted", n)
	}
}

// TestCloseAfterTheGrace: a client that dawdles is cut off, and a sink that hangs is told to stop.
func TestCloseAfterTheGrace(t *testing.T) {
	t.Parallel()
	entered := make(chan struct{})
	sink := channeltest.Sink{Before: func(ctx context.Context, _ channel.Raw) error {
		close(entered)
		<-ctx.Done()
		return ctx.Err()
	}}
	l := listen(t, &sink, func(c *email.ListenerConfig) { c.Grace = 50 * time.Millisecond })
	dawdling, accepting := hello(t, l), hello(t, l)
	dawdling.data("help@shop.test")
	accepting.data("help@shop.test")
	accepting.send(mail + ".\r\n")
	<-entered
	if err := l.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	dawdling.over()
	if b, err := io.ReadAll(accepting.r); strings.HasPrefix(string(b), "250") {
		t.Errorf("%q, %v", b, err)
	}
	if n := len(sink.Accepted()); n != 0 {
		t.Errorf("%d accepted", n)
	}
}

// TestServeEndsWithItsContext is what the program's signals come down to.
func TestServeEndsWithItsContext(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	ctx, cancel := context.WithCancel(t.Context())
	l, err := email.NewListener(ctx, email.ListenerConfig{Addr: "127.0.0.1:0", Directory: directory, Sink: &sink})
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- l.Serve(ctx) }()
	c := hello(t, l)
	c.data("help@shop.test")
	cancel()
	c.send(mail + ".\r\n")
	c.expect("250 2.0.0")
	c.expect("421 4.3.2")
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if n := len(sink.Accepted()); n != 1 {
		t.Errorf("%d accepted", n)
	}
}

func TestNewListenerFaults(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	l := listen(t, &sink)
	if _, err := email.NewListener(t.Context(), email.ListenerConfig{Addr: l.Addr().String(), Directory: directory, Sink: &sink}); err == nil {
		t.Error("a taken port was taken again")
	}
	if _, err := email.NewListener(t.Context(), email.ListenerConfig{Addr: "127.0.0.1:0"}); err == nil {
		t.Error("a listener without a sink was made")
	}
}
