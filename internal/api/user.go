package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/account"
	"parley/internal/parley"
)

// User is a person of the account.
type User struct {
	ID          parley.UserID    `json:"id"`
	Name        string           `json:"name"`
	Email       string           `json:"email"`
	Role        parley.Role      `json:"role" enum:"owner,admin,agent,light_agent"`
	AllInboxes  bool             `json:"all_inboxes" doc:"Sees every inbox, those made later too."`
	InboxIDs    []parley.InboxID `json:"inbox_ids" doc:"The inboxes given by name."`
	Invited     bool             `json:"invited" doc:"Has not accepted the invitation yet."`
	Disabled    bool             `json:"disabled"`
	LastSeenAt  *time.Time       `json:"last_seen_at"`
	CreatedAt   time.Time        `json:"created_at"`
	Preferences Object           `json:"preferences,omitempty" doc:"Only of yourself."`
}

// UserBody invites somebody.
type UserBody struct {
	Email      string           `json:"email" maxLength:"254"`
	Name       string           `json:"name" maxLength:"200"`
	Role       parley.Role      `json:"role" enum:"owner,admin,agent,light_agent"`
	AllInboxes bool             `json:"all_inboxes,omitempty"`
	InboxIDs   []parley.InboxID `json:"inbox_ids,omitempty" maxItems:"1000"`
}

// UserPatch changes a user.
type UserPatch struct {
	Name       *string           `json:"name,omitempty" maxLength:"200"`
	Role       *parley.Role      `json:"role,omitempty" enum:"owner,admin,agent,light_agent"`
	AllInboxes *bool             `json:"all_inboxes,omitempty"`
	InboxIDs   *[]parley.InboxID `json:"inbox_ids,omitempty" maxItems:"1000"`
	Disabled   *bool             `json:"disabled,omitempty"`
}

// InviteLink is where somebody accepts the invitation: to hand over where mail does not arrive.
type InviteLink struct {
	Link string `json:"link"`
}

func (s *Server) registerUsers() {
	signedIn(s, op(http.MethodGet, "/api/v1/users", "get-users", "The people of the account"), s.listUsers)
	signedIn(s, op(http.MethodPost, "/api/v1/users", "post-users", "Invite somebody"), s.inviteUser)
	signedInOne(s, op(http.MethodGet, "/api/v1/users/{id}", "get-users-id", "One of the people"), s.getUser)
	signedIn(s, op(http.MethodPatch, "/api/v1/users/{id}", "patch-users-id", "Change somebody"), s.patchUser)
	signedInOne(s, status(op(http.MethodPost, "/api/v1/users/{id}/invite", "post-users-id-invite", "Send the invitation again"), http.StatusOK), s.inviteAgain)
}

func newUser(p account.Person) User {
	return User{
		ID: p.ID, Name: p.Name, Email: p.Email, Role: p.Role, AllInboxes: p.AllInboxes, InboxIDs: list(p.InboxIDs),
		Invited: p.InvitedAt != nil, Disabled: p.DisabledAt != nil, LastSeenAt: p.LastSeenAt, CreatedAt: p.CreatedAt,
	}
}

func userBody(p account.Person, err error) (*Body[User], error) {
	if err != nil {
		return nil, err
	}
	return &Body[User]{newUser(p)}, nil
}

func (s *Server) listUsers(ctx context.Context, actor parley.Actor, in *Paging) (*Body[Page[User]], error) {
	after, err := idCursor[parley.User](*in)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Account.Users(ctx, actor, after, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]User, len(rows))
	for i, p := range rows {
		items[i] = newUser(p)
	}
	return newPage(items, cursorOf(next)), nil
}

func (s *Server) inviteUser(ctx context.Context, actor parley.Actor, in *Body[UserBody]) (*Body[User], error) {
	b := in.Body
	return userBody(s.Account.Invite(ctx, actor, account.NewUser{Email: b.Email, Name: b.Name, Role: b.Role, AllInboxes: b.AllInboxes, InboxIDs: b.InboxIDs}))
}

func (s *Server) getUser(ctx context.Context, actor parley.Actor, in *struct {
	ID parley.UserID `path:"id"`
},
) (*Body[User], error) {
	return userBody(s.Account.User(ctx, actor, in.ID))
}

func (s *Server) patchUser(ctx context.Context, actor parley.Actor, in *struct {
	ID   parley.UserID `path:"id"`
	Body UserPatch
},
) (*Body[User], error) {
	b := in.Body
	return userBody(s.Account.UpdateUser(ctx, actor, in.ID, account.UserChange{
		Name: b.Name, Role: b.Role, AllInboxes: b.AllInboxes, InboxIDs: b.InboxIDs, Disabled: b.Disabled,
	}))
}

func (s *Server) inviteAgain(ctx context.Context, actor parley.Actor, in *struct {
	ID parley.UserID `path:"id"`
},
) (*Body[InviteLink], error) {
	link, err := s.Account.InviteAgain(ctx, actor, in.ID)
	return &Body[InviteLink]{InviteLink{Link: link}}, err
}
