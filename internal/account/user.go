package account

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/parley"
	"parley/internal/store"
)

// Person is a user with the inboxes that were given to them by name; with
// AllInboxes they see the others too.
type Person struct {
	parley.User
	InboxIDs []parley.InboxID
}

// NewUser describes somebody to invite.
type NewUser struct {
	Email      string
	Name       string
	Role       parley.Role
	AllInboxes bool
	InboxIDs   []parley.InboxID
}

// UserChange says what to change of a user; nil leaves it.
type UserChange struct {
	Name       *string
	Role       *parley.Role
	AllInboxes *bool
	InboxIDs   *[]parley.InboxID
	Disabled   *bool
}

// Users lists the account's users from after an id on, and the id to go on
// from; 0 at the end. Everybody may know who is on the team.
func (s *Service) Users(ctx context.Context, actor parley.Actor, after parley.UserID, limit int) ([]Person, parley.UserID, error) {
	var out []Person
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		users, err := tx.ListUsers(ctx, actor.AccountID, after, limit+1)
		if err != nil {
			return err
		}
		out, err = people(ctx, tx, actor.AccountID, users...)
		return err
	})
	out, next := page(out, limit, func(p Person) parley.UserID { return p.ID })
	return out, next, err
}

// User is one of the account.
func (s *Service) User(ctx context.Context, actor parley.Actor, id parley.UserID) (Person, error) {
	var p Person
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		p, err = person(ctx, tx, actor.AccountID, id)
		return err
	})
	return p, err
}

func person(ctx context.Context, tx *store.Tx, account parley.AccountID, id parley.UserID) (Person, error) {
	u, err := tx.UserByID(ctx, account, id)
	if err != nil {
		return Person{}, orGone(err)
	}
	all, err := people(ctx, tx, account, u)
	if err != nil {
		return Person{}, err
	}
	return all[0], nil
}

func people(ctx context.Context, tx *store.Tx, account parley.AccountID, users ...parley.User) ([]Person, error) {
	ids := make([]parley.UserID, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	inboxes, err := tx.ListUserInboxes(ctx, account, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]Person, len(users))
	for i, u := range users {
		out[i] = Person{User: u, InboxIDs: inboxes[u.ID]}
	}
	return out, nil
}

// Invite adds a user and mails them a link by which they choose a password.
func (s *Service) Invite(ctx context.Context, actor parley.Actor, in NewUser) (Person, error) {
	if err := actor.Must(parley.People, 0); err != nil {
		return Person{}, err
	}
	u, err := newUser(actor, in)
	if err != nil {
		return Person{}, err
	}
	var out Person
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		id, err := store.Once(ctx, tx, actor, func() (parley.UserID, error) {
			u.CreatedAt, u.InvitedAt = tx.Now(), new(tx.Now())
			err := s.insertUser(ctx, tx, actor, &u, in.InboxIDs)
			return u.ID, err
		})
		if err != nil {
			return err
		}
		out, err = person(ctx, tx, actor.AccountID, id)
		return err
	})
	return out, err
}

func newUser(actor parley.Actor, in NewUser) (parley.User, error) {
	var faults parley.Faults
	u := parley.User{
		AccountID: actor.AccountID, Name: line(&faults, "name", in.Name), Email: email(&faults, in.Email),
		Role: in.Role, AllInboxes: in.AllInboxes, Preferences: parley.JSON("{}"),
	}
	role(&faults, in.Role)
	if err := faults.Err(); err != nil {
		return u, err
	}
	return u, ownersOnly(actor, in.Role)
}

func role(faults *parley.Faults, r parley.Role) {
	if !r.Valid() {
		faults.Add(parley.Errorf(parley.Invalid, "user.role", "Choose a role: owner, admin, agent or light agent.").On("role"))
	}
}

// ownersOnly: owners are made and changed by owners.
func ownersOnly(actor parley.Actor, roles ...parley.Role) error {
	if actor.System || actor.Role == parley.Owner || !slices.Contains(roles, parley.Owner) {
		return nil
	}
	return parley.Errorf(parley.Forbidden, "role.owner_only", "Only an owner can make or change an owner.")
}

func (s *Service) insertUser(ctx context.Context, tx *store.Tx, actor parley.Actor, u *parley.User, inboxes []parley.InboxID) error {
	if err := tx.InsertUser(ctx, u); err != nil {
		if errors.Is(err, store.ErrTaken) {
			return parley.Errorf(parley.Conflict, "user.exists", "Somebody with this email is in your account already. If they are disabled, enable them.").On("email")
		}
		return err
	}
	if err := setInboxes(ctx, tx, *u, inboxes); err != nil {
		return err
	}
	link, err := s.renewLink(ctx, tx, *u)
	if err != nil {
		return err
	}
	changed(tx, actor, u.ID)
	return s.mail(ctx, tx, link)
}

func setInboxes(ctx context.Context, tx *store.Tx, u parley.User, inboxes []parley.InboxID) error {
	known, err := tx.ListKnownInboxes(ctx, u.AccountID, inboxes)
	if err != nil {
		return err
	}
	for i, id := range inboxes {
		if !slices.Contains(known, id) {
			return gone().On(fmt.Sprintf("inbox_ids[%d]", i))
		}
	}
	return tx.SetUserInboxes(ctx, u.AccountID, u.ID, inboxes)
}

// UpdateUser changes a user. Who is disabled is signed out everywhere, and their
// open conversations are handed over.
func (s *Service) UpdateUser(ctx context.Context, actor parley.Actor, id parley.UserID, c UserChange) (Person, error) {
	if err := actor.Must(parley.People, 0); err != nil {
		return Person{}, err
	}
	var faults parley.Faults
	if c.Name != nil {
		c.Name = new(line(&faults, "name", *c.Name))
	}
	if c.Role != nil {
		role(&faults, *c.Role)
	}
	if err := faults.Err(); err != nil {
		return Person{}, err
	}
	var out Person
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		if err := s.updateUser(ctx, tx, actor, id, c); err != nil {
			return err
		}
		var err error
		out, err = person(ctx, tx, actor.AccountID, id)
		return err
	})
	s.cache.dropUser(actor.AccountID, id)
	return out, err
}

func (s *Service) updateUser(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.UserID, c UserChange) error {
	owners, err := tx.ListActiveOwners(ctx, actor.AccountID) // locked first, so that two owners cannot demote each other at once
	if err != nil {
		return err
	}
	was, err := tx.LockUser(ctx, actor.AccountID, id)
	if err != nil {
		return orGone(err)
	}
	now := c.apply(was, tx)
	if err := mayBecome(actor, was, now, owners); err != nil {
		return err
	}
	if err := tx.UpdateUser(ctx, now); err != nil {
		return err
	}
	if c.InboxIDs != nil {
		if err := setInboxes(ctx, tx, now, *c.InboxIDs); err != nil {
			return err
		}
	}
	if now.DisabledAt != nil && was.DisabledAt == nil {
		if err := lockOut(ctx, tx, now); err != nil {
			return err
		}
	}
	changed(tx, actor, id)
	if s.HandOver != nil && c.reach() {
		return s.HandOver(ctx, tx, actor, id)
	}
	return nil
}

// reach reports whether the change may take conversations out of the user's reach.
func (c UserChange) reach() bool {
	return c.Role != nil || c.AllInboxes != nil || c.InboxIDs != nil || c.Disabled != nil
}

// apply is the user after the change.
func (c UserChange) apply(u parley.User, tx *store.Tx) parley.User {
	if c.Name != nil {
		u.Name = *c.Name
	}
	if c.Role != nil {
		u.Role = *c.Role
	}
	if c.AllInboxes != nil {
		u.AllInboxes = *c.AllInboxes
	}
	if c.Disabled != nil && *c.Disabled != (u.DisabledAt != nil) {
		u.DisabledAt = nil
		if *c.Disabled {
			u.DisabledAt = new(tx.Now())
		}
	}
	return u
}

// mayBecome: owners are the owners' affair, an account keeps one, nobody locks themselves out.
func mayBecome(actor parley.Actor, was, now parley.User, owners []parley.UserID) error {
	if err := ownersOnly(actor, was.Role, now.Role); err != nil {
		return err
	}
	if now.DisabledAt != nil && was.DisabledAt == nil && was.ID == actor.UserID {
		return parley.Errorf(parley.Conflict, "user.self", "You cannot disable yourself. Ask another admin.").On("disabled")
	}
	if slices.Equal(owners, []parley.UserID{was.ID}) && (now.Role != parley.Owner || !now.Active()) {
		return parley.Errorf(parley.Conflict, "user.last_owner", "This is the account's last owner. Make somebody else an owner first.")
	}
	return nil
}

// lockOut takes from a disabled user all by which they could come in, now or once they are enabled again.
func lockOut(ctx context.Context, tx *store.Tx, u parley.User) error {
	if err := tx.DeleteSessions(ctx, u.AccountID, u.ID, 0); err != nil {
		return err
	}
	if err := tx.RevokeTokens(ctx, u.AccountID, u.ID); err != nil {
		return err
	}
	return tx.DeleteUserLinks(ctx, u.AccountID, u.ID)
}

// FindUser finds a user by email for the command line. In an installation with
// several accounts the account may have to be told (else 0).
func (s *Service) FindUser(ctx context.Context, account parley.AccountID, address string) (parley.User, error) {
	var users []parley.User
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		users, err = tx.ListUsersByEmail(ctx, parley.Address{Email: address}.Key(), maxSameEmail)
		return err
	})
	if err != nil {
		return parley.User{}, err
	}
	if account != 0 {
		users = slices.DeleteFunc(users, func(u parley.User) bool { return u.AccountID != account })
	}
	switch len(users) {
	case 0:
		return parley.User{}, parley.Errorf(parley.NotFound, "user.unknown", "There is no user with this email.")
	case 1:
		return users[0], nil
	}
	return parley.User{}, parley.Errorf(parley.Conflict, "user.several", "Several accounts have a user with this email. Say which account.")
}
