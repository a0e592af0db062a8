package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"parley/internal/parley"
)

// ListRecentMessages lists the newest messages of a conversation, newest first, with their attachments.
func (tx *Tx) ListRecentMessages(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, limit int) ([]parley.Message, error) {
	var out []parley.Message
	err := tx.list(ctx, &out, `SELECT `+messageColumns+` FROM messages WHERE account_id = ? AND conversation_id = ? ORDER BY at DESC, id DESC LIMIT `+strconv.Itoa(limit),
		account, conversation)
	if err != nil {
		return nil, err
	}
	return out, tx.fillMessages(ctx, account, out)
}

// Answered is how far a conversation was answered.
type Answered struct {
	LastOutboundAt *time.Time
	WaitingSince   *time.Time
}

// AnsweredState is how far a conversation is answered without one message: when
// we wrote last, and since when the contact has waited after that.
func (tx *Tx) AnsweredState(ctx context.Context, account parley.AccountID, conversation parley.ConversationID, without parley.MessageID) (a Answered, err error) {
	var last, waiting time.Time
	err = tx.get(ctx, &last, `SELECT at FROM messages WHERE account_id = ? AND conversation_id = ? AND direction = 'outbound' AND id <> ?
		AND delivery NOT IN ('scheduled', 'cancelled') ORDER BY at DESC LIMIT 1`, account, conversation, without)
	if err == nil {
		a.LastOutboundAt = &last
	} else if !errors.Is(err, ErrNoRow) {
		return a, err
	}
	err = tx.get(ctx, &waiting, `SELECT at FROM messages WHERE account_id = ? AND conversation_id = ? AND direction = 'inbound' AND NOT auto_submitted AND NOT is_bounce
		AND at > ? ORDER BY at LIMIT 1`, account, conversation, last)
	if err == nil {
		a.WaitingSince = &waiting
	} else if !errors.Is(err, ErrNoRow) {
		return a, err
	}
	return a, nil
}

// notTakenBack leaves out messages of ours that never left: they are drafts again.
const notTakenBack = `delivery <> 'cancelled'`

// Newest is what a list tells of a conversation.
type Newest struct {
	At       time.Time
	Preview  string
	HasFile  bool
	Messages int
	Notes    int
}

// NewestState is what a list tells of a conversation by the messages that were
// not taken back. What machines reported tells nothing where people have written.
func (tx *Tx) NewestState(ctx context.Context, account parley.AccountID, conversation parley.ConversationID) (n Newest, err error) {
	var count struct {
		Messages int `db:"messages"`
		Files    int `db:"files"`
		Notes    int `db:"notes"`
	}
	err = tx.get(ctx, &count, `SELECT COUNT(*) AS messages,
			COUNT(CASE WHEN NOT is_bounce AND EXISTS (SELECT 1 FROM attachments a WHERE a.account_id = messages.account_id AND a.message_id = messages.id AND NOT a.inline) THEN 1 END) AS files,
			(SELECT COUNT(*) FROM notes WHERE account_id = ? AND conversation_id = ? AND deleted_at IS NULL) AS notes
		FROM messages WHERE account_id = ? AND conversation_id = ? AND `+notTakenBack, account, conversation, account, conversation)
	n.Messages, n.Notes, n.HasFile = count.Messages, count.Notes, count.Files > 0
	if err != nil || n.Messages == 0 {
		return n, err
	}
	var last struct {
		At      time.Time `db:"received_at"`
		Preview string    `db:"preview"`
	}
	err = tx.get(ctx, &last, `SELECT received_at, preview FROM messages WHERE account_id = ? AND conversation_id = ? AND `+notTakenBack+`
		ORDER BY is_bounce OR auto_submitted, at DESC, id DESC LIMIT 1`, account, conversation)
	n.At, n.Preview = last.At, last.Preview
	return n, err
}

// SaveSchedule notes that m waits for the time that a person has set, its SendAt.
func (tx *Tx) SaveSchedule(ctx context.Context, m parley.Message) error {
	return tx.send(ctx, `INSERT INTO schedules (account_id, message_id, send_at) VALUES (?, ?, ?)
		ON CONFLICT (account_id, message_id) DO UPDATE SET send_at = excluded.send_at`, m.AccountID, m.ID, m.SendAt)
}

// DeleteSchedule notes that a message waits no more.
func (tx *Tx) DeleteSchedule(ctx context.Context, account parley.AccountID, message parley.MessageID) error {
	return tx.send(ctx, `DELETE FROM schedules WHERE account_id = ? AND message_id = ?`, account, message)
}
