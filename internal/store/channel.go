package store

import (
	"context"

	"parley/internal/parley"
)

const channelColumns = `id, account_id, type, name, address, forward_local, from_name, inbox_id, settings, secret, reopen_days, plus_tags, add_signature, autoresponder_id, last_inbound_at, created_at, disabled_at`

// InsertChannel writes c and gives it its id; ErrTaken if its address or forwarding address is another's.
func (tx *Tx) InsertChannel(ctx context.Context, c *parley.Channel) error {
	return tx.get(ctx, &c.ID, `INSERT INTO channels (account_id, type, name, address, forward_local, from_name, inbox_id, settings, secret, reopen_days, plus_tags, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		c.AccountID, c.Type, c.Name, c.Address, c.ForwardLocal, c.FromName, c.InboxID, c.Settings, c.Secret, c.ReopenDays, c.PlusTags, c.CreatedAt)
}

// ChannelByID finds a channel of the account that was not deleted.
func (tx *Tx) ChannelByID(ctx context.Context, account parley.AccountID, id parley.ChannelID) (parley.Channel, error) {
	var c parley.Channel
	err := tx.get(ctx, &c, `SELECT `+channelColumns+` FROM channels WHERE account_id = ? AND id = ? AND deleted_at IS NULL`, account, id)
	return c, err
}

// LockChannel is ChannelByID for a change: nobody else changes the channel until the transaction ends.
func (tx *Tx) LockChannel(ctx context.Context, account parley.AccountID, id parley.ChannelID) (parley.Channel, error) {
	var c parley.Channel
	err := tx.get(ctx, &c, `SELECT `+channelColumns+` FROM channels WHERE account_id = ? AND id = ? AND deleted_at IS NULL`+tx.d.forUpdate(), account, id)
	return c, err
}

// ListChannels lists channels that were not deleted, from after an id on.
func (tx *Tx) ListChannels(ctx context.Context, account parley.AccountID, after parley.ChannelID, limit int) ([]parley.Channel, error) {
	var out []parley.Channel
	err := tx.list(ctx, &out, `SELECT `+channelColumns+` FROM channels WHERE account_id = ? AND id > ? AND deleted_at IS NULL ORDER BY id LIMIT ?`,
		account, int64(after), limit)
	return out, err
}

// UpdateChannel writes what a person may change of a channel.
func (tx *Tx) UpdateChannel(ctx context.Context, c parley.Channel) error {
	return tx.execOne(ctx, `UPDATE channels SET name = ?, from_name = ?, inbox_id = ?, reopen_days = ?, add_signature = ?, autoresponder_id = ?, disabled_at = ?
		WHERE account_id = ? AND id = ? AND deleted_at IS NULL`,
		c.Name, c.FromName, c.InboxID, c.ReopenDays, c.AddSignature, c.AutoresponderID, c.DisabledAt, c.AccountID, c.ID)
}

// DeleteChannel frees the channel's address; the row stays for its conversations.
func (tx *Tx) DeleteChannel(ctx context.Context, account parley.AccountID, id parley.ChannelID) error {
	return tx.execOne(ctx, `UPDATE channels SET deleted_at = ? WHERE account_id = ? AND id = ? AND deleted_at IS NULL`, tx.now, account, id)
}

// ChannelIDByAddress finds whose address this is, in whatever account, unless the channel is disabled: a listener knows no more.
func (tx *Tx) ChannelIDByAddress(ctx context.Context, typ, address string) (parley.ChannelID, error) {
	var id parley.ChannelID
	err := tx.get(ctx, &id, `SELECT id FROM channels WHERE type = ? AND address = ? AND deleted_at IS NULL AND disabled_at IS NULL`, typ, address)
	return id, err
}

// ChannelIDByForward finds whose forwarding address has this local part, as ChannelIDByAddress does.
func (tx *Tx) ChannelIDByForward(ctx context.Context, local string) (parley.ChannelID, error) {
	var id parley.ChannelID
	err := tx.get(ctx, &id, `SELECT id FROM channels WHERE forward_local = ? AND forward_local <> '' AND deleted_at IS NULL AND disabled_at IS NULL`, local)
	return id, err
}

// ForwardTaken reports whether a local part was ever given out for a forwarding address.
func (tx *Tx) ForwardTaken(ctx context.Context, local string) (bool, error) {
	var taken bool
	err := tx.get(ctx, &taken, `SELECT EXISTS (SELECT 1 FROM channels WHERE forward_local = ? AND forward_local <> '')`, local)
	return taken, err
}

// AddressTaken reports whether a channel of any account has this address.
func (tx *Tx) AddressTaken(ctx context.Context, typ, address string) (bool, error) {
	var taken bool
	err := tx.get(ctx, &taken, `SELECT EXISTS (SELECT 1 FROM channels WHERE type = ? AND address = ? AND deleted_at IS NULL)`, typ, address)
	return taken, err
}
