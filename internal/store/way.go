package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/parley"
)

const wayColumns = `account_id, channel_id, way_in, in_state, in_error, in_at, hook_token, cursor, archive_total, archive_done, out_state, out_error, lease_owner, lease_until`

// WaysOf finds how a channel's ways fare. One that was never set up has none: it is as it was made.
func (tx *Tx) WaysOf(ctx context.Context, account parley.AccountID, id parley.ChannelID) (parley.Ways, error) {
	var w parley.Ways
	err := tx.get(ctx, &w, `SELECT `+wayColumns+` FROM ways WHERE account_id = ? AND channel_id = ?`, account, id)
	if errors.Is(err, ErrNoRow) {
		return newWays(account, id), nil
	}
	return w, err
}

func newWays(account parley.AccountID, id parley.ChannelID) parley.Ways {
	return parley.Ways{AccountID: account, ChannelID: id, In: parley.ByForward, InState: parley.WayConnecting, OutState: parley.WayConnecting}
}

// ListWays is WaysOf for some channels at once.
func (tx *Tx) ListWays(ctx context.Context, account parley.AccountID, ids []parley.ChannelID) (map[parley.ChannelID]parley.Ways, error) {
	var rows []parley.Ways
	err := tx.list(ctx, &rows, `SELECT `+wayColumns+` FROM ways WHERE account_id = ? AND `+tx.d.in("channel_id"), account, tx.d.inArg(int64s(ids)))
	out := make(map[parley.ChannelID]parley.Ways, len(ids))
	for _, id := range ids {
		out[id] = newWays(account, id)
	}
	for _, w := range rows {
		out[w.ChannelID] = w
	}
	return out, err
}

// PutWayIn writes which way a channel's mail comes in. Where it stands in what it
// reads is kept, unless that is another mailbox now (anew).
func (tx *Tx) PutWayIn(ctx context.Context, w parley.Ways, anew bool) error {
	err := tx.send(ctx, `INSERT INTO ways (account_id, channel_id, way_in, hook_token) VALUES (?, ?, ?, ?)
		ON CONFLICT (account_id, channel_id) DO UPDATE SET way_in = excluded.way_in, hook_token = excluded.hook_token, in_state = 'connecting', in_error = ''`,
		w.AccountID, w.ChannelID, w.In, w.HookToken)
	if err != nil || !anew {
		return err
	}
	return tx.send(ctx, `UPDATE ways SET in_at = NULL, cursor = '{}', archive_done = 0, archive_total = 0 WHERE account_id = ? AND channel_id = ?`, w.AccountID, w.ChannelID)
}

// NoteWayOut writes how a channel's mail leaves.
func (tx *Tx) NoteWayOut(ctx context.Context, account parley.AccountID, id parley.ChannelID, state parley.WayState, fault string) error {
	return tx.send(ctx, `INSERT INTO ways (account_id, channel_id, out_state, out_error) VALUES (?, ?, ?, ?)
		ON CONFLICT (account_id, channel_id) DO UPDATE SET out_state = excluded.out_state, out_error = excluded.out_error`,
		account, id, state, fault)
}

// NoteWayIn writes how a channel's mail comes in; at is kept where it is zero. A
// poller (owner) is heard only as long as its lease lasts: ErrNoRow.
func (tx *Tx) NoteWayIn(ctx context.Context, account parley.AccountID, id parley.ChannelID, owner string, state parley.WayState, fault string, at time.Time) error {
	var worked *time.Time
	if !at.IsZero() {
		worked = &at
	}
	return tx.execOne(ctx, `UPDATE ways SET in_state = ?, in_error = ?, in_at = COALESCE(?, in_at) WHERE account_id = ? AND channel_id = ? AND (? = '' OR lease_owner = ?)`,
		state, fault, worked, account, id, owner, owner)
}

// MoveWayCursor writes where a poller stands, and how much of an archive it has
// taken. ErrNoRow says that it is owner's no longer.
func (tx *Tx) MoveWayCursor(ctx context.Context, w parley.Ways, owner string) error {
	return tx.execOne(ctx, `UPDATE ways SET cursor = ?, archive_done = ?, archive_total = ? WHERE account_id = ? AND channel_id = ? AND lease_owner = ?`,
		w.Cursor, w.Archived, w.ArchivedOf, w.AccountID, w.ChannelID, owner)
}

// ChannelByHook finds the channel whose webhook has this token, in whatever
// account, unless it is disabled or takes its mail another way.
func (tx *Tx) ChannelByHook(ctx context.Context, token string) (parley.Channel, error) {
	var c parley.Channel
	err := tx.get(ctx, &c, `SELECT `+channelColumns+` FROM channels WHERE deleted_at IS NULL AND disabled_at IS NULL
		AND id = (SELECT channel_id FROM ways WHERE hook_token = ? AND hook_token <> '' AND way_in = 'webhook')`, token)
	return c, err
}

// ListPolled lists the channels of all accounts whose messages we fetch, or hold a session for.
func (tx *Tx) ListPolled(ctx context.Context) ([]parley.Channel, error) {
	var out []parley.Channel
	err := tx.list(ctx, &out, `SELECT `+channelColumns+` FROM channels WHERE deleted_at IS NULL AND disabled_at IS NULL
		AND id IN (SELECT channel_id FROM ways WHERE way_in IN ('imap', 'smpp')) ORDER BY id LIMIT 100000`)
	return out, err
}

// ListSealed lists the channels of all accounts that have something sealed.
func (tx *Tx) ListSealed(ctx context.Context) ([]parley.Channel, error) {
	var out []parley.Channel
	err := tx.list(ctx, &out, `SELECT `+channelColumns+` FROM channels WHERE deleted_at IS NULL AND LENGTH(secret) > 0 ORDER BY id LIMIT 100000`)
	return out, err
}

// LeaseWays gives owner those of the polled channels that nobody else holds, until
// the lease ends, and tells which it has now.
func (tx *Tx) LeaseWays(ctx context.Context, owner string, ids []parley.ChannelID, lease time.Duration) ([]parley.ChannelID, error) {
	var out []parley.ChannelID
	err := tx.list(ctx, &out, `UPDATE ways SET lease_owner = ?, lease_until = ? WHERE way_in IN ('imap', 'smpp') AND `+tx.d.in("channel_id")+`
		AND (lease_owner = '' OR lease_owner = ? OR lease_until IS NULL OR lease_until < ?) RETURNING channel_id`,
		owner, tx.now.Add(lease), tx.d.inArg(int64s(ids)), owner, tx.now)
	return out, err
}

// ReleaseWays ends owner's leases, so that another may go on at once.
func (tx *Tx) ReleaseWays(ctx context.Context, owner string) error {
	return tx.send(ctx, `UPDATE ways SET lease_owner = '', lease_until = NULL WHERE way_in IN ('imap', 'smpp') AND lease_owner = ?`, owner)
}

// SetChannelSettings writes how a channel's mail comes in and leaves.
func (tx *Tx) SetChannelSettings(ctx context.Context, c parley.Channel) error {
	return tx.execOne(ctx, `UPDATE channels SET settings = ?, secret = ? WHERE account_id = ? AND id = ? AND deleted_at IS NULL`,
		c.Settings, c.Secret, c.AccountID, c.ID)
}
