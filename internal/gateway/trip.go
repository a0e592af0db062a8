package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/store"
)

// tripTime bounds how long a person waits until the mails of a round trip are sent.
const tripTime = 40 * time.Second

// StartRoundTrip sends two mails to a channel's own address by the channel's own
// way out, one of them to a +tag: what arrives tells how mail comes in.
func (s *Service) StartRoundTrip(ctx context.Context, actor parley.Actor, id parley.ChannelID) (*parley.RoundTrip, error) {
	r := parley.RoundTrip{AccountID: actor.AccountID, ChannelID: id, Token: strings.ToLower(rand.Text())}
	row, err := s.ofSettings(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	ch, err := s.Open(row)
	if err != nil {
		return nil, err
	}
	begun := false
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		begun = false
		_, err := store.Once(ctx, tx, actor, func() (parley.RoundTripID, error) {
			begun = true
			err := tx.InsertRoundTrip(ctx, &r)
			return r.ID, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("begin round trip: %w", err)
	}
	if !begun { // the same request again
		return s.RoundTrip(ctx, actor, id)
	}
	ctx, cancel := context.WithTimeout(ctx, tripTime)
	defer cancel()
	local, domain, _ := strings.Cut(row.Address, "@")
	fault := sendTrip(ctx, ch, row, row.Address, r, "p")
	var tagFault string
	if fault == "" {
		tagFault = sendTrip(ctx, ch, row, local+"+prt"+r.Token[:8]+"@"+domain, r, "t")
	}
	if fault+tagFault == "" {
		return &r, nil
	}
	err = s.db.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		now, err := tx.RoundTripByToken(ctx, r.AccountID, r.ChannelID, r.Token) // the plain one may be here by now
		if err != nil {
			return err
		}
		now.Error, now.TagError = fault, tagFault
		r = now
		return tx.UpdateRoundTrip(ctx, r)
	})
	return &r, err
}

// sendTrip sends one mail of a trip, and gives the fault in words.
func sendTrip(ctx context.Context, ch channel.Channel, row parley.Channel, to string, r parley.RoundTrip, which string) string {
	_, domain, _ := strings.Cut(row.Address, "@")
	mark := "prt-" + r.Token + "-" + which
	body, err := ch.Compose(channel.Letter{
		From: parley.Address{Name: "Parley", Email: row.Address}, To: parley.Addresses{{Email: to}}, Subject: "Test of this address by Parley (" + mark + ")",
		SentAt: r.StartedAt, InternetID: mark + "@" + domain, AutoSubmitted: true,
		Text: "Parley sent this mail to see whether mail to this address arrives. It disappears by itself; nothing needs to be done.\n",
	})
	if err == nil {
		var receipt channel.Receipt
		receipt, err = ch.Send(ctx, channel.Outgoing{ChannelID: row.ID, MailFrom: row.Address, Recipients: []string{to}, Body: body})
		for _, refused := range []map[string]channel.Refusal{receipt.Refused, receipt.Deferred} {
			if r, ok := refused[to]; ok {
				return r.Text
			}
		}
	}
	switch e, ok := errors.AsType[*channel.SendError](err); {
	case err == nil:
		return ""
	case ok:
		return e.Text
	}
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return e.Text
	}
	return "Something went wrong on our side."
}

// RoundTrip is a channel's newest; nil: there was none. That tags don't arrive is noted once it is known.
func (s *Service) RoundTrip(ctx context.Context, actor parley.Actor, id parley.ChannelID) (*parley.RoundTrip, error) {
	row, err := s.ofSettings(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	var r parley.RoundTrip
	err = s.db.View(ctx, func(tx *store.Tx) (err error) {
		r, err = tx.NewestRoundTrip(ctx, actor.AccountID, id)
		return err
	})
	if errors.Is(err, store.ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load round trip: %w", err)
	}
	if _, tags := r.At(time.Now()); tags != nil && !*tags && row.PlusTags {
		err = s.db.Update(ctx, func(tx *store.Tx) error { return tx.PutPlusTags(ctx, actor.AccountID, id, false) })
	}
	return &r, err
}

// Confirmation is what a provider wants confirmed before it forwards mail to the channel; nil: nothing.
func (s *Service) Confirmation(ctx context.Context, actor parley.Actor, id parley.ChannelID) (*parley.Confirmation, error) {
	if _, err := s.ofSettings(ctx, actor, id); err != nil {
		return nil, err
	}
	var c parley.Confirmation
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.ConfirmationOf(ctx, actor.AccountID, id)
		return err
	})
	if errors.Is(err, store.ErrNoRow) {
		return nil, nil
	}
	return &c, err
}

// CheckSender asks what receivers can learn about whom the channel's mail is from.
func (s *Service) CheckSender(ctx context.Context, actor parley.Actor, id parley.ChannelID) (parley.SenderCheck, error) {
	row, err := s.ofSettings(ctx, actor, id)
	if err != nil {
		return parley.SenderCheck{}, err
	}
	ch, err := s.Open(row)
	if err != nil {
		return parley.SenderCheck{}, err
	}
	c, ok := ch.(channel.SenderChecker)
	if !ok {
		return parley.SenderCheck{}, parley.Errorf(parley.Invalid, "channel.no_ways", "Only an email channel can be set up so.")
	}
	var selectors []string
	err = s.db.View(ctx, func(tx *store.Tx) error {
		r, err := tx.NewestRoundTrip(ctx, actor.AccountID, id)
		if err == nil && r.Selector != "" {
			selectors = append(selectors, r.Selector)
		}
		if errors.Is(err, store.ErrNoRow) {
			return nil
		}
		return err
	})
	if err != nil {
		return parley.SenderCheck{}, fmt.Errorf("load round trip: %w", err)
	}
	return c.CheckSender(ctx, row.Address, selectors)
}

// ofSettings is a channel for whoever may set it up.
func (s *Service) ofSettings(ctx context.Context, actor parley.Actor, id parley.ChannelID) (parley.Channel, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return parley.Channel{}, err
	}
	return s.settings.Channel(ctx, actor, id)
}
