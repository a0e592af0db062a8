package store

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"parley/internal/parley"
)

// Lose rolls back all that runs, as SQLite does by itself when the disk is full.
func (tx *Tx) Lose(ctx context.Context) error {
	_, err := tx.exec(ctx, "ROLLBACK")
	return errors.Join(errors.New("the disk is full"), err)
}

// Analyze gathers the planner's statistics.
func (tx *Tx) Analyze(ctx context.Context) error {
	_, err := tx.exec(ctx, "ANALYZE")
	return err
}

// PlanOfList tells how the database reads a list.
func (tx *Tx) PlanOfList(ctx context.Context, actor parley.Actor, q ListQuery) (string, error) {
	sort := orders[q.Sort]
	branches := tx.branches(actor, q)
	for i := range branches {
		branches[i] = branches[i].and(sort.after, sort.args(sort.start())...)
	}
	query, args := page(branches, sort, q.Limit)
	return tx.plan(ctx, query, args...)
}

func (tx *Tx) plan(ctx context.Context, query string, args ...any) (string, error) {
	var lines []string
	if tx.d.name() == "postgres" {
		// A few thousand rows may rightly be read whole, or gathered and sorted, whichever
		// the sampled statistics favour: what is asked is whether an index can serve.
		for _, way := range []string{"seqscan", "bitmapscan", "sort"} {
			if _, err := tx.exec(ctx, "SET LOCAL enable_"+way+" = off"); err != nil {
				return "", err
			}
		}
		err := tx.list(ctx, &lines, "EXPLAIN (COSTS OFF) "+query, args...)
		return strings.Join(lines, "\n"), err
	}
	var rows []struct {
		ID, Parent, Notused int
		Detail              string
	}
	err := tx.list(ctx, &rows, "EXPLAIN QUERY PLAN "+query, args...)
	for _, r := range rows {
		lines = append(lines, r.Detail)
	}
	return strings.Join(lines, "\n"), err
}

// Sizes tells how large tables are.
func (tx *Tx) Sizes(ctx context.Context) (string, error) {
	var rows []struct {
		Name string
		Size int64
	}
	err := tx.list(ctx, &rows, "SELECT name, SUM(pgsize) AS size FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 14")
	var out strings.Builder
	for _, r := range rows {
		out.WriteString(r.Name + " " + strconv.Itoa(int(r.Size>>10)) + "k\n")
	}
	return out.String(), err
}

// PlanOfRows tells how the database reads the rows of a list.
func (tx *Tx) PlanOfRows(ctx context.Context, account parley.AccountID, ids ...int64) (string, error) {
	return tx.plan(ctx, tx.rowsQuery(), int64(1), account, tx.d.inArg(ids))
}

// PlanByIDs tells how the database finds rows of a table by their ids.
func (tx *Tx) PlanByIDs(ctx context.Context, table, column string, account parley.AccountID, ids ...int64) (string, error) {
	return tx.plan(ctx, "SELECT * FROM "+table+" WHERE account_id = ? AND "+tx.d.in(column), account, tx.d.inArg(ids))
}

// PlanOfCounts tells how the database counts views.
func (tx *Tx) PlanOfCounts(ctx context.Context, actor parley.Actor, inbox parley.InboxID, views []parley.View) (string, error) {
	query, args := tx.countQuery(actor, inbox, views)
	return tx.plan(ctx, query, args...)
}

// PlansOfJournal tell how the database reads the journal's pages and the blocklist.
func (tx *Tx) PlansOfJournal(ctx context.Context, account parley.AccountID) (map[string]string, error) {
	failed, args := listIntake(account, parley.IntakeFailed, 5, 51)
	blocks, blocksArgs := listBlocks(account, "", 5, 51)
	found, foundArgs := listBlocks(account, "x", 0, 51)
	out := map[string]string{}
	for what, q := range map[string]struct {
		text string
		args []any
	}{
		"days":         {listIntakeDays, []any{account, parley.EndOfDays, account, parley.EndOfDays, 15}},
		"failed":       {failed, args},
		"blocklist":    {blocks, blocksArgs},
		"blocks found": {found, foundArgs},
		"failed batch": {failedIntake, []any{account, parley.IntakeFailed, 200}},
	} {
		plan, err := tx.plan(ctx, q.text, q.args...)
		if err != nil {
			return nil, err
		}
		out[what] = plan
	}
	return out, nil
}

// ClaimWindow is how many due jobs a claim looks at first.
const ClaimWindow = claimWindow
