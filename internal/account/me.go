package account

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"

	"parley/internal/parley"
	"parley/internal/store"
)

// maxPreferences bounds what a browser keeps with a user, in bytes.
const maxPreferences = 16 << 10

// Me is what a browser needs to begin.
type Me struct {
	Person
	Account     parley.Account
	SampleData  bool // the account holds sample data that can be removed
	Permissions []parley.Permission
	Seq         parley.Seq // of the newest event: what live updates go on from
}

// MeChange says what somebody changes of themselves; nil leaves it.
type MeChange struct {
	Name *string
	// Preferences are merged by their top-level names; null removes one.
	Preferences json.RawMessage
	// Password needs CurrentPassword and signs out the user's other browsers.
	Password        *string
	CurrentPassword string
}

// Me tells who the actor is.
func (s *Service) Me(ctx context.Context, actor parley.Actor) (Me, error) {
	me := Me{Permissions: actor.Permissions()}
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if me.Person, err = person(ctx, tx, actor.AccountID, actor.UserID); err != nil {
			return err
		}
		if me.Account, err = tx.AccountByID(ctx, actor.AccountID); err != nil {
			return err
		}
		if me.SampleData, err = tx.HasSampleData(ctx, actor.AccountID); err != nil {
			return err
		}
		me.Seq, err = tx.LastSeq(ctx, actor.AccountID)
		return err
	})
	return me, err
}

// UpdateMe changes what the actor may change of themselves.
func (s *Service) UpdateMe(ctx context.Context, actor parley.Actor, c MeChange) error {
	var faults parley.Faults
	if c.Name != nil {
		c.Name = new(line(&faults, "name", *c.Name))
	}
	if len(c.Preferences) > 0 && !isObject(c.Preferences) {
		faults.Add(parley.Errorf(parley.Invalid, "field.object", "Preferences are a JSON object.").On("preferences"))
	}
	if err := faults.Err(); err != nil {
		return err
	}
	hash, err := s.newPassword(ctx, actor, c)
	if err != nil {
		return err
	}
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		if hash != "" {
			if err := replacePassword(ctx, tx, actor, hash); err != nil {
				return err
			}
		}
		return updateMe(ctx, tx, actor, c)
	})
	s.cache.dropUser(actor.AccountID, actor.UserID)
	return err
}

func updateMe(ctx context.Context, tx *store.Tx, actor parley.Actor, c MeChange) error {
	u, err := tx.LockUser(ctx, actor.AccountID, actor.UserID)
	if err != nil {
		return orGone(err)
	}
	if c.Name != nil {
		u.Name = *c.Name
	}
	if len(c.Preferences) > 0 {
		if u.Preferences, err = mergeObject(u.Preferences, c.Preferences); err != nil {
			return err
		}
		if len(u.Preferences) > maxPreferences {
			return parley.Errorf(parley.Invalid, "user.preferences", "These preferences are too large to keep.").On("preferences")
		}
	}
	changed(tx, actor, u.ID)
	return tx.UpdateUser(ctx, u)
}

func isObject(raw json.RawMessage) bool {
	return json.Valid(raw) && bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{"))
}

func mergeObject(was parley.JSON, change json.RawMessage) (parley.JSON, error) {
	all, some := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if len(was) > 0 {
		if err := json.Unmarshal(was, &all); err != nil {
			return nil, err
		}
	}
	if err := json.Unmarshal(change, &some); err != nil {
		return nil, err
	}
	maps.Copy(all, some)
	maps.DeleteFunc(all, func(_ string, v json.RawMessage) bool { return string(v) == "null" })
	out, err := json.Marshal(all)
	return parley.JSON(out), err
}

// newPassword checks the current password and hashes the new one; empty: none is asked for.
func (s *Service) newPassword(ctx context.Context, actor parley.Actor, c MeChange) (string, error) {
	if c.Password == nil {
		return "", nil
	}
	var u parley.User
	var a parley.Account
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if u, err = tx.UserByID(ctx, actor.AccountID, actor.UserID); err != nil {
			return err
		}
		a, err = tx.AccountByID(ctx, actor.AccountID)
		return err
	})
	if err != nil {
		return "", orGone(err)
	}
	if e := checkPassword(*c.Password, u.Email, u.Name, a.Name); e != nil {
		return "", e
	}
	if err := s.checkCurrent(ctx, u, c.CurrentPassword); err != nil {
		return "", err
	}
	return s.passwords.hash(ctx, *c.Password)
}

// checkCurrent counts like an attempt to sign in: a browser left open must not become a place to guess.
func (s *Service) checkCurrent(ctx context.Context, u parley.User, password string) error {
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		wait, err := s.claimUser(ctx, tx, u.AccountID, u.ID)
		if err == nil && wait > 0 {
			return tooMany(wait)
		}
		return err
	})
	if err != nil {
		return err
	}
	right, err := s.rightOnes(ctx, []parley.User{u}, password)
	if err != nil {
		return err
	}
	if len(right) == 0 {
		return parley.Errorf(parley.Invalid, "password.wrong", "This is not your current password.").On("current_password")
	}
	return nil
}

// replacePassword writes a new password; the user's other browsers are signed
// out, and links to choose one are void.
func replacePassword(ctx context.Context, tx *store.Tx, actor parley.Actor, hash string) error {
	if err := tx.UpdatePassword(ctx, actor.AccountID, actor.UserID, hash); err != nil {
		return orGone(err)
	}
	if err := tx.DeleteSessions(ctx, actor.AccountID, actor.UserID, actor.SessionID); err != nil {
		return err
	}
	return tx.DeleteUserLinks(ctx, actor.AccountID, actor.UserID)
}
