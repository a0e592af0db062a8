package account

import (
	"context"

	"parley/internal/parley"
	"parley/internal/store"
)

// Sessions lists the actor's own sessions, the newest first, from before an id
// on (0: from the newest), and the id to go on from; 0 at the end.
func (s *Service) Sessions(ctx context.Context, actor parley.Actor, before parley.SessionID, limit int) ([]parley.Session, parley.SessionID, error) {
	var out []parley.Session
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.ListSessions(ctx, actor.AccountID, actor.UserID, before, limit+1)
		return err
	})
	out, next := page(out, limit, func(x parley.Session) parley.SessionID { return x.ID })
	return out, next, err
}

// EndSession signs one of the actor's own browsers out.
func (s *Service) EndSession(ctx context.Context, actor parley.Actor, id parley.SessionID) error {
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteSession(ctx, actor.AccountID, actor.UserID, id); err != nil {
			return orGone(err)
		}
		changed(tx, actor, actor.UserID)
		return nil
	})
	s.cache.dropUser(actor.AccountID, actor.UserID)
	return err
}

// SignOut ends the session that carried the request. Doing it twice, or by a token, does nothing.
func (s *Service) SignOut(ctx context.Context, actor parley.Actor) error {
	if actor.SessionID == 0 {
		return nil
	}
	if err := s.EndSession(ctx, actor, actor.SessionID); err != nil && !parley.IsCode(err, parley.NotFound) {
		return err
	}
	return nil
}

// page cuts the row that was read beyond the limit, and tells where the next page begins; 0: nowhere.
func page[T any, K any](rows []T, limit int, id func(T) parley.ID[K]) ([]T, parley.ID[K]) {
	if len(rows) <= limit {
		return rows, 0
	}
	rows = rows[:limit]
	return rows, id(rows[limit-1])
}
