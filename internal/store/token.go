package store

import (
	"context"
	"time"

	"parley/internal/parley"
)

const tokenColumns = `id, account_id, user_id, name, hash, hint, created_at, last_used_at, revoked_at`

// InsertToken writes t and gives it its id.
func (tx *Tx) InsertToken(ctx context.Context, t *parley.Token) error {
	return tx.get(ctx, &t.ID, `INSERT INTO tokens (account_id, user_id, name, hash, hint, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
		t.AccountID, t.UserID, t.Name, t.Hash, t.Hint, t.CreatedAt)
}

// TokenByHash finds a token that was not revoked, of whatever account: the secret is all that is known yet.
func (tx *Tx) TokenByHash(ctx context.Context, hash []byte) (parley.Token, error) {
	var t parley.Token
	err := tx.get(ctx, &t, `SELECT `+tokenColumns+` FROM tokens WHERE hash = ? AND revoked_at IS NULL`, hash)
	return t, err
}

// TokenByID finds a user's token that was not revoked.
func (tx *Tx) TokenByID(ctx context.Context, account parley.AccountID, user parley.UserID, id parley.TokenID) (parley.Token, error) {
	var t parley.Token
	err := tx.get(ctx, &t, `SELECT `+tokenColumns+` FROM tokens WHERE account_id = ? AND user_id = ? AND id = ? AND revoked_at IS NULL`, account, user, id)
	return t, err
}

// ListTokens lists a user's tokens that were not revoked, the newest first, from before an id on (0: from the newest).
func (tx *Tx) ListTokens(ctx context.Context, account parley.AccountID, user parley.UserID, before parley.TokenID, limit int) ([]parley.Token, error) {
	var out []parley.Token
	err := tx.list(ctx, &out, `SELECT `+tokenColumns+` FROM tokens WHERE account_id = ? AND user_id = ? AND revoked_at IS NULL AND (? = 0 OR id < ?)
		ORDER BY id DESC LIMIT ?`, account, user, int64(before), int64(before), limit)
	return out, err
}

// TouchToken notes that a token was used, unless that was noted since a moment.
func (tx *Tx) TouchToken(ctx context.Context, t parley.Token, since time.Time) error {
	_, err := tx.exec(ctx, `UPDATE tokens SET last_used_at = ? WHERE account_id = ? AND id = ? AND (last_used_at IS NULL OR last_used_at <= ?)`,
		tx.now, t.AccountID, t.ID, since)
	return err
}

// RevokeToken ends one token of a user.
func (tx *Tx) RevokeToken(ctx context.Context, account parley.AccountID, user parley.UserID, id parley.TokenID) error {
	return tx.execOne(ctx, `UPDATE tokens SET revoked_at = ? WHERE account_id = ? AND user_id = ? AND id = ? AND revoked_at IS NULL`, tx.now, account, user, id)
}

// RevokeTokens ends all tokens of a user.
func (tx *Tx) RevokeTokens(ctx context.Context, account parley.AccountID, user parley.UserID) error {
	_, err := tx.exec(ctx, `UPDATE tokens SET revoked_at = ? WHERE account_id = ? AND user_id = ? AND revoked_at IS NULL`, tx.now, account, user)
	return err
}
