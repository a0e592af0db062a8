package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/store"
)

// FilingOptions are what FilingJob is to be registered with: several batches at a
// time, so that some are read while another is written.
var FilingOptions = job.Options{Workers: 4, Batch: 32}

// maxTries bounds how often a mail is tried to be filed before a person has to
// look: with the queue's backoff that is after an hour and a half.
const maxTries = 15

// maxTogether bounds the bytes of the mails that are in memory for one transaction.
const maxTogether = 32 << 20

// task is a job with the entry that it is to file.
type task struct {
	job   parley.Job
	place int // in the batch
	entry parley.Intake
	err   error
}

// File is the handler of FilingJob. What was filed by an earlier run is left
// alone; what fails by our fault is noted in its entry and tried again.
func (s *Service) File(ctx context.Context, batch []parley.Job) []error {
	errs := make([]error, len(batch))
	tasks, err := s.tasks(ctx, batch, errs)
	if err != nil {
		for i := range errs {
			errs[i] = err
		}
		return errs
	}
	for group := range groups(tasks) {
		s.fileGroup(ctx, group)
	}
	for _, t := range tasks {
		errs[t.place] = s.settle(ctx, t)
	}
	return errs
}

// tasks finds what is still to be filed of a batch. A job of no entry is a fault
// in its place of errs.
func (s *Service) tasks(ctx context.Context, batch []parley.Job, errs []error) ([]*task, error) {
	ids := map[parley.AccountID][]parley.IntakeID{}
	wanted := make([]parley.IntakeID, len(batch))
	for i, j := range batch {
		args, err := job.Args[filing](j)
		if err != nil {
			errs[i] = err
			continue
		}
		wanted[i] = args.Entry
		ids[j.AccountID] = append(ids[j.AccountID], args.Entry)
	}
	entries := map[parley.IntakeID]parley.Intake{}
	err := s.db.View(ctx, func(tx *store.Tx) error {
		for _, account := range sorted(ids) {
			found, err := tx.ListIntakeByIDs(ctx, account, ids[account])
			if err != nil {
				return fmt.Errorf("load entries: %w", err)
			}
			for _, e := range found {
				entries[e.ID] = e
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var tasks []*task
	for i, j := range batch {
		e, ok := entries[wanted[i]]
		switch {
		case errs[i] != nil:
		case !ok || e.AccountID != j.AccountID:
			errs[i] = job.Permanent(fmt.Errorf("load entry: %w", store.ErrNoRow))
		case e.State == parley.IntakePending:
			tasks = append(tasks, &task{job: j, place: i, entry: e})
		}
	}
	return tasks, nil
}

// groups cuts tasks into runs that fit into memory together.
func groups(tasks []*task) func(yield func([]*task) bool) {
	return func(yield func([]*task) bool) {
		for len(tasks) > 0 {
			n, bytes := 0, int64(0)
			for n < len(tasks) && (n == 0 || bytes+tasks[n].entry.Size <= maxTogether) {
				bytes += tasks[n].entry.Size
				n++
			}
			if !yield(tasks[:n]) {
				return
			}
			tasks = tasks[n:]
		}
	}
}

// fileGroup reads the mails, then writes them in one transaction; if that fails,
// each in its own, so that one bad mail harms no other.
func (s *Service) fileGroup(ctx context.Context, group []*task) {
	mails := s.prepareAll(ctx, group)
	if len(mails) == 0 {
		return
	}
	err := s.write(ctx, mails)
	if err == nil || ctx.Err() != nil {
		for _, m := range mails {
			m.err = err
		}
		return
	}
	for _, m := range mails {
		if len(mails) > 1 {
			err = s.write(ctx, []*mail{m})
		}
		if errors.Is(err, store.ErrTaken) {
			m.copied = true
			err = s.write(ctx, []*mail{m})
		}
		m.err = err
	}
}

// write files mails in one transaction, in the order in which they were accepted.
// The channels are locked first: no other node decides about their threads meanwhile.
func (s *Service) write(ctx context.Context, mails []*mail) (err error) {
	defer func() {
		// A mail that trips over a fault of ours takes no other with it.
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	slices.SortFunc(mails, func(a, b *mail) int { return int(a.entry.ID - b.entry.ID) })
	return s.db.Update(ctx, func(tx *store.Tx) error {
		tx.Expect(len(mails))
		w, err := s.newWriting(ctx, tx, mails)
		if err != nil {
			return err
		}
		pending, err := w.pending(ctx, mails)
		if err != nil {
			return err
		}
		filed := store.IntakeCounts{}
		var done []parley.Job
		for _, m := range mails {
			if pending[m.entry.ID] {
				if err := w.file(ctx, m); err != nil {
					return fmt.Errorf("file: %w", err)
				}
				filed.Add(m.entry)
			}
			done = append(done, m.job)
		}
		if err := tx.AddIntakeFiled(ctx, filed); err != nil {
			return fmt.Errorf("count filed: %w", err)
		}
		return job.Done(ctx, tx, done...)
	})
}

// settle notes a fault of ours in the entry. After the last try it is given up,
// for a person to see and to retry.
func (s *Service) settle(ctx context.Context, t *task) error {
	if t.err == nil || ctx.Err() != nil {
		return t.err
	}
	final := t.job.Tries >= maxTries
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.NoteIntakeFault(ctx, t.entry.AccountID, t.entry.ID, storable(t.err.Error())); err != nil || !final {
			return err
		}
		switch err := tx.FailIntake(ctx, t.entry.AccountID, t.entry.ID); {
		case errors.Is(err, store.ErrNoRow):
			return nil // filed by another run
		case err != nil:
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: t.entry.AccountID, Kind: parley.IntakeFailure, ChannelID: t.entry.ChannelID})
		return job.Done(ctx, tx, t.job)
	})
	if err != nil {
		return errors.Join(t.err, fmt.Errorf("note fault: %w", err))
	}
	if final {
		s.log.Error("a message could not be filed", "err", t.err, "channel_id", t.entry.ChannelID, "attempt", t.job.Tries)
		return nil
	}
	return t.err
}
