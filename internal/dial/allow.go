package dial

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// Allow lists hosts and networks that may be reached although they are private.
// The zero Allow is empty.
type Allow struct {
	hosts    map[string]bool
	networks []netip.Prefix
}

// ParseAllow reads an operator's list: host names, addresses and CIDRs. All
// faults are told at once. A host name allows that very name, wherever it
// resolves to; there are no wildcards.
func ParseAllow(entries []string) (Allow, error) {
	a := Allow{hosts: map[string]bool{}}
	var faults []error
	for _, entry := range entries {
		e := strings.TrimSpace(entry)
		if e == "" {
			continue
		}
		if err := a.add(e); err != nil {
			faults = append(faults, err)
		}
	}
	return a, errors.Join(faults...)
}

func (a *Allow) add(e string) error {
	if p, err := netip.ParsePrefix(e); err == nil {
		a.networks = append(a.networks, unmap(p.Masked()))
		return nil
	}
	if ip, err := netip.ParseAddr(strings.Trim(e, "[]")); err == nil {
		ip = ip.Unmap().WithZone("")
		a.networks = append(a.networks, netip.PrefixFrom(ip, ip.BitLen()))
		return nil
	}
	if !validHost(e) {
		return fmt.Errorf("%q is neither a host name nor an address nor a CIDR", e)
	}
	a.hosts[hostKey(e)] = true
	return nil
}

// unmap turns ::ffff:10.0.0.0/104 into 10.0.0.0/8: addresses are compared unmapped.
func unmap(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p
}

func (a Allow) host(name string) bool { return a.hosts[hostKey(name)] }

func (a Allow) addr(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return within(ip, a.networks)
}

func hostKey(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// validHost keeps out what can only be a mistake: a URL, a port, a wildcard, a broken CIDR.
func validHost(s string) bool {
	last := s[strings.LastIndexByte(strings.TrimSuffix(s, "."), '.')+1:]
	if len(s) > 253 || strings.Trim(last, "0123456789.") == "" { // 10.0.0: an address that is not one
		return false
	}
	for _, c := range []byte(s) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		digit := '0' <= c && c <= '9'
		if !letter && !digit && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return true
}
