package app

import (
	"context"
	"time"

	"parley/internal/store"
)

const (
	upkeepEvery = 10 * time.Minute
	upkeepBatch = 500
)

// upkeep forgets what has served its time, a bounded number of rows at once.
func (r *rooms) upkeep(ctx context.Context) error {
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	sweep := &sweeper{db: r.db, files: r.files, now: time.Now}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := r.db.Update(ctx, func(tx *store.Tx) error {
			_, err := tx.DeleteOldRequestKeys(ctx, upkeepBatch)
			return err
		})
		if err == nil {
			err = sweep.sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			r.log.Warn("upkeep failed", "err", err)
		}
	}
}
