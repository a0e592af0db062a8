package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"parley/internal/account"
	"parley/internal/parley"
)

// sessionAge is how long a browser keeps the session cookie, in seconds: as long
// as the session lives when it is not used.
const sessionAge = int(account.SessionLife / time.Second)

// Account is the business that a user belongs to.
type Account struct {
	ID         parley.AccountID `json:"id"`
	Name       string           `json:"name"`
	Timezone   string           `json:"timezone"`
	Region     string           `json:"region"`
	SampleData bool             `json:"sample_data" doc:"It holds sample data that can be removed."`
}

// AccountPatch changes the account.
type AccountPatch struct {
	Name     *string `json:"name,omitempty" maxLength:"200"`
	Timezone *string `json:"timezone,omitempty" maxLength:"100" doc:"IANA name, such as Europe/London."`
	Region   *string `json:"region,omitempty" maxLength:"2" doc:"ISO 3166 country of its phone numbers, such as GB."`
}

// Me is who is signed in, and what a browser needs to begin.
type Me struct {
	User            User                `json:"user"`
	Account         Account             `json:"account"`
	Permissions     []parley.Permission `json:"permissions"`
	Seq             parley.Seq          `json:"seq" doc:"Of the newest event; live updates go on from it."`
	MailDomain      string              `json:"mail_domain" doc:"Of the forwarding addresses."`
	RelayConfigured bool                `json:"relay_configured" doc:"Mail can be sent."`
}

// MePatch is what somebody changes of themselves.
type MePatch struct {
	Name            *string `json:"name,omitempty" maxLength:"200"`
	Preferences     Object  `json:"preferences,omitempty" doc:"Merged by name; null removes one."`
	CurrentPassword string  `json:"current_password,omitempty" maxLength:"1000"`
	Password        *string `json:"password,omitempty" maxLength:"1000" doc:"Needs current_password; signs out your other browsers."`
}

func (s *Server) registerMe() {
	signedInTo(s, op(http.MethodGet, "/api/v1/me", "get-me", "Who you are"), s.getMe)
	signedIn(s, op(http.MethodPatch, "/api/v1/me", "patch-me", "Change yourself"), s.patchMe)
	signedIn(s, op(http.MethodPatch, "/api/v1/account", "patch-account", "Change the account's name, region or time zone"), s.patchAccount)
}

func (s *Server) me(ctx context.Context, actor parley.Actor) (Me, error) {
	m, err := s.Account.Me(ctx, actor)
	if err != nil {
		return Me{}, err
	}
	u := newUser(m.Person)
	u.Preferences = Object(m.Preferences)
	return Me{
		User:        u,
		Account:     Account{ID: m.Account.ID, Name: m.Account.Name, Timezone: m.Account.Timezone, Region: m.Account.Region, SampleData: m.SampleData},
		Permissions: list(m.Permissions), Seq: m.Seq, MailDomain: s.MailDomain, RelayConfigured: s.Relay,
	}, nil
}

// getMe also renews the cookie: the session lives on while it is used.
func (s *Server) getMe(ctx context.Context, actor parley.Actor, in *struct {
	Cookie string `cookie:"parley_session" hidden:"true"`
},
) (*WithCookie[Me], error) {
	me, err := s.me(ctx, actor)
	out := &WithCookie[Me]{Body: me}
	if actor.SessionID != 0 {
		out.SetCookie = s.cookie(in.Cookie, sessionAge)
	}
	return out, err
}

func (s *Server) patchMe(ctx context.Context, actor parley.Actor, in *Body[MePatch]) (*Body[Me], error) {
	b := in.Body
	err := s.Account.UpdateMe(ctx, actor, account.MeChange{
		Name: b.Name, Preferences: json.RawMessage(b.Preferences), Password: b.Password, CurrentPassword: b.CurrentPassword,
	})
	if err != nil {
		return nil, err
	}
	me, err := s.me(ctx, actor)
	return &Body[Me]{me}, err
}

func (s *Server) patchAccount(ctx context.Context, actor parley.Actor, in *Body[AccountPatch]) (*Body[Me], error) {
	b := in.Body
	if err := s.Account.UpdateAccount(ctx, actor, account.AccountChange{Name: b.Name, Region: b.Region, Timezone: b.Timezone}); err != nil {
		return nil, err
	}
	me, err := s.me(ctx, actor)
	return &Body[Me]{me}, err
}
