package account

import (
	"crypto/sha256"
	"slices"
	"sync"
	"time"

	"parley/internal/parley"
)

const (
	// cacheLife bounds how long a change made elsewhere can go unnoticed.
	cacheLife = 5 * time.Second
	cacheSize = 10_000
)

// credential is a cookie or a token as it is looked up.
type credential struct {
	token bool
	hash  [sha256.Size]byte
}

// cache remembers for seconds whom credentials are of.
type cache struct {
	mu    sync.RWMutex
	all   map[credential]remembered
	drops uint64 // grows with each drop: what was read before must not be put after
}

type remembered struct {
	actor parley.Actor
	until time.Time
}

func newCache() *cache { return &cache{all: map[credential]remembered{}} }

func (c *cache) get(key credential, now time.Time) (parley.Actor, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	r, ok := c.all[key]
	if !ok || !now.Before(r.until) {
		return parley.Actor{}, false
	}
	actor := r.actor
	actor.Inboxes = slices.Clone(actor.Inboxes) // the caller's own
	return actor, true
}

// turn is taken before reading what is put later.
func (c *cache) turn() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.drops
}

// put remembers, unless something was dropped since turn was taken.
func (c *cache) put(key credential, actor parley.Actor, now time.Time, turn uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.drops != turn {
		return
	}
	if _, ok := c.all[key]; !ok && len(c.all) >= cacheSize {
		c.makeRoom(now)
	}
	actor.Inboxes = slices.Clone(actor.Inboxes)
	c.all[key] = remembered{actor, now.Add(cacheLife)}
}

// makeRoom forgets what is too old, and if there is none, any one.
func (c *cache) makeRoom(now time.Time) {
	for key, r := range c.all {
		if !now.Before(r.until) {
			delete(c.all, key)
		}
	}
	if len(c.all) >= cacheSize {
		dropOne(c.all)
	}
}

func (c *cache) dropUser(account parley.AccountID, user parley.UserID) {
	c.drop(func(a parley.Actor) bool { return a.AccountID == account && a.UserID == user })
}

func (c *cache) dropAccount(account parley.AccountID) {
	c.drop(func(a parley.Actor) bool { return a.AccountID == account })
}

func (c *cache) drop(which func(parley.Actor) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drops++
	for key, r := range c.all {
		if which(r.actor) {
			delete(c.all, key)
		}
	}
}

// accounts are those of whom something is remembered.
func (c *cache) accounts() map[parley.AccountID]bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	out := map[parley.AccountID]bool{}
	for _, r := range c.all {
		out[r.actor.AccountID] = true
	}
	return out
}
