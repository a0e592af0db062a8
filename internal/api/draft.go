package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/parley"
)

// Draft is what the caller has written in a conversation and not sent yet.
type Draft struct {
	Mode      string    `json:"mode" enum:"reply,note"`
	Content   Object    `json:"content" doc:"The composer's own document: mode (reply, reply_all or forward), html, subject, to, cc, bcc, files."`
	Version   int64     `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
}

// DraftBody saves a draft.
type DraftBody struct {
	Mode        string `json:"mode" enum:"reply,note"`
	Content     Object `json:"content"`
	BaseVersion int64  `json:"base_version" minimum:"0" doc:"The version that this one was made from; 0: none yet."`
}

// DraftSaved answers a save.
type DraftSaved struct {
	Mode      string    `json:"mode" enum:"reply,note"`
	Version   int64     `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
}

// DraftList lists the caller's drafts in a conversation.
type DraftList struct {
	Items []Draft `json:"items"`
}

func newDraft(d parley.DraftMessage) Draft {
	return Draft{d.Mode, Object(d.Content), d.Version, d.UpdatedAt}
}

func (s *Server) registerDrafts() {
	const draft = "/api/v1/conversations/{id}/draft"
	signedInOne(s, op(http.MethodGet, draft, "get-conversations-id-draft", "The caller's drafts in a conversation"), s.listDrafts)
	signedIn(s, op(http.MethodPut, draft, "put-conversations-id-draft", "Save a draft"), s.saveDraft)
	signedInTo(s, status(op(http.MethodDelete, draft, "delete-conversations-id-draft", "Throw a draft away"), http.StatusNoContent), s.deleteDraft)
}

func (s *Server) listDrafts(ctx context.Context, actor parley.Actor, in *ConversationInput) (*Body[DraftList], error) {
	drafts, err := s.Conversation.Drafts(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := DraftList{Items: make([]Draft, len(drafts))}
	for i, d := range drafts {
		out.Items[i] = newDraft(d)
	}
	return &Body[DraftList]{out}, nil
}

func (s *Server) saveDraft(ctx context.Context, actor parley.Actor, in *struct {
	ConversationInput
	Body DraftBody
},
) (*Body[DraftSaved], error) {
	d, err := s.Conversation.SaveDraft(ctx, actor, in.ID, in.Body.Mode, parley.JSON(in.Body.Content), in.Body.BaseVersion)
	if parley.IsCode(err, parley.Conflict) && d.Version != 0 {
		return nil, extend(err, "draft", newDraft(d))
	}
	if err != nil {
		return nil, err
	}
	return &Body[DraftSaved]{DraftSaved{d.Mode, d.Version, d.UpdatedAt}}, nil
}

func (s *Server) deleteDraft(ctx context.Context, actor parley.Actor, in *struct {
	ConversationInput
	Mode string `query:"mode" enum:"reply,note" required:"true"`
},
) (*Empty, error) {
	return nil, s.Conversation.DeleteDraft(ctx, actor, in.ID, in.Mode)
}
