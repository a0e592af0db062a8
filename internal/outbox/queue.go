package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
)

// Send is Post for those who want to see what it became.
func (s *Service) Send(ctx context.Context, actor parley.Actor, conversation parley.ConversationID, l Letter) (parley.Message, error) {
	id, err := s.Post(ctx, actor, conversation, l)
	if err != nil {
		return parley.Message{}, err
	}
	return s.Message(ctx, actor, id)
}

// Post queues a reply or a forward in a conversation, in one transaction with
// all that follows from it, and returns its id. Nothing is sent and nothing lost
// where it fails:
//
//   - invalid: every faulty field at once
//   - conflict conversation.newer: something newer than l.SeenSeq has arrived
//   - conflict contact.blocked, recipient.ours
func (s *Service) Post(ctx context.Context, actor parley.Actor, conversation parley.ConversationID, l Letter) (parley.MessageID, error) {
	if err := l.check(s.now()); err != nil {
		return 0, err
	}
	var id parley.MessageID
	err := s.db.Update(ctx, func(tx *store.Tx) (err error) {
		id, err = store.Once(ctx, tx, actor, func() (parley.MessageID, error) {
			c, err := lockVisible(ctx, tx, actor, conversation)
			if err != nil {
				return 0, err
			}
			if err := unseen(ctx, tx, c, l); err != nil {
				return 0, err
			}
			m, err := s.SendTx(ctx, tx, actor, &c, l)
			return m.ID, err
		})
		return err
	})
	return id, err
}

// unseen is the error for what its writer has not read, which may say otherwise.
func unseen(ctx context.Context, tx *store.Tx, c parley.Conversation, l Letter) error {
	if l.SeenSeq == nil || c.LastSeq <= *l.SeenSeq || l.Force {
		return nil
	}
	switch is, err := tx.AnyAfter(ctx, c.AccountID, c.ID, *l.SeenSeq); {
	case err != nil:
		return fmt.Errorf("look for what is newer: %w", err)
	case is:
		return parley.Errorf(parley.Conflict, "conversation.newer", "Something newer has arrived in this conversation. Read it, then send again.").On("seen_seq")
	}
	return nil
}

// SendTx queues l in c, which the caller has locked, and writes c.
func (s *Service) SendTx(ctx context.Context, tx *store.Tx, actor parley.Actor, c *parley.Conversation, l Letter) (parley.Message, error) {
	if err := actor.Must(parley.Write, c.InboxID); err != nil {
		return parley.Message{}, err
	}
	d, err := s.facts(ctx, tx, actor, c, l)
	if err != nil {
		return parley.Message{}, err
	}
	m, body, err := d.message(tx.Now())
	if err != nil {
		return m, err
	}
	if err := carry(ctx, tx, &m, &body, d.copies); err != nil {
		return m, err
	}
	if err := tx.InsertMessage(ctx, &m, body); err != nil {
		return m, fmt.Errorf("insert message: %w", err)
	}
	if err := d.keep(ctx, tx, m); err != nil {
		return m, err
	}
	wasDraft := c.Draft
	if c.Draft || l.Reopen {
		if err := conversation.OneOpen(ctx, tx, *c); err != nil {
			return m, err
		}
	}
	conversation.Composed(c, m)
	kind, at, err := s.plan(ctx, tx, c, m, l)
	if err != nil {
		return m, err
	}
	if c.Subject == "" {
		c.Subject = m.Subject
	}
	if wasDraft {
		tx.AppendEvent(eventOf(*c, parley.ConversationCreated, actor.UserID, nil))
	}
	s.turn(tx, c, actor.UserID, l)
	if err := tx.UpdateConversation(ctx, c); err != nil {
		return m, fmt.Errorf("update conversation: %w", err)
	}
	e := eventOf(*c, kind, actor.UserID, nil)
	e.MessageID = m.ID
	tx.AppendEvent(e)
	return m, enqueue(ctx, tx, m, at)
}

// plan puts a message where it waits: in the queue, or among those that are scheduled
// until at. A few seconds to take it back are no schedule of its writer's.
func (s *Service) plan(ctx context.Context, tx *store.Tx, c *parley.Conversation, m parley.Message, l Letter) (kind parley.EventKind, at time.Time, err error) {
	if m.SendAt == nil {
		return parley.MessageQueued, tx.Now(), s.queue(ctx, tx, c, m)
	}
	if l.SendAt != nil {
		if err := tx.SaveSchedule(ctx, m); err != nil {
			return "", at, fmt.Errorf("save schedule: %w", err)
		}
	}
	return parley.MessageScheduled, *m.SendAt, nil
}

// turn opens or closes the conversation together with the send.
func (s *Service) turn(tx *store.Tx, c *parley.Conversation, actor parley.UserID, l Letter) {
	switch {
	case l.Close && conversation.Closed(c, tx.Now()):
		tx.AppendEvent(eventOf(*c, parley.ConversationClosed, actor, nil))
	case l.Reopen && conversation.Reopened(c, nil):
		tx.AppendEvent(eventOf(*c, parley.ConversationReopened, actor, nil))
	}
}

// lockVisible locks a conversation that the actor may see.
func lockVisible(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID) (parley.Conversation, error) {
	c, err := tx.LockConversation(ctx, actor.AccountID, id)
	return c, visible(actor, c, err)
}

// visible is the error for a conversation that was looked up with err, and that the actor may not see.
func visible(actor parley.Actor, c parley.Conversation, err error) error {
	if err == nil && (!actor.Sees(c.InboxID) || c.Draft && c.CreatorID != actor.UserID && !actor.System) {
		err = store.ErrNoRow
	}
	if err = orGone(err); err != nil {
		return fmt.Errorf("load conversation: %w", err)
	}
	return nil
}

// orGone turns a missing row into NotFound.
func orGone(err error) error {
	if errors.Is(err, store.ErrNoRow) {
		return parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
	}
	return err
}

// channelOff is the error for the channel of a conversation that is not there.
func channelOff(err error) error {
	if errors.Is(err, store.ErrNoRow) {
		return parley.Errorf(parley.Conflict, "channel.off", "The channel of this conversation is switched off or was deleted. Start a new conversation on another channel.")
	}
	return fmt.Errorf("load channel: %w", err)
}
