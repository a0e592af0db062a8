package api

import (
	"context"
	"net/http"

	"parley/internal/parley"
)

// Sample adds the sample data of an invented business to an account, and takes it away again.
type Sample interface {
	Add(ctx context.Context, actor parley.Actor) error
	Contents(ctx context.Context, actor parley.Actor) (parley.SampleContents, error)
	Remove(ctx context.Context, actor parley.Actor) error
}

// SampleData is what of the account is sample data: what removing it would take away.
type SampleData struct {
	Present       bool               `json:"present"`
	Conversations int                `json:"conversations"`
	Contacts      int                `json:"contacts"`
	UserIDs       []parley.UserID    `json:"user_ids"`
	InboxIDs      []parley.InboxID   `json:"inbox_ids"`
	ChannelIDs    []parley.ChannelID `json:"channel_ids"`
}

func (s *Server) registerSample() {
	signedIn(s, op(http.MethodGet, "/api/v1/sample", "get-sample", "What of the account is sample data"), s.getSample)
	signedIn(s, op(http.MethodPost, "/api/v1/sample", "post-sample", "Add sample data"), s.addSample)
	signedInTo(s, status(op(http.MethodDelete, "/api/v1/sample", "delete-sample", "Remove the sample data"), http.StatusNoContent), s.removeSample)
}

func (s *Server) getSample(ctx context.Context, actor parley.Actor, _ *struct{}) (*Body[SampleData], error) {
	c, err := s.Sample.Contents(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &Body[SampleData]{SampleData{
		Present: c.There, Conversations: c.Conversations, Contacts: c.Contacts,
		UserIDs: list(c.Users), InboxIDs: list(c.Inboxes), ChannelIDs: list(c.Channels),
	}}, nil
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
