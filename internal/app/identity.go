package app

import (
	"context"
	"errors"
	"net"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/demo"
)

// imageCache bounds the images from elsewhere that are kept, in bytes.
const imageCache = 256 << 20

// maxMedia bounds a file of a text, in bytes: what is larger is shown with its address.
const maxMedia = 6 << 20

// checks of who sent a mail, by the resolver that the operator chose; nil: none.
func (r *rooms) checks() *email.Checks {
	if r.names != nil {
		return email.NewChecks(r.names, time.Now)
	}
	asked := resolver(r.cfg.DNS)
	if asked == nil {
		return nil
	}
	return email.NewChecks(asked, time.Now)
}

// sampleVerifier checks the senders of sample data, who are known to its own names alone.
func sampleVerifier() (channel.Verifier, error) {
	ch, err := email.Type{Checks: email.NewChecks(demo.Names{}, time.Now)}.Open(0, nil)
	if err != nil {
		return nil, err
	}
	v, ok := ch.(channel.Verifier)
	if !ok {
		return nil, errors.New("mail has no check of its senders")
	}
	return v, nil
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
