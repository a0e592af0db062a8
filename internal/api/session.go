package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/account"
	"parley/internal/parley"
)

// SetupState says whether the installation waits for its first account.
type SetupState struct {
	Needed bool `json:"needed"`
}

// SetupBody is the first account and its owner.
type SetupBody struct {
	AccountName string `json:"account_name" maxLength:"200"`
	Name        string `json:"name" maxLength:"200" doc:"Of the owner."`
	Email       string `json:"email" maxLength:"254"`
	Password    string `json:"password" maxLength:"1000"`
	Timezone    string `json:"timezone,omitempty" maxLength:"100" doc:"IANA name; UTC if absent."`
}

// SignInBody is what somebody enters to sign in.
type SignInBody struct {
	Email     string           `json:"email" maxLength:"254"`
	Password  string           `json:"password" maxLength:"1000"`
	AccountID parley.AccountID `json:"account_id,omitempty" doc:"Chosen after a 409 session.choose_account."`
}

// ForgotBody asks for a link to choose a password.
type ForgotBody struct {
	Email string `json:"email" maxLength:"254"`
}

// LinkInfo is what an invitation or a reset is for.
type LinkInfo struct {
	Kind        string `json:"kind" enum:"invite,reset"`
	Name        string `json:"name"`
	Email       string `json:"email"`
	AccountName string `json:"account_name"`
}

// LinkBody chooses a password by a link.
type LinkBody struct {
	Token    string `json:"token" maxLength:"500"`
	Password string `json:"password" maxLength:"1000"`
	Name     string `json:"name,omitempty" maxLength:"200"`
}

// Session is a browser that is signed in.
type Session struct {
	ID         parley.SessionID `json:"id"`
	Current    bool             `json:"current"`
	UserAgent  string           `json:"user_agent"`
	RemoteAddr string           `json:"remote_addr"`
	CreatedAt  time.Time        `json:"created_at"`
	LastSeenAt time.Time        `json:"last_seen_at"`
}

// AccountChoice is one of several accounts that an email and password are right in.
type AccountChoice struct {
	ID   parley.AccountID `json:"id"`
	Name string           `json:"name"`
}

// WithCookie is an answer that also sets, or takes away, the session cookie.
type WithCookie[T any] struct {
	SetCookie string `header:"Set-Cookie"`
	Body      T
}

// NoBodyWithCookie is WithCookie without a body.
type NoBodyWithCookie struct {
	SetCookie string `header:"Set-Cookie"`
}

// browser is who asks; embed it in the input.
type browser struct{ client account.Client }

// Resolve implements huma.Resolver.
func (b *browser) Resolve(ctx huma.Context) []error {
	b.client = account.Client{UserAgent: ctx.Header("User-Agent"), RemoteAddr: ctx.RemoteAddr()}
	return nil
}

func (s *Server) registerSession() {
	public(s, op(http.MethodGet, "/api/v1/setup", "get-setup", "Is the installation set up?"), s.getSetup)
	publicTo(s, op(http.MethodPost, "/api/v1/setup", "post-setup", "Make the first account"), s.setup)
	publicTo(s, status(op(http.MethodPost, "/api/v1/session", "post-session", "Sign in"), http.StatusOK), s.signIn)
	signedInTo(s, status(op(http.MethodDelete, "/api/v1/session", "delete-session", "Sign out"), http.StatusNoContent), s.signOut)
	signedIn(s, op(http.MethodGet, "/api/v1/session/list", "get-session-list", "Your signed-in browsers"), s.listSessions)
	signedInOneTo(s, status(op(http.MethodDelete, "/api/v1/session/list/{id}", "delete-session-list-id", "Sign a browser out"), http.StatusNoContent), s.endSession)
	publicTo(s, status(op(http.MethodPost, "/api/v1/session/forgot", "post-session-forgot", "Ask for a link to choose a password"), http.StatusNoContent), s.forgot)
	public(s, op(http.MethodGet, "/api/v1/session/link", "get-session-link", "What a link is for"), s.getLink)
	publicTo(s, status(op(http.MethodPost, "/api/v1/session/link", "post-session-link", "Choose a password by a link"), http.StatusOK), s.useLink)
}

func (s *Server) getSetup(ctx context.Context, _ *struct{}) (*Body[SetupState], error) {
	needed, err := s.Account.SetupNeeded(ctx)
	return &Body[SetupState]{SetupState{Needed: needed}}, err
}

func (s *Server) setup(ctx context.Context, in *struct {
	browser
	Body SetupBody
},
) (*WithCookie[Me], error) {
	b := in.Body
	signed, err := s.Account.Setup(ctx, account.NewAccount{
		Name: b.AccountName, Timezone: b.Timezone,
		Owner: account.NewOwner{Name: b.Name, Email: b.Email, Password: b.Password},
	}, in.client)
	return s.signedInAs(ctx, signed, err)
}

func (s *Server) signIn(ctx context.Context, in *struct {
	browser
	Body SignInBody
},
) (*WithCookie[Me], error) {
	b := in.Body
	signed, err := s.Account.SignIn(ctx, account.SignIn{Email: b.Email, Password: b.Password, AccountID: b.AccountID}, in.client)
	if choice, ok := errors.AsType[*account.ChooseAccountError](err); ok {
		accounts := []AccountChoice{}
		for _, a := range choice.Accounts {
			accounts = append(accounts, AccountChoice{ID: a.ID, Name: a.Name})
		}
		return nil, extend(err, "accounts", accounts)
	}
	return s.signedInAs(ctx, signed, err)
}

// signedInAs answers a new session with its cookie and user.
func (s *Server) signedInAs(ctx context.Context, in account.SignedIn, err error) (*WithCookie[Me], error) {
	if err != nil {
		return nil, err
	}
	me, err := s.me(ctx, in.Actor)
	return &WithCookie[Me]{SetCookie: s.cookie(in.Cookie, int(in.ExpiresAt.Sub(s.Now()).Seconds())), Body: me}, err
}

// cookie is the session cookie; an age below zero takes it away.
func (s *Server) cookie(value string, age int) string {
	c := http.Cookie{Name: cookieName, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
	return c.String()
}

func (s *Server) signOut(ctx context.Context, actor parley.Actor, _ *struct{}) (*NoBodyWithCookie, error) {
	return &NoBodyWithCookie{SetCookie: s.cookie("", -1)}, s.Account.SignOut(ctx, actor)
}

func (s *Server) listSessions(ctx context.Context, actor parley.Actor, in *Paging) (*Body[Page[Session]], error) {
	before, err := idCursor[parley.Session](*in)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Account.Sessions(ctx, actor, before, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Session, len(rows))
	for i, r := range rows {
		items[i] = Session{ID: r.ID, Current: r.ID == actor.SessionID, UserAgent: r.UserAgent, RemoteAddr: r.RemoteAddr, CreatedAt: r.CreatedAt, LastSeenAt: r.LastSeenAt}
	}
	return newPage(items, cursorOf(next)), nil
}

func (s *Server) endSession(ctx context.Context, actor parley.Actor, in *struct {
	ID parley.SessionID `path:"id"`
},
) (*Empty, error) {
	return &Empty{}, s.Account.EndSession(ctx, actor, in.ID)
}

func (s *Server) forgot(_ context.Context, in *struct {
	browser
	Body ForgotBody
},
) (*Empty, error) {
	s.Account.Forgot(in.Body.Email, in.client)
	return &Empty{}, nil
}

func (s *Server) getLink(ctx context.Context, in *struct {
	Token string `query:"token" required:"true" maxLength:"500"`
},
) (*Body[LinkInfo], error) {
	l, err := s.Account.Link(ctx, in.Token)
	return &Body[LinkInfo]{LinkInfo{Kind: string(l.Kind), Name: l.Name, Email: l.Email, AccountName: l.AccountName}}, err
}

func (s *Server) useLink(ctx context.Context, in *struct {
	browser
	Body LinkBody
},
) (*WithCookie[Me], error) {
	signed, err := s.Account.UseLink(ctx, in.Body.Token, in.Body.Password, in.Body.Name, in.client)
	return s.signedInAs(ctx, signed, err)
}
