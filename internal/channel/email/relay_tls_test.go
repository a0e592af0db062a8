package email_test

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"testing"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/dial"
)

func TestRelayTLSAndSignIn(t *testing.T) {
	t.Parallel()
	server, trusting := channeltest.TLS(t)
	const user, password = "shop", "p@ss/w:rd?"
	tests := []struct {
		name   string
		o      channeltest.SMTPOptions
		url    func(string) string // changes the server's address
		roots  *tls.Config
		fault  *channeltest.Fault
		kind   channel.SendErrorKind // 0: it goes out
		text   string
		secure bool
	}{
		{name: "STARTTLS when offered", o: channeltest.SMTPOptions{TLS: server}, roots: trusting, secure: true},
		{name: "any certificate is better than none", o: channeltest.SMTPOptions{TLS: server}, secure: true},
		{name: "tls=off", o: channeltest.SMTPOptions{TLS: server}, url: add("?tls=off")},
		{name: "tls=require", o: channeltest.SMTPOptions{TLS: server}, url: add("?tls=require"), roots: trusting, secure: true},
		{name: "tls=require, strange certificate", o: channeltest.SMTPOptions{TLS: server}, url: add("?tls=require"), kind: channel.Temporary, text: "certificate"},
		{name: "tls=require, not offered", url: add("?tls=require"), kind: channel.Temporary, text: "tls=require"},
		{name: "STARTTLS refused", o: channeltest.SMTPOptions{TLS: server}, fault: &channeltest.Fault{At: channeltest.AtStartTLS, Reply: "454 4.7.0 Not now"}, kind: channel.Temporary, text: "454 4.7.0 Not now"},
		{name: "smtps", o: channeltest.SMTPOptions{TLS: server, Implicit: true}, roots: trusting, secure: true},
		{name: "smtps, strange certificate", o: channeltest.SMTPOptions{TLS: server, Implicit: true}, kind: channel.Temporary, text: "certificate"},
		{name: "password over TLS", o: channeltest.SMTPOptions{TLS: server, User: user, Password: password}, roots: trusting, secure: true},
		{name: "password on this machine", o: channeltest.SMTPOptions{User: user, Password: password}},
		{name: "LOGIN", o: channeltest.SMTPOptions{User: user, Password: password, Mechanisms: "LOGIN"}},
		{name: "nothing that we know", o: channeltest.SMTPOptions{User: user, Password: password, Mechanisms: "CRAM-MD5"}, kind: channel.Temporary, text: "no way to sign in"},
		{name: "wrong password", o: channeltest.SMTPOptions{User: user, Password: password}, url: func(string) string { return "smtp://shop:wrong@" }, kind: channel.Temporary, text: "refused the user and password"},
		{name: "sign-in is broken", o: channeltest.SMTPOptions{User: user, Password: password}, fault: &channeltest.Fault{At: channeltest.AtAuth, Reply: "454 4.7.0 Try later"}, kind: channel.Temporary, text: "454 4.7.0 Try later"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := channeltest.SMTPServer(t, tc.o)
			if tc.fault != nil {
				srv.Script(*tc.fault)
			}
			url := srv.URL()
			if tc.url != nil {
				if url = tc.url(url); strings.HasSuffix(url, "@") {
					url += srv.Addr()
				}
			}
			_, err := send(t, relayTo(t, url, func(c *email.RelayConfig) { c.TLS = tc.roots }), outgoing)
			if tc.kind != 0 {
				wantFault(t, err, tc.kind, tc.text)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := srv.Mails()[0]; got.Secure != tc.secure || got.User != tc.o.User {
				t.Errorf("TLS %v, user %q", got.Secure, got.User)
			}
		})
	}
}

func add(s string) func(string) string { return func(url string) string { return url + s } }

// TestPasswordStaysHere: a relay elsewhere without TLS does not get the password.
func TestPasswordStaysHere(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{User: "shop", Password: "secret"})
	elsewhere := func(c *email.RelayConfig) {
		c.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dial.Trusted().DialContext(ctx, network, srv.Addr())
		}
	}
	_, err := send(t, relayTo(t, "smtp://shop:secret@relay.test", elsewhere), outgoing)
	wantFault(t, err, channel.Temporary, "tls=off")
	if _, err := send(t, relayTo(t, "smtp://shop:secret@relay.test?tls=off", elsewhere), outgoing); err != nil {
		t.Error(err)
	}
	if got := srv.Mails(); len(got) != 1 || got[0].User != "shop" {
		t.Errorf("taken %+v", got)
	}
}
