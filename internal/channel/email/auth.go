package email

import (
	"fmt"
	"net/smtp"
	"slices"
	"strings"
)

// mechanismFor picks how to sign in (RFC 4954); nil if the relay offers nothing that we know.
// Whether the connection is fit for a password is the caller's to decide.
func mechanismFor(offered []string, user, password string) smtp.Auth {
	switch {
	case slices.Contains(offered, "PLAIN"):
		return plain{user, password}
	case slices.Contains(offered, "LOGIN"):
		return login{user, password}
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
