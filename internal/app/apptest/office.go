package apptest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// Office is an account that is ready to receive mail.
type Office struct{ Token, Owner, Inbox, Channel, Forward string }

// Begin makes an account with its token, inbox and email channel, and starts
// the server if it does not run.
func (s *Site) Begin(name, owner, address string) (o Office, err error) {
	if _, err := s.Run("account", "create", "--name", name, "--owner-name", "Olive Owner", "--owner-email", owner); err != nil {
		return o, err
	}
	token, err := s.Run("token", "create", "--email", owner, "--name", "test")
	if err != nil {
		return o, err
	}
	o.Token = strings.TrimSpace(token)
	if s.server == nil {
		if err := s.Serve(); err != nil {
			return o, err
		}
	}
	me, err := s.Ask(o.Token, http.MethodGet, "/me", "")
	if err != nil {
		return o, err
	}
	inbox, err := s.Ask(o.Token, http.MethodPost, "/inboxes", `{"name":"Support"}`)
	if err != nil {
		return o, err
	}
	if o.Inbox, err = inbox.Read("id"); err != nil {
		return o, err
	}
	channel, err := s.Ask(o.Token, http.MethodPost, "/channels",
		fmt.Sprintf(`{"type":"email","name":"Support","inbox_id":%s,"address":%q}`, o.Inbox, address))
	if err != nil {
		return o, err
	}
	for _, part := range []struct {
		to   *string
		from Answer
		path string
	}{{&o.Owner, me, "user.id"}, {&o.Channel, channel, "id"}, {&o.Forward, channel, "forward_address"}} {
		if *part.to, err = part.from.Read(part.path); err != nil {
			return o, err
		}
	}
	return o, nil
}

// Ask is a call that must succeed.
func (s *Site) Ask(token, method, path, body string) (Answer, error) {
	a, err := s.Call(context.Background(), Request{Method: method, Path: path, Body: body, Token: token})
	if err == nil && a.Status/100 != 2 {
		err = fmt.Errorf("%s %s answers %s", method, path, a)
	}
	return a, err
}
