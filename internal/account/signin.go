package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

const (
	// SessionLife is how long a session lives after it was last used.
	SessionLife = 30 * 24 * time.Hour
	// maxSessions of one user; the one that was used longest ago goes first.
	maxSessions = 50
	// maxSameEmail bounds the accounts that one email is looked up in.
	maxSameEmail = 20
)

// Client is the browser that asks.
type Client struct {
	UserAgent  string
	RemoteAddr string
}

// SignIn is what somebody entered.
type SignIn struct {
	Email     string
	Password  string
	AccountID parley.AccountID // chosen after a ChooseAccountError; else 0
}

// SignedIn is a new session. Cookie is its secret and is told only here.
type SignedIn struct {
	Actor     parley.Actor
	Cookie    string
	ExpiresAt time.Time
}

// ChooseAccountError says that email and password are right in several accounts.
type ChooseAccountError struct {
	Fault    *parley.Error
	Accounts []parley.Account
}

func (e *ChooseAccountError) Error() string { return e.Fault.Error() }

// Unwrap gives what a person may read.
func (e *ChooseAccountError) Unwrap() error { return e.Fault }

// SignIn opens a session. Whether the email, the password or both are wrong is
// not told, by the answer, by its time, or by who gets locked.
func (s *Service) SignIn(ctx context.Context, in SignIn, from Client) (SignedIn, error) {
	where := origin(from.RemoteAddr)
	if wait := s.addresses.take(where, s.Now()); wait > 0 {
		return SignedIn{}, tooMany(wait)
	}
	email := parley.Address{Email: in.Email}.Key()
	tried, err := s.claim(ctx, email, in.AccountID)
	if err != nil {
		return SignedIn{}, err
	}
	right, err := s.rightOnes(ctx, tried, in.Password)
	if err != nil {
		return SignedIn{}, err
	}
	if len(right) == 0 {
		return SignedIn{}, wrong()
	}
	s.addresses.give(where)
	if len(right) > 1 {
		return SignedIn{}, s.choose(ctx, right)
	}
	var out SignedIn
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		u, err := tx.LockUser(ctx, right[0].AccountID, right[0].ID)
		if err != nil {
			return err
		}
		if !u.Active() || u.PasswordHash != right[0].PasswordHash {
			return wrong() // changed while we hashed
		}
		if err := tx.UpdateSignIn(ctx, u.AccountID, u.ID, 0, nil); err != nil {
			return err
		}
		out, err = s.openSession(ctx, tx, u, from)
		return err
	})
	return out, err
}

// claim counts an attempt for every user it may be before a password is looked
// at, so that a hundred guesses at once are a hundred attempts.
func (s *Service) claim(ctx context.Context, email string, account parley.AccountID) ([]parley.User, error) {
	if !(parley.Address{Email: email}).Valid() {
		return nil, nil // nobody's, and not worth remembering
	}
	var tried []parley.User
	var wait time.Duration
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		tried, wait = nil, 0
		users, err := tx.ListUsersByEmail(ctx, email, maxSameEmail)
		if err != nil {
			return err
		}
		for _, u := range users {
			if account != 0 && u.AccountID != account || !u.Active() || u.PasswordHash == "" {
				continue
			}
			left, err := s.claimUser(ctx, tx, u.AccountID, u.ID)
			if err != nil {
				return err
			}
			if left > 0 {
				wait = max(wait, left)
			} else {
				tried = append(tried, u)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count attempt: %w", err)
	}
	if len(tried) == 0 && wait == 0 {
		wait = s.strangers.claim(email, s.Now())
	}
	if len(tried) == 0 && wait > 0 {
		return nil, tooMany(wait)
	}
	return tried, nil
}

// claimUser counts an attempt of one user, or tells how long to wait.
func (s *Service) claimUser(ctx context.Context, tx *store.Tx, account parley.AccountID, id parley.UserID) (time.Duration, error) {
	u, err := tx.LockUser(ctx, account, id)
	if err != nil {
		return 0, err
	}
	if u.SignInLockedTo != nil && u.SignInLockedTo.After(tx.Now()) {
		return u.SignInLockedTo.Sub(tx.Now()), nil
	}
	failed := u.FailedSignIns + 1
	var until *time.Time
	if p := pause(failed); p > 0 {
		at := tx.Now().Add(p)
		until = &at
	}
	return 0, tx.UpdateSignIn(ctx, account, id, failed, until)
}

// rightOnes are those whose password it is. It hashes at least once: an unknown email takes its time too.
func (s *Service) rightOnes(ctx context.Context, tried []parley.User, password string) ([]parley.User, error) {
	password = password[:min(len(password), 4*maxPassword+1)] // no password of ours is longer
	if len(tried) == 0 {
		_, err := s.passwords.verify(ctx, "", password)
		return nil, err
	}
	var right []parley.User
	for _, u := range tried {
		ok, err := s.passwords.verify(ctx, u.PasswordHash, password)
		if err != nil {
			return nil, err
		}
		if ok {
			right = append(right, u)
		}
	}
	return right, nil
}

// choose answers with the accounts to choose from, and forgets the attempts: the password was right.
func (s *Service) choose(ctx context.Context, right []parley.User) error {
	e := &ChooseAccountError{Fault: parley.Errorf(parley.Conflict, "session.choose_account", "This email belongs to several accounts. Choose one.")}
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		e.Accounts = nil
		for _, u := range right {
			if err := tx.UpdateSignIn(ctx, u.AccountID, u.ID, 0, nil); err != nil {
				return err
			}
			a, err := tx.AccountByID(ctx, u.AccountID)
			if err != nil {
				return err
			}
			e.Accounts = append(e.Accounts, a)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("accounts of an email: %w", err)
	}
	return e
}

// openSession signs a user in.
func (s *Service) openSession(ctx context.Context, tx *store.Tx, u parley.User, from Client) (SignedIn, error) {
	secret := make([]byte, 32)
	if _, err := io.ReadFull(s.Random, secret); err != nil {
		return SignedIn{}, fmt.Errorf("random bytes: %w", err)
	}
	cookie := base64.RawURLEncoding.EncodeToString(secret)
	hash := sha256.Sum256([]byte(cookie))
	session := parley.Session{
		AccountID: u.AccountID, UserID: u.ID, Hash: hash[:],
		UserAgent: clip(from.UserAgent, 300), RemoteAddr: clip(from.RemoteAddr, 64),
		CreatedAt: tx.Now(), LastSeenAt: tx.Now(), ExpiresAt: tx.Now().Add(SessionLife),
	}
	if err := tx.InsertSession(ctx, &session); err != nil {
		return SignedIn{}, err
	}
	if err := tx.DeleteOldSessions(ctx, u.AccountID, u.ID, maxSessions); err != nil {
		return SignedIn{}, err
	}
	if err := tx.TouchUser(ctx, u.AccountID, u.ID); err != nil {
		return SignedIn{}, err
	}
	actor, err := actorOf(ctx, tx, u)
	actor.SessionID = session.ID
	return SignedIn{Actor: actor, Cookie: cookie, ExpiresAt: session.ExpiresAt}, err
}

func wrong() error {
	return parley.Errorf(parley.Unauthed, "session.wrong", "Email or password is wrong. Check both, or choose a new password by “Forgot password”.")
}

func tooMany(wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	return parley.Errorf(parley.TooMany, "session.too_many", "Too many attempts. Try again in %d seconds.", seconds).With("retry_after", strconv.Itoa(seconds))
}

// clip shortens foreign text to at most n bytes of valid UTF-8 without control characters.
func clip(s string, n int) string {
	out := make([]rune, 0, min(len(s), n))
	size := 0
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			continue
		}
		if size += len(string(r)); size > n {
			break
		}
		out = append(out, r)
	}
	return string(out)
}
