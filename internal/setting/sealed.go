package setting

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/parley"
	"parley/internal/seal"
	"parley/internal/store"
)

// Sealed are the channels of all accounts that have something sealed, and which of
// them the server's secret key does not open: it is another one than when they
// were saved, as after a restore without it.
func (s *Service) Sealed(ctx context.Context) (all, locked []parley.Channel, err error) {
	err = s.DB.View(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.ListSealed(ctx)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("list sealed channels: %w", err)
	}
	for _, c := range all {
		switch _, err := s.Configured(c); {
		case errors.Is(err, seal.ErrOpen):
			locked = append(locked, c)
		case err != nil:
			return nil, nil, err
		}
	}
	return all, locked, nil
}
