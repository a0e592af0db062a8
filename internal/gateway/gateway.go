// Package gateway runs the channels: it opens each by its type and settings, for
// those who parse and send (Service.For), it runs the listeners that bring input
// in (Service.Run), and a poller for each mailbox that is fetched (Service.Poll).
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
	"slices"
	"sync"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

// Listener brings in the input of many channels until ctx ends, and returns when
// what was in transit is taken or refused.
type Listener interface {
	Serve(ctx context.Context) error
}

// Options are what the service is made from.
type Options struct {
	DB       *store.DB
	Types    []channel.Type   // all that are compiled in
	Settings *setting.Service // opens what is sealed of a channel
	Node     string           // names this node among those that share the database
	Log      *slog.Logger     // nil: none
	Pace     Pace
}

// Service is the room's door. It is safe for concurrent use.
type Service struct {
	db       *store.DB
	types    map[string]channel.Type
	settings *setting.Service
	node     string
	log      *slog.Logger
	pace     Pace
	kicked   chan struct{} // settings have changed
	hooks    chan struct{} // one for each request of a mail provider that is under way
	// textHooks are likewise those of providers of texts.
	textHooks chan struct{}

	mu   sync.Mutex
	open map[parley.ChannelID]opened
}

type opened struct {
	with    []byte // the row's settings, with what is sealed of them
	channel channel.Channel
	sealed  error // why its secrets cannot be read
}

// maxOpen bounds the channels that are kept open: an open one may hold connections.
const maxOpen = 10_000

// New makes the service. Two types of one name are a fault of ours.
func New(o Options) *Service {
	s := &Service{
		db: o.DB, settings: o.Settings, node: o.Node, log: o.Log, pace: o.Pace.withDefaults(), kicked: make(chan struct{}, 1), hooks: make(chan struct{}, maxHooks), textHooks: make(chan struct{}, maxTextHooks),
		types: map[string]channel.Type{}, open: map[parley.ChannelID]opened{},
	}
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
	o, err := s.openedWith(row)
	return o.channel, err
}

// openedWith opens a channel even where its secrets cannot be read: what it
// brought before is read without them.
func (s *Service) openedWith(row parley.Channel) (opened, error) {
	with := fingerprint(row)
	s.mu.Lock()
	defer s.mu.Unlock()
	if was, ok := s.open[row.ID]; ok && bytes.Equal(was.with, with) {
		return was, nil
	}
	settings, sealed := json.RawMessage(row.Settings), error(nil)
	if len(row.Secret) > 0 || row.Type == setting.Text {
		conf, err := s.settings.Configured(row) // without its secrets, if those cannot be read
		sealed = err
		if settings, err = conf.JSON(); err != nil {
			return opened{}, fmt.Errorf("write settings: %w", err)
		}
	}
	ch, err := s.openType(row.Type, row.ID, settings)
	if err != nil {
		return opened{}, err
	}
	if len(s.open) >= maxOpen {
		clear(s.open)
	}
	o := opened{with: with, channel: ch, sealed: sealed}
	s.open[row.ID] = o
	return o, nil
}

func (s *Service) openType(name string, id parley.ChannelID, settings json.RawMessage) (channel.Channel, error) {
	t, ok := s.types[name]
	if !ok {
		return nil, fmt.Errorf("open channel: there is no type %q", name)
	}
	ch, err := t.Open(id, settings)
	if err != nil {
		return nil, fmt.Errorf("open channel: %w", err)
	}
	return ch, nil
}

// fingerprint changes with what a channel is opened with.
func fingerprint(row parley.Channel) []byte {
	return slices.Concat([]byte(row.Settings), []byte{0}, row.Secret)
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
