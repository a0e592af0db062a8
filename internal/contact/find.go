package contact

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/internal/parley"
	"parley/internal/store"
)

// FindOrCreateTx gives the contact whose address or number this is. An unknown one
// makes a contact with the name that stands beside it; a contact without a name
// takes that name. Two transactions that meet a new address at once end with one
// contact. Without an address there is nobody to find: every call makes a contact.
func (s *Service) FindOrCreateTx(ctx context.Context, tx *store.Tx, account parley.AccountID, from parley.Address) (c parley.Contact, created bool, err error) {
	key := from.Key()
	c, err = tx.ContactByPoint(ctx, account, from.Kind(), key)
	if err == nil {
		err = rename(ctx, tx, &c, from)
		return c, false, err
	}
	if !errors.Is(err, store.ErrNoRow) {
		return c, false, fmt.Errorf("match contact: %w", err)
	}
	c = fresh(tx, account, from)
	if err := blockedFromStart(ctx, tx, &c); err != nil {
		return c, false, err
	}
	first, err := tx.InsertContactOnce(ctx, &c)
	if err == nil && !first { // somebody else was, and has committed
		c, err = tx.ContactByPoint(ctx, account, from.Kind(), key)
	}
	if err != nil {
		return c, false, fmt.Errorf("match contact: %w", err)
	}
	if !first {
		return c, false, nil
	}
	changed(tx, 0, parley.ContactCreated, c)
	return c, true, nil
}

// CreateTx makes a contact of an address that was nobody's a moment ago: blocked
// says that it is on the blocklist. If somebody else is first the transaction
// comes to nothing, with store.ErrTaken: the next try finds them.
func (s *Service) CreateTx(ctx context.Context, tx *store.Tx, account parley.AccountID, from parley.Address, blocked bool) (parley.Contact, error) {
	c := fresh(tx, account, from)
	if blocked {
		if err := blockedFromStart(ctx, tx, &c); err != nil {
			return c, err
		}
	}
	if err := tx.InsertNewContact(ctx, &c); err != nil {
		return c, fmt.Errorf("create contact: %w", err)
	}
	changed(tx, 0, parley.ContactCreated, c)
	return c, nil
}

func fresh(tx *store.Tx, account parley.AccountID, from parley.Address) parley.Contact {
	c := parley.Contact{AccountID: account, Name: nameOf(from), CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	if key := from.Key(); key != "" {
		c.Points = []parley.Point{{Kind: from.Kind(), Value: cmp.Or(strings.TrimSpace(from.Email), key), Key: key}}
	}
	return c
}

func rename(ctx context.Context, tx *store.Tx, c *parley.Contact, from parley.Address) error {
	name := nameOf(from)
	if c.Name != "" || name == "" {
		return nil
	}
	c.Name, c.UpdatedAt = name, tx.Now()
	if err := tx.UpdateContact(ctx, c); err != nil {
		return fmt.Errorf("name contact: %w", err)
	}
	changed(tx, 0, parley.ContactUpdated, *c)
	return nil
}

// nameOf is the display name, unless it says no more than the address.
func nameOf(a parley.Address) string {
	name, ok := parley.Line(a.Name, maxLine)
	if !ok || strings.EqualFold(name, strings.TrimSpace(a.Email)) {
		return ""
	}
	return name
}

// blockedFromStart blocks a contact that is made with an address or number that
// was put on the blocklist before anybody had it.
func blockedFromStart(ctx context.Context, tx *store.Tx, c *parley.Contact) error {
	b, err := tx.BlockOfPoints(ctx, c.AccountID, c.Points)
	if errors.Is(err, store.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("ask blocklist: %w", err)
	}
	c.BlockedAt, c.BlockedByID, c.BlockedWhy = &b.CreatedAt, b.UserID, b.Why
	return nil
}
