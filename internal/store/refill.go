package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrNotEmpty is what Refill returns for a database that holds an account.
var ErrNotEmpty = errors.New("the database holds an account already")

// Refill writes the rows of a Dump into an empty database, all of them or none.
type Refill struct {
	tx     *Tx
	rows   rowWriter
	tables map[string]Table
	last   map[string]int64
}

// Refill makes the schema of a version, runs fn in one transaction, and brings
// the schema up to this binary's version.
func (db *DB) Refill(ctx context.Context, version int64, fn func(*Refill) error) error {
	return db.migrate.exclusive(ctx, func() error {
		p, err := db.migrate.provider()
		if err != nil {
			return err
		}
		if newest := p.ListSources()[len(p.ListSources())-1].Version; version > newest {
			return fmt.Errorf("the rows are of a later version of Parley (schema %d, this one knows %d)", version, newest)
		}
		if _, err := p.UpTo(ctx, version); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		if err := db.refill(ctx, fn); err != nil {
			return err
		}
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		return nil
	})
}

func (db *DB) refill(ctx context.Context, fn func(*Refill) error) error {
	c := db.dialect.catalog()
	conn, err := db.migrate.db.Conn(ctx)
	if err != nil {
		return err
	}
	tables, err := c.read(ctx, conn)
	if err := errors.Join(err, conn.Close()); err != nil {
		return err
	}
	r := &Refill{tables: map[string]Table{}}
	for _, t := range tables {
		r.tables[t.Name] = t
	}
	err = db.engine.load(ctx, func(q queryer, rows rowWriter) error {
		r.tx, r.rows = db.tx(q, true), rows
		taken, err := r.tx.AnyAccount(ctx)
		if err != nil {
			return err
		}
		if taken {
			return ErrNotEmpty
		}
		return fn(r)
	})
	if err != nil {
		return err
	}
	return db.Update(ctx, func(tx *Tx) error { return r.number(ctx, tx) })
}

// Rows writes rows of a table as Dump.Rows gave them. Parents come before children.
func (r *Refill) Rows(ctx context.Context, t Table, rows [][]any) error {
	known, ok := r.tables[t.Name]
	if !ok {
		return fmt.Errorf("there is no table %s", t.Name)
	}
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		if columns[i] = c.Name; !slices.Contains(known.Columns, c) {
			return fmt.Errorf("there is no column %s.%s of kind %s", t.Name, c.Name, c.Kind)
		}
	}
	return r.rows(ctx, t.Name, columns, rows)
}

// SetLastIDs makes every table give ids beyond those of Dump.LastIDs.
func (r *Refill) SetLastIDs(last map[string]int64) error {
	for table := range last {
		if _, ok := r.tables[table]; !ok {
			return fmt.Errorf("there is no table %s", table)
		}
	}
	r.last = last
	return nil
}

// number runs once the rows are there: writing them moves the last ids too.
func (r *Refill) number(ctx context.Context, tx *Tx) error {
	for table, id := range r.last {
		if id == 0 {
			continue
		}
		if _, err := tx.exec(ctx, tx.d.catalog().number(table), id); err != nil {
			return fmt.Errorf("last id of %s: %w", table, err)
		}
	}
	return nil
}

// Interrupt frees jobs from workers that are not here. Unless the server that the
// dump is of has not run since, what was about to leave then may have left: it is
// made to stand as being sent, and the outbox asks a person, as after a crash.
func (r *Refill) Interrupt(ctx context.Context, now time.Time, moved bool) (unproven int64, err error) {
	if _, err := r.tx.exec(ctx, "UPDATE jobs SET state = 'ready', lease_owner = '', lease_until = NULL WHERE state = 'running'"); err != nil {
		return 0, err
	}
	if moved {
		return 0, nil
	}
	const leaving = "(delivery = 'queued' OR delivery = 'scheduled' AND send_at <= ?)"
	_, err = r.tx.exec(ctx, `UPDATE recipients SET delivery = 'sending' WHERE delivery IN ('queued', 'scheduled')
		AND message_id IN (SELECT id FROM messages WHERE `+leaving+`)`, now)
	if err != nil {
		return 0, err
	}
	return r.tx.exec(ctx, "UPDATE messages SET delivery = 'sending', send_at = NULL WHERE "+leaving, now)
}
