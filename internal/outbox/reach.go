package outbox

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

// Unreached says why a contact cannot be written to; empty: they can.
type Unreached string

// The reasons.
const (
	NoEmail     Unreached = "no_email"
	NoPhone     Unreached = "no_phone"
	OptedOut    Unreached = "opted_out"
	Blocked     Unreached = "blocked"
	Bounced     Unreached = "bounced"     // mail to the address came back for good
	Unreachable Unreached = "unreachable" // texts do not arrive there
)

// Reach is whether and where a contact can be written to on a channel.
type Reach struct {
	ChannelID parley.ChannelID
	Why       Unreached
	Points    []PointReach
}

// PointReach is one of their addresses or numbers.
type PointReach struct {
	Value string
	Why   Unreached
}

// maxReach bounds the channels that are asked about.
const maxReach = 200

// Reaches tells on which channels, among those that the actor may write on, a
// contact can be written to. What bounced or did not arrive may be tried again.
func (s *Service) Reaches(ctx context.Context, actor parley.Actor, id parley.ContactID) ([]Reach, error) {
	var out []Reach
	err := s.db.View(ctx, func(tx *store.Tx) error {
		out = nil
		person, err := tx.ContactByID(ctx, actor.AccountID, id)
		if errors.Is(err, store.ErrNoRow) {
			return parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
		}
		if err != nil {
			return fmt.Errorf("load contact: %w", err)
		}
		channels, err := tx.ListChannels(ctx, actor.AccountID, 0, maxReach)
		if err != nil {
			return fmt.Errorf("list channels: %w", err)
		}
		for _, ch := range channels {
			if ch.DisabledAt == nil && actor.May(parley.Write, ch.InboxID) {
				out = append(out, reachOn(ch, person))
			}
		}
		return nil
	})
	return out, err
}

func reachOn(ch parley.Channel, person parley.Contact) Reach {
	r := Reach{ChannelID: ch.ID, Why: NoEmail, Points: []PointReach{}}
	kind := parley.PointEmail
	if ch.Type == setting.Text {
		kind, r.Why = parley.PointPhone, NoPhone
	}
	for _, p := range person.Points {
		if p.Kind != kind {
			continue
		}
		point := PointReach{Value: p.Value, Why: pointFault(p)}
		if point.Why != OptedOut { // anything else may be tried
			r.Why = ""
		} else if len(r.Points) == 0 {
			r.Why = OptedOut
		}
		r.Points = append(r.Points, point)
	}
	if person.BlockedAt != nil {
		r.Why = Blocked
	}
	return r
}

func pointFault(p parley.Point) Unreached {
	switch {
	case p.OptedOutAt != nil:
		return OptedOut
	case p.BouncedAt == nil:
		return ""
	case p.Kind == parley.PointPhone:
		return Unreachable
	}
	return Bounced
}
