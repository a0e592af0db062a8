package api

import (
	"context"
	"net/http"

	"parley/internal/parley"
)

// MergePreviewBody is HTML to preview.
type MergePreviewBody struct {
	HTML      string `json:"html"`
	Signature bool   `json:"signature,omitempty" doc:"With the signature below."`
}

// MergePreview is what would be sent.
type MergePreview struct {
	HTML       string   `json:"html"`
	Text       string   `json:"text"`
	Unresolved []string `json:"unresolved" doc:"Fields without a value."`
	Unknown    []string `json:"unknown" doc:"What there is no field or filter of."`
}

// ConversationSignature is the signature that a message of the caller's would get.
type ConversationSignature struct {
	Level      string   `json:"level" enum:"account,inbox,channel,user," doc:"Empty: there is none."`
	HTML       string   `json:"html" doc:"With its fields filled in."`
	Text       string   `json:"text"`
	Unresolved []string `json:"unresolved"`
}

// CannedUse is a canned message as it goes into a letter.
type CannedUse struct {
	HTML        string       `json:"html" doc:"Merge fields are chips."`
	Subject     string       `json:"subject" doc:"For a conversation with its fields filled in: a subject has no chips."`
	Attachments []Attachment `json:"attachments" doc:"Copies, uploads of the caller."`
}

func (s *Server) registerCompose() {
	const one = "/api/v1/conversations/{id}"
	signedIn(s, status(op(http.MethodPost, one+"/merge-preview", "post-conversations-id-merge-preview", "What would be sent of a text with merge fields"), http.StatusOK), s.previewMerge)
	signedInOne(s, op(http.MethodGet, one+"/signature", "get-conversations-id-signature", "The signature that a message of yours would get"), s.getConversationSignature)
	signedIn(s, status(op(http.MethodPost, "/api/v1/canned-messages/{id}/use", "post-canned-messages-id-use", "Copy a canned message for a letter"), http.StatusOK), s.useCannedMessage)
}

func (s *Server) previewMerge(ctx context.Context, actor parley.Actor, in *struct {
	ConversationInput
	Body MergePreviewBody
},
) (*Body[MergePreview], error) {
	p, err := s.Outbox.Preview(ctx, actor, in.ID, in.Body.HTML, in.Body.Signature)
	if err != nil {
		return nil, err
	}
	return &Body[MergePreview]{MergePreview{p.HTML, p.Text, list(p.Unresolved), list(p.Unknown)}}, nil
}

func (s *Server) getConversationSignature(ctx context.Context, actor parley.Actor, in *ConversationInput) (*Body[ConversationSignature], error) {
	g, err := s.Outbox.Signature(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[ConversationSignature]{ConversationSignature{string(g.Level), g.HTML, g.Text, list(g.Unresolved)}}, nil
}

func (s *Server) useCannedMessage(ctx context.Context, actor parley.Actor, in *struct {
	CannedMessageInput
	Body *struct {
		ConversationID parley.ConversationID `json:"conversation_id,omitempty"`
	}
},
) (*Body[CannedUse], error) {
	var conversation parley.ConversationID
	if in.Body != nil {
		conversation = in.Body.ConversationID
	}
	c, err := s.Outbox.UseCanned(ctx, actor, in.ID, conversation)
	if err != nil {
		return nil, err
	}
	return &Body[CannedUse]{CannedUse{c.HTML, c.Subject, newAttachments(c.Attachments)}}, nil
}
