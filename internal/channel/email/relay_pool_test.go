package email_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
)

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	srv.Script(channeltest.Fault{At: channeltest.AtRcpt, Reply: "550 5.1.1 No such user"})
	r := relayTo(t, srv.URL())
	if _, err := send(t, r, outgoing); err == nil {
		t.Error("a refused mail went out")
	}
	for range 99 {
		if _, err := send(t, r, outgoing); err != nil {
			t.Fatal(err)
		}
	}
	if n := srv.Connections(); n != 1 {
		t.Errorf("%d connections for 100 mails", n)
	}
	if _, err := send(t, r, outgoing); err != nil { // after so many a new one is made
		t.Fatal(err)
	}
	if n := srv.Connections(); n != 2 {
		t.Errorf("%d connections for 101 mails", n)
	}
}

// TestStaleConnection: a kept connection that is dead or tired is replaced
// before anything of the mail was sent, and the mail goes out once.
func TestStaleConnection(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*channeltest.MailServer){
		"hung up while it waited": (*channeltest.MailServer).HangUp,
		"hangs up at MAIL": func(s *channeltest.MailServer) {
			s.Script(channeltest.Fault{At: channeltest.AtMail, Break: true})
		},
		"says 421 at MAIL": func(s *channeltest.MailServer) {
			s.Script(channeltest.Fault{At: channeltest.AtMail, Reply: "421 4.4.2 Idle for too long", Break: true})
		},
		"hangs up at DATA": func(s *channeltest.MailServer) {
			s.Script(channeltest.Fault{At: channeltest.AtData, Break: true})
		},
	}
	for name, happens := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
			r := relayTo(t, srv.URL())
			if _, err := send(t, r, outgoing); err != nil {
				t.Fatal(err)
			}
			happens(srv)
			// The second connection takes a recipient that the first had refused.
			srv.Script(channeltest.Fault{At: channeltest.AtRcpt, Only: "joe@example.test", Reply: "550 5.1.1 No such user"})
			m := outgoing
			m.Recipients = []string{"jane@example.test", "joe@example.test"}
			receipt, err := send(t, r, m)
			if err != nil {
				t.Fatal(err)
			}
			got := srv.Mails()
			if len(got) != 2 || srv.Connections() != 2 {
				t.Errorf("%d mails over %d connections", len(got), srv.Connections())
			}
			if len(receipt.Refused)+len(got[1].To) != 2 {
				t.Errorf("refused %v, sent to %v", receipt.Refused, got[1].To)
			}
		})
	}
}

// TestReusedConnectionBreaksAfterTheDot: no second try where the mail may have arrived.
func TestReusedConnectionBreaksAfterTheDot(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	r := relayTo(t, srv.URL())
	if _, err := send(t, r, outgoing); err != nil {
		t.Fatal(err)
	}
	srv.Script(channeltest.Fault{At: channeltest.AtDot, Keep: true, Break: true})
	_, err := send(t, r, outgoing)
	wantFault(t, err, channel.Uncertain, "may have arrived")
	if n := len(srv.Mails()); n != 2 {
		t.Errorf("%d mails taken", n)
	}
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	r := relayTo(t, srv.URL(), func(c *email.RelayConfig) { c.IdleTimeout = time.Millisecond })
	if _, err := send(t, r, outgoing); err != nil {
		t.Fatal(err)
	}
	srv.WaitClosed()
	if _, err := send(t, r, outgoing); err != nil {
		t.Error(err)
	}
	kept := relayTo(t, srv.URL())
	if _, err := send(t, kept, outgoing); err != nil {
		t.Fatal(err)
	}
	if err := kept.Close(); err != nil {
		t.Error(err)
	}
	srv.WaitClosed()
	if _, err := send(t, kept, outgoing); err != nil { // a mail under way at shutdown still goes out
		t.Error(err)
	}
	srv.WaitClosed()
}

func TestConnectionsAreLimited(t *testing.T) {
	t.Parallel()
	srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
	r := relayTo(t, srv.URL(), func(c *email.RelayConfig) { c.MaxConns = 2 })
	release, reached := make(chan struct{}), make(chan struct{}, 2)
	for range 2 {
		at := make(chan struct{})
		srv.Script(channeltest.Fault{At: channeltest.AtDot, Reached: at, Until: release})
		go func() {
			<-at
			reached <- struct{}{}
		}()
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if _, err := send(t, r, outgoing); err != nil {
				t.Error(err)
			}
		})
	}
	<-reached
	<-reached
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := r.Send(ctx, outgoing)
	wantFault(t, err, channel.Temporary, "waiting")
	close(release)
	wg.Wait()
	if n := srv.Connections(); n != 2 {
		t.Errorf("%d connections", n)
	}
}
