package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley/internal/parley"
)

// Merge is one conversation that became part of another.
type Merge struct {
	ID        int64                 `db:"id"`
	AccountID parley.AccountID      `db:"account_id"`
	FromID    parley.ConversationID `db:"from_id"`
	IntoID    parley.ConversationID `db:"into_id"`
	UserID    parley.UserID         `db:"user_id"`
	Moved     parley.JSON           `db:"moved"` // a Moved
	CreatedAt time.Time             `db:"created_at"`
	UndoneAt  *time.Time            `db:"undone_at"`
}

// Moved is what a merge moved.
type Moved struct {
	Messages []int64 `json:"messages"`
	Notes    []int64 `json:"notes"`
	Events   []int64 `json:"events"`
}

// InsertMerge remembers m and gives it its id.
func (tx *Tx) InsertMerge(ctx context.Context, m *Merge, moved Moved) (err error) {
	if m.Moved, err = json.Marshal(moved); err != nil {
		return err
	}
	return tx.get(ctx, &m.ID, `INSERT INTO merges (account_id, from_id, into_id, user_id, moved, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
		m.AccountID, m.FromID, m.IntoID, m.UserID, m.Moved, m.CreatedAt)
}

// LastMerge finds the newest merge of a conversation into another that was not undone.
func (tx *Tx) LastMerge(ctx context.Context, account parley.AccountID, from parley.ConversationID) (Merge, Moved, error) {
	var m Merge
	err := tx.get(ctx, &m, `SELECT id, account_id, from_id, into_id, user_id, moved, created_at, undone_at FROM merges
		WHERE account_id = ? AND from_id = ? AND undone_at IS NULL ORDER BY id DESC LIMIT 1`, account, from)
	if err != nil {
		return m, Moved{}, err
	}
	var moved Moved
	err = json.Unmarshal(m.Moved, &moved)
	return m, moved, err
}

// EndMerge marks a merge as undone.
func (tx *Tx) EndMerge(ctx context.Context, account parley.AccountID, id int64) error {
	return tx.execOne(ctx, `UPDATE merges SET undone_at = ? WHERE account_id = ? AND id = ?`, tx.now, account, id)
}

// MoveContents moves all messages, notes, timeline events and drafts of one
// conversation to another and tells what it moved. Where a user has a draft of a
// mode in both, theirs in the first stays behind.
func (tx *Tx) MoveContents(ctx context.Context, account parley.AccountID, from, into parley.ConversationID) (Moved, error) {
	var m Moved
	for _, q := range []struct {
		ids  *[]int64
		text string
	}{
		{&m.Messages, `UPDATE messages SET conversation_id = ? WHERE account_id = ? AND conversation_id = ? RETURNING id`},
		{&m.Notes, `UPDATE notes SET conversation_id = ? WHERE account_id = ? AND conversation_id = ? RETURNING id`},
		{&m.Events, `UPDATE events SET conversation_id = ? WHERE account_id = ? AND conversation_id = ? AND timeline RETURNING seq`},
	} {
		if err := tx.list(ctx, q.ids, q.text, into, account, from); err != nil {
			return m, err
		}
	}
	for _, e := range tx.events { // those that this transaction has yet to number
		if e.AccountID == account && e.ConversationID == from {
			e.ConversationID = into
		}
	}
	_, err := tx.exec(ctx, `UPDATE drafts SET conversation_id = ? WHERE account_id = ? AND conversation_id = ? AND NOT EXISTS (SELECT 1 FROM drafts o
		WHERE o.account_id = drafts.account_id AND o.user_id = drafts.user_id AND o.conversation_id = ? AND o.mode = drafts.mode)`, into, account, from, into)
	return m, err
}

// MoveBack moves what a merge had moved, as far as it still stands in into.
func (tx *Tx) MoveBack(ctx context.Context, account parley.AccountID, m Moved, from, into parley.ConversationID) error {
	for _, q := range []struct {
		ids  []int64
		text string
	}{
		{m.Messages, `UPDATE messages SET conversation_id = ? WHERE account_id = ? AND conversation_id = ? AND ` + tx.d.in("id")},
		{m.Notes, `UPDATE notes SET conversation_id = ? WHERE account_id = ? AND conversation_id = ? AND ` + tx.d.in("id")},
		{m.Events, `UPDATE events SET conversation_id = ? WHERE account_id = ? AND conversation_id = ? AND ` + tx.d.in("seq")},
	} {
		if len(q.ids) == 0 {
			continue
		}
		if _, err := tx.exec(ctx, q.text, from, account, into, tx.d.inArg(q.ids)); err != nil {
			return err
		}
	}
	return nil
}

// MergeUnread makes into unread for whoever had not read both: last_seq and
// unread_seq become the greater ones, and the cursors of the others fall below.
func (tx *Tx) MergeUnread(ctx context.Context, from, into parley.Conversation) error {
	unread := max(from.UnreadSeq, into.UnreadSeq)
	tx.doubt(into.ID) // UpdateConversation is to derive AssigneeUnread anew
	_, err := tx.exec(ctx, `UPDATE conversations SET last_seq = ?, unread_seq = ? WHERE account_id = ? AND id = ?`,
		int64(max(from.LastSeq, into.LastSeq)), int64(unread), into.AccountID, into.ID)
	if err != nil {
		return err
	}
	read := map[parley.UserID][2]parley.Seq{}
	for i, c := range []parley.Conversation{from, into} {
		cursors, err := tx.ListReadCursors(ctx, c.AccountID, c.ID)
		if err != nil {
			return err
		}
		for _, r := range cursors {
			both := read[r.UserID]
			both[i] = r.Seq
			read[r.UserID] = both
		}
	}
	for _, user := range sortedKeys(read) {
		seq := unread
		if both := read[user]; both[0] < from.UnreadSeq || both[1] < into.UnreadSeq {
			seq = unread - 1
		}
		if err := tx.moveReadCursor(ctx, into.AccountID, into.ID, user, seq); err != nil {
			return err
		}
	}
	return nil
}

// RecountConversation sets on c what its messages tell: how many there are, the
// newest, when each side wrote last, and since when the contact waits.
func (tx *Tx) RecountConversation(ctx context.Context, c *parley.Conversation) error {
	var n struct {
		Messages int `db:"messages"`
		Failed   int `db:"failed"`
		Files    int `db:"files"`
	}
	err := tx.get(ctx, &n, `SELECT COUNT(*) AS messages, COUNT(CASE WHEN delivery IN ('failed', 'bounced', 'uncertain') THEN 1 END) AS failed,
			COUNT(CASE WHEN NOT is_bounce AND EXISTS (SELECT 1 FROM attachments a WHERE a.account_id = messages.account_id AND a.message_id = messages.id AND NOT a.inline) THEN 1 END) AS files
		FROM messages WHERE account_id = ? AND conversation_id = ? AND `+notTakenBack, c.AccountID, c.ID)
	if err != nil {
		return err
	}
	c.MessageCount, c.FailedCount, c.HasAttachment = n.Messages, n.Failed, n.Files > 0
	c.LastMessageAt, c.Preview = c.CreatedAt, ""
	c.LastInboundAt, c.LastOutboundAt, c.WaitingSince = nil, nil, nil
	if c.MessageCount == 0 {
		return nil
	}
	err = tx.get(ctx, &c.Preview, `SELECT preview FROM messages WHERE account_id = ? AND conversation_id = ? AND `+notTakenBack+` ORDER BY at DESC, id DESC LIMIT 1`, c.AccountID, c.ID)
	if err != nil {
		return err
	}
	err = tx.get(ctx, &c.LastMessageAt, `SELECT received_at FROM messages WHERE account_id = ? AND conversation_id = ? AND `+notTakenBack+` ORDER BY received_at DESC LIMIT 1`, c.AccountID, c.ID)
	if err != nil {
		return err
	}
	return tx.recountSides(ctx, c)
}

func (tx *Tx) recountSides(ctx context.Context, c *parley.Conversation) error {
	last := func(filter string) (*time.Time, error) {
		var at time.Time
		err := tx.get(ctx, &at, `SELECT received_at FROM messages WHERE account_id = ? AND conversation_id = ? AND `+filter+` ORDER BY received_at DESC LIMIT 1`, c.AccountID, c.ID)
		if errors.Is(err, ErrNoRow) {
			return nil, nil
		}
		return &at, err
	}
	var err error
	if c.LastInboundAt, err = last(`direction = 'inbound' AND NOT auto_submitted AND NOT is_bounce`); err != nil {
		return err
	}
	c.LastOutboundAt, err = last(`direction = 'outbound' AND author_id IS NOT NULL AND kind <> 'forward' AND delivery NOT IN ('draft', 'scheduled', 'cancelled')`)
	if err != nil || c.Status == parley.Closed {
		return err
	}
	c.WaitingSince, err = tx.OldestUnanswered(ctx, *c, nil)
	return err
}
