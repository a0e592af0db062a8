package setting

import (
	"context"
	"errors"
	"fmt"
	"io"

	"parley/internal/parley"
	"parley/internal/seal"
	"parley/internal/store"
)

// IncomingChange says how a channel's mail is to come in from now on.
type IncomingChange struct {
	parley.Incoming
	Secret parley.ServerSecret // of IMAP; what is empty stays as it was, as long as the server and the user do
	Key    string              // of a webhook: likewise
}

// OutgoingChange says how a channel's mail is to leave from now on.
type OutgoingChange struct {
	parley.Outgoing
	Secret parley.ServerSecret
}

// Providers are the mail providers whose webhooks are understood.
var Providers = []string{"postmark", "mailgun", "sendgrid", "ses"}

// TryIncoming is the channel with the change, unsaved.
func (s *Service) TryIncoming(ctx context.Context, actor parley.Actor, id parley.ChannelID, c IncomingChange) (Configured, error) {
	return s.try(ctx, actor, id, c.apply)
}

// TryOutgoing is the channel with the change, unsaved.
func (s *Service) TryOutgoing(ctx context.Context, actor parley.Actor, id parley.ChannelID, c OutgoingChange) (Configured, error) {
	return s.try(ctx, actor, id, c.apply)
}

func (s *Service) try(ctx context.Context, actor parley.Actor, id parley.ChannelID, apply func(*Configured) error) (Configured, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return Configured{}, err
	}
	c, err := s.Channel(ctx, actor, id)
	if err != nil {
		return Configured{}, err
	}
	conf, err := s.Configured(c)
	if err != nil && !errors.Is(err, seal.ErrOpen) { // what cannot be opened is asked for anew
		return Configured{}, err
	}
	err = apply(&conf)
	return conf, err
}

// SetIncoming changes how a channel's mail comes in.
func (s *Service) SetIncoming(ctx context.Context, actor parley.Actor, id parley.ChannelID, c IncomingChange) (parley.Channel, error) {
	return s.configure(ctx, actor, id, func(tx *store.Tx, ch parley.Channel, conf *Configured) error {
		was := conf.Incoming
		if err := c.apply(conf); err != nil {
			return err
		}
		w, err := tx.WaysOf(ctx, ch.AccountID, ch.ID)
		if err != nil {
			return err
		}
		w.In = conf.Incoming.Way
		switch {
		case w.In != parley.ByWebhook:
			w.HookToken = ""
		case w.HookToken == "":
			if w.HookToken, err = s.hookToken(); err != nil {
				return err
			}
		}
		return tx.PutWayIn(ctx, w, !sameMailbox(was, conf.Incoming))
	})
}

// SetOutgoing changes how a channel's mail leaves.
func (s *Service) SetOutgoing(ctx context.Context, actor parley.Actor, id parley.ChannelID, c OutgoingChange) (parley.Channel, error) {
	return s.configure(ctx, actor, id, func(tx *store.Tx, ch parley.Channel, conf *Configured) error {
		if err := c.apply(conf); err != nil {
			return err
		}
		return tx.NoteWayOut(ctx, ch.AccountID, ch.ID, parley.WayConnecting, "")
	})
}

func (s *Service) configure(ctx context.Context, actor parley.Actor, id parley.ChannelID, change func(*store.Tx, parley.Channel, *Configured) error) (parley.Channel, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return parley.Channel{}, err
	}
	var out parley.Channel
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.LockChannel(ctx, actor.AccountID, id)
		if err != nil {
			return orGone(err)
		}
		if c.Type != Email {
			return parley.Errorf(parley.Invalid, "channel.no_ways", "Only an email channel can be set up so.")
		}
		conf, err := s.Configured(c)
		if err != nil && !errors.Is(err, seal.ErrOpen) { // what cannot be opened is asked for anew
			return err
		}
		if err := change(tx, c, &conf); err != nil {
			return err
		}
		if out, err = s.sealed(c, conf); err != nil {
			return err
		}
		channelChanged(tx, actor, out)
		return tx.SetChannelSettings(ctx, out)
	})
	return out, err
}

// hookToken is what nobody guesses: who knows it can write to the inbox, or at least knock.
func (s *Service) hookToken() (string, error) {
	raw := make([]byte, 20)
	if _, err := io.ReadFull(s.Random, raw); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	return crockford.EncodeToString(raw), nil
}

// sameMailbox: what was learned of one holds for the other.
func sameMailbox(a, b parley.Incoming) bool {
	if a.Way != b.Way || (a.IMAP == nil) != (b.IMAP == nil) {
		return false
	}
	return a.IMAP == nil || a.IMAP.Host == b.IMAP.Host && a.IMAP.Username == b.IMAP.Username && a.IMAP.Mailbox == b.IMAP.Mailbox
}

// Ways tells how the ways of channels fare.
func (s *Service) Ways(ctx context.Context, actor parley.Actor, channels ...parley.Channel) (map[parley.ChannelID]parley.Ways, error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return nil, err
	}
	ids := make([]parley.ChannelID, len(channels))
	for i, c := range channels {
		ids[i] = c.ID
	}
	var out map[parley.ChannelID]parley.Ways
	var days map[parley.ChannelID]map[parley.Day]int64
	now := s.Now()
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if out, err = tx.ListWays(ctx, actor.AccountID, ids); err != nil {
			return err
		}
		days, err = tx.ListChannelDays(ctx, actor.AccountID, now.Add(-quietWindow))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list ways: %w", err)
	}
	for _, c := range channels {
		w := out[c.ID]
		// What is brought to us fares as what it brings: there is no connection of ours.
		if w.In != parley.ByIMAP && w.InState == parley.WayConnecting && c.LastInboundAt != nil {
			w.InState, w.InAt = parley.WayOK, c.LastInboundAt
		}
		if w.QuietSince = quietSince(days[c.ID], c.LastInboundAt, now); w.QuietSince != nil && w.InState == parley.WayOK {
			w.InState = parley.WayQuiet
		}
		out[c.ID] = w
	}
	return out, nil
}
