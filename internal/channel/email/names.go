package email

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// Resolver answers questions about domains.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

const (
	namesKept    = 5 * time.Minute
	maxNames     = 2000
	silenceAfter = 3 // questions in a row that nobody answered
	silence      = time.Minute
)

// names asks a resolver. It remembers records for a while, for mails of one
// domain come together; and where nobody answers it stops asking for a while, so
// that mail does not wait for a resolver that is away.
type names struct {
	Resolver
	now func() time.Time

	mu       sync.Mutex
	texts    map[string]text
	silent   int // questions since the last answer
	askAgain time.Time
}

type text struct {
	records []string
	err     error
	until   time.Time
}

func newNames(r Resolver, now func() time.Time) *names {
	return &names{Resolver: r, now: now, texts: map[string]text{}}
}

// LookupTXT implements Resolver.
func (n *names) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if t, ok := n.known(name); ok {
		return t.records, t.err
	}
	records, err := ask(ctx, n, name, n.Resolver.LookupTXT)
	if !unanswered(err) {
		n.remember(name, records, err)
	}
	return records, err
}

// LookupMX implements Resolver.
func (n *names) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return ask(ctx, n, name, n.Resolver.LookupMX)
}

// LookupIPAddr implements Resolver.
func (n *names) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	return ask(ctx, n, host, n.Resolver.LookupIPAddr)
}

// LookupAddr implements Resolver.
func (n *names) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	return ask(ctx, n, addr, n.Resolver.LookupAddr)
}

// ask asks unless nobody answers these days.
func ask[T any](ctx context.Context, n *names, name string, lookup func(context.Context, string) (T, error)) (answer T, err error) {
	n.mu.Lock()
	quiet := n.now().Before(n.askAgain)
	n.mu.Unlock()
	if quiet {
		return answer, &net.DNSError{Err: "no resolver answers", Name: name, IsTemporary: true}
	}
	answer, err = lookup(ctx, name)
	n.mu.Lock()
	defer n.mu.Unlock()
	if !unanswered(err) {
		n.silent = 0
		return answer, err
	}
	if n.silent++; n.silent >= silenceAfter {
		n.silent, n.askAgain = 0, n.now().Add(silence)
	}
	return answer, err
}

func (n *names) known(name string) (text, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	t, ok := n.texts[name]
	return t, ok && n.now().Before(t.until)
}

func (n *names) remember(name string, records []string, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.texts) >= maxNames {
		clear(n.texts) // they come back as they are asked for
	}
	n.texts[name] = text{records, err, n.now().Add(namesKept)}
}

// unanswered: there was no answer, as opposed to one that says no.
func unanswered(err error) bool {
	if err == nil {
		return false
	}
	dns, ok := errors.AsType[*net.DNSError](err)
	return !ok || dns.IsTimeout || dns.IsTemporary
}
