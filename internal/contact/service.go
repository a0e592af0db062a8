package contact

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/parley"
	"parley/internal/sms"
	"parley/internal/store"
)

// Service is the room's door. It is safe for concurrent use.
type Service struct{ db *store.DB }

// New builds the service.
func New(db *store.DB) *Service { return &Service{db} }

// Get finds a contact.
func (s *Service) Get(ctx context.Context, actor parley.Actor, id parley.ContactID) (parley.Contact, error) {
	var c parley.Contact
	if err := actor.Must(parley.Read, 0); err != nil {
		return c, err
	}
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.ContactByID(ctx, actor.AccountID, id)
		return err
	})
	return c, fault("load contact", err)
}

// List gives contacts from before an id (0: the newest) on, and the id to go on
// from, 0 at the end. With a text it gives the best of those whose name, company,
// addresses or numbers have words that begin as the text's do.
func (s *Service) List(ctx context.Context, actor parley.Actor, text string, before parley.ContactID, limit int) ([]parley.Contact, parley.ContactID, error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return nil, 0, err
	}
	var out []parley.Contact
	var next parley.ContactID
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		if text != "" {
			out, err = search(ctx, tx, actor.AccountID, text, limit)
			return err
		}
		if out, err = tx.ListContacts(ctx, actor.AccountID, before, limit+1); err == nil && len(out) > limit {
			out = out[:limit]
			next = out[limit-1].ID
		}
		return err
	})
	return out, next, fault("list contacts", err)
}

// search keeps the order of what was found.
func search(ctx context.Context, tx *store.Tx, account parley.AccountID, text string, limit int) ([]parley.Contact, error) {
	business, err := tx.AccountByID(ctx, account)
	if err != nil {
		return nil, err
	}
	ids, err := tx.SearchContacts(ctx, account, sms.Searched(text, business.Region), limit)
	if err != nil {
		return nil, err
	}
	found, err := tx.ListContactsByIDs(ctx, account, ids)
	if err != nil {
		return nil, err
	}
	at := make(map[parley.ContactID]parley.Contact, len(found))
	for _, c := range found {
		at[c.ID] = c
	}
	out := found[:0]
	for _, id := range ids {
		if c, ok := at[id]; ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// gone is what an id that is unknown, or of another account, answers.
func gone() *parley.Error {
	return parley.Errorf(parley.NotFound, "contact.gone", "This contact no longer exists.")
}

// fault says what was being done, and speaks of a missing row as a person may hear it.
func fault(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrNoRow):
		return gone()
	case isOurs(err):
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func isOurs(err error) bool {
	_, ok := errors.AsType[*parley.Error](err)
	return ok
}
