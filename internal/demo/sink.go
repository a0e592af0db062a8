package demo

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/emersion/go-smtp"

	"parley/internal/parley"
)

// maxMailSize bounds one mail: what the product accepts itself.
const maxMailSize = 50 << 20

// relayName is what the relay calls itself.
const relayName = "relay.example"

// mailServer is the relay that the product sends through, and every provider
// behind it. It is another implementation of SMTP than the product's own, as in the world.
func (c *Customer) mailServer(ctx context.Context) *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{ctx: ctx, c: c}, nil
	}))
	s.Domain = relayName
	s.MaxMessageBytes = maxMailSize
	s.MaxRecipients = 100
	s.ReadTimeout, s.WriteTimeout = 5*time.Minute, time.Minute
	s.ErrorLog = slog.NewLogLogger(c.log.Handler(), slog.LevelDebug)
	return s
}

// session is one connection of the product.
type session struct {
	ctx      context.Context
	c        *Customer
	mailFrom string
	rcptTo   []string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mailFrom = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !mayReceive(parley.Address{Email: to}) {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox: it was closed"}
	}
	s.rcptTo = append(s.rcptTo, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	err = s.c.deliver(s.ctx, newMail(raw, s.mailFrom, s.rcptTo, s.c.now()))
	if _, ok := errors.AsType[*smtp.SMTPError](err); err != nil && !ok {
		s.c.log.Warn("a mail of the product was not delivered", "err", err)
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"}
	}
	return err
}

func (s *session) Reset() { s.mailFrom, s.rcptTo = "", nil }

func (*session) Logout() error { return nil }
