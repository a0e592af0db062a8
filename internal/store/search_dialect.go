package store

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"parley/internal/parley"
)

// statement is a query with its arguments.
type statement struct {
	query string
	args  []any
}

// Words hold letters, digits and @ . _ + - : alone, so that quoting them needs no escapes.

// indexBatch: FTS5 writes a piece of index at the end of each statement, and
// merges many pieces into one later. One statement for many messages saves most
// of that; until then they are read one by one (newest).
func (sqliteDialect) indexBatch() int { return 128 }

func (sqliteDialect) writeWords(list []indexed) []statement {
	rows := make([][2]any, len(list))
	for i, m := range list {
		rows[i] = [2]any{m.id, strings.Join(m.words, " ")}
	}
	b, err := json.Marshal(rows)
	if err != nil {
		panic(err) // numbers and texts only
	}
	return []statement{{`INSERT OR REPLACE INTO message_search (rowid, words) SELECT value ->> 0, value ->> 1 FROM json_each(?)`, []any{string(b)}}}
}

// matches reads the lists of words backward: the first rows of a common word cost
// no more than those of a rare one.
func (d sqliteDialect) matches(ctx context.Context, tx *Tx, account parley.AccountID, groups [][]term, before parley.MessageID, limit int) ([]parley.MessageID, bool, error) {
	mark, err := tx.indexedTo(ctx)
	if err != nil {
		return nil, false, err
	}
	ids, err := tx.newest(ctx, account, groups, mark, before)
	if err != nil || len(ids) >= limit {
		return ids[:min(len(ids), limit)], false, err
	}
	match := joined(accountTag(account), groups, func(t term) string {
		if t.prefix {
			return `"` + t.word + `"*`
		}
		return `"` + t.word + `"`
	}, " OR ", " AND ")
	limit -= len(ids)
	var older []parley.MessageID
	err = tx.list(ctx, &older, `SELECT rowid FROM message_search WHERE message_search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
		match, min(int64(before), int64(mark)+1), limit)
	return append(ids, older...), len(older) < limit, err
}

// newest gives the messages that match among those that the index does not know
// yet, the newest first.
func (tx *Tx) newest(ctx context.Context, account parley.AccountID, groups [][]term, mark, before parley.MessageID) ([]parley.MessageID, error) {
	var ids []parley.MessageID
	err := tx.list(ctx, &ids, `SELECT id FROM messages WHERE id > ? AND id < ? AND account_id = ? AND conversation_id IS NOT NULL ORDER BY id DESC`, int64(mark), before, account)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found, err := tx.messagesWithWords(ctx, account, ids, groups)
	return slices.DeleteFunc(ids, func(id parley.MessageID) bool { return !found[id] }), err
}

// indexBatch: PostgreSQL gathers new entries itself.
func (postgresDialect) indexBatch() int { return 1 }

func (postgresDialect) writeWords(list []indexed) []statement {
	out := make([]statement, len(list))
	for i, m := range list {
		out[i] = statement{`INSERT INTO message_search (account_id, message_id, words) VALUES (?, ?, array_to_tsvector(CAST(? AS TEXT[])))
			ON CONFLICT (account_id, message_id) DO UPDATE SET words = excluded.words`, []any{m.account, m.id, m.words}}
	}
	return out
}

// PostgreSQL finds common words soonest by looking at the newest messages one by
// one, and rare ones by the index, which first gathers all that match; each is
// slow at the other (DESIGN §2). How many of a first few match tells which it is.
const (
	newestFirst = 20000 // messages that are looked at one by one, at most
	sample      = 2000  // of them first
	common      = 20    // matches in a sample: one message in a hundred
)

func (postgresDialect) matches(ctx context.Context, tx *Tx, account parley.AccountID, groups [][]term, before parley.MessageID, limit int) ([]parley.MessageID, bool, error) {
	match := joined(accountTag(account), groups, func(t term) string {
		if t.prefix {
			return `'` + t.word + `':*`
		}
		return `'` + t.word + `'`
	}, " | ", " & ")
	ids, err := tx.matchesAmong(ctx, account, match, before, sample, limit)
	if err == nil && len(ids) >= common && len(ids) < limit {
		ids, err = tx.matchesAmong(ctx, account, match, before, newestFirst, limit)
	}
	if err != nil || len(ids) == limit {
		return ids, false, err
	}
	ids = nil
	err = tx.list(ctx, &ids, `SELECT message_id FROM message_search WHERE words @@ CAST(? AS TSQUERY) AND message_id < ? ORDER BY message_id + 0 DESC LIMIT ?`, match, before, limit)
	return ids, len(ids) < limit, err
}

// matchesAmong gives those that match of an account's newest messages from before an id on.
func (tx *Tx) matchesAmong(ctx context.Context, account parley.AccountID, match string, before parley.MessageID, newest, limit int) ([]parley.MessageID, error) {
	var ids []parley.MessageID
	err := tx.list(ctx, &ids, `SELECT message_id FROM (
			SELECT message_id, words FROM message_search WHERE account_id = ? AND message_id < ? ORDER BY message_id DESC LIMIT ?) AS newest
		WHERE words @@ CAST(? AS TSQUERY) ORDER BY message_id DESC LIMIT ?`, account, before, newest, match, limit)
	return ids, err
}
