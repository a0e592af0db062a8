package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// maxPending bounds the statements of a transaction that wait to be sent.
const maxPending = 1000

// postgresTx is a transaction on one connection. The network and the server's
// turning from one statement to the next cost more than most of ours do
// themselves, so BEGIN and the statements whose result nobody awaits stay here
// until one comes that is awaited, and COMMIT goes with the last: many
// statements, one round trip. Their order stays as it was.
type postgresTx struct {
	conn    *pgx.Conn
	pending *pgx.Batch
}

func newPostgresTx(conn *pgx.Conn, begin string) *postgresTx {
	t := &postgresTx{conn: conn, pending: &pgx.Batch{}}
	t.pending.Queue(begin)
	return t
}

// GetContext implements queryer.
func (t *postgresTx) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	return t.await(ctx, query, args, func(rows pgx.Rows) error { return scanOne(rows, dest) })
}

// SelectContext implements queryer.
func (t *postgresTx) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	return t.await(ctx, query, args, func(rows pgx.Rows) error { return scanAll(rows, dest) })
}

// ExecContext implements queryer.
func (t *postgresTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	var tag pgconn.CommandTag
	err := t.await(ctx, query, args, func(rows pgx.Rows) error {
		rows.Close()
		tag = rows.CommandTag()
		return rows.Err()
	})
	return driver.RowsAffected(tag.RowsAffected()), err
}

// SendContext implements queryer.
func (t *postgresTx) SendContext(ctx context.Context, query string, args ...any) error {
	t.pending.Queue(query, args...)
	if t.pending.Len() < maxPending {
		return nil
	}
	return t.flush(ctx)
}

// await sends what is pending with one query more, and reads the rows of that.
func (t *postgresTx) await(ctx context.Context, query string, args []any, read func(pgx.Rows) error) error {
	t.pending.Queue(query, args...).Query(read)
	return t.flush(ctx)
}

func (t *postgresTx) flush(ctx context.Context) error {
	batch := t.pending
	if batch.Len() == 0 {
		return nil
	}
	t.pending = &pgx.Batch{}
	return t.conn.SendBatch(ctx, batch).Close()
}

// errRolledBack: the server ended a transaction otherwise than it was asked to.
var errRolledBack = errors.New("the transaction was rolled back")

// commit sends what is pending and COMMIT. Of a transaction in which nothing was
// asked the server never heard.
func (t *postgresTx) commit(ctx context.Context) error {
	if t.conn.PgConn().TxStatus() == idle && t.pending.Len() == 1 {
		return nil
	}
	return t.await(ctx, "COMMIT", nil, func(rows pgx.Rows) error {
		rows.Close()
		if err := rows.Err(); err != nil {
			return err
		}
		if rows.CommandTag().String() != "COMMIT" {
			return errRolledBack
		}
		return nil
	})
}

// idle is the status of a connection outside of any transaction.
const idle = 'I'

// rollback ends the transaction, if the server has heard of it.
func (t *postgresTx) rollback(ctx context.Context) {
	if t.conn.IsClosed() || t.conn.PgConn().TxStatus() == idle {
		return
	}
	if _, err := t.conn.Exec(ctx, "ROLLBACK"); err != nil {
		// Nobody may go on within this transaction. The first error is the one to report.
		_ = t.conn.Close(ctx)
	}
}
