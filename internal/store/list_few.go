package store

import (
	"context"
	"time"

	"parley/internal/parley"
)

// Some views hold few conversations, and begin at what makes these few: a user's
// drafts, the messages that wait for a time, the notes that name a user. Those
// rows are read by their own keys, and the conversations by theirs.

// few reports whether v is such a view.
func few(v parley.View) bool {
	return v == parley.ViewDrafts || v == parley.ViewScheduled || v == parley.ViewMentions
}

// fewCondition is the condition of such a view.
func (tx *Tx) fewCondition(actor parley.Actor, v parley.View) condition {
	c := condition{hint: tx.d.byKey(), text: `account_id = ?`, args: []any{actor.AccountID}}
	switch v {
	case parley.ViewDrafts:
		return c.and(tx.d.inRows("id", `SELECT conversation_id FROM drafts WHERE account_id = ? AND user_id = ? AND begun`), actor.AccountID, int64(actor.UserID)).
			and(`(folder IN ('open', 'snoozed', 'closed') OR (folder = 'draft' AND creator_id = ?))`, int64(actor.UserID))
	case parley.ViewScheduled:
		return c.and(tx.d.inRows("id", `SELECT m.conversation_id FROM schedules s JOIN messages m ON m.id = s.message_id WHERE s.account_id = ?`), actor.AccountID).
			and(`folder IN ('open', 'snoozed', 'closed')`)
	}
	return c.and(tx.d.inRows("id", `SELECT n.conversation_id FROM mentions x JOIN notes n ON n.id = x.note_id WHERE x.account_id = ? AND x.user_id = ?`), actor.AccountID, int64(actor.UserID)).
		and(isOpen)
}

// FillRows adds what the rows of a view show beside what those of all do.
func (tx *Tx) FillRows(ctx context.Context, actor parley.Actor, v parley.View, rows []ConversationRow) error {
	if len(rows) == 0 || v != parley.ViewDrafts && v != parley.ViewScheduled {
		return nil
	}
	at := map[parley.ConversationID]int{}
	ids := make([]parley.ConversationID, len(rows))
	for i, r := range rows {
		at[r.ID], ids[i] = i, r.ID
	}
	var found []struct {
		ID      parley.ConversationID `db:"conversation_id"`
		Preview string                `db:"preview"`
		SendAt  *time.Time            `db:"send_at"`
	}
	query, args := `SELECT conversation_id, preview, CAST(NULL AS TIMESTAMP) AS send_at FROM drafts WHERE account_id = ? AND user_id = ? AND begun AND `+tx.d.in("conversation_id")+` ORDER BY updated_at`,
		[]any{actor.AccountID, int64(actor.UserID), tx.d.inArg(int64s(ids))}
	if v == parley.ViewScheduled {
		query, args = `SELECT m.conversation_id, '' AS preview, s.send_at FROM schedules s JOIN messages m ON m.id = s.message_id WHERE s.account_id = ? AND `+tx.d.in("m.conversation_id")+` ORDER BY s.send_at DESC`,
			[]any{actor.AccountID, tx.d.inArg(int64s(ids))}
	}
	err := tx.list(ctx, &found, query, args...)
	for _, f := range found { // the last one of a conversation holds
		r := &rows[at[f.ID]]
		if r.ScheduledAt = f.SendAt; v == parley.ViewDrafts {
			r.DraftPreview = &f.Preview
		}
	}
	return err
}
