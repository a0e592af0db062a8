package intake

import (
	"context"
	"log/slog"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/store"
)

// Channels opens a channel that may be disabled or deleted meanwhile: what it
// brought before is filed all the same.
type Channels interface {
	For(ctx context.Context, id parley.ChannelID) (channel.Channel, error)
}

// Service is the way in. Make it with New.
type Service struct {
	db       *store.DB
	channels Channels
	log      *slog.Logger
	now      func() time.Time
	waiting  waiting
}

// Options are what a Service works with.
type Options struct {
	DB       *store.DB
	Channels Channels
	Log      *slog.Logger     // nil: none
	Now      func() time.Time // nil: time.Now
}

// New makes the service.
func New(o Options) *Service {
	s := &Service{db: o.DB, channels: o.Channels, log: o.Log, now: o.Now}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.waiting.commitAll = s.acceptAll
	return s
}
