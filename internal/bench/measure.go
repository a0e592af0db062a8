package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Figure is what one kind of work took.
type Figure struct {
	N    int           `json:"n"`
	Rate float64       `json:"per_second"`
	P50  time.Duration `json:"p50_ns"`
	P95  time.Duration `json:"p95_ns"`
	P99  time.Duration `json:"p99_ns"`
	CPU  time.Duration `json:"cpu_ns,omitempty"` // processor time of the server for each
}

// figureOf sums up what was measured in a span.
func figureOf(all []time.Duration, span time.Duration) Figure {
	if len(all) == 0 {
		return Figure{}
	}
	slices.Sort(all)
	at := func(share float64) time.Duration { return all[min(len(all)-1, int(share*float64(len(all))))] }
	return Figure{N: len(all), Rate: float64(len(all)) / span.Seconds(), P50: at(0.50), P95: at(0.95), P99: at(0.99)}
}

// pause waits, or less long if ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// closed lets clients do work one after the other, all at the same time, for a
// while. work is told how often it was called before. The first tenth of the
// time warms up and is not counted.
func closed(ctx context.Context, clients int, span time.Duration, work func(ctx context.Context, n int) error) (Figure, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var calls atomic.Int64
	begun := time.Now()
	counted := begun.Add(span / 10)
	end := counted.Add(span)
	took := make([][]time.Duration, clients)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			for time.Now().Before(end) && ctx.Err() == nil {
				at := time.Now()
				if err := work(ctx, int(calls.Add(1)-1)); err != nil {
					cancel(fmt.Errorf("after %d calls: %w", calls.Load(), err))
					return
				}
				if at.After(counted) {
					took[i] = append(took[i], time.Since(at))
				}
			}
		})
	}
	wg.Wait()
	return figureOf(slices.Concat(took...), time.Since(counted)), context.Cause(ctx)
}
