package demo

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"

	"parley/internal/parley"
)

// Names is the DNS of the demo's world: what its domains publish of who sends their
// mail, so that the product's checks have something to ask. It knows the domains of the
// business and of everybody in the sample, and nothing else; the world's DNS is not asked.
type Names struct{}

// LookupTXT answers with the domain's SPF record (RFC 7208), or its policy (RFC 7489).
func (Names) LookupTXT(_ context.Context, name string) ([]string, error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	domain, policy := strings.CutPrefix(name, "_dmarc.")
	server := serverOf(domain)
	switch {
	case !server.IsValid():
		return nil, unknownName(name)
	case policy:
		return []string{"v=DMARC1; p=reject"}, nil
	case domain == mailDomain: // its relay is a program on this machine
		return []string{"v=spf1 ip6:" + server.String() + " ip4:127.0.0.1 -all"}, nil
	}
	return []string{"v=spf1 ip6:" + server.String() + " -all"}, nil
}

// LookupMX knows none: nothing is sent by way of it.
func (Names) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return nil, unknownName(name)
}

// LookupIPAddr knows no hosts.
func (Names) LookupIPAddr(_ context.Context, host string) ([]net.IPAddr, error) {
	return nil, unknownName(host)
}

// LookupAddr knows no hosts.
func (Names) LookupAddr(_ context.Context, addr string) ([]string, error) {
	return nil, unknownName(addr)
}

func unknownName(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// world is a part of the internet that nobody has: of 3000::/4 nothing was ever handed out
// (IANA, IPv6 global unicast address assignments).
var world = netip.MustParseAddr("3000::")

func hostNumber(n int) netip.Addr {
	b := world.As16()
	b[14], b[15] = byte(n>>8), byte(n)
	return netip.AddrFrom16(b)
}

// stranger is a host from which no domain lets its mail be sent.
var stranger = hostNumber(666)

// serverOf is the host by which the mail of a domain is sent; invalid for domains that the
// demo does not know.
func serverOf(domain string) netip.Addr {
	if domain == mailDomain {
		return hostNumber(1)
	}
	i := slices.IndexFunc(everybody, func(p Person) bool { return p.Email != "" && p.Domain() == domain })
	if i < 0 {
		return netip.Addr{}
	}
	return hostNumber(2 + i)
}

// hostOf is the host by which a mail in somebody's name comes: who is not known, and who
// pretends to be of the business, has no server of their own.
func hostOf(from parley.Address, forged bool) netip.Addr {
	if at := serverOf(from.Domain()); at.IsValid() && !forged && from.Domain() != mailDomain {
		return at
	}
	return stranger
}

// remote is how a host stands in an envelope.
func remote(host netip.Addr) string { return netip.AddrPortFrom(host, 25).String() }
