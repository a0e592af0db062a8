package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/thread"
)

// Channels opens channels: to read and to write mails as they do.
type Channels interface {
	For(ctx context.Context, account parley.AccountID, id parley.ChannelID) (channel.Channel, error)
	Open(row parley.Channel) (channel.Channel, error)
}

// SampleOptions are what the sample data is made with.
type SampleOptions struct {
	DB            *store.DB
	Blobs         blob.Store
	Channels      Channels
	Settings      *setting.Service
	Conversations *conversation.Service
	Signer        thread.Signer
	Verifier      channel.Verifier // asks Names; nil: nobody's sender is checked
	Now           func() time.Time // nil: time.Now
	Log           *slog.Logger     // nil: none
}

// Sample adds the sample data of an invented business to an account, and takes
// it away again. It is safe for concurrent use.
type Sample struct {
	SampleOptions
	customer *Customer // nil: nobody is at the other end
}

// NewSample makes the service.
func NewSample(o SampleOptions) *Sample {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Sample{SampleOptions: o}
}

// Add fills the account with sample data: inboxes, channels, a team, contacts
// and what was written in the last weeks. Nothing of it goes out. The team
// cannot sign in. An account that has it already is a conflict.
func (s *Sample) Add(ctx context.Context, actor parley.Actor) error {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return err
	}
	began := false
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		began = false
		_, err := store.Once(ctx, tx, actor, func() (parley.AccountID, error) {
			fresh, err := tx.InsertSampleRow(ctx, actor.AccountID, store.SampleAccount, int64(actor.AccountID))
			if err == nil && !fresh {
				err = parley.Errorf(parley.Conflict, "sample.there", "The sample data is there already.")
			}
			began = true
			return actor.AccountID, err
		})
		return err
	})
	if err != nil || !began { // not begun: the same request came before
		return err
	}
	// Whoever asked may leave; half a sample is no use to anybody.
	ctx = context.WithoutCancel(ctx)
	if err := s.fill(ctx, actor); err != nil {
		return errors.Join(fmt.Errorf("add sample: %w", err), s.remove(ctx, actor))
	}
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.SampleDataAdded, ActorID: actor.UserID})
		return nil
	})
	if err != nil {
		return fmt.Errorf("tell of sample: %w", err)
	}
	return nil
}

// Contents tells what of the account is sample data: what Remove would take away.
func (s *Sample) Contents(ctx context.Context, actor parley.Actor) (parley.SampleContents, error) {
	var c parley.SampleContents
	if err := actor.Must(parley.Settings, 0); err != nil {
		return c, err
	}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.ListSample(ctx, actor.AccountID)
		c.There = len(rows[store.SampleAccount]) > 0
		c.Users = idsOf[parley.User](rows[store.SampleUser])
		c.Inboxes = idsOf[parley.Inbox](rows[store.SampleInbox])
		c.Channels = idsOf[parley.Channel](rows[store.SampleChannel])
		c.Contacts, c.Conversations = len(rows[store.SampleContact]), len(rows[store.SampleConversation])
		return err
	})
	if err != nil {
		return c, fmt.Errorf("list sample: %w", err)
	}
	return c, nil
}

func idsOf[K any](ids []int64) []parley.ID[K] {
	out := make([]parley.ID[K], len(ids))
	for i, id := range ids {
		out[i] = parley.ID[K](id)
	}
	return out
}

// Remove takes away what Add has made, with what was added to its conversations
// since. What the account uses for something of its own stays. Without sample data nothing
// happens.
func (s *Sample) Remove(ctx context.Context, actor parley.Actor) error {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return err
	}
	return s.remove(ctx, actor)
}

func (s *Sample) remove(ctx context.Context, actor parley.Actor) error {
	actor.Once = parley.Once{}
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		has, err := tx.HasSampleData(ctx, actor.AccountID)
		if err != nil || !has {
			return err
		}
		if err := tx.DeleteSampleConversations(ctx, actor.AccountID); err != nil {
			return err
		}
		if err := s.dismiss(ctx, tx, actor); err != nil {
			return err
		}
		if err := tx.DeleteSample(ctx, actor.AccountID); err != nil {
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.SampleDataRemoved, ActorID: actor.UserID})
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove sample: %w", err)
	}
	return nil
}

// dismiss signs the sample's team off, and gives what they had of the account's
// own conversations to others.
func (s *Sample) dismiss(ctx context.Context, tx *store.Tx, actor parley.Actor) error {
	users, err := tx.ListSampleUsers(ctx, actor.AccountID)
	if err != nil {
		return err
	}
	now := tx.Now()
	for _, id := range users {
		u, err := tx.LockUser(ctx, actor.AccountID, id)
		if err != nil {
			return err
		}
		u.DisabledAt = &now
		if err := tx.UpdateUser(ctx, u); err != nil {
			return err
		}
	}
	for _, id := range users {
		if err := s.Conversations.HandOver(ctx, tx, actor, id); err != nil {
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.UserChanged, ActorID: actor.UserID, UserID: id})
	}
	return nil
}
