package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"parley/internal/parley"
)

// explained tells a person, too, where a transaction failed because the disk is
// full or the database away: nobody's fault, and worth another try.
func (db *DB) explained(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	if _, ok := errors.AsType[*parley.Error](err); ok {
		return err
	}
	if t := db.dialect.trouble(err); t != nil {
		return fmt.Errorf("%w: %w", t, err)
	}
	return err
}

func full() *parley.Error {
	return parley.Errorf(parley.Unavailable, "store.full", "The disk of the database is full. Make room and try again.")
}

func away() *parley.Error {
	return parley.Errorf(parley.Unavailable, "store.away", "The database cannot be reached just now. Try again in a moment.")
}

func (sqliteDialect) trouble(err error) *parley.Error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return nil
	}
	switch e.Code() & 0xff { // the rest of an extended code says where it happened
	case sqlitelib.SQLITE_FULL:
		return full()
	case sqlitelib.SQLITE_BUSY, sqlitelib.SQLITE_IOERR, sqlitelib.SQLITE_CANTOPEN:
		return away()
	}
	return nil
}

func (postgresDialect) trouble(err error) *parley.Error {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case e.Code == "53100": // disk_full
			return full()
		// connection exceptions, insufficient resources, operator intervention (shutdown, recovery)
		case strings.HasPrefix(e.Code, "08"), strings.HasPrefix(e.Code, "53"), strings.HasPrefix(e.Code, "57P"):
			return away()
		}
		return nil
	}
	_, connect := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[net.Error](err)
	if connect || network || pgconn.SafeToRetry(err) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return away()
	}
	return nil
}
