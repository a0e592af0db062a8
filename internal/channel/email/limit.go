package email

import (
	"net"
	"net/netip"
	"sync"
)

// connLimits counts the connections that are open, together and by client.
type connLimits struct {
	max, perIP int

	mu    sync.Mutex
	total int
	byIP  map[netip.Prefix]int
}

func newConnLimits(limit, perIP int) *connLimits {
	return &connLimits{max: limit, perIP: perIP, byIP: map[netip.Prefix]int{}}
}

// enter counts a connection; leave is to be called when it is over. With a
// refusal there is nothing to leave.
func (c *connLimits) enter(remote net.Addr) (leave func(), refused *reply) {
	who := clientOf(remote)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.total >= c.max {
		return nil, &replyBusy
	}
	if c.byIP[who] >= c.perIP {
		return nil, &replyBusyClient
	}
	c.total++
	c.byIP[who]++
	return func() { c.leave(who) }, nil
}

func (c *connLimits) leave(who netip.Prefix) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total--
	if c.byIP[who]--; c.byIP[who] == 0 {
		delete(c.byIP, who)
	}
}

// clientOf is the address that one client is known by: one customer commands a whole IPv6 /64.
func clientOf(remote net.Addr) netip.Prefix {
	at, err := netip.ParseAddrPort(remote.String())
	if err != nil {
		return netip.Prefix{}
	}
	ip := at.Addr().Unmap().WithZone("")
	bits := 64
	if ip.Is4() {
		bits = 32
	}
	p, _ := ip.Prefix(bits) // fails only for more bits than the address has
	return p
}

// budget is memory shared by all sessions.
type budget struct {
	mu   sync.Mutex
	left int64
}

// take reserves n bytes, or nothing and reports false.
func (b *budget) take(n int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n > b.left {
		return false
	}
	b.left -= n
	return true
}

func (b *budget) give(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left += n
}
