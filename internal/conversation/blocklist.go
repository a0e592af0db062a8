package conversation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/internal/parley"
	"parley/internal/sms"
	"parley/internal/store"
)

// maxBlocked bounds what is put on the blocklist, in bytes: RFC 5321 4.5.3.1.3.
const maxBlocked = 254

// Blocked is an entry of the blocklist.
type Blocked = store.BlockRow

// Blocklist lists the entries, the newest first, from before an id on (0: the
// newest), only those that have q in them, and the id to go on from; 0 at the end.
func (s *Service) Blocklist(ctx context.Context, actor parley.Actor, q string, before int64, limit int) ([]Blocked, int64, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return nil, 0, err
	}
	var out []Blocked
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.ListBlocks(ctx, actor.AccountID, strings.TrimSpace(q), before, limit+1)
		return err
	})
	if err != nil || len(out) <= limit {
		return out, 0, fault("list blocklist", err)
	}
	out = out[:limit]
	return out, out[limit-1].ID, nil
}

// Block puts an address, a domain or a number on the blocklist. Where a contact
// has the address or number that is the same as marking a conversation of theirs
// as spam; a domain is about what comes from now on.
func (s *Service) Block(ctx context.Context, actor parley.Actor, value, why string) (Blocked, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return Blocked{}, err
	}
	why, wrong := reason(why)
	if wrong != nil {
		return Blocked{}, wrong
	}
	var b Blocked
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		kind, key, err := blockable(ctx, tx, actor.AccountID, value)
		if err != nil {
			return err
		}
		_, err = store.Once(ctx, tx, actor, func() (parley.AccountID, error) {
			tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.BlocklistChanged, ActorID: actor.UserID})
			return actor.AccountID, add(ctx, tx, actor, store.Block{
				AccountID: actor.AccountID, Kind: kind, Key: key, UserID: actor.UserID, Why: why, CreatedAt: tx.Now(),
			})
		})
		if err != nil {
			return err
		}
		b, err = tx.BlockByKey(ctx, actor.AccountID, kind, key)
		return err
	})
	return b, fault("block", err)
}

func add(ctx context.Context, tx *store.Tx, actor parley.Actor, b store.Block) error {
	switch _, err := tx.BlockByKey(ctx, b.AccountID, b.Kind, b.Key); {
	case err == nil:
		return parley.Errorf(parley.Conflict, "blocklist.there", "This is on the blocklist already.").On("value")
	case !errors.Is(err, store.ErrNoRow):
		return err
	}
	p, err := tx.ContactByPoint(ctx, b.AccountID, b.Kind, b.Key)
	if errors.Is(err, store.ErrNoRow) {
		if err := tx.InsertBlock(ctx, b); err != nil {
			return fmt.Errorf("write blocklist: %w", err)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if p, err = tx.LockContact(ctx, b.AccountID, p.ID); err != nil {
		return err
	}
	if err := block(ctx, tx, actor, &p, b.Why); err != nil {
		return err
	}
	return markAll(ctx, tx, actor, p.ID, true)
}

// Unblock takes an entry off the blocklist. Whoever it was blocked for comes off
// with all their addresses and numbers, and their conversations are put back to
// where they were.
func (s *Service) Unblock(ctx context.Context, actor parley.Actor, id int64) error {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return err
	}
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		b, err := tx.BlockByID(ctx, actor.AccountID, id)
		if err != nil {
			return err
		}
		if b.ContactID == 0 {
			// A contact may have come to it since.
			p, err := tx.ContactByPoint(ctx, actor.AccountID, b.Kind, b.Key)
			if err != nil && !errors.Is(err, store.ErrNoRow) {
				return err
			}
			b.ContactID = p.ID
		}
		if err := tx.DeleteBlock(ctx, actor.AccountID, id); err != nil {
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.BlocklistChanged, ActorID: actor.UserID})
		if b.ContactID == 0 {
			return nil
		}
		return restore(ctx, tx, actor, b.ContactID)
	})
	return fault("unblock", err)
}

// restore unblocks a contact and puts their conversations back, but for one whose domain is blocked still.
func restore(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ContactID) error {
	p, err := tx.LockContact(ctx, actor.AccountID, id)
	if err != nil {
		return err
	}
	if err := unblock(ctx, tx, actor, &p); err != nil {
		return err
	}
	switch _, err := tx.DomainBlock(ctx, actor.AccountID, p.Points); {
	case err == nil:
		return nil
	case !errors.Is(err, store.ErrNoRow):
		return err
	}
	return markAll(ctx, tx, actor, id, false)
}

// blockable reads what a person wants on the blocklist: an address, a number as
// it is written in the account's region, or a domain, with or without an @ before it.
func blockable(ctx context.Context, tx *store.Tx, account parley.AccountID, value string) (parley.PointKind, string, error) {
	value = strings.TrimSpace(value)
	invalid := parley.Errorf(parley.Invalid, "blocklist.invalid", "Enter an email address, a domain such as example.com, or a telephone number.").On("value")
	if value == "" || len(value) > maxBlocked {
		return "", "", invalid
	}
	domain, isDomain := strings.CutPrefix(value, "@")
	if strings.Contains(domain, "@") {
		a := parley.Address{Email: value}
		if isDomain || !a.Valid() {
			return "", "", invalid
		}
		return parley.PointEmail, a.Key(), notOwn(ctx, tx, account, parley.PointEmail, a.Key())
	}
	if !isDomain && strings.Trim(value, "+0123456789 ()-./") == "" {
		a, err := tx.AccountByID(ctx, account)
		if err != nil {
			return "", "", fmt.Errorf("load account: %w", err)
		}
		if key, ok := sms.Number(value, a.Region); ok {
			return parley.PointPhone, key, nil
		}
		return "", "", invalid
	}
	a := parley.Address{Email: "x@" + domain}
	if !a.Valid() || !strings.Contains(domain, ".") {
		return "", "", invalid
	}
	return store.BlockedDomain, a.Domain(), notOwn(ctx, tx, account, store.BlockedDomain, a.Domain())
}

// maxOwn bounds how many channels are compared with.
const maxOwn = 1000

// notOwn refuses what is a channel's own address, or the domain of one.
func notOwn(ctx context.Context, tx *store.Tx, account parley.AccountID, kind parley.PointKind, key string) error {
	channels, err := tx.ListChannels(ctx, account, 0, maxOwn)
	if err != nil {
		return fmt.Errorf("list channels: %w", err)
	}
	for _, ch := range channels {
		own := parley.Address{Email: ch.Address}
		if kind == parley.PointEmail && own.Key() == key || kind == store.BlockedDomain && ("."+own.Domain()) != "." && strings.HasSuffix("."+own.Domain(), "."+key) {
			return parley.Errorf(parley.Invalid, "blocklist.own", "This is the address of your channel %s, or its domain.", ch.Name).With("channel", ch.Name).On("value")
		}
	}
	return nil
}
