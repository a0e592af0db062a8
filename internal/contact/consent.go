package contact

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"parley/internal/parley"
	"parley/internal/sms"
	"parley/internal/store"
)

const (
	minEvidence = 3
	maxEvidence = 1000 // characters
)

// ConsentTx notes what somebody has said about being written to, and where; at is
// the zero Conversation where it was said in none. It reports whether the number's
// last word is another one now. Whoever is in already is not let in again.
func (s *Service) ConsentTx(ctx context.Context, tx *store.Tx, c parley.Consent, at parley.Conversation) (turned bool, err error) {
	if c.State == parley.OptedIn {
		out, err := tx.OptedOut(ctx, c.AccountID, c.Phone)
		if err != nil || !out {
			return false, err
		}
	}
	if c.ContactID == 0 {
		who, err := tx.ContactByPoint(ctx, c.AccountID, parley.PointPhone, c.Phone)
		if err != nil && !errors.Is(err, store.ErrNoRow) {
			return false, fmt.Errorf("match contact: %w", err)
		}
		c.ContactID = who.ID
	}
	if turned, err = tx.AddConsent(ctx, &c); err != nil || !turned {
		return turned, err
	}
	if c.ContactID != 0 { // whoever shows the contact shows it anew
		changed(tx, c.UserID, parley.ContactUpdated, parley.Contact{ID: c.ContactID, AccountID: c.AccountID})
	}
	kind := parley.ContactOptedOut
	if c.State == parley.OptedIn {
		kind = parley.ContactOptedIn
	}
	tx.AppendEvent(&parley.Event{
		AccountID: c.AccountID, Kind: kind, ActorID: c.UserID, ContactID: c.ContactID, ConversationID: at.ID, InboxID: at.InboxID, ChannelID: c.ChannelID,
		Data: parley.ConsentNews{ConsentID: c.ID, Phone: c.Phone, How: c.How}.JSON(),
	})
	return true, nil
}

// OptOut notes that whoever has a number of the contact wants no texts.
func (s *Service) OptOut(ctx context.Context, actor parley.Actor, id parley.ContactID, phone, evidence string) (parley.Contact, error) {
	return s.consent(ctx, actor, id, parley.OptedOut, phone, evidence)
}

// OptIn notes that they want texts again: never without what they said, and when.
func (s *Service) OptIn(ctx context.Context, actor parley.Actor, id parley.ContactID, phone, evidence string) (parley.Contact, error) {
	if utf8.RuneCountInString(strings.TrimSpace(evidence)) < minEvidence {
		return parley.Contact{}, parley.Errorf(parley.Invalid, "consent.evidence", "Write down how and when they agreed: nobody is written to again without that.").On("evidence")
	}
	return s.consent(ctx, actor, id, parley.OptedIn, phone, evidence)
}

func (s *Service) consent(ctx context.Context, actor parley.Actor, id parley.ContactID, state parley.ConsentState, phone, evidence string) (parley.Contact, error) {
	evidence = strings.TrimSpace(evidence)
	if utf8.RuneCountInString(evidence) > maxEvidence || !utf8.ValidString(evidence) || strings.Contains(evidence, "\x00") {
		return parley.Contact{}, parley.Errorf(parley.Invalid, "field.too_long", "At most %d characters.", maxEvidence).On("evidence").With("max", fmt.Sprint(maxEvidence))
	}
	return s.reach(ctx, actor, id, "note consent", func(tx *store.Tx, c *parley.Contact) error {
		key, err := numberOf(ctx, tx, *c, phone)
		if err != nil {
			return err
		}
		out, err := tx.OptedOut(ctx, c.AccountID, key)
		if err != nil || out == (state == parley.OptedOut) {
			return err // it stands so already
		}
		at, err := tx.NewestTextConversation(ctx, c.AccountID, c.ID, key) // who reads it is to know why nobody answers
		if err != nil && !errors.Is(err, store.ErrNoRow) {
			return fmt.Errorf("find conversation: %w", err)
		}
		_, err = s.ConsentTx(ctx, tx, parley.Consent{
			AccountID: c.AccountID, ContactID: c.ID, Phone: key, State: state, How: parley.ConsentManual, UserID: actor.UserID, Evidence: evidence,
		}, at)
		return err
	})
}

// numberOf finds which of the contact's numbers is meant.
func numberOf(ctx context.Context, tx *store.Tx, c parley.Contact, phone string) (string, error) {
	key, err := asKept(ctx, tx, c.AccountID, phone)
	if err != nil {
		return "", err
	}
	for _, p := range c.Points {
		if p.Kind == parley.PointPhone && p.Key == key {
			return key, nil
		}
	}
	return "", parley.Errorf(parley.Invalid, "contact.no_such_phone", "This contact does not have this number.").On("phone")
}

// asKept is a number as contacts and the ledger keep it, however it is written.
func asKept(ctx context.Context, tx *store.Tx, id parley.AccountID, phone string) (string, error) {
	account, err := tx.AccountByID(ctx, id)
	if err != nil {
		return "", err
	}
	if key, ok := sms.Number(phone, account.Region); ok {
		return key, nil
	}
	return strings.TrimSpace(phone), nil
}

// Consents lists the ledger, newest first, and where to go on; 0 at the end.
func (s *Service) Consents(ctx context.Context, actor parley.Actor, q store.ConsentQuery, limit int) ([]parley.Consent, parley.ConsentID, error) {
	if err := actor.Must(parley.Contacts, 0); err != nil {
		return nil, 0, err
	}
	var out []parley.Consent
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		if q.Phone != "" {
			if q.Phone, err = asKept(ctx, tx, actor.AccountID, q.Phone); err != nil {
				return err
			}
		}
		out, err = tx.ListConsents(ctx, actor.AccountID, q, limit+1)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("list consents: %w", err)
	}
	if len(out) > limit {
		return out[:limit], out[limit-1].ID, nil
	}
	return out, 0, nil
}

// ConsentQuery narrows a list of the ledger; zero values do not. Its number may be
// written in any way.
type ConsentQuery = store.ConsentQuery
