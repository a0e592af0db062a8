package store

import (
	"context"
	"errors"
	"strings"

	"parley/internal/parley"
)

const cannedColumns = `id, account_id, owner_id, name, shortcut, folder, subject, html, text, uses, last_used_at, created_at, updated_at`

// maxCannedSearch bounds what of a canned message is searched, in bytes.
const maxCannedSearch = 20_000

func cannedSearch(c *parley.CannedMessage) string {
	all := strings.ToLower(c.Name + "\n" + c.Shortcut + "\n" + c.Subject + "\n" + c.Text)
	return strings.ToValidUTF8(all[:min(len(all), maxCannedSearch)], "")
}

// InsertCannedMessage writes c and gives it its id; ErrTaken if another of its kind has its shortcut.
func (tx *Tx) InsertCannedMessage(ctx context.Context, c *parley.CannedMessage) error {
	return tx.get(ctx, &c.ID, `INSERT INTO canned_messages (account_id, owner_id, name, shortcut, folder, subject, html, text, search, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		c.AccountID, c.OwnerID, c.Name, c.Shortcut, c.Folder, c.Subject, c.HTML, c.Text, cannedSearch(c), c.CreatedAt, c.UpdatedAt)
}

// UpdateCannedMessage writes what may change of a canned message; ErrTaken if another of its kind has its shortcut.
func (tx *Tx) UpdateCannedMessage(ctx context.Context, c *parley.CannedMessage) error {
	return tx.execOne(ctx, `UPDATE canned_messages SET owner_id = ?, name = ?, shortcut = ?, folder = ?, subject = ?, html = ?, text = ?, search = ?, updated_at = ?
		WHERE account_id = ? AND id = ?`,
		c.OwnerID, c.Name, c.Shortcut, c.Folder, c.Subject, c.HTML, c.Text, cannedSearch(c), c.UpdatedAt, c.AccountID, c.ID)
}

// CannedMessageByID finds a canned message of the account that is everybody's, or the user's own, with its files.
func (tx *Tx) CannedMessageByID(ctx context.Context, account parley.AccountID, user parley.UserID, id parley.CannedMessageID) (parley.CannedMessage, error) {
	return tx.cannedMessage(ctx, account, user, id, "")
}

// LockCannedMessage is CannedMessageByID for a change.
func (tx *Tx) LockCannedMessage(ctx context.Context, account parley.AccountID, user parley.UserID, id parley.CannedMessageID) (parley.CannedMessage, error) {
	return tx.cannedMessage(ctx, account, user, id, tx.d.forUpdate())
}

func (tx *Tx) cannedMessage(ctx context.Context, account parley.AccountID, user parley.UserID, id parley.CannedMessageID, lock string) (parley.CannedMessage, error) {
	var c parley.CannedMessage
	err := tx.get(ctx, &c, `SELECT `+cannedColumns+` FROM canned_messages WHERE account_id = ? AND id = ? AND (owner_id IS NULL OR owner_id = ?)`+lock, account, id, int64(user))
	if err != nil {
		return c, err
	}
	err = tx.list(ctx, &c.Attachments, `SELECT `+attachmentColumns+` FROM attachments WHERE account_id = ? AND canned_id = ? ORDER BY id`, account, id)
	return c, err
}

// CannedQuery says which canned messages to list: everybody's, and the user's own.
type CannedQuery struct {
	AccountID parley.AccountID
	UserID    parley.UserID
	Folder    *string // nil: all
	Query     string  // a text that name, shortcut, subject or text hold
	After     *CannedKey
	Limit     int
}

// CannedKey is a place in a list of canned messages.
type CannedKey struct {
	Rank int
	Uses int64
	ID   parley.CannedMessageID
}

// CannedRow is a canned message with its place in a list.
type CannedRow struct {
	parley.CannedMessage
	Rank int `db:"rank"`
}

// Key is the row's place.
func (r CannedRow) Key() CannedKey { return CannedKey{r.Rank, r.Uses, r.ID} }

// ListCannedMessages lists canned messages, with their files: those that a search means most
// surely first, else the most used first. An account has no more than some thousands.
func (tx *Tx) ListCannedMessages(ctx context.Context, q CannedQuery) ([]CannedRow, error) {
	query, args := cannedQuery(q)
	var rows []CannedRow
	if err := tx.list(ctx, &rows, query, args...); err != nil || len(rows) == 0 {
		return nil, err
	}
	at := map[parley.CannedMessageID]int{}
	ids := make([]parley.CannedMessageID, len(rows))
	for i, r := range rows {
		at[r.ID], ids[i] = i, r.ID
	}
	var files []parley.Attachment
	err := tx.list(ctx, &files, `SELECT `+attachmentColumns+` FROM attachments WHERE account_id = ? AND canned_id IS NOT NULL AND `+tx.d.in("canned_id")+` ORDER BY id`, q.AccountID, tx.d.inArg(int64s(ids)))
	for _, f := range files {
		c := &rows[at[f.CannedID]]
		c.Attachments = append(c.Attachments, f)
	}
	return rows, err
}

func cannedQuery(q CannedQuery) (query string, args []any) {
	where, args := `account_id = ? AND (owner_id IS NULL OR owner_id = ?)`, []any{q.AccountID, int64(q.UserID)}
	if q.Folder != nil {
		where, args = where+` AND folder = ?`, append(args, *q.Folder)
	}
	words := strings.ToLower(strings.TrimSpace(q.Query))
	if words == "" {
		if q.After != nil {
			where, args = where+` AND (uses, id) < (?, ?)`, append(args, q.After.Uses, int64(q.After.ID))
		}
		return `SELECT ` + cannedColumns + `, 0 AS rank FROM canned_messages WHERE ` + where + ` ORDER BY uses DESC, id DESC LIMIT ?`, append(args, q.Limit)
	}
	like := likeText.Replace(words)
	query = `SELECT ` + cannedColumns + `, CASE WHEN shortcut = ? THEN 0 WHEN shortcut LIKE ? ESCAPE '\' THEN 1 WHEN search LIKE ? ESCAPE '\' THEN 2 ELSE 3 END AS rank
		FROM canned_messages WHERE ` + where + ` AND search LIKE ? ESCAPE '\'`
	args = append(append([]any{strings.TrimPrefix(words, "/"), likeText.Replace(strings.TrimPrefix(words, "/")) + "%", like + "%"}, args...), "%"+like+"%")
	query = `SELECT * FROM (` + query + `) AS found`
	if q.After != nil {
		query += ` WHERE rank > ? OR rank = ? AND (uses < ? OR uses = ? AND id < ?)`
		args = append(args, q.After.Rank, q.After.Rank, q.After.Uses, q.After.Uses, int64(q.After.ID))
	}
	return query + ` ORDER BY rank, uses DESC, id DESC LIMIT ?`, append(args, q.Limit)
}

// CannedFolder is a folder with how many canned messages are in it.
type CannedFolder struct {
	Name  string `db:"folder"`
	Count int    `db:"n"`
}

// ListCannedFolders lists the folders of everybody's canned messages and of the user's own.
func (tx *Tx) ListCannedFolders(ctx context.Context, account parley.AccountID, user parley.UserID, limit int) ([]CannedFolder, error) {
	var out []CannedFolder
	err := tx.list(ctx, &out, `SELECT folder, COUNT(*) AS n FROM canned_messages WHERE account_id = ? AND (owner_id IS NULL OR owner_id = ?) AND folder <> ''
		GROUP BY folder ORDER BY folder LIMIT ?`, account, int64(user), limit)
	return out, err
}

// CountCannedMessages counts all of the account, whosever they are.
func (tx *Tx) CountCannedMessages(ctx context.Context, account parley.AccountID) (int, error) {
	var n int
	err := tx.get(ctx, &n, `SELECT COUNT(*) FROM canned_messages WHERE account_id = ?`, account)
	return n, err
}

// SharedShortcutTaken reports whether a shared canned message other than id has the shortcut.
func (tx *Tx) SharedShortcutTaken(ctx context.Context, account parley.AccountID, shortcut string, id parley.CannedMessageID) (bool, error) {
	var other parley.CannedMessageID
	err := tx.get(ctx, &other, `SELECT id FROM canned_messages WHERE account_id = ? AND shortcut = ? AND owner_id IS NULL AND shortcut <> '' AND id <> ?`, account, shortcut, int64(id))
	if errors.Is(err, ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}

// CountCannedUse counts one use of a canned message.
func (tx *Tx) CountCannedUse(ctx context.Context, account parley.AccountID, id parley.CannedMessageID) error {
	return tx.execOne(ctx, `UPDATE canned_messages SET uses = uses + 1, last_used_at = ? WHERE account_id = ? AND id = ?`, tx.now, account, id)
}

// CannedInUse reports whether a channel answers with the canned message.
func (tx *Tx) CannedInUse(ctx context.Context, account parley.AccountID, id parley.CannedMessageID) (bool, error) {
	var used bool
	err := tx.get(ctx, &used, `SELECT EXISTS (SELECT 1 FROM channels WHERE account_id = ? AND autoresponder_id = ? AND autoresponder_id IS NOT NULL AND deleted_at IS NULL)`, account, id)
	return used, err
}

// DeleteCannedMessage removes a canned message with its files. Deleted channels that answered with it forget it.
func (tx *Tx) DeleteCannedMessage(ctx context.Context, c parley.CannedMessage) error {
	if err := tx.deleteKept(ctx, c.AccountID, c.Attachments); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `UPDATE channels SET autoresponder_id = NULL WHERE account_id = ? AND autoresponder_id = ? AND deleted_at IS NOT NULL`, c.AccountID, c.ID); err != nil {
		return err
	}
	return tx.execOne(ctx, `DELETE FROM canned_messages WHERE account_id = ? AND id = ?`, c.AccountID, c.ID)
}
