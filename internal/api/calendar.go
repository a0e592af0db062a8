package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/parley"
)

// Calendar is an invitation.
type Calendar struct {
	Method      string     `json:"method" doc:"REQUEST, CANCEL, REPLY and so on (RFC 5546); may be empty."`
	Summary     string     `json:"summary"`
	Start       *time.Time `json:"start"`
	End         *time.Time `json:"end"`
	AllDay      bool       `json:"all_day" doc:"start and end are days: midnight UTC, end the day behind the last."`
	Location    string     `json:"location"`
	Organizer   *Person    `json:"organizer"`
	Attendees   []Person   `json:"attendees"`
	Description string     `json:"description"`
}

func (s *Server) registerCalendar() {
	signedInOne(s, op(http.MethodGet, "/api/v1/attachments/{id}/calendar", "get-attachments-id-calendar", "What an invitation asks"), s.getCalendar)
}

func (s *Server) getCalendar(ctx context.Context, actor parley.Actor, in *struct {
	ID parley.AttachmentID `path:"id"`
},
) (*Body[Calendar], error) {
	c, err := s.Outbox.Invitation(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := Calendar{
		Method: c.Method, Summary: c.Summary, Start: known(c.Start), End: known(c.End), AllDay: c.AllDay, Location: c.Location,
		Attendees: people(c.Attendees), Description: c.Description,
	}
	if c.Organizer.Email != "" {
		out.Organizer = &Person{c.Organizer.Name, c.Organizer.Email, ""}
	}
	return &Body[Calendar]{out}, nil
}

// known is a time that was said.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
