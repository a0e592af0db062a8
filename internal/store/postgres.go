package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresTries bounds how often a transaction is run again after a deadlock or
// a serialisation failure.
const postgresTries = 5

type postgresEngine struct {
	pool *pgxpool.Pool
	db   *sql.DB // for migrations
}

func (db *DB) openPostgres(ctx context.Context, o Options) error {
	cfg, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return err
	}
	if o.Readers > 0 {
		cfg.MaxConns = int32(o.Readers)
	} else if cfg.MaxConns < 20 {
		cfg.MaxConns = 20
	}
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.RuntimeParams["application_name"] = "parley"
	cfg.AfterConnect = SetUpPostgres
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return err
	}
	e := &postgresEngine{pool: pool, db: stdlib.OpenDBFromPool(pool)}
	db.engine, db.dialect = e, postgresDialect{}
	db.migrate = migrator{db: e.db, dialect: "postgres", folder: "postgres", exclusive: e.exclusive}
	return nil
}

// SetUpPostgres makes a connection as the product uses it.
func SetUpPostgres(ctx context.Context, c *pgx.Conn) error {
	// Times are UTC everywhere, not in the zone of the machine.
	c.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}})
	// What we read is in memory or on a disk without heads: fifty lookups by key beat
	// reading a table of thousands. No query of ours is worth compiling.
	_, err := c.Exec(ctx, "SET random_page_cost = 1.1; SET jit = off")
	return err
}

func (e *postgresEngine) close() error {
	err := e.db.Close()
	e.pool.Close()
	return err
}

// exclusive holds an advisory lock, so that several nodes that start at once migrate one after the other.
func (e *postgresEngine) exclusive(ctx context.Context, fn func() error) error {
	const migrationLock = 7_275_395 // "parley" on a phone's keys
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return err
	}
	err = fn()
	_, unlock := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
	return errors.Join(err, unlock)
}

// A snapshot is one for all its queries, and takes no locks.
const (
	beginView   = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	beginUpdate = "BEGIN"
)

func (e *postgresEngine) view(ctx context.Context, fn func(queryer) error) error {
	return e.run(ctx, beginView, fn)
}

func (e *postgresEngine) update(ctx context.Context, fn func(queryer) error) error {
	for try := 1; ; try++ {
		err := e.run(ctx, beginUpdate, fn)
		if try == postgresTries || !retryable(err) {
			return err
		}
		select {
		case <-time.After(time.Duration(try) * time.Duration(1+rand.IntN(10)) * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (e *postgresEngine) run(ctx context.Context, begin string, fn func(queryer) error) (err error) {
	c, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	tx := newPostgresTx(c.Conn(), begin)
	defer tx.rollback(context.WithoutCancel(ctx))
	if err := fn(tx); err != nil {
		return err
	}
	return tx.commit(ctx)
}

// retryable: 40001 serialization_failure, 40P01 deadlock_detected. Both say that nothing was committed.
func retryable(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}
