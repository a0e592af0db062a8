package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/parley"
)

const jobColumns = `id, account_id, kind, args, lane, unique_key, state, run_at, tries, lease_owner, lease_until, last_error, created_at`

// claimWindow bounds how many due jobs a claim looks at for the heads of lanes.
const claimWindow = 1000

// InsertJob enqueues j in this transaction. With a unique key that waits or runs
// already, nothing happens. It is called by package job.
func (tx *Tx) InsertJob(ctx context.Context, j parley.Job) error {
	if tx.aside {
		tx.kept = append(tx.kept, j)
		return nil
	}
	tx.enqueued = true
	return tx.send(ctx, `INSERT INTO jobs (account_id, kind, args, lane, unique_key, run_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		j.AccountID, j.Kind, j.Args, j.Lane, j.UniqueKey, j.RunAt, tx.now)
}

// ClaimJobs leases up to limit due jobs of a kind to owner: of each lane only
// the first, and only if none of that lane runs. A job that waits for its next
// try does not hold up its lane.
func (tx *Tx) ClaimJobs(ctx context.Context, kind, owner string, limit int, lease time.Duration) ([]parley.Job, error) {
	var out []parley.Job
	err := tx.list(ctx, &out, `UPDATE jobs SET state = 'running', lease_owner = ?, lease_until = ?, tries = tries + 1
		WHERE id IN (
			SELECT j.id FROM jobs j WHERE j.id IN (
				SELECT id FROM jobs WHERE kind = ? AND state = 'ready' AND run_at <= ? ORDER BY run_at, id LIMIT ?)
			AND (j.lane = '' OR NOT EXISTS (
				SELECT 1 FROM jobs o WHERE o.lane = j.lane AND o.lane <> '' AND o.state <> 'failed' AND o.id <> j.id
				AND (o.state = 'running' OR (o.id < j.id AND o.run_at <= ?))))
			ORDER BY j.run_at, j.id LIMIT ?`+tx.d.skipLocked()+`)
		AND state = 'ready' RETURNING `+jobColumns,
		owner, tx.now.Add(lease), kind, tx.now, claimWindow, tx.now, limit)
	return out, err
}

// NextJobAt is when the next waiting job of a kind is due; false if none waits.
func (tx *Tx) NextJobAt(ctx context.Context, kind string) (time.Time, bool, error) {
	var at time.Time
	err := tx.get(ctx, &at, `SELECT run_at FROM jobs WHERE kind = ? AND state = 'ready' ORDER BY run_at LIMIT 1`, kind)
	if errors.Is(err, ErrNoRow) {
		return time.Time{}, false, nil
	}
	return at, err == nil, err
}

// ExtendJobLeases keeps jobs of owner that run for another lease.
func (tx *Tx) ExtendJobLeases(ctx context.Context, owner string, running []parley.JobID, lease time.Duration) error {
	_, err := tx.exec(ctx, `UPDATE jobs SET lease_until = ? WHERE state = 'running' AND lease_owner = ? AND `+tx.d.in("id"),
		tx.now.Add(lease), owner, tx.d.inArg(int64s(running)))
	return err
}

// ReclaimOrphanedJobs makes jobs ready again that are leased to owner, though it does not run them.
func (tx *Tx) ReclaimOrphanedJobs(ctx context.Context, owner string, running []parley.JobID) (int64, error) {
	return tx.exec(ctx, `UPDATE jobs SET state = 'ready', lease_owner = '', lease_until = NULL WHERE state = 'running' AND lease_owner = ? AND NOT `+tx.d.in("id"),
		owner, tx.d.inArg(int64s(running)))
}

// ReclaimJobs makes jobs ready again whose worker is gone: those of owner (a
// node that has just started has no running jobs), and those whose lease ended.
// An empty owner means every owner: on SQLite there is only this process.
func (tx *Tx) ReclaimJobs(ctx context.Context, owner string) (int64, error) {
	const reclaim = `UPDATE jobs SET state = 'ready', lease_owner = '', lease_until = NULL WHERE state = 'running'`
	if owner == "" {
		return tx.exec(ctx, reclaim)
	}
	return tx.exec(ctx, reclaim+` AND (lease_owner = ? OR lease_until < ?)`, owner, tx.now)
}

// ReclaimExpiredJobs makes jobs ready again whose lease ended.
func (tx *Tx) ReclaimExpiredJobs(ctx context.Context) (int64, error) {
	return tx.exec(ctx, `UPDATE jobs SET state = 'ready', lease_owner = '', lease_until = NULL WHERE state = 'running' AND lease_until < ?`, tx.now)
}

// DeleteJobs removes jobs that are done; it is no fault if they are gone already.
func (tx *Tx) DeleteJobs(ctx context.Context, ids ...parley.JobID) error {
	if len(ids) == 0 {
		return nil
	}
	return tx.send(ctx, `DELETE FROM jobs WHERE `+tx.d.in("id"), tx.d.inArg(int64s(ids)))
}

// RetryJob gives a running job back, to run at a later time.
func (tx *Tx) RetryJob(ctx context.Context, id parley.JobID, at time.Time, fault string) error {
	tx.enqueued = true
	_, err := tx.exec(ctx, `UPDATE jobs SET state = 'ready', run_at = ?, lease_owner = '', lease_until = NULL, last_error = ? WHERE id = ? AND state = 'running'`, at, fault, id)
	return err
}

// FailJob ends a job as failed, visible until a person retries it.
func (tx *Tx) FailJob(ctx context.Context, id parley.JobID, fault string) error {
	_, err := tx.exec(ctx, `UPDATE jobs SET state = 'failed', lease_owner = '', lease_until = NULL, last_error = ? WHERE id = ? AND state = 'running'`, fault, id)
	return err
}
