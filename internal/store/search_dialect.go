package store

import (
	"context"
	"strings"

	"parley/internal/parley"
)

// Words hold letters, digits and @ . _ + - : alone, so that quoting them needs no escapes.

func (sqliteDialect) indexWords(_, message int64, words []string) (string, []any) {
	return `INSERT INTO message_search (rowid, words) VALUES (?, ?)`, []any{message, strings.Join(words, " ")}
}

func (sqliteDialect) searchKey() string { return "rowid" }

func (sqliteDialect) match(tag string, groups [][]term) string {
	return joined(tag, groups, func(t term) string {
		if t.prefix {
			return `"` + t.word + `"*`
		}
		return `"` + t.word + `"`
	}, " OR ", " AND ")
}

// matches reads the posting lists backward: the first rows of a common word cost
// no more than those of a rare one.
func (sqliteDialect) matches(ctx context.Context, tx *Tx, _ parley.AccountID, match string, before parley.MessageID, limit int) ([]parley.MessageID, bool, error) {
	var ids []parley.MessageID
	err := tx.list(ctx, &ids, `SELECT rowid FROM message_search WHERE message_search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`, match, before, limit)
	return ids, len(ids) < limit, err
}

func (postgresDialect) indexWords(account, message int64, words []string) (string, []any) {
	return `INSERT INTO message_search (account_id, message_id, words) VALUES (?, ?, array_to_tsvector(CAST(? AS TEXT[])))`, []any{account, message, words}
}

func (postgresDialect) searchKey() string { return "message_id" }

func (postgresDialect) match(tag string, groups [][]term) string {
	return joined(tag, groups, func(t term) string {
		if t.prefix {
			return `'` + t.word + `':*`
		}
		return `'` + t.word + `'`
	}, " | ", " & ")
}

// newestFirst is how many messages are looked at one by one, the newest first,
// before the index is asked. That finds common words at once, and the index rare
// ones; each is slow at the other (DESIGN §2).
const newestFirst = 20000

func (postgresDialect) matches(ctx context.Context, tx *Tx, account parley.AccountID, match string, before parley.MessageID, limit int) ([]parley.MessageID, bool, error) {
	var ids []parley.MessageID
	err := tx.list(ctx, &ids, `SELECT message_id FROM (
			SELECT message_id, words FROM message_search WHERE account_id = ? AND message_id < ? ORDER BY message_id DESC LIMIT ?) AS newest
		WHERE words @@ CAST(? AS TSQUERY) ORDER BY message_id DESC LIMIT ?`, account, before, newestFirst, match, limit)
	if err != nil || len(ids) == limit {
		return ids, false, err
	}
	ids = nil
	err = tx.list(ctx, &ids, `SELECT message_id FROM message_search WHERE words @@ CAST(? AS TSQUERY) AND message_id < ? ORDER BY message_id + 0 DESC LIMIT ?`, match, before, limit)
	return ids, len(ids) < limit, err
}
