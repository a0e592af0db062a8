package store

import (
	"context"

	"parley/internal/parley"
)

// Once runs make unless the actor's Idempotency-Key was used already, and
// returns the id of what was made then or now. Key and effect are one
// transaction: a request that is repeated, at the same moment or after a crash,
// has one effect. Without a key it just runs make.
func Once[K any](ctx context.Context, tx *Tx, actor parley.Actor, make func() (parley.ID[K], error)) (parley.ID[K], error) {
	if actor.Once.Key == "" {
		return make()
	}
	n, err := tx.exec(ctx, `INSERT INTO request_keys (account_id, user_id, key, fingerprint, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		actor.AccountID, int64(actor.UserID), actor.Once.Key, actor.Once.Fingerprint, tx.now)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return earlier[K](ctx, tx, actor)
	}
	id, err := make()
	if err != nil {
		return 0, err
	}
	return id, tx.execOne(ctx, `UPDATE request_keys SET result_id = ? WHERE account_id = ? AND user_id = ? AND key = ?`,
		id, actor.AccountID, int64(actor.UserID), actor.Once.Key)
}

func earlier[K any](ctx context.Context, tx *Tx, actor parley.Actor) (parley.ID[K], error) {
	var was struct {
		Fingerprint string       `db:"fingerprint"`
		ResultID    parley.ID[K] `db:"result_id"`
	}
	err := tx.get(ctx, &was, `SELECT fingerprint, result_id FROM request_keys WHERE account_id = ? AND user_id = ? AND key = ?`,
		actor.AccountID, int64(actor.UserID), actor.Once.Key)
	if err != nil {
		return 0, err
	}
	if was.Fingerprint != actor.Once.Fingerprint {
		return 0, parley.Errorf(parley.Conflict, "request.key_reused", "This Idempotency-Key was used for another request. Use a new key for each thing you do.")
	}
	return was.ResultID, nil
}

// DeleteOldRequestKeys forgets keys older than 24 hours, at most limit of them, and tells how many went.
func (tx *Tx) DeleteOldRequestKeys(ctx context.Context, limit int) (int64, error) {
	return tx.exec(ctx, `DELETE FROM request_keys WHERE (account_id, user_id, key) IN
		(SELECT account_id, user_id, key FROM request_keys WHERE created_at < ? ORDER BY created_at LIMIT ?)`,
		tx.now.AddDate(0, 0, -1), limit)
}
