package email

import (
	"fmt"
	"net/smtp"
	"slices"
	"strings"
)

// mechanismFor picks how to sign in (RFC 4954); nil if the relay offers nothing that we know.
// Whether the connection is fit for a password is the caller's to decide.
func mechanismFor(offered []string, to relayURL) smtp.Auth {
	switch {
	case to.token != nil && slices.Contains(offered, "XOAUTH2"):
		return bearer{xoauth2{to.user, to.password}}
	case to.token != nil:
		return nil
	case slices.Contains(offered, "PLAIN"):
		return plain{to.user, to.password}
	case slices.Contains(offered, "LOGIN"):
		return login{to.user, to.password}
	}
	return nil
}

// plain is RFC 4616.
type plain struct{ user, password string }

// Start implements smtp.Auth.
func (a plain) Start(*smtp.ServerInfo) (string, []byte, error) {
	return "PLAIN", []byte("\x00" + a.user + "\x00" + a.password), nil
}

// Next implements smtp.Auth.
func (a plain) Next(challenge []byte, more bool) ([]byte, error) {
	if more {
		return nil, fmt.Errorf("unexpected question %q", challenge)
	}
	return nil, nil
}

// login never became a standard; Exchange and others offer nothing else.
type login struct{ user, password string }

// Start implements smtp.Auth.
func (a login) Start(*smtp.ServerInfo) (string, []byte, error) { return "LOGIN", nil, nil }

// Next implements smtp.Auth.
func (a login) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	switch question := strings.ToLower(string(challenge)); {
	case strings.HasPrefix(question, "user"):
		return []byte(a.user), nil
	case strings.HasPrefix(question, "pass"):
		return []byte(a.password), nil
	}
	return nil, fmt.Errorf("unexpected question %q", challenge)
}

// bearer is XOAUTH2 in SMTP.
type bearer struct{ xoauth2 }

// Start implements smtp.Auth.
func (b bearer) Start(*smtp.ServerInfo) (string, []byte, error) { return b.xoauth2.Start() }

// Next implements smtp.Auth: a server that refuses tells why first, and then says so.
func (b bearer) Next(_ []byte, more bool) ([]byte, error) {
	if more {
		return []byte{}, nil
	}
	return nil, nil
}
