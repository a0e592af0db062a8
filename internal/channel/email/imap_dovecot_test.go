package email_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/app/apptest"
	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/parley"
)

// place keeps a cursor in memory.
type place struct {
	mu     sync.Mutex
	cursor json.RawMessage
	done   channel.Progress
	looks  chan struct{} // after each look
}

func newPlace() *place { return &place{looks: make(chan struct{}, 1000)} }

func (p *place) Load(context.Context) (json.RawMessage, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cursor, nil
}

func (p *place) Move(_ context.Context, cursor json.RawMessage, archive channel.Progress) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cursor, p.done = slices.Clone(cursor), archive
	return nil
}

func (p *place) Fares(context.Context) error {
	p.looks <- struct{}{}
	return nil
}

func dovecot(t *testing.T, tokenInfo string) *apptest.Dovecot {
	t.Helper()
	d, err := apptest.NewDovecot(tokenInfo)
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
	return d
}

// mailbox is how support@ is fetched from d.
type mailbox struct {
	d      *apptest.Dovecot
	server parley.IMAPServer
	secret parley.ServerSecret
	cfg    email.IMAPConfig
}

func newMailbox(d *apptest.Dovecot) *mailbox {
	return &mailbox{
		d: d,
		server: parley.IMAPServer{MailServer: parley.MailServer{
			Host: "127.0.0.1", Port: d.PortS, TLS: parley.TLSImplicit, Username: "support", Auth: parley.AuthPassword,
		}, Mailbox: "INBOX"},
		secret: parley.ServerSecret{Password: apptest.DovecotPassword},
		cfg:    email.IMAPConfig{Dial: new(net.Dialer).DialContext, TLS: &tls.Config{RootCAs: d.Cert.Pool}},
	}
}

func (m *mailbox) open(t *testing.T) channel.Channel {
	t.Helper()
	settings, err := json.Marshal(map[string]any{
		"incoming": parley.Incoming{Way: parley.ByIMAP, IMAP: &m.server}, "secret": parley.ChannelSecrets{IMAP: m.secret},
	})
	if err != nil {
		t.Fatal(err)
	}
	ch, err := email.Type{IMAP: m.cfg}.Open(7, settings)
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

// read receives until enough, which is asked after each look, says so.
func (m *mailbox) read(t *testing.T, p *place, sink *channeltest.Sink, enough func() bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- m.open(t).(channel.Receiver).Receive(ctx, p, sink) }()
	for more := true; more; {
		select {
		case <-p.looks:
			more = !enough()
		case err := <-done:
			t.Fatalf("it stopped: %v", err)
		case <-time.After(time.Minute):
			t.Fatal("nothing happens")
		}
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func (m *mailbox) deliver(t *testing.T, n int) {
	t.Helper()
	if err := m.d.Deliver("support", fmt.Sprintf("%06d.test", n), mailNumber(n)); err != nil {
		t.Fatal(err)
	}
}

func mailNumber(n int) []byte {
	return fmt.Appendf(nil, "From: ann@x.test\r\nTo: support@harbour.example\r\nSubject: number %d\r\n\r\nHello %d.\r\n", n, n)
}

// What stands in a mailbox when we come is history; what comes then is taken
// once, whatever breaks; nothing is changed on the server.
func TestIMAPReceive(t *testing.T) {
	t.Parallel()
	m := newMailbox(dovecot(t, ""))
	p, sink := newPlace(), &channeltest.Sink{}
	m.deliver(t, 1)
	if err := m.d.Date("support", "000001.test", time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	first := true
	m.read(t, p, sink, func() bool {
		if first { // they come while we wait
			first = false
			go func() {
				for n := 2; n <= 30; n++ {
					m.deliver(t, n)
				}
			}()
		}
		return len(sink.Accepted()) == 29
	})
	for n := 31; n <= 40; n++ {
		m.deliver(t, n)
	}
	if err := m.d.Renumber("support"); err != nil {
		t.Fatal(err)
	}
	m.server.Port, m.server.TLS = m.d.Port, parley.TLSUpgraded
	m.read(t, p, sink, func() bool { return len(subjects(sink)) == 39 })
	for _, raw := range sink.Accepted() {
		if raw.ChannelID != 7 || raw.Source != parley.FromMailbox || raw.Archive || raw.Key == "" || len(raw.RcptTo) > 0 || time.Since(raw.ReceivedAt) > time.Hour {
			t.Fatalf("%+v", raw)
		}
	}
	if keys := keysOf(sink); len(keys) != 39 {
		t.Errorf("%d keys, want one for each mail however often it was read", len(keys))
	}
	for subject, times := range subjects(sink) {
		if subject == "number 1" || times > 2 {
			t.Errorf("%s came %d times", subject, times)
		}
	}
	names, err := m.d.Mails("support")
	if err != nil || len(names) != 40 || slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, "S") }) {
		t.Errorf("on the server: %v, %v", names, err)
	}
}

func subjects(sink *channeltest.Sink) map[string]int {
	out := map[string]int{}
	for _, raw := range sink.Accepted() {
		_, after, _ := strings.Cut(string(raw.Body), "Subject: ")
		subject, _, _ := strings.Cut(after, "\r\n")
		out[subject]++
	}
	return out
}

func keysOf(sink *channeltest.Sink) map[string]bool {
	out := map[string]bool{}
	for _, raw := range sink.Accepted() {
		out[raw.Key] = true
	}
	return out
}

// The archive is what is older than we are and not older than was asked for.
func TestIMAPArchive(t *testing.T) {
	t.Parallel()
	m := newMailbox(dovecot(t, ""))
	now := time.Now().Truncate(time.Second)
	for n := 1; n <= 250; n++ {
		m.deliver(t, n)
		if err := m.d.Date("support", fmt.Sprintf("%06d.test", n), now.AddDate(0, 0, n-260)); err != nil {
			t.Fatal(err)
		}
	}
	since := now.AddDate(0, 0, -210) // mails 50 to 250
	m.server.Since = &since
	p, sink := newPlace(), &channeltest.Sink{}
	m.read(t, p, sink, func() bool { return len(sink.Accepted()) == 201 })
	for _, raw := range sink.Accepted() {
		if !raw.Archive || raw.ReceivedAt.Before(since) || raw.ReceivedAt.After(now) {
			t.Fatalf("%+v", raw)
		}
	}
	if p.done.Total != 201 {
		t.Errorf("progress is %+v", p.done)
	}
	// Renumbered, the same mails are the same, and what is new is no archive.
	m.deliver(t, 251)
	if err := m.d.Renumber("support"); err != nil {
		t.Fatal(err)
	}
	m.read(t, p, sink, func() bool { return subjects(sink)["number 251"] == 1 })
	if keys := keysOf(sink); len(keys) != 202 {
		t.Errorf("%d keys", len(keys))
	}
	for _, raw := range sink.Accepted() {
		if raw.Archive == strings.Contains(string(raw.Body), "number 251") {
			t.Errorf("archive %v: %s", raw.Archive, raw.Body)
		}
	}
}

// What cannot work is told in words.
func TestIMAPCheck(t *testing.T) {
	t.Parallel()
	d := dovecot(t, "")
	for name, c := range map[string]struct {
		change func(*mailbox)
		key    string
	}{
		"right":              {func(*mailbox) {}, ""},
		"starttls":           {func(m *mailbox) { m.server.Port, m.server.TLS = d.Port, parley.TLSUpgraded }, ""},
		"wrong password":     {func(m *mailbox) { m.secret.Password = "wrong" }, "way.login"},
		"no such mailbox":    {func(m *mailbox) { m.server.Mailbox = "Nowhere" }, "way.mailbox"},
		"another's name":     {func(m *mailbox) { m.server.Host = "127.0.0.2"; m.cfg.Dial = to(d.PortS) }, "way.insecure"},
		"nobody's word":      {func(m *mailbox) { m.cfg.TLS = nil }, "way.insecure"},
		"no TLS where asked": {func(m *mailbox) { m.server.Port = d.Port }, "way.insecure"},
		"nobody there":       {func(m *mailbox) { m.server.Port = 1 }, "way.unreachable"},
		"no such name":       {func(m *mailbox) { m.cfg.Dial = noName }, "way.unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMailbox(d)
			c.change(m)
			err := m.open(t).(channel.Checker).CheckIncoming(t.Context())
			if c.key == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e, ok := errors.AsType[*parley.Error](err)
			if !ok || e.Key != c.key || strings.Contains(err.Error(), apptest.DovecotPassword) {
				t.Errorf("%v, want %s", err, c.key)
			}
		})
	}
}

func to(port int) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, fmt.Sprintf("127.0.0.1:%d", port))
	}
}

func noName(context.Context, string, string) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "mail.nowhere.test", IsNotFound: true}}
}

// A real server takes the token that our refresh token was good for, and a
// refresh token that was replaced is told of.
func TestIMAPXOAuth2(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var given []string
	giver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case r.URL.Path == "/info":
			if r.URL.Query().Get("access_token") != "access-2" {
				w.WriteHeader(http.StatusBadRequest)
			}
			_, _ = w.Write([]byte(`{"email":"support","expires_in":3599}`))
		case r.FormValue("grant_type") != "refresh_token" || r.FormValue("client_id") != "parley" || r.FormValue("client_secret") != "hush":
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error":"invalid_client"}`))
		default:
			given = append(given, r.FormValue("refresh_token"))
			_, _ = fmt.Fprintf(w, `{"access_token":"access-%d","expires_in":3599,"refresh_token":"refresh-%d"}`, len(given), len(given)+1)
		}
	}))
	t.Cleanup(giver.Close)
	m := newMailbox(dovecot(t, giver.URL+"/info?access_token="))
	m.server.Auth, m.server.OAuth = parley.AuthXOAuth2, &parley.OAuth{Provider: parley.OAuthGoogle, ClientID: "parley"}
	m.secret = parley.ServerSecret{RefreshToken: "refresh-1", ClientSecret: "hush"}
	m.cfg.Tokens = email.NewTokens(email.TokensConfig{HTTP: giver.Client(), Google: giver.URL + "/token", Renewed: func(_ context.Context, id parley.ChannelID, old, renewed string) error {
		if id != 7 {
			return fmt.Errorf("of channel %d", id)
		}
		given = append(given, old+" is now "+renewed)
		return nil
	}})
	check := func() error { return m.open(t).(channel.Checker).CheckIncoming(t.Context()) }
	if err := check(); !isKey(err, "way.login") { // access-1 is not taken: it is forgotten
		t.Errorf("a refused token: %v", err)
	}
	given = given[:1]
	for range 2 {
		if err := check(); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"refresh-1", "refresh-1", "refresh-1 is now refresh-3"}; !slices.Equal(given, want) {
		t.Errorf("asked for %v, want %v", given, want)
	}
	m.secret = parley.ServerSecret{RefreshToken: "refresh-1b", ClientSecret: "wrong"}
	if err := check(); !isKey(err, "way.oauth") {
		t.Errorf("a refused client: %v", err)
	}
}

func isKey(err error, key string) bool {
	e, ok := errors.AsType[*parley.Error](err)
	return ok && e.Key == key
}
