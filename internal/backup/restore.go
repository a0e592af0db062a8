package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"

	"parley/internal/blob"
	"parley/internal/parley"
	"parley/internal/store"
)

// Verify reads a whole backup and holds every row and blob against its sums.
func Verify(ctx context.Context, r io.Reader, identities []age.Identity) (Summary, error) {
	f, done, err := open(r, identities)
	if err != nil {
		return Summary{}, err
	}
	defer done()
	e, err := f.read(ctx, discard{})
	s := summarise(f.head, e)
	s.Secret = f.key
	return s, err
}

// discard is the target of a backup that is only looked at.
type discard struct{}

func (discard) begin(context.Context, head) error                { return nil }
func (discard) rows(context.Context, store.Table, [][]any) error { return nil }
func (discard) blob(_ context.Context, _ store.BlobRef, r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// Into is where a backup is restored to: a database without an account.
type Into struct {
	DB    *store.DB
	Blobs blob.Store
	Now   func() time.Time
	// Moved says that the server the backup is of has not run since it was taken:
	// what waits to be sent is sent. Otherwise it may have been sent meanwhile,
	// and is left to a person to decide.
	Moved bool
}

// Restore puts a backup back, all of it or nothing (bytes of blobs excepted,
// which nothing refers to then), and makes its messages findable.
func Restore(ctx context.Context, r io.Reader, identities []age.Identity, to Into, report func(Summary)) (Summary, error) {
	f, done, err := open(r, identities)
	if err != nil {
		return Summary{}, err
	}
	defer done()
	var e end
	var unproven int64
	err = to.DB.Refill(ctx, f.head.Schema, func(l *store.Refill) (err error) {
		if e, err = f.read(ctx, &restoring{Into: to, load: l, tell: func() { report(summarise(f.head, f.got)) }}); err != nil {
			return err
		}
		if err := l.SetLastIDs(e.LastIDs); err != nil {
			return err
		}
		unproven, err = l.Interrupt(ctx, to.Now().UTC(), to.Moved)
		return err
	})
	if err != nil {
		return Summary{}, err
	}
	s := summarise(f.head, e)
	s.Secret, s.Unproven = f.key, unproven
	if err := index(ctx, to.DB); err != nil {
		return s, fmt.Errorf("everything is restored, but not all can be searched yet; restore again into an empty database: %w", err)
	}
	return s, nil
}

// indexBatch is how many messages are made findable in one transaction.
const indexBatch = 500

func index(ctx context.Context, db *store.DB) error {
	var last parley.MessageID
	for done := false; !done; {
		err := db.Update(ctx, func(tx *store.Tx) (err error) {
			last, done, err = tx.IndexNext(ctx, last, indexBatch)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type restoring struct {
	Into
	load *store.Refill
	tell func()
}

func (*restoring) begin(context.Context, head) error { return nil }

func (r *restoring) rows(ctx context.Context, t store.Table, rows [][]any) error {
	defer r.tell()
	return r.load.Rows(ctx, t, rows)
}

func (r *restoring) blob(ctx context.Context, ref store.BlobRef, in io.Reader) error {
	key, _, err := r.Blobs.Put(ctx, ref.AccountID, in)
	if err != nil {
		return err
	}
	if key != ref.Key {
		err := fmt.Errorf("%w: blob %s is not what it was", errDamaged, ref.Key)
		return errors.Join(err, r.Blobs.Delete(ctx, ref.AccountID, key))
	}
	return nil
}
