package email

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/parley"
)

// zone is a DNS of its own: records by name.
type zone struct {
	txt  map[string]string
	down bool

	mu    sync.Mutex
	asked []string
}

func (z *zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.asked = append(z.asked, name)
	if z.down {
		return nil, &net.DNSError{Err: "timeout", Name: name, IsTimeout: true, IsTemporary: true}
	}
	if v, ok := z.txt[strings.TrimSuffix(name, ".")]; ok {
		return []string{v}, nil
	}
	return nil, z.none(name)
}

func (z *zone) none(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z *zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) { return nil, z.none(name) }

func (z *zone) LookupIPAddr(_ context.Context, name string) ([]net.IPAddr, error) {
	return nil, z.none(name)
}

func (z *zone) LookupAddr(_ context.Context, name string) ([]string, error) { return nil, z.none(name) }

const letter = "From: Ann <ann@shop.test>\r\nTo: us@harbour.example\r\nSubject: order\r\n\r\nhello\r\n"

// sign signs mail for a domain, with the key that published holds.
func sign(t *testing.T, mail, domain string) string {
	t.Helper()
	var out bytes.Buffer
	err := dkim.Sign(&out, strings.NewReader(mail), &dkim.SignOptions{Domain: domain, Selector: "k", Signer: testKey, HeaderKeys: []string{"From", "Subject"}})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var testKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte("k"), ed25519.SeedSize))

var published = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(testKey.Public().(ed25519.PublicKey))

func TestVerify(t *testing.T) {
	t.Parallel()
	const goodHost, badHost, ourHost = "8.8.8.8:1234", "9.9.9.9:1234", "127.0.0.1:1234"
	records := map[string]string{
		"shop.test": "v=spf1 ip4:8.8.8.8 -all", "k._domainkey.shop.test": published, "_dmarc.shop.test": "v=DMARC1; p=reject",
		"plain.test": "v=spf1 ip4:8.8.8.8 -all", "soft.test": "v=spf1 ~all", "k._domainkey.plain.test": published,
		"k._domainkey.other.test": published, "strict.test": "v=spf1 ip4:8.8.8.8 -all", "_dmarc.strict.test": "v=DMARC1; p=reject; adkim=s; aspf=s",
		"k._domainkey.mail.strict.test": published,
	}
	from := func(domain string) string { return strings.Replace(letter, "shop.test", domain, 1) }
	type want struct{ spf, dkim, dmarc, verified parley.Verdict }
	const none, pass, fail = parley.VerdictNone, parley.VerdictPass, parley.VerdictFail
	for name, c := range map[string]struct {
		mail, host, mailFrom string
		want                 want
		helo                 string
	}{
		"the right host":                   {letter, goodHost, "ann@shop.test", want{pass, none, pass, pass}, ""},
		"another host":                     {letter, badHost, "ann@shop.test", want{fail, none, fail, fail}, ""},
		"another host with a signature":    {sign(t, letter, "shop.test"), badHost, "ann@shop.test", want{fail, pass, pass, pass}, ""},
		"signed by a stranger":             {sign(t, letter, "other.test"), badHost, "x@other.test", want{none, pass, fail, fail}, ""},
		"changed on the way":               {strings.Replace(sign(t, letter, "shop.test"), "hello", "send money", 1), badHost, "ann@shop.test", want{fail, fail, fail, fail}, ""},
		"the envelope of a stranger":       {letter, goodHost, "x@plain.test", want{pass, none, fail, fail}, ""},
		"a subdomain":                      {from("eu.shop.test"), goodHost, "ann@shop.test", want{pass, none, pass, pass}, ""},
		"a subdomain is not strictly it":   {sign(t, from("strict.test"), "mail.strict.test"), badHost, "", want{none, pass, fail, fail}, ""},
		"strictly it":                      {from("strict.test"), goodHost, "ann@strict.test", want{pass, none, pass, pass}, ""},
		"no policy, the right host":        {from("plain.test"), goodHost, "ann@plain.test", want{pass, none, none, pass}, ""},
		"no policy, a forbidden host":      {from("plain.test"), badHost, "ann@plain.test", want{fail, none, none, fail}, ""},
		"no policy, forwarded but signed":  {sign(t, from("plain.test"), "plain.test"), badHost, "ann@plain.test", want{fail, pass, none, pass}, ""},
		"no policy, perhaps not":           {from("soft.test"), badHost, "ann@soft.test", want{fail, none, none, none}, ""},
		"nothing published":                {from("unknown.test"), badHost, "ann@unknown.test", want{none, none, none, none}, ""},
		"through our own server, signed":   {sign(t, letter, "shop.test"), ourHost, "ann@shop.test", want{none, pass, pass, pass}, ""},
		"through our own server, changed":  {strings.Replace(sign(t, letter, "shop.test"), "hello", "send money", 1), ourHost, "ann@shop.test", want{none, fail, none, none}, ""},
		"a report has no envelope address": {letter, goodHost, "", want{none, none, fail, fail}, "mail"},
		"it is by who brings it":           {letter, goodHost, "", want{pass, none, pass, pass}, "shop.test."},
		"or says so":                       {letter, badHost, "", want{fail, none, fail, fail}, "shop.test"},
		"or is no name":                    {letter, goodHost, "", want{none, none, fail, fail}, "[8.8.8.8]"},
		"only a report is":                 {letter, badHost, "ann@shop.test", want{fail, none, fail, fail}, "plain.test"},
		"nor through our own server":       {"Authentication-Results: localhost; dkim=pass header.d=shop.test; dmarc=pass\r\nARC-Authentication-Results: i=1; mx.test; dmarc=pass\r\nReceived-SPF: pass\r\nDKIM-Signature: v=1; a=ed25519-sha256; d=shop.test; s=k; h=from; bh=eA==; b=eA==\r\n" + letter, ourHost, "ann@shop.test", want{none, fail, none, none}, ""},
		"what others say is not believed":  {"Authentication-Results: mx.test; spf=pass; dkim=pass; dmarc=pass\r\n" + letter, badHost, "ann@shop.test", want{fail, none, fail, fail}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checks := NewChecks(&zone{txt: records}, time.Now)
			a := checks.verify(t.Context(), channel.Raw{Body: []byte(c.mail), RemoteAddr: c.host, MailFrom: c.mailFrom, Helo: c.helo}, sender(t, c.mail))
			if diff := cmp.Diff(c.want, want{a.SPF, a.DKIM, a.DMARC, a.Verified}, cmp.AllowUnexported(want{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func sender(t *testing.T, mail string) parley.Address {
	t.Helper()
	ch, err := Type{}.Open(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ch.Parse(channel.Raw{Body: []byte(mail)})
	if err != nil {
		t.Fatal(err)
	}
	return p.From
}

// Where there is nothing to go by, nobody is asked.
func TestVerifyAsksNobody(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]channel.Raw{
		"from our own server":  {Body: []byte(letter), RemoteAddr: "127.0.0.1:25", MailFrom: "ann@shop.test"},
		"from a private host":  {Body: []byte(letter), RemoteAddr: "10.1.2.3:25", MailFrom: "ann@shop.test"},
		"without an envelope":  {Body: []byte(letter)},
		"from nobody":          {Body: []byte("Subject: x\r\n\r\nDKIM-Signature: in the body"), RemoteAddr: "8.8.8.8:25"},
		"a signature as words": {Body: []byte(letter + "DKIM-Signature: v=1\r\n"), RemoteAddr: "127.0.0.1:25"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			z := &zone{}
			if a := NewChecks(z, time.Now).verify(t.Context(), raw, sender(t, string(raw.Body))); a != nil || len(z.asked) > 0 {
				t.Errorf("asked %v, found %+v", z.asked, a)
			}
		})
	}
}

// A resolver that does not answer costs no mail its sender, and is soon left alone.
func TestVerifyWithoutAnswer(t *testing.T) {
	t.Parallel()
	z := &zone{down: true}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	checks := NewChecks(z, func() time.Time { return now })
	raw := channel.Raw{Body: []byte(sign(t, letter, "shop.test")), RemoteAddr: "9.9.9.9:25", MailFrom: "ann@shop.test"}
	for range 5 {
		a := checks.verify(t.Context(), raw, parley.Address{Email: "ann@shop.test"})
		if a == nil || a.Verified != parley.VerdictNone || a.DMARC != parley.VerdictNone || a.DKIM != parley.VerdictNone {
			t.Errorf("found %+v", a)
		}
	}
	if len(z.asked) != silenceAfter {
		t.Errorf("%d questions, want %d", len(z.asked), silenceAfter)
	}
	now = now.Add(silence)
	z.down, z.txt = false, map[string]string{"k._domainkey.shop.test": published}
	if a := checks.verify(t.Context(), raw, parley.Address{Email: "ann@shop.test"}); a.DKIM != parley.VerdictPass {
		t.Errorf("once it answers again: %+v", a)
	}
	asked := len(z.asked)
	checks.verify(t.Context(), raw, parley.Address{Email: "ann@shop.test"})
	if len(z.asked) != asked {
		t.Errorf("asked again at once: %v", z.asked[asked:])
	}
}
