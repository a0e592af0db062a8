package email

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"strings"
	"time"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"

	"parley/internal/channel"
	"parley/internal/dial"
	"parley/internal/parley"
)

const (
	checkTime     = 5 * time.Second // for one mail, all questions together
	maxSignatures = 5
)

// Checks tell whether a mail is from whom it says: SPF (RFC 7208), DKIM (RFC
// 6376) and DMARC (RFC 7489), asked of the DNS. What another server wrote about
// it (Authentication-Results, RFC 8601) is not believed: anybody can write that.
type Checks struct{ names *names }

// NewChecks asks resolver, which *net.Resolver is.
func NewChecks(resolver Resolver, now func() time.Time) *Checks {
	return &Checks{newNames(resolver, now)}
}

// Verify implements channel.Verifier.
func (c *emailChannel) Verify(ctx context.Context, raw channel.Raw, p channel.Parsed) *parley.Auth {
	if c.checks == nil {
		return nil
	}
	return c.checks.verify(ctx, raw, p.From)
}

// verify is nil where there is nothing to go by: neither a host of the public
// internet that brought the mail, nor a signature.
func (c *Checks) verify(ctx context.Context, raw channel.Raw, from parley.Address) *parley.Auth {
	host := publicHost(raw.RemoteAddr)
	if from.Domain() == "" || !host.IsValid() && !isSigned(raw.Body) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	k := check{Checks: c, ctx: ctx, from: strings.ToLower(from.Domain())}
	k.askSPF(host, spfSender(raw))
	k.askDKIM(raw.Body)
	k.askDMARC()
	return &parley.Auth{SPF: k.spf, DKIM: k.dkim, DMARC: k.dmarc, Verified: k.verified(), Domain: k.from}
}

// check is one mail's.
type check struct {
	*Checks
	ctx              context.Context //nolint:containedctx // it lives as long as one call of verify
	from             string          // the domain in From
	spf, dkim, dmarc parley.Verdict
	forbidden        bool     // SPF says that this host must not send for its domain
	vouched          []string // the domains that SPF or DKIM answers for, SPF's first if it does
	bySPF            bool     // the first of vouched is SPF's
	unsure           bool     // somebody did not answer, or the host is not known: no verdict against the sender
}

// spfSender is whom SPF is asked about: a report has no envelope address, so it is who
// brings it, by the name it gave itself (RFC 7208 2.4).
func spfSender(raw channel.Raw) string {
	helo := strings.TrimSuffix(raw.Helo, ".")
	if raw.MailFrom != "" || !strings.Contains(helo, ".") || strings.ContainsAny(helo, "[]@: ") {
		return raw.MailFrom
	}
	return "postmaster@" + helo
}

func (k *check) askSPF(host netip.Addr, mailFrom string) {
	k.spf = parley.VerdictNone
	domain := parley.Address{Email: mailFrom}.Domain()
	if !host.IsValid() {
		k.unsure = true // who stands before us knows it; we can't
		return
	}
	if domain == "" {
		return
	}
	result, _ := spf.CheckHostWithSender(net.IP(host.AsSlice()), domain, mailFrom, spf.WithContext(k.ctx), spf.WithResolver(k.names))
	switch result {
	case spf.Pass:
		k.spf, k.bySPF, k.vouched = parley.VerdictPass, true, []string{strings.ToLower(domain)}
	case spf.Fail:
		k.spf, k.forbidden = parley.VerdictFail, true
	case spf.SoftFail:
		k.spf = parley.VerdictFail
	case spf.TempError:
		k.unsure = true
	}
}

func (k *check) askDKIM(body []byte) {
	k.dkim = parley.VerdictNone
	found, err := dkim.VerifyWithOptions(bytes.NewReader(body), &dkim.VerifyOptions{
		LookupTXT: func(name string) ([]string, error) { return k.names.LookupTXT(k.ctx, name) }, MaxVerifications: maxSignatures,
	})
	if err != nil && len(found) == 0 {
		return // its header can't be read that far: as good as unsigned
	}
	for _, v := range found {
		switch {
		case v.Err == nil:
			k.dkim = parley.VerdictPass
			k.vouched = append(k.vouched, strings.ToLower(v.Domain))
		case dkim.IsTempFail(v.Err):
			k.unsure = true
		case k.dkim == parley.VerdictNone:
			k.dkim = parley.VerdictFail
		}
	}
}

// askDMARC finds the policy of the domain in From, else that of the organisation
// (RFC 7489 6.6.3), and whether a domain that was vouched for is the same.
func (k *check) askDMARC() {
	k.dmarc = parley.VerdictNone
	options := &dmarc.LookupOptions{LookupTXT: func(name string) ([]string, error) { return k.names.LookupTXT(k.ctx, name) }}
	record, err := dmarc.LookupWithOptions(k.from, options)
	if top := organisation(k.from); err == dmarc.ErrNoPolicy && top != k.from { //nolint:errorlint // it is returned as it is
		record, err = dmarc.LookupWithOptions(top, options)
	}
	if err != nil {
		return
	}
	switch {
	case k.aligned(record.SPFAlignment == dmarc.AlignmentStrict, record.DKIMAlignment == dmarc.AlignmentStrict):
		k.dmarc = parley.VerdictPass
	case !k.unsure:
		k.dmarc = parley.VerdictFail
	}
}

// aligned reports whether the domain in From was vouched for (RFC 7489 3.1).
func (k *check) aligned(strictSPF, strictDKIM bool) bool {
	for i, domain := range k.vouched {
		strict := strictDKIM
		if i == 0 && k.bySPF {
			strict = strictSPF
		}
		if domain == k.from || !strict && organisation(domain) == organisation(k.from) {
			return true
		}
	}
	return false
}

// verified puts it together. A domain without a policy is believed where it was
// vouched for, and not where it says itself that this host must not send for it.
func (k *check) verified() parley.Verdict {
	switch {
	case k.dmarc != parley.VerdictNone:
		return k.dmarc
	case k.aligned(false, false):
		return parley.VerdictPass
	case k.forbidden && !k.unsure:
		return parley.VerdictFail
	}
	return parley.VerdictNone
}

// organisation is the domain that was registered (RFC 7489 3.2).
func organisation(domain string) string {
	top, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return domain
	}
	return top
}

// publicHost is the address of who brought a mail; invalid where that is a server
// of our own, which has it from elsewhere, or nobody that we know.
func publicHost(remote string) netip.Addr {
	at, err := netip.ParseAddrPort(remote)
	if err != nil || !dial.Public(at.Addr()) {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

// isSigned looks for a signature in the header.
func isSigned(mail []byte) bool {
	for line := range bytes.Lines(mail) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return false
		}
		if name, _, ok := bytes.Cut(line, []byte(":")); ok && strings.EqualFold(strings.TrimSpace(string(name)), "DKIM-Signature") {
			return true
		}
	}
	return false
}
