package email_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/dial"
	"parley/internal/parley"
)

// giver is a token endpoint (RFC 6749 6) that hands out the tokens it is told to.
type giver struct {
	*httptest.Server
	mu    sync.Mutex
	next  []string // answers, as JSON; the last one stays
	asked []string // refresh tokens, in order
	fault string   // in a request that is not as the RFC says
}

func newGiver(t *testing.T, answers ...string) *giver {
	t.Helper()
	g := &giver{next: answers}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

func token(access string, seconds int) string {
	return fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer","scope":"https://mail.google.com/","expires_in":%d}`, access, seconds)
}

func (g *giver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	body, _ := io.ReadAll(r.Body) // a short body is another than the one that is wanted
	form, err := url.ParseQuery(string(body))
	refresh := form.Get("refresh_token")
	form.Del("refresh_token")
	want := url.Values{"grant_type": {"refresh_token"}, "client_id": {"parley"}, "client_secret": {"hush"}}
	if diff := cmp.Diff(want, form); err != nil || diff != "" || r.Method != http.MethodPost || r.URL.RawQuery != "" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		g.fault = fmt.Sprintf("%s %s: %v %s", r.Method, r.URL, err, diff)
	}
	g.asked = append(g.asked, refresh)
	answer := g.next[0]
	g.next = g.next[min(1, len(g.next)-1):]
	w.Header().Set("Content-Type", "application/json")
	if code, _ := strconv.Atoi(answer); code != 0 {
		w.WriteHeader(code)
		return
	}
	if strings.Contains(answer, `"error"`) {
		w.WriteHeader(http.StatusBadRequest)
	}
	_, _ = io.WriteString(w, answer)
}

func (g *giver) was(t *testing.T, want ...string) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if !slices.Equal(g.asked, want) || g.fault != "" {
		t.Errorf("asked with %v, want %v; %s", g.asked, want, g.fault)
	}
}

// tokenRelay is a channel that sends by a server which takes XOAUTH2 alone.
type tokenRelay struct {
	srv    *channeltest.MailServer
	ch     channel.Channel
	tokens *email.Tokens
}

func newTokenRelay(t *testing.T, g *giver, now func() time.Time, renewed func(context.Context, parley.ChannelID, string, string) error) tokenRelay {
	t.Helper()
	server, trusting := channeltest.TLS(t)
	r := tokenRelay{srv: channeltest.SMTPServer(t, channeltest.SMTPOptions{TLS: server, Implicit: true, User: "help@shop.test", Token: "good", Mechanisms: "LOGIN PLAIN XOAUTH2"})}
	r.tokens = email.NewTokens(email.TokensConfig{HTTP: g.Client(), Google: g.URL, Now: now, Renewed: renewed})
	d := dial.Trusted().DialContext
	all, err := email.NewRelays(email.RelaysConfig{Hostname: "parley.test", TLS: trusting, Dial: d, DialChannel: d, Tokens: r.tokens})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = all.Close() })
	host, port, _ := strings.Cut(r.srv.Addr(), ":")
	settings, err := json.Marshal(map[string]any{
		"outgoing": map[string]any{"way": "smtp", "smtp": map[string]any{
			"host": host, "port": json.Number(port), "tls": "tls", "username": "help@shop.test", "auth": "xoauth2", "oauth": map[string]any{"provider": "google", "client_id": "parley"},
		}},
		"secret": map[string]any{"smtp": parley.ServerSecret{RefreshToken: "refresh", ClientSecret: "hush"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.ch = open(t, email.Type{Relays: all}, string(settings))
	return r
}

// send hands the mail over on a connection of its own.
func (r tokenRelay) send(t *testing.T) error {
	t.Helper()
	r.srv.HangUp()
	r.srv.WaitClosed()
	_, err := r.ch.Send(t.Context(), outgoing)
	return err
}

// One access token serves until its end, or until the server refuses it.
func TestRelaySignsInWithAToken(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return at }
	g := newGiver(t, token("good", 3599), token("stale", 3599), token("good", 3599))
	r := newTokenRelay(t, g, clock, nil)
	for range 2 {
		if err := r.send(t); err != nil {
			t.Fatal(err)
		}
	}
	g.was(t, "refresh")
	if m := r.srv.Mails(); len(m) != 2 || !m[0].Secure || m[0].User != "help@shop.test" {
		t.Errorf("it took %+v", m)
	}

	mu.Lock()
	at = at.Add(time.Hour) // the token has ended, and the new one is refused: it is not used again
	mu.Unlock()
	wantFault(t, r.send(t), channel.Temporary, "The mail relay refused the access token: 535 5.7.8 Username and Password not accepted. 5.7.8 Sign in again.")
	g.was(t, "refresh", "refresh")
	if err := r.send(t); err != nil {
		t.Fatal(err)
	}
	g.was(t, "refresh", "refresh", "refresh")
	if n := len(r.srv.Mails()); n != 3 {
		t.Errorf("%d mails", n)
	}
}

// A refresh token that its giver replaces is told of before the mail leaves.
func TestRelayTellsOfANewRefreshToken(t *testing.T) {
	t.Parallel()
	g := newGiver(t, strings.Replace(token("good", 3599), "{", `{"refresh_token":"newer",`, 1))
	var told []string
	r := newTokenRelay(t, g, nil, func(_ context.Context, id parley.ChannelID, old, renewed string) error {
		told = append(told, fmt.Sprintf("%d: %s is now %s", id, old, renewed))
		return nil
	})
	if err := r.send(t); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1: refresh is now newer"}, told); diff != "" {
		t.Error(diff)
	}
}

// What keeps the token from us stands in words, and the mail waits.
func TestRelayWithoutAToken(t *testing.T) {
	t.Parallel()
	for answer, words := range map[string]string{
		`{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`: "The sign-in service gives no access: Token has been expired or revoked. Connect the mailbox anew.",
		`{"error":"invalid_client"}`: "The sign-in service gives no access: invalid_client. Connect the mailbox anew.",
		`no JSON`:                    "The sign-in service gives no access: status 200. Connect the mailbox anew.",
		token("evil\r\nX: y", 60):    "The sign-in service gives no access: status 200. Connect the mailbox anew.",
		"503":                        "The sign-in service does not answer just now (503).",
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			g := newGiver(t, answer, token("good", 3599))
			r := newTokenRelay(t, g, nil, nil)
			err := r.send(t)
			wantFault(t, err, channel.Temporary, words)
			if len(r.srv.Mails()) != 0 || !strings.HasPrefix(err.Error(), "The sign-in") {
				t.Errorf("it says %q", err)
			}
			if err := r.send(t); err != nil {
				t.Errorf("the next try: %v", err)
			}
		})
	}
}
