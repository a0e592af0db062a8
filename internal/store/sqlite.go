package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/jmoiron/sqlx"
	_ "modernc.org/sqlite" // the SQLite driver
)

// groupLimit bounds how many waiting updates share one commit, and so one fsync.
const groupLimit = 128

// writerCache is how much of the file each connection keeps in memory, in KiB.
const writerCache = 16000

// sqliteEngine has one writer connection and several readers, in WAL mode.
// Updates that wait while a commit runs are run together as savepoints of the
// next transaction: each stands or falls alone, all share its fsync.
type sqliteEngine struct {
	db      *sqlx.DB
	readers chan *stmtConn
	writer  *stmtConn
	queue   chan *pendingUpdate
	closing chan struct{}
	done    chan struct{}
}

type pendingUpdate struct {
	ctx   context.Context
	fn    func(queryer) error
	err   error
	panic *panicked
	done  chan struct{}
}

type panicked struct {
	value any
	stack []byte
}

func (db *DB) openSQLite(ctx context.Context, o Options) error {
	// Made by us, so that nobody else may read it; SQLite gives its other files the same rights.
	f, err := os.OpenFile(o.Path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	pool, err := sqlx.Open("sqlite", SQLiteSource(o.Path))
	if err != nil {
		return err
	}
	e := &sqliteEngine{
		db: pool, queue: make(chan *pendingUpdate, groupLimit),
		closing: make(chan struct{}), done: make(chan struct{}),
	}
	readers := o.Readers
	if readers == 0 {
		readers = max(4, runtime.GOMAXPROCS(0))
	}
	if e.writer, err = openConn(ctx, pool); err != nil {
		return errors.Join(err, pool.Close())
	}
	e.readers = make(chan *stmtConn, readers)
	for range readers {
		c, err := openConn(ctx, pool)
		if err == nil {
			_, err = c.ExecContext(ctx, "PRAGMA query_only = 1")
		}
		if err != nil {
			return errors.Join(err, pool.Close())
		}
		e.readers <- c
	}
	go e.write()
	db.engine, db.dialect = e, sqliteDialect{}
	db.migrate = migrator{db: pool.DB, dialect: "sqlite3", folder: "sqlite", exclusive: e.exclusive}
	return nil
}

// SQLiteSource names a file to database/sql, with the settings that the product opens it with.
func SQLiteSource(path string) string {
	q := url.Values{}
	q.Set("_time_integer_format", "unix_micro")
	q.Set("_inttotime", "1")
	for _, p := range []string{
		"journal_mode(wal)",
		"synchronous(full)", // what was acknowledged survives a power cut
		"foreign_keys(on)",
		"busy_timeout(10000)",
		"temp_store(memory)",
		fmt.Sprintf("cache_size(-%d)", writerCache),
		"mmap_size(2147418112)",
		"journal_size_limit(67108864)",
	} {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func (e *sqliteEngine) close() error {
	close(e.closing)
	<-e.done
	for range cap(e.readers) {
		c := <-e.readers
		_ = c.close() // the pool's Close below reports what matters
	}
	return errors.Join(e.writer.close(), e.db.Close())
}

func (e *sqliteEngine) view(ctx context.Context, fn func(queryer) error) (err error) {
	var c *stmtConn
	select {
	case c = <-e.readers:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { e.readers <- c }()
	if _, err := c.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		if _, end := c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); err == nil && end != nil {
			err = end
		}
	}()
	return fn(c)
}

func (e *sqliteEngine) update(ctx context.Context, fn func(queryer) error) error {
	p := &pendingUpdate{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case e.queue <- p:
	case <-ctx.Done():
		return ctx.Err()
	case <-e.closing:
		return sql.ErrConnDone
	}
	select {
	case <-p.done: // not ctx: once queued, the answer must be the truth
	case <-e.done:
		select {
		case <-p.done:
		default:
			return sql.ErrConnDone
		}
	}
	if p.panic != nil {
		panic(fmt.Sprintf("%v\n\nin a transaction, at:\n%s", p.panic.value, p.panic.stack))
	}
	return p.err
}

// exclusive runs fn while no update runs; migrations use it.
func (e *sqliteEngine) exclusive(ctx context.Context, fn func() error) error { return fn() }

// write is the writer's goroutine: the only user of the writer connection.
func (e *sqliteEngine) write() {
	defer close(e.done)
	for {
		select {
		case first := <-e.queue:
			e.commit(e.gather(first))
		case <-e.closing:
			for {
				select {
				case first := <-e.queue:
					e.commit(e.gather(first))
				default:
					return
				}
			}
		}
	}
}

// gather takes what waits; it never waits itself.
func (e *sqliteEngine) gather(first *pendingUpdate) []*pendingUpdate {
	group := []*pendingUpdate{first}
	for len(group) < groupLimit {
		select {
		case p := <-e.queue:
			group = append(group, p)
		default:
			return group
		}
	}
	return group
}

func (e *sqliteEngine) commit(group []*pendingUpdate) {
	ctx := context.Background()
	defer func() {
		for _, p := range group {
			close(p.done)
		}
	}()
	if _, err := e.writer.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		failAll(group, err)
		return
	}
	for _, p := range group {
		if p.err = e.savepoint(ctx, p); errors.Is(p.err, errLost) {
			_, _ = e.writer.ExecContext(ctx, "ROLLBACK") // there may be nothing left to roll back
			failAll(group, p.err)
			return
		}
	}
	if _, err := e.writer.ExecContext(ctx, "COMMIT"); err != nil {
		_, _ = e.writer.ExecContext(ctx, "ROLLBACK") // after a failed COMMIT there may be nothing left to roll back
		failAll(group, fmt.Errorf("commit: %w", err))
	}
}

// errLost: SQLite has rolled back the whole transaction by itself, as it may when
// the disk is full. What ran before in it is undone, and nothing more may run:
// it would be a transaction of its own.
var errLost = errors.New("the transaction was rolled back")

// savepoint runs one update so that its failure leaves the others untouched.
func (e *sqliteEngine) savepoint(ctx context.Context, p *pendingUpdate) error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	if _, err := e.writer.ExecContext(ctx, "SAVEPOINT u"); err != nil {
		return err
	}
	err := guard(p, e.writer)
	if err != nil || p.panic != nil {
		if _, back := e.writer.ExecContext(ctx, "ROLLBACK TO u"); back != nil {
			err = errors.Join(err, back)
		}
	}
	if _, end := e.writer.ExecContext(ctx, "RELEASE u"); end != nil {
		err = fmt.Errorf("%w: %w", errLost, errors.Join(err, end))
	}
	return err
}

// guard turns a panic of fn into one of its caller, not of the writer.
func guard(p *pendingUpdate, q queryer) (err error) {
	defer func() {
		if v := recover(); v != nil {
			p.panic = &panicked{value: v, stack: debug.Stack()}
		}
	}()
	return p.fn(uninterrupted{q})
}

func failAll(group []*pendingUpdate, err error) {
	for _, p := range group {
		if p.err == nil {
			p.err = err
		}
	}
}
