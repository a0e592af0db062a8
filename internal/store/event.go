package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"parley/internal/parley"
)

const eventColumns = `account_id, seq, kind, at, actor_id, conversation_id, message_id, note_id, contact_id, inbox_id, channel_id, user_id, data`

// insertEvent writes a numbered event, and the number into the rows that it made.
// A conversation that has something new and awaits its own number gets both at
// once, and is awaited no longer: its many indexes are written once.
func (tx *Tx) insertEvent(ctx context.Context, e *parley.Event, unnumbered map[parley.ConversationID]int64) error {
	err := tx.send(ctx, `INSERT INTO events (`+eventColumns+`, timeline) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.AccountID, int64(e.Seq), e.Kind, e.At, e.ActorID, e.ConversationID, e.MessageID, e.NoteID, e.ContactID, e.InboxID, e.ChannelID, e.UserID, e.Data, e.InTimeline())
	if err != nil {
		return err
	}
	switch e.Kind {
	case parley.ConversationClosed:
		return tx.clearUnread(ctx, e.AccountID, e.ConversationID)
	case parley.MessageReported, parley.MessageAutoReplied, parley.MessageImported: // in the timeline, but no news
		return tx.numberMessage(ctx, e)
	case parley.MessageReceived, parley.MessageQueued, parley.MessageScheduled:
		if e.Kind == parley.MessageQueued && e.ActorID == 0 && unnumbered[e.ConversationID] == 0 { // nobody wrote it: no news either
			return tx.numberMessage(ctx, e)
		}
		if err := tx.numberMessage(ctx, e); err != nil {
			return err
		}
	case parley.NoteAdded:
		if err := tx.send(ctx, `UPDATE notes SET seq = ? WHERE account_id = ? AND id = ?`, int64(e.Seq), e.AccountID, e.NoteID); err != nil {
			return err
		}
	default:
		return nil
	}
	number := unnumbered[e.ConversationID]
	delete(unnumbered, e.ConversationID)
	return tx.noteNews(ctx, e, number)
}

func (tx *Tx) numberMessage(ctx context.Context, e *parley.Event) error {
	return tx.send(ctx, `UPDATE messages SET seq = ? WHERE account_id = ? AND id = ? AND seq = 0`, int64(e.Seq), e.AccountID, e.MessageID)
}

// noteNews marks the conversation as having something new: for a sender to have
// seen, and for everyone but its author to read. A closed one is read for everyone, and
// nobody hears of spam. number is the conversation's own where it has none yet, else 0.
func (tx *Tx) noteNews(ctx context.Context, e *parley.Event, number int64) error {
	if e.ConversationID == 0 {
		return nil
	}
	args := []any{int64(e.Seq), int64(e.Seq), int64(e.ActorID), e.AccountID, e.ConversationID}
	set := ``
	if number != 0 {
		set, args = `number = ?, `, append([]any{number}, args...)
	}
	err := tx.send(ctx, `UPDATE conversations SET `+set+`last_seq = ?,
		unread_seq = CASE WHEN spam OR status = 'closed' THEN unread_seq ELSE ? END,
		assignee_unread = CASE WHEN status = 'closed' OR assignee_id IS NULL OR assignee_id = ? THEN FALSE WHEN spam THEN assignee_unread ELSE TRUE END
		WHERE account_id = ? AND id = ?`, args...)
	if err != nil || e.ActorID == 0 {
		return err
	}
	return tx.moveReadCursor(ctx, e.AccountID, e.ConversationID, e.ActorID, e.Seq)
}

// ListEventsAfter reads an account's log from after a number on, at most limit (≤ 1000) events.
// It is for followers of the whole log; what an actor may see is ListVisibleEvents.
func (tx *Tx) ListEventsAfter(ctx context.Context, account parley.AccountID, after parley.Seq, limit int) ([]parley.Event, error) {
	var out []parley.Event
	err := tx.list(ctx, &out, `SELECT `+eventColumns+` FROM events WHERE account_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
		account, int64(after), min(limit, 1000))
	return out, err
}

// LastSeq is the number of the account's newest event.
func (tx *Tx) LastSeq(ctx context.Context, account parley.AccountID) (parley.Seq, error) {
	var seq int64
	err := tx.get(ctx, &seq, `SELECT seq FROM account_counters WHERE account_id = ?`, account)
	return parley.Seq(seq), err
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
