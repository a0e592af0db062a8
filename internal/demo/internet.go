package demo

import (
	"context"
	"net/netip"
	"sync"

	"parley/internal/channel"
)

// internet is what lies between this side and the product's mail server. All mails come
// over this machine's loopback; which host of the world each is said to come from is
// noted here.
type internet struct {
	to    channel.Sink
	hosts *sync.Map // netip.Addr, by the local address of the connection
}

// Internet makes the mails that come from this side seem to come from hosts of the internet,
// as they would: the product looks at those to tell who may send for a domain.
func (c *Customer) Internet(to channel.Sink) channel.Sink { return internet{to, &c.hosts} }

// Accept implements channel.Sink.
func (i internet) Accept(ctx context.Context, raw channel.Raw) error {
	if host, ok := i.hosts.Load(raw.RemoteAddr); ok {
		raw.RemoteAddr = remote(host.(netip.Addr))
	}
	return i.to.Accept(ctx, raw)
}
