package email

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// tlsMode says how a relay connection is protected.
type tlsMode int

const (
	tlsOffered  tlsMode = iota // STARTTLS where the relay offers it
	tlsRequired                // STARTTLS or nothing (?tls=require)
	tlsOff                     // never, even for the password (?tls=off)
	tlsImplicit                // from the first byte (smtps, RFC 8314)
)

// relayURL is where a relay is and how to sign in there.
type relayURL struct {
	host, port     string
	user, password string
	tls            tlsMode
	// token gives an access token, which takes the password's place (XOAUTH2).
	token func(context.Context) (string, error)
	// refused is told that the server does not take the token.
	refused func()
}

// errRelayURL never repeats its input: a password may be in it.
var errRelayURL = errors.New("relay address: write smtp://user:password@host:port or smtps://…, with special characters of user and password %-encoded")

// parseRelayURL reads smtp://user:password@host:port[?tls=require|off] or smtps://….
// Without a port it is 465 for smtps, 587 with a password and 25 without.
func parseRelayURL(s string) (relayURL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.Fragment != "" {
		return relayURL{}, errRelayURL
	}
	r := relayURL{host: u.Hostname(), port: u.Port(), user: u.User.Username()}
	r.password, _ = u.User.Password()
	switch u.Scheme {
	case "smtp":
		r.port = cmp.Or(r.port, map[bool]string{true: "587", false: "25"}[r.user != ""])
	case "smtps":
		r.port = cmp.Or(r.port, "465")
		r.tls = tlsImplicit
	default:
		return relayURL{}, errRelayURL
	}
	if err := r.option(u); err != nil {
		return relayURL{}, err
	}
	return r, nil
}

func (r *relayURL) option(u *url.URL) error {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return errRelayURL
	}
	for name := range query {
		if name != "tls" {
			return fmt.Errorf("relay address: option %q is unknown; there is tls=require and tls=off", name)
		}
	}
	switch mode := query.Get("tls"); {
	case mode == "":
	case r.tls == tlsImplicit:
		return errors.New("relay address: smtps is always encrypted, the option tls belongs to smtp")
	case mode == "require":
		r.tls = tlsRequired
	case mode == "off":
		r.tls = tlsOff
	default:
		return fmt.Errorf("relay address: tls=%q is unknown; there is tls=require and tls=off", mode)
	}
	return nil
}

func (r relayURL) addr() string { return net.JoinHostPort(r.host, r.port) }

// loopback reports whether the relay runs on this machine.
func (r relayURL) loopback() bool {
	ip, err := netip.ParseAddr(r.host)
	return r.host == "localhost" || err == nil && ip.IsLoopback()
}

// verify reports whether the relay must prove who it is. Where TLS is only
// taken when offered and no password is at stake, whoever stands in between
// could as well take the offer away: then any certificate is better than none (RFC 7435).
func (r relayURL) verify() bool {
	return r.tls != tlsOffered || r.user != "" && !r.loopback()
}
