package gateway

import (
	"context"
	"errors"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

// How long a person waits for an answer about settings.
const (
	checkPatience = 30 * time.Second
	probePatience = 10 * time.Second // after the settings were saved
)

// CheckIncoming tries how a channel's mail would come in with the change, and
// saves nothing. What the try has shown to be wrong is the fault.
func (s *Service) CheckIncoming(ctx context.Context, actor parley.Actor, id parley.ChannelID, c setting.IncomingChange) (fault *parley.Error, err error) {
	conf, err := s.settings.TryIncoming(ctx, actor, id, c)
	if err != nil {
		return nil, err
	}
	return s.check(ctx, id, conf, channel.Checker.CheckIncoming)
}

// CheckOutgoing tries how a channel's mail would leave with the change.
func (s *Service) CheckOutgoing(ctx context.Context, actor parley.Actor, id parley.ChannelID, c setting.OutgoingChange) (fault *parley.Error, err error) {
	conf, err := s.settings.TryOutgoing(ctx, actor, id, c)
	if err != nil {
		return nil, err
	}
	return s.check(ctx, id, conf, channel.Checker.CheckOutgoing)
}

func (s *Service) check(ctx context.Context, id parley.ChannelID, conf setting.Configured, try func(channel.Checker, context.Context) error) (*parley.Error, error) {
	settings, err := conf.JSON()
	if err != nil {
		return nil, err
	}
	ch, err := s.openType(setting.Email, id, settings)
	if err != nil {
		return nil, err
	}
	c, ok := ch.(channel.Checker)
	if !ok {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	return tried(try(c, ctx))
}

// ProbeOutgoing tries how a channel's mail leaves as it is set up now, and notes
// what that shows. The operator's relay is the operator's to look after.
func (s *Service) ProbeOutgoing(ctx context.Context, row parley.Channel) error {
	o, err := s.openedWith(row)
	if err != nil {
		return err
	}
	c, ok := o.channel.(channel.Checker)
	if !ok {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	err = c.CheckOutgoing(within)
	if errors.Is(err, channel.ErrUntried) {
		return s.noteOut(ctx, row, parley.WayConnecting, "")
	}
	fault, err := tried(err)
	if err != nil {
		return err
	}
	return s.noteTried(ctx, row, fault)
}

// noteTried notes what a try has shown of how a channel's messages leave.
func (s *Service) noteTried(ctx context.Context, row parley.Channel, fault *parley.Error) error {
	if fault != nil {
		return s.noteOut(ctx, row, parley.WayFailed, fault.Text)
	}
	return s.noteOut(ctx, row, parley.WayOK, "")
}

func (s *Service) noteOut(ctx context.Context, row parley.Channel, state parley.WayState, fault string) error {
	return s.db.Update(ctx, func(tx *store.Tx) error {
		tx.AppendEvent(&parley.Event{AccountID: row.AccountID, Kind: parley.ChannelChanged, ChannelID: row.ID})
		return tx.NoteWayOut(ctx, row.AccountID, row.ID, state, fault)
	})
}

// tried is what a try says to a person.
func tried(err error) (*parley.Error, error) {
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return e, nil
	}
	if e, ok := errors.AsType[*channel.SendError](err); ok {
		return parley.Errorf(parley.Unavailable, "way.relay", "%s", e.Text), nil
	}
	return nil, err
}
