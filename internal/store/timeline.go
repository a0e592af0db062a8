package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/parley"
)

// TimelineQuery asks one source of a conversation's timeline for what follows a place.
type TimelineQuery struct {
	AccountID      parley.AccountID
	ConversationID parley.ConversationID
	At             time.Time // the place: after this time,
	ID             int64     // or at this time and after this id
	Newest         bool      // newest first: "after" means before
	Limit          int
}

func (q TimelineQuery) text(columns, table, filter, at, id string) string {
	cmp, dir := ">", ""
	if q.Newest {
		cmp, dir = "<", " DESC"
	}
	return `SELECT ` + columns + ` FROM ` + table + ` WHERE account_id = ? AND conversation_id = ? AND ` + filter +
		`(` + at + `, ` + id + `) ` + cmp + ` (?, ?) ORDER BY ` + at + dir + `, ` + id + dir + ` LIMIT ?`
}

func (q TimelineQuery) args() []any {
	return []any{q.AccountID, q.ConversationID, q.At, q.ID, q.Limit}
}

// ListTimelineMessages gives messages without their texts, recipients and attachments: see fillMessages.
// One that was taken back lives on as a draft alone.
func (tx *Tx) ListTimelineMessages(ctx context.Context, q TimelineQuery) ([]parley.Message, error) {
	var out []parley.Message
	err := tx.list(ctx, &out, q.text(messageColumns, "messages", notTakenBack+" AND ", "at", "id"), q.args()...)
	return out, err
}

// ListTimelineNotes gives the notes that were not deleted.
func (tx *Tx) ListTimelineNotes(ctx context.Context, q TimelineQuery) ([]parley.Note, error) {
	var out []parley.Note
	err := tx.list(ctx, &out, q.text(noteColumns, "notes", "deleted_at IS NULL AND ", "created_at", "id"), q.args()...)
	return out, err
}

// ListTimelineEvents gives the events that are shown between the messages.
func (tx *Tx) ListTimelineEvents(ctx context.Context, q TimelineQuery) ([]parley.Event, error) {
	var out []parley.Event
	err := tx.list(ctx, &out, q.text(eventColumns, "events", "timeline AND ", "at", "seq"), q.args()...)
	return out, err
}

// news are messages that a sender is to read first: what answers by itself from
// here says nothing that they did not know.
const news = notTakenBack + ` AND NOT (direction = 'outbound' AND auto_submitted)`

// AnyAfter reports whether ListMessagesAfter or ListNotesAfter gives anything.
func (tx *Tx) AnyAfter(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, after parley.Seq) (bool, error) {
	var is bool
	err := tx.get(ctx, &is, `SELECT EXISTS (SELECT 1 FROM messages WHERE account_id = ? AND conversation_id = ? AND seq > ? AND `+news+`)
		OR EXISTS (SELECT 1 FROM notes WHERE account_id = ? AND conversation_id = ? AND seq > ? AND deleted_at IS NULL)`,
		account, conversation, int64(after), account, conversation, int64(after))
	return is, err
}

// ListMessagesAfter gives a conversation's messages that were filed or queued
// after an event, oldest first: what a sender has not seen. Automatic answers
// of ours are left out.
func (tx *Tx) ListMessagesAfter(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, after parley.Seq, limit int) ([]parley.Message, error) {
	var out []parley.Message
	err := tx.list(ctx, &out, `SELECT `+messageColumns+` FROM messages WHERE account_id = ? AND conversation_id = ? AND seq > ? AND `+news+` ORDER BY at, id LIMIT ?`,
		account, conversation, int64(after), limit)
	if err != nil {
		return nil, err
	}
	return out, tx.fillMessages(ctx, account, out)
}

// ListNotesAfter is ListMessagesAfter for notes.
func (tx *Tx) ListNotesAfter(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, after parley.Seq, limit int) ([]parley.Note, error) {
	var out []parley.Note
	err := tx.list(ctx, &out, `SELECT `+noteColumns+` FROM notes WHERE account_id = ? AND conversation_id = ? AND seq > ? AND deleted_at IS NULL ORDER BY created_at, id LIMIT ?`,
		account, conversation, int64(after), limit)
	return out, err
}

// OldestUnanswered is when the oldest message of the contact was accepted that
// nobody answered and that no close put an end to; nil if there is none. A close
// at the time closed, if given, does not count: it is being taken back.
func (tx *Tx) OldestUnanswered(ctx context.Context, c parley.Conversation, closed *time.Time) (*time.Time, error) {
	var since time.Time
	err := tx.get(ctx, &since, `SELECT at FROM events WHERE account_id = ? AND conversation_id = ? AND timeline AND kind = ? AND at < ? ORDER BY at DESC LIMIT 1`,
		c.AccountID, c.ID, parley.ConversationClosed, orNow(closed, tx.now))
	if err != nil && !errors.Is(err, ErrNoRow) {
		return nil, err
	}
	if c.LastOutboundAt != nil && c.LastOutboundAt.After(since) {
		since = *c.LastOutboundAt
	}
	var at []time.Time
	err = tx.list(ctx, &at, `SELECT received_at FROM messages WHERE account_id = ? AND conversation_id = ? AND at > ?
		AND direction = 'inbound' AND NOT auto_submitted AND NOT is_bounce ORDER BY at, id LIMIT 1`, c.AccountID, c.ID, since)
	if err != nil || len(at) == 0 {
		return nil, err
	}
	return &at[0], nil
}

func orNow(t *time.Time, now time.Time) time.Time {
	if t == nil {
		return now
	}
	return *t
}

// ListParticipants gives the addresses that stand in From, To and Cc of a
// conversation's messages, each once, the earliest first; of the newest 200
// messages. Who reports that a mail came back takes no part.
func (tx *Tx) ListParticipants(ctx context.Context, account parley.AccountID, conversation parley.ConversationID) (parley.Addresses, error) {
	var rows []struct {
		Direction parley.Direction `db:"direction"`
		FromName  string           `db:"from_name"`
		FromEmail string           `db:"from_email"`
		To        parley.Addresses `db:"to_list"`
		Cc        parley.Addresses `db:"cc_list"`
	}
	err := tx.list(ctx, &rows, `SELECT direction, from_name, from_email, to_list, cc_list FROM messages
		WHERE account_id = ? AND conversation_id = ? AND NOT is_bounce ORDER BY at DESC, id DESC LIMIT 200`, account, conversation)
	if err != nil {
		return nil, err
	}
	seen := map[string]int{}
	out := parley.Addresses{}
	add := func(a parley.Address) {
		at, ok := seen[a.Key()]
		switch {
		case a.Key() == "":
		case !ok:
			seen[a.Key()] = len(out)
			out = append(out, a)
		case out[at].Name == "":
			out[at].Name = a.Name
		}
	}
	for i := len(rows) - 1; i >= 0; i-- {
		if r := rows[i]; r.Direction == parley.Inbound {
			add(parley.Address{Name: r.FromName, Email: r.FromEmail})
		}
		for _, a := range append(rows[i].To, rows[i].Cc...) {
			add(a)
		}
	}
	return out, nil
}
