package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"

	"parley/internal/dial"
	"parley/internal/parley"
)

// unreachable: there is no connection to the server.
func unreachable(host string, err error) *parley.Error {
	if refused, ok := errors.AsType[*parley.Error](err); ok {
		return refused // the dialer's own words
	}
	reason := "it does not answer"
	if err != nil {
		reason = dial.Reason(err)
	}
	return parley.Errorf(parley.Unavailable, "way.unreachable", "The mail server %s cannot be reached: %s. Check its name and port.", host, reason).
		On("host").With("host", host).With("reason", reason)
}

// insecure: the server does not prove who it is, or speaks no TLS.
func insecure(host string, err error) *parley.Error {
	reason := "it does not speak TLS here; try the other kind of encryption, or another port"
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		reason = "its certificate is not trusted"
		if name, ok := errors.AsType[x509.HostnameError](err); ok {
			reason = "its certificate is for another name"
			if name.Certificate != nil && len(name.Certificate.DNSNames) > 0 {
				reason += " (" + clean(name.Certificate.DNSNames[0]) + ")"
			}
		} else if bad, ok := errors.AsType[x509.CertificateInvalidError](err); ok && bad.Reason == x509.Expired {
			reason = "its certificate has expired"
		}
	}
	return parley.Errorf(parley.Unavailable, "way.insecure", "There is no safe connection to %s: %s.", host, reason).
		On("tls").With("host", host).With("reason", reason)
}

// loginRefused: the server does not know the user with this password or token.
func loginRefused(host string, err error) *parley.Error {
	answer := ""
	if said, ok := errors.AsType[*imap.Error](err); ok && said.Text != "" {
		answer = clean(said.Text)
	}
	text := "The mail server %s refuses the user name and password."
	if answer != "" {
		return parley.Errorf(parley.Forbidden, "way.login", text+" It says: %s", host, answer).On("password").With("host", host).With("answer", answer)
	}
	return parley.Errorf(parley.Forbidden, "way.login", text, host).On("password").With("host", host).With("answer", "")
}

// noMailbox: the server has no such mailbox, or does not open it.
func noMailbox(host, mailbox string, err error) *parley.Error {
	answer := ""
	if said, ok := errors.AsType[*imap.Error](err); ok {
		answer = clean(said.Text)
	}
	return parley.Errorf(parley.Invalid, "way.mailbox", "The mail server %s does not open the mailbox %q: %s", host, mailbox, answer).
		On("mailbox").With("host", host).With("mailbox", mailbox).With("answer", answer)
}

// brokenOff: the connection ended while it was in use.
func brokenOff(host string, err error) *parley.Error {
	answer := "the connection broke off"
	if said, ok := errors.AsType[*imap.Error](err); ok && said.Text != "" {
		answer = "it says: " + clean(said.Text)
	}
	return parley.Errorf(parley.Unavailable, "way.broken", "The mail server %s did not go on: %s.", host, answer).With("host", host).With("answer", answer)
}

// spoken is err if a person may read it, else what say makes of it, with err as its cause.
func spoken(err error, say func(error) *parley.Error) error {
	if _, ok := errors.AsType[*parley.Error](err); ok || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w (%w)", say(err), err)
}
