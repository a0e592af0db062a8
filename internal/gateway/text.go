package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/sms"
	"parley/internal/store"
)

// Number is one that a provider account has.
type Number struct {
	parley.TextNumber
	Taken bool // by a channel already
}

// ListNumbers asks a provider which numbers the account has, with settings that
// need not be saved. A fault of the try is an error in words.
func (s *Service) ListNumbers(ctx context.Context, actor parley.Actor, id parley.ChannelID, c setting.TextChange) ([]Number, error) {
	conf, err := s.settings.TryText(ctx, actor, id, c)
	if err != nil {
		return nil, err
	}
	ch, err := s.openText(id, conf)
	if err != nil {
		return nil, err
	}
	lister, ok := ch.(channel.NumberLister)
	if !ok {
		return nil, parley.Errorf(parley.Invalid, "text.no_list", "This provider does not tell which numbers you have. Type the number.").On("provider")
	}
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	found, err := lister.ListNumbers(ctx)
	if err != nil {
		fault, err := tried(err)
		if err == nil {
			err = fault
		}
		return nil, err
	}
	out := make([]Number, len(found))
	err = s.db.View(ctx, func(tx *store.Tx) error {
		for i, n := range found {
			taken, err := tx.AddressTaken(ctx, setting.Text, n.Number)
			if err != nil {
				return fmt.Errorf("look for number: %w", err)
			}
			out[i] = Number{n, taken}
		}
		return nil
	})
	return out, err
}

func (s *Service) openText(id parley.ChannelID, conf setting.Configured) (channel.Channel, error) {
	settings, err := conf.JSON()
	if err != nil {
		return nil, fmt.Errorf("write settings: %w", err)
	}
	return s.openType(setting.Text, id, settings)
}

// SendTestText sends one text of a channel to a number now, beside all
// conversations. What it has shown to be wrong is the fault.
func (s *Service) SendTestText(ctx context.Context, actor parley.Actor, id parley.ChannelID, to, text string) (fault *parley.Error, err error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return nil, err
	}
	row, err := s.settings.Channel(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	conf, err := s.settings.Configured(row)
	if err != nil {
		return nil, fmt.Errorf("open secrets: %w", err)
	}
	if conf.Text == nil {
		return nil, parley.Errorf(parley.Invalid, "channel.no_text", "Only a channel of texts can be tried so.")
	}
	number, err := sms.Parse(to, conf.Text.Region)
	if bad, ok := errors.AsType[*parley.Error](err); ok {
		return nil, bad.On("to")
	}
	ch, err := s.Open(row)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		text = "A test from Parley: this number can send texts."
	}
	body, err := ch.Compose(channel.Letter{From: parley.Address{Phone: row.Address}, To: parley.Addresses{{Phone: number}}, Text: text, InternetID: strings.ToLower(rand.Text())})
	if err != nil {
		return tried(err)
	}
	within, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	_, err = ch.Send(within, channel.Outgoing{ChannelID: row.ID, MailFrom: row.Address, Recipients: []string{number}, Body: body})
	fault, err = tried(err)
	if err != nil {
		return nil, err
	}
	if fault != nil {
		ways, err := s.settings.Ways(ctx, actor, row)
		if err != nil || ways[row.ID].OutState == parley.WayOK { // it may be the number's fault
			return fault, err
		}
	}
	return fault, s.noteTried(ctx, row, fault)
}
