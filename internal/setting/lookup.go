package setting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

const (
	// routeLife bounds how long a change made by another node can go unnoticed.
	routeLife = 5 * time.Second
	maxRoutes = 10_000
)

// Lookup tells whose address rcpt is: a channel's own or its forwarding address,
// either with a +tag, without regard to case (RFC 5321 2.4 leaves the local part
// to the host that delivers: us). Anything else, and what belongs to a disabled
// channel, is NotFound.
func (s *Service) Lookup(ctx context.Context, rcpt string) (parley.ChannelID, error) {
	a := parley.Address{Email: rcpt}
	if !a.Valid() {
		return 0, noChannel()
	}
	local, domain, _ := strings.Cut(a.Key(), "@")
	local, _, _ = strings.Cut(local, "+")
	key := local + "@" + domain
	if id, ok := s.routes.get(key, s.Now()); ok {
		return id, nil
	}
	turn := s.routes.turn()
	var id parley.ChannelID
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		id, err = tx.ChannelIDByAddress(ctx, Email, key)
		if errors.Is(err, store.ErrNoRow) && domain == s.MailDomain {
			id, err = tx.ChannelIDByForward(ctx, local)
		}
		return err
	})
	if errors.Is(err, store.ErrNoRow) {
		return 0, noChannel()
	}
	if err != nil {
		return 0, fmt.Errorf("look up address: %w", err)
	}
	s.routes.put(key, id, s.Now(), turn)
	return id, nil
}

func noChannel() error {
	return parley.Errorf(parley.NotFound, "channel.unknown_address", "No channel has this address.")
}

// routes remembers for seconds which channel an address is of. What is of none
// is not remembered: a new channel counts at once, and a flood of made-up
// addresses takes no memory.
type routes struct {
	mu    sync.RWMutex
	all   map[string]route
	drops uint64 // grows with each drop: what was read before must not be put after
}

type route struct {
	id    parley.ChannelID
	until time.Time
}

func newRoutes() *routes { return &routes{all: map[string]route{}} }

func (r *routes) get(key string, now time.Time) (parley.ChannelID, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	found, ok := r.all[key]
	return found.id, ok && now.Before(found.until)
}

func (r *routes) turn() uint64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.drops
}

func (r *routes) put(key string, id parley.ChannelID, now time.Time, turn uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.drops != turn {
		return
	}
	if len(r.all) >= maxRoutes {
		clear(r.all)
	}
	r.all[key] = route{id, now.Add(routeLife)}
}

func (r *routes) drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drops++
	clear(r.all)
}
