package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"parley/internal/parley"
	"parley/internal/store"
)

const (
	maxSubject  = 500 // characters
	maxPriority = 3
	maxFields   = 64 << 10
)

// Change says how a conversation is to be; nil leaves it.
type Change struct {
	AssigneeID *parley.UserID // 0: nobody
	InboxID    *parley.InboxID
	Status     *parley.Status
	Subject    *string
	ContactID  *parley.ContactID
	Priority   *int
	Fields     *parley.JSON
}

// Update changes a conversation, all of the change or nothing.
func (s *Service) Update(ctx context.Context, actor parley.Actor, id parley.ConversationID, change Change) (Detail, error) {
	var d Detail
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		if err := s.UpdateTx(ctx, tx, actor, id, change); err != nil {
			return err
		}
		var err error
		d, err = detail(ctx, tx, actor, id)
		return err
	})
	return d, fault("update conversation", err)
}

// UpdateTx is Update within the caller's transaction. Only what differs is changed
// and has its event.
func (s *Service) UpdateTx(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID, change Change) error {
	c, err := locked(ctx, tx, actor, id, parley.Write)
	if err != nil {
		return fault("load conversation", err)
	}
	e := edit{s: s, tx: tx, actor: actor, c: &c}
	if err := e.apply(ctx, change); err != nil {
		return err
	}
	if len(e.events) == 0 {
		return nil
	}
	if err := tx.UpdateConversation(ctx, &c); err != nil {
		return fmt.Errorf("write conversation: %w", err)
	}
	if e.reindex {
		if err := tx.ReindexConversation(ctx, c.AccountID, c.ID); err != nil {
			return fmt.Errorf("index conversation: %w", err)
		}
	}
	for _, event := range e.events {
		if c.Draft { // nobody but its creator sees it
			private(tx, c, event.kind, c.CreatorID, event.data)
			continue
		}
		note(tx, c, event.kind, actor, event.data)
	}
	return nil
}

// Assign gives a conversation to a user, or to nobody (0).
func (s *Service) Assign(ctx context.Context, actor parley.Actor, id parley.ConversationID, user parley.UserID) (Detail, error) {
	return s.Update(ctx, actor, id, Change{AssigneeID: &user})
}

// Move puts a conversation into another inbox. The assignee stays if they may
// see it there, else its default assignee takes over. The channel stays.
func (s *Service) Move(ctx context.Context, actor parley.Actor, id parley.ConversationID, inbox parley.InboxID) (Detail, error) {
	return s.Update(ctx, actor, id, Change{InboxID: &inbox})
}

// Close closes a conversation; it is read for everyone then.
func (s *Service) Close(ctx context.Context, actor parley.Actor, id parley.ConversationID) (Detail, error) {
	closed := parley.Closed
	return s.Update(ctx, actor, id, Change{Status: &closed})
}

// Reopen opens a closed conversation.
func (s *Service) Reopen(ctx context.Context, actor parley.Actor, id parley.ConversationID) (Detail, error) {
	open := parley.Open
	return s.Update(ctx, actor, id, Change{Status: &open})
}

// edit is a change under way: c is changed step by step, written and told of at the end.
type edit struct {
	s       *Service
	tx      *store.Tx
	actor   parley.Actor
	c       *parley.Conversation
	events  []told
	reindex bool
}

type told struct {
	kind parley.EventKind
	data string
}

func (e *edit) tell(kind parley.EventKind, data string) {
	e.events = append(e.events, told{kind, data})
}

func (e *edit) apply(ctx context.Context, ch Change) error {
	if ch.ContactID != nil {
		if err := e.contact(ctx, *ch.ContactID); err != nil {
			return err
		}
	}
	if ch.InboxID != nil {
		if err := e.move(ctx, *ch.InboxID, ch.AssigneeID == nil); err != nil {
			return err
		}
	}
	if ch.AssigneeID != nil {
		if err := e.assign(ctx, *ch.AssigneeID); err != nil {
			return err
		}
	}
	if err := e.details(ch); err != nil {
		return err
	}
	if ch.Status != nil {
		return e.status(ctx, *ch.Status)
	}
	return nil
}

func (e *edit) contact(ctx context.Context, id parley.ContactID) error {
	if id == e.c.ContactID {
		return nil
	}
	p, err := e.tx.ContactByID(ctx, e.c.AccountID, id)
	if errors.Is(err, store.ErrNoRow) {
		return parley.Errorf(parley.Invalid, "contact.gone", "This contact no longer exists.").On("contact_id")
	}
	if err != nil {
		return fmt.Errorf("load contact: %w", err)
	}
	e.c.ContactID, e.c.Spam = id, p.BlockedAt != nil && !e.c.Draft
	e.reindex = true
	e.tell(parley.ConversationUpdated, "")
	return nil
}

func (e *edit) move(ctx context.Context, inbox parley.InboxID, reassign bool) error {
	from := e.c.InboxID
	if inbox == from {
		return nil
	}
	to, err := e.tx.InboxByID(ctx, e.c.AccountID, inbox)
	if errors.Is(err, store.ErrNoRow) || err == nil && (to.ArchivedAt != nil || e.actor.Must(parley.Write, inbox) != nil) {
		return parley.Errorf(parley.Invalid, "inbox.unknown", "Choose an inbox that you see.").On("inbox_id")
	}
	if err != nil {
		return fmt.Errorf("load inbox: %w", err)
	}
	e.c.InboxID = inbox
	e.tell(parley.ConversationMoved, fromTo(from, inbox))
	if !reassign {
		return nil
	}
	user, err := e.s.keepOrDefault(ctx, e.tx, *e.c)
	if err != nil {
		return err
	}
	e.give(user)
	return nil
}

func (e *edit) assign(ctx context.Context, user parley.UserID) error {
	if user != 0 && user != e.c.AssigneeID {
		ok, err := e.tx.Assignable(ctx, e.c.AccountID, e.c.InboxID, user)
		if err != nil {
			return fmt.Errorf("check assignee: %w", err)
		}
		if !ok {
			return parley.Errorf(parley.Invalid, "assignee.not_in_inbox", "This user can't be given conversations of this inbox.").On("assignee_id")
		}
	}
	e.give(user)
	return nil
}

func (e *edit) give(user parley.UserID) {
	if user != e.c.AssigneeID {
		e.tell(parley.ConversationAssigned, fromTo(e.c.AssigneeID, user))
		e.c.AssigneeID = user
	}
}

// details changes what has no rules of its own.
func (e *edit) details(ch Change) error {
	var faults parley.Faults
	before := len(e.events)
	if ch.Subject != nil && strings.TrimSpace(*ch.Subject) != e.c.Subject {
		subject, ok := parley.Line(*ch.Subject, maxSubject)
		if !ok && strings.TrimSpace(*ch.Subject) != "" {
			faults.Add(parley.Errorf(parley.Invalid, "field.line", "Write one line of at most %d characters.", maxSubject).On("subject"))
		}
		e.c.Subject, e.reindex = subject, true
		e.tell(parley.ConversationUpdated, "")
	}
	if ch.Priority != nil && *ch.Priority != e.c.Priority {
		if *ch.Priority < 0 || *ch.Priority > maxPriority {
			faults.Add(parley.Errorf(parley.Invalid, "priority.invalid", "From 0 to %d.", maxPriority).On("priority"))
		}
		e.c.Priority = *ch.Priority
		e.tell(parley.ConversationUpdated, "")
	}
	if ch.Fields != nil {
		var object map[string]any
		if len(*ch.Fields) > maxFields || json.Unmarshal(*ch.Fields, &object) != nil || strings.Contains(string(*ch.Fields), `\u0000`) {
			faults.Add(parley.Errorf(parley.Invalid, "field.invalid", "Send an object of at most 64 kB.").On("fields"))
		}
		e.c.Fields = *ch.Fields
		e.tell(parley.ConversationUpdated, "")
	}
	if len(e.events) > before { // one is enough
		e.events = e.events[:before+1]
	}
	return faults.Err()
}

func (e *edit) status(ctx context.Context, to parley.Status) error {
	switch {
	case to != parley.Open && to != parley.Closed:
		return parley.Errorf(parley.Invalid, "status.unknown", "A conversation is open or closed.").On("status")
	case to == e.c.Status:
		return nil
	case e.c.Spam:
		return parley.Errorf(parley.Conflict, "conversation.spam", "This conversation is spam. Mark it as not spam first.").On("status")
	case e.c.Draft:
		return parley.Errorf(parley.Conflict, "conversation.draft", "Nothing was sent in this conversation yet. Send a message, or delete it.").On("status")
	case to == parley.Closed:
		Closed(e.c, e.tx.Now())
		e.tell(parley.ConversationClosed, "")
		return nil
	}
	if err := OneOpen(ctx, e.tx, *e.c); err != nil {
		return err
	}
	return e.reopen(ctx)
}

// reopen brings back since when the contact waits, and an assignee who may still have it.
func (e *edit) reopen(ctx context.Context) error {
	waiting, err := e.tx.OldestUnanswered(ctx, *e.c, e.c.ClosedAt)
	if err != nil {
		return fmt.Errorf("find who waits: %w", err)
	}
	Reopened(e.c, waiting)
	e.tell(parley.ConversationReopened, "")
	if e.c.AssigneeID == 0 {
		return nil
	}
	user, err := e.s.keepOrDefault(ctx, e.tx, *e.c)
	if err != nil {
		return err
	}
	e.give(user)
	return nil
}

// keepOrDefault is c's assignee if they may still have it, else the inbox's default.
func (s *Service) keepOrDefault(ctx context.Context, tx *store.Tx, c parley.Conversation) (parley.UserID, error) {
	if c.AssigneeID != 0 {
		ok, err := tx.Assignable(ctx, c.AccountID, c.InboxID, c.AssigneeID)
		if err != nil {
			return 0, fmt.Errorf("check assignee: %w", err)
		}
		if ok {
			return c.AssigneeID, nil
		}
	}
	user, err := s.settings.AssigneeTx(ctx, tx, c.AccountID, c.InboxID, c.ContactID)
	if err != nil {
		return 0, fmt.Errorf("find assignee: %w", err)
	}
	return user, nil
}
