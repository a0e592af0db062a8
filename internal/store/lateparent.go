package store

import (
	"context"
	"strconv"
	"time"

	"parley/internal/parley"
)

// maxMoved bounds how many messages move when a late parent comes in: ids that
// name each other in a circle must come to an end.
const maxMoved = 500

// beforeChild is the step between a parent and its child in the timeline where
// the times at which they came in would turn them round.
const beforeChild = time.Millisecond

// PutAncestorsBefore keeps the timeline in causal order after m was put before
// its children: received messages of m's conversation that m names, and that
// stand behind it, are put before it, and their own ancestors before them.
func (tx *Tx) PutAncestorsBefore(ctx context.Context, m parley.Message) error {
	type place struct {
		ID parley.MessageID `db:"id"`
		At time.Time        `db:"at"`
	}
	todo := []place{{m.ID, m.At}}
	for moved := 0; len(todo) > 0 && moved < maxMoved; todo = todo[1:] {
		var behind []place
		err := tx.list(ctx, &behind, `SELECT DISTINCT p.id, p.at FROM message_refs r
			JOIN message_refs s ON s.account_id = r.account_id AND s.internet_id = r.internet_id AND s.kind = '`+refSelf+`'
			JOIN messages p ON p.id = s.message_id
			WHERE r.message_id = ? AND r.account_id = ? AND r.kind = '`+refNamed+`'
			AND p.account_id = ? AND p.conversation_id = ? AND p.direction = 'inbound' AND (p.at, p.id) > (?, ?) ORDER BY p.id LIMIT `+strconv.Itoa(maxMoved),
			todo[0].ID, m.AccountID, m.AccountID, m.ConversationID, todo[0].At, todo[0].ID)
		if err != nil {
			return err
		}
		for _, p := range behind {
			p.At = todo[0].At.Add(-beforeChild)
			if _, err := tx.exec(ctx, `UPDATE messages SET at = ? WHERE account_id = ? AND id = ?`, p.At, m.AccountID, p.ID); err != nil {
				return err
			}
			todo = append(todo, p)
			moved++
		}
	}
	return nil
}
