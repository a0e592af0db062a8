package setting_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"parley/internal/parley"
	"parley/internal/seal"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// wayWorld is an account with one channel.
type wayWorld struct {
	*setting.Service
	owner parley.Actor
	ch    parley.Channel
}

func newWayWorld(t *testing.T) *wayWorld {
	t.Helper()
	db := storetest.Open(t)
	account, owner := storetest.Account(t, db)
	box, err := seal.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return &wayWorld{setting.New(setting.Options{DB: db, MailDomain: "in.example", Box: box}), owner, storetest.Channel(t, db, account.ID)}
}

func server(host string) parley.MailServer {
	return parley.MailServer{Host: host, Port: 993, TLS: parley.TLSImplicit, Username: "help@x.test", Auth: parley.AuthPassword}
}

func byIMAP(m parley.MailServer, password string) setting.IncomingChange {
	return setting.IncomingChange{
		Incoming: parley.Incoming{Way: parley.ByIMAP, IMAP: &parley.IMAPServer{MailServer: m}}, Secret: parley.ServerSecret{Password: password},
	}
}

// A password is kept for its server and user alone, and stands nowhere in the clear.
func TestSetIncomingKeepsThePassword(t *testing.T) {
	t.Parallel()
	w := newWayWorld(t)
	set := func(c setting.IncomingChange) (setting.Configured, error) {
		ch, err := w.SetIncoming(t.Context(), w.owner, w.ch.ID, c)
		if err != nil {
			return setting.Configured{}, err
		}
		row, err := json.Marshal(ch)
		if err != nil || strings.Contains(string(row), "hush") || bytes.Contains(ch.Secret, []byte("hush")) {
			t.Errorf("a secret is in the clear: %s, %v", row, err)
		}
		return w.Configured(ch)
	}
	for i, step := range []struct {
		change   setting.IncomingChange
		password string // kept then; empty: it is asked for
	}{
		{byIMAP(server("mail.x.test"), ""), ""},
		{byIMAP(server("mail.x.test"), "hush"), "hush"},
		{byIMAP(server("Mail.X.test "), ""), "hush"},
		{byIMAP(server("mail.evil.test"), ""), ""},
		{byIMAP(server("mail.x.test"), "hush2"), "hush2"},
	} {
		conf, err := set(step.change)
		if step.password == "" {
			if e, ok := errors.AsType[*parley.Error](err); !ok || e.Key != "way.password_missing" || e.Field != "password" {
				t.Errorf("step %d: %v", i, err)
			}
			continue
		}
		if err != nil || conf.Secret.IMAP.Password != step.password || conf.Incoming.IMAP.Mailbox != "INBOX" {
			t.Errorf("step %d: %+v, %v", i, conf, err)
		}
	}
	if conf, err := set(setting.IncomingChange{Incoming: parley.Incoming{Way: parley.ByForward}}); err != nil || !conf.Secret.IsZero() {
		t.Errorf("forwarded, it keeps %+v, %v", conf.Secret, err)
	}
}

// Every fault is told at once, each on its field.
func TestSetWaysRefuses(t *testing.T) {
	t.Parallel()
	w := newWayWorld(t)
	bad := parley.MailServer{Host: "https://x", Port: 70000, TLS: "none", Username: "", Auth: parley.AuthXOAuth2, OAuth: &parley.OAuth{Provider: parley.OAuthCustom, TokenURL: "http://x"}}
	_, in := w.SetIncoming(t.Context(), w.owner, w.ch.ID, byIMAP(bad, ""))
	_, out := w.SetOutgoing(t.Context(), w.owner, w.ch.ID, setting.OutgoingChange{Outgoing: parley.Outgoing{SMTP: &bad}})
	for prefix, err := range map[string]error{"imap.": in, "smtp.": out} {
		want := []string{prefix + "host", prefix + "oauth.client_id", prefix + "oauth.token_url", prefix + "port", prefix + "tls", prefix + "username", "refresh_token"}
		if got := fields(err); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: %v", prefix, got)
		}
	}
	hook := func(h parley.Webhook) error {
		_, err := w.SetIncoming(t.Context(), w.owner, w.ch.ID, setting.IncomingChange{Incoming: parley.Incoming{Way: parley.ByWebhook, Webhook: &h}})
		return err
	}
	for provider, field := range map[string]string{"pigeon": "webhook.provider", "mailgun": "webhook.key", "ses": "webhook.topic_arn"} {
		if got := fields(hook(parley.Webhook{Provider: provider})); !slices.Equal(got, []string{field}) {
			t.Errorf("%s: %v", provider, got)
		}
	}
	agent := storetest.User(t, w.DB, w.owner.AccountID)
	if _, err := w.SetOutgoing(t.Context(), agent, w.ch.ID, setting.OutgoingChange{}); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("an agent: %v", err)
	}
	if _, err := w.SetOutgoing(t.Context(), w.owner, w.ch.ID+1, setting.OutgoingChange{}); !parley.IsCode(err, parley.NotFound) {
		t.Errorf("no channel: %v", err)
	}
}

func fields(err error) (names []string) {
	e, ok := errors.AsType[*parley.Error](err)
	if !ok {
		return nil
	}
	for _, f := range append([]*parley.Error{e}, e.More...) {
		names = append(names, f.Field)
	}
	slices.Sort(names)
	return names
}

// A webhook's address stays the same until the mail comes another way.
func TestWebhookToken(t *testing.T) {
	t.Parallel()
	w := newWayWorld(t)
	set := func(in parley.Incoming) string {
		ch, err := w.SetIncoming(t.Context(), w.owner, w.ch.ID, setting.IncomingChange{Incoming: in})
		if err != nil {
			t.Fatal(err)
		}
		ways, err := w.Ways(t.Context(), w.owner, ch)
		if err != nil {
			t.Fatal(err)
		}
		return ways[ch.ID].HookToken
	}
	byHook := parley.Incoming{Way: parley.ByWebhook, Webhook: &parley.Webhook{Provider: "postmark"}}
	first := set(byHook)
	if len(first) != 32 || set(byHook) != first {
		t.Errorf("the token is %q", first)
	}
	if gone := set(parley.Incoming{Way: parley.ByForward}); gone != "" || set(byHook) == first {
		t.Error("an old address works again")
	}
}

// A refresh token that was replaced replaces ours, and no other.
func TestRenewToken(t *testing.T) {
	t.Parallel()
	w := newWayWorld(t)
	m := server("mail.x.test")
	m.Auth, m.OAuth = parley.AuthXOAuth2, &parley.OAuth{Provider: parley.OAuthGoogle, ClientID: "c"}
	change := byIMAP(m, "")
	change.Secret = parley.ServerSecret{RefreshToken: "one", ClientSecret: "s"}
	if _, err := w.SetIncoming(t.Context(), w.owner, w.ch.ID, change); err != nil {
		t.Fatal(err)
	}
	for _, step := range [][3]string{{"other", "two", "one"}, {"one", "two", "two"}} {
		if err := w.RenewToken(t.Context(), w.ch.ID, step[0], step[1]); err != nil {
			t.Fatal(err)
		}
		ch, err := w.Channel(t.Context(), w.owner, w.ch.ID)
		if err != nil {
			t.Fatal(err)
		}
		if conf, err := w.Configured(ch); err != nil || conf.Secret.IMAP.RefreshToken != step[2] {
			t.Errorf("%v: %+v, %v", step, conf.Secret, err)
		}
	}
	storetest.Update(t, w.DB, func(tx *store.Tx) error {
		return tx.DeleteChannel(context.WithoutCancel(t.Context()), w.owner.AccountID, w.ch.ID)
	})
	if err := w.RenewToken(t.Context(), w.ch.ID, "two", "three"); err == nil {
		t.Error("a deleted channel has a new token")
	}
}
