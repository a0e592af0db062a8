package live

import (
	"context"
	"encoding/json"
	"time"

	"github.com/centrifugal/centrifuge"

	"parley/internal/parley"
	"parley/internal/store"
)

const (
	// pageSize is how many events are read at once.
	pageSize = 500
	// maxBehind is how far back After reaches before it asks for a reset, in events.
	maxBehind = 5000
)

// Publication is an event on the wire, and what After returns.
type Publication struct {
	Seq            parley.Seq            `json:"seq"`
	Prev           parley.Seq            `json:"prev,omitempty" doc:"The number before it on this channel: a gap means that something was missed."`
	Kind           parley.EventKind      `json:"kind"`
	At             time.Time             `json:"at"`
	ActorID        parley.UserID         `json:"actor_id,omitempty"`
	ConversationID parley.ConversationID `json:"conversation_id,omitempty"`
	MessageID      parley.MessageID      `json:"message_id,omitempty"`
	NoteID         parley.NoteID         `json:"note_id,omitempty"`
	ContactID      parley.ContactID      `json:"contact_id,omitempty"`
	InboxID        parley.InboxID        `json:"inbox_id,omitempty"`
	ChannelID      parley.ChannelID      `json:"channel_id,omitempty"`
	UserID         parley.UserID         `json:"user_id,omitempty"`
	Data           parley.JSON           `json:"data,omitempty"`
}

func publication(e parley.Event) Publication {
	return Publication{
		Seq: e.Seq, Kind: e.Kind, At: e.At, ActorID: e.ActorID, ConversationID: e.ConversationID, MessageID: e.MessageID,
		NoteID: e.NoteID, ContactID: e.ContactID, InboxID: e.InboxID, ChannelID: e.ChannelID, UserID: e.UserID, Data: e.Data,
	}
}

// enter counts a connection and starts to follow its account with the first.
func (s *Service) enter(ctx context.Context, account parley.AccountID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.accounts[account]; f != nil {
		f.connections++
		return nil
	}
	f := &followed{connections: 1, last: map[string]parley.Seq{}}
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		f.seq, err = tx.LastSeq(ctx, account)
		return err
	})
	if err != nil {
		return err
	}
	f.start = f.seq
	s.accounts[account] = f
	return nil
}

func (s *Service) leave(account parley.AccountID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.accounts[account]
	if f == nil {
		return
	}
	if f.connections--; f.connections <= 0 {
		delete(s.accounts, account)
	}
}

// lastOn is the number that a new subscriber may take as published already.
func (s *Service) lastOn(account parley.AccountID, channel string) parley.Seq {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.accounts[account]
	if f == nil {
		return 0
	}
	return max(f.start, f.last[channel])
}

// follow publishes what is committed, until ctx ends. It is woken by commits of
// this node and looks by itself for those of others.
func (s *Service) follow(ctx context.Context) {
	wake, stop := s.db.Watch()
	defer stop()
	every := time.Minute
	if s.db.Dialect() == "postgres" {
		every = 200 * time.Millisecond
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
		for _, account := range s.following() {
			if err := s.advance(ctx, account); err != nil && ctx.Err() == nil {
				s.log.Warn("event log not read", "err", err)
			}
		}
	}
}

func (s *Service) following() []parley.AccountID {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]parley.AccountID, 0, len(s.accounts))
	for id := range s.accounts {
		out = append(out, id)
	}
	return out
}

// advance publishes an account's new events.
func (s *Service) advance(ctx context.Context, account parley.AccountID) error {
	for {
		s.mu.Lock()
		f := s.accounts[account]
		s.mu.Unlock()
		if f == nil {
			return nil
		}
		var events []parley.Event
		err := s.db.View(ctx, func(tx *store.Tx) (err error) {
			events, err = tx.ListEventsAfter(ctx, account, f.seq, pageSize)
			return err
		})
		if err != nil {
			return err
		}
		for _, e := range events {
			s.publish(f, e)
			if e.Kind == parley.UserChanged {
				s.recheckUser(ctx, e.AccountID, e.UserID)
			}
		}
		if len(events) < pageSize {
			return nil
		}
	}
}

func (s *Service) publish(f *followed, e parley.Event) {
	p := publication(e)
	for _, channel := range channelsOf(e) {
		s.mu.Lock()
		p.Prev = max(f.start, f.last[channel])
		f.last[channel] = e.Seq
		s.mu.Unlock()
		data, err := json.Marshal(p)
		if err == nil {
			_, err = s.node.Publish(channel, data)
		}
		if err != nil {
			s.log.Error("event not published", "err", err, "event_seq", e.Seq)
		}
	}
	s.mu.Lock()
	f.seq = e.Seq
	s.mu.Unlock()
}

// recheckUser takes away what a user may no longer see.
func (s *Service) recheckUser(ctx context.Context, account parley.AccountID, user parley.UserID) {
	clients := s.node.Hub().UserConnections(userKey(account, user))
	if len(clients) == 0 {
		return
	}
	actor, err := s.grants.Actor(ctx, account, user)
	for _, c := range clients {
		if err != nil {
			c.Disconnect(centrifuge.DisconnectForceNoReconnect)
			continue
		}
		for _, channel := range c.Channels() {
			if ok, err := s.maySubscribe(ctx, actor, channel); err != nil || !ok {
				c.Unsubscribe(channel)
			}
		}
	}
}

// After lists the events after a number that the actor may see, at most limit
// (≤ 500), and the number to go on from. With reset the gap is too large to
// replay: load everything anew.
func (s *Service) After(ctx context.Context, actor parley.Actor, after parley.Seq, limit int) (items []Publication, next parley.Seq, reset bool, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		last, err := tx.LastSeq(ctx, actor.AccountID)
		if err != nil {
			return err
		}
		if last-after > maxBehind {
			next, reset = last, true
			return nil
		}
		events, err := tx.ListEventsAfter(ctx, actor.AccountID, after, min(max(limit, 1), pageSize))
		next = after
		for _, e := range events {
			next = e.Seq
			if visible(actor, e) {
				items = append(items, publication(e))
			}
		}
		return err
	})
	return items, next, reset, err
}
