package email

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"parley/internal/channel"
)

// ListenerConfig says where mail is received and who takes it. Zero limits
// stand for the defaults in brackets.
type ListenerConfig struct {
	Addr      string // "host:port"; port 0 picks a free one
	Hostname  string // how we introduce ourselves [localhost]
	TLS       *tls.Config
	Directory channel.Directory
	Sink      channel.Sink
	Now       func() time.Time
	Log       *slog.Logger

	MaxSize       int64 // of one mail [50 MB]
	MaxRecipients int   // of one mail [100]
	MaxConns      int   // at a time [500]
	MaxConnsPerIP int   // at a time; an IPv6 /64 counts as one [50]
	MaxBuffered   int64 // memory that mails in transit may hold together [256 MB]

	CommandTimeout time.Duration // from one command to the next [5 min, RFC 5321 4.5.3.2.7]
	DataTimeout    time.Duration // for the whole of one mail [30 min]
	AcceptTimeout  time.Duration // for the Sink [2 min: the sender waits 10, RFC 5321 4.5.3.2.6]
	Grace          time.Duration // how long Close waits for mails in transit [30 s]
}

func (c ListenerConfig) withDefaults() ListenerConfig {
	c.Hostname = cmp.Or(c.Hostname, "localhost")
	c.MaxSize = cmp.Or(c.MaxSize, 50<<20)
	c.MaxRecipients = cmp.Or(c.MaxRecipients, 100)
	c.MaxConns = cmp.Or(c.MaxConns, 500)
	c.MaxConnsPerIP = cmp.Or(c.MaxConnsPerIP, 50)
	c.MaxBuffered = max(cmp.Or(c.MaxBuffered, 256<<20), c.MaxSize)
	c.CommandTimeout = cmp.Or(c.CommandTimeout, 5*time.Minute)
	c.DataTimeout = cmp.Or(c.DataTimeout, 30*time.Minute)
	c.AcceptTimeout = cmp.Or(c.AcceptTimeout, 2*time.Minute)
	c.Grace = cmp.Or(c.Grace, 30*time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Listener receives mail over SMTP (RFC 5321) for all email channels. It
// answers 250 only once every channel's Sink has made the mail durable, and
// relays for nobody.
type Listener struct {
	cfg    ListenerConfig
	ln     net.Listener
	limits *connLimits
	memory *budget

	ctx    context.Context // of the sessions: ends when the grace is over
	cancel context.CancelFunc

	mu       sync.Mutex
	closing  chan struct{} // closed when no further mail is welcome
	sessions map[*session]struct{}
	running  sync.WaitGroup
}

// NewListener binds the address, so that a taken port is known at start. Serve does the rest.
func NewListener(ctx context.Context, c ListenerConfig) (*Listener, error) {
	if c.Directory == nil || c.Sink == nil {
		return nil, errors.New("smtp listener: a directory and a sink are needed")
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return nil, fmt.Errorf("smtp listener: %w", err)
	}
	c = c.withDefaults()
	l := &Listener{
		cfg: c, ln: ln,
		limits:   newConnLimits(c.MaxConns, c.MaxConnsPerIP),
		memory:   &budget{left: c.MaxBuffered},
		closing:  make(chan struct{}),
		sessions: map[*session]struct{}{},
	}
	l.ctx, l.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return l, nil
}

// Addr is the address that was bound.
func (l *Listener) Addr() net.Addr { return l.ln.Addr() }

// Serve receives until ctx ends or Close is called, and returns when the last
// session is over. Mails in transit by then are still taken, see Close.
func (l *Listener) Serve(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	var pause time.Duration
	for {
		conn, err := l.ln.Accept()
		if err == nil {
			pause = 0
			l.admit(conn)
			continue
		}
		if l.isClosing() {
			return l.Close()
		}
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("smtp listener: %w", err)
		}
		// Out of file descriptors, or the like: it passes.
		pause = min(max(2*pause, 5*time.Millisecond), time.Second)
		l.cfg.Log.Warn("accepting a connection failed", "err", err)
		select {
		case <-l.closing:
		case <-time.After(pause):
		}
	}
}

// admit starts a session, or turns the client away for now.
func (l *Listener) admit(conn net.Conn) {
	leave, refused := l.limits.enter(conn.RemoteAddr())
	if refused != nil {
		turnAway(conn, *refused)
		return
	}
	s := newSession(l, conn)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isClosing() {
		leave()
		turnAway(conn, replyClosing)
		return
	}
	l.sessions[s] = struct{}{}
	l.running.Go(func() {
		defer leave()
		s.serve()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.sessions, s)
	})
}

// turnAway answers a client that gets no session. The few bytes fit the socket's empty buffer.
func turnAway(conn net.Conn, r reply) {
	_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = conn.Write(r.bytes())
	_ = conn.Close()
}

// Close stops receiving. Clients between two mails hear 421; a mail whose body
// has begun may come to its end within the grace. Close returns when all
// sessions are over.
func (l *Listener) Close() error {
	l.mu.Lock()
	var err error
	if !l.isClosing() {
		close(l.closing)
		err = l.ln.Close()
		for s := range l.sessions {
			s.drain()
		}
	}
	l.mu.Unlock()

	over := make(chan struct{})
	go func() {
		l.running.Wait()
		close(over)
	}()
	grace := time.NewTimer(l.cfg.Grace)
	defer grace.Stop()
	select {
	case <-over:
	case <-grace.C:
		l.cancel()
		l.mu.Lock()
		for s := range l.sessions {
			_ = s.raw.Close()
		}
		l.mu.Unlock()
		<-over
	}
	l.cancel()
	if err != nil {
		return fmt.Errorf("smtp listener: %w", err)
	}
	return nil
}

func (l *Listener) isClosing() bool {
	select {
	case <-l.closing:
		return true
	default:
		return false
	}
}
