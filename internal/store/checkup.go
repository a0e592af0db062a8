package store

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/parley"
)

// Checkup is what an administrator is told of a database. It reads whole tables.
type Checkup struct {
	Damage   string       // what SQLite finds wrong in its file; empty: nothing
	Missing  int          // steps of the schema that were not applied yet
	Journals []JournalSum // of every account
	Failed   struct {
		Jobs     int64 // given up, until a person retries them
		Messages int64 // failed, bounced or uncertain
	}
}

// JournalSum holds an account's running sums against its entries, counted.
type JournalSum struct {
	AccountID parley.AccountID
	Told      parley.IntakeTotals
	Counted   parley.IntakeTotals
}

// Checkup examines the database. It changes nothing.
func (db *DB) Checkup(ctx context.Context) (c Checkup, err error) {
	steps, err := db.Migrations(ctx)
	if err != nil {
		return c, fmt.Errorf("read the schema's steps: %w", err)
	}
	for _, s := range steps {
		if !s.Applied {
			c.Missing++
		}
	}
	if c.Missing > 0 {
		return c, nil // the tables may not be those that are asked below
	}
	if db.Dialect() == "sqlite" {
		if c.Damage, err = db.damage(ctx); err != nil {
			return c, err
		}
	}
	err = db.View(ctx, func(tx *Tx) (err error) {
		if c.Journals, err = tx.journalSums(ctx); err != nil {
			return err
		}
		if err := tx.get(ctx, &c.Failed.Jobs, `SELECT COUNT(*) FROM jobs WHERE state = 'failed'`); err != nil {
			return err
		}
		return tx.get(ctx, &c.Failed.Messages, `SELECT COUNT(*) FROM messages WHERE delivery IN ('failed', 'bounced', 'uncertain')`)
	})
	return c, err
}

// damage asks SQLite to read its file from end to end.
func (db *DB) damage(ctx context.Context) (string, error) {
	conn, err := db.migrate.db.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	found, err := texts(ctx, conn, "PRAGMA quick_check(5)")
	if err != nil {
		return "", err
	}
	if len(found) == 1 && found[0] == "ok" {
		return "", nil
	}
	return strings.Join(found, "; "), nil
}

func (tx *Tx) journalSums(ctx context.Context) ([]JournalSum, error) {
	var counted []struct {
		AccountID parley.AccountID   `db:"account_id"`
		State     parley.IntakeState `db:"state"`
		Entries   int64              `db:"entries"`
	}
	err := tx.list(ctx, &counted, `SELECT account_id, state, COUNT(*) AS entries FROM intake GROUP BY account_id, state ORDER BY account_id`)
	if err != nil {
		return nil, err
	}
	var out []JournalSum
	for _, row := range counted {
		if len(out) == 0 || out[len(out)-1].AccountID != row.AccountID {
			told, err := tx.IntakeTotals(ctx, row.AccountID)
			if err != nil {
				return nil, err
			}
			out = append(out, JournalSum{AccountID: row.AccountID, Told: told})
		}
		sum := &out[len(out)-1].Counted
		sum.Accepted += row.Entries
		switch row.State {
		case parley.IntakeFiled:
			sum.Filed = row.Entries
		case parley.IntakeFailed:
			sum.Failed = row.Entries
		case parley.IntakePending:
			sum.Pending = row.Entries
		}
	}
	return out, nil
}
