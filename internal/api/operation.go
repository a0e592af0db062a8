package api

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley/internal/parley"
)

// cookieName is the session cookie.
const cookieName = "parley_session"

// maxBody bounds a JSON body, in bytes: mails with pasted images arrive as attachments, not here.
const maxBody = 5 << 20

// Body wraps an answer's JSON body, as huma wants it.
type Body[T any] struct{ Body T }

// Empty is an answer without a body: 204.
type Empty struct{}

// Page is a list's answer.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor" doc:"Pass it as cursor for the next page; empty at the end."`
}

func newPage[T any](items []T, next string) *Body[Page[T]] {
	if items == nil {
		items = []T{}
	}
	return &Body[Page[T]]{Page[T]{Items: items, NextCursor: next}}
}

// Paging is a list's question; embed it in the input.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many items at most."`
	Cursor string `query:"cursor" maxLength:"500" doc:"next_cursor of the page before."`
}

// op describes an operation; id is unique and becomes the client's name for it.
func op(method, path, id, summary string) huma.Operation {
	o := huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary,
		Tags:         []string{strings.Split(strings.TrimPrefix(path, "/api/v1/"), "/")[0]},
		MaxBodyBytes: maxBody,
		Security:     []map[string][]string{{"session": {}}, {"token": {}}},
	}
	if method == http.MethodPost {
		o.DefaultStatus = http.StatusCreated
	}
	return o
}

// status changes the status of success.
func status(o huma.Operation, code int) huma.Operation {
	o.DefaultStatus = code
	return o
}

// whole is what every operation with a body gives to huma, which makes code for
// each type that it is given: with types of our own for all answers the program
// would be a megabyte larger.
type whole struct{ Body any }

// describeBody says what a body of type T looks like, as huma would.
func describeBody[T any](s *Server, o *huma.Operation) {
	if o.DefaultStatus == 0 {
		o.DefaultStatus = http.StatusOK
	}
	field, _ := reflect.TypeFor[Body[T]]().FieldByName("Body")
	o.Responses = map[string]*huma.Response{strconv.Itoa(o.DefaultStatus): {
		Content: map[string]*huma.MediaType{"application/json": {Schema: huma.SchemaFromField(s.huma.OpenAPI().Components.Schemas, field, o.OperationID+"Response")}},
	}}
}

// signedIn registers an operation for whoever is signed in. The handler returns
// a *parley.Error for what a person may hear; anything else is logged once, here.
func signedIn[I, T any](s *Server, o huma.Operation, handle func(context.Context, parley.Actor, *I) (*Body[T], error)) {
	o.Middlewares = append(o.Middlewares, s.authenticate)
	describeBody[T](s, &o)
	huma.Register(s.huma, o, func(ctx context.Context, in *I) (*whole, error) {
		out, err := handle(ctx, actorOf(ctx), in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return &whole{out.Body}, nil
	})
}

// oneID is what every operation on one thing alone takes from huma, for the reason
// that whole is what it gives.
type oneID struct {
	ID int64 `path:"id"`
}

// signedInOne is signedIn for operations that take an id and nothing else.
func signedInOne[K, T any, I ~struct {
	ID parley.ID[K] `path:"id"`
}](s *Server, o huma.Operation, handle func(context.Context, parley.Actor, *I) (*Body[T], error)) {
	signedIn(s, o, func(ctx context.Context, actor parley.Actor, in *oneID) (*Body[T], error) {
		return handle(ctx, actor, &I{ID: parley.ID[K](in.ID)})
	})
}

// signedInOneTo is signedInOne for answers that are not JSON.
func signedInOneTo[K, O any, I ~struct {
	ID parley.ID[K] `path:"id"`
}](s *Server, o huma.Operation, handle func(context.Context, parley.Actor, *I) (*O, error)) {
	signedInTo(s, o, func(ctx context.Context, actor parley.Actor, in *oneID) (*O, error) {
		return handle(ctx, actor, &I{ID: parley.ID[K](in.ID)})
	})
}

// signedInTo is signedIn for answers that are not JSON: none, or a file.
func signedInTo[I, O any](s *Server, o huma.Operation, handle func(context.Context, parley.Actor, *I) (*O, error)) {
	o.Middlewares = append(o.Middlewares, s.authenticate)
	huma.Register(s.huma, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, actorOf(ctx), in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// public registers an operation for anybody.
func public[I, T any](s *Server, o huma.Operation, handle func(context.Context, *I) (*Body[T], error)) {
	o.Security = nil
	describeBody[T](s, &o)
	huma.Register(s.huma, o, func(ctx context.Context, in *I) (*whole, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return &whole{out.Body}, nil
	})
}

// publicTo is public for answers that are not JSON.
func publicTo[I, O any](s *Server, o huma.Operation, handle func(context.Context, *I) (*O, error)) {
	o.Security = nil
	huma.Register(s.huma, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

type actorKey struct{}

// actorOf hands over what authenticate found. The context carries it only from
// the middleware to the wrapper above; services take the actor as a parameter.
func actorOf(ctx context.Context) parley.Actor {
	a, _ := ctx.Value(actorKey{}).(parley.Actor)
	return a
}

func (s *Server) authenticate(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	actor, err := s.actor(r)
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	next(huma.WithValue(ctx, actorKey{}, actor))
}

// actor says who sent the request.
func (s *Server) actor(r *http.Request) (parley.Actor, error) {
	cookie := ""
	if c, err := r.Cookie(cookieName); err == nil {
		cookie = c.Value
	}
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	actor, err := s.Auth.Authenticate(r.Context(), cookie, strings.TrimSpace(bearer))
	if err != nil {
		return parley.Actor{}, err
	}
	actor.Once = onceOf(r.Context())
	return actor, nil
}
