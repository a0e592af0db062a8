package store

import (
	"context"
	"time"

	"parley/internal/parley"
)

// Block is an entry of the blocklist: an address, domain or number from which nothing is wanted.
type Block struct {
	ID        int64            `db:"id"`
	AccountID parley.AccountID `db:"account_id"`
	Kind      parley.PointKind `db:"kind"`
	Key       string           `db:"key"`
	ContactID parley.ContactID `db:"contact_id"` // whose point was blocked; 0: entered by hand
	UserID    parley.UserID    `db:"user_id"`    // who blocked it
	Why       string           `db:"why"`
	CreatedAt time.Time        `db:"created_at"`
}

// InsertBlock writes b; an entry that is there already stays.
func (tx *Tx) InsertBlock(ctx context.Context, b Block) error {
	_, err := tx.exec(ctx, `INSERT INTO blocklist (account_id, kind, key, contact_id, user_id, why, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		b.AccountID, b.Kind, b.Key, b.ContactID, b.UserID, b.Why, b.CreatedAt)
	return err
}

// Blocked reports whether an address or number is on the blocklist, itself or by its domain.
func (tx *Tx) Blocked(ctx context.Context, account parley.AccountID, kind parley.PointKind, key string) (bool, error) {
	var found bool
	query, args := `SELECT EXISTS (SELECT 1 FROM blocklist WHERE account_id = ? AND kind = ? AND key = ?)`, []any{account, kind, key}
	if kind == parley.PointEmail {
		query += ` OR EXISTS (SELECT 1 FROM blocklist WHERE account_id = ? AND kind = 'domain' AND ` + tx.d.in("key") + `)`
		args = append(args, account, tx.d.inArg(domainsOf(key)))
	}
	err := tx.get(ctx, &found, query, args...)
	return found, err
}

// ListBlocked tells which of the addresses or numbers are on the blocklist.
func (tx *Tx) ListBlocked(ctx context.Context, account parley.AccountID, kind parley.PointKind, keys []string) ([]string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var out []string
	err := tx.list(ctx, &out, `SELECT key FROM blocklist WHERE account_id = ? AND kind = ? AND `+tx.d.in("key"), account, kind, tx.d.inArg(keys))
	return out, err
}

// DeleteBlocksOf takes a contact's points off the blocklist, and what was blocked as its.
func (tx *Tx) DeleteBlocksOf(ctx context.Context, account parley.AccountID, contact parley.ContactID) error {
	_, err := tx.exec(ctx, `DELETE FROM blocklist WHERE account_id = ? AND contact_id = ?`, account, contact)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `DELETE FROM blocklist WHERE account_id = ? AND (kind, key) IN
		(SELECT kind, key FROM contact_points WHERE account_id = ? AND contact_id = ?)`, account, account, contact)
	return err
}

// ListToSpam locks conversations of a contact whose spam mark is not spam yet, at
// most limit, drafts left alone.
func (tx *Tx) ListToSpam(ctx context.Context, account parley.AccountID, contact parley.ContactID, spam bool, limit int) ([]parley.Conversation, error) {
	var out []parley.Conversation
	err := tx.list(ctx, &out, `SELECT `+conversationColumns+` FROM conversations WHERE account_id = ? AND contact_id = ?
		AND spam = ? AND NOT draft AND merged_into_id IS NULL ORDER BY id LIMIT ?`+tx.d.forUpdate(), account, contact, !spam, limit)
	return out, err
}

// CountToSpam counts what ListToSpam would lock to be marked, no further than 1001.
func (tx *Tx) CountToSpam(ctx context.Context, account parley.AccountID, contact parley.ContactID) (int, error) {
	var n int
	err := tx.get(ctx, &n, `SELECT COUNT(*) FROM (SELECT 1 AS one FROM conversations WHERE account_id = ? AND contact_id = ?
		AND NOT spam AND NOT draft AND merged_into_id IS NULL LIMIT ?) AS counted`, account, contact, countLimit+1)
	return n, err
}

// InsertBlocksOf puts a blocked contact's points on the blocklist.
func (tx *Tx) InsertBlocksOf(ctx context.Context, c parley.Contact) error {
	for _, p := range c.Points {
		b := Block{AccountID: c.AccountID, Kind: p.Kind, Key: p.Key, ContactID: c.ID, UserID: c.BlockedByID, Why: c.BlockedWhy, CreatedAt: *c.BlockedAt}
		if err := tx.InsertBlock(ctx, b); err != nil {
			return err
		}
	}
	return nil
}
