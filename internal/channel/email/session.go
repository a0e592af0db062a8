package email

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"parley/internal/parley"
)

// What one client may do to us before it is shown the door.
const (
	maxFaults = 50   // commands refused since the last mail
	maxIdle   = 1000 // commands since the last mail
)

const (
	writeTimeout     = time.Minute
	handshakeTimeout = time.Minute
)

// session is one client's connection: the state machine of RFC 5321 4.1.4.
type session struct {
	l   *Listener
	raw net.Conn // where deadlines are set
	net net.Conn // raw, or TLS on top of it
	r   *bufio.Reader
	w   *bufio.Writer

	secure bool
	hello  string // what EHLO or HELO was said with; empty: neither was yet
	mail   transaction
	faults int
	idle   int

	mu       sync.Mutex
	deadline time.Time // of the command or mail that is being read
	busy     bool      // a body is being read or accepted: let it come to its end
	draining bool
}

// transaction is one mail on its way in (RFC 5321 3.3).
type transaction struct {
	open   bool // MAIL was said
	from   string
	to     []recipient
	chunks *body // of BDAT, between chunks
}

type recipient struct {
	address string
	channel parley.ChannelID
}

// errQuit ends a session in good order.
var errQuit = errors.New("session is over")

func newSession(l *Listener, conn net.Conn) *session {
	s := &session{l: l, raw: conn}
	s.use(conn)
	return s
}

// use reads from and writes to conn from now on. Nothing that was read before counts.
func (s *session) use(conn net.Conn) {
	s.net = conn
	s.r = bufio.NewReaderSize(s, 2*maxCommand)
	s.w = bufio.NewWriterSize(conn, 1024)
}

// serve runs the session to its end.
func (s *session) serve() {
	defer func() { _ = s.net.Close() }()
	defer s.reset()
	defer func() {
		// One mail that we can't bear must not take the others' connections down.
		if p := recover(); p != nil {
			s.l.cfg.Log.Error("smtp session broke", "err", fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			s.say(replyFault)
			_ = s.flush()
		}
	}()
	_, _ = fmt.Fprintf(s.w, "220 %s ESMTP ready\r\n", s.l.cfg.Hostname)
	for {
		line, err := s.readLine()
		if err == nil {
			err = s.handle(parseCommand(line))
		}
		if err != nil {
			s.part(err)
			return
		}
	}
}

// part says why the session ends, where there is still somebody to hear it.
func (s *session) part(err error) {
	netErr, isNet := errors.AsType[net.Error](err)
	switch {
	case isNet && netErr.Timeout() && s.isDraining():
		s.say(replyClosing)
	case isNet && netErr.Timeout():
		s.say(replyTooOld)
	case errors.Is(err, bufio.ErrBufferFull):
		s.say(replyLongLine)
	}
	_ = s.flush()
}

// readLine reads a command. Replies wait while there are further commands to
// answer (PIPELINING, RFC 2920 3.2), and leave before we wait for the client.
func (s *session) readLine() (string, error) {
	if waiting, _ := s.r.Peek(s.r.Buffered()); bytes.IndexByte(waiting, '\n') < 0 {
		if err := s.flush(); err != nil {
			return "", err
		}
	}
	s.within(s.l.cfg.CommandTimeout)
	line, err := s.r.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	if len(line) > maxCommand {
		return "", bufio.ErrBufferFull
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

// Read implements io.Reader for the buffer. Each read sets the deadline anew,
// so that drain can take effect at any time.
func (s *session) Read(p []byte) (int, error) {
	if err := s.arm(); err != nil {
		return 0, err
	}
	return s.net.Read(p)
}

// arm sets the deadline of the next read.
func (s *session) arm() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.SetReadDeadline(s.readDeadline())
}

// readDeadline is when reading ends; call it with mu held.
func (s *session) readDeadline() time.Time {
	if s.draining && !s.busy {
		return time.Unix(1, 0) // long past
	}
	return s.deadline
}

// within gives what is read next so much time. Deadlines are the system's
// business: they follow its clock, not the Listener's Now.
func (s *session) within(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deadline = time.Now().Add(d)
}

// drain ends the session at the next point where no mail is lost by it.
func (s *session) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining = true
	_ = s.raw.SetReadDeadline(s.readDeadline()) // wakes a waiting read; a closed connection needs no waking
}

func (s *session) isDraining() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.draining
}

// begin marks that a body is coming, which drain lets pass; it reports false when it is too late for that.
func (s *session) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = !s.draining
	return s.busy
}

func (s *session) flush() error {
	if err := s.raw.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	return s.w.Flush()
}

// say queues a reply. A connection that can't take it fails at the next flush.
func (s *session) say(r reply) { _, _ = s.w.Write(r.bytes()) }

// refuse queues a reply to something that was wrong; too much of that ends the session.
func (s *session) refuse(r reply) error {
	if s.faults++; s.faults >= maxFaults {
		s.say(replyTooManyBad)
		return errQuit
	}
	s.say(r)
	return nil
}

// reset forgets the mail that was under way.
func (s *session) reset() {
	if s.mail.chunks != nil {
		s.mail.chunks.release()
	}
	s.mail = transaction{}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = false
}

// handle obeys one command. An error ends the session.
func (s *session) handle(c command) error {
	if s.idle++; s.idle > maxIdle {
		s.say(replyTooManyBad)
		return errQuit
	}
	switch c.verb {
	case "EHLO", "HELO":
		return s.onHello(c)
	case "STARTTLS":
		return s.onStartTLS(c)
	case "MAIL":
		return s.onMail(c.arg)
	case "RCPT":
		return s.onRcpt(c.arg)
	case "DATA":
		return s.onData(c.arg)
	case "BDAT":
		return s.onChunk(c.arg)
	case "RSET":
		s.reset()
		s.say(replyOK)
	case "NOOP":
		s.say(replyOK)
	case "VRFY":
		s.say(replyVerify)
	case "QUIT":
		s.say(replyBye)
		return errQuit
	case "AUTH", "EXPN", "HELP", "TURN", "ETRN":
		return s.refuse(replyNotOffered)
	default:
		if spokenByBrowsers[c.verb] {
			s.say(replyUnknown)
			return errQuit
		}
		return s.refuse(replyUnknown)
	}
	return nil
}

func (s *session) onHello(c command) error {
	if c.arg == "" {
		return s.refuse(replySyntax)
	}
	s.reset()
	s.hello = c.arg
	if c.verb == "HELO" {
		_, _ = fmt.Fprintf(s.w, "250 %s\r\n", s.l.cfg.Hostname)
		return nil
	}
	offers := []string{
		"PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "CHUNKING",
		fmt.Sprintf("LIMITS RCPTMAX=%d", s.l.cfg.MaxRecipients), // RFC 9422
	}
	if s.l.cfg.TLS != nil && !s.secure {
		offers = append(offers, "STARTTLS")
	}
	_, _ = fmt.Fprintf(s.w, "250-%s\r\n", s.l.cfg.Hostname)
	for _, offer := range offers {
		_, _ = fmt.Fprintf(s.w, "250-%s\r\n", offer)
	}
	_, _ = fmt.Fprintf(s.w, "250 SIZE %d\r\n", s.l.cfg.MaxSize)
	return nil
}

// onStartTLS goes over to TLS (RFC 3207).
func (s *session) onStartTLS(c command) error {
	switch {
	case s.l.cfg.TLS == nil:
		return s.refuse(replyNotOffered)
	case c.arg != "":
		return s.refuse(replySyntax)
	case s.secure:
		return s.refuse(replySequence)
	case s.r.Buffered() > 0:
		// Commands sent in the clear behind STARTTLS would be obeyed as if
		// they had come through TLS: somebody in between put them there.
		s.say(replySequence)
		return errQuit
	}
	s.say(replyTLS)
	if err := s.flush(); err != nil {
		return err
	}
	conn := tls.Server(s.raw, s.l.cfg.TLS)
	ctx, cancel := context.WithTimeout(s.l.ctx, handshakeTimeout)
	defer cancel()
	s.within(handshakeTimeout)
	if err := s.arm(); err != nil {
		return err
	}
	if err := conn.HandshakeContext(ctx); err != nil {
		return errQuit // there is no common language left to say so in
	}
	s.reset()
	s.secure, s.hello = true, ""
	s.use(conn)
	return nil
}

func (s *session) onMail(arg string) error {
	switch {
	case s.hello == "":
		return s.refuse(replyNeedHello)
	case s.mail.open:
		return s.refuse(replySequence)
	}
	from, params, err := parsePath(arg, "FROM:")
	if err != nil {
		return s.refuse(replyBadFrom)
	}
	size, refused := mailParams(params)
	if refused != nil {
		return s.refuse(*refused)
	}
	if size > s.l.cfg.MaxSize {
		return s.refuse(replyTooLarge)
	}
	s.mail = transaction{open: true, from: from}
	s.say(replyFrom)
	return nil
}

func (s *session) onRcpt(arg string) error {
	if !s.mail.open || s.mail.chunks != nil {
		return s.refuse(replySequence)
	}
	to, params, err := parsePath(arg, "TO:")
	switch {
	case err != nil || to == "":
		return s.refuse(replyBadTo)
	case len(params) > 0:
		return s.refuse(replyParameter)
	case len(s.mail.to) >= s.l.cfg.MaxRecipients:
		s.say(replyManyTo) // RFC 5321 4.5.3.1.10: the client sends the rest in another mail
		return nil
	}
	ctx, cancel := context.WithTimeout(s.l.ctx, s.l.cfg.AcceptTimeout)
	defer cancel()
	id, err := s.l.cfg.Directory.Lookup(ctx, to)
	if parley.IsCode(err, parley.NotFound) {
		return s.refuse(replyNoMailbox)
	}
	if err != nil {
		s.l.cfg.Log.Warn("looking up a recipient failed", "err", err)
		s.say(replyLookup)
		return nil
	}
	s.mail.to = append(s.mail.to, recipient{to, id})
	s.say(replyTo)
	return nil
}
