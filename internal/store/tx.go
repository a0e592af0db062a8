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
	q       queryer
	d       dialect
	now     time.Time
	write   bool
	events  []*parley.Event
	numbers map[parley.AccountID][]*parley.Conversation // await their number
	wake    wake
	aside   bool         // jobs are kept, not enqueued
	kept    []parley.Job // until the commit
	expect  int
	// conversations are those that are locked, as they stand in the database.
	conversations map[parley.ConversationID]parley.Conversation
	doubted       map[parley.ConversationID]bool
	mark          *parley.MessageID  // indexedTo, once a message was written
	ids           map[string][]int64 // drawn for rows to come, by table
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
	return tx.taken(tx.q.SelectContext(ctx, dest, tx.d.rebind(query), args...))
}

// exec changes rows and tells how many.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.q.ExecContext(ctx, tx.d.rebind(query), args...)
	if err != nil {
		return 0, tx.taken(err)
	}
	return res.RowsAffected()
}

// send is exec for a statement of which nothing needs to be known at once. That it
// failed may be told by a later one, or by the commit.
func (tx *Tx) send(ctx context.Context, query string, args ...any) error {
	return tx.taken(tx.q.SendContext(ctx, tx.d.rebind(query), args...))
}

// Expect says how many messages the transaction will write, about, so that the ids
// for them are drawn together.
func (tx *Tx) Expect(n int) { tx.expect = n }

// insertRow sends an INSERT into a table whose first value is the row's id, and
// sets id.
func insertRow[K any](ctx context.Context, tx *Tx, id *parley.ID[K], table, query string, args ...any) error {
	draw := tx.d.drawIDs(table)
	if draw == "" {
		res, err := tx.q.ExecContext(ctx, tx.d.rebind(query), append([]any{nil}, args...)...)
		if err != nil {
			return tx.taken(err)
		}
		n, err := res.LastInsertId()
		*id = parley.ID[K](n)
		return err
	}
	if len(tx.ids[table]) == 0 {
		var ids []int64
		if err := tx.list(ctx, &ids, draw, max(1, tx.expect)); err != nil {
			return err
		}
		if tx.ids == nil {
			tx.ids = map[string][]int64{}
		}
		tx.ids[table] = ids
	}
	*id = parley.ID[K](tx.ids[table][0])
	tx.ids[table] = tx.ids[table][1:]
	return tx.send(ctx, query, append([]any{int64(*id)}, args...)...)
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

// Wake asks for watchers to be woken after the commit, though no event says so:
// of those who do jobs, whoever does these kinds; of all, where none is named.
func (tx *Tx) Wake(kinds ...string) {
	tx.wake.any = true
	tx.wake.jobs = tx.wake.jobs || len(kinds) == 0
	tx.wake.kinds = append(tx.wake.kinds, kinds...)
}

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
	unnumbered := map[parley.ConversationID]int64{}
	for i, conv := range fresh {
		conv.Number = c.Number - int64(len(fresh)) + int64(i) + 1
		unnumbered[conv.ID] = conv.Number
	}
	for i, e := range mine {
		e.Seq = parley.Seq(c.Seq - int64(len(mine)) + int64(i) + 1)
		if err := tx.insertEvent(ctx, e, unnumbered); err != nil {
			return err
		}
	}
	for _, id := range sortedKeys(unnumbered) {
		if err := tx.send(ctx, `UPDATE conversations SET number = ? WHERE account_id = ? AND id = ?`, unnumbered[id], account, id); err != nil {
			return err
		}
	}
	return nil
}
