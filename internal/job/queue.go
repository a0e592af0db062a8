package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

const (
	maxTries = 20
	maxDelay = 15 * time.Minute
)

// Options of a kind of job.
type Options struct {
	Workers int // batches that run at once; 0: 1
	Batch   int // jobs handed over at once; 0: 1
}

type kind struct {
	name    string
	opts    Options
	handler Handler
}

// Queue runs the jobs of this process.
type Queue struct {
	db    *store.DB
	owner string
	log   *slog.Logger
	now   func() time.Time
	kinds []kind
	// poll is how often it looks without having been woken: other nodes enqueue too.
	poll time.Duration
	held leases
}

// NewQueue makes a queue whose leases carry the node's id. After a restart under
// the same id its own jobs go on at once; those of another node when their lease ends.
func NewQueue(db *store.DB, node string, log *slog.Logger) *Queue {
	q := &Queue{db: db, owner: node, log: log, now: time.Now, poll: 10 * time.Second, held: newLeases()}
	if db.Dialect() == "postgres" {
		q.poll = time.Second
	}
	return q
}

// Register adds a kind of job; all are registered before Run.
func (q *Queue) Register(name string, o Options, h Handler) {
	o.Workers, o.Batch = max(1, o.Workers), max(1, o.Batch)
	q.kinds = append(q.kinds, kind{name: name, opts: o, handler: h})
}

// Run works until ctx ends, then waits for the jobs that run. Their own context
// goes on for grace, so that a send can come to its end.
func (q *Queue) Run(ctx context.Context, grace time.Duration) error {
	if err := q.reclaimOwn(ctx); err != nil {
		if ctx.Err() != nil { // ended before it began
			return nil
		}
		return err
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var wg sync.WaitGroup
	for _, k := range q.kinds {
		wg.Go(func() { q.fetch(ctx, work, k) })
	}
	beats, end := context.WithCancel(work)
	var pulse sync.WaitGroup
	pulse.Go(func() { q.beat(beats) })
	<-ctx.Done()
	timer := time.AfterFunc(grace, stop)
	defer timer.Stop()
	wg.Wait()
	end()
	pulse.Wait()
	return nil
}

func (q *Queue) reclaimOwn(ctx context.Context) error {
	owner := q.owner
	if q.db.Dialect() == "sqlite" {
		owner = "" // no other process shares the file
	}
	err := q.db.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.ReclaimJobs(ctx, owner)
		return err
	})
	if err != nil {
		return fmt.Errorf("reclaim jobs: %w", err)
	}
	return nil
}

// fetch claims the jobs of one kind and starts them, until ctx ends; then it
// waits for those it started.
func (q *Queue) fetch(ctx, work context.Context, k kind) {
	wake, stop := q.db.WatchJobs(k.name)
	defer stop()
	slots := make(chan struct{}, k.opts.Workers)
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		free := 1 + cap(slots) - len(slots)
		batch, err := q.claim(ctx, k, free*k.opts.Batch)
		if err != nil && ctx.Err() == nil {
			q.log.Warn("jobs not claimed", "err", err, "job_kind", k.name)
		}
		<-slots
		if len(batch) == 0 {
			if !q.wait(ctx, k, wake, err != nil) {
				return
			}
			continue
		}
		for len(batch) > 0 {
			n := min(k.opts.Batch, len(batch))
			part := batch[:n]
			batch = batch[n:]
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				q.run(work, k, part)
			})
		}
	}
}

func (q *Queue) claim(ctx context.Context, k kind, limit int) (jobs []parley.Job, err error) {
	due := true
	// Looking first costs a read, not a write transaction, when there is nothing to do.
	err = q.db.View(ctx, func(tx *store.Tx) error {
		at, ok, err := tx.NextJobAt(ctx, k.name)
		due = ok && !at.After(tx.Now())
		return err
	})
	if err != nil || !due {
		return nil, err
	}
	return q.held.claim(func() ([]parley.Job, error) {
		err := q.db.Update(ctx, func(tx *store.Tx) error {
			jobs, err = tx.ClaimJobs(ctx, k.name, q.owner, limit, lease)
			return err
		})
		return jobs, err
	})
}

// wait returns when there may be something to claim; false when ctx ended.
func (q *Queue) wait(ctx context.Context, k kind, wake <-chan struct{}, fault bool) bool {
	delay := q.poll
	if fault {
		delay = time.Second
	} else if err := q.db.View(ctx, func(tx *store.Tx) error {
		at, ok, err := tx.NextJobAt(ctx, k.name)
		if ok {
			// Due already, yet not claimed: its lane is busy, and the end of that job wakes us.
			if until := at.Sub(q.now()); until > 0 {
				delay = min(delay, until+time.Millisecond)
			} else {
				delay = min(delay, 250*time.Millisecond)
			}
		}
		return err
	}); err != nil {
		delay = min(delay, time.Second)
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-timer.C:
	}
	return true
}

func (q *Queue) run(ctx context.Context, k kind, batch []parley.Job) {
	err := q.end(context.WithoutCancel(ctx), batch, q.call(ctx, k, batch))
	if err != nil {
		// The jobs will run again: their handler finds what is left to do.
		q.log.Warn("jobs not settled", "err", err, "job_kind", k.name)
	}
	q.held.release(batch, err != nil)
}

// end removes the jobs that are done, and notes of the others what their faults ask for.
func (q *Queue) end(ctx context.Context, batch []parley.Job, errs []error) error {
	var done []parley.Job
	faulty := map[int]error{} // by place in the batch
	for i, j := range batch {
		switch {
		case len(errs) == 0 || errs[i] == nil: // no errs: all went well
			done = append(done, j)
		case !errors.Is(errs[i], ErrEnded):
			faulty[i] = errs[i]
		}
	}
	if len(done)+len(faulty) == 0 {
		return nil
	}
	return q.db.Update(ctx, func(tx *store.Tx) error {
		for i, fault := range faulty {
			if err := q.settle(ctx, tx, batch[i], fault); err != nil {
				return err
			}
		}
		return Done(ctx, tx, done...)
	})
}

// Do runs a job that was kept aside (store.DB.Aside) here and now.
func (q *Queue) Do(ctx context.Context, j parley.Job) error {
	i := slices.IndexFunc(q.kinds, func(k kind) bool { return k.name == j.Kind })
	if i < 0 {
		return fmt.Errorf("job: nobody does %q", j.Kind)
	}
	errs := q.call(ctx, q.kinds[i], []parley.Job{j})
	if len(errs) == 0 || errors.Is(errs[0], ErrEnded) {
		return nil
	}
	return errs[0]
}

// call runs the handler; a panic is an error of every job in the batch.
func (q *Queue) call(ctx context.Context, k kind, batch []parley.Job) (errs []error) {
	defer func() {
		if v := recover(); v != nil {
			err := fmt.Errorf("panic: %v\n%s", v, debug.Stack())
			errs = make([]error, len(batch))
			for i := range errs {
				errs[i] = err
			}
		}
	}()
	return k.handler(ctx, batch)
}

func (q *Queue) settle(ctx context.Context, tx *store.Tx, j parley.Job, fault error) error {
	if l, ok := errors.AsType[later](fault); ok {
		return tx.RetryJob(ctx, j.ID, l.at, fault.Error())
	}
	if isPermanent(fault) || j.Tries >= maxTries {
		q.log.Error("job failed", "err", fault, "job_id", j.ID, "job_kind", j.Kind, "attempt", j.Tries)
		return tx.FailJob(ctx, j.ID, fault.Error())
	}
	q.log.Warn("job will be tried again", "err", fault, "job_id", j.ID, "job_kind", j.Kind, "attempt", j.Tries)
	return tx.RetryJob(ctx, j.ID, tx.Now().Add(backoff(j.Tries)), fault.Error())
}

// backoff doubles from a second to fifteen minutes, with a jitter of a quarter
// so that what failed together is not tried again together.
func backoff(tries int) time.Duration {
	d := maxDelay
	if tries < 11 {
		d = min(maxDelay, time.Second<<max(0, tries-1))
	}
	return d - rand.N(d/4+1)
}
