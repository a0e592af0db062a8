package store

import (
	"context"

	"parley/internal/parley"
)

// What a Message-ID is to a message in message_refs.
const (
	refSelf  = "self"
	refNamed = "reference"
)

// maxNamed bounds the Message-IDs that a message is found by: the ends of a long
// References tell more than its middle (RFC 5322 3.6.4).
const maxNamed = 200

// insertRefs writes the Message-ID that m is and those that it names.
func (tx *Tx) insertRefs(ctx context.Context, m *parley.Message) error {
	own := parley.InternetKey(m.InternetID)
	if err := tx.insertSelf(ctx, m); err != nil {
		return err
	}
	ids := named(m, own)
	if len(ids) == 0 {
		return nil
	}
	return tx.send(ctx, `INSERT INTO message_refs (account_id, internet_id, kind, message_id, channel_id)
		SELECT CAST(? AS BIGINT), value, '`+refNamed+`', CAST(? AS BIGINT), CAST(? AS BIGINT) FROM `+tx.d.each()+` WHERE TRUE ON CONFLICT DO NOTHING`,
		m.AccountID, m.ID, m.ChannelID, tx.d.inArg(ids))
}

func (tx *Tx) insertSelf(ctx context.Context, m *parley.Message) error {
	own := parley.InternetKey(m.InternetID)
	if own == "" {
		return nil
	}
	return tx.send(ctx, `INSERT INTO message_refs (account_id, internet_id, kind, message_id, channel_id) VALUES (?, ?, '`+refSelf+`', ?, ?) ON CONFLICT DO NOTHING`,
		m.AccountID, own, m.ID, m.ChannelID)
}

// named lists the keys that m names: those that threading chose, or all of
// In-Reply-To and References.
func named(m *parley.Message, own string) []string {
	all := []string(m.Named)
	if all == nil {
		all = append([]string{m.InReplyTo}, m.References...)
	}
	if len(all) > maxNamed {
		all = append(append([]string(nil), all[:maxNamed/2]...), all[len(all)-maxNamed/2:]...)
	}
	seen := map[string]bool{"": true, own: true}
	var out []string
	for _, id := range all {
		if key := parley.InternetKey(id); !seen[key] {
			seen[key] = true
			out = append(out, key)
		}
	}
	return out
}
