package account

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// touchEvery bounds how often the use of a session or token is written down.
const touchEvery = time.Minute

// Authenticate says who sends a request, by cookie or API token; the token
// counts where both came. Anything that does not hold is Unauthed.
func (s *Service) Authenticate(ctx context.Context, cookie, bearer string) (parley.Actor, error) {
	key := credential{token: bearer != ""}
	switch {
	case bearer != "":
		if !looksLikeToken(bearer) {
			return parley.Actor{}, unauthed()
		}
		key.hash = sha256.Sum256([]byte(bearer))
	case cookie != "":
		key.hash = sha256.Sum256([]byte(cookie))
	default:
		return parley.Actor{}, unauthed()
	}
	if actor, ok := s.cache.get(key, s.Now()); ok {
		return actor, nil
	}
	turn := s.cache.turn()
	found, err := s.load(ctx, key)
	if errors.Is(err, store.ErrNoRow) {
		return parley.Actor{}, unauthed()
	}
	if err != nil {
		return parley.Actor{}, fmt.Errorf("authenticate: %w", err)
	}
	if err := s.touch(ctx, found); err != nil {
		s.Log.Warn("use of a session or token not written down", "err", err, "user_id", found.actor.UserID)
	}
	s.cache.put(key, found.actor, s.Now(), turn)
	return found.actor, nil
}

func unauthed() error {
	return parley.Errorf(parley.Unauthed, "session.required", "Sign in first, or send an API token that is known here and was not revoked.")
}

// found is whom a credential is of.
type found struct {
	actor   parley.Actor
	session parley.Session // or
	token   parley.Token
}

// load reads the credential, its user and what they may see.
func (s *Service) load(ctx context.Context, key credential) (found, error) {
	var f found
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		var account parley.AccountID
		var user parley.UserID
		if key.token {
			f.token, err = tx.TokenByHash(ctx, key.hash[:])
			account, user = f.token.AccountID, f.token.UserID
		} else {
			f.session, err = tx.SessionByHash(ctx, key.hash[:])
			account, user = f.session.AccountID, f.session.UserID
		}
		if err != nil {
			return err
		}
		f.actor, err = loadActor(ctx, tx, account, user)
		f.actor.SessionID = f.session.ID
		return err
	})
	return f, err
}

// Actor loads a user to act as: for the command line. A user who is disabled or
// has not accepted the invitation is NotFound.
func (s *Service) Actor(ctx context.Context, account parley.AccountID, user parley.UserID) (parley.Actor, error) {
	var a parley.Actor
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		a, err = loadActor(ctx, tx, account, user)
		return err
	})
	return a, orGone(err)
}

func loadActor(ctx context.Context, tx *store.Tx, account parley.AccountID, user parley.UserID) (parley.Actor, error) {
	u, err := tx.UserByID(ctx, account, user)
	if err != nil {
		return parley.Actor{}, err
	}
	if !u.Active() {
		return parley.Actor{}, store.ErrNoRow
	}
	return actorOf(ctx, tx, u)
}

func actorOf(ctx context.Context, tx *store.Tx, u parley.User) (parley.Actor, error) {
	a := parley.Actor{AccountID: u.AccountID, UserID: u.ID, Role: u.Role, AllInboxes: u.AllInboxes}
	if u.AllInboxes {
		return a, nil
	}
	inboxes, err := tx.ListUserInboxes(ctx, u.AccountID, u.ID)
	a.Inboxes = inboxes[u.ID]
	return a, err
}

// touch writes down that the session or token is used, at most once a minute,
// and so moves the session's end.
func (s *Service) touch(ctx context.Context, f found) error {
	now := s.Now()
	since := now.Add(-touchEvery)
	if f.session.ID != 0 {
		if f.session.LastSeenAt.After(since) {
			return nil
		}
		return s.DB.Update(ctx, func(tx *store.Tx) error {
			return tx.TouchSession(ctx, f.session, since, now.Add(SessionLife))
		})
	}
	if f.token.LastUsedAt != nil && f.token.LastUsedAt.After(since) {
		return nil
	}
	return s.DB.Update(ctx, func(tx *store.Tx) error { return tx.TouchToken(ctx, f.token, since) })
}
