// Package gateway runs the channels: it opens each by its type and settings, for
// those who parse and send (Service.For), and it runs the listeners that bring
// input in (Service.Run).
//
// It refuses to know what a channel brings or what becomes of it: that is
// intake's. A channel that was disabled or deleted is opened all the same, for
// what it brought before; whether it may take or send anything is asked by those
// who do.
package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/store"
)

// Listener brings in the input of many channels until ctx ends, and returns when
// what was in transit is taken or refused.
type Listener interface {
	Serve(ctx context.Context) error
}

// Options are what the service is made from.
type Options struct {
	DB    *store.DB
	Types []channel.Type // all that are compiled in
	Log   *slog.Logger   // nil: none
}

// Service is the room's door. It is safe for concurrent use.
type Service struct {
	db    *store.DB
	types map[string]channel.Type
	log   *slog.Logger

	mu   sync.Mutex
	open map[parley.ChannelID]opened
}

type opened struct {
	settings []byte // that it was opened with
	channel  channel.Channel
}

// maxOpen bounds the channels that are kept open: an open one may hold connections.
const maxOpen = 10_000

// New makes the service. Two types of one name are a fault of ours.
func New(o Options) *Service {
	s := &Service{db: o.DB, log: o.Log, types: map[string]channel.Type{}, open: map[parley.ChannelID]opened{}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	for _, t := range o.Types {
		if _, twice := s.types[t.Name()]; twice {
			panic("gateway: two channel types are called " + t.Name())
		}
		s.types[t.Name()] = t
	}
	return s
}

// For is the channel as its settings are now. The row is read each time, so that
// a change made by another node counts at once; the channel is opened anew only
// when its settings have changed.
func (s *Service) For(ctx context.Context, account parley.AccountID, id parley.ChannelID) (channel.Channel, error) {
	var row parley.Channel
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.KnownChannelByID(ctx, account, id)
		return err
	})
	if errors.Is(err, store.ErrNoRow) {
		return nil, parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
	}
	if err != nil {
		return nil, fmt.Errorf("load channel: %w", err)
	}
	return s.Open(row)
}

// Open is the channel of a row that was read just now.
func (s *Service) Open(row parley.Channel) (channel.Channel, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if was, ok := s.open[row.ID]; ok && bytes.Equal(was.settings, row.Settings) {
		return was.channel, nil
	}
	t, ok := s.types[row.Type]
	if !ok {
		return nil, fmt.Errorf("open channel: there is no type %q", row.Type)
	}
	ch, err := t.Open(row.ID, json.RawMessage(row.Settings))
	if err != nil {
		return nil, fmt.Errorf("open channel: %w", err)
	}
	if len(s.open) >= maxOpen {
		clear(s.open)
	}
	s.open[row.ID] = opened{settings: bytes.Clone(row.Settings), channel: ch}
	return ch, nil
}

// Run runs the listeners until ctx ends, or one of them gives up: then all end,
// and its fault is returned. It returns when all have.
func (s *Service) Run(ctx context.Context, listeners ...Listener) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wg sync.WaitGroup
	for _, l := range listeners {
		wg.Go(func() {
			if err := l.Serve(ctx); err != nil {
				s.log.Error("a listener gave up", "err", err)
				stop(fmt.Errorf("listen: %w", err))
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
