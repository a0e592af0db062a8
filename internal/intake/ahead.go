package intake

import (
	"context"
	"fmt"
	"slices"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/thread"
)

// ahead is what was asked at once for all the mails that a transaction files:
// answers that would be the same if each mail asked alone, kept true while the
// mails are filed one after the other.
type ahead struct {
	senders  map[*mail]parley.Address
	contacts map[whose]parley.Contact // by address; none: not known
	blocked  map[whose]bool
	inboxes  map[parley.InboxID]parley.Inbox
	hits     map[parley.ChannelID]*store.ThreadHits
	// ids are what mails that were filed meanwhile are and name: whoever shares one
	// of them asks anew. So does everybody once messages were moved.
	ids   map[string]bool
	moved bool
}

// whose is an address within an account.
type whose struct {
	account parley.AccountID
	key     string
}

// ask finds who wrote the mails, whether they are blocked, and which messages
// have to do with the mails, and locks the conversations in which those stand.
func (w *writing) ask(ctx context.Context, mails []*mail) error {
	w.ahead = ahead{
		senders: map[*mail]parley.Address{}, contacts: map[whose]parley.Contact{}, blocked: map[whose]bool{},
		inboxes: map[parley.InboxID]parley.Inbox{}, hits: map[parley.ChannelID]*store.ThreadHits{}, ids: map[string]bool{},
	}
	keys := map[parley.PointKind]map[parley.AccountID]map[string]bool{parley.PointEmail: {}, parley.PointPhone: {}}
	for _, m := range mails {
		account := m.entry.AccountID
		w.senders[m] = w.writerOf(m)
		kind := m.parsed.From.Kind()
		if keys[kind][account] == nil {
			keys[kind][account] = map[string]bool{}
		}
		for _, key := range []string{w.senders[m].Key(), m.parsed.From.Key()} {
			if key != "" {
				keys[kind][account][key] = true
			}
		}
	}
	for _, kind := range sorted(keys) {
		for _, account := range sorted(keys[kind]) {
			if err := w.askPeople(ctx, account, kind, sorted(keys[kind][account])); err != nil {
				return err
			}
		}
	}
	return w.askThreads(ctx, mails)
}

// writerOf is who wrote m; whoever texts is their number.
func (w *writing) writerOf(m *mail) parley.Address {
	if w.channels[m.entry.ChannelID].Type == setting.Text {
		return m.parsed.From
	}
	return writer(m.parsed, m.entry.MailFrom, w.own[m.entry.AccountID])
}

func (w *writing) askPeople(ctx context.Context, account parley.AccountID, kind parley.PointKind, keys []string) error {
	found, err := w.tx.ListContactsByKeys(ctx, account, kind, keys)
	if err != nil {
		return fmt.Errorf("match contacts: %w", err)
	}
	for key, c := range found {
		w.contacts[whose{account, key}] = c
	}
	blocked, err := w.tx.ListBlocked(ctx, account, kind, keys)
	if err != nil {
		return fmt.Errorf("ask blocklist: %w", err)
	}
	for _, key := range blocked {
		w.blocked[whose{account, key}] = true
	}
	return nil
}

func (w *writing) askThreads(ctx context.Context, mails []*mail) error {
	queries := map[parley.ChannelID][]parley.ThreadQuery{}
	for _, m := range mails {
		if w.channels[m.entry.ChannelID].Type == setting.Text {
			continue // a number has one thread
		}
		in := w.s.incoming(w.channels[m.entry.ChannelID], m, w.sender(m))
		queries[in.ChannelID] = append(queries[in.ChannelID], thread.Wanted(in, thread.Policy{}))
	}
	conversations := map[parley.AccountID][]parley.ConversationID{}
	for _, id := range sorted(queries) {
		account := w.channels[id].AccountID
		hits, err := w.tx.ListThreadHits(ctx, account, id, queries[id]...)
		if err != nil {
			return fmt.Errorf("gather evidence: %w", err)
		}
		w.hits[id] = hits
		conversations[account] = append(conversations[account], hits.Conversations()...)
	}
	for _, account := range sorted(conversations) {
		ids := slices.Compact(slices.Sorted(slices.Values(conversations[account])))
		if _, err := w.tx.LockConversations(ctx, account, ids); err != nil {
			return fmt.Errorf("lock conversations: %w", err)
		}
	}
	return nil
}

// asked gives the hits that were asked for, unless what was filed since may have changed them.
func (w *writing) asked(q parley.ThreadQuery) *store.ThreadHits {
	if w.moved || w.ids[q.InternetID] && q.InternetID != "" || slices.ContainsFunc(q.Named, func(id string) bool { return w.ids[id] }) {
		return nil
	}
	return w.hits[q.ChannelID]
}

// filed notes what asked has to know of a mail.
func (f *placing) filed(q parley.ThreadQuery) {
	f.ids[q.InternetID] = true
	for _, id := range q.Named {
		f.ids[id] = true
	}
	f.moved = f.moved || len(f.d.Merge) > 0
}

// inbox loads an inbox once.
func (w *writing) inbox(ctx context.Context, account parley.AccountID, id parley.InboxID) (parley.Inbox, error) {
	if in, ok := w.inboxes[id]; ok {
		return in, nil
	}
	in, err := w.tx.InboxByID(ctx, account, id)
	if err != nil {
		return in, fmt.Errorf("load inbox: %w", err)
	}
	w.inboxes[id] = in
	return in, nil
}
