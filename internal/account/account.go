package account

import (
	"context"
	"regexp"
	"strings"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// New accounts begin with these where nothing else is known.
const (
	defaultRegion   = "US"
	defaultTimezone = "UTC"
)

// NewAccount describes an account and its owner.
type NewAccount struct {
	Name     string // the account's
	Region   string // ISO 3166 country of its phone numbers; empty: US
	Timezone string // IANA name; empty: UTC
	Owner    NewOwner
}

// NewOwner is the first user of an account.
type NewOwner struct {
	Name     string
	Email    string
	Password string
}

// SetupNeeded reports whether there is no account yet.
func (s *Service) SetupNeeded(ctx context.Context) (bool, error) {
	var any bool
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		any, err = tx.AnyAccount(ctx)
		return err
	})
	return !any, err
}

// Setup makes the first account of an installation and signs its owner in. Of
// several at once, one wins.
func (s *Service) Setup(ctx context.Context, in NewAccount, from Client) (SignedIn, error) {
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return SignedIn{}, err
	}
	if !needed {
		return SignedIn{}, setupDone()
	}
	a, owner, err := s.prepare(ctx, in)
	if err != nil {
		return SignedIn{}, err
	}
	var out SignedIn
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccounts(ctx); err != nil {
			return err
		}
		if any, err := tx.AnyAccount(ctx); err != nil || any {
			return cmpErr(err, setupDone())
		}
		if err := s.insertAccount(ctx, tx, &a, &owner); err != nil {
			return err
		}
		out, err = s.openSession(ctx, tx, owner, from)
		return err
	})
	return out, err
}

func setupDone() error {
	return parley.Errorf(parley.Conflict, "setup.done", "This installation is set up already. Sign in, or ask an admin to invite you.")
}

// cmpErr is err, else other.
func cmpErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Create makes an account and its owner: for the command line and for the demo.
// An installation may hold several.
func (s *Service) Create(ctx context.Context, in NewAccount) (parley.Account, parley.User, error) {
	a, owner, err := s.prepare(ctx, in)
	if err != nil {
		return parley.Account{}, parley.User{}, err
	}
	err = s.DB.Update(ctx, func(tx *store.Tx) error { return s.insertAccount(ctx, tx, &a, &owner) })
	return a, owner, err
}

// Accounts lists the accounts of the installation from after an id on, at most
// 1000: for the operator's command line, never for a user.
func (s *Service) Accounts(ctx context.Context, after parley.AccountID) ([]parley.Account, error) {
	var out []parley.Account
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.ListAccounts(ctx, after)
		return err
	})
	return out, err
}

// prepare checks the input and hashes the password, which takes too long to do in a transaction.
func (s *Service) prepare(ctx context.Context, in NewAccount) (parley.Account, parley.User, error) {
	var faults parley.Faults
	a := parley.Account{
		Name:     line(&faults, "account_name", in.Name),
		Region:   region(&faults, in.Region),
		Timezone: timezone(&faults, in.Timezone),
	}
	owner := parley.User{
		Name:        line(&faults, "name", in.Owner.Name),
		Email:       email(&faults, in.Owner.Email),
		Role:        parley.Owner,
		AllInboxes:  true,
		Preferences: parley.JSON("{}"),
	}
	if e := checkPassword(in.Owner.Password, owner.Email, owner.Name, a.Name); e != nil {
		faults.Add(e)
	}
	if err := faults.Err(); err != nil {
		return a, owner, err
	}
	var err error
	owner.PasswordHash, err = s.passwords.hash(ctx, in.Owner.Password)
	return a, owner, err
}

func (s *Service) insertAccount(ctx context.Context, tx *store.Tx, a *parley.Account, owner *parley.User) error {
	a.CreatedAt = tx.Now()
	if err := tx.InsertAccount(ctx, a); err != nil {
		return err
	}
	owner.AccountID, owner.CreatedAt = a.ID, tx.Now()
	if err := tx.InsertUser(ctx, owner); err != nil {
		return err
	}
	changed(tx, parley.SystemActor(a.ID), owner.ID)
	return nil
}

// changed appends that a user changed.
func changed(tx *store.Tx, actor parley.Actor, user parley.UserID) {
	tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.UserChanged, ActorID: actor.UserID, UserID: user})
}

// maxName bounds the names of accounts, people and tokens, in characters.
const maxName = 100

func line(faults *parley.Faults, field, value string) string {
	out, ok := parley.Line(value, maxName)
	if !ok {
		faults.Add(parley.Errorf(parley.Invalid, "field.line", "Enter one line of 1 to %d characters.", maxName).On(field).With("max", "100"))
	}
	return out
}

func email(faults *parley.Faults, value string) string {
	a := parley.Address{Email: strings.TrimSpace(value)}
	if !a.Valid() {
		faults.Add(parley.Errorf(parley.Invalid, "field.email", "Enter an email address, such as name@company.com.").On("email"))
	}
	return a.Key()
}

var country = regexp.MustCompile(`^[A-Z]{2}$`)

func region(faults *parley.Faults, value string) string {
	if value == "" {
		return defaultRegion
	}
	checkRegion(faults, value)
	return value
}

func checkRegion(faults *parley.Faults, value string) {
	if !country.MatchString(value) {
		faults.Add(parley.Errorf(parley.Invalid, "field.region", "Enter a country as its two letters (ISO 3166), such as GB.").On("region"))
	}
}

func timezone(faults *parley.Faults, value string) string {
	if value == "" {
		return defaultTimezone
	}
	checkTimezone(faults, value)
	return value
}

func checkTimezone(faults *parley.Faults, value string) {
	if _, err := time.LoadLocation(value); err != nil || value == "" || value == "Local" {
		faults.Add(parley.Errorf(parley.Invalid, "field.timezone", "Enter a time zone by its IANA name, such as Europe/London.").On("timezone"))
	}
}
