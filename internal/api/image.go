package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/parley"
)

func (s *Server) registerImages() {
	o := op(http.MethodGet, "/img/{signed}", "get-img-signed", "An image from elsewhere, of a message's HTML")
	o.Hidden = true // its addresses stand in a message's document; nobody makes them up
	signedInTo(s, o, s.getImage)
}

// getImage answers only for a message that the actor may see.
func (s *Server) getImage(ctx context.Context, actor parley.Actor, in *struct {
	Signed string `path:"signed"`
},
) (*huma.StreamResponse, error) {
	ref, err := s.Images.Read(in.Signed)
	if err == nil && ref.Account != actor.AccountID {
		err = parley.Errorf(parley.NotFound, "image.unavailable", "This image cannot be shown.")
	}
	if err != nil {
		return nil, err
	}
	if _, err := s.Outbox.Message(ctx, actor, ref.Message); err != nil {
		return nil, err
	}
	body, kind, err := s.Images.Fetch(ctx, ref)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", kind)
		ctx.SetHeader("Content-Disposition", "inline")
		ctx.SetHeader("Content-Security-Policy", "sandbox; default-src 'none'")
		ctx.SetHeader("Cache-Control", "private, max-age=86400, immutable")
		_, _ = ctx.BodyWriter().Write(body) // the reader is gone if this fails
	}}, nil
}
