package account

import (
	"context"
	"sync"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// followPause is the least time between two looks at the log.
const followPause = 100 * time.Millisecond

// follower is where in the log of each account the cache stands.
type follower map[parley.AccountID]parley.Seq

// Run keeps what is remembered true and sends what people asked for who forgot
// their password, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { s.runFollower(ctx) })
	wg.Go(func() { s.runForgotten(ctx) })
	wg.Wait()
	return nil
}

func (s *Service) runFollower(ctx context.Context) {
	signal, stop := s.DB.Watch()
	defer stop()
	for {
		select {
		case <-signal:
		case <-ctx.Done():
			return
		}
		if err := s.follow(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("event log not followed", "err", err)
		}
		select {
		case <-time.After(followPause):
		case <-ctx.Done():
			return
		}
	}
}

// follow drops what the log says has changed since the last look.
func (s *Service) follow(ctx context.Context) error {
	remembered := s.cache.accounts()
	for account := range s.cursors {
		if !remembered[account] {
			delete(s.cursors, account)
		}
	}
	for account := range remembered {
		if err := s.followAccount(ctx, account); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) followAccount(ctx context.Context, account parley.AccountID) error {
	var last parley.Seq
	var events []parley.Event
	after, known := s.cursors[account]
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if last, err = tx.LastSeq(ctx, account); err != nil || !known || last == after {
			return err
		}
		events, err = tx.ListGrantChanges(ctx, account, after)
		return err
	})
	if err != nil {
		return err
	}
	s.cursors[account] = last
	if !known || len(events) == store.MaxGrantChanges {
		s.cache.dropAccount(account) // who knows what changed: begin anew
		return nil
	}
	for _, e := range events {
		if e.Kind == parley.InboxChanged {
			s.cache.dropAccount(account)
		} else {
			s.cache.dropUser(account, e.UserID)
		}
	}
	return nil
}
