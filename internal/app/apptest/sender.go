package apptest

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/emersion/go-smtp"
)

// Sender is a connection of a stranger's mail server to the product.
type Sender struct{ client *smtp.Client }

// Sender connects and greets.
func (s *Site) Sender(ctx context.Context) (*Sender, error) { return sender(ctx, s.SMTP) }

func sender(ctx context.Context, addr string) (*Sender, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	c := smtp.NewClient(conn)
	c.CommandTimeout, c.SubmissionTimeout = Patience, Patience
	if err := c.Hello("mx.example"); err != nil {
		_ = c.Close() // the first error is the one to report
		return nil, err
	}
	return &Sender{c}, nil
}

// Close hangs up.
func (c *Sender) Close() { _ = c.client.Close() } // nothing is left to be said

// Deliver hands one mail over and returns the last reply: of the refusal, or of
// the end of the body. A mail of announced size says it beforehand.
func (c *Sender) Deliver(from string, to []string, body []byte, announced bool) (reply string, err error) {
	var opts smtp.MailOptions
	if announced {
		opts.Size = int64(len(body))
	}
	if err := c.client.Mail(from, &opts); err != nil {
		return said(err)
	}
	for _, rcpt := range to {
		if err := c.client.Rcpt(rcpt, nil); err != nil {
			return said(err)
		}
	}
	w, err := c.client.Data()
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
	return "250 " + done.StatusText, nil
}

// Deliver hands over one mail on a connection of its own.
func (s *Site) Deliver(from string, to []string, body []byte, announced bool) (reply string, err error) {
	return DeliverTo(s.SMTP, from, to, body, announced)
}

// DeliverTo hands over one mail to whatever server listens at addr.
func DeliverTo(addr, from string, to []string, body []byte, announced bool) (reply string, err error) {
	c, err := sender(context.Background(), addr)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if reply, err = c.Deliver(from, to, body, announced); err != nil {
		return reply, err
	}
	return reply, c.client.Quit()
}

// said is the server's reply where it refused, and the fault where there was none.
func said(err error) (string, error) {
	if e, ok := errors.AsType[*smtp.SMTPError](err); ok {
		c := e.EnhancedCode
		return fmt.Sprintf("%d %d.%d.%d %s", e.Code, c[0], c[1], c[2], e.Message), ErrRefused
	}
	return "", err
}

// ErrRefused is the fault of a mail that the product did not take.
var ErrRefused = errors.New("the mail was refused")
