package email_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/dial"
	"parley/internal/parley"
)

var outgoing = channel.Outgoing{
	ChannelID: 1, MessageID: 7, MailFrom: "help@shop.test",
	Recipients: []string{"jane@example.test"}, Body: []byte(mail),
}

// relayTo makes a relay that ends with the test.
func relayTo(t *testing.T, url string, change ...func(*email.RelayConfig)) *email.Relay {
	t.Helper()
	c := email.RelayConfig{URL: url, Hostname: "parley.test", Dial: dial.Trusted().DialContext}
	for _, f := range change {
		f(&c)
	}
	r, err := email.NewRelay(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func send(t *testing.T, r *email.Relay, m channel.Outgoing) (channel.Receipt, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return r.Send(ctx, m)
}

// wantFault checks kind and words.
func wantFault(t *testing.T, err error, kind channel.SendErrorKind, text string) {
	t.Helper()
	fault, ok := errors.AsType[*channel.SendError](err)
	if !ok {
		t.Fatalf("got %v (%T), want a *channel.SendError", err, err)
	}
	if fault.Kind != kind || !strings.Contains(fault.Text, text) {
		t.Errorf("got kind %d, %q; want kind %d, %q", fault.Kind, fault.Text, kind, text)
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	m := outgoing
	m.Recipients = []string{"jane@example.test", "joe@example.test"}
	m.Body = []byte("Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\nlast line without an end")
	receipt, err := send(t, relayTo(t, srv.URL()), m)
	if err != nil || receipt.ProviderID != "1" || len(receipt.Refused)+len(receipt.Deferred) > 0 {
		t.Errorf("%+v, %v", receipt, err)
	}
	want := []channeltest.SentMail{{
		Hello: "parley.test", From: "<help@shop.test> SIZE=57", To: m.Recipients, Body: append(m.Body, "\r\n"...),
	}}
	if diff := cmp.Diff(want, srv.Mails()); diff != "" {
		t.Error(diff)
	}
}

// TestSendFaults is ADR 10: what each fault means for the mail.
func TestSendFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fault channeltest.Fault
		kind  channel.SendErrorKind
		text  string
	}{
		{"no greeting but a goodbye", channeltest.Fault{At: channeltest.AtGreeting, Reply: "421 4.3.2 Closing", Break: true}, channel.Temporary, "421 4.3.2 Closing"},
		{"greeting refuses", channeltest.Fault{At: channeltest.AtGreeting, Reply: "554 5.7.1 Go away"}, channel.Temporary, "554 5.7.1 Go away"},
		{"hangs up at once", channeltest.Fault{At: channeltest.AtGreeting, Break: true}, channel.Temporary, "did not greet"},
		{"breaks at EHLO", channeltest.Fault{At: channeltest.AtHello, Break: true}, channel.Temporary, "greeting"},
		{"sender for now", channeltest.Fault{At: channeltest.AtMail, Reply: "451 4.7.1 Slow down"}, channel.Temporary, "451 4.7.1 Slow down"},
		{"sender for good", channeltest.Fault{At: channeltest.AtMail, Reply: "550 5.7.1 Not your address"}, channel.Permanent, "550 5.7.1 Not your address"},
		{"sign-in wanted", channeltest.Fault{At: channeltest.AtMail, Reply: "530 5.7.0 Authentication required"}, channel.Temporary, "530"},
		{"breaks at MAIL", channeltest.Fault{At: channeltest.AtMail, Break: true}, channel.Temporary, "broke off"},
		{"recipient for now", channeltest.Fault{At: channeltest.AtRcpt, Reply: "450 4.2.0 Mailbox busy"}, channel.Temporary, "450 4.2.0 Mailbox busy"},
		{"recipient for good", channeltest.Fault{At: channeltest.AtRcpt, Reply: "550 5.1.1 No such user"}, channel.Permanent, "550 5.1.1 No such user"},
		{"421 at RCPT", channeltest.Fault{At: channeltest.AtRcpt, Reply: "421 4.3.2 Closing", Break: true}, channel.Temporary, "421 4.3.2 Closing"},
		{"breaks at RCPT", channeltest.Fault{At: channeltest.AtRcpt, Break: true}, channel.Temporary, "broke off"},
		{"DATA for now", channeltest.Fault{At: channeltest.AtData, Reply: "451 4.3.0 Try later"}, channel.Temporary, "451 4.3.0 Try later"},
		{"DATA for good", channeltest.Fault{At: channeltest.AtData, Reply: "554 5.7.1 Policy"}, channel.Permanent, "554 5.7.1 Policy"},
		{"breaks at DATA", channeltest.Fault{At: channeltest.AtData, Break: true}, channel.Temporary, "broke off"},
		{"body for now", channeltest.Fault{At: channeltest.AtDot, Reply: "452 4.3.1 Disk full"}, channel.Temporary, "452 4.3.1 Disk full"},
		{"body for good", channeltest.Fault{At: channeltest.AtDot, Reply: "550 5.7.1 Looks like spam"}, channel.Permanent, "550 5.7.1 Looks like spam"},
		{"421 after the dot", channeltest.Fault{At: channeltest.AtDot, Reply: "421 4.3.2 Closing", Break: true}, channel.Temporary, "421 4.3.2 Closing"},
		{"breaks after the dot", channeltest.Fault{At: channeltest.AtDot, Keep: true, Break: true}, channel.Uncertain, "may have arrived"},
		{"half an answer after the dot", channeltest.Fault{At: channeltest.AtDot, Reply: "250-2.0.0 Ok", Break: true}, channel.Uncertain, "may have arrived"},
		{"nonsense after the dot", channeltest.Fault{At: channeltest.AtDot, Reply: "hello there"}, channel.Uncertain, "may have arrived"},
		{"a wrong answer after the dot", channeltest.Fault{At: channeltest.AtDot, Reply: "354 Go on"}, channel.Uncertain, "may have arrived"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
			srv.Script(tc.fault)
			r := relayTo(t, srv.URL())
			_, err := send(t, r, outgoing)
			wantFault(t, err, tc.kind, tc.text)
			before := len(srv.Mails())
			if _, err := send(t, r, outgoing); err != nil { // nothing is left of it
				t.Errorf("the next mail: %v", err)
			}
			if n := len(srv.Mails()) - before; n != 1 {
				t.Errorf("the next mail was taken %d times", n)
			}
		})
	}
}

// TestSendBreaksInTheBody uses a body that no socket can hold, so that the break
// is met while writing: the end was not sent, and the mail can't have been taken.
func TestSendBreaksInTheBody(t *testing.T) {
	t.Parallel()
	large := outgoing
	large.Body = []byte(mail + strings.Repeat(strings.Repeat("x", 76)+"\r\n", 200_000))
	tests := []struct {
		name  string
		fault channeltest.Fault
		kind  channel.SendErrorKind
		text  string
	}{
		{"silently", channeltest.Fault{At: channeltest.AtBody, Bytes: 100_000, Break: true}, channel.Temporary, "while the mail was being sent"},
		{"with a reason", channeltest.Fault{At: channeltest.AtBody, Bytes: 100_000, Reply: "552 5.3.4 Too big", Break: true}, channel.Permanent, "552 5.3.4 Too big"},
		{"for now", channeltest.Fault{At: channeltest.AtBody, Bytes: 100_000, Reply: "421 4.3.2 Closing", Break: true}, channel.Temporary, "421 4.3.2 Closing"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
			srv.Script(tc.fault)
			_, err := send(t, relayTo(t, srv.URL()), large)
			wantFault(t, err, tc.kind, tc.text)
		})
	}
	t.Run("stuck", func(t *testing.T) {
		t.Parallel()
		srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
		srv.Script(channeltest.Fault{At: channeltest.AtBody, Until: make(chan struct{})})
		r := relayTo(t, srv.URL(), func(c *email.RelayConfig) { c.BodyTimeout = 100 * time.Millisecond })
		_, err := send(t, r, large)
		wantFault(t, err, channel.Temporary, "while the mail was being sent")
	})
}

// TestSendSmallBodyBreaks: a small body fits the sockets' buffers whole, so a
// break is first seen when the answer is read. Nobody can know what the relay had by then.
func TestSendSmallBodyBreaks(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	gone := make(chan struct{})
	srv.Script(channeltest.Fault{At: channeltest.AtBody, Until: gone, Break: true})
	go close(gone)
	_, err := send(t, relayTo(t, srv.URL()), outgoing)
	fault, ok := errors.AsType[*channel.SendError](err)
	if !ok || fault.Kind == channel.Permanent {
		t.Fatalf("got %v", err)
	}
	if n := len(srv.Mails()); n != 0 {
		t.Errorf("%d mails taken", n)
	}
}

// TestSendTimeouts: a relay that stops answering.
func TestSendTimeouts(t *testing.T) {
	t.Parallel()
	for stage, kind := range map[channeltest.Stage]channel.SendErrorKind{
		channeltest.AtGreeting: channel.Temporary, channeltest.AtHello: channel.Temporary, channeltest.AtMail: channel.Temporary,
		channeltest.AtRcpt: channel.Temporary, channeltest.AtData: channel.Temporary, channeltest.AtDot: channel.Uncertain,
	} {
		t.Run(string(stage), func(t *testing.T) {
			t.Parallel()
			srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
			srv.Script(channeltest.Fault{At: stage, Until: make(chan struct{})})
			r := relayTo(t, srv.URL(), func(c *email.RelayConfig) {
				if stage == channeltest.AtDot { // a busy machine must not be late for the commands before
					c.AnswerTimeout = 100 * time.Millisecond
				} else {
					c.CommandTimeout = 100 * time.Millisecond
				}
			})
			_, err := send(t, r, outgoing)
			wantFault(t, err, kind, "timeout")
		})
	}
}

// TestSendCancelled: the context ends at each stage.
func TestSendCancelled(t *testing.T) {
	t.Parallel()
	for stage, kind := range map[channeltest.Stage]channel.SendErrorKind{
		channeltest.AtGreeting: channel.Temporary, channeltest.AtMail: channel.Temporary,
		channeltest.AtData: channel.Temporary, channeltest.AtDot: channel.Uncertain,
	} {
		t.Run(string(stage), func(t *testing.T) {
			t.Parallel()
			srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
			reached := make(chan struct{})
			srv.Script(channeltest.Fault{At: stage, Reached: reached, Until: make(chan struct{})})
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-reached
				cancel()
			}()
			_, err := relayTo(t, srv.URL()).Send(ctx, outgoing)
			wantFault(t, err, kind, "mail relay")
		})
	}
}

// TestSlowRelay: slow is not broken.
func TestSlowRelay(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	for _, stage := range []channeltest.Stage{channeltest.AtGreeting, channeltest.AtMail, channeltest.AtDot} {
		ready := make(chan struct{})
		srv.Script(channeltest.Fault{At: stage, Until: ready})
		time.AfterFunc(20*time.Millisecond, func() { close(ready) })
	}
	if _, err := send(t, relayTo(t, srv.URL()), outgoing); err != nil {
		t.Error(err)
	}
	if n := len(srv.Mails()); n != 1 {
		t.Errorf("%d mails taken", n)
	}
}

// TestSendPerRecipient: one recipient's refusal does not keep the mail from the others.
func TestSendPerRecipient(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	srv.Script(
		channeltest.Fault{At: channeltest.AtRcpt, Only: "gone@example.test", Reply: "550 5.1.1 No such user"},
		channeltest.Fault{At: channeltest.AtRcpt, Only: "busy@example.test", Reply: "450 4.2.0 Mailbox busy"},
		channeltest.Fault{At: channeltest.AtRcpt, Only: "many@example.test", Reply: "552 5.5.3 Too many recipients"},
	)
	m := outgoing
	m.Recipients = []string{"gone@example.test", "jane@example.test", "busy@example.test", "many@example.test", "no address", "a@b\r\nRCPT TO:<evil@x.test>"}
	receipt, err := send(t, relayTo(t, srv.URL()), m)
	if err != nil {
		t.Fatal(err)
	}
	want := channel.Receipt{
		ProviderID: "1",
		Refused: map[string]channel.Refusal{
			"gone@example.test": {Text: "550 5.1.1 No such user", Status: "5.1.1", Reason: parley.ReasonNoSuchUser},
			"no address":        {Text: "This is not a mail address."}, m.Recipients[5]: {Text: "This is not a mail address."},
		},
		Deferred: map[string]channel.Refusal{
			"busy@example.test": {Text: "450 4.2.0 Mailbox busy", Status: "4.2.0", Reason: parley.ReasonOther},
			"many@example.test": {Text: "552 5.5.3 Too many recipients", Status: "5.5.3", Reason: parley.ReasonOther},
		},
	}
	if diff := cmp.Diff(want, receipt); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"jane@example.test"}, srv.Mails()[0].To); diff != "" {
		t.Error(diff)
	}
}

// TestSendToNobody: all refused is a fault; one that may do later makes it worth another try.
func TestSendToNobody(t *testing.T) {
	t.Parallel()
	refuse := channeltest.Fault{At: channeltest.AtRcpt, Only: "gone@example.test", Reply: "550 5.1.1 No such user"}
	busy := channeltest.Fault{At: channeltest.AtRcpt, Only: "busy@example.test", Reply: "450 4.2.0 Mailbox busy"}
	tests := []struct {
		to    []string
		kind  channel.SendErrorKind
		text  string
		known int // recipients named in the receipt
	}{
		{[]string{"gone@example.test"}, channel.Permanent, "550 5.1.1 No such user", 1},
		{[]string{"gone@example.test", "busy@example.test"}, channel.Temporary, "450 4.2.0 Mailbox busy", 2},
		{[]string{"nobody"}, channel.Permanent, "no recipient", 1},
		{nil, channel.Permanent, "no recipient", 0},
	}
	for _, tc := range tests {
		srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
		srv.Script(refuse, busy)
		m := outgoing
		m.Recipients = tc.to
		receipt, err := send(t, relayTo(t, srv.URL()), m)
		wantFault(t, err, tc.kind, tc.text)
		if n := len(receipt.Refused) + len(receipt.Deferred); n != tc.known {
			t.Errorf("%v: the receipt names %d: %+v", tc.to, n, receipt)
		}
	}
}

func TestSendFromNoAddress(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	r := relayTo(t, srv.URL())
	m := outgoing
	m.MailFrom = "a@b>\r\nRCPT TO:<evil@x.test"
	_, err := send(t, r, m)
	wantFault(t, err, channel.Permanent, "sender")
	m.MailFrom = "" // the null reverse-path of an automatic answer
	if _, err := send(t, r, m); err != nil {
		t.Fatal(err)
	}
	if got := srv.Mails(); len(got) != 1 || !strings.HasPrefix(got[0].From, "<> ") {
		t.Errorf("taken %+v", got)
	}
}

func TestSendBeyondASCII(t *testing.T) {
	t.Parallel()
	m := outgoing
	m.Recipients = []string{"jane@bücher.example", "jörg@bücher.example"}
	m.Body = []byte("Subject: x\r\n\r\ncaf\xc3\xa9\r\n")
	plain := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	receipt, err := send(t, relayTo(t, plain.URL()), m)
	if err != nil || receipt.Refused["jörg@bücher.example"].Text == "" {
		t.Errorf("%+v, %v", receipt, err)
	}
	if diff := cmp.Diff([]string{"jane@xn--bcher-kva.example"}, plain.Mails()[0].To); diff != "" {
		t.Error(diff)
	}
	if from := plain.Mails()[0].From; from != "<help@shop.test> SIZE=21 BODY=8BITMIME" {
		t.Errorf("MAIL FROM:%s", from)
	}
	able := channeltest.SMTPServer(t, channeltest.SMTPOptions{Offers: []string{"SMTPUTF8"}})
	if receipt, err := send(t, relayTo(t, able.URL()), m); err != nil || len(receipt.Refused) > 0 {
		t.Errorf("%+v, %v", receipt, err)
	}
	if diff := cmp.Diff([]string{"jane@xn--bcher-kva.example", "jörg@xn--bcher-kva.example"}, able.Mails()[0].To); diff != "" {
		t.Error(diff)
	}
	m.Recipients = m.Recipients[1:]
	_, err = send(t, relayTo(t, plain.URL()), m)
	wantFault(t, err, channel.Permanent, "SMTPUTF8")
}

func TestRelayUnreachable(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = ln.Close() // now nobody listens there
	_, err = send(t, relayTo(t, "smtp://"+ln.Addr().String()), outgoing)
	wantFault(t, err, channel.Temporary, "cannot be reached")
}

func TestRelayThatTalksTooMuch(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	srv.Script(channeltest.Fault{At: channeltest.AtMail, Reply: "250 " + strings.Repeat("x", 2<<20)})
	_, err := send(t, relayTo(t, srv.URL()), outgoing)
	wantFault(t, err, channel.Temporary, "too long")
}
