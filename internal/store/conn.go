package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"
)

// queryer is what a Tx runs its statements on. Queries have ? placeholders
// (SQLite) or $n (PostgreSQL); Tx has rebound them.
type queryer interface {
	GetContext(ctx context.Context, dest any, query string, args ...any) error
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	// SendContext is ExecContext for a statement whose result nobody awaits: that
	// it failed may be told by a later one, at the latest by the commit.
	SendContext(ctx context.Context, query string, args ...any) error
}

// stmtConn is one SQLite connection that keeps its prepared statements: parsing
// a statement costs more than running most of ours. The texts are constants, so
// the cache is bounded by the code; a few thousand would be a fault of ours.
type stmtConn struct {
	conn  *sqlx.Conn
	stmts map[string]*sqlx.Stmt
}

func openConn(ctx context.Context, pool *sqlx.DB) (*stmtConn, error) {
	c, err := pool.Connx(ctx)
	if err != nil {
		return nil, err
	}
	return &stmtConn{conn: c, stmts: map[string]*sqlx.Stmt{}}, nil
}

func (c *stmtConn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.conn.Close())...)
}

func (c *stmtConn) stmt(ctx context.Context, query string) (*sqlx.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.conn.PreparexContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s
	return s, nil
}

func (c *stmtConn) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return err
	}
	return s.GetContext(ctx, dest, args...)
}

func (c *stmtConn) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return err
	}
	return s.SelectContext(ctx, dest, args...)
}

func (c *stmtConn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (c *stmtConn) SendContext(ctx context.Context, query string, args ...any) error {
	_, err := c.ExecContext(ctx, query, args...)
	return err
}

// uninterrupted keeps a cancelled caller from interrupting a statement of the
// shared write transaction: SQLite would roll all of it back, the others' too.
type uninterrupted struct{ q queryer }

func (u uninterrupted) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	return u.q.GetContext(context.WithoutCancel(ctx), dest, query, args...)
}

func (u uninterrupted) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	return u.q.SelectContext(context.WithoutCancel(ctx), dest, query, args...)
}

func (u uninterrupted) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return u.q.ExecContext(context.WithoutCancel(ctx), query, args...)
}

func (u uninterrupted) SendContext(ctx context.Context, query string, args ...any) error {
	return u.q.SendContext(context.WithoutCancel(ctx), query, args...)
}
