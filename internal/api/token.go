package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/parley"
)

// Token is an API token without its secret.
type Token struct {
	ID         parley.TokenID `json:"id"`
	Name       string         `json:"name"`
	Hint       string         `json:"hint" doc:"Its last four characters."`
	CreatedAt  time.Time      `json:"created_at"`
	LastUsedAt *time.Time     `json:"last_used_at"`
}

// TokenBody makes a token.
type TokenBody struct {
	Name string `json:"name" maxLength:"200"`
}

// NewToken is a token with its secret, which is shown only now.
type NewToken struct {
	ID        parley.TokenID `json:"id"`
	Name      string         `json:"name"`
	Hint      string         `json:"hint"`
	CreatedAt time.Time      `json:"created_at"`
	Token     string         `json:"token" doc:"Send it as Authorization: Bearer. It is not shown again."`
}

func (s *Server) registerTokens() {
	signedIn(s, op(http.MethodGet, "/api/v1/tokens", "get-tokens", "Your API tokens"), s.listTokens)
	signedIn(s, op(http.MethodPost, "/api/v1/tokens", "post-tokens", "Make an API token"), s.createToken)
	signedInOneTo(s, status(op(http.MethodDelete, "/api/v1/tokens/{id}", "delete-tokens-id", "Revoke an API token"), http.StatusNoContent), s.revokeToken)
}

func (s *Server) listTokens(ctx context.Context, actor parley.Actor, in *Paging) (*Body[Page[Token]], error) {
	before, err := idCursor[parley.Token](*in)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Account.Tokens(ctx, actor, before, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Token, len(rows))
	for i, t := range rows {
		items[i] = Token{ID: t.ID, Name: t.Name, Hint: t.Hint, CreatedAt: t.CreatedAt, LastUsedAt: t.LastUsedAt}
	}
	return newPage(items, cursorOf(next)), nil
}

func (s *Server) createToken(ctx context.Context, actor parley.Actor, in *Body[TokenBody]) (*Body[NewToken], error) {
	t, err := s.Account.CreateToken(ctx, actor, in.Body.Name)
	return &Body[NewToken]{NewToken{ID: t.ID, Name: t.Name, Hint: t.Hint, CreatedAt: t.CreatedAt, Token: t.Secret}}, err
}

func (s *Server) revokeToken(ctx context.Context, actor parley.Actor, in *struct {
	ID parley.TokenID `path:"id"`
},
) (*Empty, error) {
	return &Empty{}, s.Account.RevokeToken(ctx, actor, in.ID)
}
