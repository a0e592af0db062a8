package store

import (
	"context"

	"parley/internal/parley"
)

const accountColumns = `id, name, region, timezone, created_at`

// InsertAccount writes a and gives it its id, with its counters at zero.
func (tx *Tx) InsertAccount(ctx context.Context, a *parley.Account) error {
	err := tx.get(ctx, &a.ID, `INSERT INTO accounts (name, region, timezone, created_at) VALUES (?, ?, ?, ?) RETURNING id`,
		a.Name, a.Region, a.Timezone, a.CreatedAt)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO account_counters (account_id) VALUES (?)`, a.ID)
	return err
}

// AccountByID finds an account.
func (tx *Tx) AccountByID(ctx context.Context, id parley.AccountID) (parley.Account, error) {
	var a parley.Account
	err := tx.get(ctx, &a, `SELECT `+accountColumns+` FROM accounts WHERE id = ?`, id)
	return a, err
}

// LockAccount is AccountByID for a change: nobody else changes the account until the transaction ends.
func (tx *Tx) LockAccount(ctx context.Context, id parley.AccountID) (parley.Account, error) {
	var a parley.Account
	err := tx.get(ctx, &a, `SELECT `+accountColumns+` FROM accounts WHERE id = ?`+tx.d.forUpdate(), id)
	return a, err
}

// UpdateAccount writes what a person may change of an account.
func (tx *Tx) UpdateAccount(ctx context.Context, a parley.Account) error {
	return tx.execOne(ctx, `UPDATE accounts SET name = ?, region = ?, timezone = ? WHERE id = ?`, a.Name, a.Region, a.Timezone, a.ID)
}

// ListAccounts lists accounts from after an id on, at most 1000.
func (tx *Tx) ListAccounts(ctx context.Context, after parley.AccountID) ([]parley.Account, error) {
	var out []parley.Account
	err := tx.list(ctx, &out, `SELECT `+accountColumns+` FROM accounts WHERE id > ? ORDER BY id LIMIT 1000`, int64(after))
	return out, err
}

// LockAccounts keeps others from adding an account until the transaction ends.
func (tx *Tx) LockAccounts(ctx context.Context) error {
	lock := tx.d.lockAccounts()
	if lock == "" {
		return nil
	}
	_, err := tx.exec(ctx, lock)
	return err
}

// AnyAccount reports whether there is an account at all.
func (tx *Tx) AnyAccount(ctx context.Context) (bool, error) {
	var any bool
	err := tx.get(ctx, &any, `SELECT EXISTS (SELECT 1 FROM accounts)`)
	return any, err
}

// HasSampleData reports whether the account holds sample data.
func (tx *Tx) HasSampleData(ctx context.Context, account parley.AccountID) (bool, error) {
	var has bool
	err := tx.get(ctx, &has, `SELECT EXISTS (SELECT 1 FROM sample_rows WHERE account_id = ?)`, account)
	return has, err
}
