// Package bare does with plain SQL what the product does by its rules: the same
// rows, read and written on the same database with the same settings, and
// nothing else. It is the measure that the product is held against: what is
// slower than this is ours.
//
// It refuses to be used for anything but measuring.
package bare

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"parley/internal/store"
)

// DB is a seeded database, with its only account and that account's first user.
type DB struct {
	db       *sql.DB
	postgres bool
	Account  int64
	User     int64
	tag      string // before every word of the search index
}

// Open connects to PostgreSQL at a URL, or to SQLite at a path.
func Open(ctx context.Context, url, path string) (*DB, error) {
	db, conns, err := connect(url, path)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	d := &DB{db: db, postgres: url != ""}
	err = db.QueryRowContext(ctx, `SELECT account_id, id FROM users ORDER BY id LIMIT 1`).Scan(&d.Account, &d.User)
	if err != nil {
		return nil, fmt.Errorf("find the account: %w", err)
	}
	tag := strconv.FormatInt(d.Account, 36)
	d.tag = strings.Repeat("0", max(0, 3-len(tag))) + tag + ":"
	return d, nil
}

// connect opens the database as the product does, with as many connections.
func connect(url, path string) (db *sql.DB, conns int, err error) {
	if url == "" {
		db, err = sql.Open("sqlite", store.SQLiteSource(path))
		return db, max(4, runtime.GOMAXPROCS(0)), err
	}
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, 0, err
	}
	return stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(store.SetUpPostgres)), 20, nil
}

// Close closes all connections.
func (d *DB) Close() error { return d.db.Close() }

// sql numbers the placeholders where they must be.
func (d *DB) sql(query string) string {
	if !d.postgres {
		return query
	}
	var b strings.Builder
	n := 0
	for _, c := range query {
		if c == '?' {
			n++
			fmt.Fprintf(&b, "$%d", n)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// IDs gives the ids that a query selects.
func (d *DB) IDs(ctx context.Context, query string, args ...any) ([]int64, error) {
	rows, err := d.db.QueryContext(ctx, d.sql(query), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// reader prepares queries once, as the product does.
type reader struct {
	stmts []*sql.Stmt
}

func (d *DB) prepare(ctx context.Context, queries ...string) (reader, error) {
	var r reader
	for _, q := range queries {
		s, err := d.db.PrepareContext(ctx, d.sql(q))
		if err != nil {
			return r, fmt.Errorf("%s: %w", q, err)
		}
		r.stmts = append(r.stmts, s)
	}
	return r, nil
}

// drain runs the i-th query and reads every value.
func (r reader) drain(ctx context.Context, i int, args ...any) error {
	rows, err := r.stmts[i].QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Views are the conditions of the built-in lists.
var Views = map[string]string{
	"my_unread":  `folder = 'open' AND assignee_id = %d AND assignee_unread`,
	"my_open":    `folder = 'open' AND assignee_id = %d`,
	"unassigned": `folder = 'open' AND assignee_id IS NULL`,
	"all_open":   `folder = 'open'`,
	"failed":     `failed_count > 0 AND folder IN ('open', 'snoozed', 'closed')`,
	"closed":     `folder = 'closed'`,
	"spam":       `folder = 'spam'`,
}

// Sorts are the orders of lists.
var Sorts = map[string]string{"newest": `last_message_at DESC, id DESC`, "added": `id DESC`, "waiting": `waiting_key, id`}

// Work is done once for each n.
type Work func(ctx context.Context, n int) error

// List reads the first fifty rows of a view.
func (d *DB) List(ctx context.Context, view, sort string) (Work, error) {
	where := Views[view]
	if strings.Contains(where, "%d") {
		where = fmt.Sprintf(where, d.User)
	}
	r, err := d.prepare(ctx, `SELECT c.*, p.name, e.value, r.seq FROM (SELECT * FROM conversations WHERE account_id = ? AND `+where+` ORDER BY `+Sorts[sort]+` LIMIT 50) c
		JOIN contacts p ON p.id = c.contact_id
		LEFT JOIN contact_points e ON e.account_id = c.account_id AND e.contact_id = c.contact_id AND e.kind = 'email' AND e.position = 0
		LEFT JOIN read_cursors r ON r.account_id = c.account_id AND r.conversation_id = c.id AND r.user_id = ?`)
	return func(ctx context.Context, _ int) error { return r.drain(ctx, 0, d.Account, d.User) }, err
}

// Search reads the fifty newest messages that have all words, with their conversations.
func (d *DB) Search(ctx context.Context, words string) (Work, error) {
	var terms []string
	mark, and := `"`, " AND "
	from := `(SELECT rowid AS message_id FROM message_search WHERE message_search MATCH ? ORDER BY rowid DESC LIMIT 50)`
	if d.postgres {
		mark, and = `'`, " & "
		from = `(SELECT message_id FROM message_search WHERE words @@ CAST(? AS TSQUERY) ORDER BY message_id DESC LIMIT 50)`
	}
	for _, w := range strings.Fields(words) {
		terms = append(terms, mark+d.tag+w+mark)
	}
	r, err := d.prepare(ctx, `SELECT c.*, p.name FROM `+from+` s JOIN messages m ON m.id = s.message_id JOIN conversations c ON c.id = m.conversation_id JOIN contacts p ON p.id = c.contact_id`)
	return func(ctx context.Context, _ int) error { return r.drain(ctx, 0, strings.Join(terms, and)) }, err
}

// Open reads all that a conversation shows.
func (d *DB) Open(ctx context.Context, ids []int64) (Work, error) {
	const of = ` WHERE m.account_id = ? AND m.conversation_id = ?`
	r, err := d.prepare(
		ctx,
		`SELECT * FROM conversations WHERE account_id = ? AND id = ?`,
		`SELECT m.*, b.text, b.visible_text FROM messages m JOIN message_bodies b ON b.message_id = m.id`+of+` ORDER BY m.at DESC, m.id DESC LIMIT 100`,
		`SELECT r.* FROM messages m JOIN recipients r ON r.message_id = m.id`+of,
		`SELECT a.* FROM messages m JOIN attachments a ON a.account_id = m.account_id AND a.message_id = m.id`+of,
		`SELECT * FROM events m`+of+` AND timeline ORDER BY at, seq LIMIT 100`,
		`SELECT * FROM notes m`+of,
	)
	return func(ctx context.Context, n int) error {
		for i := range r.stmts {
			if err := r.drain(ctx, i, d.Account, ids[n%len(ids)]); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// Token finds who calls.
func (d *DB) Token(ctx context.Context) (Work, error) {
	r, err := d.prepare(ctx, `SELECT * FROM tokens WHERE hash = (SELECT hash FROM tokens ORDER BY id LIMIT 1)`, `SELECT * FROM users WHERE account_id = ? AND id = ?`)
	return func(ctx context.Context, _ int) error {
		if err := r.drain(ctx, 0); err != nil {
			return err
		}
		return r.drain(ctx, 1, d.Account, d.User)
	}, err
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
