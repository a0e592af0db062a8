package dial_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"parley/internal/dial"
	"parley/internal/parley"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"8.8.8.8":                  true,
		"1.1.1.1":                  true,
		"172.15.255.255":           true,
		"172.32.0.0":               true,
		"100.63.255.255":           true,
		"100.128.0.0":              true,
		"0.0.0.0":                  false,
		"0.1.2.3":                  false,
		"10.1.2.3":                 false,
		"100.64.0.1":               false,
		"127.0.0.1":                false,
		"127.255.255.254":          false,
		"169.254.169.254":          false,
		"172.16.0.1":               false,
		"172.31.255.255":           false,
		"192.0.0.8":                false,
		"192.0.2.1":                false,
		"192.168.1.1":              false,
		"198.18.0.1":               false,
		"198.51.100.7":             false,
		"203.0.113.7":              false,
		"224.0.0.1":                false,
		"239.255.255.250":          false,
		"240.0.0.1":                false,
		"255.255.255.255":          false,
		"2606:4700::1111":          true,
		"2a00:1450:4001::200e":     true,
		"::":                       false,
		"::1":                      false,
		"::7f00:1":                 false, // IPv4-compatible, deprecated
		"::ffff:127.0.0.1":         false,
		"::ffff:169.254.169.254":   false,
		"::ffff:8.8.8.8":           true,
		"64:ff9b::8.8.8.8":         true, // the public IPv4 internet behind NAT64
		"64:ff9b::10.0.0.1":        false,
		"64:ff9b::169.254.169.254": false,
		"64:ff9b:1::8.8.8.8":       false, // local use, RFC 8215
		"100::1":                   false,
		"2001::1":                  false, // Teredo
		"2001:db8::1":              false,
		"2002:7f00:1::":            false, // 6to4 of 127.0.0.1
		"3fff::1":                  false,
		"4000::1":                  false,
		"5f00::1":                  false,
		"fc00::1":                  false,
		"fd12:3456::1":             false,
		"fe80::1":                  false,
		"fe80::1%eth0":             false,
		"fec0::1":                  false,
		"ff02::1":                  false,
	}
	for s, want := range tests {
		if got := dial.Public(netip.MustParseAddr(s)); got != want {
			t.Errorf("Public(%s) = %v, want %v", s, got, want)
		}
	}
	if dial.Public(netip.Addr{}) {
		t.Error("the zero address is public")
	}
}

func TestDialRefusesPrivateAddresses(t *testing.T) {
	t.Parallel()
	port, accepted := listen(t, "127.0.0.1:0")
	d := dial.New(dial.Policy{})
	for _, host := range []string{"127.0.0.1", "localhost", "::ffff:127.0.0.1", "0.0.0.0", "::1", "::"} {
		conn, err := d.DialContext(t.Context(), "tcp", net.JoinHostPort(host, port))
		if err == nil {
			_ = conn.Close()
			t.Errorf("%s: connected", host)
			continue
		}
		if !parley.IsCode(err, parley.Invalid) {
			t.Errorf("%s: %v is no refusal", host, err)
		}
	}
	if n := accepted(); n != 0 {
		t.Errorf("%d connections reached the private server", n)
	}
}

func TestDialRefusesOtherNetworks(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"unix", "udp", "ip4:icmp", ""} {
		if _, err := dial.New(dial.Policy{}).DialContext(t.Context(), network, "127.0.0.1:1"); err == nil {
			t.Errorf("network %q was dialled", network)
		}
	}
}

func TestDialRefusesAnAddressWithoutPort(t *testing.T) {
	t.Parallel()
	if _, err := dial.Trusted().DialContext(t.Context(), "tcp", "localhost"); err == nil {
		t.Error("an address without port was dialled")
	}
}

func TestDialAllowed(t *testing.T) {
	t.Parallel()
	port, _ := listen(t, "127.0.0.1:0")
	tests := []struct {
		allow, host string
		want        bool
	}{
		{"127.0.0.0/8", "127.0.0.1", true},
		{"127.0.0.1", "127.0.0.1", true},
		{"::ffff:127.0.0.1", "127.0.0.1", true},
		{"::ffff:127.0.0.0/104", "127.0.0.1", true},
		{"127.0.0.1", "::ffff:127.0.0.1", true},
		{"127.0.0.2", "127.0.0.1", false},
		{"LocalHost.", "localhost", true},
		{"localhost", "127.0.0.1", false}, // the name is allowed, not every name of that address
		{"relay.internal", "localhost", false},
	}
	for _, tc := range tests {
		allow, err := dial.ParseAllow([]string{tc.allow})
		if err != nil {
			t.Fatal(err)
		}
		conn, err := dial.New(dial.Policy{Allow: allow}).DialContext(t.Context(), "tcp", net.JoinHostPort(tc.host, port))
		if conn != nil {
			_ = conn.Close()
		}
		if (err == nil) != tc.want {
			t.Errorf("allow %s, dial %s: %v", tc.allow, tc.host, err)
		}
	}
}

func TestTrustedReachesAnything(t *testing.T) {
	t.Parallel()
	port, _ := listen(t, "127.0.0.1:0")
	conn, err := dial.Trusted().DialContext(t.Context(), "tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
}

func TestParseAllowTellsAllFaults(t *testing.T) {
	t.Parallel()
	bad := []string{"10.0.0.0/33", "http://relay", "*.example.com", "relay:25", "10.0.0", "a b"}
	_, err := dial.ParseAllow(append([]string{"10.0.0.0/8", " ", "relay.internal"}, bad...))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, entry := range bad {
		if !strings.Contains(err.Error(), entry) {
			t.Errorf("%q is not named in %q", entry, err)
		}
	}
	if strings.Contains(err.Error(), "relay.internal") {
		t.Errorf("a good entry is named in %q", err)
	}
}

// TestRebinding lets a name answer an allowed address first and a private one
// later: each connection is judged by the address that it goes to.
func TestRebinding(t *testing.T) {
	t.Parallel()
	port, _ := listen(t, "127.0.0.2:0")
	allow, err := dial.ParseAllow([]string{"127.0.0.2"})
	if err != nil {
		t.Fatal(err)
	}
	ns := &nameServer{}
	d := dial.New(dial.Policy{Allow: allow, Resolver: ns.resolver()})
	for _, step := range []struct {
		answers []string
		want    bool
	}{
		{[]string{"127.0.0.2"}, true},
		{[]string{"127.0.0.1"}, false},
		{[]string{"127.0.0.1", "127.0.0.2"}, true}, // only the allowed one is tried
		{[]string{"::ffff:127.0.0.1"}, false},
	} {
		ns.set(step.answers...)
		conn, err := d.DialContext(t.Context(), "tcp", "rebind.test.:"+port)
		if (err == nil) != step.want {
			t.Errorf("%v: %v", step.answers, err)
		}
		if conn == nil {
			continue
		}
		if got := conn.RemoteAddr().(*net.TCPAddr).IP.String(); got != "127.0.0.2" {
			t.Errorf("%v: connected to %s", step.answers, got)
		}
		_ = conn.Close()
	}
}

// listen accepts and closes connections; accepted tells how many came.
func listen(t *testing.T, addr string) (port string, accepted func() int) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var n int
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			n++
			mu.Unlock()
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	_, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port, func() int {
		mu.Lock()
		defer mu.Unlock()
		return n
	}
}

// nameServer answers every question with the same addresses, in memory.
type nameServer struct {
	mu      sync.Mutex
	answers []netip.Addr
}

func (s *nameServer) set(answers ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = nil
	for _, a := range answers {
		s.answers = append(s.answers, netip.MustParseAddr(a))
	}
}

func (s *nameServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go s.serve(server)
		return client, nil
	}}
}

// serve speaks DNS over a stream: each message has its length before it (RFC 1035 4.2.2).
func (s *nameServer) serve(conn net.Conn) {
	defer conn.Close()
	for {
		var size uint16
		if binary.Read(conn, binary.BigEndian, &size) != nil {
			return
		}
		buf := make([]byte, size)
		if _, err := io.ReadFull(conn, buf); err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf) != nil {
			return
		}
		m.Response, m.Additionals = true, nil
		m.Answers = s.answer(m.Questions[0])
		out, err := m.Pack()
		if err != nil {
			return
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...)); err != nil {
			return
		}
	}
}

func (s *nameServer) answer(q dnsmessage.Question) []dnsmessage.Resource {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []dnsmessage.Resource
	for _, ip := range slices.Clone(s.answers) {
		h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 0}
		switch {
		case ip.Is4() && q.Type == dnsmessage.TypeA:
			out = append(out, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: ip.As4()}})
		case ip.Is6() && q.Type == dnsmessage.TypeAAAA:
			out = append(out, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
		}
	}
	return out
}
