// Package job is the durable queue: work that follows from a change is enqueued
// in the change's own transaction, so that it is there if and only if the change
// is.
//
// Workers claim jobs by lease, run them with no transaction open, and remove
// them. A job may run again after a crash, so a handler first looks whether its
// work is still wanted, and a second run finds nothing to do; an effect in the
// database and the end of its job are one transaction where the handler calls
// Done inside its own. A lane runs one job at a time, in the order they were
// enqueued; a job that waits for its next try lets the others of its lane pass.
//
// It refuses to know what the work is: truth stays in the rows of the services.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// New describes work to enqueue.
type New struct {
	AccountID parley.AccountID // 0: of the product as a whole
	Kind      string
	Args      any       // a small struct of ids, not copies of data
	Lane      string    // one job of a lane runs at a time; empty: no lane
	RunAt     time.Time // zero: now
	UniqueKey string    // while such a job waits or runs, another is not enqueued
}

// Enqueue adds work to the transaction.
func Enqueue(ctx context.Context, tx *store.Tx, n New) error {
	args, err := json.Marshal(n.Args)
	if err != nil {
		return fmt.Errorf("encode job %s: %w", n.Kind, err)
	}
	j := parley.Job{AccountID: n.AccountID, Kind: n.Kind, Args: args, Lane: n.Lane, RunAt: n.RunAt}
	if j.RunAt.IsZero() {
		j.RunAt = tx.Now()
	}
	if n.UniqueKey != "" {
		j.UniqueKey = &n.UniqueKey
	}
	if err := tx.InsertJob(ctx, j); err != nil {
		return fmt.Errorf("enqueue job %s: %w", n.Kind, err)
	}
	return nil
}

// ErrEnded is what a handler returns of a job that it has ended with Done:
// nothing is left to be written.
var ErrEnded = errors.New("ended with its effect")

// Done ends jobs inside the handler's own transaction, together with their effect.
func Done(ctx context.Context, tx *store.Tx, jobs ...parley.Job) error {
	if len(jobs) == 0 {
		return nil
	}
	ids := make([]parley.JobID, len(jobs))
	for i, j := range jobs {
		ids[i] = j.ID
		if j.Lane != "" {
			tx.Wake() // the next of the lane may be waiting
		}
	}
	if err := tx.DeleteJobs(ctx, ids...); err != nil {
		return fmt.Errorf("end job: %w", err)
	}
	return nil
}

// Args reads a job's arguments.
func Args[T any](j parley.Job) (T, error) {
	var args T
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return args, Permanent(fmt.Errorf("decode job %s: %w", j.Kind, err))
	}
	return args, nil
}

// Handler runs a batch of jobs and returns an error for each, or nil if all went
// well. Jobs of one batch are of different lanes.
type Handler func(ctx context.Context, batch []parley.Job) []error

// Each makes a Handler of a function for one job.
func Each(run func(ctx context.Context, j parley.Job) error) Handler {
	return func(ctx context.Context, batch []parley.Job) []error {
		errs := make([]error, len(batch))
		for i, j := range batch {
			errs[i] = run(ctx, j)
		}
		return errs
	}
}

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks an error as one that another try cannot mend.
func Permanent(err error) error { return permanent{err} }

type later struct {
	error
	at time.Time
}

func (l later) Unwrap() error { return l.error }

// Later asks for the next try at a time instead of after the usual backoff; it
// does not count towards the limit of tries.
func Later(at time.Time, err error) error { return later{err, at} }

func isPermanent(err error) bool {
	_, ok := errors.AsType[permanent](err)
	return ok
}
