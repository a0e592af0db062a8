package store

import (
	"context"
	"time"

	"parley/internal/parley"
)

const tripColumns = `id, account_id, channel_id, token, error, tag_error, selector, started_at, arrived_at, tagged_at`

// InsertRoundTrip writes a trip that begins now and gives it its id.
func (tx *Tx) InsertRoundTrip(ctx context.Context, r *parley.RoundTrip) error {
	r.StartedAt = tx.now
	return tx.get(ctx, &r.ID, `INSERT INTO round_trips (account_id, channel_id, token, started_at) VALUES (?, ?, ?, ?) RETURNING id`,
		r.AccountID, r.ChannelID, r.Token, r.StartedAt)
}

// UpdateRoundTrip writes what came of a trip.
func (tx *Tx) UpdateRoundTrip(ctx context.Context, r parley.RoundTrip) error {
	return tx.execOne(ctx, `UPDATE round_trips SET error = ?, tag_error = ?, selector = ?, arrived_at = ?, tagged_at = ? WHERE account_id = ? AND id = ?`,
		r.Error, r.TagError, r.Selector, r.ArrivedAt, r.TaggedAt, r.AccountID, r.ID)
}

// RoundTripByToken finds the trip of a channel that a mail belongs to, and locks it.
func (tx *Tx) RoundTripByToken(ctx context.Context, account parley.AccountID, id parley.ChannelID, token string) (parley.RoundTrip, error) {
	var r parley.RoundTrip
	err := tx.get(ctx, &r, `SELECT `+tripColumns+` FROM round_trips WHERE token = ? AND account_id = ? AND channel_id = ?`+tx.d.forUpdate(), token, account, id)
	return r, err
}

// NewestRoundTrip finds a channel's newest trip.
func (tx *Tx) NewestRoundTrip(ctx context.Context, account parley.AccountID, id parley.ChannelID) (parley.RoundTrip, error) {
	var r parley.RoundTrip
	err := tx.get(ctx, &r, `SELECT `+tripColumns+` FROM round_trips WHERE account_id = ? AND channel_id = ? ORDER BY id DESC LIMIT 1`, account, id)
	return r, err
}

// PutPlusTags writes whether mail to a +tag of the channel's own address arrives.
func (tx *Tx) PutPlusTags(ctx context.Context, account parley.AccountID, id parley.ChannelID, arrive bool) error {
	return tx.execOne(ctx, `UPDATE channels SET plus_tags = ? WHERE account_id = ? AND id = ?`, arrive, account, id)
}

// PutConfirmation keeps the newest confirmation that a provider asks for.
func (tx *Tx) PutConfirmation(ctx context.Context, account parley.AccountID, id parley.ChannelID, c parley.Confirmation) error {
	return tx.send(ctx, `INSERT INTO confirmations (account_id, channel_id, provider, code, link, at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (account_id, channel_id) DO UPDATE SET provider = excluded.provider, code = excluded.code, link = excluded.link, at = excluded.at`,
		account, id, c.Provider, c.Code, c.Link, c.At)
}

// ConfirmationOf finds a channel's.
func (tx *Tx) ConfirmationOf(ctx context.Context, account parley.AccountID, id parley.ChannelID) (parley.Confirmation, error) {
	var c parley.Confirmation
	err := tx.get(ctx, &c, `SELECT provider, code, link, at FROM confirmations WHERE account_id = ? AND channel_id = ?`, account, id)
	return c, err
}

// ListChannelDays tells how much each channel of an account took in on each day since one.
func (tx *Tx) ListChannelDays(ctx context.Context, account parley.AccountID, since time.Time) (map[parley.ChannelID]map[parley.Day]int64, error) {
	var rows []struct {
		Day       parley.Day       `db:"day"`
		ChannelID parley.ChannelID `db:"channel_id"`
		Entries   int64            `db:"entries"`
	}
	err := tx.list(ctx, &rows, `SELECT day, channel_id, entries FROM intake_days WHERE account_id = ? AND day >= ? AND state = ?`,
		account, parley.DayOf(since), intakeAccepted)
	out := map[parley.ChannelID]map[parley.Day]int64{}
	for _, r := range rows {
		if out[r.ChannelID] == nil {
			out[r.ChannelID] = map[parley.Day]int64{}
		}
		out[r.ChannelID][r.Day] = r.Entries
	}
	return out, err
}
