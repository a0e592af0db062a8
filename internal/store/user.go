package store

import (
	"context"
	"time"

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

// LockUser is UserByID for a change: nobody else changes the user until the transaction ends.
func (tx *Tx) LockUser(ctx context.Context, account parley.AccountID, id parley.UserID) (parley.User, error) {
	var u parley.User
	err := tx.get(ctx, &u, `SELECT `+userColumns+` FROM users WHERE account_id = ? AND id = ?`+tx.d.forUpdate(), account, id)
	return u, err
}

// ListUsers lists users from after an id on.
func (tx *Tx) ListUsers(ctx context.Context, account parley.AccountID, after parley.UserID, limit int) ([]parley.User, error) {
	var out []parley.User
	err := tx.list(ctx, &out, `SELECT `+userColumns+` FROM users WHERE account_id = ? AND id > ? ORDER BY id LIMIT ?`, account, int64(after), limit)
	return out, err
}

// ListUsersByEmail finds the users of all accounts who sign in with an email, in
// its Key form: before sign-in nobody knows the account.
func (tx *Tx) ListUsersByEmail(ctx context.Context, email string, limit int) ([]parley.User, error) {
	var out []parley.User
	err := tx.list(ctx, &out, `SELECT `+userColumns+` FROM users WHERE email = ? ORDER BY id LIMIT ?`, email, limit)
	return out, err
}

// ListActiveOwners lists the account's owners who can sign in; none of them is
// changed by others until the transaction ends.
func (tx *Tx) ListActiveOwners(ctx context.Context, account parley.AccountID) ([]parley.UserID, error) {
	var out []parley.UserID
	err := tx.list(ctx, &out, `SELECT id FROM users WHERE account_id = ? AND role = ? AND disabled_at IS NULL AND invited_at IS NULL
		ORDER BY id LIMIT 1000`+tx.d.forUpdate(), account, parley.Owner)
	return out, err
}

// UpdateUser writes what may change of a user but the password and the sign-in count.
func (tx *Tx) UpdateUser(ctx context.Context, u parley.User) error {
	return tx.execOne(ctx, `UPDATE users SET name = ?, role = ?, all_inboxes = ?, preferences = ?, invited_at = ?, disabled_at = ?
		WHERE account_id = ? AND id = ?`, u.Name, u.Role, u.AllInboxes, u.Preferences, u.InvitedAt, u.DisabledAt, u.AccountID, u.ID)
}

// UpdatePassword writes a user's password hash; wrong attempts are forgotten.
func (tx *Tx) UpdatePassword(ctx context.Context, account parley.AccountID, id parley.UserID, hash string) error {
	return tx.execOne(ctx, `UPDATE users SET password_hash = ?, failed_sign_ins = 0, sign_in_locked_to = NULL WHERE account_id = ? AND id = ?`, hash, account, id)
}

// UpdateSignIn writes how many attempts to sign in went wrong in a row, and until when no further one is taken.
func (tx *Tx) UpdateSignIn(ctx context.Context, account parley.AccountID, id parley.UserID, failed int, lockedTo *time.Time) error {
	return tx.execOne(ctx, `UPDATE users SET failed_sign_ins = ?, sign_in_locked_to = ? WHERE account_id = ? AND id = ?`, failed, lockedTo, account, id)
}

// ListUserInboxes tells the inboxes of users who do not see all of them. An
// inbox that was archived stays theirs: its closed conversations can be read.
func (tx *Tx) ListUserInboxes(ctx context.Context, account parley.AccountID, users ...parley.UserID) (map[parley.UserID][]parley.InboxID, error) {
	var rows []struct {
		UserID  parley.UserID  `db:"user_id"`
		InboxID parley.InboxID `db:"inbox_id"`
	}
	err := tx.list(ctx, &rows, `SELECT user_id, inbox_id FROM inbox_members WHERE account_id = ? AND `+tx.d.in("user_id")+` ORDER BY user_id, inbox_id`,
		account, tx.d.inArg(int64s(users)))
	out := map[parley.UserID][]parley.InboxID{}
	for _, r := range rows {
		out[r.UserID] = append(out[r.UserID], r.InboxID)
	}
	return out, err
}

// SetUserInboxes makes these the inboxes of a user, who must be of the account as they must.
func (tx *Tx) SetUserInboxes(ctx context.Context, account parley.AccountID, user parley.UserID, inboxes []parley.InboxID) error {
	if _, err := tx.exec(ctx, `DELETE FROM inbox_members WHERE account_id = ? AND user_id = ?`, account, user); err != nil {
		return err
	}
	for _, inbox := range inboxes {
		if err := tx.insertInboxMember(ctx, account, inbox, user); err != nil {
			return err
		}
	}
	return nil
}

// ListKnownUsers tells which of the ids are users of the account.
func (tx *Tx) ListKnownUsers(ctx context.Context, account parley.AccountID, ids []parley.UserID) ([]parley.UserID, error) {
	var out []parley.UserID
	err := tx.list(ctx, &out, `SELECT id FROM users WHERE account_id = ? AND `+tx.d.in("id")+` ORDER BY id`, account, tx.d.inArg(int64s(ids)))
	return out, err
}

// MaxGrantChanges bounds ListGrantChanges.
const MaxGrantChanges = 1000

// ListGrantChanges lists the events after a number that may change who somebody
// is or what they see: of users, tokens and inboxes.
func (tx *Tx) ListGrantChanges(ctx context.Context, account parley.AccountID, after parley.Seq) ([]parley.Event, error) {
	var out []parley.Event
	err := tx.list(ctx, &out, `SELECT `+eventColumns+` FROM events WHERE account_id = ? AND seq > ? AND kind IN (?, ?, ?) ORDER BY seq LIMIT ?`,
		account, int64(after), parley.UserChanged, parley.TokenChanged, parley.InboxChanged, MaxGrantChanges)
	return out, err
}
