package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// maxAhead is how far a message may be scheduled, in years.
const maxAhead = 1

// Reschedule moves a message that waits for its time to another one; what is past
// is now. The time to undo that it may be in ends: it is scheduled from then on.
func (s *Service) Reschedule(ctx context.Context, actor parley.Actor, id parley.MessageID, at time.Time) (parley.Message, error) {
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		c, m, err := lockWritable(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if m.Delivery != parley.Scheduled {
			return tooLate(m)
		}
		if at.After(tx.Now().AddDate(maxAhead, 0, 0)) {
			return tooFar()
		}
		due := at.UTC().Truncate(time.Microsecond)
		if due.Before(tx.Now()) {
			due = tx.Now()
		}
		m.SendAt = &due
		switch err := tx.MoveJob(ctx, uniqueKey(m), due); {
		case errors.Is(err, store.ErrNoRow):
			return tooLate(m) // it is leaving
		case err != nil:
			return fmt.Errorf("move job: %w", err)
		}
		if err := tx.UpdateMessageDelivery(ctx, &m); err != nil {
			return fmt.Errorf("update message: %w", err)
		}
		if err := tx.SaveSchedule(ctx, m); err != nil {
			return fmt.Errorf("save schedule: %w", err)
		}
		e := eventOf(c, parley.MessageRescheduled, actor.UserID, nil)
		e.MessageID = m.ID
		tx.AppendEvent(e)
		return nil
	})
	if err != nil {
		return parley.Message{}, err
	}
	return s.Message(ctx, actor, id)
}

func tooLate(m parley.Message) error {
	return parley.Errorf(parley.Conflict, "message.too_late", "This message has left already.").With("delivery", string(m.Delivery))
}

func tooFar() *parley.Error {
	return parley.Errorf(parley.Invalid, "schedule.too_far", "A message can be scheduled for at most a year ahead.").On("send_at")
}

// Confirm says, by a person's word, that a message which may have arrived did.
func (s *Service) Confirm(ctx context.Context, actor parley.Actor, id parley.MessageID) (parley.Message, error) {
	return s.change(ctx, actor, id, func(tx *store.Tx, _ *parley.Conversation, m *parley.Message) error {
		switch m.Delivery {
		case parley.Sent, parley.Delivered:
			return nil // asked twice is once
		case parley.Uncertain:
		default:
			return parley.Errorf(parley.Conflict, "message.not_uncertain", "Only of a message that may have arrived can you say that it did.").With("delivery", string(m.Delivery))
		}
		for i := range m.Recipients {
			if r := &m.Recipients[i]; r.Delivery == parley.Uncertain {
				r.Delivery, r.Error = parley.Sent, ""
			}
		}
		if m.SentAt == nil {
			m.SentAt = new(tx.Now())
		}
		m.Summarise()
		return tx.DeleteManuscript(ctx, m.AccountID, m.ID)
	})
}
