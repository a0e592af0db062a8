package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"parley/internal/parley"
)

const (
	maxMatchContacts = 50    // contacts that one word of a search may mean
	smallView        = 100   // conversations: fewer are searched one by one
	maxSmallMessages = 1000  // read at a time
	searchBudget     = 20000 // matches that one page of a search looks at,
	searchChunk      = 5000  // so many at a time once the newest were not enough
)

// SearchPage is a page of conversations that a search found, and where the next
// one begins: at matches in messages older than Before. It may be short, even
// empty, before the end: Before is 0 at the end.
type SearchPage struct {
	IDs    []parley.ConversationID
	Before parley.MessageID
}

// SearchConversations finds conversations of a query (its order and key aside)
// with a message that has all words of text, the newest such message first.
func (tx *Tx) SearchConversations(ctx context.Context, actor parley.Actor, q ListQuery, text string, before parley.MessageID) (SearchPage, error) {
	if n, ok := number(text); ok {
		return tx.searchNumber(ctx, actor, q, n)
	}
	s, err := tx.newSearch(ctx, actor, q, text, before)
	if err != nil || s == nil {
		return SearchPage{}, err
	}
	return s.page(ctx)
}

func (tx *Tx) searchNumber(ctx context.Context, actor parley.Actor, q ListQuery, n int64) (SearchPage, error) {
	var id parley.ConversationID
	err := tx.get(ctx, &id, `SELECT id FROM conversations WHERE account_id = ? AND number = ? AND number > 0`, actor.AccountID, n)
	if errors.Is(err, ErrNoRow) || err == nil && q.IDs != nil && !slices.Contains(q.IDs, id) {
		return SearchPage{}, nil
	}
	if err != nil {
		return SearchPage{}, err
	}
	q.IDs, q.Sort = []parley.ConversationID{id}, parley.Added
	ids, err := tx.ListConversationIDs(ctx, actor, q)
	return SearchPage{IDs: ids}, err
}

// search is one page of a search under way.
type search struct {
	tx     *Tx
	actor  parley.Actor
	q      ListQuery
	groups [][]term // of each, one must be found
	before parley.MessageID
	seen   map[parley.ConversationID]bool
	out    SearchPage
}

// newSearch is nil for a text without words.
func (tx *Tx) newSearch(ctx context.Context, actor parley.Actor, q ListQuery, text string, before parley.MessageID) (*search, error) {
	all := terms(text)
	if len(all) == 0 {
		return nil, nil
	}
	groups := make([][]term, len(all))
	for i, t := range all {
		contacts, err := tx.contactsByWord(ctx, actor.AccountID, t, maxMatchContacts)
		if err != nil {
			return nil, err
		}
		groups[i] = []term{t}
		for _, id := range contacts {
			groups[i] = append(groups[i], term{word: contactWord(id)})
		}
	}
	q.Sort, q.After = parley.Added, nil
	if before == 0 {
		before = 1<<63 - 1
	}
	return &search{tx: tx, actor: actor, q: q, groups: groups, before: before, seen: map[parley.ConversationID]bool{}}, nil
}

// hit is a message that matches.
type hit struct {
	ID             parley.MessageID      `db:"id"`
	ConversationID parley.ConversationID `db:"conversation_id"`
}

func (s *search) page(ctx context.Context) (SearchPage, error) {
	small, err := s.smallView(ctx)
	if err != nil {
		return SearchPage{}, err
	}
	if small != nil {
		return s.inSmallView(ctx, small)
	}
	looked, at := 0, s.before
	for size := 4 * s.q.Limit; looked < searchBudget; size = searchChunk {
		ids, done, err := s.tx.d.matches(ctx, s.tx, s.actor.AccountID, s.groups, at, size)
		if err != nil {
			return SearchPage{}, err
		}
		looked += len(ids)
		if full, err := s.take(ctx, ids); err != nil || full {
			return s.out, err
		}
		if done {
			return s.out, nil
		}
		at = ids[len(ids)-1]
	}
	s.out.Before = at
	return s.out, nil
}

// smallView gives the conversations of the query if they are few; nil if not.
// Words that are common in all conversations may be rare in these.
func (s *search) smallView(ctx context.Context) ([]parley.ConversationID, error) {
	q := s.q
	if q.View == "" && q.InboxID == 0 && q.ChannelID == 0 && q.AssigneeID == 0 && !narrow(q) {
		return nil, nil
	}
	q.Limit = smallView + 1
	ids, err := s.tx.ListConversationIDs(ctx, s.actor, q)
	if err != nil || len(ids) > smallView {
		return nil, err
	}
	return append([]parley.ConversationID{}, ids...), nil
}

func (s *search) inSmallView(ctx context.Context, conversations []parley.ConversationID) (SearchPage, error) {
	at := s.before
	for range searchBudget / searchChunk {
		var all []hit
		err := s.tx.list(ctx, &all, `SELECT id, conversation_id FROM messages WHERE account_id = ? AND `+s.tx.d.in("conversation_id")+` AND `+notTakenBack+` AND id < ? ORDER BY id DESC LIMIT ?`,
			s.actor.AccountID, s.tx.d.inArg(int64s(conversations)), at, maxSmallMessages)
		if err != nil || len(all) == 0 {
			return s.out, err
		}
		at = all[len(all)-1].ID
		more := len(all) == maxSmallMessages
		matching, err := s.matching(ctx, all)
		if err != nil {
			return SearchPage{}, err
		}
		if full, err := s.add(ctx, matching); err != nil || full || !more {
			return s.out, err
		}
	}
	s.out.Before = at
	return s.out, nil
}

// matching keeps the hits whose message matches. It reads the messages, not the
// index: to look up many messages one by one, the index would begin anew for each.
func (s *search) matching(ctx context.Context, all []hit) ([]hit, error) {
	ids := make([]parley.MessageID, len(all))
	for i, h := range all {
		ids[i] = h.ID
	}
	found, err := s.tx.messagesWithWords(ctx, s.actor.AccountID, ids, s.groups)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(h hit) bool { return !found[h.ID] }), nil
}

// take adds the conversations of matching messages, newest first, that the query
// asks for; it tells whether the page is full. The index still has what was taken
// back since: that lives on as a draft, which is its writer's alone.
func (s *search) take(ctx context.Context, ids []parley.MessageID) (full bool, err error) {
	if len(ids) == 0 {
		return false, nil
	}
	var hits []hit
	err = s.tx.list(ctx, &hits, `SELECT id, conversation_id FROM messages WHERE account_id = ? AND `+s.tx.d.in("id")+` AND conversation_id IS NOT NULL AND `+notTakenBack,
		s.actor.AccountID, s.tx.d.inArg(int64s(ids)))
	if err != nil {
		return false, err
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Compare(b.ID, a.ID) })
	q := s.q
	among := map[parley.ConversationID]bool{}
	for _, h := range hits {
		among[h.ConversationID] = true
	}
	q.IDs, q.Limit = within(s.q.IDs, sortedKeys(among)), len(among)
	visible, err := s.tx.ListConversationIDs(ctx, s.actor, q)
	if err != nil {
		return false, err
	}
	is := map[parley.ConversationID]bool{}
	for _, id := range visible {
		is[id] = true
	}
	return s.add(ctx, slices.DeleteFunc(hits, func(h hit) bool { return !is[h.ConversationID] }))
}

// within keeps those of the found ids that were asked for.
func within(asked, found []parley.ConversationID) []parley.ConversationID {
	if asked == nil {
		return found
	}
	return slices.DeleteFunc(found, func(id parley.ConversationID) bool { return !slices.Contains(asked, id) })
}

// add puts the conversations of hits on the page, each once and none that an
// earlier page had: those match in a newer message too.
func (s *search) add(ctx context.Context, hits []hit) (full bool, err error) {
	var fresh []hit
	for _, h := range hits {
		if !s.seen[h.ConversationID] {
			s.seen[h.ConversationID] = true
			fresh = append(fresh, h)
		}
	}
	if fresh, err = s.notBefore(ctx, fresh); err != nil {
		return false, err
	}
	for _, h := range fresh {
		s.out.IDs = append(s.out.IDs, h.ConversationID)
		if len(s.out.IDs) == s.q.Limit {
			s.out.Before = h.ID
			return true, nil
		}
	}
	return false, nil
}

func (s *search) notBefore(ctx context.Context, hits []hit) ([]hit, error) {
	if s.before == 1<<63-1 || len(hits) == 0 {
		return hits, nil
	}
	ids := make([]parley.ConversationID, len(hits))
	for i, h := range hits {
		ids[i] = h.ConversationID
	}
	var newer []hit
	err := s.tx.list(ctx, &newer, `SELECT id, conversation_id FROM messages WHERE account_id = ? AND `+s.tx.d.in("conversation_id")+` AND id >= ? ORDER BY id DESC LIMIT ?`,
		s.actor.AccountID, s.tx.d.inArg(int64s(ids)), s.before, maxSmallMessages)
	if err != nil || len(newer) == 0 {
		return hits, err
	}
	newer, err = s.matching(ctx, newer)
	had := map[parley.ConversationID]bool{}
	for _, h := range newer {
		had[h.ConversationID] = true
	}
	return slices.DeleteFunc(hits, func(h hit) bool { return had[h.ConversationID] }), err
}

// joined writes terms of one group, any of which is enough, and groups, all of which must be there.
func joined(tag string, groups [][]term, write func(term) string, or, and string) string {
	parts := make([]string, len(groups))
	for i, g := range groups {
		any := make([]string, len(g))
		for j, t := range g {
			any[j] = write(term{tag + t.word, t.prefix})
		}
		parts[i] = "(" + strings.Join(any, or) + ")"
	}
	return strings.Join(parts, and)
}
