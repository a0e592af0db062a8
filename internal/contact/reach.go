package contact

import (
	"context"
	"errors"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// BouncedTx notes that an address or a number cannot be reached; whose it is hears of it.
func (s *Service) BouncedTx(ctx context.Context, tx *store.Tx, account parley.AccountID, who parley.Address, why parley.Reason) error {
	return mark(ctx, tx, account, 0, who, new(tx.Now()), why)
}

// WorksTx takes the mark of BouncedTx back: something came from there, or arrived.
func (s *Service) WorksTx(ctx context.Context, tx *store.Tx, account parley.AccountID, who parley.Address) error {
	return mark(ctx, tx, account, 0, who, nil, "")
}

func mark(ctx context.Context, tx *store.Tx, account parley.AccountID, by parley.UserID, who parley.Address, at *time.Time, why parley.Reason) error {
	id, err := tx.MarkPoint(ctx, account, who.Kind(), who.Key(), at, why)
	if errors.Is(err, store.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	changed(tx, by, parley.ContactUpdated, parley.Contact{ID: id, AccountID: account})
	return nil
}

// Works takes the mark of an address away because a person says that it works.
func (s *Service) Works(ctx context.Context, actor parley.Actor, id parley.ContactID, email string) (parley.Contact, error) {
	return s.reach(ctx, actor, id, "clear address", func(tx *store.Tx, c *parley.Contact) error {
		key := parley.Address{Email: email}.Key()
		for _, p := range c.Points {
			if p.Kind == parley.PointEmail && p.Key == key {
				return mark(ctx, tx, c.AccountID, actor.UserID, parley.Address{Email: email}, nil, "")
			}
		}
		return parley.Errorf(parley.NotFound, "contact.no_such_email", "This contact does not have this address.")
	})
}

// ShowImages says whether images from elsewhere are shown in this contact's mails without asking.
func (s *Service) ShowImages(ctx context.Context, actor parley.Actor, id parley.ContactID, allow bool) (parley.Contact, error) {
	return s.reach(ctx, actor, id, "allow images", func(tx *store.Tx, c *parley.Contact) error {
		if c.Images == allow {
			return nil
		}
		c.Images, c.UpdatedAt = allow, tx.Now()
		if err := tx.UpdateContact(ctx, c); err != nil {
			return err
		}
		changed(tx, actor.UserID, parley.ContactUpdated, *c)
		return nil
	})
}

// reach changes how a contact is reached, and gives it as it is then.
func (s *Service) reach(ctx context.Context, actor parley.Actor, id parley.ContactID, doing string, change func(*store.Tx, *parley.Contact) error) (c parley.Contact, err error) {
	if err := actor.Must(parley.Contacts, 0); err != nil {
		return c, err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		if c, err = tx.LockContact(ctx, actor.AccountID, id); err != nil {
			return err
		}
		if err := change(tx, &c); err != nil {
			return err
		}
		c, err = tx.ContactByID(ctx, actor.AccountID, id)
		return err
	})
	return c, fault(doing, err)
}
