package api

import (
	"context"
	"net/http"

	"parley/internal/parley"
)

// Sample adds the sample data of an invented business to an account, and takes it away again.
type Sample interface {
	Add(ctx context.Context, actor parley.Actor) error
	Remove(ctx context.Context, actor parley.Actor) error
}

func (s *Server) registerSample() {
	signedIn(s, op(http.MethodPost, "/api/v1/sample", "post-sample", "Add sample data"), s.addSample)
	signedIn(s, status(op(http.MethodDelete, "/api/v1/sample", "delete-sample", "Remove the sample data"), http.StatusNoContent), s.removeSample)
}

func (s *Server) addSample(ctx context.Context, actor parley.Actor, _ *struct{}) (*Body[Me], error) {
	if err := s.Sample.Add(ctx, actor); err != nil {
		return nil, err
	}
	me, err := s.me(ctx, actor)
	return &Body[Me]{me}, err
}

func (s *Server) removeSample(ctx context.Context, actor parley.Actor, _ *struct{}) (*Empty, error) {
	return &Empty{}, s.Sample.Remove(ctx, actor)
}
