package gateway

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// TellSealed looks which channels' secrets the server's key does not open, and
// gives their number. Their ways say so at once, and those that it opens again
// don't any more: else a provider that is turned away, or the first reply that does
// not leave, would have to tell.
func (s *Service) TellSealed(ctx context.Context) (locked int, err error) {
	all, shut, err := s.settings.Sealed(ctx)
	if err != nil {
		return 0, err
	}
	for _, row := range all {
		isShut := slices.ContainsFunc(shut, func(c parley.Channel) bool { return c.ID == row.ID })
		if err := s.db.Update(ctx, func(tx *store.Tx) error { return s.tellSealed(ctx, tx, row, isShut) }); err != nil {
			return 0, fmt.Errorf("note state of channel: %w", err)
		}
	}
	return len(shut), nil
}

func (s *Service) tellSealed(ctx context.Context, tx *store.Tx, row parley.Channel, shut bool) error {
	conf, err := s.settings.Configured(row) // what is not sealed is read all the same
	if err != nil && !shut {
		return err
	}
	was, err := tx.WaysOf(ctx, row.AccountID, row.ID)
	if err != nil {
		return err
	}
	fault := parley.WaySealed().Text
	state, text := parley.WayConnecting, ""
	if shut {
		state, text = parley.WayFailed, fault
	}
	in := conf.Incoming.Way == parley.ByIMAP || conf.Incoming.Way == parley.ByWebhook
	if in = in && (was.InError == fault) != shut; in {
		if err := tx.NoteWayIn(ctx, row.AccountID, row.ID, "", state, text, time.Time{}); err != nil {
			return err
		}
	}
	out := conf.Outgoing.SMTP != nil && (was.OutError == fault) != shut
	if out {
		if err := tx.NoteWayOut(ctx, row.AccountID, row.ID, state, text); err != nil {
			return err
		}
	}
	if in || out {
		tx.AppendEvent(&parley.Event{AccountID: row.AccountID, Kind: parley.ChannelChanged, ChannelID: row.ID})
	}
	return nil
}
