package setting

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/internal/parley"
	"parley/internal/store"
)

// Configured is a channel's way, as it would be with a change: what a channel type is opened with.
type Configured struct {
	parley.ChannelSettings
	Secret parley.ChannelSecrets `json:"secret"`
	Number string                `json:"number,omitempty"` // of texts: our own
}

// JSON is what channel.Type.Open takes.
func (c Configured) JSON() (json.RawMessage, error) { return json.Marshal(c) }

// Configured opens what is sealed of a channel's settings.
func (s *Service) Configured(c parley.Channel) (Configured, error) {
	var conf Configured
	if c.Type == Text {
		conf.Number = c.Address
	}
	if len(c.Settings) > 0 {
		if err := json.Unmarshal(c.Settings, &conf.ChannelSettings); err != nil {
			return conf, fmt.Errorf("read settings: %w", err)
		}
	}
	if len(c.Secret) == 0 {
		return conf, nil
	}
	plain, err := s.Box.Open(place(c.ID), c.Secret)
	if err == nil {
		err = json.Unmarshal(plain, &conf.Secret)
	}
	if err != nil {
		conf.Secret = parley.ChannelSecrets{}
		return conf, fmt.Errorf("open secrets: %w", err)
	}
	return conf, nil
}

// sealed is c with conf as it is kept.
func (s *Service) sealed(c parley.Channel, conf Configured) (parley.Channel, error) {
	settings, err := json.Marshal(conf.ChannelSettings)
	if err != nil {
		return c, fmt.Errorf("write settings: %w", err)
	}
	c.Settings, c.Secret = parley.JSON(settings), nil
	if conf.Secret.IsZero() {
		return c, nil
	}
	plain, err := json.Marshal(conf.Secret)
	if err != nil {
		return c, fmt.Errorf("write secrets: %w", err)
	}
	if c.Secret, err = s.Box.Seal(place(c.ID), plain); err != nil {
		return c, fmt.Errorf("seal secrets: %w", err)
	}
	return c, nil
}

// place is what a channel's secrets are sealed for.
func place(id parley.ChannelID) string { return "channel " + id.String() }

// RenewToken keeps the refresh token that a sign-in service gave in place of another.
func (s *Service) RenewToken(ctx context.Context, id parley.ChannelID, old, renewed string) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		account, _, err := tx.ChannelOwner(ctx, id)
		if err != nil {
			return fmt.Errorf("find channel: %w", err)
		}
		c, err := tx.LockChannel(ctx, account, id)
		if err != nil {
			return fmt.Errorf("lock channel: %w", err)
		}
		conf, err := s.Configured(c)
		if err != nil {
			return err
		}
		for _, secret := range []*parley.ServerSecret{&conf.Secret.IMAP, &conf.Secret.SMTP} {
			if secret.RefreshToken == old {
				secret.RefreshToken = renewed
			}
		}
		if c, err = s.sealed(c, conf); err != nil {
			return err
		}
		return tx.SetChannelSettings(ctx, c)
	})
}
