package email

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"blitiri.com.ar/go/spf"
	"golang.org/x/net/publicsuffix"

	"parley/internal/parley"
)

// How a record that receivers go by stands.
const (
	recordOK      = "ok"
	recordMissing = "missing"
	recordWrong   = "wrong"
	recordUnknown = "unknown"
)

// senderTime bounds all questions of one check.
const senderTime = 15 * time.Second

// relayers are mail services by the domain of their relays: what SPF includes for
// them, and the selectors with which they sign.
var relayers = map[string]struct {
	include   string
	selectors []string
}{
	"google.com":      {"_spf.google.com", []string{"google"}},
	"gmail.com":       {"_spf.google.com", []string{"google"}},
	"office365.com":   {"spf.protection.outlook.com", []string{"selector1", "selector2"}},
	"outlook.com":     {"spf.protection.outlook.com", []string{"selector1", "selector2"}},
	"sendgrid.net":    {"sendgrid.net", []string{"s1", "s2"}},
	"mailgun.org":     {"mailgun.org", []string{"mailo", "k1", "mx", "pic"}},
	"amazonaws.com":   {"amazonses.com", nil},
	"postmarkapp.com": {"spf.mtasv.net", []string{"pm"}},
	"zoho.com":        {"zoho.com", []string{"zoho", "zmail"}},
	"zoho.eu":         {"zoho.eu", []string{"zoho", "zmail"}},
	"mailjet.com":     {"spf.mailjet.com", []string{"mailjet"}},
	"brevo.com":       {"spf.brevo.com", []string{"mail", "brevo1", "brevo2"}},
}

// usualSelectors are tried where nothing better is known: a key cannot be asked
// for without its name (RFC 6376 3.6.2.1).
var usualSelectors = []string{"default", "mail", "dkim", "google", "selector1", "selector2", "s1", "k1"}

// CheckSender implements channel.SenderChecker.
func (c *emailChannel) CheckSender(ctx context.Context, address string, selectors []string) (parley.SenderCheck, error) {
	if c.checks == nil {
		return parley.SenderCheck{}, parley.Errorf(parley.Unavailable, "way.no_dns", "This server is set not to ask the DNS, so records cannot be checked.")
	}
	ctx, cancel := context.WithTimeout(ctx, senderTime)
	defer cancel()
	s := senderCheck{ctx: ctx, names: c.checks.names}
	s.Domain = parley.Address{Email: address}.Domain()
	if c.relay != nil {
		s.host = c.relay.to.host
		s.service = registered(s.host)
	}
	s.spf()
	s.dkim(selectors)
	s.dmarc()
	s.Aligned = s.SPF.State == recordOK || s.DKIM.State == recordOK
	s.note()
	return s.SenderCheck, nil
}

// senderCheck is one domain's.
type senderCheck struct {
	parley.SenderCheck
	ctx     context.Context //nolint:containedctx // it lives as long as one check
	names   Resolver
	host    string // of the relay
	service string // the relay's registered domain
}

// one finds the record that begins so; there may be only one.
func (s *senderCheck) one(name, begin string) (record, state string) {
	all, err := s.names.LookupTXT(s.ctx, name)
	if dns, ok := errors.AsType[*net.DNSError](err); err != nil && (!ok || !dns.IsNotFound) {
		return "", recordUnknown
	}
	all = slices.DeleteFunc(slices.Clone(all), func(r string) bool {
		head, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(r)), " ")
		head, _, _ = strings.Cut(head, ";")
		return strings.TrimSpace(head) != begin
	})
	switch len(all) {
	case 0:
		return "", recordMissing
	case 1:
		return all[0], recordOK
	}
	return strings.Join(all, "\n"), recordWrong // nobody may choose (RFC 7208 3.2, RFC 7489 6.6.3)
}

// spf: the relay must be among those that may send for the domain (RFC 7208).
func (s *senderCheck) spf() {
	want := "a:" + s.host
	if known, ok := relayers[s.service]; ok {
		want = "include:" + known.include
	} else if net.ParseIP(s.host) != nil {
		want = "ip4:" + s.host
		if strings.Contains(s.host, ":") {
			want = "ip6:" + s.host
		}
	}
	record, state := s.one(s.Domain, "v=spf1")
	s.SPF = parley.SenderRecord{State: state, Name: s.Domain, Record: record}
	switch {
	case s.host == "" || state == recordUnknown:
	case state == recordMissing:
		s.SPF.Add = "v=spf1 " + want + " ~all"
	case state == recordWrong:
		s.SPF.Add = strings.TrimSpace("v=spf1 "+want+" ~all") + " (one record in place of all of them)"
	case !s.mayRelay(want):
		s.SPF.State = recordWrong
		if at := strings.LastIndex(record, " "); at > 0 && strings.HasSuffix(strings.ToLower(record), "all") {
			s.SPF.Add = record[:at] + " " + want + record[at:]
		} else {
			s.SPF.Add = record + " " + want
		}
	}
}

// mayRelay asks what SPF says of the relay. Services send from other hosts than
// the one that takes mail: there what the record includes is what counts.
func (s *senderCheck) mayRelay(want string) bool {
	if strings.Contains(strings.ToLower(" "+s.SPF.Record+" "), " "+want+" ") {
		return true
	}
	hosts, err := s.names.LookupIPAddr(s.ctx, s.host)
	if err != nil {
		return false
	}
	for _, at := range hosts {
		result, _ := spf.CheckHostWithSender(at.IP, s.host, "postmaster@"+s.Domain, spf.WithContext(s.ctx), spf.WithResolver(s.names)) // its fault is in the result
		if result == spf.Pass {
			return true
		}
	}
	return false
}

// dkim: a key must be published for a signature with the domain's own name (RFC 6376).
func (s *senderCheck) dkim(selectors []string) {
	selectors = slices.Concat(selectors, relayers[s.service].selectors, usualSelectors)
	s.DKIM = parley.SenderRecord{State: recordMissing, Name: selectors[0] + "._domainkey." + s.Domain}
	asked := map[string]bool{}
	for _, selector := range selectors {
		name := selector + "._domainkey." + s.Domain
		if asked[name] {
			continue
		}
		asked[name] = true
		all, err := s.names.LookupTXT(s.ctx, name)
		if dns, ok := errors.AsType[*net.DNSError](err); err != nil && (!ok || !dns.IsNotFound) {
			s.DKIM.State = recordUnknown
			continue
		}
		for _, record := range all {
			if key := tagOf(record, "p"); key != nil {
				s.DKIM = parley.SenderRecord{State: recordOK, Name: name, Record: record}
				if *key == "" { // revoked (RFC 6376 3.6.1)
					s.DKIM.State = recordWrong
					continue
				}
				return
			}
		}
	}
	if s.DKIM.State != recordOK {
		s.DKIM.Add = "the record that your mail service shows under DKIM or domain authentication"
	}
}

// dmarc: there must be a policy, of the domain or of the one above it (RFC 7489).
func (s *senderCheck) dmarc() {
	record, state := s.one("_dmarc."+s.Domain, "v=dmarc1")
	if above, err := publicsuffix.EffectiveTLDPlusOne(s.Domain); state == recordMissing && err == nil && above != s.Domain {
		record, state = s.one("_dmarc."+above, "v=dmarc1")
	}
	s.DMARC = parley.SenderRecord{State: state, Name: "_dmarc." + s.Domain, Record: record}
	if state == recordOK {
		if p := tagOf(record, "p"); p == nil || !slices.Contains([]string{"none", "quarantine", "reject"}, strings.ToLower(*p)) {
			s.DMARC.State = recordWrong
		}
	}
	if s.DMARC.State == recordMissing || s.DMARC.State == recordWrong {
		s.DMARC.Add = "v=DMARC1; p=none; rua=mailto:postmaster@" + s.Domain
	}
}

// tagOf reads name=value; … (RFC 6376 3.2); nil: it is not there.
func tagOf(record, name string) *string {
	for tag := range strings.SplitSeq(record, ";") {
		if key, value, ok := strings.Cut(tag, "="); ok && strings.EqualFold(strings.TrimSpace(key), name) {
			return new(strings.TrimSpace(value))
		}
	}
	return nil
}

// note says in words what follows.
func (s *senderCheck) note() {
	say := func(yes bool, text string) {
		if yes {
			s.Notes = append(s.Notes, text)
		}
	}
	say(s.host == "", "No mail leaves by this channel yet: there is no mail relay.")
	say(s.SPF.State == recordMissing, "SPF says which servers may send mail for "+s.Domain+". Without it, receivers guess.")
	say(s.SPF.State == recordWrong && s.SPF.Add != "", "The SPF record does not name the server by which this channel's mail leaves. Change it as shown.")
	say(s.DKIM.State == recordMissing, "No DKIM key was found. Your mail service has a page that shows the record to add; after a round-trip test we know under which name to look.")
	say(s.DMARC.State == recordMissing, "DMARC tells receivers what to do with mail that only pretends to be from "+s.Domain+". Google and Yahoo ask it of everybody who sends much.")
	say(!s.Aligned && s.host != "", "As it is, mail of this channel may land in spam folders.")
	say(s.SPF.State == recordUnknown || s.DKIM.State == recordUnknown || s.DMARC.State == recordUnknown, "The DNS did not answer all questions just now. Try again later.")
}
