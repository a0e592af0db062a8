package channeltest

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"strings"
)

// handle obeys one command of RFC 5321 4.1.1; an error ends the session.
func (c *smtpSession) handle(line string) error {
	verb, arg, _ := strings.Cut(line, " ")
	var err error
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		c.mail = SentMail{Hello: arg}
		err = c.answer(AtHello, "", c.offers()...)
	case "STARTTLS":
		err = c.startTLS()
	case "AUTH":
		err = c.auth(arg)
	case "MAIL":
		err = c.from(arg)
	case "RCPT":
		err = c.to(arg)
	case "DATA":
		err = c.data()
	case "RSET":
		c.forget()
		err = c.answer(AtReset, "", "250 2.0.0 Ok")
	case "QUIT":
		_ = c.say("221 2.0.0 Bye")
		return errOver
	default:
		err = c.say("502 5.5.1 Not here")
	}
	if errors.Is(err, errFaulty) {
		return nil
	}
	return err
}

func (c *smtpSession) forget() { c.mail = SentMail{Hello: c.mail.Hello} }

func (c *smtpSession) secure() bool { return c.conn != c.raw }

func (c *smtpSession) offers() []string {
	offers := c.s.o.Offers
	if offers == nil {
		offers = []string{"8BITMIME", "SIZE 52428800"}
	}
	list := append([]string{"sink.test"}, offers...)
	if c.s.o.TLS != nil && !c.secure() {
		list = append(list, "STARTTLS")
	}
	if c.s.o.User != "" {
		list = append(list, "AUTH "+c.mechanisms())
	}
	for i := range list {
		sep := "-"
		if i == len(list)-1 {
			sep = " "
		}
		list[i] = "250" + sep + list[i]
	}
	return list
}

func (c *smtpSession) mechanisms() string {
	if c.s.o.Mechanisms == "" {
		return "PLAIN LOGIN"
	}
	return c.s.o.Mechanisms
}

func (c *smtpSession) startTLS() error {
	if c.s.o.TLS == nil || c.secure() {
		return c.say("503 5.5.1 No TLS now")
	}
	if err := c.answer(AtStartTLS, "", "220 2.0.0 Go ahead"); err != nil {
		return err
	}
	c.use(tls.Server(c.raw, c.s.o.TLS))
	return nil
}

// auth knows PLAIN (RFC 4616) with its answer on the line, LOGIN and XOAUTH2.
func (c *smtpSession) auth(arg string) error {
	mechanism, initial, _ := strings.Cut(arg, " ")
	var user, password string
	switch strings.ToUpper(mechanism) {
	case "PLAIN":
		parts := strings.Split(decode(initial), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		var err error
		if user, err = c.ask("Username:"); err == nil {
			password, err = c.ask("Password:")
		}
		if err != nil {
			return err
		}
	case "XOAUTH2":
		return c.authToken(decode(initial))
	}
	if user != c.s.o.User || password != c.s.o.Password {
		return c.answer(AtAuth, "", "535 5.7.8 Wrong user or password")
	}
	return c.welcome()
}

func (c *smtpSession) welcome() error {
	if err := c.answer(AtAuth, "", "235 2.7.0 Welcome"); err != nil {
		return err
	}
	c.user = c.s.o.User
	return nil
}

// authToken is XOAUTH2 as Google and Microsoft document it: one that is refused
// hears why in JSON first, and must answer that with an empty line.
func (c *smtpSession) authToken(initial string) error {
	if c.s.o.Token != "" && initial == "user="+c.s.o.User+"\x01auth=Bearer "+c.s.o.Token+"\x01\x01" {
		return c.welcome()
	}
	answer, err := c.ask(`{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`)
	if err != nil {
		return err
	}
	if answer != "" {
		return c.say("501 5.5.2 Cannot decode response")
	}
	return c.answer(AtAuth, "", "535-5.7.8 Username and Password not accepted.", "535 5.7.8 Sign in again")
}

func (c *smtpSession) ask(question string) (string, error) {
	if err := c.say("334 " + base64.StdEncoding.EncodeToString([]byte(question))); err != nil {
		return "", err
	}
	line, err := c.r.ReadString('\n')
	return decode(strings.TrimRight(line, "\r\n")), err
}

func decode(s string) string {
	b, _ := base64.StdEncoding.DecodeString(s) // what is no base64 is no password either
	return string(b)
}

func (c *smtpSession) from(arg string) error {
	if c.s.o.User != "" && c.user == "" {
		return c.say("530 5.7.0 Sign in first")
	}
	if c.mail.From != "" {
		return c.say("503 5.5.1 One mail at a time")
	}
	err := c.answer(AtMail, "", "250 2.1.0 Ok")
	if err == nil {
		c.mail.From = strings.TrimPrefix(arg, "FROM:")
	}
	return err
}

func (c *smtpSession) to(arg string) error {
	if c.mail.From == "" {
		return c.say("503 5.5.1 MAIL first")
	}
	rcpt := strings.Trim(strings.TrimPrefix(arg, "TO:"), "<>")
	err := c.answer(AtRcpt, rcpt, "250 2.1.5 Ok")
	if err == nil {
		c.mail.To = append(c.mail.To, rcpt)
	}
	return err
}

func (c *smtpSession) data() error {
	if len(c.mail.To) == 0 {
		return c.say("503 5.5.1 RCPT first")
	}
	if err := c.answer(AtData, c.mail.To[0], "354 Go ahead"); err != nil {
		c.forget()
		return err
	}
	if f, due := c.s.take(AtBody, c.mail.To[0]); due {
		if _, err := io.CopyN(io.Discard, c.r, int64(f.Bytes)); err != nil {
			return err
		}
		if err := c.strike(f); err != nil {
			return errOver
		}
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	m := c.mail
	m.Body, m.Secure, m.User = body, c.secure(), c.user
	c.forget()
	return c.take(m)
}

// take answers a whole mail.
func (c *smtpSession) take(m SentMail) error {
	f, due := c.s.take(AtDot, m.To[0])
	if due {
		if f.Keep {
			c.s.keep(m)
		}
		if err := c.strike(f); err != nil {
			return err
		}
	}
	return c.say(c.s.keep(m))
}

// body reads up to <CRLF>.<CRLF> and takes the stuffed dots out (RFC 5321 4.5.2).
func (c *smtpSession) body() ([]byte, error) {
	var out bytes.Buffer
	start := true
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		if start && line == ".\r\n" {
			return out.Bytes(), nil
		}
		if start {
			line = strings.TrimPrefix(line, ".")
		}
		start = strings.HasSuffix(line, "\r\n")
		out.WriteString(line)
	}
}
