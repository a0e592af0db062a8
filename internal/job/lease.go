package job

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

const (
	lease     = 30 * time.Second
	heartbeat = 10 * time.Second
	recovery  = 250 * time.Millisecond // between tries to reach a database that was away
)

// leases are the jobs that run in this process. What the database has leased to
// us beyond these is nobody's: their claim was committed, or their end was not,
// while the connection broke.
type leases struct {
	// claiming is held for reading from a claim until its jobs are noted here.
	claiming sync.RWMutex
	mu       sync.Mutex
	running  map[parley.JobID]bool
	doubt    chan struct{} // there may be some that are nobody's
}

func newLeases() leases {
	return leases{running: map[parley.JobID]bool{}, doubt: make(chan struct{}, 1)}
}

func (l *leases) claim(from func() ([]parley.Job, error)) ([]parley.Job, error) {
	l.claiming.RLock()
	defer l.claiming.RUnlock()
	jobs, err := from()
	if err != nil {
		l.doubted()
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, j := range jobs {
		l.running[j.ID] = true
	}
	return jobs, nil
}

// release lets go of jobs that have come to their end; in doubt: the database does not know of it.
func (l *leases) release(jobs []parley.Job, doubt bool) {
	l.mu.Lock()
	for _, j := range jobs {
		delete(l.running, j.ID)
	}
	l.mu.Unlock()
	if doubt {
		l.doubted()
	}
}

func (l *leases) doubted() {
	select {
	case l.doubt <- struct{}{}:
	default: // it is known already
	}
}

func (l *leases) ids() []parley.JobID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.running))
}

// beat extends the leases of what runs here, and takes up what others left or
// what got lost while the database was away.
func (q *Queue) beat(ctx context.Context) {
	next := time.NewTimer(heartbeat)
	defer next.Stop()
	told := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		case <-q.held.doubt:
		}
		err := q.renew(ctx)
		if err == nil {
			told = false
			next.Reset(heartbeat)
			continue
		}
		if !told && ctx.Err() == nil {
			q.log.Warn("job leases not extended", "err", err)
			told = true
		}
		next.Reset(recovery)
	}
}

func (q *Queue) renew(ctx context.Context) error {
	q.held.claiming.Lock()
	defer q.held.claiming.Unlock()
	running := q.held.ids()
	return q.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.ExtendJobLeases(ctx, q.owner, running, lease); err != nil {
			return err
		}
		orphaned, err := tx.ReclaimOrphanedJobs(ctx, q.owner, running)
		if err != nil {
			return err
		}
		expired, err := tx.ReclaimExpiredJobs(ctx)
		if orphaned+expired > 0 {
			tx.Wake()
		}
		return err
	})
}
