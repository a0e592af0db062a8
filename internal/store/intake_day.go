package store

import (
	"cmp"
	"context"
	"slices"

	"parley/internal/parley"
)

// intakePlace is where an entry counts: its account, the day it came in (UTC) and its channel.
type intakePlace struct {
	account parley.AccountID
	day     parley.Day
	channel parley.ChannelID
}

// IntakeCounts are numbers of entries by account, day and channel: what a
// transaction adds to the journal's sums, once for all of its entries.
type IntakeCounts map[intakePlace]int

// Add counts an entry.
func (c IntakeCounts) Add(e parley.Intake) {
	c[intakePlace{e.AccountID, parley.DayOf(e.ReceivedAt), e.ChannelID}]++
}

// AddIntakeAccepted counts new entries.
func (tx *Tx) AddIntakeAccepted(ctx context.Context, counts IntakeCounts) error {
	return tx.addIntake(ctx, intakeAccepted, counts, 1)
}

// AddIntakeFiled counts entries as filed that were pending.
func (tx *Tx) AddIntakeFiled(ctx context.Context, counts IntakeCounts) error {
	return tx.addIntake(ctx, parley.IntakeFiled, counts, 1)
}

// addIntake moves the sums of a state. An account's sum is moved before those of
// its days, and accounts in order of id: no two transactions wait for each other crosswise.
func (tx *Tx) addIntake(ctx context.Context, state parley.IntakeState, counts IntakeCounts, sign int) error {
	byAccount := map[parley.AccountID]int{}
	places := make([]intakePlace, 0, len(counts))
	for p, n := range counts {
		byAccount[p.account] += n
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b intakePlace) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.day, b.day), cmp.Compare(a.channel, b.channel))
	})
	for i, p := range places {
		if i == 0 || places[i-1].account != p.account {
			if err := tx.addIntakeTotal(ctx, p.account, state, sign*byAccount[p.account]); err != nil {
				return err
			}
		}
		err := tx.send(ctx, `INSERT INTO intake_days (account_id, day, channel_id, state, entries) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (account_id, day, channel_id, state) DO UPDATE SET entries = intake_days.entries + excluded.entries`,
			p.account, p.day, p.channel, state, sign*counts[p])
		if err != nil {
			return err
		}
	}
	return nil
}

// listIntakeDays reads the days with their channels: at most a number of days,
// the newest first, from before a day on.
const listIntakeDays = `SELECT day, channel_id, state, entries FROM intake_days WHERE account_id = ? AND day < ? AND day IN
	(SELECT DISTINCT day FROM intake_days WHERE account_id = ? AND day < ? ORDER BY day DESC LIMIT ?)
	ORDER BY day DESC, channel_id, state`

// ListIntakeDays gives the journal's sums by day and channel, the newest days
// first, from before a day on (empty: the newest); limit counts days.
func (tx *Tx) ListIntakeDays(ctx context.Context, account parley.AccountID, before parley.Day, limit int) ([]parley.IntakeDay, error) {
	if before == "" {
		before = parley.EndOfDays
	}
	var rows []struct {
		Day       parley.Day         `db:"day"`
		ChannelID parley.ChannelID   `db:"channel_id"`
		State     parley.IntakeState `db:"state"`
		Entries   int64              `db:"entries"`
	}
	err := tx.list(ctx, &rows, listIntakeDays, account, before, account, before, limit)
	var out []parley.IntakeDay
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].Day != r.Day {
			out = append(out, parley.IntakeDay{Day: r.Day})
		}
		day := &out[len(out)-1]
		if n := len(day.Channels); n == 0 || day.Channels[n-1].ChannelID != r.ChannelID {
			day.Channels = append(day.Channels, parley.ChannelIntake{ChannelID: r.ChannelID})
		}
		addState(&day.IntakeTotals, r.State, r.Entries)
		addState(&day.Channels[len(day.Channels)-1].IntakeTotals, r.State, r.Entries)
	}
	return out, err
}

// addState adds entries of a state; what is pending is the rest.
func addState(t *parley.IntakeTotals, state parley.IntakeState, entries int64) {
	switch state {
	case intakeAccepted:
		t.Accepted += entries
	case parley.IntakeFiled:
		t.Filed += entries
	case parley.IntakeFailed:
		t.Failed += entries
	}
	t.Pending = t.Accepted - t.Filed - t.Failed
}

// failedIntake finds failed entries, the oldest first; it says twice what they are so that the index of what is not filed serves.
const failedIntake = `SELECT id FROM intake WHERE account_id = ? AND state = ? AND state <> 'filed' ORDER BY id LIMIT ?`

// RetryFailedIntake makes failed entries pending again, the oldest first, at most limit of them.
func (tx *Tx) RetryFailedIntake(ctx context.Context, account parley.AccountID, limit int) ([]parley.Intake, error) {
	var out []parley.Intake
	err := tx.list(ctx, &out, `UPDATE intake SET state = ?, tries = 0 WHERE account_id = ? AND state = ? AND id IN
		(`+failedIntake+`) RETURNING `+intakeColumns,
		parley.IntakePending, account, parley.IntakeFailed, account, parley.IntakeFailed, limit)
	if err != nil {
		return nil, err
	}
	counts := IntakeCounts{}
	for _, e := range out {
		counts.Add(e)
	}
	return out, tx.addIntake(ctx, parley.IntakeFailed, counts, -1)
}
