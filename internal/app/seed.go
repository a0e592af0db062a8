package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/config"
	"parley/internal/seed"
)

// SeedOptions is what `parley seed` is told.
type SeedOptions struct {
	Conversations int
	Messages      int // 0: ten for each conversation
	Seed          uint64
	Until         time.Time
	Owner         string
	Beside        bool
}

// Seed fills the database with made-up conversations and tells on the way how far it is.
func Seed(ctx context.Context, cfg *config.Config, streams *IO, o SeedOptions) error {
	if o.Messages == 0 {
		o.Messages = 10 * o.Conversations
	}
	r := &rooms{cfg: cfg, log: newLog(cfg, streams)}
	return errors.Join(r.seed(ctx, streams, o), r.close())
}

func (r *rooms) seed(ctx context.Context, streams *IO, o SeedOptions) error {
	if err := r.openData(ctx, streams); err != nil {
		return err
	}
	if r.cfg.DatabaseURL == "" {
		var err error
		if r.unlock, err = lockData(r.cfg.Data); err != nil {
			return err
		}
	}
	begun, told := time.Now(), time.Now()
	result, err := seed.Run(ctx, r.db, seed.Options{
		Conversations: o.Conversations, Messages: o.Messages, Seed: o.Seed, Until: o.Until, Owner: o.Owner, Force: o.Beside,
		Progress: func(messages int) {
			if messages < o.Messages && time.Since(told) < 2*time.Second {
				return
			}
			told = time.Now()
			_, _ = fmt.Fprintf(streams.Err, "%d of %d messages, %.0f a second\n", messages, o.Messages, float64(messages)/time.Since(begun).Seconds()) // it is only said
		},
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(streams.Out, "account %d %s\nowner %s\n%d conversations, %d messages, %d events in %s\n"+
		"sign in as %[3]s: nobody here has a password yet; this prints a link to choose one:\n  parley user reset-link --email %[3]s --account %[1]d\n",
		result.Account.ID, result.Account.Name, result.Owner, result.Conversations, result.Messages, result.Events, time.Since(begun).Round(time.Millisecond))
	return err
}
