package account

import (
	"context"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// mailPause is the least time between two mails with the same link.
const mailPause = 2 * time.Minute

// linkLife is how long a link can be used.
func linkLife(kind parley.UserLinkKind) time.Duration {
	if kind == parley.LinkInvite {
		return 7 * 24 * time.Hour
	}
	return 4 * time.Hour
}

// linkText writes tokens in letters and digits: mail programs cut other signs off the end of a link.
var linkText = base32.StdEncoding.WithPadding(base32.NoPadding)

// LinkURL is the address that the link's user opens, a page of the web app for each kind. Its secret is derived from
// the row and the server's key, so that it stands nowhere but in the mail.
func (s *Service) LinkURL(l parley.UserLink) string {
	token := binary.AppendUvarint(nil, uint64(l.ID))
	token = append(token, s.Secret.Sign("user link", linkMessage(l))...)
	return strings.TrimSuffix(s.BaseURL, "/") + "/" + string(l.Kind) + "?token=" + strings.ToLower(linkText.EncodeToString(token))
}

// linkMessage is what never changes of a link.
func linkMessage(l parley.UserLink) []byte {
	m := []byte(l.Kind)
	for _, n := range []int64{int64(l.ID), int64(l.AccountID), int64(l.UserID), l.CreatedAt.UnixMicro()} {
		m = binary.AppendVarint(append(m, 0), n)
	}
	return m
}

// renewLink gives a user one more full life of the link they need: to accept the
// invitation, or to choose a new password. A link that is on its way stays good.
func (s *Service) renewLink(ctx context.Context, tx *store.Tx, u parley.User) (parley.UserLink, error) {
	kind := parley.LinkReset
	if u.InvitedAt != nil {
		kind = parley.LinkInvite
	}
	expires := tx.Now().Add(linkLife(kind))
	l, err := tx.UserLinkOf(ctx, u.AccountID, u.ID, kind)
	switch {
	case err != nil && !errors.Is(err, store.ErrNoRow):
		return l, err
	case err == nil && l.ExpiresAt.After(tx.Now()):
		l.ExpiresAt = expires
		return l, tx.ExtendUserLink(ctx, l, expires)
	}
	if err := tx.DeleteUserLinks(ctx, u.AccountID, u.ID); err != nil {
		return l, err
	}
	l = parley.UserLink{AccountID: u.AccountID, UserID: u.ID, Kind: kind, CreatedAt: tx.Now(), ExpiresAt: expires}
	err = tx.InsertUserLink(ctx, &l)
	return l, err
}

func (s *Service) mail(ctx context.Context, tx *store.Tx, l parley.UserLink) error {
	if s.Mail == nil {
		return nil
	}
	return s.Mail.EnqueueLink(ctx, tx, l)
}

// InviteAgain mails an invitation once more and tells its address, for where mail does not arrive.
func (s *Service) InviteAgain(ctx context.Context, actor parley.Actor, id parley.UserID) (string, error) {
	return s.linkFor(ctx, actor, id, func(tx *store.Tx, u parley.User) (parley.UserLink, error) {
		if u.InvitedAt == nil {
			return parley.UserLink{}, parley.Errorf(parley.Conflict, "user.accepted", "This user has accepted the invitation already.")
		}
		l, err := s.renewLink(ctx, tx, u)
		if err != nil {
			return l, err
		}
		changed(tx, actor, id)
		return l, s.mail(ctx, tx, l)
	})
}

// ResetLink tells the address at which a user chooses a new password: for the
// command line, where mail does not arrive.
func (s *Service) ResetLink(ctx context.Context, actor parley.Actor, id parley.UserID) (string, error) {
	return s.linkFor(ctx, actor, id, func(tx *store.Tx, u parley.User) (parley.UserLink, error) { return s.renewLink(ctx, tx, u) })
}

func (s *Service) linkFor(ctx context.Context, actor parley.Actor, id parley.UserID, renew func(*store.Tx, parley.User) (parley.UserLink, error)) (string, error) {
	if err := actor.Must(parley.People, 0); err != nil {
		return "", err
	}
	var l parley.UserLink
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		made, err := store.Once(ctx, tx, actor, func() (parley.UserLinkID, error) {
			u, err := tx.LockUser(ctx, actor.AccountID, id)
			if err != nil {
				return 0, orGone(err)
			}
			if err := ownersOnly(actor, u.Role); err != nil {
				return 0, err
			}
			if u.DisabledAt != nil {
				return 0, parley.Errorf(parley.Conflict, "user.disabled", "This user is disabled. Enable them first.")
			}
			l, err := renew(tx, u)
			return l.ID, err
		})
		if err != nil {
			return err
		}
		l, err = tx.UserLinkByID(ctx, made)
		return orGone(err)
	})
	if err != nil {
		return "", err
	}
	return s.LinkURL(l), nil
}

// Forgot lets everybody with this email choose a new password by a mailed link.
// It says nothing, and takes the same time, whether anybody has it: the work is
// done behind it, by Run.
func (s *Service) Forgot(address string, from Client) {
	if s.askers.take(origin(from.RemoteAddr), s.Now()) > 0 {
		return
	}
	a := parley.Address{Email: strings.TrimSpace(address)}
	if !a.Valid() {
		return
	}
	select {
	case s.forgotten <- a.Key():
	default: // a flood: who meant it asks again
	}
}

func (s *Service) runForgotten(ctx context.Context) {
	for {
		select {
		case address := <-s.forgotten:
			if err := s.mailReset(ctx, address); err != nil && ctx.Err() == nil {
				s.Log.Error("link to choose a password not made", "err", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (s *Service) mailReset(ctx context.Context, address string) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		users, err := tx.ListUsersByEmail(ctx, address, maxSameEmail)
		if err != nil {
			return err
		}
		for _, u := range users {
			if u.DisabledAt != nil {
				continue
			}
			if err := s.mailOneReset(ctx, tx, u); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) mailOneReset(ctx context.Context, tx *store.Tx, u parley.User) error {
	if _, err := tx.LockUser(ctx, u.AccountID, u.ID); err != nil { // two requests at once make one link
		return err
	}
	for _, kind := range []parley.UserLinkKind{parley.LinkInvite, parley.LinkReset} {
		l, err := tx.UserLinkOf(ctx, u.AccountID, u.ID, kind)
		if err != nil && !errors.Is(err, store.ErrNoRow) {
			return err
		}
		if err == nil && l.ExpiresAt.Add(-linkLife(kind)).After(tx.Now().Add(-mailPause)) {
			return nil // mailed a moment ago
		}
	}
	l, err := s.renewLink(ctx, tx, u)
	if err != nil {
		return err
	}
	return s.mail(ctx, tx, l)
}

// LinkInfo is what the holder of a link sees before choosing a password.
type LinkInfo struct {
	Kind        parley.UserLinkKind
	Name        string
	Email       string
	AccountName string
}

// Link tells what a link is for. One that is forged, used, replaced or too old is NotFound.
func (s *Service) Link(ctx context.Context, token string) (LinkInfo, error) {
	var info LinkInfo
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		l, u, err := s.openLink(ctx, tx, token)
		if err != nil {
			return err
		}
		a, err := tx.AccountByID(ctx, l.AccountID)
		info = LinkInfo{Kind: l.Kind, Name: u.Name, Email: u.Email, AccountName: a.Name}
		return err
	})
	return info, err
}

func linkGone() error {
	return parley.Errorf(parley.NotFound, "link.gone", "This link was used already or is too old. Ask for a new one.")
}

// openLink checks a link's token and finds its row and user.
func (s *Service) openLink(ctx context.Context, tx *store.Tx, token string) (parley.UserLink, parley.User, error) {
	raw, err := linkText.DecodeString(strings.ToUpper(token))
	id, n := binary.Uvarint(raw)
	if err != nil || n <= 0 || id > 1<<62 {
		return parley.UserLink{}, parley.User{}, linkGone()
	}
	l, err := tx.UserLinkByID(ctx, parley.UserLinkID(id))
	if errors.Is(err, store.ErrNoRow) {
		return l, parley.User{}, linkGone()
	}
	if err != nil {
		return l, parley.User{}, fmt.Errorf("find link: %w", err)
	}
	if !s.Secret.Verify("user link", linkMessage(l), raw[n:]) || l.UsedAt != nil || !l.ExpiresAt.After(tx.Now()) {
		return l, parley.User{}, linkGone()
	}
	u, err := tx.UserByID(ctx, l.AccountID, l.UserID)
	if err != nil {
		return l, u, fmt.Errorf("find user of link: %w", err)
	}
	if u.DisabledAt != nil || (l.Kind == parley.LinkInvite) != (u.InvitedAt != nil) {
		return l, u, linkGone()
	}
	return l, u, nil
}

// UseLink sets the password of the link's user, and their name if one is given,
// and signs them in here and out everywhere else. A link works once.
func (s *Service) UseLink(ctx context.Context, token, password, name string, from Client) (SignedIn, error) {
	info, err := s.Link(ctx, token)
	if err != nil {
		return SignedIn{}, err
	}
	var faults parley.Faults
	if name != "" {
		name = line(&faults, "name", name)
	}
	if e := checkPassword(password, info.Email, info.Name, name, info.AccountName); e != nil {
		faults.Add(e)
	}
	if err := faults.Err(); err != nil {
		return SignedIn{}, err
	}
	hash, err := s.passwords.hash(ctx, password)
	if err != nil {
		return SignedIn{}, err
	}
	var out SignedIn
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		out, err = s.useLink(ctx, tx, token, hash, name, from)
		return err
	})
	s.cache.dropUser(out.Actor.AccountID, out.Actor.UserID)
	return out, err
}

func (s *Service) useLink(ctx context.Context, tx *store.Tx, token, hash, name string, from Client) (SignedIn, error) {
	l, _, err := s.openLink(ctx, tx, token)
	if err != nil {
		return SignedIn{}, err
	}
	if err := tx.UseUserLink(ctx, l); err != nil {
		if errors.Is(err, store.ErrNoRow) {
			return SignedIn{}, linkGone()
		}
		return SignedIn{}, err
	}
	u, err := tx.LockUser(ctx, l.AccountID, l.UserID)
	if err != nil {
		return SignedIn{}, err
	}
	if u.DisabledAt != nil {
		return SignedIn{}, linkGone()
	}
	actor := parley.Actor{AccountID: u.AccountID, UserID: u.ID}
	if err := replacePassword(ctx, tx, actor, hash); err != nil {
		return SignedIn{}, err
	}
	u.InvitedAt = nil
	if name != "" {
		u.Name = name
	}
	if err := tx.UpdateUser(ctx, u); err != nil {
		return SignedIn{}, err
	}
	changed(tx, actor, u.ID)
	return s.openSession(ctx, tx, u, from)
}
