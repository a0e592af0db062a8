package store

import (
	"context"

	"parley/internal/parley"
)

const userColumns = `id, account_id, email, name, role, password_hash, all_inboxes, preferences, invited_at, disabled_at, last_seen_at, created_at, failed_sign_ins, sign_in_locked_to`

// InsertUser writes u and gives it its id. The email must be in its Key form.
func (tx *Tx) InsertUser(ctx context.Context, u *parley.User) error {
	return tx.get(ctx, &u.ID, `INSERT INTO users (account_id, email, name, role, password_hash, all_inboxes, preferences, invited_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		u.AccountID, u.Email, u.Name, u.Role, u.PasswordHash, u.AllInboxes, u.Preferences, u.InvitedAt, u.CreatedAt)
}

// UserByID finds a user of the account.
func (tx *Tx) UserByID(ctx context.Context, account parley.AccountID, id parley.UserID) (parley.User, error) {
	var u parley.User
	err := tx.get(ctx, &u, `SELECT `+userColumns+` FROM users WHERE account_id = ? AND id = ?`, account, id)
	return u, err
}
