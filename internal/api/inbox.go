package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/parley"
	"parley/internal/setting"
)

// Inbox is a team's queue.
type Inbox struct {
	ID                parley.InboxID      `json:"id"`
	Name              string              `json:"name"`
	Color             string              `json:"color" enum:"indigo,green,orange,pink,blue,teal,red,grey"`
	AssigneeRule      parley.AssigneeRule `json:"assignee_rule" enum:"nobody,user,contact_owner,round_robin,least_busy" doc:"Who gets new conversations."`
	DefaultAssigneeID *int64              `json:"default_assignee_id" doc:"The user, where the rule is user."`
	AssignOnReply     bool                `json:"assign_on_reply" doc:"The first reply to an unassigned conversation takes it."`
	MemberIDs         []parley.UserID     `json:"member_ids" doc:"Users who were given it by name; who sees all inboxes sees it too."`
	CreatedAt         time.Time           `json:"created_at"`
}

// InboxBody makes an inbox.
type InboxBody struct {
	Name string `json:"name" maxLength:"200"`
	InboxFields
}

// InboxPatch changes an inbox.
type InboxPatch struct {
	Name *string `json:"name,omitempty" maxLength:"200"`
	InboxFields
}

// InboxFields are what InboxBody and InboxPatch share.
type InboxFields struct {
	Color             *string              `json:"color,omitempty" enum:"indigo,green,orange,pink,blue,teal,red,grey"`
	AssigneeRule      *parley.AssigneeRule `json:"assignee_rule,omitempty" enum:"nobody,user,contact_owner,round_robin,least_busy"`
	DefaultAssigneeID Field[parley.UserID] `json:"default_assignee_id,omitempty"`
	AssignOnReply     *bool                `json:"assign_on_reply,omitempty"`
	MemberIDs         *[]parley.UserID     `json:"member_ids,omitempty" maxItems:"1000"`
}

func (s *Server) registerInboxes() {
	signedIn(s, op(http.MethodGet, "/api/v1/inboxes", "get-inboxes", "The inboxes that you see"), s.listInboxes)
	signedIn(s, op(http.MethodPost, "/api/v1/inboxes", "post-inboxes", "Make an inbox"), s.createInbox)
	signedInOne(s, op(http.MethodGet, "/api/v1/inboxes/{id}", "get-inboxes-id", "An inbox"), s.getInbox)
	signedIn(s, op(http.MethodPatch, "/api/v1/inboxes/{id}", "patch-inboxes-id", "Change an inbox"), s.patchInbox)
	signedInOneTo(s, status(op(http.MethodDelete, "/api/v1/inboxes/{id}", "delete-inboxes-id", "Archive an inbox"), http.StatusNoContent), s.archiveInbox)
}

func newInbox(i setting.Inbox) Inbox {
	return Inbox{
		ID: i.ID, Name: i.Name, Color: i.Color, AssigneeRule: i.AssigneeRule, DefaultAssigneeID: ref(i.DefaultAssigneeID),
		AssignOnReply: i.AssignOnReply, MemberIDs: list(i.MemberIDs), CreatedAt: i.CreatedAt,
	}
}

func inboxBody(i setting.Inbox, err error) (*Body[Inbox], error) {
	if err != nil {
		return nil, err
	}
	return &Body[Inbox]{newInbox(i)}, nil
}

func (f InboxFields) change(name *string) setting.InboxChange {
	c := setting.InboxChange{Name: name, Color: f.Color, AssigneeRule: f.AssigneeRule, AssignOnReply: f.AssignOnReply, MemberIDs: f.MemberIDs}
	if f.DefaultAssigneeID.Set {
		c.DefaultAssigneeID = &f.DefaultAssigneeID.Value // null: nobody
	}
	return c
}

func (s *Server) listInboxes(ctx context.Context, actor parley.Actor, in *Paging) (*Body[Page[Inbox]], error) {
	after, err := idCursor[parley.Inbox](*in)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Setting.Inboxes(ctx, actor, after, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Inbox, len(rows))
	for i, r := range rows {
		items[i] = newInbox(r)
	}
	return newPage(items, cursorOf(next)), nil
}

func (s *Server) createInbox(ctx context.Context, actor parley.Actor, in *Body[InboxBody]) (*Body[Inbox], error) {
	return inboxBody(s.Setting.CreateInbox(ctx, actor, in.Body.change(&in.Body.Name)))
}

func (s *Server) getInbox(ctx context.Context, actor parley.Actor, in *struct {
	ID parley.InboxID `path:"id"`
},
) (*Body[Inbox], error) {
	return inboxBody(s.Setting.Inbox(ctx, actor, in.ID))
}

func (s *Server) patchInbox(ctx context.Context, actor parley.Actor, in *struct {
	ID   parley.InboxID `path:"id"`
	Body InboxPatch
},
) (*Body[Inbox], error) {
	return inboxBody(s.Setting.UpdateInbox(ctx, actor, in.ID, in.Body.change(in.Body.Name)))
}

func (s *Server) archiveInbox(ctx context.Context, actor parley.Actor, in *struct {
	ID parley.InboxID `path:"id"`
},
) (*Empty, error) {
	return &Empty{}, s.Setting.ArchiveInbox(ctx, actor, in.ID)
}
