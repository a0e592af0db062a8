package gateway

import (
	"context"
	"errors"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/setting"
)

// checkPatience is how long a person waits for an answer about settings.
const checkPatience = 30 * time.Second

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
