package store

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jmoiron/sqlx"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"parley/internal/parley"
)

// dialect is what the two databases cannot share.
type dialect interface {
	name() string
	// rebind turns ? into the database's placeholders.
	rebind(query string) string
	// in is a condition that column is one of a list, given as one argument: the
	// text stays the same for every length, so that the statement stays prepared.
	in(column string) string
	inArg(ids any) any
	// inRows is a condition that column is one of what a query finds. The query is run
	// first: it finds few.
	inRows(column, query string) string
	// byKey keeps the planner, behind a table's name, from reading it in any order but that of the keys it is given.
	byKey() string
	// each is a list of texts, given as one argument (inArg), as a table with the column value.
	each() string
	// indexedBy names the index to read a table by, behind the table's name, for
	// the planner that can be told.
	indexedBy(index string) string
	// found is a table with one column, value: what query, which may name tables
	// to its left, selects as value. Its LIMIT then holds for each of their rows.
	found(query, alias string) string
	// forUpdate locks the rows that a SELECT finds until the transaction ends.
	forUpdate() string
	// skipLocked is forUpdate for queues: rows that others hold are passed over.
	skipLocked() string
	// indexBatch is how many messages are put into the full-text index at once.
	indexBatch() int
	// writeWords puts messages' words into the full-text index, or others in their place.
	writeWords(list []indexed) []statement
	// matches gives messages that have a term of each group, the newest first, from
	// before an id on; done says that there are no more.
	matches(ctx context.Context, tx *Tx, account parley.AccountID, groups [][]term, before parley.MessageID, limit int) (ids []parley.MessageID, done bool, err error)
	// nextID selects the next free id of a table, given as one argument.
	nextID() string
	// loadWords is writeWords for messages of a load, which the index does not know yet.
	loadWords(ctx context.Context, l *Loader, list []indexed) error
	// drawIDs is a query for so many ids of rows to come; empty where an INSERT tells
	// its id at no cost.
	drawIDs(table string) string
	// unique reports whether err says that a unique index refused a row.
	unique(err error) bool
	// trouble says where err is of the database's surroundings, and may pass: nil for every other.
	trouble(err error) *parley.Error
	// lockAccounts is a statement that keeps others from adding an account until
	// the transaction ends; empty where a write transaction is alone anyway.
	lockAccounts() string
	// catalog tells what tables there are, for backups.
	catalog() catalog
}

type sqliteDialect struct{}

func (sqliteDialect) name() string { return "sqlite" }

// rebind hides limits from SQLite's planner. It would make a plan for the very
// number that is bound, and so prepare the statement anew each time it runs.
func (sqliteDialect) rebind(q string) string {
	return rewritten(&hidden, q, func() string { return strings.ReplaceAll(q, "LIMIT ?", "LIMIT ?+0") })
}

func (sqliteDialect) in(col string) string {
	return col + " IN (SELECT value FROM json_each(?))"
}

func (sqliteDialect) inRows(col, query string) string { return col + " IN (" + query + ")" }
func (sqliteDialect) byKey() string                   { return " NOT INDEXED" }

func (sqliteDialect) inArg(ids any) any {
	b, err := json.Marshal(ids)
	if err != nil {
		panic(err) // lists of numbers and strings only
	}
	return string(b)
}
func (sqliteDialect) each() string              { return "json_each(?)" }
func (sqliteDialect) indexedBy(i string) string { return " INDEXED BY " + i }
func (sqliteDialect) forUpdate() string         { return "" } // one writer: every row is ours
func (sqliteDialect) skipLocked() string        { return "" }
func (sqliteDialect) found(query, alias string) string {
	return "json_each((SELECT json_group_array(value) FROM (" + query + "))) AS " + alias
}

func (sqliteDialect) unique(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code() == sqlitelib.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY)
}
func (sqliteDialect) lockAccounts() string  { return "" }
func (sqliteDialect) drawIDs(string) string { return "" }

type postgresDialect struct{}

// Queries as they are written -> as the databases get them.
var rebound, hidden sync.Map

func rewritten(known *sync.Map, q string, rewrite func() string) string {
	if done, ok := known.Load(q); ok {
		return done.(string)
	}
	done := rewrite()
	known.Store(strings.Clone(q), done)
	return done
}

func (postgresDialect) name() string { return "postgres" }
func (postgresDialect) rebind(q string) string {
	return rewritten(&rebound, q, func() string { return sqlx.Rebind(sqlx.DOLLAR, q) })
}
func (postgresDialect) in(col string) string            { return col + " = ANY(?)" }
func (postgresDialect) inRows(col, query string) string { return col + " = ANY(ARRAY(" + query + "))" }
func (postgresDialect) byKey() string                   { return "" }
func (postgresDialect) inArg(ids any) any               { return ids }
func (postgresDialect) each() string                    { return "unnest(CAST(? AS TEXT[])) AS list (value)" }
func (postgresDialect) indexedBy(string) string         { return "" }
func (postgresDialect) forUpdate() string               { return " FOR UPDATE" }
func (postgresDialect) skipLocked() string              { return " FOR UPDATE SKIP LOCKED" }
func (postgresDialect) found(query, alias string) string {
	return "unnest(ARRAY(" + query + ")) AS " + alias + " (value)"
}

func (postgresDialect) unique(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23505" // unique_violation
}

func (postgresDialect) drawIDs(table string) string {
	return "SELECT nextval('" + table + "_id_seq') FROM generate_series(1, CAST(? AS BIGINT))"
}

func (postgresDialect) lockAccounts() string {
	return "LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE"
}
