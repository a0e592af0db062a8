package sms

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/internal/parley"
)

// sessions are those that stand on this node, by their channels.
type sessions struct {
	mu  sync.Mutex
	all map[parley.ChannelID]*session
	// unheard are texts that were taken although the answer did not get through:
	// they come again, and must be known then.
	unheard map[string]unheard
}

func newSessions() *sessions {
	return &sessions{all: map[parley.ChannelID]*session{}, unheard: map[string]unheard{}}
}

// unheard is the name under which a text was taken.
type unheard struct {
	id string
	at time.Time
}

// unheardFor is how long a text that comes again is taken for the one we know. It
// is short, as people write the same twice.
const unheardFor = 10 * time.Minute

// nameOf names a text that came now: anew, or as when it was taken unheard.
func (s *sessions) nameOf(hash string, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.unheard[hash]
	delete(s.unheard, hash)
	if ok && now.Sub(known.at) < unheardFor {
		return known.id
	}
	return hash + "-" + strconv.FormatInt(now.UnixNano(), 36)
}

const maxUnheard = 10_000

func (s *sessions) remember(hash, id string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.unheard) < maxUnheard {
		s.unheard[hash] = unheard{id, now}
	}
}

// owner is the channel that has a number at the same account of the same centre: a
// centre may hand a text to any session of the account.
func (s *sessions) owner(x *session, number string) *numberChannel {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.number == "" || sameEnd(x.number, number) {
		return x.numberChannel
	}
	for _, other := range s.all {
		if other.link.address == x.link.address && other.link.systemID == x.link.systemID && sameEnd(other.number, number) {
			return other.numberChannel
		}
	}
	return nil
}

// sameEnd compares numbers of which one may lack its country.
func sameEnd(a, b string) bool {
	const enough = 7
	a, b = digits(a), strings.TrimLeft(digits(b), "0")
	if len(a) < enough || len(b) < enough {
		return a == b && a != ""
	}
	return strings.HasSuffix(a, b) || strings.HasSuffix(b, a)
}

func (s *sessions) of(id parley.ChannelID) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[id]
}

func (s *sessions) set(x *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[x.id] = x
}

func (s *sessions) drop(x *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[x.id] == x {
		delete(s.all, x.id)
	}
}

// heard forgets a text whose answer got through.
func (s *sessions) heard(hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.unheard, hash)
}
