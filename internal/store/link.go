package store

import (
	"context"
	"time"

	"parley/internal/parley"
)

const linkColumns = `id, account_id, user_id, kind, created_at, expires_at, used_at`

// InsertUserLink writes l and gives it its id.
func (tx *Tx) InsertUserLink(ctx context.Context, l *parley.UserLink) error {
	return tx.get(ctx, &l.ID, `INSERT INTO user_links (account_id, user_id, kind, created_at, expires_at) VALUES (?, ?, ?, ?, ?) RETURNING id`,
		l.AccountID, l.UserID, l.Kind, l.CreatedAt, l.ExpiresAt)
}

// UserLinkByID finds a link of whatever account: the link is all that its holder
// has. Whether it is genuine, used up or too old is the caller's to ask.
func (tx *Tx) UserLinkByID(ctx context.Context, id parley.UserLinkID) (parley.UserLink, error) {
	var l parley.UserLink
	err := tx.get(ctx, &l, `SELECT `+linkColumns+` FROM user_links WHERE id = ?`, id)
	return l, err
}

// UserLinkOf finds a user's newest link of a kind that was not used.
func (tx *Tx) UserLinkOf(ctx context.Context, account parley.AccountID, user parley.UserID, kind parley.UserLinkKind) (parley.UserLink, error) {
	var l parley.UserLink
	err := tx.get(ctx, &l, `SELECT `+linkColumns+` FROM user_links WHERE account_id = ? AND user_id = ? AND kind = ? AND used_at IS NULL
		ORDER BY id DESC LIMIT 1`, account, user, kind)
	return l, err
}

// ExtendUserLink moves a link's expiry.
func (tx *Tx) ExtendUserLink(ctx context.Context, l parley.UserLink, expires time.Time) error {
	return tx.execOne(ctx, `UPDATE user_links SET expires_at = ? WHERE account_id = ? AND id = ? AND used_at IS NULL`, expires, l.AccountID, l.ID)
}

// UseUserLink marks a link as used. Of two who use it at once, one gets ErrNoRow.
func (tx *Tx) UseUserLink(ctx context.Context, l parley.UserLink) error {
	return tx.execOne(ctx, `UPDATE user_links SET used_at = ? WHERE account_id = ? AND id = ? AND used_at IS NULL AND expires_at > ?`,
		tx.now, l.AccountID, l.ID, tx.now)
}

// DeleteUserLinks voids a user's links that were not used.
func (tx *Tx) DeleteUserLinks(ctx context.Context, account parley.AccountID, user parley.UserID) error {
	_, err := tx.exec(ctx, `DELETE FROM user_links WHERE account_id = ? AND user_id = ? AND used_at IS NULL`, account, user)
	return err
}
