package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// office is an account that is ready to receive mail.
type office struct{ token, owner, inbox, channel, forward string }

// begin makes an account with its token, inbox and email channel, and starts
// the server if it does not run.
func (s *site) begin(name, owner, address string) (o office, err error) {
	if _, err := s.run("account", "create", "--name", name, "--owner-name", "Olive Owner", "--owner-email", owner); err != nil {
		return o, err
	}
	token, err := s.run("token", "create", "--email", owner, "--name", "test")
	if err != nil {
		return o, err
	}
	o.token = strings.TrimSpace(token)
	if s.server == nil {
		if err := s.serve(); err != nil {
			return o, err
		}
	}
	me, err := s.ask(o.token, http.MethodGet, "/me", "")
	if err != nil {
		return o, err
	}
	inbox, err := s.ask(o.token, http.MethodPost, "/inboxes", `{"name":"Support"}`)
	if err != nil {
		return o, err
	}
	if o.inbox, err = inbox.read("id"); err != nil {
		return o, err
	}
	channel, err := s.ask(o.token, http.MethodPost, "/channels",
		fmt.Sprintf(`{"type":"email","name":"Support","inbox_id":%s,"address":%q}`, o.inbox, address))
	if err != nil {
		return o, err
	}
	for _, part := range []struct {
		to   *string
		from answer
		path string
	}{{&o.owner, me, "user.id"}, {&o.channel, channel, "id"}, {&o.forward, channel, "forward_address"}} {
		if *part.to, err = part.from.read(part.path); err != nil {
			return o, err
		}
	}
	return o, nil
}

// ask is a call that must succeed.
func (s *site) ask(token, method, path, body string) (answer, error) {
	a, err := s.call(context.Background(), request{method: method, path: path, body: body, token: token})
	if err == nil && a.status/100 != 2 {
		err = fmt.Errorf("%s %s answers %s", method, path, a)
	}
	return a, err
}
