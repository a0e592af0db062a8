package sms

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/internal/channel"
	"parley/internal/sms"
)

// piece says which part of a text one is, where a provider hands the parts over one
// by one. The zero piece is a whole text.
type piece struct {
	ref           string // the same in all parts
	number, total int    // number is 1 for the first
}

// ok reports whether there are parts to wait for.
func (p piece) ok() bool { return p.total > 1 && p.number >= 1 && p.number <= p.total }

// piecePatience is how long a part waits for the others. Its provider waits as long
// for our answer, as nothing of it is durable yet.
const piecePatience = 4 * time.Second

// table is where parts wait for each other, of all channels. Parts whose others do
// not come are texts of their own.
type table struct {
	mu   sync.Mutex
	open map[string]*puzzle
}

type puzzle struct {
	parts []kept // by number; without a version: not there yet
	left  int
	done  chan struct{} // closed when it is whole and was taken or refused, or when nobody waits any longer
	whole bool
	err   error
}

// join adds a part, and returns when it is known what became of it: alone reports
// that it is to be taken by itself. The one that makes the text whole has it taken.
func (t *table) join(ctx context.Context, key string, p piece, part kept, take func([]kept) error) (alone bool, err error) {
	key = fmt.Sprintf("%s:%s:%d", key, p.ref, p.total)
	t.mu.Lock()
	z := t.open[key]
	if z == nil {
		z = &puzzle{parts: make([]kept, p.total), left: p.total, done: make(chan struct{})}
		t.open[key] = z
	}
	if z.parts[p.number-1].Version == 0 { // else it came twice
		z.left--
	}
	z.parts[p.number-1] = part
	z.whole = z.left == 0
	if z.whole {
		delete(t.open, key)
	}
	last := z.whole
	t.mu.Unlock()
	if last {
		z.err = take(z.parts)
		close(z.done)
		return false, z.err
	}
	return t.wait(ctx, key, z)
}

func (t *table) wait(ctx context.Context, key string, z *puzzle) (alone bool, err error) {
	timer := time.NewTimer(piecePatience)
	defer timer.Stop()
	select {
	case <-z.done:
	case <-ctx.Done():
		return false, ctx.Err()
	case <-timer.C:
		t.mu.Lock()
		if t.open[key] == z {
			delete(t.open, key)
			close(z.done)
		}
		t.mu.Unlock()
		<-z.done // it may have become whole just now
	}
	return !z.whole, z.err
}

// joined reads the parts of a text as one.
func joined(parts []event) event {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b event) int { return a.piece.number - b.piece.number })
	e := parts[0]
	var segments []sms.Segment
	for i, p := range parts {
		if i > 0 {
			e.body += p.body
		}
		segments = append(segments, p.segment)
	}
	// What is torn between two segments is whole only when they are read together.
	if text, err := sms.Decode(segments); err == nil && text != "" {
		e.body = text
	}
	return e
}

// acceptPiece hands a part over, with its others if they come.
func (c *calledChannel) acceptPiece(ctx context.Context, in call, e event, to channel.Sink) error {
	key := fmt.Sprintf("%d:%s:%s", c.id, e.from, e.to)
	alone, err := c.table.join(ctx, key, e.piece, c.kept(in), func(parts []kept) error {
		first, more := parts[0], parts[1:]
		first.More = more
		whole, err := first.read()
		if err != nil {
			return err
		}
		raw, err := c.raw(first, whole)
		if err != nil {
			return err
		}
		return to.Accept(ctx, raw)
	})
	if err != nil || !alone {
		return err
	}
	raw, err := c.raw(c.kept(in), e)
	if err != nil {
		return err
	}
	return to.Accept(ctx, raw)
}
