package outbox

import (
	"context"
	"sync"
	"time"

	"parley/internal/parley"
)

// pace keeps each number within its rate. The lane of a number lets one job at a
// time ask, so a turn is always the next one.
type pace struct {
	mu   sync.Mutex
	next map[parley.ChannelID]time.Time
}

// wait returns when channel may send again, and takes that turn.
func (p *pace) wait(ctx context.Context, channel parley.ChannelID, rate float64) error {
	if rate <= 0 {
		return nil
	}
	p.mu.Lock()
	now := time.Now()
	turn := p.next[channel]
	if turn.Before(now) {
		turn = now
	}
	if p.next == nil {
		p.next = map[parley.ChannelID]time.Time{}
	}
	p.next[channel] = turn.Add(time.Duration(float64(time.Second) / rate))
	p.mu.Unlock()
	timer := time.NewTimer(time.Until(turn))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
