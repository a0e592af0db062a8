package account

import (
	"net/netip"
	"sync"
	"time"
)

// freeAttempts may go wrong before the next one has to wait.
const freeAttempts = 10

// pause is how long nobody may try again after so many attempts without success: 5 s, doubled
// each time, up to 15 minutes.
func pause(failed int) time.Duration {
	if failed < freeAttempts {
		return 0
	}
	return min(5*time.Second<<min(failed-freeAttempts, 10), 15*time.Minute)
}

// maxRemembered bounds each of the maps below: a flood of keys costs memory only up to here.
const maxRemembered = 10_000

// attempts counts, for emails that nobody has, what users' rows count for the
// others: an unknown email must not be told apart by never being locked.
type attempts struct {
	mu  sync.Mutex
	all map[string]attempt
}

type attempt struct {
	failed   int
	lockedTo time.Time
}

func newAttempts() *attempts { return &attempts{all: map[string]attempt{}} }

// claim counts an attempt, or tells how long to wait.
func (a *attempts) claim(key string, now time.Time) (wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	was, ok := a.all[key]
	if !ok && len(a.all) >= maxRemembered {
		dropOne(a.all)
	}
	if was.lockedTo.After(now) {
		return was.lockedTo.Sub(now)
	}
	was.failed++
	was.lockedTo = now.Add(pause(was.failed))
	a.all[key] = was
	return 0
}

// limiter lets each key do something so many times at once, and then again once every so often.
type limiter struct {
	burst float64
	every time.Duration
	mu    sync.Mutex
	all   map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

func newLimiter(burst int, every time.Duration) *limiter {
	return &limiter{burst: float64(burst), every: every, all: map[string]bucket{}}
}

// take uses one of the key's, or tells how long to wait for it.
func (l *limiter) take(key string, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.all[key]
	if !ok {
		if len(l.all) >= maxRemembered {
			dropOne(l.all)
		}
		b = bucket{left: l.burst, at: now}
	}
	b.left = min(l.burst, b.left+float64(now.Sub(b.at))/float64(l.every))
	b.at = now
	if b.left < 1 {
		wait = time.Duration((1 - b.left) * float64(l.every))
	} else {
		b.left--
	}
	l.all[key] = b
	return wait
}

// give returns one: what was done was right.
func (l *limiter) give(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.all[key]; ok {
		b.left = min(l.burst, b.left+1)
		l.all[key] = b
	}
}

// dropOne makes room for one more.
func dropOne[K comparable, V any](m map[K]V) {
	for k := range m {
		delete(m, k)
		return
	}
}

// origin is whom a limit counts: an IPv4 address, or an IPv6 network of /64,
// which is what one line gets.
func origin(remote string) string {
	host := remote
	if ap, err := netip.ParseAddrPort(remote); err == nil {
		host = ap.Addr().String()
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return remote
	}
	if a = a.Unmap().WithZone(""); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
