package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/parley"
	"parley/internal/setting"
)

// CannedMessage is what users write once and send often.
type CannedMessage struct {
	ID          parley.CannedMessageID `json:"id"`
	Name        string                 `json:"name"`
	Shortcut    string                 `json:"shortcut" doc:"Typed behind a /; may be empty."`
	Folder      string                 `json:"folder" doc:"May be empty."`
	Shared      bool                   `json:"shared" doc:"Everybody's; else the caller's own."`
	OwnerID     *int64                 `json:"owner_id" doc:"Whose own it is; null if it is shared."`
	Subject     string                 `json:"subject" doc:"One line, with {{ merge fields }}; may be empty."`
	HTML        string                 `json:"html" doc:"Sanitised; merge fields are chips."`
	Text        string                 `json:"text" doc:"The plain twin, with {{ merge fields }}."`
	Attachments []Attachment           `json:"attachments"`
	Uses        int64                  `json:"uses"`
	LastUsedAt  *time.Time             `json:"last_used_at"`
	CreatedAt   time.Time              `json:"created_at"`
	UpdatedAt   time.Time              `json:"updated_at"`
}

// CannedMessageBody makes a canned message.
type CannedMessageBody struct {
	Name   string `json:"name" maxLength:"200"`
	HTML   string `json:"html" doc:"What the editor makes; {{ merge fields }} that stand in its text become chips."`
	Shared bool   `json:"shared,omitempty"`
	CannedMessageFields
}

// CannedMessagePatch changes a canned message.
type CannedMessagePatch struct {
	Name   *string `json:"name,omitempty" maxLength:"200"`
	HTML   *string `json:"html,omitempty"`
	Shared *bool   `json:"shared,omitempty"`
	CannedMessageFields
}

// CannedMessageFields are what CannedMessageBody and CannedMessagePatch share.
type CannedMessageFields struct {
	Shortcut      *string                `json:"shortcut,omitempty" maxLength:"100"`
	Folder        *string                `json:"folder,omitempty" maxLength:"200"`
	Subject       *string                `json:"subject,omitempty" maxLength:"1000"`
	AttachmentIDs *[]parley.AttachmentID `json:"attachment_ids,omitempty" maxItems:"100" doc:"Uploads of the caller, and files that it has already. Absent: those that it has."`
}

// CannedFolder is a folder of canned messages.
type CannedFolder struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// CannedFolders lists folders.
type CannedFolders struct {
	Items []CannedFolder `json:"items"`
}

// CannedMessageInput names a canned message in a path.
type CannedMessageInput struct {
	ID parley.CannedMessageID `path:"id"`
}

func (s *Server) registerCannedMessages() {
	const all, one = "/api/v1/canned-messages", "/api/v1/canned-messages/{id}"
	signedIn(s, op(http.MethodGet, all, "get-canned-messages", "Canned messages: the shared ones and your own, the most used first"), s.listCannedMessages)
	signedIn(s, op(http.MethodGet, all+"/folders", "get-canned-messages-folders", "The folders of canned messages"), s.listCannedFolders)
	signedIn(s, op(http.MethodPost, all, "post-canned-messages", "Make a canned message"), s.createCannedMessage)
	signedInOne(s, op(http.MethodGet, one, "get-canned-messages-id", "A canned message"), s.getCannedMessage)
	signedIn(s, op(http.MethodPatch, one, "patch-canned-messages-id", "Change a canned message"), s.patchCannedMessage)
	signedInOneTo(s, status(op(http.MethodDelete, one, "delete-canned-messages-id", "Delete a canned message"), http.StatusNoContent), s.deleteCannedMessage)
}

func newCannedMessage(c parley.CannedMessage) CannedMessage {
	return CannedMessage{
		ID: c.ID, Name: c.Name, Shortcut: c.Shortcut, Folder: c.Folder, Shared: c.Shared(), OwnerID: ref(c.OwnerID), Subject: c.Subject, HTML: c.HTML, Text: c.Text,
		Attachments: newAttachments(c.Attachments), Uses: c.Uses, LastUsedAt: c.LastUsedAt, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
}

func newAttachments(all []parley.Attachment) []Attachment {
	out := make([]Attachment, len(all))
	for i, a := range all {
		out[i] = newAttachment(a)
	}
	return out
}

func cannedBody(c parley.CannedMessage, err error) (*Body[CannedMessage], error) {
	if err != nil {
		return nil, err
	}
	return &Body[CannedMessage]{newCannedMessage(c)}, nil
}

func (f CannedMessageFields) change(name, html *string, shared *bool) setting.CannedChange {
	return setting.CannedChange{Name: name, HTML: html, Shared: shared, Shortcut: f.Shortcut, Folder: f.Folder, Subject: f.Subject, AttachmentIDs: f.AttachmentIDs}
}

func (s *Server) listCannedMessages(ctx context.Context, actor parley.Actor, in *struct {
	Paging
	Query  string `query:"q" maxLength:"200" doc:"A text that name, shortcut, subject or text hold: what means it most surely comes first."`
	Folder string `query:"folder" maxLength:"200"`
},
) (*Body[Page[CannedMessage]], error) {
	f := setting.CannedFilter{Query: in.Query, Limit: in.Limit, Cursor: in.Cursor}
	if in.Folder != "" {
		f.Folder = &in.Folder
	}
	rows, next, err := s.Setting.CannedMessages(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	items := make([]CannedMessage, len(rows))
	for i, c := range rows {
		items[i] = newCannedMessage(c)
	}
	return newPage(items, next), nil
}

func (s *Server) listCannedFolders(ctx context.Context, actor parley.Actor, _ *struct{}) (*Body[CannedFolders], error) {
	rows, err := s.Setting.CannedFolders(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := CannedFolders{Items: make([]CannedFolder, len(rows))}
	for i, f := range rows {
		out.Items[i] = CannedFolder{f.Name, f.Count}
	}
	return &Body[CannedFolders]{out}, nil
}

func (s *Server) createCannedMessage(ctx context.Context, actor parley.Actor, in *Body[CannedMessageBody]) (*Body[CannedMessage], error) {
	b := in.Body
	return cannedBody(s.Setting.CreateCannedMessage(ctx, actor, b.change(&b.Name, &b.HTML, &b.Shared)))
}

func (s *Server) getCannedMessage(ctx context.Context, actor parley.Actor, in *CannedMessageInput) (*Body[CannedMessage], error) {
	return cannedBody(s.Setting.CannedMessage(ctx, actor, in.ID))
}

func (s *Server) patchCannedMessage(ctx context.Context, actor parley.Actor, in *struct {
	CannedMessageInput
	Body CannedMessagePatch
},
) (*Body[CannedMessage], error) {
	b := in.Body
	return cannedBody(s.Setting.UpdateCannedMessage(ctx, actor, in.ID, b.change(b.Name, b.HTML, b.Shared)))
}

func (s *Server) deleteCannedMessage(ctx context.Context, actor parley.Actor, in *CannedMessageInput) (*Empty, error) {
	return &Empty{}, s.Setting.DeleteCannedMessage(ctx, actor, in.ID)
}
