package sms

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"

	"parley/internal/channel"
	"parley/internal/dial"
	"parley/internal/parley"
)

// smppLink is how a message centre is reached, and what we sign in with.
type smppLink struct {
	address, host              string
	tls                        bool
	systemID, password, system string
	pair                       bool   // one connection for each direction
	alphabet                   string // what data coding 0 means there: gsm or latin1
}

// smppChannel is a number behind a message centre that is spoken to by SMPP 3.4.
type smppChannel struct {
	*numberChannel
	link     smppLink
	sessions *sessions
}

func (t *Type) openSMPP(c *numberChannel, o options) (channel.Channel, error) {
	port, err := strconv.ParseUint(o["port"], 10, 16)
	if err != nil || port == 0 {
		return nil, badSettings()
	}
	return &smppChannel{c, smppLink{
		address: net.JoinHostPort(o["host"], o["port"]), host: o["host"], tls: o["tls"] != "none",
		systemID: o["system_id"], password: o["password"], system: o["system_type"], pair: o["bind"] == "pair", alphabet: o["default_alphabet"],
	}, t.sessions}, nil
}

// bind connects and signs in (SMPP 3.4 4.1). A fault is a *parley.Error.
func (c *smppChannel) bind(ctx context.Context, as uint32) (*wire, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*smppPatience)
	defer cancel()
	conn, err := c.cfg.Dial(ctx, "tcp", c.link.address)
	if err != nil {
		if e, ok := errors.AsType[*parley.Error](err); ok {
			return nil, e
		}
		return nil, c.unreachable(err)
	}
	if c.link.tls {
		conf := &tls.Config{MinVersion: tls.VersionTLS12}
		if c.cfg.TLS != nil {
			conf = c.cfg.TLS.Clone()
		}
		conf.ServerName = cmp.Or(conf.ServerName, c.link.host)
		secure := tls.Client(conn, conf)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close() // it was never of use
			return nil, c.unreachable(err)
		}
		conn = secure
	}
	w := newWire(conn)
	answer, _, err := w.ask(ctx, bindFrame(as, c.link.systemID, c.link.password, c.link.system))
	if err == nil && answer.status() == 0 {
		return w, nil
	}
	w.fail(errUnbound)
	<-w.done
	if err != nil {
		return nil, c.unreachable(err)
	}
	return nil, smppRefused(answer.status())
}

func (c *smppChannel) unreachable(err error) error {
	c.lost(err)
	why := dial.Reason(err)
	if errors.Is(err, errUnbound) {
		why = "it has ended the session"
	}
	return parley.Errorf(parley.Unavailable, "provider.unreachable", "The message centre cannot be reached: %s. Look at host, port and TLS.", why).With("why", why)
}

// smppRefused is what a status of a bind says to a person.
func smppRefused(status uint32) error {
	code := smppStatus(status)
	switch status {
	case 0x05, 0x0d, 0x58: // already bound, bind failed, throttled: the next try may do
		return parley.Errorf(parley.Unavailable, "provider.bound", "The message centre takes no session of ours now (%s). It may allow only one, and another stands.", code).With("code", code)
	}
	return parley.Errorf(parley.Forbidden, "provider.sign_in", "The message centre does not know us by this system id and password (%s).", code).On("settings").With("code", code)
}

func smppStatus(status uint32) string { return fmt.Sprintf("0x%02X", status) }

// receiving is as what a session takes texts.
func (l smppLink) receiving() uint32 {
	if l.pair {
		return bindReceiver
	}
	return bindTransceiver
}

// CheckIncoming implements channel.Checker. A session that stands has shown it: many
// centres allow no second one.
func (c *smppChannel) CheckIncoming(ctx context.Context) error {
	return c.check(ctx, c.link.receiving())
}

// CheckOutgoing implements channel.Checker.
func (c *smppChannel) CheckOutgoing(ctx context.Context) error {
	if c.link.pair {
		return c.check(ctx, bindTransmitter)
	}
	return c.check(ctx, bindTransceiver)
}

func (c *smppChannel) check(ctx context.Context, as uint32) error {
	if s := c.sessions.of(c.id); s != nil && s.link == c.link && s.sends.alive() {
		return nil
	}
	w, err := c.bind(ctx, as)
	if err != nil {
		return err
	}
	w.close()
	return nil
}
