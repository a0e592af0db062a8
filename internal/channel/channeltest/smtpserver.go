package channeltest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Stage is a point of an SMTP session at which a Fault can strike.
type Stage string

// The stages, in order.
const (
	AtGreeting Stage = "greeting"
	AtHello    Stage = "EHLO"
	AtStartTLS Stage = "STARTTLS"
	AtAuth     Stage = "AUTH"
	AtMail     Stage = "MAIL"
	AtRcpt     Stage = "RCPT"
	AtData     Stage = "DATA"
	AtBody     Stage = "body" // in the middle of it, after Fault.Bytes
	AtDot      Stage = "dot"  // the whole mail has come, the answer is due
	AtReset    Stage = "RSET"
)

// Fault is something that the server does once instead of what it should. It
// does its parts in the order of the fields.
type Fault struct {
	At      Stage
	Only    string          // from RCPT on: for mails to this recipient
	Bytes   int             // at body: after so many bytes of it
	Keep    bool            // at dot: the mail is kept all the same
	Reached chan<- struct{} // is closed
	Until   <-chan struct{} // waits for this; for a channel that is never closed, until the server closes
	Reply   string          // answers "450 4.2.0 Mailbox busy" in place of its usual answer
	Break   bool            // hangs up
}

// SMTPOptions say what the server offers. The zero value is a plain server without sign-in.
type SMTPOptions struct {
	TLS        *tls.Config // for STARTTLS
	Implicit   bool        // TLS from the first byte
	User       string      // must sign in with this
	Password   string
	Mechanisms string   // of sign-in; empty is "PLAIN LOGIN"; XOAUTH2 is known, too
	Token      string   // that XOAUTH2 takes of User
	Offers     []string // further extensions, such as "SMTPUTF8"; nil is 8BITMIME and SIZE
	Answer     string   // to a mail that was taken; empty is "250 2.0.0 Ok: queued as N"
}

// SentMail is a mail that the server took.
type SentMail struct {
	Hello  string // the client's name for itself
	From   string // with its parameters, as in MAIL FROM:<a@b> SIZE=10
	To     []string
	Body   []byte // byte for byte, without the stuffed dots
	Secure bool   // it came through TLS
	User   string
}

// MailServer is a real SMTP server on loopback that keeps what it takes and
// misbehaves as it is told.
type MailServer struct {
	t    testing.TB
	o    SMTPOptions
	ln   net.Listener
	done chan struct{}
	wg   sync.WaitGroup

	mu     sync.Mutex
	faults []Fault
	mails  []SentMail
	news   chan struct{} // closed and replaced when mails grows
	opened int
	open   map[net.Conn]bool
	closed chan struct{} // closed and replaced when open shrinks
}

// SMTPServer starts a MailServer, which ends with the test.
func SMTPServer(t testing.TB, o SMTPOptions) *MailServer {
	t.Helper()
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &MailServer{
		t: t, o: o, ln: ln, done: make(chan struct{}),
		news: make(chan struct{}), open: map[net.Conn]bool{}, closed: make(chan struct{}),
	}
	s.wg.Go(s.serve)
	t.Cleanup(s.Close)
	return s
}

// Addr is "127.0.0.1:port".
func (s *MailServer) Addr() string { return s.ln.Addr().String() }

// URL is the server's address in the form of PARLEY_RELAY_URL.
func (s *MailServer) URL() string {
	u := url.URL{Scheme: "smtp", Host: s.Addr()}
	if s.o.Implicit {
		u.Scheme = "smtps"
	}
	if s.o.User != "" {
		u.User = url.UserPassword(s.o.User, s.o.Password)
	}
	return u.String()
}

// Script adds faults. Each strikes once, the first that fits first.
func (s *MailServer) Script(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// Mails are those that were taken so far.
func (s *MailServer) Mails() []SentMail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Wait returns the mails once there are n of them, or fails the test after a while.
func (s *MailServer) Wait(n int) []SentMail {
	s.t.Helper()
	for {
		s.mu.Lock()
		mails, news := slices.Clone(s.mails), s.news
		s.mu.Unlock()
		if len(mails) >= n {
			return mails
		}
		select {
		case <-news:
		case <-time.After(waitLimit):
			s.t.Fatalf("%d of %d mails came", len(mails), n)
		}
	}
}

// Connections is how many were made so far.
func (s *MailServer) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened
}

// WaitClosed returns when no connection is open, or fails the test after a while.
func (s *MailServer) WaitClosed() {
	s.t.Helper()
	for {
		s.mu.Lock()
		n, closed := len(s.open), s.closed
		s.mu.Unlock()
		if n == 0 {
			return
		}
		select {
		case <-closed:
		case <-time.After(waitLimit):
			s.t.Fatalf("%d connections are still open", n)
		}
	}
}

// HangUp closes every connection that is open, without a word.
func (s *MailServer) HangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.open {
		_ = conn.Close()
	}
}

// Close stops the server and waits for its last session. It may be called again.
func (s *MailServer) Close() {
	s.mu.Lock()
	select {
	case <-s.done:
	default:
		close(s.done)
	}
	s.mu.Unlock()
	_ = s.ln.Close()
	s.HangUp()
	s.wg.Wait()
}

func (s *MailServer) serve() {
	for {
		conn, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.opened++
		s.open[conn] = true
		s.mu.Unlock()
		s.wg.Go(func() {
			(&smtpSession{s: s, raw: conn}).run()
			s.mu.Lock()
			defer s.mu.Unlock()
			delete(s.open, conn)
			_ = conn.Close()
			close(s.closed)
			s.closed = make(chan struct{})
		})
	}
}

func (s *MailServer) keep(m SentMail) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, m)
	close(s.news)
	s.news = make(chan struct{})
	if s.o.Answer != "" {
		return s.o.Answer
	}
	return fmt.Sprintf("250 2.0.0 Ok: queued as %d", len(s.mails))
}

// take removes and returns the fault that is due.
func (s *MailServer) take(at Stage, rcpt string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.faults, func(f Fault) bool { return f.At == at && (f.Only == "" || f.Only == rcpt) })
	if i < 0 {
		return Fault{}, false
	}
	f := s.faults[i]
	s.faults = slices.Delete(s.faults, i, i+1)
	return f, true
}

// errOver ends a session.
var errOver = errors.New("session is over")

// smtpSession is one client's connection.
type smtpSession struct {
	s    *MailServer
	raw  net.Conn
	conn net.Conn
	r    *bufio.Reader
	mail SentMail
	user string
}

func (c *smtpSession) run() {
	c.use(c.raw)
	if c.s.o.Implicit {
		c.use(tls.Server(c.raw, c.s.o.TLS))
	}
	if c.answer(AtGreeting, "", "220 sink.test ESMTP") != nil {
		return
	}
	for {
		line, err := c.r.ReadString('\n')
		if err != nil || c.handle(strings.TrimRight(line, "\r\n")) != nil {
			return
		}
	}
}

func (c *smtpSession) use(conn net.Conn) {
	c.conn, c.r = conn, bufio.NewReader(conn)
}

func (c *smtpSession) say(lines ...string) error {
	_, err := c.conn.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
	return err
}

// answer gives usual, unless a fault is due: errFaulty if that put another answer in its place.
func (c *smtpSession) answer(at Stage, rcpt string, usual ...string) error {
	if f, due := c.s.take(at, rcpt); due {
		if err := c.strike(f); err != nil {
			return err
		}
	}
	return c.say(usual...)
}

// strike does what f says from Reached on.
func (c *smtpSession) strike(f Fault) error {
	if f.Reached != nil {
		close(f.Reached)
	}
	if f.Until != nil {
		select {
		case <-f.Until:
		case <-c.s.done:
			return errOver
		}
	}
	if f.Reply != "" {
		if err := c.say(f.Reply); err != nil {
			return err
		}
	}
	switch {
	case f.Break:
		return errOver
	case f.Reply != "":
		return errFaulty
	}
	return nil
}

// errFaulty: the client was told something else than usual, and the session goes on.
var errFaulty = errors.New("answered otherwise")
