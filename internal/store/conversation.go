package store

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"parley/internal/parley"
)

const conversationColumns = `id, account_id, number, contact_id, channel_id, inbox_id, assignee_id, creator_id, subject, preview, status, spam, draft, folder,
	priority, source, snoozed_until, trashed_at, created_at, closed_at, first_reply_at, last_inbound_at, last_outbound_at, last_message_at,
	waiting_since, waiting_key, last_seq, unread_seq, assignee_unread, message_count, failed_count, has_attachment, follow_up_of_id, merged_into_id, fields, phone`

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
	err := insertRow(ctx, tx, &c.ID, "conversations", `INSERT INTO conversations (id, account_id, contact_id, channel_id, inbox_id, assignee_id, creator_id, subject, preview, status, spam, draft, folder,
			priority, source, snoozed_until, trashed_at, created_at, closed_at, first_reply_at, last_inbound_at, last_outbound_at, last_message_at,
			waiting_since, waiting_key, message_count, failed_count, has_attachment, follow_up_of_id, merged_into_id, fields, phone)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.AccountID, c.ContactID, c.ChannelID, c.InboxID, c.AssigneeID, c.CreatorID, c.Subject, c.Preview, c.Status, c.Spam, c.Draft, c.Folder,
		c.Priority, c.Source, c.SnoozedUntil, c.TrashedAt, c.CreatedAt, c.ClosedAt, c.FirstReplyAt, c.LastInboundAt, c.LastOutboundAt, c.LastMessageAt,
		c.WaitingSince, c.WaitingKey, c.MessageCount, c.FailedCount, c.HasAttachment, c.FollowUpOfID, c.MergedIntoID, c.Fields, c.Phone)
	if err != nil {
		return err
	}
	if tx.numbers == nil {
		tx.numbers = map[parley.AccountID][]*parley.Conversation{}
	}
	tx.numbers[c.AccountID] = append(tx.numbers[c.AccountID], c)
	tx.know(*c)
	return nil
}

// ConversationByID finds a conversation of the account.
func (tx *Tx) ConversationByID(ctx context.Context, account parley.AccountID, id parley.ConversationID) (parley.Conversation, error) {
	var c parley.Conversation
	err := tx.get(ctx, &c, `SELECT `+conversationColumns+` FROM conversations WHERE account_id = ? AND id = ?`, account, id)
	return c, err
}

// LockConversation is ConversationByID for a change: nobody else changes the
// conversation until the transaction ends. One that this transaction holds
// already is as it has left it.
func (tx *Tx) LockConversation(ctx context.Context, account parley.AccountID, id parley.ConversationID) (parley.Conversation, error) {
	if c, ok := tx.conversations[id]; ok && c.AccountID == account {
		return c, nil
	}
	var c parley.Conversation
	err := tx.get(ctx, &c, `SELECT `+conversationColumns+` FROM conversations WHERE account_id = ? AND id = ?`+tx.d.forUpdate(), account, id)
	if err == nil {
		tx.know(c)
	}
	return c, err
}

// LockConversations is LockConversation for several, in order of id: two
// transactions never wait for each other crosswise. Those that are not there are left out.
func (tx *Tx) LockConversations(ctx context.Context, account parley.AccountID, ids []parley.ConversationID) ([]parley.Conversation, error) {
	var missing []parley.ConversationID
	for _, id := range ids {
		if c, ok := tx.conversations[id]; !ok || c.AccountID != account {
			missing = append(missing, id)
		}
	}
	var out []parley.Conversation
	if len(missing) > 0 {
		err := tx.list(ctx, &out, `SELECT `+conversationColumns+` FROM conversations WHERE account_id = ? AND `+tx.d.in("id")+` ORDER BY id`+tx.d.forUpdate(), account, tx.d.inArg(int64s(missing)))
		if err != nil {
			return nil, err
		}
		for _, c := range out {
			tx.know(c)
		}
	}
	for _, id := range ids {
		if c, ok := tx.conversations[id]; ok && c.AccountID == account && !slices.Contains(missing, id) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b parley.Conversation) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// UpdateConversation writes a conversation that LockConversation or
// InsertConversation gave: of the columns that lists are indexed on those that
// have changed since, for each costs all the indexes that it stands in. Folder and
// WaitingKey are derived anew; AssigneeUnread, LastSeq and UnreadSeq are left alone:
// the database derives the first, and the others belong to the events.
func (tx *Tx) UpdateConversation(ctx context.Context, c *parley.Conversation) error {
	derive(c)
	was, known := tx.conversations[c.ID]
	set := []string{`preview = ?, first_reply_at = ?, last_inbound_at = ?, last_outbound_at = ?, message_count = ?, has_attachment = ?`}
	args := []any{c.Preview, c.FirstReplyAt, c.LastInboundAt, c.LastOutboundAt, c.MessageCount, c.HasAttachment}
	if !known || !was.LastMessageAt.Equal(c.LastMessageAt) {
		set, args = append(set, `last_message_at = ?`), append(args, c.LastMessageAt)
	}
	if !known || !was.WaitingKey.Equal(c.WaitingKey) {
		set, args = append(set, `waiting_since = ?, waiting_key = ?`), append(args, c.WaitingSince, c.WaitingKey)
	}
	if !known || was.FailedCount != c.FailedCount {
		set, args = append(set, `failed_count = ?`), append(args, c.FailedCount)
	}
	if !known || placeOf(&was) != placeOf(c) || !bytes.Equal(was.Fields, c.Fields) {
		set = append(set, `contact_id = ?, channel_id = ?, inbox_id = ?, assignee_id = ?, subject = ?, status = ?, spam = ?, draft = ?, folder = ?, priority = ?,
			source = ?, snoozed_until = ?, trashed_at = ?, closed_at = ?, follow_up_of_id = ?, merged_into_id = ?, fields = ?, assignee_unread = `+unreadBy)
		args = append(args, c.ContactID, c.ChannelID, c.InboxID, c.AssigneeID, c.Subject, c.Status, c.Spam, c.Draft, c.Folder, c.Priority,
			c.Source, c.SnoozedUntil, c.TrashedAt, c.ClosedAt, c.FollowUpOfID, c.MergedIntoID, c.Fields, int64(c.AssigneeID), c.AssigneeID)
	}
	tx.know(*c)
	return tx.send(ctx, `UPDATE conversations SET `+strings.Join(set, ", ")+` WHERE account_id = ? AND id = ?`, append(args, c.AccountID, c.ID)...)
}

// know keeps what stands in the row of a conversation that nobody else can change
// until the transaction ends.
func (tx *Tx) know(c parley.Conversation) {
	if tx.doubted[c.ID] {
		return
	}
	if tx.conversations == nil {
		tx.conversations = map[parley.ConversationID]parley.Conversation{}
	}
	tx.conversations[c.ID] = c
}

// doubt is for changes that a conversation's struct does not tell of: from now on
// it is read, and written whole, each time.
func (tx *Tx) doubt(id parley.ConversationID) {
	if tx.doubted == nil {
		tx.doubted = map[parley.ConversationID]bool{}
	}
	tx.doubted[id] = true
	delete(tx.conversations, id)
}

// place is where a conversation stands: what seldom changes.
type place struct {
	contact                parley.ContactID
	channel                parley.ChannelID
	inbox                  parley.InboxID
	assignee               parley.UserID
	subject                string
	status                 parley.Status
	spam, draft            bool
	folder                 parley.Folder
	priority               int
	source                 parley.Source
	snoozed, trashed, ends time.Time
	followUp, merged       parley.ConversationID
}

func placeOf(c *parley.Conversation) place {
	return place{
		contact: c.ContactID, channel: c.ChannelID, inbox: c.InboxID, assignee: c.AssigneeID, subject: c.Subject, status: c.Status,
		spam: c.Spam, draft: c.Draft, folder: c.Folder, priority: c.Priority, source: c.Source,
		snoozed: orZero(c.SnoozedUntil), trashed: orZero(c.TrashedAt), ends: orZero(c.ClosedAt), followUp: c.FollowUpOfID, merged: c.MergedIntoID,
	}
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
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
	tx.doubt(id)
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
