package email

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"parley/internal/parley"
)

// IMAPConfig is how mailboxes are fetched. Zero times stand for the defaults in brackets.
type IMAPConfig struct {
	Dial   func(ctx context.Context, network, addr string) (net.Conn, error)
	TLS    *tls.Config // roots of trust; nil is the system's
	Tokens *Tokens
	Now    func() time.Time // nil: time.Now

	ConnectTimeout time.Duration // to connect and to sign in [30 s]
	Poll           time.Duration // between two looks where the server has no IDLE [1 min]
	Idle           time.Duration // between two looks where it has: it may have forgotten us [5 min]
}

func (c IMAPConfig) withDefaults() IMAPConfig {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 30 * time.Second
	}
	if c.Poll == 0 {
		c.Poll = time.Minute
	}
	if c.Idle == 0 {
		c.Idle = 5 * time.Minute
	}
	return c
}

// imapMailbox is one that is to be read.
type imapMailbox struct {
	id     parley.ChannelID
	cfg    IMAPConfig
	server parley.IMAPServer
	secret parley.ServerSecret
}

// imapSession is a connection to a server, signed in.
type imapSession struct {
	*imapMailbox
	client *imapclient.Client
	news   chan struct{} // the server says that there is something new
	stop   func() bool   // ends the watch over the context
}

// open connects and signs in. The connection ends with ctx.
func (m *imapMailbox) open(ctx context.Context) (*imapSession, error) {
	within, cancel := context.WithTimeout(ctx, m.cfg.ConnectTimeout)
	defer cancel()
	conn, err := m.cfg.Dial(within, "tcp", net.JoinHostPort(m.server.Host, strconv.Itoa(m.server.Port)))
	if err != nil {
		return nil, spoken(err, func(err error) *parley.Error { return unreachable(m.server.Host, err) })
	}
	s := &imapSession{imapMailbox: m, news: make(chan struct{}, 1)}
	hurry := context.AfterFunc(within, func() { _ = conn.Close() })
	err = s.greet(within, conn)
	if err == nil {
		err = s.signIn(within)
	}
	hurry()
	if err != nil {
		if s.client != nil {
			_ = s.client.Close()
		} else {
			_ = conn.Close()
		}
		return nil, err
	}
	s.stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
	return s, nil
}

// greet goes over to TLS and hears the greeting. Nothing is ever said in the clear but STARTTLS.
func (s *imapSession) greet(ctx context.Context, conn net.Conn) error {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.cfg.TLS != nil {
		config = s.cfg.TLS.Clone()
	}
	config.ServerName = s.server.Host
	options := &imapclient.Options{TLSConfig: config, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages == nil {
				return
			}
			select {
			case s.news <- struct{}{}:
			default:
			}
		},
	}}
	if s.server.TLS == parley.TLSUpgraded {
		client, err := imapclient.NewStartTLS(conn, options)
		if err != nil {
			return spoken(err, func(err error) *parley.Error { return insecure(s.server.Host, err) })
		}
		s.client = client
		return nil
	}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		return spoken(err, func(err error) *parley.Error { return insecure(s.server.Host, err) })
	}
	s.client = imapclient.New(secure, options)
	if err := s.client.WaitGreeting(); err != nil {
		return spoken(err, func(err error) *parley.Error { return brokenOff(s.server.Host, err) })
	}
	return nil
}

func (s *imapSession) signIn(ctx context.Context) error {
	err := s.authenticate(ctx)
	said, answered := errors.AsType[*imap.Error](err)
	switch {
	case err == nil:
		return nil
	case !answered && !errors.Is(err, errToken):
		return spoken(err, func(err error) *parley.Error { return brokenOff(s.server.Host, err) })
	case answered && transient(said):
		return spoken(err, func(err error) *parley.Error { return brokenOff(s.server.Host, err) }) // the password may be right
	}
	if s.server.Auth == parley.AuthXOAuth2 {
		s.cfg.Tokens.Forget(s.secret)
	}
	return spoken(err, func(err error) *parley.Error { return loginRefused(s.server.Host, err) })
}

// transient: it is the server that cannot go on.
func transient(said *imap.Error) bool {
	switch said.Code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
		return true
	}
	return said.Type == imap.StatusResponseTypeBye
}

func (s *imapSession) authenticate(ctx context.Context) error {
	if s.server.Auth == parley.AuthXOAuth2 {
		token, err := s.cfg.Tokens.Access(ctx, s.id, *s.server.OAuth, s.secret)
		if err != nil {
			return err
		}
		return s.client.Authenticate(xoauth2{s.server.Username, token})
	}
	caps := s.client.Caps()
	if caps.Has(imap.AuthCap(sasl.Plain)) {
		return s.client.Authenticate(sasl.NewPlainClient("", s.server.Username, s.secret.Password))
	}
	return s.client.Login(s.server.Username, s.secret.Password).Wait()
}

// examine opens the mailbox for reading alone: no mail of it is marked as seen.
func (s *imapSession) examine() (validity, next uint32, err error) {
	data, err := s.client.Select(s.server.Mailbox, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		if _, answered := errors.AsType[*imap.Error](err); answered {
			return 0, 0, spoken(err, func(err error) *parley.Error { return noMailbox(s.server.Host, s.server.Mailbox, err) })
		}
		return 0, 0, s.broken(err)
	}
	if data.UIDNext != 0 {
		return data.UIDValidity, uint32(data.UIDNext), nil
	}
	uids, err := s.search(&imap.SearchCriteria{}) // a server that does not tell (RFC 3501 7.3.1 allows it)
	if err != nil || len(uids) == 0 {
		return data.UIDValidity, 1, err
	}
	return data.UIDValidity, uids[len(uids)-1] + 1, nil
}

func (s *imapSession) broken(err error) error {
	return spoken(err, func(err error) *parley.Error { return brokenOff(s.server.Host, err) })
}

// wait returns when the server has news, when it is time to look again
// (again is set), or with the fault that ended the connection.
func (s *imapSession) wait(ctx context.Context) (again bool, err error) {
	if !s.client.Caps().Has(imap.CapIdle) {
		return true, s.pause(ctx, s.cfg.Poll)
	}
	idle, err := s.client.Idle() // RFC 2177
	if err != nil {
		if said, answered := errors.AsType[*imap.Error](err); answered && said.Type != imap.StatusResponseTypeBye {
			return true, s.pause(ctx, s.cfg.Poll) // it says that it has IDLE, and does not do it
		}
		return false, s.broken(err)
	}
	timer := time.NewTimer(s.cfg.Idle)
	defer timer.Stop()
	select {
	case <-s.news:
	case <-timer.C:
		again = true
	case <-s.client.Closed():
	case <-ctx.Done():
	}
	if err := errors.Join(idle.Close(), idle.Wait()); err != nil {
		return again, s.broken(err)
	}
	return again, ctx.Err()
}

func (s *imapSession) pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.news:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// close says goodbye if the connection still stands.
func (s *imapSession) close() {
	if s.stop() {
		_ = s.client.Logout().Wait() // nobody minds if it is not heard
	}
	_ = s.client.Close()
}

// address names the mailbox for a person.
func (m *imapMailbox) address() string {
	return strings.TrimSpace(m.server.Mailbox + " of " + m.server.Username + " at " + m.server.Host)
}
