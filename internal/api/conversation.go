package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/conversation"
	"parley/internal/outbox"
	"parley/internal/parley"
)

// ConversationContact is what a row shows of its contact.
type ConversationContact struct {
	ID      parley.ContactID `json:"id"`
	Name    string           `json:"name"`
	Email   string           `json:"email"`
	Phone   string           `json:"phone"`
	Blocked bool             `json:"blocked"`
}

// ConversationRef names another conversation.
type ConversationRef struct {
	ID     parley.ConversationID `json:"id"`
	Number int64                 `json:"number"`
}

// SpamInfo says who blocked the contact, when and why.
type SpamInfo struct {
	ByID   *int64    `json:"by_id"`
	At     time.Time `json:"at"`
	Why    string    `json:"why"`
	Domain string    `json:"domain,omitempty" doc:"That is blocked whole; absent where the contact is."`
}

// QuietHours are those in which a contact is not to be disturbed.
type QuietHours struct {
	From     string     `json:"from" doc:"15:04, where the contact is."`
	To       string     `json:"to"`
	LocalNow string     `json:"local_now" doc:"The contact's time, with its offset from UTC."`
	Active   bool       `json:"active" doc:"It is one of them."`
	Until    *time.Time `json:"until" doc:"When they end; null: they are not on."`
}

func newQuiet(q *conversation.Quiet) *QuietHours {
	if q == nil {
		return nil
	}
	out := &QuietHours{From: q.From, To: q.To, LocalNow: q.LocalNow.Format(time.RFC3339), Active: q.Active}
	if q.Active {
		out.Until = new(q.Until.UTC())
	}
	return out
}

// Conversation is a conversation as the caller sees it.
type Conversation struct {
	ID              parley.ConversationID `json:"id"`
	Number          int64                 `json:"number" doc:"Counts per account, shown as #1234."`
	Subject         string                `json:"subject"`
	Preview         string                `json:"preview"`
	Status          string                `json:"status" enum:"open,closed"`
	Folder          string                `json:"folder" enum:"draft,open,snoozed,closed,spam,trash"`
	Spam            bool                  `json:"spam"`
	Draft           bool                  `json:"draft"`
	Priority        int                   `json:"priority"`
	Source          string                `json:"source" enum:"inbound,user,form,automation,api,import"`
	InboxID         parley.InboxID        `json:"inbox_id"`
	ChannelID       parley.ChannelID      `json:"channel_id"`
	ChannelType     string                `json:"channel_type" enum:"email,sms"`
	Phone           string                `json:"phone,omitempty" doc:"Of sms: the contact's number, E.164."`
	AssigneeID      *int64                `json:"assignee_id"`
	Contact         ConversationContact   `json:"contact"`
	CreatedAt       time.Time             `json:"created_at"`
	ClosedAt        *time.Time            `json:"closed_at"`
	FirstResponseAt *time.Time            `json:"first_response_at"`
	LastInboundAt   *time.Time            `json:"last_inbound_at"`
	LastOutboundAt  *time.Time            `json:"last_outbound_at"`
	LastMessageAt   time.Time             `json:"last_message_at"`
	WaitingSince    *time.Time            `json:"waiting_since" doc:"The oldest message of the contact that nobody answered."`
	SnoozedUntil    *time.Time            `json:"snoozed_until"`
	Unread          bool                  `json:"unread" doc:"By the caller."`
	LastSeq         parley.Seq            `json:"last_seq" doc:"Of the newest message or note: send it as seen_seq."`
	MessageCount    int                   `json:"message_count"`
	FailedCount     int                   `json:"failed_count"`
	Trouble         string                `json:"trouble,omitempty" enum:"failed,bounced,uncertain" doc:"Of failed_count the newest: what became of it."`
	HasAttachment   bool                  `json:"has_attachment"`
	Tags            []string              `json:"tags"`
	Fields          Object                `json:"fields"`
	FollowUpOf      *ConversationRef      `json:"follow_up_of"`
	MergedIntoID    *int64                `json:"merged_into_id"`
	SpamInfo        *SpamInfo             `json:"spam_info,omitempty" doc:"Of a single conversation only."`
	Participants    []Person              `json:"participants,omitempty" doc:"Of a single conversation only."`
	Quiet           *QuietHours           `json:"quiet,omitempty" doc:"Of a single conversation by text, where its channel has quiet hours."`
	ChannelOff      string                `json:"channel_off,omitempty" enum:"disabled,deleted" doc:"Of a single conversation only: nothing can be sent through its channel, which was switched off or deleted."`
	DraftPreview    *string               `json:"draft_preview" doc:"In the view drafts: the first words of the caller's draft."`
	ScheduledAt     *time.Time            `json:"scheduled_at" doc:"In the view scheduled: when its first message is due."`
}

func newConversation(r conversation.Row) Conversation {
	out := Conversation{
		ID: r.ID, Number: r.Number, Subject: r.Subject, Preview: r.Preview, Status: string(r.Status), Folder: string(r.Folder), Spam: r.Spam, Draft: r.Draft,
		Priority: r.Priority, Source: string(r.Source), InboxID: r.InboxID, ChannelID: r.ChannelID, ChannelType: r.ChannelType, Phone: r.Phone, AssigneeID: ref(r.AssigneeID),
		Contact:   ConversationContact{r.ContactID, r.ContactName, r.ContactEmail, r.ContactPhone, r.ContactBlocked},
		CreatedAt: r.CreatedAt, ClosedAt: r.ClosedAt, FirstResponseAt: r.FirstReplyAt, LastInboundAt: r.LastInboundAt, LastOutboundAt: r.LastOutboundAt,
		LastMessageAt: r.LastMessageAt, WaitingSince: r.WaitingSince, SnoozedUntil: r.SnoozedUntil, Unread: r.Unread, LastSeq: r.LastSeq,
		MessageCount: r.MessageCount, FailedCount: r.FailedCount, Trouble: r.Trouble, HasAttachment: r.HasAttachment, Tags: []string{}, Fields: Object(r.Fields),
		MergedIntoID: ref(r.MergedIntoID), DraftPreview: r.DraftPreview, ScheduledAt: r.ScheduledAt,
	}
	if r.FollowUpOfID != 0 {
		out.FollowUpOf = &ConversationRef{r.FollowUpOfID, r.FollowUpNumber}
	}
	return out
}

func newConversationDetail(d conversation.Detail) Conversation {
	out := newConversation(d.Row)
	out.Participants, out.Quiet, out.ChannelOff = people(d.Participants), newQuiet(d.Quiet), string(d.ChannelOff)
	if c := d.Contact; c.BlockedAt != nil {
		out.SpamInfo = &SpamInfo{ByID: ref(c.BlockedByID), At: *c.BlockedAt, Why: c.BlockedWhy}
	} else if b := d.Domain; b.ID != 0 {
		out.SpamInfo = &SpamInfo{ByID: ref(b.UserID), At: b.CreatedAt, Why: b.Why, Domain: b.Key}
	}
	return out
}

func newConversations(rows []conversation.Row) []Conversation {
	out := make([]Conversation, len(rows))
	for i, r := range rows {
		out[i] = newConversation(r)
	}
	return out
}

func conversationBody(d conversation.Detail, err error) (*Body[Conversation], error) {
	if err != nil {
		return nil, err
	}
	return &Body[Conversation]{newConversationDetail(d)}, nil
}

// ConversationInput names a conversation in a path.
type ConversationInput struct {
	ID parley.ConversationID `path:"id"`
}

type conversationsInput struct {
	Paging
	View       string           `query:"view" doc:"A built-in view; absent: all but spam, trash and others' drafts."`
	InboxID    parley.InboxID   `query:"inbox_id"`
	ChannelID  parley.ChannelID `query:"channel_id"`
	AssigneeID parley.UserID    `query:"assignee_id"`
	ContactID  parley.ContactID `query:"contact_id"`
	Sort       string           `query:"sort" doc:"newest, added or waiting; newest if absent."`
	Query      string           `query:"q" doc:"Words of subject, text and people; an address; or #number."`
	IDs        string           `query:"ids" maxLength:"2100" doc:"Only those of these ids, separated by commas, that the rest asks for."`
}

// ConversationPatch changes a conversation.
type ConversationPatch struct {
	AssigneeID Field[parley.UserID] `json:"assignee_id,omitempty" doc:"null: nobody."`
	InboxID    *parley.InboxID      `json:"inbox_id,omitempty"`
	Status     *parley.Status       `json:"status,omitempty" enum:"open,closed"`
	Subject    *string              `json:"subject,omitempty"`
	ContactID  *parley.ContactID    `json:"contact_id,omitempty"`
	Priority   *int                 `json:"priority,omitempty"`
	Fields     *Object              `json:"fields,omitempty"`
}

func (p ConversationPatch) change() conversation.Change {
	c := conversation.Change{InboxID: p.InboxID, Status: p.Status, Subject: p.Subject, ContactID: p.ContactID, Priority: p.Priority, Fields: (*parley.JSON)(p.Fields)}
	if p.AssigneeID.Set {
		c.AssigneeID = &p.AssigneeID.Value // null reads as 0: nobody
	}
	return c
}

// ConversationBody starts a conversation. One by text goes on in the open one of the number.
type ConversationBody struct {
	ChannelID     parley.ChannelID      `json:"channel_id"`
	ContactID     parley.ContactID      `json:"contact_id,omitempty"`
	To            Recipients            `json:"to,omitempty" doc:"An address, a number, or a list of people; instead of contact_id, or beside it."`
	Cc            []Person              `json:"cc,omitempty"`
	Bcc           []Person              `json:"bcc,omitempty"`
	Subject       *string               `json:"subject,omitempty"`
	Text          string                `json:"text,omitempty" doc:"Without text and html the conversation is a draft that only its creator sees."`
	HTML          string                `json:"html,omitempty"`
	AttachmentIDs []parley.AttachmentID `json:"attachment_ids,omitempty" maxItems:"100"`
	UndoSeconds   int                   `json:"undo_seconds,omitempty"`
	SendAt        *time.Time            `json:"send_at,omitempty"`
}

// CountsPage counts the views.
type CountsPage struct {
	Items []ViewCount `json:"items"`
}

// ViewCount is how many conversations a view has.
type ViewCount struct {
	View   string `json:"view"`
	Count  int    `json:"count" doc:"Exact up to 1000."`
	Capped bool   `json:"capped" doc:"There are more than count."`
}

func (s *Server) registerConversations() {
	const one = "/api/v1/conversations/{id}"
	signedIn(s, op(http.MethodGet, "/api/v1/conversations", "get-conversations", "Conversations of a view, filtered, sorted or searched"), s.listConversations)
	signedIn(s, op(http.MethodGet, "/api/v1/conversations/counts", "get-conversations-counts", "How many conversations each view has"), s.countConversations)
	signedIn(s, op(http.MethodPost, "/api/v1/conversations", "post-conversations", "Start a conversation"), s.startConversation)
	signedIn(s, op(http.MethodGet, "/api/v1/conversations/new-options", "get-conversations-new-options", "On which channels a contact can be written to, and where"), s.listReaches)
	signedInOne(s, op(http.MethodGet, one, "get-conversations-id", "A conversation"), s.getConversation)
	signedIn(s, op(http.MethodPatch, one, "patch-conversations-id", "Assign, move, close, reopen or edit a conversation"), s.patchConversation)
	signedInOneTo(s, status(op(http.MethodDelete, one, "delete-conversations-id", "Delete a draft conversation that was left empty"), http.StatusNoContent), s.deleteConversation)
	signedInTo(s, status(op(http.MethodPost, one+"/read", "post-conversations-id-read", "Move the caller's own cursor forward"), http.StatusNoContent), s.readConversation)
	signedInOneTo(s, status(op(http.MethodPost, one+"/unread", "post-conversations-id-unread", "Mark unread for the caller"), http.StatusNoContent), s.unreadConversation)
	signedInOne(s, op(http.MethodGet, one+"/related", "get-conversations-id-related", "Conversations that belong beside this one"), s.listRelated)
	s.registerSpam(one)
}

func (s *Server) listConversations(ctx context.Context, actor parley.Actor, in *conversationsInput) (*Body[Page[Conversation]], error) {
	ids, err := splitIDs[parley.Conversation](in.IDs)
	if err != nil {
		return nil, err
	}
	page, err := s.Conversation.List(ctx, actor, conversation.Filter{
		View: parley.View(in.View), InboxID: in.InboxID, ChannelID: in.ChannelID, AssigneeID: in.AssigneeID, ContactID: in.ContactID,
		IDs: ids, Sort: parley.Sort(in.Sort), Query: in.Query, Limit: in.Limit, Cursor: in.Cursor,
	})
	if err != nil {
		return nil, err
	}
	return newPage(newConversations(page.Rows), page.NextCursor), nil
}

// splitIDs reads "1,2,3", at most 100 of them; nil for nothing.
func splitIDs[K any](list string) ([]parley.ID[K], error) {
	if list == "" {
		return nil, nil
	}
	parts := strings.Split(list, ",")
	if len(parts) > 100 {
		return nil, parley.Errorf(parley.Invalid, "ids.too_many", "Ask for at most 100 ids at once.").On("ids")
	}
	out := make([]parley.ID[K], len(parts))
	for i, p := range parts {
		n, err := strconv.ParseInt(strings.TrimSpace(p), 10, 64)
		if err != nil || n <= 0 {
			return nil, parley.Errorf(parley.Invalid, "ids.invalid", "Give ids as numbers, separated by commas.").On("ids")
		}
		out[i] = parley.ID[K](n)
	}
	return out, nil
}

func (s *Server) countConversations(ctx context.Context, actor parley.Actor, in *struct {
	InboxID parley.InboxID `query:"inbox_id"`
},
) (*Body[CountsPage], error) {
	counts, err := s.Conversation.Counts(ctx, actor, in.InboxID)
	if err != nil {
		return nil, err
	}
	out := CountsPage{Items: make([]ViewCount, len(counts))}
	for i, c := range counts {
		out.Items[i] = ViewCount{string(c.View), c.N, c.Capped}
	}
	return &Body[CountsPage]{out}, nil
}

func (s *Server) startConversation(ctx context.Context, actor parley.Actor, in *struct{ Body ConversationBody }) (*Body[Conversation], error) {
	b := in.Body
	source := parley.FromAPI
	if actor.SessionID != 0 {
		source = parley.FromUser
	}
	id, err := s.Outbox.Start(ctx, actor, outbox.NewConversation{
		ChannelID: b.ChannelID, ContactID: b.ContactID, Source: source,
		Letter: outbox.Letter{
			Subject: b.Subject, Text: b.Text, HTML: b.HTML, To: addresses(b.To), Cc: addresses(b.Cc), Bcc: addresses(b.Bcc),
			AttachmentIDs: b.AttachmentIDs, UndoSeconds: b.UndoSeconds, SendAt: b.SendAt,
		},
	})
	if err != nil {
		return nil, err
	}
	return conversationBody(s.Conversation.Get(ctx, actor, id))
}

func (s *Server) getConversation(ctx context.Context, actor parley.Actor, in *ConversationInput) (*Body[Conversation], error) {
	return conversationBody(s.Conversation.Get(ctx, actor, in.ID))
}

func (s *Server) patchConversation(ctx context.Context, actor parley.Actor, in *struct {
	ConversationInput
	Body ConversationPatch
},
) (*Body[Conversation], error) {
	return conversationBody(s.Conversation.Update(ctx, actor, in.ID, in.Body.change()))
}

func (s *Server) deleteConversation(ctx context.Context, actor parley.Actor, in *ConversationInput) (*Empty, error) {
	return nil, s.Conversation.DeleteEmpty(ctx, actor, in.ID)
}

func (s *Server) readConversation(ctx context.Context, actor parley.Actor, in *struct {
	ConversationInput
	Body *struct {
		Seq parley.Seq `json:"seq,omitempty" doc:"Read up to here; absent: up to the newest."`
	}
},
) (*Empty, error) {
	var seq parley.Seq
	if in.Body != nil {
		seq = in.Body.Seq
	}
	return nil, s.Conversation.Read(ctx, actor, in.ID, seq)
}

func (s *Server) unreadConversation(ctx context.Context, actor parley.Actor, in *ConversationInput) (*Empty, error) {
	return nil, s.Conversation.MarkUnread(ctx, actor, in.ID)
}

func (s *Server) listRelated(ctx context.Context, actor parley.Actor, in *ConversationInput) (*Body[Page[Conversation]], error) {
	rows, err := s.Conversation.Related(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return newPage(newConversations(rows), ""), nil
}
