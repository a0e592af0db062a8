package channeltest

import (
	"context"
	"slices"
	"strings"
	"sync"

	"parley/internal/channel"
	"parley/internal/parley"
)

// Sink is a channel.Sink that keeps what it accepts. The zero Sink is ready.
type Sink struct {
	// Before, if set, is asked first: its error refuses the input.
	Before func(ctx context.Context, raw channel.Raw) error

	mu  sync.Mutex
	got []channel.Raw
}

// Accept implements channel.Sink.
func (s *Sink) Accept(ctx context.Context, raw channel.Raw) error {
	if s.Before != nil {
		if err := s.Before(ctx, raw); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	raw.Body = slices.Clone(raw.Body)
	s.got = append(s.got, raw)
	return nil
}

// Accepted is what came so far.
func (s *Sink) Accepted() []channel.Raw {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// Directory is a channel.Directory in memory: addresses in lower case and their channels.
type Directory map[string]parley.ChannelID

// Lookup implements channel.Directory. A +tag is overlooked.
func (d Directory) Lookup(_ context.Context, rcpt string) (parley.ChannelID, error) {
	local, domain, _ := strings.Cut(strings.ToLower(rcpt), "@")
	local, _, _ = strings.Cut(local, "+")
	if id, ok := d[local+"@"+domain]; ok {
		return id, nil
	}
	return 0, parley.Errorf(parley.NotFound, "channel.unknown_address", "No channel has this address.")
}
