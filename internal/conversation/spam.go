package conversation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/store"
)

// spamJob marks the rest of a contact's conversations, where there are more than a request should wait for.
const spamJob = "conversation.spam"

const (
	spamBatch = 200
	maxWhy    = 500 // characters
)

type spamArgs struct {
	ContactID parley.ContactID `json:"contact_id"`
	Spam      bool             `json:"spam"`
	UserID    parley.UserID    `json:"user_id"`
}

// Register adds the room's jobs to the queue.
func (s *Service) Register(q *job.Queue) {
	q.Register(spamJob, job.Options{}, job.Each(s.runSpam))
}

// SpamPreview is what marking a conversation as spam would do.
type SpamPreview struct {
	Contact       parley.Contact // whose points would be blocked
	Conversations int            // that would leave the inboxes, exact up to 1000
}

// PreviewSpam tells what marking a conversation as spam would do.
func (s *Service) PreviewSpam(ctx context.Context, actor parley.Actor, id parley.ConversationID) (SpamPreview, error) {
	var p SpamPreview
	err := s.db.View(ctx, func(tx *store.Tx) error {
		c, err := visible(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if p.Contact, err = tx.ContactByID(ctx, c.AccountID, c.ContactID); err != nil {
			return err
		}
		p.Conversations, err = tx.CountToSpam(ctx, c.AccountID, c.ContactID)
		p.Conversations = min(p.Conversations, 1000)
		return err
	})
	return p, fault("preview spam", err)
}

// Spam blocks the contact of a conversation, with all their addresses and numbers,
// and takes all of their conversations out of the inboxes (SPEC §6). Status,
// inbox and assignee of each stay as they are, for NotSpam.
func (s *Service) Spam(ctx context.Context, actor parley.Actor, id parley.ConversationID, why string) (Detail, error) {
	why, fault := reason(why)
	if fault != nil {
		return Detail{}, fault
	}
	return s.setSpam(ctx, actor, id, true, func(tx *store.Tx, p *parley.Contact) error { return block(ctx, tx, actor, p, why) })
}

func reason(why string) (string, *parley.Error) {
	why = strings.TrimSpace(why)
	if !utf8.ValidString(why) || strings.Contains(why, "\x00") || utf8.RuneCountInString(why) > maxWhy {
		return why, parley.Errorf(parley.Invalid, "field.too_long", "At most %d characters.", maxWhy).On("why")
	}
	return why, nil
}

// block puts a contact's addresses and numbers on the blocklist.
func block(ctx context.Context, tx *store.Tx, actor parley.Actor, p *parley.Contact, why string) error {
	if p.BlockedAt == nil {
		now := tx.Now()
		p.BlockedAt, p.BlockedByID, p.BlockedWhy = &now, actor.UserID, why
	}
	return setBlocked(ctx, tx, actor, p, tx.InsertBlocksOf(ctx, *p))
}

// unblock takes them off again.
func unblock(ctx context.Context, tx *store.Tx, actor parley.Actor, p *parley.Contact) error {
	p.BlockedAt, p.BlockedByID, p.BlockedWhy = nil, 0, ""
	return setBlocked(ctx, tx, actor, p, tx.DeleteBlocksOf(ctx, p.AccountID, p.ID))
}

func setBlocked(ctx context.Context, tx *store.Tx, actor parley.Actor, p *parley.Contact, err error) error {
	if err != nil {
		return fmt.Errorf("write blocklist: %w", err)
	}
	if err := tx.UpdateContact(ctx, p); err != nil {
		return fmt.Errorf("block contact: %w", err)
	}
	tx.AppendEvent(&parley.Event{AccountID: p.AccountID, Kind: parley.ContactUpdated, ActorID: actor.UserID, ContactID: p.ID})
	return nil
}

// NotSpam takes the contact of a conversation off the blocklist and puts all of
// their conversations back to where they were. While the whole of the contact's domain is blocked
// that is a conflict: what they write next would be spam again.
func (s *Service) NotSpam(ctx context.Context, actor parley.Actor, id parley.ConversationID) (Detail, error) {
	return s.setSpam(ctx, actor, id, false, func(tx *store.Tx, p *parley.Contact) error {
		switch b, err := tx.DomainBlock(ctx, p.AccountID, p.Points); {
		case err == nil:
			return parley.Errorf(parley.Conflict, "blocklist.domain", "All of %s is on the spam blocklist. Take it off there first.", b.Key).With("domain", b.Key)
		case !errors.Is(err, store.ErrNoRow):
			return fmt.Errorf("ask blocklist: %w", err)
		}
		return unblock(ctx, tx, actor, p)
	})
}

func (s *Service) setSpam(ctx context.Context, actor parley.Actor, id parley.ConversationID, spam bool, set func(*store.Tx, *parley.Contact) error) (Detail, error) {
	var d Detail
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		c, err := locked(ctx, tx, actor, id, parley.Write)
		if err != nil {
			return err
		}
		if c.Draft {
			return parley.Errorf(parley.Conflict, "conversation.draft", "Nothing was sent in this conversation yet.")
		}
		p, err := tx.LockContact(ctx, c.AccountID, c.ContactID)
		if err != nil {
			return err
		}
		if err := set(tx, &p); err != nil {
			return err
		}
		if c.Spam != spam { // first of all, where there are many
			if err := mark(ctx, tx, actor, c, spam); err != nil {
				return err
			}
		}
		if err := markAll(ctx, tx, actor, p.ID, spam); err != nil {
			return err
		}
		d, err = detail(ctx, tx, actor, id)
		return err
	})
	return d, fault("mark spam", err)
}

// markAll marks a first batch of a contact's conversations; a job does the rest.
func markAll(ctx context.Context, tx *store.Tx, actor parley.Actor, contact parley.ContactID, spam bool) error {
	more, err := markBatch(ctx, tx, actor, contact, spam)
	if err != nil || !more {
		return err
	}
	return job.Enqueue(ctx, tx, job.New{
		AccountID: actor.AccountID, Kind: spamJob, Args: spamArgs{ContactID: contact, Spam: spam, UserID: actor.UserID},
		Lane: fmt.Sprintf("spam:%d", contact),
	})
}

func markBatch(ctx context.Context, tx *store.Tx, actor parley.Actor, contact parley.ContactID, spam bool) (more bool, err error) {
	all, err := tx.ListToSpam(ctx, actor.AccountID, contact, spam, spamBatch)
	if err != nil {
		return false, fmt.Errorf("list conversations: %w", err)
	}
	for _, c := range all {
		if err := mark(ctx, tx, actor, c, spam); err != nil {
			return false, err
		}
	}
	return len(all) == spamBatch, nil
}

func mark(ctx context.Context, tx *store.Tx, actor parley.Actor, c parley.Conversation, spam bool) error {
	kind := parley.ConversationNotSpam
	if spam {
		kind = parley.ConversationSpam
	}
	c.Spam = spam
	if err := tx.UpdateConversation(ctx, &c); err != nil {
		return fmt.Errorf("write conversation: %w", err)
	}
	note(tx, c, kind, actor, "")
	return nil
}

// runSpam goes on until all are marked, or until the contact was marked otherwise meanwhile.
func (s *Service) runSpam(ctx context.Context, j parley.Job) error {
	args, err := job.Args[spamArgs](j)
	if err != nil {
		return err
	}
	actor := parley.SystemActor(j.AccountID)
	actor.UserID = args.UserID
	for more := true; more; {
		err := s.db.Update(ctx, func(tx *store.Tx) error {
			p, err := tx.LockContact(ctx, j.AccountID, args.ContactID)
			if errors.Is(err, store.ErrNoRow) || err == nil && (p.BlockedAt != nil) != args.Spam {
				more = false
				return nil
			}
			if err != nil {
				return err
			}
			more, err = markBatch(ctx, tx, actor, args.ContactID, args.Spam)
			return err
		})
		if err != nil {
			return fmt.Errorf("mark the contact's other conversations: %w", err)
		}
	}
	return nil
}
