package outbox

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
)

// Message gives a message that the actor may see.
func (s *Service) Message(ctx context.Context, actor parley.Actor, id parley.MessageID) (m parley.Message, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		m, err = visibleMessage(ctx, tx, actor, id, tx.MessageByID)
		return err
	})
	return m, err
}

// Body gives the text of a message that the actor may see.
func (s *Service) Body(ctx context.Context, actor parley.Actor, id parley.MessageID) (m parley.Message, b parley.Body, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		if m, err = visibleMessage(ctx, tx, actor, id, tx.MessageByID); err != nil {
			return err
		}
		b, err = tx.BodyByID(ctx, actor.AccountID, id)
		return err
	})
	return m, b, err
}

type messageLookup func(context.Context, parley.AccountID, parley.MessageID) (parley.Message, error)

func visibleMessage(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.MessageID, lookup messageLookup) (parley.Message, error) {
	m, err := lookup(ctx, actor.AccountID, id)
	if err == nil {
		var inbox parley.InboxID
		inbox, err = tx.ConversationInbox(ctx, actor.AccountID, m.ConversationID, actor.UserID)
		if err == nil && !actor.Sees(inbox) {
			err = store.ErrNoRow
		}
	}
	if errors.Is(err, store.ErrNoRow) {
		return m, parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
	}
	return m, err
}

// Cancel takes back a message that has not left: scheduled, within its time to
// undo, or waiting for another try. What had been done for it is undone, and its
// text lives on as a draft alone (takenBack).
func (s *Service) Cancel(ctx context.Context, actor parley.Actor, id parley.MessageID) (parley.Message, error) {
	return s.change(ctx, actor, id, func(_ *store.Tx, _ *parley.Conversation, m *parley.Message) error {
		switch m.Delivery {
		case parley.Cancelled:
			return nil
		case parley.Scheduled, parley.Queued:
		default:
			return tooLate(*m)
		}
		for i := range m.Recipients {
			if r := &m.Recipients[i]; !r.Delivery.Final() {
				r.Delivery, r.Error, r.Status, r.Reason = parley.Cancelled, "", "", ""
			}
		}
		m.SendAt = nil
		m.Summarise()
		return nil
	})
}

// Retry starts another attempt for the recipients that were not reached. What
// may have arrived is sent again only because a person asks for it here.
func (s *Service) Retry(ctx context.Context, actor parley.Actor, id parley.MessageID) (parley.Message, error) {
	return s.change(ctx, actor, id, func(tx *store.Tx, c *parley.Conversation, m *parley.Message) error {
		switch m.Delivery {
		case parley.Queued, parley.Sending, parley.Scheduled:
			return nil // under way: asked twice is once
		case parley.Failed, parley.Bounced, parley.Uncertain:
		case parley.Cancelled:
			return parley.Errorf(parley.Conflict, "message.taken_back", "This message was taken back: its text is a draft again. Send that.").With("delivery", string(m.Delivery))
		default:
			return parley.Errorf(parley.Conflict, "message.sent_already", "This message was sent. Write a new one to say it again.").With("delivery", string(m.Delivery))
		}
		contact, err := tx.ContactByID(ctx, c.AccountID, c.ContactID)
		if err != nil {
			return err
		}
		if contact.BlockedAt != nil {
			return parley.Errorf(parley.Conflict, "contact.blocked", "This contact is blocked as spam. Mark the conversation as not spam first.")
		}
		for i := range m.Recipients {
			r := &m.Recipients[i]
			if r.Delivery != parley.Sent && r.Delivery != parley.Delivered {
				r.Delivery, r.Error, r.Status, r.Reason = parley.Queued, "", "", ""
			}
		}
		m.Attempt++
		m.Tries = 0
		m.ReceivedAt = tx.Now()
		m.SendAt = nil
		m.Summarise()
		return enqueue(ctx, tx, *m, tx.Now())
	})
}

// change runs fn on a message that the actor may see and write, and stores what it did.
func (s *Service) change(ctx context.Context, actor parley.Actor, id parley.MessageID, fn func(*store.Tx, *parley.Conversation, *parley.Message) error) (parley.Message, error) {
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		c, m, err := lockWritable(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		before := m.Delivery
		if err := fn(tx, &c, &m); err != nil || m.Delivery == before {
			return err
		}
		for _, r := range m.Recipients {
			if err := tx.UpdateRecipient(ctx, r); err != nil {
				return err
			}
		}
		if err := tx.UpdateMessageDelivery(ctx, &m); err != nil {
			return err
		}
		if before == parley.Scheduled {
			if err := tx.DeleteSchedule(ctx, m.AccountID, m.ID); err != nil {
				return err
			}
		}
		if m.Delivery == parley.Cancelled { // nobody got it
			if err := s.takenBack(ctx, tx, actor, &c, m, before); err != nil {
				return err
			}
		}
		return changed(ctx, tx, &c, before, m, actor.UserID)
	})
	if err != nil {
		return parley.Message{}, err
	}
	return s.Message(ctx, actor, id)
}

// lockWritable locks a message of ours that the actor may see and write, and its conversation.
func lockWritable(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.MessageID) (c parley.Conversation, m parley.Message, err error) {
	seen, err := visibleMessage(ctx, tx, actor, id, tx.MessageByID)
	if err != nil {
		return c, m, err
	}
	if c, err = tx.LockConversation(ctx, actor.AccountID, seen.ConversationID); err != nil {
		return c, m, err
	}
	if err := actor.Must(parley.Write, c.InboxID); err != nil {
		return c, m, err
	}
	if m, err = tx.LockMessage(ctx, actor.AccountID, id); err != nil {
		return c, m, err
	}
	if m.Direction != parley.Outbound {
		return c, m, parley.Errorf(parley.Conflict, "message.inbound", "This message was received, not sent.")
	}
	return c, m, nil
}

func changed(ctx context.Context, tx *store.Tx, c *parley.Conversation, before parley.Delivery, m parley.Message, by parley.UserID) error {
	if before.NeedsAttention() {
		conversation.Redelivered(c, before, m.Delivery)
		if err := tx.UpdateConversation(ctx, c); err != nil {
			return fmt.Errorf("update conversation: %w", err)
		}
	}
	kind := parley.MessageRequeued
	switch m.Delivery {
	case parley.Cancelled:
		kind = parley.MessageCancelled
	case parley.Sent:
		kind = parley.MessageSent
	}
	e := eventOf(*c, kind, by, nil)
	e.MessageID = m.ID
	tx.AppendEvent(e)
	return nil
}
