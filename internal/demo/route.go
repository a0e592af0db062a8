package demo

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"parley/internal/parley"
)

// teamBox is the mailbox of all users together.
const teamBox = "team"

// route sorts the recipients of a mail: those whom the product receives for, and the mailboxes
// of this side. A user's own mailbox is here although it has the business's domain.
func (a Addresses) route(rcptTo []string) (product, boxes []string) {
	for _, rcpt := range rcptTo {
		to := parley.Address{Email: rcpt}
		isTo := func(other parley.Address) bool { return other.Key() == to.Key() }
		switch {
		case slices.ContainsFunc(a.Team, isTo):
			boxes = append(boxes, teamBox)
		case slices.Contains(a.Domains, to.Domain()):
			product = append(product, rcpt)
		default:
			boxes = append(boxes, to.Key())
		}
	}
	return product, boxes
}

// deliver takes a mail to all of its recipients, and a copy to the box of whoever
// wrote it here. What the product refuses is an error, and then nobody got it.
func (c *Customer) deliver(ctx context.Context, m *mail) error {
	known, err := c.product.Addresses(ctx)
	if err != nil {
		return fmt.Errorf("list addresses: %w", err)
	}
	product, boxes := known.route(m.RcptTo)
	if len(product) > 0 {
		if err := c.submit(ctx, m, product); err != nil {
			return err
		}
	}
	for _, b := range boxes {
		m.Boxes[b] = true
	}
	if m.Sent {
		m.Boxes[m.From.Key()] = false
	}
	if len(m.Boxes) > 0 {
		c.box.put(m)
	}
	return nil
}

// recall lays a mail of former days into the mailboxes of those whom the page
// offers to write as. It has been read.
func (c *Customer) recall(m *mail) {
	for _, p := range people {
		wrote := m.Sent && m.From.Key() == p.Key()
		got := slices.ContainsFunc(m.RcptTo, func(to string) bool { return parley.Address{Email: to}.Key() == p.Key() })
		if wrote || got {
			m.Boxes[p.Key()] = false
		}
	}
	if len(m.Boxes) > 0 {
		c.box.put(m)
	}
}

// submitTime bounds one conversation with the product's mail server.
const submitTime = 30 * time.Second

// submit hands a mail to the product as any mail server would.
func (c *Customer) submit(ctx context.Context, m *mail, rcptTo []string) error {
	ctx, cancel := context.WithTimeout(ctx, submitTime)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", c.product.SMTP)
	if err != nil {
		return fmt.Errorf("reach the product's mail server: %w", err)
	}
	c.hosts.Store(conn.LocalAddr().String(), m.Host)
	defer c.hosts.Delete(conn.LocalAddr().String())
	client := smtp.NewClient(conn)
	defer func() { _ = client.Close() }()
	defer context.AfterFunc(ctx, func() { _ = client.Close() })()
	if err := client.Hello("customer.example"); err != nil {
		return err
	}
	if err := client.SendMail(m.MailFrom, rcptTo, bytes.NewReader(m.Raw)); err != nil {
		return err
	}
	_ = client.Quit() // the mail is accepted: what comes after says nothing about it
	return nil
}

// domainOf is the part behind the last @ of an address, or empty.
func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
