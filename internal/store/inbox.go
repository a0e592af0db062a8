package store

import (
	"context"

	"parley/internal/parley"
)

const inboxColumns = `id, account_id, name, color, assignee_rule, default_assignee_id, assign_on_reply, last_assigned_id, created_at, archived_at`

// InsertInbox writes i and gives it its id; ErrTaken if another has its name.
func (tx *Tx) InsertInbox(ctx context.Context, i *parley.Inbox) error {
	return tx.get(ctx, &i.ID, `INSERT INTO inboxes (account_id, name, color, assignee_rule, default_assignee_id, assign_on_reply, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		i.AccountID, i.Name, i.Color, i.AssigneeRule, i.DefaultAssigneeID, i.AssignOnReply, i.CreatedAt)
}

// InboxByID finds an inbox of the account, archived ones too.
func (tx *Tx) InboxByID(ctx context.Context, account parley.AccountID, id parley.InboxID) (parley.Inbox, error) {
	var i parley.Inbox
	err := tx.get(ctx, &i, `SELECT `+inboxColumns+` FROM inboxes WHERE account_id = ? AND id = ?`, account, id)
	return i, err
}

// LockInbox is InboxByID for a change: nobody else changes the inbox until the transaction ends.
func (tx *Tx) LockInbox(ctx context.Context, account parley.AccountID, id parley.InboxID) (parley.Inbox, error) {
	var i parley.Inbox
	err := tx.get(ctx, &i, `SELECT `+inboxColumns+` FROM inboxes WHERE account_id = ? AND id = ?`+tx.d.forUpdate(), account, id)
	return i, err
}

// ListInboxes lists the inboxes that the actor may see, but no archived ones, from after an id on.
func (tx *Tx) ListInboxes(ctx context.Context, actor parley.Actor, after parley.InboxID, limit int) ([]parley.Inbox, error) {
	var out []parley.Inbox
	err := tx.list(ctx, &out, `SELECT `+inboxColumns+` FROM inboxes WHERE account_id = ? AND id > ? AND archived_at IS NULL
		AND (? OR `+tx.d.in("id")+`) ORDER BY id LIMIT ?`,
		actor.AccountID, int64(after), actor.AllInboxes, tx.d.inArg(int64s(actor.Inboxes)), limit)
	return out, err
}

// UpdateInbox writes what may change of an inbox; ErrTaken if another has its name.
func (tx *Tx) UpdateInbox(ctx context.Context, i parley.Inbox) error {
	return tx.execOne(ctx, `UPDATE inboxes SET name = ?, color = ?, assignee_rule = ?, default_assignee_id = ?, assign_on_reply = ?, archived_at = ?
		WHERE account_id = ? AND id = ?`,
		i.Name, i.Color, i.AssigneeRule, i.DefaultAssigneeID, i.AssignOnReply, i.ArchivedAt, i.AccountID, i.ID)
}

// UpdateLastAssigned remembers who got the newest conversation of an inbox.
func (tx *Tx) UpdateLastAssigned(ctx context.Context, account parley.AccountID, id parley.InboxID, user parley.UserID) error {
	return tx.execOne(ctx, `UPDATE inboxes SET last_assigned_id = ? WHERE account_id = ? AND id = ?`, user, account, id)
}

// ListInboxMembers tells who was given these inboxes by name; users who see all inboxes need not be.
func (tx *Tx) ListInboxMembers(ctx context.Context, account parley.AccountID, inboxes ...parley.InboxID) (map[parley.InboxID][]parley.UserID, error) {
	var rows []struct {
		InboxID parley.InboxID `db:"inbox_id"`
		UserID  parley.UserID  `db:"user_id"`
	}
	err := tx.list(ctx, &rows, `SELECT inbox_id, user_id FROM inbox_members WHERE account_id = ? AND `+tx.d.in("inbox_id")+` ORDER BY inbox_id, user_id`,
		account, tx.d.inArg(int64s(inboxes)))
	out := map[parley.InboxID][]parley.UserID{}
	for _, r := range rows {
		out[r.InboxID] = append(out[r.InboxID], r.UserID)
	}
	return out, err
}

// SetInboxMembers makes these the members of an inbox; they must be of the account as it must.
func (tx *Tx) SetInboxMembers(ctx context.Context, account parley.AccountID, inbox parley.InboxID, users []parley.UserID) error {
	if _, err := tx.exec(ctx, `DELETE FROM inbox_members WHERE account_id = ? AND inbox_id = ?`, account, inbox); err != nil {
		return err
	}
	for _, user := range users {
		if err := tx.insertInboxMember(ctx, account, inbox, user); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) insertInboxMember(ctx context.Context, account parley.AccountID, inbox parley.InboxID, user parley.UserID) error {
	_, err := tx.exec(ctx, `INSERT INTO inbox_members (account_id, inbox_id, user_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, account, inbox, user)
	return err
}

// ListKnownInboxes tells which of the ids are inboxes of the account that are not archived.
func (tx *Tx) ListKnownInboxes(ctx context.Context, account parley.AccountID, ids []parley.InboxID) ([]parley.InboxID, error) {
	var out []parley.InboxID
	err := tx.list(ctx, &out, `SELECT id FROM inboxes WHERE account_id = ? AND archived_at IS NULL AND `+tx.d.in("id")+` ORDER BY id`,
		account, tx.d.inArg(int64s(ids)))
	return out, err
}

// InboxUse tells what keeps an inbox from being archived: channels that route
// to it, and conversations in it that are not closed (drafts and snoozed ones too).
func (tx *Tx) InboxUse(ctx context.Context, account parley.AccountID, id parley.InboxID) (channels, conversations bool, err error) {
	err = tx.get(ctx, &channels, `SELECT EXISTS (SELECT 1 FROM channels WHERE account_id = ? AND inbox_id = ? AND deleted_at IS NULL)`, account, id)
	if err != nil {
		return false, false, err
	}
	err = tx.get(ctx, &conversations, `SELECT EXISTS (SELECT 1 FROM conversations WHERE account_id = ? AND inbox_id = ? AND folder IN (?, ?, ?))`,
		account, id, parley.FolderOpen, parley.FolderSnoozed, parley.FolderDraft)
	return channels, conversations, err
}

// assignable: may sign in, may answer, sees the inbox.
const assignable = `disabled_at IS NULL AND invited_at IS NULL AND role <> '` + string(parley.LightAgent) + `' AND (all_inboxes OR EXISTS
	(SELECT 1 FROM inbox_members m WHERE m.account_id = users.account_id AND m.inbox_id = ? AND m.user_id = users.id))`

// ListAssignable lists who can be given conversations of an inbox: active users
// who see it and may answer. At most 1000.
func (tx *Tx) ListAssignable(ctx context.Context, account parley.AccountID, inbox parley.InboxID) ([]parley.UserID, error) {
	var out []parley.UserID
	err := tx.list(ctx, &out, `SELECT id FROM users WHERE account_id = ? AND `+assignable+` ORDER BY id LIMIT 1000`, account, inbox)
	return out, err
}

// Assignable reports whether a user can be given conversations of an inbox.
func (tx *Tx) Assignable(ctx context.Context, account parley.AccountID, inbox parley.InboxID, user parley.UserID) (bool, error) {
	var ok bool
	err := tx.get(ctx, &ok, `SELECT EXISTS (SELECT 1 FROM users WHERE account_id = ? AND id = ? AND `+assignable+`)`, account, user, inbox)
	return ok, err
}

// CountOpenOf tells how many open conversations each user has, counted up to 1000.
func (tx *Tx) CountOpenOf(ctx context.Context, account parley.AccountID, users []parley.UserID) (map[parley.UserID]int, error) {
	var rows []struct {
		ID   parley.UserID `db:"id"`
		Open int           `db:"open"`
	}
	err := tx.list(ctx, &rows, `SELECT id, (SELECT COUNT(*) FROM (SELECT 1 AS one FROM conversations c
		WHERE c.account_id = users.account_id AND c.assignee_id = users.id AND c.folder = ? LIMIT 1000) AS mine) AS open
		FROM users WHERE account_id = ? AND `+tx.d.in("id"), parley.FolderOpen, account, tx.d.inArg(int64s(users)))
	out := map[parley.UserID]int{}
	for _, r := range rows {
		out[r.ID] = r.Open
	}
	return out, err
}

// ContactOwner tells who owns a contact; 0 is nobody.
func (tx *Tx) ContactOwner(ctx context.Context, account parley.AccountID, contact parley.ContactID) (parley.UserID, error) {
	var owner parley.UserID
	err := tx.get(ctx, &owner, `SELECT owner_id FROM contacts WHERE account_id = ? AND id = ?`, account, contact)
	return owner, err
}
