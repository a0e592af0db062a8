package email_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/parley"
)

// dnsZone answers from a table: TXT by name, addresses by host.
type dnsZone map[string][]string

func (z dnsZone) LookupTXT(_ context.Context, name string) ([]string, error) {
	if all, ok := z[strings.TrimSuffix(name, ".")]; ok {
		return all, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (dnsZone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (dnsZone) LookupIPAddr(_ context.Context, host string) ([]net.IPAddr, error) {
	if host == "relay.shop.test" {
		return []net.IPAddr{{IP: net.IPv4(192, 0, 2, 7)}}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (dnsZone) LookupAddr(_ context.Context, addr string) ([]string, error) {
	return nil, &net.DNSError{Err: "no such host", Name: addr, IsNotFound: true}
}

func TestCheckSender(t *testing.T) {
	t.Parallel()
	key := "v=DKIM1; k=rsa; p=MIGf"
	for name, c := range map[string]struct {
		zone             dnsZone
		relay            string
		spf, dkim, dmarc string
		add              string // of SPF
		aligned          bool
	}{
		"nothing":         {dnsZone{}, "relay.shop.test", "missing", "missing", "missing", "v=spf1 a:relay.shop.test ~all", false},
		"all by address":  {dnsZone{"shop.test": {"x", "v=spf1 ip4:192.0.2.0/24 -all"}, "s9._domainkey.shop.test": {key}, "_dmarc.shop.test": {"v=DMARC1; p=reject"}}, "relay.shop.test", "ok", "ok", "ok", "", true},
		"another relay":   {dnsZone{"shop.test": {"v=spf1 ip4:198.51.100.1 -all"}}, "relay.shop.test", "wrong", "missing", "missing", "v=spf1 ip4:198.51.100.1 a:relay.shop.test -all", false},
		"two records":     {dnsZone{"shop.test": {"v=spf1 -all", "v=spf1 a ~all"}}, "relay.shop.test", "wrong", "missing", "missing", "v=spf1 a:relay.shop.test ~all (one record in place of all of them)", false},
		"a known service": {dnsZone{"shop.test": {"v=spf1 include:_spf.google.com ~all"}, "google._domainkey.shop.test": {key}}, "smtp.gmail.com", "ok", "ok", "missing", "", true},
		"a revoked key":   {dnsZone{"default._domainkey.shop.test": {"v=DKIM1; p="}, "_dmarc.shop.test": {"v=DMARC1; p=never"}}, "relay.shop.test", "missing", "wrong", "wrong", "v=spf1 a:relay.shop.test ~all", false},
	} {
		r, err := email.NewRelays(email.RelaysConfig{URL: "smtp://" + c.relay, Dial: new(net.Dialer).DialContext})
		if err != nil {
			t.Fatal(err)
		}
		ch := open(t, email.Type{Relays: r, Checks: email.NewChecks(c.zone, time.Now)}, `{}`)
		got, err := ch.(channel.SenderChecker).CheckSender(t.Context(), "help@shop.test", []string{"s9"})
		if err != nil {
			t.Fatal(err)
		}
		if got.SPF.State != c.spf || got.DKIM.State != c.dkim || got.DMARC.State != c.dmarc || got.SPF.Add != c.add || got.Aligned != c.aligned || got.Domain != "shop.test" {
			t.Errorf("%s: %+v", name, got)
		}
		if wrong := c.spf != "ok" || c.dmarc != "ok"; wrong != (len(got.Notes) > 0) {
			t.Errorf("%s says %q", name, got.Notes)
		}
	}
	if _, err := open(t, email.Type{}, `{}`).(channel.SenderChecker).CheckSender(t.Context(), "help@shop.test", nil); !parley.IsCode(err, parley.Unavailable) {
		t.Errorf("without the DNS: %v", err)
	}
}
