package store

import (
	"context"
	"errors"
	"strings"

	"parley/internal/parley"
)

// BlockedDomain is the kind of an entry that stands for every address of a
// domain and of those below it. No contact has a point of this kind.
const BlockedDomain parley.PointKind = "domain"

const blockColumns = `b.id, b.account_id, b.kind, b.key, b.contact_id, b.user_id, b.why, b.created_at`

// BlockRow is an entry of the blocklist with what its row shows beside it.
type BlockRow struct {
	Block
	ContactName string `db:"contact_name"` // of ContactID
}

const blockRows = `SELECT ` + blockColumns + `, COALESCE(p.name, '') AS contact_name FROM blocklist b LEFT JOIN contacts p ON p.id = b.contact_id WHERE b.account_id = ?`

// listBlocks reads entries, the newest first.
func listBlocks(account parley.AccountID, q string, before int64, limit int) (query string, args []any) {
	query, args = blockRows, []any{account}
	if before != 0 {
		query, args = query+` AND b.id < ?`, append(args, before)
	}
	if q != "" {
		query, args = query+` AND b.key LIKE ? ESCAPE '\'`, append(args, "%"+likeText.Replace(strings.ToLower(q))+"%")
	}
	return query + ` ORDER BY b.id DESC LIMIT ?`, append(args, limit)
}

// likeText writes a text so that LIKE finds it as it stands.
var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// ListBlocks lists entries, the newest first, from before an id on (0: the
// newest), only those whose address, domain or number has q in it.
func (tx *Tx) ListBlocks(ctx context.Context, account parley.AccountID, q string, before int64, limit int) ([]BlockRow, error) {
	var out []BlockRow
	query, args := listBlocks(account, q, before, limit)
	err := tx.list(ctx, &out, query, args...)
	return out, err
}

// BlockByID finds an entry.
func (tx *Tx) BlockByID(ctx context.Context, account parley.AccountID, id int64) (BlockRow, error) {
	var b BlockRow
	err := tx.get(ctx, &b, blockRows+` AND b.id = ?`, account, id)
	return b, err
}

// BlockByKey finds the entry of an address, domain or number itself.
func (tx *Tx) BlockByKey(ctx context.Context, account parley.AccountID, kind parley.PointKind, key string) (BlockRow, error) {
	var b BlockRow
	err := tx.get(ctx, &b, blockRows+` AND b.kind = ? AND b.key = ?`, account, kind, key)
	return b, err
}

// DomainBlock finds the entry that blocks the domain of one of the addresses; of several the first.
func (tx *Tx) DomainBlock(ctx context.Context, account parley.AccountID, points []parley.Point) (BlockRow, error) {
	var domains []string
	for _, p := range points {
		if p.Kind == parley.PointEmail {
			domains = append(domains, domainsOf(p.Key)...)
		}
	}
	var b BlockRow
	if len(domains) == 0 {
		return b, ErrNoRow
	}
	err := tx.get(ctx, &b, blockRows+` AND b.kind = ? AND `+tx.d.in("b.key")+` ORDER BY b.id LIMIT 1`, account, BlockedDomain, tx.d.inArg(domains))
	return b, err
}

// domainsOf are the domain of an address and those above it, without the top-level one.
func domainsOf(key string) []string {
	domain := key[strings.LastIndexByte(key, '@')+1:]
	var out []string
	for strings.Contains(domain, ".") {
		out = append(out, domain)
		_, domain, _ = strings.Cut(domain, ".")
	}
	return out
}

// DeleteBlock takes an entry off the blocklist.
func (tx *Tx) DeleteBlock(ctx context.Context, account parley.AccountID, id int64) error {
	return tx.execOne(ctx, `DELETE FROM blocklist WHERE account_id = ? AND id = ?`, account, id)
}

// BlockOfPoints finds the entry, the oldest, of one of the addresses or numbers themselves.
func (tx *Tx) BlockOfPoints(ctx context.Context, account parley.AccountID, points []parley.Point) (Block, error) {
	for _, p := range points {
		b, err := tx.BlockByKey(ctx, account, p.Kind, p.Key)
		if !errors.Is(err, ErrNoRow) {
			return b.Block, err
		}
	}
	return Block{}, ErrNoRow
}
