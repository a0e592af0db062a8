// Command mail hands one message file to an SMTP listener, for `make mail`. It
// owns no part of the product: it speaks plain SMTP as any mail server would, and
// refuses what it cannot tell the envelope of.
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/mail"
	"net/smtp"
	"os"
)

func main() {
	server := flag.String("smtp", "127.0.0.1:2525", "the listener's `address`")
	from := flag.String("from", "", "envelope sender; the From header's `address` if empty")
	to := flag.String("to", "", "envelope recipient; the first `address` of Delivered-To or To if empty")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: mail [-smtp ADDRESS] [-from ADDRESS] [-to ADDRESS] FILE")
		os.Exit(2)
	}
	if err := run(*server, *from, *to, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "mail:", err)
		os.Exit(1)
	}
}

func run(server, from, to, file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	from = cmp.Or(from, headerAddress(raw, "From"), "sender@example.com")
	to = cmp.Or(to, headerAddress(raw, "Delivered-To"), headerAddress(raw, "To"))
	if to == "" {
		return errors.New("the file names no recipient: give one with -to (make mail TO=…)")
	}
	if err := send(server, from, to, raw); err != nil {
		return fmt.Errorf("send to %s by %s: %w", to, server, err)
	}
	fmt.Printf("%s accepted %d bytes from %s to %s\n", server, len(raw), from, to)
	return nil
}

// headerAddress is the first address in a header, or "" where there is none that
// can be read: broken mails are sent on purpose.
func headerAddress(raw []byte, header string) string {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return ""
	}
	list, err := m.Header.AddressList(header)
	if err != nil || len(list) == 0 {
		return ""
	}
	return list[0].Address
}

// send is RFC 5321 §3.3. It skips smtp.SendMail's STARTTLS, which would refuse
// the certificate that a listener under development signed itself.
func send(server, from, to string, raw []byte) error {
	c, err := smtp.Dial(server)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Mail(from); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	body, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.Copy(body, bytes.NewReader(raw)); err != nil {
		return err
	}
	if err := body.Close(); err != nil { // the final dot: the listener's answer
		return err
	}
	return c.Quit()
}
