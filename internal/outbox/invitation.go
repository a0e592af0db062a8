package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"

	"parley/internal/mime"
	"parley/internal/parley"
)

// Invitation is what a calendar file asks.
type Invitation = mime.Calendar

// maxInvitation bounds what is read of a calendar file: more than mime takes.
const maxInvitation = 2 << 20

// Invitation reads a file that the actor may see as a calendar's.
func (s *Service) Invitation(ctx context.Context, actor parley.Actor, id parley.AttachmentID) (out Invitation, err error) {
	a, err := s.Attachment(ctx, actor, id)
	if err != nil {
		return out, err
	}
	unread := parley.Errorf(parley.Invalid, "attachment.no_calendar", "This file is no invitation that can be read.")
	if a.Kind() != parley.CalendarFile || a.Size > maxInvitation {
		return out, unread
	}
	r, err := s.Open(ctx, actor, a.Blob)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	raw, err := io.ReadAll(io.LimitReader(r, maxInvitation))
	if err != nil {
		return out, fmt.Errorf("read invitation: %w", err)
	}
	if out, err = mime.ReadCalendar(raw); err != nil {
		return out, unread
	}
	return out, nil
}
