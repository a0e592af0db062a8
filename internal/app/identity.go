package app

import (
	"context"
	"net"
	"time"

	"parley/internal/channel/email"
)

// imageCache bounds the images from elsewhere that are kept, in bytes.
const imageCache = 256 << 20

// maxMedia bounds a file of a text, in bytes: what is larger is shown with its address.
const maxMedia = 6 << 20

// checks of who sent a mail, by the resolver that the operator chose; nil: none.
func checks(dns string) *email.Checks {
	asked := resolver(dns)
	if asked == nil {
		return nil
	}
	return email.NewChecks(asked, time.Now)
}

// resolver is the one that the operator chose; nil: the DNS is not asked.
func resolver(dns string) *net.Resolver {
	switch dns {
	case "off", "":
		return nil
	case "system":
		return &net.Resolver{}
	}
	var d net.Dialer
	return &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return d.DialContext(ctx, network, dns)
		},
	}
}
