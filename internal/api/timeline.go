package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/conversation"
	"parley/internal/parley"
)

// MessageItem is a message in a timeline.
type MessageItem struct {
	Kind string `json:"kind" enum:"message"`
	Message
}

// NoteItem is a note for the team.
type NoteItem struct {
	Kind     string          `json:"kind" enum:"note"`
	ID       parley.NoteID   `json:"id"`
	At       time.Time       `json:"at"`
	Seq      parley.Seq      `json:"seq"`
	AuthorID *int64          `json:"author_id"`
	Text     string          `json:"text"`
	HTML     string          `json:"html" doc:"Sanitised; may be empty."`
	EditedAt *time.Time      `json:"edited_at"`
	Mentions []parley.UserID `json:"mentions" doc:"The users that it names."`
}

// EventItem is something that happened between the messages.
type EventItem struct {
	Kind      string     `json:"kind" enum:"event"`
	ID        parley.Seq `json:"id" doc:"The event's number."`
	At        time.Time  `json:"at"`
	Event     string     `json:"event" doc:"Such as conversation.assigned."`
	ActorID   *int64     `json:"actor_id"`
	MessageID *int64     `json:"message_id"`
	Data      Object     `json:"data" doc:"Ids and names of states."`
}

// TimelineItem is one of the three; kind tells which. It is encoded where it
// stands: a json.Marshaler around it would write a whole page twice.
type TimelineItem interface{ timelineItem() }

func (MessageItem) timelineItem() {}
func (NoteItem) timelineItem()    {}
func (EventItem) timelineItem()   {}

// oneOfThree stands for TimelineItem in the API's document.
type oneOfThree struct{}

// Schema implements huma.SchemaProvider.
func (oneOfThree) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{
		OneOf: []*huma.Schema{
			r.Schema(reflect.TypeFor[MessageItem](), true, "MessageItem"),
			r.Schema(reflect.TypeFor[NoteItem](), true, "NoteItem"),
			r.Schema(reflect.TypeFor[EventItem](), true, "EventItem"),
		},
		Discriminator: &huma.Discriminator{PropertyName: "kind", Mapping: map[string]string{
			"message": "#/components/schemas/MessageItem", "note": "#/components/schemas/NoteItem", "event": "#/components/schemas/EventItem",
		}},
	}
}

func newTimelineItems(items []conversation.Item) []TimelineItem {
	out := make([]TimelineItem, len(items))
	for i, item := range items {
		switch {
		case item.Message != nil:
			out[i] = MessageItem{"message", newMessage(*item.Message, item.Body)}
		case item.Note != nil:
			out[i] = newNote(*item.Note)
		default:
			e := item.Event
			out[i] = EventItem{"event", e.Seq, e.At, string(e.Kind), ref(e.ActorID), ref(e.MessageID), Object(e.Data)}
		}
	}
	return out
}

func newNote(n parley.Note) NoteItem {
	return NoteItem{"note", n.ID, n.CreatedAt, n.Seq, ref(n.AuthorID), n.Text, n.HTML, n.EditedAt, list(conversation.Mentions(n.HTML))}
}

func (s *Server) registerTimeline() {
	s.huma.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[TimelineItem](), reflect.TypeFor[oneOfThree]())
	signedIn(s, op(http.MethodGet, "/api/v1/conversations/{id}/timeline", "get-conversations-id-timeline", "Messages, notes and events in order"), s.listTimeline)
}

func (s *Server) listTimeline(ctx context.Context, actor parley.Actor, in *struct {
	ConversationInput
	Paging
	Order  string `query:"order" enum:"asc,desc" default:"asc" doc:"asc: oldest first."`
	Bodies string `query:"bodies" enum:"full,text" default:"full" doc:"text leaves the messages' HTML out."`
},
) (*Body[Page[TimelineItem]], error) {
	items, next, err := s.Conversation.Timeline(ctx, actor, in.ID, conversation.TimelineQuery{
		Newest: in.Order == "desc", HTML: in.Bodies != "text", Limit: in.Limit, Cursor: in.Cursor,
	})
	if err != nil {
		return nil, err
	}
	return newPage(newTimelineItems(items), next), nil
}
