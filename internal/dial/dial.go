// Package dial is the one way out: every connection that the product opens
// because of something a customer, a contact or a web page said goes through a
// Dialer, which looks at the address after the name was resolved, at the moment
// of connecting, and refuses whatever is not the public internet. A name that
// resolves to another address the second time (DNS rebinding) gains nothing:
// what is checked is what is connected to.
//
// It refuses to read the environment: a proxy setting would carry connections
// past the check. What the operator configured himself (his relay, database,
// Redis, S3) is reached through Trusted.
package dial

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"parley/internal/parley"
)

// Policy says what connections for one purpose may reach.
type Policy struct {
	// Allow lists what may be reached although it is private. Webhooks and
	// images get the zero Allow; providers and mail servers the operator's list.
	Allow Allow
	// Timeout bounds resolving and connecting together; 0 is 15 seconds.
	Timeout time.Duration
	// Resolver looks names up; nil is the system's.
	Resolver *net.Resolver
}

const defaultTimeout = 15 * time.Second

// Dialer opens connections under a Policy. It may be used from many goroutines.
type Dialer struct {
	policy  Policy
	trusted bool
}

// New makes a Dialer that keeps to p.
func New(p Policy) *Dialer {
	if p.Timeout == 0 {
		p.Timeout = defaultTimeout
	}
	return &Dialer{policy: p}
}

// Trusted makes a Dialer that may reach anything. It is for addresses that the
// operator wrote into the configuration, and for nothing that anyone else chose.
func Trusted() *Dialer {
	return &Dialer{policy: Policy{Timeout: defaultTimeout}, trusted: true}
}

// DialContext connects to addr ("host:port"). A refused address is a
// *parley.Error; when a name has public and private addresses, the public ones
// are used.
func (d *Dialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	if !streams[network] {
		return nil, fmt.Errorf("dial: network %q is not offered", network)
	}
	nd := net.Dialer{Timeout: d.policy.Timeout, Resolver: d.policy.Resolver}
	if !d.trusted && !d.policy.Allow.host(host) {
		// Control runs on each socket with the address that it is about to
		// connect to, after resolution and before the first packet.
		nd.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
			return d.check(host, address)
		}
	}
	conn, err := nd.DialContext(ctx, network, addr)
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	return conn, nil
}

// streams are the networks on offer: a Unix socket has no address to check.
var streams = map[string]bool{"tcp": true, "tcp4": true, "tcp6": true}

func (d *Dialer) check(host, address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read address: %w", err)
	}
	ip := at.Addr()
	if Public(ip) || d.policy.Allow.addr(ip) {
		return nil
	}
	return parley.Errorf(parley.Invalid, "dial.private",
		"%s is an address of a private network, which cannot be reached from here. The operator can allow it (PARLEY_ALLOW_PRIVATE), except for webhooks and images.", host).
		With("host", host)
}
