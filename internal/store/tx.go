package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley/internal/parley"
)

// Tx is an open transaction. It is used by one goroutine and ends with the
// function it was given to.
type Tx struct {
	q        queryer
	d        dialect
	now      time.Time
	write    bool
	events   []*parley.Event
	numbers  map[parley.AccountID][]*parley.Conversation // await their number
	enqueued bool
	aside    bool         // jobs are kept, not enqueued
	kept     []parley.Job // until the commit
}

// Now is the transaction's one clock, UTC, to the microsecond.
func (tx *Tx) Now() time.Time { return tx.now }

// get reads one row into dest, or ErrNoRow.
func (tx *Tx) get(ctx context.Context, dest any, query string, args ...any) error {
	err := tx.q.GetContext(ctx, dest, tx.d.rebind(query), args...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNoRow
	}
	return tx.taken(err)
}

// list reads all rows into dest, a slice. The query must be bounded.
func (tx *Tx) list(ctx context.Context, dest any, query string, args ...any) error {
	return tx.q.SelectContext(ctx, dest, tx.d.rebind(query), args...)
}

// exec changes rows and tells how many.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.q.ExecContext(ctx, tx.d.rebind(query), args...)
	if err != nil {
		return 0, tx.taken(err)
	}
	return res.RowsAffected()
}

func (tx *Tx) taken(err error) error {
	if err != nil && tx.d.unique(err) {
		return fmt.Errorf("%w: %w", ErrTaken, err)
	}
	return err
}

// execOne changes exactly one row, or returns ErrNoRow.
func (tx *Tx) execOne(ctx context.Context, query string, args ...any) error {
	n, err := tx.exec(ctx, query, args...)
	if err == nil && n == 0 {
		return ErrNoRow
	}
	return err
}

// AppendEvent notes what changed. The number is given at the end of the
// transaction; e.Seq is set then. e.At is the transaction's clock if zero.
// Events of a conversation carry the inbox it stands in after the change.
func (tx *Tx) AppendEvent(e *parley.Event) {
	if e.At.IsZero() {
		e.At = tx.now
	}
	tx.events = append(tx.events, e)
}

// Wake asks for watchers to be woken after the commit, though no event says so.
func (tx *Tx) Wake() { tx.enqueued = true }

// flush takes the counters' lock last, so that it is held only for these few
// statements: all that is written before runs beside other transactions.
func (tx *Tx) flush(ctx context.Context) error {
	if len(tx.events) == 0 && len(tx.numbers) == 0 {
		return nil
	}
	for _, account := range tx.accountsTouched() {
		if err := tx.flushAccount(ctx, account); err != nil {
			return fmt.Errorf("number events: %w", err)
		}
	}
	return nil
}

// accountsTouched is in order of id: two transactions never wait for each other crosswise.
func (tx *Tx) accountsTouched() []parley.AccountID {
	seen := map[parley.AccountID]bool{}
	for _, e := range tx.events {
		seen[e.AccountID] = true
	}
	for id := range tx.numbers {
		seen[id] = true
	}
	return sortedKeys(seen)
}

func (tx *Tx) flushAccount(ctx context.Context, account parley.AccountID) error {
	var mine []*parley.Event
	for _, e := range tx.events {
		if e.AccountID == account {
			mine = append(mine, e)
		}
	}
	fresh := tx.numbers[account]
	var c struct {
		Seq    int64 `db:"seq"`
		Number int64 `db:"number"`
	}
	err := tx.get(ctx, &c, `UPDATE account_counters SET seq = seq + ?, number = number + ? WHERE account_id = ? RETURNING seq, number`,
		len(mine), len(fresh), account)
	if err != nil {
		return err
	}
	for i, conv := range fresh {
		conv.Number = c.Number - int64(len(fresh)) + int64(i) + 1
		if _, err := tx.exec(ctx, `UPDATE conversations SET number = ? WHERE account_id = ? AND id = ?`, conv.Number, account, conv.ID); err != nil {
			return err
		}
	}
	for i, e := range mine {
		e.Seq = parley.Seq(c.Seq - int64(len(mine)) + int64(i) + 1)
		if err := tx.insertEvent(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
