package dial

import "net/netip"

// Public reports whether ip is an address of the public internet: not private,
// shared (CGNAT), loopback, link-local, multicast, documentation, benchmarking or
// otherwise set aside (IANA special-purpose registries, RFC 6890). An IPv4
// address within an IPv6 one is judged as IPv4.
func Public(ip netip.Addr) bool {
	if !ip.IsValid() || ip.Zone() != "" { // only link-local addresses have zones
		return false
	}
	ip = embedded(ip.Unmap())
	if ip.Is4() {
		return !within(ip, special4)
	}
	// All global unicast addresses that were ever handed out lie in 2000::/3
	// (RFC 4291 2.4, IANA); what lies outside is refused without a list.
	return global6.Contains(ip) && !within(ip, special6)
}

// nat64 is the prefix under which a NAT64 gateway shows the IPv4 internet, and
// IPv4 networks of its own, to hosts that have IPv6 alone (RFC 6052 2.1).
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// embedded gives the IPv4 address that ip carries in its last four bytes.
func embedded(ip netip.Addr) netip.Addr {
	if !nat64.Contains(ip) {
		return ip
	}
	b := ip.As16()
	return netip.AddrFrom4([4]byte(b[12:]))
}

var global6 = netip.MustParsePrefix("2000::/3")

var special4 = prefixes(
	"0.0.0.0/8",       // this network, RFC 791
	"10.0.0.0/8",      // private, RFC 1918
	"100.64.0.0/10",   // carrier-grade NAT, RFC 6598
	"127.0.0.0/8",     // loopback
	"169.254.0.0/16",  // link-local; cloud metadata
	"172.16.0.0/12",   // private, RFC 1918
	"192.0.0.0/24",    // protocol assignments, RFC 6890
	"192.0.2.0/24",    // documentation, RFC 5737
	"192.88.99.0/24",  // 6to4 relays, RFC 7526
	"192.168.0.0/16",  // private, RFC 1918
	"198.18.0.0/15",   // benchmarking, RFC 2544
	"198.51.100.0/24", // documentation, RFC 5737
	"203.0.113.0/24",  // documentation, RFC 5737
	"224.0.0.0/4",     // multicast
	"240.0.0.0/4",     // reserved, and broadcast
)

var special6 = prefixes(
	"2001::/23",     // protocol assignments, RFC 2928: Teredo, ORCHID, benchmarking
	"2001:db8::/32", // documentation, RFC 3849
	"2002::/16",     // 6to4, RFC 7526: may carry a private IPv4 address
	"3fff::/20",     // documentation, RFC 9637
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, 0, len(list))
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

func within(ip netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}
