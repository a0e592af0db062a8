package email

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/channel"
)

const (
	maxMails   = 100     // on one connection: relays count, too
	maxAnswer  = 1 << 20 // bytes, certificates included, that a relay may answer to one command
	lateAnswer = 2 * time.Second
)

// errStale: a connection from before was dead when a mail came. Nothing of the mail was sent.
var errStale = errors.New("the idle connection is gone")

// link is a connection to a relay that is ready for mails.
type link struct {
	cfg    RelayConfig
	to     relayURL
	conn   *patience
	smtp   *smtp.Client
	text   *textproto.Conn
	mails  int
	reused bool // it has waited since its last mail
	broken bool // not to be used again
	expiry *time.Timer
}

// newLink greets, goes over to TLS and signs in. Faults up to here are never
// the mail's: the operator can mend them, and the mail waits.
func newLink(cfg RelayConfig, to relayURL, raw net.Conn) (*link, error) {
	k := &link{cfg: cfg, to: to, conn: &patience{Conn: raw}}
	k.conn.wait(cfg.CommandTimeout)
	var conn net.Conn = k.conn
	if to.tls == tlsImplicit {
		conn = tls.Client(conn, k.tlsConfig())
	}
	client, err := smtp.NewClient(conn, to.host)
	if err != nil {
		return nil, temporary("The mail relay did not greet", err)
	}
	k.smtp = client
	k.conn.wait(cfg.CommandTimeout)
	if err := client.Hello(cfg.Hostname); err != nil {
		return nil, temporary("The mail relay did not answer our greeting", err)
	}
	if err := k.startTLS(); err != nil {
		return nil, err
	}
	if err := k.signIn(); err != nil {
		return nil, err
	}
	k.text = client.Text
	return k, nil
}

func (k *link) tlsConfig() *tls.Config {
	c := &tls.Config{}
	if k.cfg.TLS != nil {
		c = k.cfg.TLS.Clone()
	}
	c.ServerName = k.to.host
	c.InsecureSkipVerify = !k.to.verify()
	return c
}

func (k *link) startTLS() error {
	if k.to.tls != tlsOffered && k.to.tls != tlsRequired {
		return nil
	}
	if offered, _ := k.smtp.Extension("STARTTLS"); !offered {
		if k.to.tls == tlsRequired {
			return temporary("The mail relay does not offer TLS, which its address asks for (tls=require)", nil)
		}
		return nil
	}
	k.conn.wait(k.cfg.CommandTimeout)
	if err := k.smtp.StartTLS(k.tlsConfig()); err != nil {
		return temporary("TLS with the mail relay failed", err)
	}
	return nil
}

// signIn uses the password of the relay's address. It goes out in the clear
// only on this machine, or when the address says so (tls=off).
func (k *link) signIn() error {
	if k.to.user == "" {
		return nil
	}
	_, secure := k.smtp.TLSConnectionState()
	if !secure && k.to.tls != tlsImplicit && k.to.tls != tlsOff && !k.to.loopback() {
		return temporary("The mail relay does not offer TLS, and without it the password is not sent. Add ?tls=off to the relay's address to send it in the clear", nil)
	}
	_, offered := k.smtp.Extension("AUTH")
	mechanism := mechanismFor(strings.Fields(strings.ToUpper(offered)), k.to)
	if mechanism == nil {
		return temporary("The mail relay offers no way to sign in that we know (PLAIN, LOGIN, or XOAUTH2 with a token); take the user and password out of its address if it wants none", nil)
	}
	k.conn.wait(k.cfg.CommandTimeout)
	if err := k.smtp.Auth(mechanism); err != nil {
		if refused, ok := errors.AsType[*textproto.Error](err); ok && refused.Code/100 == 5 {
			if k.to.token != nil {
				k.to.refused()
				return temporary("The mail relay refused the access token", err)
			}
			return temporary("The mail relay refused the user and password", err)
		}
		return temporary("Signing in at the mail relay failed", err)
	}
	return nil
}

// command sends a line and reads the answer.
func (k *link) command(expect int, format string, args ...any) error {
	k.conn.wait(k.cfg.CommandTimeout)
	id, err := k.text.Cmd(format, args...)
	if err != nil {
		return err
	}
	k.text.StartResponse(id)
	defer k.text.EndResponse(id)
	_, _, err = k.text.ReadResponse(expect)
	return err
}

// send goes through one mail (RFC 5321 3.3). Up to the answer to DATA nothing of
// the mail has left, so a connection found dead by then is errStale if it had
// been waiting, and the mail may go over another.
func (k *link) send(m outgoing, receipt *channel.Receipt) error {
	k.mails++
	taken, err := k.envelope(m, receipt)
	if err != nil {
		return err
	}
	if err := k.command(354, "DATA"); err != nil {
		return k.refused(err, taken)
	}
	if err := k.body(m.body, taken); err != nil {
		return err
	}
	// The last byte has left our hands. From here on only the relay's answer
	// can tell that it has not taken the mail.
	k.conn.wait(k.cfg.AnswerTimeout)
	code, message, err := k.text.ReadResponse(2)
	if err == nil {
		receipt.ProviderID = queueID(message)
		return nil
	}
	if answer, ok := errors.AsType[*textproto.Error](err); ok && (code/100 == 4 || code/100 == 5) {
		k.broken = code == 421
		return answered(answer, taken)
	}
	k.broken = true
	return uncertain(err)
}

// envelope says who the mail is from and for. It succeeds when somebody gets it,
// and tells how many.
func (k *link) envelope(m outgoing, receipt *channel.Receipt) (taken int, err error) {
	params, to := k.params(m, receipt)
	if len(to) == 0 {
		return 0, permanent("The mail relay takes no addresses with letters beyond ASCII (SMTPUTF8).", nil)
	}
	if err := k.command(250, "MAIL FROM:<%s>%s", m.from, params); err != nil {
		return 0, k.refused(err, 0)
	}
	for _, rcpt := range to {
		err := k.command(25, "RCPT TO:<%s>", rcpt.wire)
		if err == nil {
			taken++
			continue
		}
		answer, ok := errors.AsType[*textproto.Error](err)
		if !ok || answer.Code == 421 {
			return 0, k.refused(err, 0)
		}
		if kindOf(answer.Code) == channel.Permanent && answer.Code != 552 { // 552 here is meant as 452: RFC 5321 4.5.3.1.10
			receipt.Refused[rcpt.given] = refusal(answer, 1)
		} else {
			receipt.Deferred[rcpt.given] = refusal(answer, 1)
		}
	}
	if taken > 0 {
		return taken, nil
	}
	if err := k.command(250, "RSET"); err != nil {
		k.broken = true
	}
	return 0, nobody(receipt)
}

// params are those of MAIL, and the recipients that this relay can serve.
func (k *link) params(m outgoing, receipt *channel.Receipt) (string, []wireAddress) {
	var params strings.Builder
	if ok, _ := k.smtp.Extension("SIZE"); ok { // RFC 1870: refused now rather than after the body
		params.WriteString(" SIZE=" + strconv.Itoa(len(m.body)))
	}
	if ok, _ := k.smtp.Extension("8BITMIME"); ok && bytes.ContainsFunc(m.body, func(r rune) bool { return r >= 0x80 }) {
		params.WriteString(" BODY=8BITMIME")
	}
	utf8 := func(a wireAddress) bool { return !isASCII(a.wire) }
	if isASCII(m.from) && !slices.ContainsFunc(m.to, utf8) {
		return params.String(), m.to
	}
	if ok, _ := k.smtp.Extension("SMTPUTF8"); ok {
		return params.String() + " SMTPUTF8", m.to
	}
	if !isASCII(m.from) {
		return "", nil
	}
	to := slices.DeleteFunc(slices.Clone(m.to), utf8)
	for _, a := range m.to {
		if utf8(a) {
			receipt.Refused[a.given] = channel.Refusal{Text: "The mail relay takes no addresses with letters beyond ASCII (SMTPUTF8)."}
		}
	}
	return params.String(), to
}

// refused says what a fault before the body means, where so many recipients stand in the envelope.
func (k *link) refused(err error, recipients int) error {
	answer, ok := errors.AsType[*textproto.Error](err)
	if ok && answer.Code != 421 {
		if err := k.command(250, "RSET"); err != nil {
			k.broken = true
		}
		return answered(answer, recipients)
	}
	k.broken = true
	switch {
	case k.reused:
		return fmt.Errorf("%w: %w", errStale, err)
	case ok:
		return answered(answer, recipients)
	}
	return temporary("The connection to the mail relay broke off", err)
}

// body writes the body and its end. As long as a write fails, the end is not
// out: the last bytes are written alone, and the kernel takes all of them or
// reports an error. A relay that hung up may have said why before it did.
func (k *link) body(b []byte, recipients int) error {
	k.conn.eachWrite = k.cfg.BodyTimeout
	defer func() { k.conn.eachWrite = 0 }()
	err := writeDotted(k.text.W, b)
	if err == nil {
		err = k.text.W.Flush()
	}
	if err == nil {
		_, _ = k.text.W.WriteString(".\r\n")
		err = k.text.W.Flush()
	}
	if err == nil {
		return nil
	}
	k.broken = true
	k.conn.wait(lateAnswer)
	code, _, late := k.text.ReadResponse(2)
	if answer, ok := errors.AsType[*textproto.Error](late); ok && (code/100 == 4 || code/100 == 5) {
		return answered(answer, recipients)
	}
	return temporary("The connection to the mail relay broke off while the mail was being sent", err)
}

// writeDotted writes a body as DATA wants it (RFC 5321 4.5.2) without its end.
// Bare CR and LF become line ends: behind one, a dot could pass for the end of
// the mail with some receivers.
func writeDotted(w *bufio.Writer, body []byte) error {
	for len(body) > 0 {
		line, rest := body, []byte(nil)
		if i := bytes.IndexAny(body, "\r\n"); i >= 0 {
			line, rest = body[:i], body[i+1:]
			if body[i] == '\r' && len(rest) > 0 && rest[0] == '\n' {
				rest = rest[1:]
			}
		}
		if len(line) > 0 && line[0] == '.' {
			_ = w.WriteByte('.') // bufio keeps its first error
		}
		_, _ = w.Write(line)
		if _, err := w.WriteString("\r\n"); err != nil {
			return err
		}
		body = rest
	}
	return nil
}

// quit says goodbye without waiting for the answer, and closes.
func (k *link) quit() {
	if !k.broken {
		k.conn.wait(lateAnswer)
		_, _ = k.text.Cmd("QUIT")
	}
	_ = k.smtp.Close()
}
