package store

import (
	"context"

	"parley/internal/parley"
)

const conversationColumns = `id, account_id, number, contact_id, channel_id, inbox_id, assignee_id, creator_id, subject, preview, status, spam, draft, folder,
	priority, source, snoozed_until, trashed_at, created_at, closed_at, first_reply_at, last_inbound_at, last_outbound_at, last_message_at,
	waiting_since, waiting_key, last_seq, unread_seq, assignee_unread, message_count, failed_count, has_attachment, follow_up_of_id, merged_into_id, fields`

// derive sets the columns that lists are indexed on.
func derive(c *parley.Conversation) {
	c.Folder = c.FolderNow()
	c.WaitingKey = parley.NotWaiting
	if c.WaitingSince != nil {
		c.WaitingKey = *c.WaitingSince
	}
}

// InsertConversation writes c and gives it its id. Its number is given at the
// end of the transaction: c.Number is set then.
func (tx *Tx) InsertConversation(ctx context.Context, c *parley.Conversation) error {
	derive(c)
	err := tx.get(ctx, &c.ID, `INSERT INTO conversations (account_id, contact_id, channel_id, inbox_id, assignee_id, creator_id, subject, preview, status, spam, draft, folder,
			priority, source, snoozed_until, trashed_at, created_at, closed_at, first_reply_at, last_inbound_at, last_outbound_at, last_message_at,
			waiting_since, waiting_key, message_count, failed_count, has_attachment, follow_up_of_id, merged_into_id, fields)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		c.AccountID, c.ContactID, c.ChannelID, c.InboxID, c.AssigneeID, c.CreatorID, c.Subject, c.Preview, c.Status, c.Spam, c.Draft, c.Folder,
		c.Priority, c.Source, c.SnoozedUntil, c.TrashedAt, c.CreatedAt, c.ClosedAt, c.FirstReplyAt, c.LastInboundAt, c.LastOutboundAt, c.LastMessageAt,
		c.WaitingSince, c.WaitingKey, c.MessageCount, c.FailedCount, c.HasAttachment, c.FollowUpOfID, c.MergedIntoID, c.Fields)
	if err != nil {
		return err
	}
	if tx.numbers == nil {
		tx.numbers = map[parley.AccountID][]*parley.Conversation{}
	}
	tx.numbers[c.AccountID] = append(tx.numbers[c.AccountID], c)
	return nil
}

// ConversationByID finds a conversation of the account.
func (tx *Tx) ConversationByID(ctx context.Context, account parley.AccountID, id parley.ConversationID) (parley.Conversation, error) {
	var c parley.Conversation
	err := tx.get(ctx, &c, `SELECT `+conversationColumns+` FROM conversations WHERE account_id = ? AND id = ?`, account, id)
	return c, err
}

// LockConversation is ConversationByID for a change: nobody else changes the
// conversation until the transaction ends.
func (tx *Tx) LockConversation(ctx context.Context, account parley.AccountID, id parley.ConversationID) (parley.Conversation, error) {
	var c parley.Conversation
	err := tx.get(ctx, &c, `SELECT `+conversationColumns+` FROM conversations WHERE account_id = ? AND id = ?`+tx.d.forUpdate(), account, id)
	return c, err
}

// UpdateConversation writes a conversation that LockConversation or
// InsertConversation gave. Folder, WaitingKey and AssigneeUnread are derived
// anew; LastSeq and UnreadSeq belong to the events and are left alone.
func (tx *Tx) UpdateConversation(ctx context.Context, c *parley.Conversation) error {
	derive(c)
	err := tx.get(ctx, &c.AssigneeUnread, `UPDATE conversations SET contact_id = ?, channel_id = ?, inbox_id = ?, assignee_id = ?, subject = ?, preview = ?, status = ?,
			spam = ?, draft = ?, folder = ?, priority = ?, source = ?, snoozed_until = ?, trashed_at = ?, closed_at = ?, first_reply_at = ?,
			last_inbound_at = ?, last_outbound_at = ?, last_message_at = ?, waiting_since = ?, waiting_key = ?,
			message_count = ?, failed_count = ?, has_attachment = ?, follow_up_of_id = ?, merged_into_id = ?, fields = ?,
			assignee_unread = `+unreadBy+`
		WHERE account_id = ? AND id = ? RETURNING assignee_unread`,
		c.ContactID, c.ChannelID, c.InboxID, c.AssigneeID, c.Subject, c.Preview, c.Status,
		c.Spam, c.Draft, c.Folder, c.Priority, c.Source, c.SnoozedUntil, c.TrashedAt, c.ClosedAt, c.FirstReplyAt,
		c.LastInboundAt, c.LastOutboundAt, c.LastMessageAt, c.WaitingSince, c.WaitingKey,
		c.MessageCount, c.FailedCount, c.HasAttachment, c.FollowUpOfID, c.MergedIntoID, c.Fields,
		int64(c.AssigneeID), c.AssigneeID,
		c.AccountID, c.ID)
	return err
}

// ListHeld locks open and snoozed conversations that a user is assigned to, from
// after an id on, in order of id.
func (tx *Tx) ListHeld(ctx context.Context, account parley.AccountID, user parley.UserID, after parley.ConversationID, limit int) ([]parley.Conversation, error) {
	var out []parley.Conversation
	err := tx.list(ctx, &out, `SELECT `+conversationColumns+` FROM conversations WHERE account_id = ? AND assignee_id = ? AND folder IN ('open', 'snoozed') AND id > ?
		ORDER BY id LIMIT ?`+tx.d.forUpdate(), account, user, int64(after), limit)
	return out, err
}

// DeleteConversation removes a conversation without messages: an empty draft,
// with its notes. Its events stay in the log.
func (tx *Tx) DeleteConversation(ctx context.Context, account parley.AccountID, id parley.ConversationID) error {
	if _, err := tx.exec(ctx, `DELETE FROM notes WHERE account_id = ? AND conversation_id = ?`, account, id); err != nil {
		return err
	}
	return tx.execOne(ctx, `DELETE FROM conversations WHERE account_id = ? AND id = ?`, account, id)
}

// FollowUp names a conversation beside its number, for "follow-up of #n".
type FollowUp struct {
	ID     parley.ConversationID `db:"id"`
	Number int64                 `db:"number"`
}

// ListNumbers gives the numbers of conversations.
func (tx *Tx) ListNumbers(ctx context.Context, account parley.AccountID, ids []parley.ConversationID) ([]FollowUp, error) {
	var out []FollowUp
	if len(ids) == 0 {
		return out, nil
	}
	err := tx.list(ctx, &out, `SELECT id, number FROM conversations WHERE account_id = ? AND `+tx.d.in("id"), account, tx.d.inArg(int64s(ids)))
	return out, err
}

func int64s[K any](ids []parley.ID[K]) []int64 {
	out := make([]int64, len(ids))
	for i, id := range ids {
		out[i] = int64(id)
	}
	return out
}
