package main

import (
	"bytes"
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

// relay is the mail server that the product sends through. It keeps what it
// takes and refuses whom it was told to refuse.
type relay struct {
	addr   string
	server *smtp.Server

	mu      sync.Mutex
	mails   []sent
	refused map[string]*smtp.SMTPError // by recipient
}

// sent is a mail as the relay took it.
type sent struct {
	from string
	to   []string
	raw  []byte
}

func newRelay() (*relay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{addr: l.Addr().String(), refused: map[string]*smtp.SMTPError{}}
	r.server = smtp.NewServer(r)
	r.server.Domain, r.server.AllowInsecureAuth = "relay.example", true
	r.server.ReadTimeout, r.server.WriteTimeout = time.Minute, time.Minute
	go func() {
		// Its end is close's to report.
		_ = r.server.Serve(l)
	}()
	return r, nil
}

func (r *relay) close() error {
	if err := r.server.Close(); !errors.Is(err, smtp.ErrServerClosed) {
		return err
	}
	return nil
}

// NewSession implements smtp.Backend.
func (r *relay) NewSession(*smtp.Conn) (smtp.Session, error) { return &relaySession{relay: r}, nil }

type relaySession struct {
	relay *relay
	mail  sent
}

func (s *relaySession) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = sent{from: from}
	return nil
}

func (s *relaySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.relay.mu.Lock()
	defer s.relay.mu.Unlock()
	if refusal, ok := s.relay.refused[to]; ok {
		return refusal
	}
	s.mail.to = append(s.mail.to, to)
	return nil
}

func (s *relaySession) Data(body io.Reader) error {
	raw, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	s.relay.mu.Lock()
	defer s.relay.mu.Unlock()
	s.mail.raw = raw
	s.relay.mails = append(s.relay.mails, s.mail)
	return nil
}

func (s *relaySession) Reset()        { s.mail = sent{} }
func (s *relaySession) Logout() error { return nil }

// refuse has the relay answer a recipient with an error; code 0 takes it back.
func (r *relay) refuse(to string, code int, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if code == 0 {
		delete(r.refused, to)
		return
	}
	r.refused[to] = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 7, 1}, Message: text}
}

// all is what the relay has taken so far.
func (r *relay) all() []sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]sent(nil), r.mails...)
}

// header reads one field of a mail, unfolded and decoded.
func header(raw []byte, name string) (string, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return "", fmt.Errorf("read mail: %w", err)
	}
	return strings.TrimSpace(m.Header.Get(name)), nil
}

// plainText is a mail's first text, decoded.
func plainText(raw []byte) (text string, err error) {
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

// deliver speaks SMTP to the product as a stranger's mail server would, and
// returns the last reply: of the refusal, or of the end of the body.
func (s *site) deliver(from string, to []string, body []byte, announced bool) (reply string, err error) {
	c, err := smtp.Dial(s.smtp)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if err := c.Hello("mx.example"); err != nil {
		return "", err
	}
	var opts smtp.MailOptions
	if announced {
		opts.Size = int64(len(body))
	}
	if err := c.Mail(from, &opts); err != nil {
		return said(err)
	}
	for _, rcpt := range to {
		if err := c.Rcpt(rcpt, nil); err != nil {
			return said(err)
		}
	}
	w, err := c.Data()
	if err != nil {
		return said(err)
	}
	if _, err := w.Write(body); err != nil {
		return "", err
	}
	done, err := w.CloseWithResponse()
	if err != nil {
		return said(err)
	}
	return "250 " + done.StatusText, c.Quit()
}

// said is the server's reply where it refused, and the fault where there was none.
func said(err error) (string, error) {
	if e, ok := errors.AsType[*smtp.SMTPError](err); ok {
		c := e.EnhancedCode
		return fmt.Sprintf("%d %d.%d.%d %s", e.Code, c[0], c[1], c[2], e.Message), errRefused
	}
	return "", err
}

var errRefused = errors.New("the mail was refused")
