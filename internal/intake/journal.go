package intake

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/store"
)

// Totals are the sums of the account's journal, exact at all times.
func (s *Service) Totals(ctx context.Context, actor parley.Actor) (parley.IntakeTotals, error) {
	var t parley.IntakeTotals
	if err := actor.Must(parley.Journal, 0); err != nil {
		return t, err
	}
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		t, err = tx.IntakeTotals(ctx, actor.AccountID)
		return err
	})
	return t, err
}

// Days are the sums by day and channel, the newest days first, from before a day
// on (empty: the newest), and the day to go on from; empty at the end. limit counts days.
func (s *Service) Days(ctx context.Context, actor parley.Actor, before parley.Day, limit int) ([]parley.IntakeDay, parley.Day, error) {
	if err := actor.Must(parley.Journal, 0); err != nil {
		return nil, "", err
	}
	if before != "" && !before.Valid() {
		return nil, "", parley.Errorf(parley.Invalid, "cursor.invalid", "This cursor is not one that this list gave out. Begin without one.").On("cursor")
	}
	var out []parley.IntakeDay
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.ListIntakeDays(ctx, actor.AccountID, before, limit+1)
		return err
	})
	if err != nil || len(out) <= limit {
		return out, "", err
	}
	out = out[:limit]
	return out, out[limit-1].Day, nil
}

// Entries lists the journal, the newest first, from before an entry on (0: the
// newest), and the entry to go on from; 0 at the end. An empty state is every state.
func (s *Service) Entries(ctx context.Context, actor parley.Actor, state parley.IntakeState, before parley.IntakeID, limit int) ([]parley.Intake, parley.IntakeID, error) {
	if err := actor.Must(parley.Journal, 0); err != nil {
		return nil, 0, err
	}
	var out []parley.Intake
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.ListIntake(ctx, actor.AccountID, state, before, limit+1)
		return err
	})
	if err != nil || len(out) <= limit {
		return out, 0, err
	}
	out = out[:limit]
	return out, out[limit-1].ID, nil
}

// Entry is one entry of the journal.
func (s *Service) Entry(ctx context.Context, actor parley.Actor, id parley.IntakeID) (parley.Intake, error) {
	var e parley.Intake
	if err := actor.Must(parley.Journal, 0); err != nil {
		return e, err
	}
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		e, err = tx.IntakeByID(ctx, actor.AccountID, id)
		return orGone(err)
	})
	return e, err
}

// Retry files a failed entry anew.
func (s *Service) Retry(ctx context.Context, actor parley.Actor, id parley.IntakeID) (parley.Intake, error) {
	var e parley.Intake
	if err := actor.Must(parley.Journal, 0); err != nil {
		return e, err
	}
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		_, err := store.Once(ctx, tx, actor, func() (parley.IntakeID, error) { return id, retry(ctx, tx, actor.AccountID, id) })
		if err != nil {
			return err
		}
		e, err = tx.IntakeByID(ctx, actor.AccountID, id)
		return orGone(err)
	})
	return e, err
}

func retry(ctx context.Context, tx *store.Tx, account parley.AccountID, id parley.IntakeID) error {
	e, err := tx.IntakeByID(ctx, account, id)
	if err != nil {
		return orGone(err)
	}
	err = tx.RetryIntake(ctx, account, id)
	if errors.Is(err, store.ErrNoRow) {
		return parley.Errorf(parley.Conflict, "intake.not_failed", "Only a message that could not be filed can be tried again. This one is %s.", e.State).With("state", string(e.State))
	}
	if err != nil {
		return err
	}
	return enqueue(ctx, tx, e)
}

// maxRetry is how many entries RetryFailed takes at once, so that nobody waits behind it for long.
const maxRetry = 200

// RetryFailed files failed entries anew, the oldest first and only so many at
// once. It tells how many it took, and how many are still failed: call again for those.
func (s *Service) RetryFailed(ctx context.Context, actor parley.Actor) (retried int, failed int64, err error) {
	if err := actor.Must(parley.Journal, 0); err != nil {
		return 0, 0, err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		retried = 0
		_, err := store.Once(ctx, tx, actor, func() (parley.AccountID, error) {
			var err error
			retried, err = retryFailed(ctx, tx, actor.AccountID)
			return actor.AccountID, err
		})
		if err != nil {
			return err
		}
		t, err := tx.IntakeTotals(ctx, actor.AccountID)
		failed = t.Failed
		return err
	})
	return retried, failed, err
}

func retryFailed(ctx context.Context, tx *store.Tx, account parley.AccountID) (int, error) {
	entries, err := tx.RetryFailedIntake(ctx, account, maxRetry)
	if err != nil {
		return 0, fmt.Errorf("retry entries: %w", err)
	}
	// In the order in which they came in: replies behind what they answer.
	slices.SortFunc(entries, func(a, b parley.Intake) int { return cmp.Compare(a.ID, b.ID) })
	for _, e := range entries {
		if err := enqueue(ctx, tx, e); err != nil {
			return 0, err
		}
	}
	return len(entries), nil
}

func enqueue(ctx context.Context, tx *store.Tx, e parley.Intake) error {
	return job.Enqueue(ctx, tx, job.New{AccountID: e.AccountID, Kind: FilingJob, Args: filing{Entry: e.ID}, Lane: e.Lane})
}

// Raw are the bytes of an entry as they were accepted; the caller closes them.
func (s *Service) Raw(ctx context.Context, actor parley.Actor, id parley.IntakeID) (io.ReadCloser, parley.Intake, error) {
	if err := actor.Must(parley.Journal, 0); err != nil {
		return nil, parley.Intake{}, err
	}
	var e parley.Intake
	var raw []byte
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		if e, err = tx.IntakeByID(ctx, actor.AccountID, id); err != nil {
			return orGone(err)
		}
		here, err := tx.ListIntakeRaw(ctx, actor.AccountID, []parley.IntakeID{id})
		raw = here[id]
		return err
	})
	if err != nil {
		return nil, e, err
	}
	if raw != nil || e.Size == 0 { // the database has the bytes
		return io.NopCloser(bytes.NewReader(raw)), e, nil
	}
	r, err := s.blobs.Open(ctx, actor.AccountID, e.Blob)
	if err != nil {
		return nil, e, fmt.Errorf("open raw: %w", err)
	}
	return r, e, nil
}

// orGone turns a missing row into NotFound.
func orGone(err error) error {
	if errors.Is(err, store.ErrNoRow) {
		return parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
	}
	return err
}
