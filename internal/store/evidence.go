package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"parley/internal/parley"
)

// How much is looked at for one mail. Threads that people have are far below;
// a hostile one with a million members costs no more than these.
const (
	maxSame      = 200 // messages with one Message-ID, the oldest
	maxSiblings  = 50  // that name one id, the newest
	maxChildren  = 200 // that name the mail itself, the oldest
	maxSenders   = 200 // messages of a conversation in which a sender is searched, the newest
	maxMerges    = 10  // steps from a conversation to where it was merged
	evidenceRuns = 3
)

// ThreadEvidence gathers what thread.Choose has to know, and locks the
// conversations that it names. It must be called with the channel locked. asked
// are the hits that were asked for before, if they are still what they were; else nil.
//
// Erased and SameSubject stay empty: nothing is deleted for good, and no
// setting switches the rule of the same subject on.
func (tx *Tx) ThreadEvidence(ctx context.Context, q parley.ThreadQuery, asked *ThreadHits) (parley.ThreadEvidence, error) {
	for range evidenceRuns {
		ev, err := tx.threadHits(ctx, q, asked)
		if err != nil {
			return ev, err
		}
		asked = nil
		moved, err := tx.threadFacts(ctx, q, &ev)
		if err != nil || !moved {
			return ev, err
		}
	}
	return parley.ThreadEvidence{}, errors.New("the conversations of a mail are merged again and again")
}

// hitRow is one message that was found by an id.
type hitRow struct {
	How            string                `db:"how"`
	InternetID     string                `db:"internet_id"`
	MessageID      parley.MessageID      `db:"message_id"`
	ConversationID parley.ConversationID `db:"conversation_id"`
	ChannelID      parley.ChannelID      `db:"channel_id"`
	Direction      parley.Direction      `db:"direction"`
	ContentHash    []byte                `db:"content_hash"`
	At             time.Time             `db:"at"`
}

func (h hitRow) placed() parley.ThreadHit {
	hit := h.hit()
	hit.At = h.At
	return hit
}

func (h hitRow) hit() parley.ThreadHit {
	return parley.ThreadHit{InternetID: h.InternetID, MessageID: h.MessageID, ConversationID: h.ConversationID, ChannelID: h.ChannelID}
}

const hitColumns = `m.id AS message_id, m.conversation_id, m.channel_id, m.direction, m.content_hash, m.at`

// ThreadHits are the messages that are or name one of the ids of some mails of a channel.
type ThreadHits struct{ rows map[hitKey][]hitRow }

// hitKey is one question: how an id was looked for, and the id.
type hitKey struct{ how, id string }

// of gives the hits that q asks for.
func (h *ThreadHits) of(q parley.ThreadQuery) (out []hitRow) {
	for _, id := range q.Named {
		out = append(append(out, h.rows[hitKey{"self", id}]...), h.rows[hitKey{"sibling", id}]...)
	}
	if q.InternetID != "" {
		out = append(append(out, h.rows[hitKey{"self", q.InternetID}]...), h.rows[hitKey{"child", q.InternetID}]...)
	}
	return out
}

// Conversations are those in which the hits stand.
func (h *ThreadHits) Conversations() []parley.ConversationID {
	seen := map[parley.ConversationID]bool{}
	for _, rows := range h.rows {
		for _, r := range rows {
			if r.ConversationID != 0 {
				seen[r.ConversationID] = true
			}
		}
	}
	return sortedKeys(seen)
}

// ListThreadHits asks the three questions of ids in one query, for all mails of
// an account's channel that wait.
func (tx *Tx) ListThreadHits(ctx context.Context, account parley.AccountID, channel parley.ChannelID, queries ...parley.ThreadQuery) (*ThreadHits, error) {
	own, named := map[string]bool{}, map[string]bool{}
	for _, q := range queries {
		if q.InternetID != "" {
			own[q.InternetID] = true
		}
		for _, id := range q.Named {
			named[id] = true
		}
	}
	hits := &ThreadHits{rows: map[hitKey][]hitRow{}}
	if len(own)+len(named) == 0 {
		return hits, nil
	}
	all := maps.Clone(own)
	maps.Copy(all, named)
	refs := func(how, order string, limit int) string {
		return `SELECT '` + how + `' AS how, i.id AS internet_id, ` + hitColumns + ` FROM (SELECT value AS id FROM ` + tx.d.each() + `) AS i
			CROSS JOIN ` + tx.d.found(`SELECT message_id AS value FROM message_refs WHERE account_id = ? AND internet_id = i.id AND kind = `+order+` LIMIT `+strconv.Itoa(limit), "f") + `
			JOIN messages m ON m.id = f.value`
	}
	var rows []hitRow
	err := tx.list(ctx, &rows, refs("self", `'`+refSelf+`' ORDER BY message_id`, maxSame)+
		` UNION ALL `+refs("child", `'`+refNamed+`' AND channel_id = ? ORDER BY message_id`, maxChildren)+` WHERE m.direction = 'inbound'`+
		` UNION ALL `+refs("sibling", `'`+refNamed+`' AND channel_id = ? ORDER BY message_id DESC`, maxSiblings)+` WHERE m.direction = 'inbound'`,
		tx.d.inArg(sortedKeys(all)), account,
		tx.d.inArg(sortedKeys(own)), account, channel,
		tx.d.inArg(sortedKeys(named)), account, channel)
	// The joins need not keep the order in which the rows were found.
	slices.SortFunc(rows, func(a, b hitRow) int {
		older := cmp.Compare(a.MessageID, b.MessageID)
		if a.How == "sibling" {
			older = -older // the newest are wanted
		}
		return cmp.Or(cmp.Compare(a.How, b.How), older)
	})
	for _, r := range rows {
		k := hitKey{r.How, r.InternetID}
		hits.rows[k] = append(hits.rows[k], r)
	}
	return hits, err
}

func (tx *Tx) threadHits(ctx context.Context, q parley.ThreadQuery, asked *ThreadHits) (ev parley.ThreadEvidence, err error) {
	if ev.Tokens, err = tx.tokenHits(ctx, q); err != nil {
		return ev, err
	}
	if asked == nil {
		if asked, err = tx.ListThreadHits(ctx, q.AccountID, q.ChannelID, q); err != nil {
			return ev, err
		}
	}
	rows := asked.of(q)
	if q.InternetID == "" && len(q.ContentHash) > 0 {
		copies, err := tx.copyOf(ctx, q)
		if err != nil {
			return ev, err
		}
		rows = append(rows, copies...)
	}
	sortHits(q, rows, &ev)
	return ev, nil
}

// copyOf finds the message with the same content as a mail without an id, that has none either.
func (tx *Tx) copyOf(ctx context.Context, q parley.ThreadQuery) ([]hitRow, error) {
	var rows []hitRow
	err := tx.list(ctx, &rows, `SELECT 'self' AS how, '' AS internet_id, `+hitColumns+` FROM messages m
		WHERE m.account_id = ? AND m.channel_id = ? AND m.content_hash = ? AND m.internet_id = '' AND m.direction = 'inbound' ORDER BY m.id LIMIT `+strconv.Itoa(maxSame),
		q.AccountID, q.ChannelID, q.ContentHash)
	return rows, err
}

// sortHits puts the rows into the lists of the evidence, each message where its documents want it.
func sortHits(q parley.ThreadQuery, rows []hitRow, ev *parley.ThreadEvidence) {
	type place struct {
		how          string
		id           string
		channel      parley.ChannelID
		conversation parley.ConversationID
	}
	same, children, once := map[place]int{}, map[place]int{}, map[place]bool{}
	for _, r := range rows {
		at := place{r.How, r.InternetID, r.ChannelID, r.ConversationID}
		switch {
		case r.How == "self" && r.InternetID == q.InternetID:
			h := r.hit()
			h.ContentHash = r.ContentHash
			keepBest(&ev.Same, same, at, h, bytes.Equal(r.ContentHash, q.ContentHash) && len(q.ContentHash) > 0)
		case r.How == "self" && r.Direction == parley.Outbound:
			ev.Sent = append(ev.Sent, r.placed())
		case r.How == "self" && r.ChannelID == q.ChannelID && !once[at]:
			once[at] = true
			ev.Received = append(ev.Received, r.placed())
		case r.How == "sibling" && !once[at]:
			once[at] = true
			ev.Siblings = append(ev.Siblings, r.hit())
		case r.How == "child":
			i, ok := children[at]
			keepBest(&ev.Children, children, at, r.placed(), ok && r.At.Before(ev.Children[i].At))
		}
	}
}

// keepBest keeps one hit of each place: the first, or a later one that is better.
func keepBest[P comparable](list *[]parley.ThreadHit, index map[P]int, at P, h parley.ThreadHit, better bool) {
	i, ok := index[at]
	switch {
	case !ok:
		index[at] = len(*list)
		*list = append(*list, h)
	case better:
		(*list)[i] = h
	}
}

// tokenHits follows verified tokens to the message they name, else to its conversation.
func (tx *Tx) tokenHits(ctx context.Context, q parley.ThreadQuery) ([]parley.ThreadHit, error) {
	var out []parley.ThreadHit
	for _, t := range q.Tokens {
		var row hitRow
		err := tx.get(ctx, &row, `SELECT `+hitColumns+` FROM messages m WHERE m.account_id = ? AND m.id = ?`, q.AccountID, t.MessageID)
		if err == nil {
			h := row.hit()
			h.Token = t
			out = append(out, h)
			continue
		}
		if !errors.Is(err, ErrNoRow) {
			return nil, err
		}
		h, err := tx.conversationHit(ctx, q.AccountID, t.ConversationID)
		if err != nil && !errors.Is(err, ErrNoRow) {
			return nil, err
		}
		if err == nil {
			h.Token = t
			out = append(out, h)
		}
	}
	return out, nil
}

// conversationHit finds where a conversation is now, after merges.
func (tx *Tx) conversationHit(ctx context.Context, account parley.AccountID, id parley.ConversationID) (parley.ThreadHit, error) {
	for range maxMerges {
		var c struct {
			ChannelID    parley.ChannelID      `db:"channel_id"`
			MergedIntoID parley.ConversationID `db:"merged_into_id"`
		}
		if err := tx.get(ctx, &c, `SELECT channel_id, merged_into_id FROM conversations WHERE account_id = ? AND id = ?`, account, id); err != nil {
			return parley.ThreadHit{}, err
		}
		if c.MergedIntoID == 0 {
			return parley.ThreadHit{ConversationID: id, ChannelID: c.ChannelID}, nil
		}
		id = c.MergedIntoID
	}
	return parley.ThreadHit{}, ErrNoRow
}

// threadFacts adds what is to be known of the conversations that were found, and
// locks them. moved says that one of them was merged meanwhile: ask again.
func (tx *Tx) threadFacts(ctx context.Context, q parley.ThreadQuery, ev *parley.ThreadEvidence) (moved bool, err error) {
	var ids []parley.ConversationID
	for _, h := range slices.Concat(ev.Tokens, ev.Sent, ev.Received, ev.Same, ev.Children, ev.Siblings) {
		if h.ConversationID != 0 && !slices.Contains(ids, h.ConversationID) {
			ids = append(ids, h.ConversationID)
		}
	}
	if len(ids) == 0 {
		return false, nil
	}
	found, err := tx.LockConversations(ctx, q.AccountID, ids)
	if err != nil {
		return false, err
	}
	sender := q.Sender
	if sender == 0 {
		err = tx.get(ctx, &sender, `SELECT contact_id FROM contact_points WHERE account_id = ? AND kind = ? AND key = ?`, q.AccountID, parley.PointEmail, q.From)
		if err != nil && !errors.Is(err, ErrNoRow) {
			return false, err
		}
	}
	for _, c := range found {
		moved = moved || c.MergedIntoID != 0
		f := parley.ThreadConversation{
			ID: c.ID, ChannelID: c.ChannelID, Status: c.Status, ClosedAt: c.ClosedAt, Spam: c.Spam, Trashed: c.TrashedAt != nil,
			FollowUpOfID: c.FollowUpOfID, SenderKnown: sender != 0 && sender == c.ContactID,
		}
		if err := tx.threadFact(ctx, q, &f, len(found) > 1); err != nil {
			return false, err
		}
		ev.Conversations = append(ev.Conversations, f)
	}
	return moved, nil
}

func (tx *Tx) threadFact(ctx context.Context, q parley.ThreadQuery, f *parley.ThreadConversation, several bool) error {
	if !f.SenderKnown {
		known, err := tx.wroteOrRead(ctx, q.AccountID, f.ID, q.From)
		if err != nil {
			return err
		}
		f.SenderKnown = known
	}
	if !several { // nothing to merge with
		return nil
	}
	err := tx.get(ctx, &f.Replied, `SELECT EXISTS (SELECT 1 FROM messages WHERE account_id = ? AND conversation_id = ?
		AND direction = 'outbound' AND NOT auto_submitted AND delivery NOT IN ('draft', 'cancelled'))`, q.AccountID, f.ID)
	if err != nil {
		return err
	}
	return tx.get(ctx, &f.MergeUndone, `SELECT EXISTS (SELECT 1 FROM merges WHERE account_id = ? AND (from_id = ? OR into_id = ?) AND undone_at IS NOT NULL)`,
		q.AccountID, f.ID, f.ID)
}

// wroteOrRead reports whether an address stands in From, To, Cc or Bcc of a message of the conversation.
func (tx *Tx) wroteOrRead(ctx context.Context, account parley.AccountID, id parley.ConversationID, address string) (bool, error) {
	var rows []struct {
		From string           `db:"from_email"`
		To   parley.Addresses `db:"to_list"`
		Cc   parley.Addresses `db:"cc_list"`
		Bcc  parley.Addresses `db:"bcc_list"`
	}
	err := tx.list(ctx, &rows, `SELECT from_email, to_list, cc_list, bcc_list FROM messages WHERE account_id = ? AND conversation_id = ?
		ORDER BY at DESC, id DESC LIMIT `+strconv.Itoa(maxSenders), account, id)
	for _, r := range rows {
		for _, a := range slices.Concat(parley.Addresses{{Email: r.From}}, r.To, r.Cc, r.Bcc) {
			if a.Key() == address && address != "" {
				return true, err
			}
		}
	}
	return false, err
}

// OutboundByInternetKey finds the message of ours with this Message-ID; of several tries the newest.
func (tx *Tx) OutboundByInternetKey(ctx context.Context, account parley.AccountID, key string) (parley.MessageID, error) {
	var id parley.MessageID
	err := tx.get(ctx, &id, `SELECT m.id FROM message_refs r JOIN messages m ON m.id = r.message_id
		WHERE r.account_id = ? AND r.internet_id = ? AND r.kind = '`+refSelf+`' AND m.direction = 'outbound' ORDER BY m.id DESC LIMIT 1`, account, key)
	return id, err
}

// InboundCopy finds the message of a channel with this Message-ID, as it was written, and content.
func (tx *Tx) InboundCopy(ctx context.Context, account parley.AccountID, channel parley.ChannelID, internetID string, hash []byte) (parley.MessageID, error) {
	var id parley.MessageID
	err := tx.get(ctx, &id, `SELECT id FROM messages WHERE account_id = ? AND channel_id = ? AND internet_id = ? AND content_hash = ?
		AND direction = 'inbound' AND internet_id <> ''`, account, channel, internetID, hash)
	return id, err
}
