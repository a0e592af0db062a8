package api

import (
	"context"
	"net/http"

	"parley/internal/parley"
)

// SpamPoint is an address or number that would be blocked.
type SpamPoint struct {
	Kind  string `json:"kind" enum:"email,phone"`
	Value string `json:"value"`
}

// SpamPreview is what marking as spam would do.
type SpamPreview struct {
	Contact       string      `json:"contact"`
	Points        []SpamPoint `json:"points"`
	Conversations int         `json:"conversations" doc:"That would leave the inboxes, exact up to 1000."`
}

func (s *Server) registerSpam(one string) {
	signedInOne(s, op(http.MethodGet, one+"/spam", "get-conversations-id-spam", "What marking as spam would block"), s.previewSpam)
	signedIn(s, status(op(http.MethodPost, one+"/spam", "post-conversations-id-spam", "Mark the contact and all its conversations as spam"), http.StatusOK), s.markSpam)
	signedInOne(s, status(op(http.MethodPost, one+"/not-spam", "post-conversations-id-not-spam", "Bring them back as they were"), http.StatusOK), s.markNotSpam)
}

func (s *Server) previewSpam(ctx context.Context, actor parley.Actor, in *ConversationInput) (*Body[SpamPreview], error) {
	p, err := s.Conversation.PreviewSpam(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := SpamPreview{Contact: p.Contact.Display(), Points: []SpamPoint{}, Conversations: p.Conversations}
	for _, point := range p.Contact.Points {
		out.Points = append(out.Points, SpamPoint{string(point.Kind), point.Value})
	}
	return &Body[SpamPreview]{out}, nil
}

func (s *Server) markSpam(ctx context.Context, actor parley.Actor, in *struct {
	ConversationInput
	Body *struct {
		Why string `json:"why,omitempty"`
	}
},
) (*Body[Conversation], error) {
	why := ""
	if in.Body != nil {
		why = in.Body.Why
	}
	return conversationBody(s.Conversation.Spam(ctx, actor, in.ID, why))
}

func (s *Server) markNotSpam(ctx context.Context, actor parley.Actor, in *ConversationInput) (*Body[Conversation], error) {
	return conversationBody(s.Conversation.NotSpam(ctx, actor, in.ID))
}
