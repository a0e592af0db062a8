package email_test

import (
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/dial"
	"parley/internal/parley"
)

// relays sends to url in the operator's name.
func relays(t *testing.T, url string) *email.Relays {
	t.Helper()
	d := dial.Trusted().DialContext
	r, err := email.NewRelays(email.RelaysConfig{URL: url, Hostname: "parley.test", Dial: d, DialChannel: d})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func open(t *testing.T, typ email.Type, settings string) channel.Channel {
	t.Helper()
	ch, err := typ.Open(1, json.RawMessage(settings))
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

func TestContract(t *testing.T) {
	t.Parallel()
	for name, typ := range map[string]email.Type{"zero": {}, "with relays": {Relays: relays(t, "smtp://127.0.0.1:1")}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			channeltest.Run(t, typ, channeltest.Case{
				Settings:    json.RawMessage(`{}`),
				BadSettings: []json.RawMessage{[]byte(`{"outgoing":7}`), []byte(`{"outgoing":{"smtp":{"host":"relay.test","tls":"none"}}}`), []byte(`{"incoming":{"way":"imap"}}`)},
				Inputs: []channel.Raw{
					{ChannelID: 1, Body: []byte(mail), RcptTo: []string{"help@shop.test"}},
					{ChannelID: 1, Body: []byte("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\na\r\n--x\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--x--\r\n")},
				},
				Outgoing: outgoing,
				FarEnd:   farEnd,
			})
		})
	}
}

// farEnd is a mail server that treats the first mail as told.
func farEnd(t *testing.T, how channeltest.Behaviour) channeltest.FarEnd {
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	far := channeltest.FarEnd{
		Channel: open(t, email.Type{Relays: relays(t, srv.URL())}, `{}`),
		Got: func() (bodies [][]byte) {
			for _, m := range srv.Mails() {
				bodies = append(bodies, m.Body)
			}
			return bodies
		},
	}
	reached := make(chan struct{})
	switch how {
	case channeltest.RefusesNow:
		srv.Script(channeltest.Fault{At: channeltest.AtMail, Reply: "451 4.3.0 Later"})
	case channeltest.RefusesGood:
		srv.Script(channeltest.Fault{At: channeltest.AtMail, Reply: "550 5.7.1 Never"})
	case channeltest.Unreachable:
		srv.Close()
	case channeltest.BreaksBefore:
		large := outgoing
		large.Body = []byte(mail + strings.Repeat(strings.Repeat("x", 76)+"\r\n", 200_000))
		far.Message = &large
		srv.Script(channeltest.Fault{At: channeltest.AtBody, Bytes: 1000, Break: true})
	case channeltest.BreaksAfter:
		srv.Script(channeltest.Fault{At: channeltest.AtDot, Keep: true, Break: true})
	case channeltest.HangsBefore:
		far.Reached = reached
		srv.Script(channeltest.Fault{At: channeltest.AtData, Reached: reached, Until: make(chan struct{})})
	case channeltest.HangsAfter:
		far.Reached = reached
		srv.Script(channeltest.Fault{At: channeltest.AtDot, Reached: reached, Until: make(chan struct{})})
	}
	return far
}

// TestSendWithoutARelay says what to do about it.
func TestSendWithoutARelay(t *testing.T) {
	t.Parallel()
	for _, typ := range []email.Type{{}, {Relays: relays(t, "")}} {
		_, err := open(t, typ, `{}`).Send(t.Context(), outgoing)
		wantFault(t, err, channel.Permanent, "PARLEY_RELAY_URL")
	}
}

// TestChannelsOwnRelay: its mail takes its own way, and may not lead into the operator's network.
func TestChannelsOwnRelay(t *testing.T) {
	t.Parallel()
	operators := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	certified, trusting := channeltest.TLS(t)
	own := channeltest.SMTPServer(t, channeltest.SMTPOptions{TLS: certified, User: "shop", Password: "hush"})
	host, port, _ := strings.Cut(own.Addr(), ":")
	allow, err := dial.ParseAllow([]string{host})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		policy dial.Policy
		kind   channel.SendErrorKind // 0: it goes out
	}{{dial.Policy{Allow: allow}, 0}, {dial.Policy{}, channel.Temporary}} {
		r, err := email.NewRelays(email.RelaysConfig{
			URL: operators.URL(), TLS: trusting, Dial: dial.Trusted().DialContext, DialChannel: dial.New(tc.policy).DialContext,
		})
		if err != nil {
			t.Fatal(err)
		}
		ch := open(t, email.Type{Relays: r}, `{"outgoing":{"smtp":{"host":"`+host+`","port":`+port+`,"tls":"starttls","username":"shop","auth":"password"}},"secret":{"smtp":{"password":"hush"}}}`)
		if _, err := ch.Send(t.Context(), outgoing); tc.kind == 0 && err != nil {
			t.Error(err)
		} else if tc.kind != 0 {
			wantFault(t, err, tc.kind, "private network")
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(operators.Mails()) != 0 || len(own.Mails()) != 1 {
		t.Errorf("%d mails by the operator's relay, %d by its own", len(operators.Mails()), len(own.Mails()))
	}
}

func TestNewRelaysFaults(t *testing.T) {
	t.Parallel()
	_, err := email.NewRelays(email.RelaysConfig{URL: "smtp://user:se cret@relay"})
	if err == nil || strings.Contains(err.Error(), "cret") {
		t.Errorf("%v", err)
	}
	if _, err := email.NewRelay(email.RelayConfig{URL: "smtp://relay"}); err == nil {
		t.Error("a relay without a way to dial was made")
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	ch := open(t, email.Type{}, ``)
	const reply = "From: Jane <jane@example.test>\r\nTo: help@shop.test\r\nSubject: Re: Hi\r\nMessage-ID: <2@example.test>\r\n" +
		"In-Reply-To: <1@shop.test>\r\n\r\nYes.\r\n\r\nOn Mon, 2 Mar 2026 at 10:00, Shop <help@shop.test> wrote:\r\n> Really?\r\n"
	got, err := ch.Parse(channel.Raw{Body: []byte(reply), MailFrom: "jane@example.test", RcptTo: []string{"help@shop.test"}})
	if err != nil {
		t.Fatal(err)
	}
	if got.From != (parley.Address{Name: "Jane", Email: "jane@example.test"}) || got.Subject != "Re: Hi" ||
		got.InternetID != "2@example.test" || !cmp.Equal(got.InReplyTo, []string{"1@shop.test"}) ||
		got.VisibleText != "Yes." || got.QuoteAt <= 0 || got.AutoSubmitted || got.AutoReply || got.Broken != nil {
		t.Errorf("%+v", got)
	}
}

// TestParseNullReversePath: no machine may answer it (RFC 5321 4.5.5).
func TestParseNullReversePath(t *testing.T) {
	t.Parallel()
	ch := open(t, email.Type{}, ``)
	const notice, answer = "From: a@b.test\r\n\r\nx\r\n", "From: a@b.test\r\nIn-Reply-To: <1@shop.test>\r\n\r\nx\r\n"
	to := []string{"help@shop.test"}
	tests := []struct {
		raw                      channel.Raw
		autoSubmitted, autoReply bool
	}{
		{channel.Raw{Body: []byte(notice), MailFrom: "a@b.test", RcptTo: to}, false, false},
		{channel.Raw{Body: []byte(notice), RcptTo: to}, true, false},
		{channel.Raw{Body: []byte(answer), RcptTo: to}, true, true},
		{channel.Raw{Body: []byte(answer)}, false, false}, // an import: there was no envelope
	}
	for i, tc := range tests {
		got, err := ch.Parse(tc.raw)
		if err != nil || got.AutoSubmitted != tc.autoSubmitted || got.AutoReply != tc.autoReply {
			t.Errorf("%d: auto-submitted %v, auto-reply %v, %v", i, got.AutoSubmitted, got.AutoReply, err)
		}
	}
}

// TestOpenDialsNothing: channels are opened by the hundred at start.
func TestOpenDialsNothing(t *testing.T) {
	t.Parallel()
	r, err := email.NewRelays(email.RelaysConfig{
		URL: "smtp://relay.test",
		Dial: func(context.Context, string, string) (net.Conn, error) {
			t.Error("dialled")
			return nil, net.ErrClosed
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	open(t, email.Type{Relays: r}, `{}`)
}

// A mail that was forwarded inline has no name of its own: it is a file all the same.
func TestForwardedMailHasAName(t *testing.T) {
	t.Parallel()
	ch := open(t, email.Type{}, `{}`)
	for subject, want := range map[string]string{
		"Subject: Broken chain\r\n":                     "Broken chain.eml",
		"Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe_42?=\r\n":   "Größe 42.eml",
		"Subject: ../../etc/passwd\r\n":                 "_.._etc_passwd.eml",
		"Subject: Re: a<b>|c?\r\n":                      "Re_ a_b__c_.eml",
		"Subject: " + strings.Repeat("é", 300) + "\r\n": strings.Repeat("é", 80) + ".eml",
		"Subject: ...\r\n":                              "message.eml",
		"":                                              "message.eml",
	} {
		mail := "From: a@x.test\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee below.\r\n" +
			"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@x.test\r\n" + subject + "\r\nHello.\r\n--b--\r\n"
		p, err := ch.Parse(channel.Raw{Body: []byte(mail)})
		if err != nil || len(p.Parts) != 1 || p.Parts[0].Filename != want || !strings.Contains(p.Text, "Hello.") {
			t.Errorf("%q: %+v, %v", subject, p.Parts, err)
		}
	}
}
