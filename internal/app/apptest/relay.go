package apptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-smtp"
)

// Relay is the mail server that the product sends through. It keeps what it
// takes and refuses whom it was told to refuse.
type Relay struct {
	addr   string
	server *smtp.Server

	mu      sync.Mutex
	mails   []Sent
	refused map[string]*smtp.SMTPError // by recipient
}

// Sent is a mail as the relay took it.
type Sent struct {
	From string
	To   []string
	Raw  []byte
}

func newRelay() (*Relay, error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Relay{addr: l.Addr().String(), refused: map[string]*smtp.SMTPError{}}
	r.server = smtp.NewServer(r)
	r.server.Domain, r.server.AllowInsecureAuth = "relay.example", true
	r.server.ReadTimeout, r.server.WriteTimeout = time.Minute, time.Minute
	go func() {
		// Its end is close's to report.
		_ = r.server.Serve(l)
	}()
	return r, nil
}

// Addr is where it listens, host:port.
func (r *Relay) Addr() string { return r.addr }

func (r *Relay) close() error {
	if err := r.server.Close(); !errors.Is(err, smtp.ErrServerClosed) {
		return err
	}
	return nil
}

// NewSession implements smtp.Backend.
func (r *Relay) NewSession(*smtp.Conn) (smtp.Session, error) { return &relaySession{relay: r}, nil }

type relaySession struct {
	relay *Relay
	mail  Sent
}

func (s *relaySession) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = Sent{From: from}
	return nil
}

func (s *relaySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.relay.mu.Lock()
	defer s.relay.mu.Unlock()
	if refusal, ok := s.relay.refused[to]; ok {
		return refusal
	}
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *relaySession) Data(body io.Reader) error {
	raw, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	s.relay.mu.Lock()
	defer s.relay.mu.Unlock()
	s.mail.Raw = raw
	s.relay.mails = append(s.relay.mails, s.mail)
	return nil
}

func (s *relaySession) Reset()        { s.mail = Sent{} }
func (s *relaySession) Logout() error { return nil }

// Refuse has the relay answer a recipient with an error; code 0 takes it back.
func (r *Relay) Refuse(to string, code int, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if code == 0 {
		delete(r.refused, to)
		return
	}
	r.refused[to] = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 7, 1}, Message: text}
}

// All is what the relay has taken so far.
func (r *Relay) All() []Sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Sent(nil), r.mails...)
}

// Header reads one field of a mail, unfolded and decoded.
func Header(raw []byte, name string) (string, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return "", fmt.Errorf("read mail: %w", err)
	}
	return strings.TrimSpace(m.Header.Get(name)), nil
}

// PlainText is a mail's first text, decoded.
func PlainText(raw []byte) (text string, err error) {
	m, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		return "", fmt.Errorf("read mail: %w", err)
	}
	err = m.Walk(func(_ []int, part *message.Entity, err error) error {
		if kind, _, _ := part.Header.ContentType(); err != nil || text != "" || kind != "text/plain" {
			return err
		}
		b, err := io.ReadAll(part.Body)
		text = strings.ReplaceAll(string(b), "\r\n", "\n")
		return err
	})
	return text, err
}
