package conversation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// Item is one thing in a timeline: exactly one of Message, Note and Event is set.
type Item struct {
	At      time.Time
	Message *parley.Message
	Body    parley.Body // of Message
	Note    *parley.Note
	Event   *parley.Event
}

// TimelineQuery says which part of a timeline to read.
type TimelineQuery struct {
	Newest bool // newest first
	HTML   bool // with the messages' HTML
	Limit  int  // 1 to 100
	Cursor string
}

// place is where an item stands: at equal times messages come before notes and
// those before events, for what an event tells follows from them.
type place struct {
	at   time.Time
	rank byte
	id   int64
}

const (
	rankMessage byte = 'm'
	rankNote    byte = 'n'
	rankEvent   byte = 'o'
)

func (i Item) place() place {
	switch {
	case i.Message != nil:
		return place{i.At, rankMessage, int64(i.Message.ID)}
	case i.Note != nil:
		return place{i.At, rankNote, int64(i.Note.ID)}
	}
	return place{i.At, rankEvent, int64(i.Event.Seq)}
}

func (p place) compare(q place) int {
	return cmp.Or(p.at.Compare(q.at), cmp.Compare(p.rank, q.rank), cmp.Compare(p.id, q.id))
}

// Timeline gives a page of a conversation's messages, notes and events, oldest
// first unless asked otherwise, and the cursor of the next page; empty at the end.
func (s *Service) Timeline(ctx context.Context, actor parley.Actor, id parley.ConversationID, q TimelineQuery) ([]Item, string, error) {
	if q.Limit < 1 || q.Limit > maxLimit {
		return nil, "", parley.Errorf(parley.Invalid, "limit.invalid", "From 1 to %d.", maxLimit).On("limit")
	}
	from, err := q.from()
	if err != nil {
		return nil, "", err
	}
	var items []Item
	more := false
	err = s.db.View(ctx, func(tx *store.Tx) error {
		c, err := visible(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if items, err = gather(ctx, tx, c, q, from); err != nil {
			return err
		}
		if more = len(items) > q.Limit; more {
			items = items[:q.Limit]
		}
		return fill(ctx, tx, c.AccountID, items, q.HTML)
	})
	if err != nil || !more {
		return items, "", fault("read timeline", err)
	}
	last := items[len(items)-1].place()
	return items, writeCursor(last.rank, last.at, last.id), nil
}

// from is the place that the page follows.
func (q TimelineQuery) from() (place, error) {
	if q.Cursor == "" {
		if q.Newest {
			return place{at: parley.NotWaiting}, nil
		}
		return place{}, nil
	}
	var err error
	for _, rank := range []byte{rankMessage, rankNote, rankEvent} {
		var p place
		if p.at, p.id, err = readCursor(q.Cursor, rank); err == nil {
			p.rank = rank
			return p, nil
		}
	}
	return place{}, err
}

// gather reads one page more than enough from each source and merges them.
func gather(ctx context.Context, tx *store.Tx, c parley.Conversation, q TimelineQuery, from place) ([]Item, error) {
	source := func(rank byte) store.TimelineQuery {
		return store.TimelineQuery{AccountID: c.AccountID, ConversationID: c.ID, At: from.at, ID: from.idFor(rank), Newest: q.Newest, Limit: q.Limit + 1}
	}
	messages, err := tx.ListTimelineMessages(ctx, source(rankMessage))
	if err != nil {
		return nil, err
	}
	notes, err := tx.ListTimelineNotes(ctx, source(rankNote))
	if err != nil {
		return nil, err
	}
	events, err := tx.ListTimelineEvents(ctx, source(rankEvent))
	if err != nil {
		return nil, err
	}
	items := merge(messages, notes, events)
	if q.Newest {
		slices.Reverse(items)
	}
	return items[:min(len(items), q.Limit+1)], nil
}

// idFor is the id that a source begins behind: at the place's own time, items of
// a greater rank stand behind it and those of a lesser before it.
func (p place) idFor(rank byte) int64 {
	switch {
	case rank == p.rank:
		return p.id
	case rank < p.rank:
		return 1<<63 - 1
	}
	return -1
}

// merge puts all into one order, oldest first.
func merge(messages []parley.Message, notes []parley.Note, events []parley.Event) []Item {
	items := make([]Item, 0, len(messages)+len(notes)+len(events))
	for i := range messages {
		items = append(items, Item{At: messages[i].At, Message: &messages[i]})
	}
	for i := range notes {
		items = append(items, Item{At: notes[i].CreatedAt, Note: &notes[i]})
	}
	for i := range events {
		items = append(items, Item{At: events[i].At, Event: &events[i]})
	}
	slices.SortFunc(items, func(a, b Item) int { return a.place().compare(b.place()) })
	return items
}

// fill loads the recipients, attachments and texts of all messages.
func fill(ctx context.Context, tx *store.Tx, account parley.AccountID, items []Item, html bool) error {
	var all []*parley.Message
	var ids []parley.MessageID
	for _, i := range items {
		if i.Message != nil {
			all, ids = append(all, i.Message), append(ids, i.Message.ID)
		}
	}
	if err := tx.FillMessages(ctx, account, all); err != nil {
		return err
	}
	bodies, err := tx.ListBodies(ctx, account, ids, html)
	if err != nil {
		return err
	}
	for n, i := range items {
		if i.Message != nil {
			items[n].Body = bodies[i.Message.ID]
		}
	}
	return nil
}

// Newer gives what was added to a conversation after an event, oldest first, at
// most 50: what whoever had seen no more has to read before they send.
func (s *Service) Newer(ctx context.Context, actor parley.Actor, id parley.ConversationID, seen parley.Seq) ([]Item, error) {
	const limit = 50
	var items []Item
	err := s.db.View(ctx, func(tx *store.Tx) error {
		c, err := visible(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		messages, err := tx.ListMessagesAfter(ctx, c.AccountID, c.ID, seen, limit)
		if err != nil {
			return err
		}
		notes, err := tx.ListNotesAfter(ctx, c.AccountID, c.ID, seen, limit)
		if err != nil {
			return err
		}
		items = merge(messages, notes, nil)
		items = items[:min(len(items), limit)]
		return fill(ctx, tx, c.AccountID, items, true)
	})
	return items, fault("read what is newer", err)
}
