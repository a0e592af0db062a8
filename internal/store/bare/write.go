package bare

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
)

// Together is how many writers share a commit: as many as wait where there is
// one writer, one where each has a connection of its own.
func (d *DB) Together(clients int) int {
	if d.postgres {
		return 1
	}
	return clients
}

// Writers is how many transactions run side by side.
func (d *DB) Writers(clients int) int {
	if d.postgres {
		return clients
	}
	return 1
}

// writer writes with statements that are prepared on its transaction's connection.
type writer struct {
	d  *DB
	tx *sql.Tx
}

// update runs fn in one transaction.
func (d *DB) update(ctx context.Context, fn func(writer) error) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(writer{d, tx}); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (w writer) exec(ctx context.Context, query string, args ...any) error {
	if _, err := w.tx.ExecContext(ctx, w.d.sql(query), args...); err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	return nil
}

func (w writer) id(ctx context.Context, query string, args ...any) (id int64, err error) {
	if err := w.tx.QueryRowContext(ctx, w.d.sql(query), args...).Scan(&id); err != nil {
		return 0, fmt.Errorf("%s: %w", query, err)
	}
	return id, nil
}

// lock keeps others off a row until the transaction ends.
func (d *DB) lock() string {
	if d.postgres {
		return " FOR UPDATE"
	}
	return ""
}

var serial atomic.Int64

const text = "Thank you for your message. The parts are in stock and the repair is ready on Monday morning; please confirm the date."

// message writes a message, and its event, with all that both change.
func (w writer) message(ctx context.Context, conversation int64, direction, delivery, kind string) (id int64, err error) {
	d, at, n := w.d, now(), serial.Add(1)
	var channel, contact, inbox int64
	err = w.tx.QueryRowContext(ctx, d.sql(`SELECT channel_id, contact_id, inbox_id FROM conversations WHERE account_id = ? AND id = ?`+d.lock()), d.Account, conversation).
		Scan(&channel, &contact, &inbox)
	if err != nil {
		return 0, err
	}
	hash := sha256.Sum256(fmt.Append(nil, "bare", at, n))
	own := fmt.Sprintf("bare-%d-%d@seed.example", at.UnixNano(), n)
	id, err = w.id(ctx, `INSERT INTO messages (account_id, conversation_id, channel_id, direction, kind, at, from_name, from_email, to_list, subject, received_at, internet_id, in_reply_to, references_list, content_hash, preview, delivery)
		VALUES (?, ?, ?, ?, 'reply', ?, 'Seed Bikes', 'support@seed.example', '[{"email":"someone@post.example"}]', 'Re: order', ?, ?, 'parent@post.example', '["parent@post.example"]', ?, ?, ?) RETURNING id`,
		d.Account, conversation, channel, direction, at, at, own, hash[:], text[:60], delivery)
	if err != nil {
		return 0, err
	}
	if err := w.words(ctx, id); err != nil {
		return 0, err
	}
	err = w.all(ctx, []statement{
		{`INSERT INTO message_bodies (message_id, account_id, text, visible_text) VALUES (?, ?, ?, ?)`, []any{id, d.Account, text, text}},
		{`INSERT INTO message_refs (account_id, internet_id, kind, message_id, channel_id) VALUES (?, ?, 'self', ?, ?), (?, 'parent@post.example', 'reference', ?, ?)`, []any{d.Account, own, id, channel, d.Account, id, channel}},
		{`INSERT INTO recipients (message_id, account_id, kind, address, delivery) VALUES (?, ?, 'to', 'someone@post.example', ?)`, []any{id, d.Account, delivery}},
	})
	if err != nil {
		return 0, err
	}
	seq, err := w.id(ctx, `UPDATE account_counters SET seq = seq + 1 WHERE account_id = ? RETURNING seq`, d.Account)
	if err != nil {
		return 0, err
	}
	return id, w.all(ctx, []statement{
		{`INSERT INTO events (account_id, seq, kind, at, conversation_id, message_id, contact_id, inbox_id, channel_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, []any{d.Account, seq, kind, at, conversation, id, contact, inbox, channel}},
		{`UPDATE messages SET seq = ? WHERE id = ?`, []any{seq, id}},
		{`UPDATE conversations SET last_message_at = ?, preview = ?, message_count = message_count + 1, last_seq = ?, unread_seq = ? WHERE account_id = ? AND id = ?`, []any{at, text[:60], seq, seq, d.Account, conversation}},
	})
}

type statement struct {
	query string
	args  []any
}

func (w writer) all(ctx context.Context, list []statement) error {
	for _, s := range list {
		if err := w.exec(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// words makes the message findable.
func (w writer) words(ctx context.Context, id int64) error {
	all := strings.Fields(strings.ToLower(text))
	for i := range all {
		all[i] = w.d.tag + strings.Trim(all[i], ".;,")
	}
	if w.d.postgres {
		return w.exec(ctx, `INSERT INTO message_search (account_id, message_id, words) VALUES (?, ?, array_to_tsvector(string_to_array(?, ' ')))`, w.d.Account, id, strings.Join(all, " "))
	}
	return w.exec(ctx, `INSERT INTO message_search (rowid, words) VALUES (?, ?)`, id, strings.Join(all, " "))
}

// Reply queues answers, so many in one transaction, each with the job that sends it.
func (d *DB) Reply(ids []int64, together int) Work {
	return func(ctx context.Context, n int) error {
		return d.update(ctx, func(w writer) error {
			for i := range together {
				id, err := w.message(ctx, ids[(n*together+i)%len(ids)], "outbound", "queued", "message.queued")
				if err != nil {
					return err
				}
				err = w.exec(ctx, `INSERT INTO jobs (account_id, kind, args, state, run_at, created_at) VALUES (?, 'bare', ?, 'failed', ?, ?)`, d.Account, fmt.Sprintf(`{"message_id":%d}`, id), now(), now())
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// Mail puts raw mails into the journal with their jobs, in one transaction, and
// files them in another.
func (d *DB) Mail(ids []int64, together int, raw []byte) Work {
	return func(ctx context.Context, n int) error {
		entries := make([]int64, together)
		jobs := make([]int64, together)
		err := d.update(ctx, func(w writer) (err error) {
			for i := range entries {
				entries[i], err = w.id(ctx, `INSERT INTO intake (account_id, channel_id, state, size, mail_from, received_at, raw) VALUES (?, (SELECT MIN(id) FROM channels), 'pending', ?, 'someone@post.example', ?, ?) RETURNING id`,
					d.Account, len(raw), now(), raw)
				if err != nil {
					return err
				}
				jobs[i], err = w.id(ctx, `INSERT INTO jobs (account_id, kind, args, state, run_at, created_at) VALUES (?, 'bare', ?, 'failed', ?, ?) RETURNING id`, d.Account, fmt.Sprintf(`{"entry":%d}`, entries[i]), now(), now())
				if err != nil {
					return err
				}
			}
			return w.exec(ctx, `UPDATE intake_totals SET entries = entries + ? WHERE account_id = ? AND state = 'accepted'`, together, d.Account)
		})
		if err != nil {
			return err
		}
		return d.update(ctx, func(w writer) error {
			for i, entry := range entries {
				id, err := w.message(ctx, ids[(n*together+i)%len(ids)], "inbound", "", "message.received")
				if err != nil {
					return err
				}
				if err := w.exec(ctx, `UPDATE intake SET state = 'filed', raw = NULL, filed_at = ?, message_id = ? WHERE account_id = ? AND id = ?`, now(), id, d.Account, entry); err != nil {
					return err
				}
				if err := w.exec(ctx, `DELETE FROM jobs WHERE id = ?`, jobs[i]); err != nil {
					return err
				}
			}
			return w.exec(ctx, `UPDATE intake_totals SET entries = entries + ? WHERE account_id = ? AND state = 'filed'`, together, d.Account)
		})
	}
}
