package store

import (
	"context"
	"time"

	"parley/internal/parley"
)

const sessionColumns = `id, account_id, user_id, hash, user_agent, remote_addr, created_at, last_seen_at, expires_at`

// InsertSession writes s and gives it its id.
func (tx *Tx) InsertSession(ctx context.Context, s *parley.Session) error {
	return tx.get(ctx, &s.ID, `INSERT INTO sessions (account_id, user_id, hash, user_agent, remote_addr, created_at, last_seen_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		s.AccountID, s.UserID, s.Hash, s.UserAgent, s.RemoteAddr, s.CreatedAt, s.LastSeenAt, s.ExpiresAt)
}

// SessionByHash finds a session that has not expired, of whatever account: the cookie is all that is known yet.
func (tx *Tx) SessionByHash(ctx context.Context, hash []byte) (parley.Session, error) {
	var s parley.Session
	err := tx.get(ctx, &s, `SELECT `+sessionColumns+` FROM sessions WHERE hash = ? AND expires_at > ?`, hash, tx.now)
	return s, err
}

// ListSessions lists a user's sessions that have not expired, the newest first, from before an id on (0: from the newest).
func (tx *Tx) ListSessions(ctx context.Context, account parley.AccountID, user parley.UserID, before parley.SessionID, limit int) ([]parley.Session, error) {
	var out []parley.Session
	err := tx.list(ctx, &out, `SELECT `+sessionColumns+` FROM sessions WHERE account_id = ? AND user_id = ? AND expires_at > ? AND (? = 0 OR id < ?)
		ORDER BY id DESC LIMIT ?`, account, user, tx.now, int64(before), int64(before), limit)
	return out, err
}

// TouchSession notes that a session and its user were seen, unless that was
// noted since a moment, and moves its expiry.
func (tx *Tx) TouchSession(ctx context.Context, s parley.Session, since, expires time.Time) error {
	n, err := tx.exec(ctx, `UPDATE sessions SET last_seen_at = ?, expires_at = ? WHERE account_id = ? AND id = ? AND last_seen_at <= ?`,
		tx.now, expires, s.AccountID, s.ID, since)
	if err != nil || n == 0 {
		return err
	}
	return tx.TouchUser(ctx, s.AccountID, s.UserID)
}

// TouchUser notes that a user was seen.
func (tx *Tx) TouchUser(ctx context.Context, account parley.AccountID, id parley.UserID) error {
	_, err := tx.exec(ctx, `UPDATE users SET last_seen_at = ? WHERE account_id = ? AND id = ?`, tx.now, account, id)
	return err
}

// DeleteSession ends one session of a user.
func (tx *Tx) DeleteSession(ctx context.Context, account parley.AccountID, user parley.UserID, id parley.SessionID) error {
	return tx.execOne(ctx, `DELETE FROM sessions WHERE account_id = ? AND user_id = ? AND id = ?`, account, user, id)
}

// DeleteSessions ends a user's sessions but one (0: all).
func (tx *Tx) DeleteSessions(ctx context.Context, account parley.AccountID, user parley.UserID, but parley.SessionID) error {
	_, err := tx.exec(ctx, `DELETE FROM sessions WHERE account_id = ? AND user_id = ? AND id <> ?`, account, user, int64(but))
	return err
}

// DeleteOldSessions ends a user's sessions that expired, and the oldest ones past keep.
func (tx *Tx) DeleteOldSessions(ctx context.Context, account parley.AccountID, user parley.UserID, keep int) error {
	_, err := tx.exec(ctx, `DELETE FROM sessions WHERE account_id = ? AND user_id = ? AND (expires_at <= ? OR id NOT IN
		(SELECT id FROM sessions WHERE account_id = ? AND user_id = ? ORDER BY last_seen_at DESC, id DESC LIMIT ?))`,
		account, user, tx.now, account, user, keep)
	return err
}
