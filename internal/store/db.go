package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/internal/parley"
)

// ErrNoRow is what a lookup of one row returns when there is none.
var ErrNoRow = errors.New("no such row")

// ErrTaken is what a write returns that would break a unique index. The
// transaction can only be given up then.
var ErrTaken = errors.New("taken already")

// Options say where the data is.
type Options struct {
	URL  string // postgres://…; empty: SQLite at Path
	Path string // of the SQLite file
	// Readers is the number of read connections (SQLite) or of all connections (PostgreSQL); 0: a fitting number.
	Readers int
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: none
}

// engine is one database: how it begins and ends transactions.
type engine interface {
	view(ctx context.Context, fn func(queryer) error) error
	update(ctx context.Context, fn func(queryer) error) error
	load(ctx context.Context, fn func(queryer, rowWriter) error) error
	close() error
}

// DB is the database. It is safe for concurrent use.
type DB struct {
	engine  engine
	dialect dialect
	now     func() time.Time
	watch   *watchers
	migrate migrator
	keep    func(parley.Job) // nil: jobs are enqueued
}

// Open connects; it does not migrate.
func Open(ctx context.Context, o Options) (*DB, error) {
	db := &DB{now: o.Now, watch: &watchers{}}
	if db.now == nil {
		db.now = time.Now
	}
	var err error
	if o.URL == "" {
		err = db.openSQLite(ctx, o)
	} else if strings.HasPrefix(o.URL, "postgres://") || strings.HasPrefix(o.URL, "postgresql://") {
		err = db.openPostgres(ctx, o)
	} else {
		err = errors.New("the database URL must begin with postgres://")
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// Close waits for running transactions and closes all connections.
func (db *DB) Close() error { return db.engine.close() }

// Aside is the same database for whoever works beside the product: by a clock of
// their own, and with jobs that stay with them. What a transaction would enqueue
// is handed to keep once it is committed, and no worker sees it. It is closed by
// closing db.
func (db *DB) Aside(now func() time.Time, keep func(parley.Job)) *DB {
	aside := *db
	aside.now, aside.keep = now, keep
	return &aside
}

// Dialect names the engine: "sqlite" or "postgres".
func (db *DB) Dialect() string { return db.dialect.name() }

// View runs fn on one consistent snapshot. fn must not change anything.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	return db.explained(ctx, db.engine.view(ctx, func(q queryer) error {
		return fn(db.tx(q, false))
	}))
}

// Update runs fn in one transaction and commits it if fn returns nil. The
// events appended by fn get their numbers just before the commit; watchers are
// woken just after it. fn must do no network and no file I/O, and must not call
// View or Update. It may be called again when PostgreSQL asks for it
// (serialisation, deadlock), so it must not change anything outside that it
// would not set again.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	var wake wake
	var kept []parley.Job
	err := db.engine.update(ctx, func(q queryer) error {
		tx := db.tx(q, true)
		if err := fn(tx); err != nil {
			return err
		}
		wake, kept = tx.wake, tx.kept
		wake.any = wake.any || len(tx.events) > 0
		return tx.flush(ctx)
	})
	if err != nil {
		if !errors.Is(err, ErrTaken) && db.dialect.unique(err) {
			err = fmt.Errorf("%w: %w", ErrTaken, err)
		}
		return db.explained(ctx, err)
	}
	db.watch.wake(wake)
	for _, j := range kept {
		db.keep(j)
	}
	return nil
}

func (db *DB) tx(q queryer, write bool) *Tx {
	return &Tx{q: q, d: db.dialect, now: db.now().UTC().Truncate(time.Microsecond), write: write, aside: db.keep != nil}
}

// Watch returns a channel that gets a signal after commits that appended events
// or enqueued jobs. Signals are joined: one may stand for many commits.
func (db *DB) Watch() (signal <-chan struct{}, stop func()) { return db.watch.add("") }

// WatchJobs is Watch for those who do one kind of job: they hear only of commits
// after which there may be one to do.
func (db *DB) WatchJobs(kind string) (signal <-chan struct{}, stop func()) { return db.watch.add(kind) }

// wake says who is to hear of a commit: those who watch jobs of these kinds, and
// whoever watches all; nobody, unless any.
type wake struct {
	any   bool
	kinds []string
	jobs  bool // jobs of every kind
}

type watchers struct {
	mu  sync.Mutex
	all map[chan struct{}]string // the kind of job that is watched; empty: everything
}

func (w *watchers) add(kind string) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[chan struct{}]string{}
	}
	w.all[c] = kind
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, c)
	}
}

func (w *watchers) wake(who wake) {
	if !who.any {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for c, kind := range w.all {
		if kind != "" && !who.jobs && !slices.Contains(who.kinds, kind) {
			continue
		}
		select {
		case c <- struct{}{}:
		default: // a signal waits already
		}
	}
}
