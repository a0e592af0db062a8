package store

import (
	"context"
	"errors"
	"math/bits"
	"strconv"
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
	tx.Wake(j.Kind)
	return tx.send(ctx, `INSERT INTO jobs (account_id, kind, args, lane, unique_key, run_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		j.AccountID, j.Kind, j.Args, j.Lane, j.UniqueKey, j.RunAt, tx.now)
}

// ClaimJobs leases up to limit due jobs of a kind to owner: of each lane only
// the first, and only if none of that lane runs. A job that waits for its next
// try does not hold up its lane.
func (tx *Tx) ClaimJobs(ctx context.Context, kind, owner string, limit int, lease time.Duration) ([]parley.Job, error) {
	out, err := tx.claim(ctx, kind, owner, limit, lease,
		`SELECT id FROM jobs WHERE kind = ? AND state = 'ready' AND run_at <= ? ORDER BY run_at, id LIMIT `+strconv.Itoa(claimWindow), kind, tx.now)
	if err != nil || len(out) == limit {
		return out, err
	}
	first, full, err := tx.claimWindowFull(ctx, kind)
	if err != nil || !full {
		return out, err
	}
	// A few lanes in which many wait fill the window: the others are looked for by
	// themselves, and those of no lane.
	heads := []struct {
		query string
		args  []any
	}{
		{laneHeads, []any{first, tx.now}},
		{laneHeads, []any{"", tx.now}},
		{`SELECT id FROM jobs WHERE kind = ? AND state = 'ready' AND lane = '' AND run_at <= ? ORDER BY run_at, id LIMIT ` + strconv.Itoa(claimWindow), []any{kind, tx.now}},
	}
	for _, h := range heads {
		if len(out) == limit {
			break
		}
		// A power of two: few texts, each prepared once.
		more, err := tx.claim(ctx, kind, owner, 1<<(bits.Len(uint(limit-len(out)))-1), lease, h.query, h.args...)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// claim leases those of the candidates whose turn it is.
func (tx *Tx) claim(ctx context.Context, kind, owner string, limit int, lease time.Duration, candidates string, args ...any) ([]parley.Job, error) {
	var out []parley.Job
	err := tx.list(ctx, &out, `UPDATE jobs SET state = 'running', lease_owner = ?, lease_until = ?, tries = tries + 1
		WHERE id IN (
			SELECT j.id FROM jobs j WHERE j.id IN (`+candidates+`) AND j.kind = ? AND j.state = 'ready' AND j.run_at <= ?
			AND (j.lane = '' OR (
				NOT EXISTS (SELECT 1 FROM jobs o WHERE o.lane = j.lane AND o.lane <> '' AND o.state = 'running')
				AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.lane = j.lane AND o.lane <> '' AND o.state <> 'failed' AND o.id < j.id AND o.run_at <= ?)))
			ORDER BY j.run_at, j.id LIMIT `+strconv.Itoa(limit)+tx.d.skipLocked()+`)
		AND state = 'ready' RETURNING `+jobColumns,
		append(append([]any{owner, tx.now.Add(lease)}, args...), kind, tx.now, tx.now)...)
	return out, err
}

// claimWindowFull tells whether more jobs are due than a claim looks at, and the
// lane of the first of them.
func (tx *Tx) claimWindowFull(ctx context.Context, kind string) (lane string, full bool, err error) {
	var due struct {
		N    int    `db:"n"`
		Lane string `db:"lane"`
	}
	err = tx.get(ctx, &due, `SELECT COUNT(*) AS n, COALESCE((SELECT lane FROM jobs WHERE kind = ? AND state = 'ready' AND run_at <= ? ORDER BY run_at, id LIMIT 1), '') AS lane
		FROM (SELECT id FROM jobs WHERE kind = ? AND state = 'ready' AND run_at <= ? LIMIT `+strconv.Itoa(claimWindow)+`) AS due`, kind, tx.now, kind, tx.now)
	return due.Lane, due.N == claimWindow, err
}

// laneHeads gives the first due job of each lane, in order of lane from behind one
// on, without reading the others.
var laneHeads = `WITH RECURSIVE lanes (lane, n) AS (
		SELECT * FROM (SELECT lane, 1 FROM jobs WHERE lane > ? AND lane <> '' AND state <> 'failed' ORDER BY lane LIMIT 1) AS first
		UNION ALL
		SELECT (SELECT j.lane FROM jobs j WHERE j.lane > lanes.lane AND j.lane <> '' AND j.state <> 'failed' ORDER BY j.lane LIMIT 1), n + 1
		FROM lanes WHERE lanes.lane IS NOT NULL AND n < ` + strconv.Itoa(claimWindow) + `)
	SELECT (SELECT h.id FROM jobs h WHERE h.lane = lanes.lane AND h.lane <> '' AND h.state <> 'failed' AND h.run_at <= ? ORDER BY h.id LIMIT 1)
	FROM lanes WHERE lane IS NOT NULL`

// MoveJob sets when the job with a unique key is due; ErrNoRow if none waits. Of a
// ready job it says also that it has not failed: so the index of keys is known to have it.
func (tx *Tx) MoveJob(ctx context.Context, key string, at time.Time) error {
	tx.Wake()
	return tx.execOne(ctx, `UPDATE jobs SET run_at = ? WHERE unique_key = ? AND unique_key IS NOT NULL AND state <> 'failed' AND state = 'ready'`, at, key)
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
	tx.Wake()
	_, err := tx.exec(ctx, `UPDATE jobs SET state = 'ready', run_at = ?, lease_owner = '', lease_until = NULL, last_error = ? WHERE id = ? AND state = 'running'`, at, fault, id)
	return err
}

// FailJob ends a job as failed, visible until a person retries it.
func (tx *Tx) FailJob(ctx context.Context, id parley.JobID, fault string) error {
	_, err := tx.exec(ctx, `UPDATE jobs SET state = 'failed', lease_owner = '', lease_until = NULL, last_error = ? WHERE id = ? AND state = 'running'`, fault, id)
	return err
}
