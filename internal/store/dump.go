package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/parley"
)

// Kind is what a column holds, whatever the database calls it.
type Kind string

// The kinds of columns.
const (
	KindInt   Kind = "int"
	KindText  Kind = "text"
	KindBool  Kind = "bool"
	KindTime  Kind = "time"
	KindBytes Kind = "bytes"
)

// Column is one column of a table.
type Column struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
}

// Table is a table with its columns in order.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

// derived are tables that are made anew from the others, or that a new database has of itself.
func derived(table string) bool {
	return strings.HasPrefix(table, "message_search") || table == "search_mark" || table == "goose_db_version" || strings.HasPrefix(table, "sqlite_")
}

// Dump is one snapshot of the whole database, of all accounts: for backups.
type Dump struct {
	Version int64   // of the schema
	Tables  []Table // those that others refer to stand first
	conn    *sql.Conn
	catalog catalog
}

// catalog asks a database what it holds; its answers have the columns that Dump reads.
type catalog struct {
	begin   string // opens the snapshot
	tables  string // name
	columns string // name, type of a table given by ?
	parents string // tables that a table, given by ?, refers to
	last    string // name, last id given, of all tables that give ids
	cast    func(c Column) string
	number  func(table string) string // sets the last id given
}

// Dump runs fn on one snapshot. Others go on reading and writing meanwhile; on
// SQLite their changes gather in the write-ahead log until fn returns.
func (db *DB) Dump(ctx context.Context, fn func(*Dump) error) (err error) {
	conn, err := db.migrate.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("dump: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	d := &Dump{conn: conn, catalog: db.dialect.catalog()}
	if _, err := conn.ExecContext(ctx, d.catalog.begin); err != nil {
		return fmt.Errorf("dump: %w", err)
	}
	defer func() {
		_, end := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		err = errors.Join(err, end)
	}()
	if d.Version, err = schemaVersion(ctx, conn); err != nil {
		return err
	}
	if d.Tables, err = d.catalog.read(ctx, conn); err != nil {
		return err
	}
	return fn(d)
}

func schemaVersion(ctx context.Context, conn *sql.Conn) (v int64, err error) {
	err = conn.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version").Scan(&v)
	if err != nil {
		return 0, fmt.Errorf("this database has no schema yet: %w", err)
	}
	return v, nil
}

// read lists all tables that are not derived, parents before children.
func (c catalog) read(ctx context.Context, conn *sql.Conn) ([]Table, error) {
	names, err := texts(ctx, conn, c.tables)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, derived)
	parents := map[string][]string{}
	for _, name := range names {
		if parents[name], err = texts(ctx, conn, c.parents, name); err != nil {
			return nil, err
		}
	}
	var out []Table
	for _, name := range parentsFirst(names, parents) {
		columns, err := c.columnsOf(ctx, conn, name)
		if err != nil {
			return nil, err
		}
		out = append(out, Table{Name: name, Columns: columns})
	}
	return out, nil
}

func parentsFirst(names []string, parents map[string][]string) []string {
	var out []string
	seen := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		if seen[name] {
			return // there, or refers to itself
		}
		seen[name] = true
		for _, p := range parents[name] {
			visit(p)
		}
		out = append(out, name)
	}
	for _, name := range names {
		visit(name)
	}
	return out
}

func (c catalog) columnsOf(ctx context.Context, conn *sql.Conn, table string) ([]Column, error) {
	rows, err := conn.QueryContext(ctx, c.columns, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Column
	for rows.Next() {
		var name, declared string
		if err := rows.Scan(&name, &declared); err != nil {
			return nil, err
		}
		kind, ok := kinds[strings.ToLower(declared)]
		if !ok {
			return nil, fmt.Errorf("column %s.%s is of a type that backups do not know: %s", table, name, declared)
		}
		out = append(out, Column{Name: name, Kind: kind})
	}
	return out, rows.Err()
}

// kinds are the types that our migrations use, on either database.
var kinds = map[string]Kind{
	"integer": KindInt, "bigint": KindInt, "text": KindText, "jsonb": KindText,
	"boolean": KindBool, "timestamp": KindTime, "timestamp with time zone": KindTime, "blob": KindBytes, "bytea": KindBytes,
}

// Rows gives every row of a table to fn: int64, string, bool, time.Time, []byte
// or nil, by the columns' kinds. The row is only good until fn returns.
func (d *Dump) Rows(ctx context.Context, t Table, fn func(row []any) error) error {
	list := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = d.catalog.cast(c)
	}
	rows, err := d.conn.QueryContext(ctx, "SELECT "+strings.Join(list, ", ")+" FROM "+t.Name) //nolint:gosec // names from the catalog
	if err != nil {
		return fmt.Errorf("dump %s: %w", t.Name, err)
	}
	defer rows.Close()
	row, into := make([]any, len(list)), make([]any, len(list))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("dump %s: %w", t.Name, err)
		}
		for i, c := range t.Columns {
			if row[i], err = c.value(row[i]); err != nil {
				return fmt.Errorf("dump %s.%s: %w", t.Name, c.Name, err)
			}
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// value turns what a driver gives into the one form of the column's kind.
func (c Column) value(v any) (any, error) {
	if v == nil {
		return nil, nil //nolint:nilnil // NULL is a value
	}
	switch c.Kind {
	case KindInt:
		if n, ok := v.(int64); ok {
			return n, nil
		}
	case KindText:
		switch s := v.(type) {
		case string:
			return s, nil
		case []byte:
			return string(s), nil
		}
	case KindBool:
		switch b := v.(type) {
		case bool:
			return b, nil
		case int64:
			return b != 0, nil
		}
	case KindTime:
		if t, ok := v.(time.Time); ok {
			return t.UTC(), nil
		}
	case KindBytes:
		if b, ok := v.([]byte); ok {
			return b, nil
		}
	}
	return nil, fmt.Errorf("a %T in a column of kind %s", v, c.Kind)
}

// LastIDs are the last ids given, by table: they are never given again, even if the row is gone.
func (d *Dump) LastIDs(ctx context.Context) (map[string]int64, error) {
	rows, err := d.conn.QueryContext(ctx, d.catalog.last)
	if err != nil {
		return nil, fmt.Errorf("dump: %w", err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var name string
		var last int64
		if err := rows.Scan(&name, &last); err != nil {
			return nil, fmt.Errorf("dump: %w", err)
		}
		if !derived(name) {
			out[name] = last
		}
	}
	return out, rows.Err()
}

// BlobRef names bytes in the blob store, outside of the database.
type BlobRef struct {
	AccountID parley.AccountID
	Key       parley.BlobKey
}

// Blobs gives every blob that a row refers to and that no row holds, once each.
func (d *Dump) Blobs(ctx context.Context, fn func(BlobRef) error) error {
	rows, err := d.conn.QueryContext(ctx, `SELECT account_id, raw_blob FROM messages WHERE raw_blob <> ''
		UNION SELECT account_id, blob FROM attachments UNION SELECT account_id, blob FROM intake WHERE blob <> ''
		EXCEPT SELECT account_id, key FROM blobs WHERE content IS NOT NULL`)
	if err != nil {
		return fmt.Errorf("dump: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var b BlobRef
		if err := rows.Scan(&b.AccountID, &b.Key); err != nil {
			return fmt.Errorf("dump: %w", err)
		}
		if err := fn(b); err != nil {
			return err
		}
	}
	return rows.Err()
}

func texts(ctx context.Context, conn *sql.Conn, query string, args ...any) ([]string, error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
