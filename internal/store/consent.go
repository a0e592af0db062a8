package store

import (
	"context"
	"errors"

	"parley/internal/parley"
)

const consentColumns = `id, account_id, contact_id, phone, state, how, user_id, channel_id, message_id, evidence, at`

// AddConsent adds c to the ledger, gives it its id, and keeps the number's last
// word. It reports whether that is another one now.
func (tx *Tx) AddConsent(ctx context.Context, c *parley.Consent) (changed bool, err error) {
	c.At = tx.now
	err = insertRow(ctx, tx, &c.ID, "consents", `INSERT INTO consents (id, account_id, contact_id, phone, state, how, user_id, channel_id, message_id, evidence, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.AccountID, c.ContactID, c.Phone, c.State, c.How, c.UserID, c.ChannelID, c.MessageID, c.Evidence, c.At)
	if err != nil {
		return false, err
	}
	var n int64
	if c.State == parley.OptedOut {
		n, err = tx.exec(ctx, `INSERT INTO opt_outs (account_id, phone, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, c.AccountID, c.Phone, c.At)
	} else {
		n, err = tx.exec(ctx, `DELETE FROM opt_outs WHERE account_id = ? AND phone = ?`, c.AccountID, c.Phone)
	}
	return n > 0, err
}

// OptedOut reports whether a number's last word is no.
func (tx *Tx) OptedOut(ctx context.Context, account parley.AccountID, phone string) (bool, error) {
	var out bool
	err := tx.get(ctx, &out, `SELECT EXISTS (SELECT 1 FROM opt_outs WHERE account_id = ? AND phone = ?)`, account, phone)
	return out, err
}

// ConsentQuery narrows a list of the ledger; zero values do not.
type ConsentQuery struct {
	ContactID parley.ContactID
	Phone     string
	Before    parley.ConsentID // older than this
}

// ListConsents lists the ledger, newest first.
func (tx *Tx) ListConsents(ctx context.Context, account parley.AccountID, q ConsentQuery, limit int) ([]parley.Consent, error) {
	where, args := `account_id = ?`, []any{account}
	if q.Before != 0 {
		where, args = where+` AND id < ?`, append(args, int64(q.Before))
	}
	if q.ContactID != 0 {
		where, args = where+` AND contact_id = ?`, append(args, q.ContactID)
	}
	if q.Phone != "" {
		where, args = where+` AND phone = ?`, append(args, q.Phone)
	}
	var out []parley.Consent
	err := tx.list(ctx, &out, `SELECT `+consentColumns+` FROM consents WHERE `+where+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return out, err
}

// LockTextConversation locks the conversation in which a number writes and is
// written to on a channel: the open one, else the newest. ErrNoRow: there is none.
func (tx *Tx) LockTextConversation(ctx context.Context, account parley.AccountID, channel parley.ChannelID, phone string) (parley.Conversation, error) {
	for range 2 {
		var id parley.ConversationID
		err := tx.get(ctx, &id, `SELECT id FROM conversations WHERE account_id = ? AND channel_id = ? AND phone = ? AND phone <> '' AND status = 'open' AND NOT draft
			AND trashed_at IS NULL AND merged_into_id IS NULL`, account, channel, phone)
		if errors.Is(err, ErrNoRow) {
			err = tx.get(ctx, &id, `SELECT id FROM conversations WHERE account_id = ? AND channel_id = ? AND phone = ? AND phone <> '' AND NOT draft
				AND trashed_at IS NULL AND merged_into_id IS NULL ORDER BY last_message_at DESC, id DESC LIMIT 1`, account, channel, phone)
		}
		if err != nil {
			return parley.Conversation{}, err
		}
		c, err := tx.LockConversation(ctx, account, id)
		if err != nil || c.TrashedAt == nil && c.MergedIntoID == 0 {
			return c, err
		}
	}
	return parley.Conversation{}, ErrNoRow
}

// OpenTextConversation finds the one open conversation of a number on a channel.
func (tx *Tx) OpenTextConversation(ctx context.Context, account parley.AccountID, channel parley.ChannelID, phone string) (parley.ConversationID, error) {
	var id parley.ConversationID
	err := tx.get(ctx, &id, `SELECT id FROM conversations WHERE account_id = ? AND channel_id = ? AND phone = ? AND phone <> '' AND status = 'open' AND NOT draft
		AND trashed_at IS NULL AND merged_into_id IS NULL`, account, channel, phone)
	return id, err
}

// NewestTextConversation finds the last conversation with a contact at a number, on
// whatever channel; ErrNoRow: there is none.
func (tx *Tx) NewestTextConversation(ctx context.Context, account parley.AccountID, contact parley.ContactID, phone string) (parley.Conversation, error) {
	var c parley.Conversation
	err := tx.get(ctx, &c, `SELECT `+conversationColumns+` FROM conversations WHERE account_id = ? AND contact_id = ? AND phone = ? AND NOT draft
		AND trashed_at IS NULL AND merged_into_id IS NULL ORDER BY last_message_at DESC, id DESC LIMIT 1`, account, contact, phone)
	return c, err
}

// OutboundByProviderID finds the message of ours to which the provider gave this id.
func (tx *Tx) OutboundByProviderID(ctx context.Context, account parley.AccountID, channel parley.ChannelID, provider string) (parley.MessageID, error) {
	var id parley.MessageID
	err := tx.get(ctx, &id, `SELECT m.id FROM recipients r JOIN messages m ON m.id = r.message_id
		WHERE r.account_id = ? AND r.provider_id = ? AND r.provider_id <> '' AND m.channel_id = ? ORDER BY m.id DESC LIMIT 1`, account, provider, channel)
	return id, err
}
