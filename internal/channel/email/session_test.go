package email_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
)

func TestReceiveSequence(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := connect(t, listen(t, &sink))
	c.expect("220 mx.test ESMTP")
	steps := []struct{ line, want string }{
		{"MAIL FROM:<a@b.test>", "503 5.5.1"},
		{"EHLO", "501 5.5.4"},
		{"HELO client.test", "250 mx.test"},
		{"RCPT TO:<help@shop.test>", "503 5.5.1"},
		{"DATA", "503 5.5.1"},
		{"NOOP", "250 2.0.0"},
		{"VRFY help", "252 2.1.5"},
		{"AUTH PLAIN AGEAYg==", "502 5.5.1"},
		{"EXPN list", "502 5.5.1"},
		{"STARTTLS", "502 5.5.1"},
		{"WHAT", "500 5.5.1"},
		{"", "500 5.5.1"},
		{"MAIL <a@b.test>", "553 5.1.7"},
		{"MAIL FROM:<a@b.test", "553 5.1.7"},
		{"MAIL FROM:<a@b.test> SIZE=many", "501 5.5.4"},
		{"MAIL FROM:<a@b.test> BODY=BINARYMIME", "501 5.5.4"},
		{"MAIL FROM:<a@b.test> RET=HDRS", "555 5.5.4"},
		{"MAIL FROM:<a@b.test> AUTH=<>", "250 2.1.0"},
		{"MAIL FROM:<c@b.test>", "503 5.5.1"},
		{"RCPT TO:<>", "553 5.1.3"},
		{"RCPT TO:<help@shop.test> NOTIFY=NEVER", "555 5.5.4"},
		{"RCPT TO:<help@shop.test>", "250 2.1.5"},
		{"DATA now", "501 5.5.4"},
		{"RSET", "250 2.0.0"},
		{"DATA", "503 5.5.1"},
		{"MAIL FROM: c@b.test", "250 2.1.0"}, // as some devices write it
		{"EHLO client.test", "250 "},         // starts anew: RFC 5321 4.1.4
		{"RCPT TO:<help@shop.test>", "503 5.5.1"},
		{"QUIT", "221 2.0.0"},
	}
	for _, s := range steps {
		c.do(s.line, s.want)
	}
	c.over()
	if got := sink.Accepted(); len(got) > 0 {
		t.Errorf("accepted %+v", got)
	}
}

func TestOffers(t *testing.T) {
	t.Parallel()
	server, trusting := channeltest.TLS(t)
	tests := []struct {
		name   string
		config *tls.Config
		want   []string
	}{
		{"plain", nil, nil},
		{"TLS", server, []string{"250-STARTTLS"}},
	}
	for _, tc := range tests {
		var sink channeltest.Sink
		c := connect(t, listen(t, &sink, func(c *email.ListenerConfig) { c.TLS = tc.config }))
		c.expect("220 ")
		always := []string{
			"250-mx.test", "250-PIPELINING", "250-8BITMIME", "250-SMTPUTF8", "250-ENHANCEDSTATUSCODES",
			"250-CHUNKING", "250-LIMITS RCPTMAX=100",
		}
		last := "250 SIZE 52428800"
		if diff := cmp.Diff(append(append(always, tc.want...), last), c.do("EHLO client.test", "250 ")); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
		if tc.config == nil {
			continue
		}
		c.do("STARTTLS", "220 ")
		config := trusting.Clone()
		config.ServerName = "localhost"
		c.conn = tls.Client(c.conn, config)
		c.r = bufio.NewReader(c.conn)
		c.do("MAIL FROM:<a@b.test>", "503 5.5.1") // what was said in the clear is forgotten
		if diff := cmp.Diff(append(always, last), c.do("EHLO client.test", "250 ")); diff != "" {
			t.Errorf("behind TLS: %s", diff)
		}
		c.do("STARTTLS", "503 5.5.1")
		c.data("help@shop.test")
		c.send(mail + ".\r\n")
		c.expect("250 2.0.0")
	}
}

// TestStartTLSInjection: commands that came in the clear behind STARTTLS are not obeyed.
func TestStartTLSInjection(t *testing.T) {
	t.Parallel()
	server, _ := channeltest.TLS(t)
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink, func(c *email.ListenerConfig) { c.TLS = server }))
	c.send("STARTTLS\r\nMAIL FROM:<evil@example.test>\r\n")
	c.expect("503 5.5.1")
	c.over()
}

func TestPipelining(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink))
	c.send("MAIL FROM:<a@b.test>\r\nRCPT TO:<nobody@shop.test>\r\nRCPT TO:<help@shop.test>\r\nDATA\r\n")
	for _, want := range []string{"250 2.1.0", "550 5.1.1", "250 2.1.5", "354 "} {
		c.expect(want)
	}
	c.send(mail + ".\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<sales@shop.test>\r\nDATA\r\n")
	for _, want := range []string{"250 2.0.0", "250 2.1.0", "250 2.1.5", "354 "} {
		c.expect(want)
	}
	c.send(mail + ".\r\nQUIT\r\n")
	c.expect("250 2.0.0")
	c.expect("221 ")
	if n := len(sink.Accepted()); n != 2 {
		t.Errorf("%d accepted", n)
	}
}

// TestChunks is RFC 3030: no dots, no line ends asked for.
func TestChunks(t *testing.T) {
	t.Parallel()
	var sink channeltest.Sink
	c := hello(t, listen(t, &sink))
	c.send("BDAT 4\r\nxxxx")
	c.expect("503 5.5.1") // the chunk is skipped: it is no command
	c.do("MAIL FROM:<a@b.test>", "250 2.1.0")
	c.do("RCPT TO:<help@shop.test>", "250 2.1.5")
	body := "a\n.\n\r\n.\r\n" + strings.Repeat("long", 20_000) + "\x00end without a line end"
	for i := 0; i < len(body); i += 30_000 {
		chunk := body[i:min(i+30_000, len(body))]
		c.send(fmt.Sprintf("BDAT %d\r\n%s", len(chunk), chunk))
		c.expect("250 2.0.0")
	}
	c.do("DATA", "503 5.5.1")
	c.do("RCPT TO:<sales@shop.test>", "503 5.5.1")
	c.do("BDAT 0 LAST", "250 2.0.0")
	c.send("MAIL FROM:<a@b.test>\r\nRCPT TO:<help@shop.test>\r\nBDAT 3 last\r\nabcNOOP\r\n") // in one packet
	for _, want := range []string{"250 2.1.0", "250 2.1.5", "250 2.0.0 Message", "250 2.0.0 OK"} {
		c.expect(want)
	}
	got := sink.Accepted()
	if len(got) != 2 || string(got[0].Body) != body || string(got[1].Body) != "abc" {
		t.Errorf("%d accepted", len(got))
	}
	c.do("BDAT 5 FIRST", "501 5.5.4")
	c.over()
}
