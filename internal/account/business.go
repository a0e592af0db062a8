package account

import (
	"context"

	"parley/internal/parley"
	"parley/internal/store"
)

// AccountChange says what to change of an account; nil leaves it.
type AccountChange struct {
	Name     *string
	Region   *string // ISO 3166 country: how its users write phone numbers
	Timezone *string // IANA name
}

// UpdateAccount changes what the account says of the business.
func (s *Service) UpdateAccount(ctx context.Context, actor parley.Actor, c AccountChange) error {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return err
	}
	var faults parley.Faults
	if c.Name != nil {
		c.Name = new(line(&faults, "name", *c.Name))
	}
	if c.Region != nil {
		checkRegion(&faults, *c.Region)
	}
	if c.Timezone != nil {
		checkTimezone(&faults, *c.Timezone)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.LockAccount(ctx, actor.AccountID)
		if err != nil {
			return orGone(err)
		}
		now := c.apply(a)
		if now == a {
			return nil
		}
		tx.AppendEvent(&parley.Event{AccountID: a.ID, Kind: parley.AccountChanged, ActorID: actor.UserID})
		return tx.UpdateAccount(ctx, now)
	})
}

// apply is the account after the change.
func (c AccountChange) apply(a parley.Account) parley.Account {
	if c.Name != nil {
		a.Name = *c.Name
	}
	if c.Region != nil {
		a.Region = *c.Region
	}
	if c.Timezone != nil {
		a.Timezone = *c.Timezone
	}
	return a
}
