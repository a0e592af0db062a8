package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"parley/internal/parley"
)

const (
	// loadCache is how much of the file the writer keeps in memory during a load, in KiB.
	loadCache = 512 << 10
	// loadValues is how many values one INSERT has at most; SQLite takes 32,766.
	loadValues = 8192
)

// load is an update with a large cache. SQLite's indexes grow with the rows.
func (e *sqliteEngine) load(ctx context.Context, fn func(queryer, rowWriter) error) error {
	return e.update(ctx, func(q queryer) error {
		if _, err := q.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", loadCache)); err != nil {
			return err
		}
		err := fn(q, func(ctx context.Context, table string, columns []string, rows [][]any) error {
			return insertRows(ctx, q, table, columns, rows)
		})
		_, back := q.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", writerCache))
		return errors.Join(err, back)
	})
}

// insertRows writes rows with as few statements as fit, of few different lengths,
// so that they stay prepared.
func insertRows(ctx context.Context, q queryer, table string, columns []string, rows [][]any) error {
	most := 1
	for most*2*len(columns) <= loadValues {
		most *= 2
	}
	for n := most; len(rows) > 0; {
		for n > len(rows) {
			n /= 2
		}
		marks := "(?" + strings.Repeat(", ?", len(columns)-1) + ")"
		query := `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES ` + marks + strings.Repeat(", "+marks, n-1)
		if _, err := q.ExecContext(ctx, query, slices.Concat(rows[:n]...)...); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
		rows = rows[n:]
	}
	return nil
}

// load copies rows into tables that have no index and no check of references
// while it runs: both are made again at its end, all at once. A load that fails
// leaves them as they were.
func (e *postgresEngine) load(ctx context.Context, fn func(queryer, rowWriter) error) error {
	c, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	tx := newPostgresTx(c.Conn(), beginUpdate)
	defer tx.rollback(context.WithoutCancel(ctx))
	write := func(ctx context.Context, table string, columns []string, rows [][]any) error {
		if err := tx.flush(ctx); err != nil {
			return err
		}
		_, err := tx.conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) { return plain(rows[i]) }))
		if err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
		return nil
	}
	if err := undressed(ctx, tx, func() error { return fn(tx, write) }); err != nil {
		return err
	}
	if err := tx.commit(ctx); err != nil {
		return err
	}
	_, err = c.Exec(ctx, "ANALYZE")
	return err
}

// plain resolves the values of our own types: COPY is told bytes, not types.
func plain(row []any) ([]any, error) {
	for i, v := range row {
		if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer && p.IsNil() {
			row[i] = nil // as database/sql has it
			continue
		}
		if own, ok := v.(driver.Valuer); ok {
			if _, ok := v.(pgtype.TSVector); ok {
				continue
			}
			value, err := own.Value()
			if err != nil {
				return nil, err
			}
			row[i] = value
		}
	}
	return row, nil
}

// undressed runs fn while the tables of a load have no indexes but their keys,
// and no references.
func undressed(ctx context.Context, q queryer, fn func() error) error {
	var dress []struct{ Off, On string }
	err := q.SelectContext(ctx, &dress, `SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname) AS off,
			'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) AS on
		FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(SELECT to_regclass(name) FROM unnest(CAST($1 AS TEXT[])) AS list (name))
		UNION ALL
		SELECT 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
		FROM pg_index WHERE indrelid = ANY(SELECT to_regclass(name) FROM unnest(CAST($1 AS TEXT[])) AS list (name))
			AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)`, append(slices.Clone(loaded), loadedBeside...))
	if err != nil {
		return err
	}
	for _, d := range dress {
		if _, err := q.ExecContext(ctx, d.Off); err != nil {
			return err
		}
	}
	if err := fn(); err != nil {
		return err
	}
	if _, err := q.ExecContext(ctx, "SET LOCAL maintenance_work_mem = '512MB'"); err != nil {
		return err
	}
	for _, table := range loaded {
		if _, err := q.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence($1, 'id'), MAX(id)) FROM `+table, table); err != nil {
			return err
		}
	}
	for _, d := range slices.Backward(dress) { // indexes first: the references are checked by them
		if _, err := q.ExecContext(ctx, d.On); err != nil {
			return err
		}
	}
	return nil
}

// loadedBeside are the tables of a load whose rows have no id of their own.
var loadedBeside = []string{
	"contact_points", "contact_words", "message_bodies", "message_refs", "recipients", "events", "read_cursors", "message_search",
}

func (sqliteDialect) nextID() string {
	return `SELECT COALESCE(MAX(seq), 0) + 1 FROM sqlite_sequence WHERE name = ?`
}

func (sqliteDialect) loadWords(ctx context.Context, l *Loader, list []indexed) error {
	if len(list) == 0 {
		return nil
	}
	var waiting []parley.MessageID // messages from before the load, for their batch
	err := l.list(ctx, &waiting, `SELECT id FROM messages WHERE id > (SELECT message_id FROM search_mark) AND id < ?`, list[0].id)
	if err != nil {
		return err
	}
	if len(waiting) > 0 {
		if err := l.index(ctx, waiting); err != nil {
			return err
		}
	}
	for _, w := range l.d.writeWords(list) {
		if _, err := l.exec(ctx, strings.Replace(w.query, "INSERT OR REPLACE", "INSERT", 1), w.args...); err != nil {
			return err
		}
	}
	return l.execOne(ctx, `UPDATE search_mark SET message_id = ?`, list[len(list)-1].id)
}

func (postgresDialect) nextID() string { return `SELECT nextval(pg_get_serial_sequence(?, 'id'))` }

func (postgresDialect) loadWords(ctx context.Context, l *Loader, list []indexed) error {
	rows := make([][]any, len(list))
	for i, m := range list {
		v := pgtype.TSVector{Lexemes: make([]pgtype.TSVectorLexeme, len(m.words)), Valid: true}
		for j, w := range m.words {
			v.Lexemes[j].Word = w
		}
		rows[i] = []any{m.account, m.id, v}
	}
	return l.rows(ctx, "message_search", []string{"account_id", "message_id", "words"}, rows)
}
