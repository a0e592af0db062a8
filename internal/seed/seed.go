package seed

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// Options say how much is made, and of what.
type Options struct {
	Conversations int
	Messages      int       // at least as many
	Seed          uint64    // another one makes other rows
	Until         time.Time // when the newest things have happened
	Owner         string    // address of the account's owner; empty: OwnerEmail
	Force         bool      // fill a database that has an account already
	// Progress hears of every few thousand messages; nil: nobody does.
	Progress func(messages int)
}

// Until is when things have happened last if nothing else is said. It stands
// still, so that two seeds of a kind are the same.
var Until = time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)

// Result is what was made.
type Result struct {
	Account       parley.Account
	Owner         string
	Conversations int
	Messages      int
	Events        int
}

// Limits of one seed.
const (
	maxConversations = 5_000_000
	maxMessages      = 50_000_000
)

func (o *Options) check() error {
	switch {
	case o.Conversations < 1 || o.Conversations > maxConversations:
		return parley.Errorf(parley.Invalid, "seed.conversations", "Seed from 1 to %d conversations.", maxConversations)
	case o.Messages < o.Conversations || o.Messages > maxMessages:
		return parley.Errorf(parley.Invalid, "seed.messages", "Seed at least a message for each conversation, and at most %d.", maxMessages)
	}
	if o.Until.IsZero() {
		o.Until = Until
	}
	o.Until = o.Until.UTC().Truncate(time.Second)
	if o.Owner == "" {
		o.Owner = OwnerEmail
	}
	return nil
}

// Run fills db in one transaction: all of it is there in the end, or nothing.
func Run(ctx context.Context, db *store.DB, o Options) (Result, error) {
	if err := o.check(); err != nil {
		return Result{}, err
	}
	if err := mayFill(ctx, db, o.Force); err != nil {
		return Result{}, err
	}
	p := makePlan(o)
	var events parley.Seq
	err := db.Load(ctx, func(l *store.Loader) error {
		if err := p.fill(ctx, l, &events); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		return nil
	})
	return Result{Account: p.account, Owner: o.Owner, Conversations: o.Conversations, Messages: o.Messages, Events: int(events)}, err
}

func mayFill(ctx context.Context, db *store.DB, force bool) error {
	var used bool
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		used, err = tx.AnyAccount(ctx)
		return err
	})
	if err == nil && used && !force {
		return parley.Errorf(parley.Conflict, "seed.not_empty", "This database has an account already. Seed an empty one, or give --beside to add a seeded account beside what is there.")
	}
	return err
}

func (p *plan) fill(ctx context.Context, l *store.Loader, last *parley.Seq) error {
	begun, err := p.found(ctx, l)
	if err != nil {
		return err
	}
	if err := p.lay(ctx, inRows{l}); err != nil {
		return err
	}
	for i := range begun {
		begun[i].Seq = parley.Seq(i + 1)
	}
	if err := l.LoadEvents(ctx, begun); err != nil {
		return fmt.Errorf("write events: %w", err)
	}
	next, err := l.NextIDs(ctx)
	if err != nil {
		return fmt.Errorf("find free ids: %w", err)
	}
	first := parley.Seq(len(begun))
	w := &writer{plan: p, l: l, next: next, refs: map[parley.BlobKey]int{}, heard: map[parley.ChannelID]time.Time{}}
	w.last = p.ends(next, first)
	s := p.begin(next, first, nil)
	for _, st := range p.steps {
		w.add(s.take(st), s.events, st)
		if err := w.flush(ctx, batch); err != nil {
			return err
		}
	}
	if err := w.flush(ctx, 1); err != nil {
		return err
	}
	*last = s.seq
	for id, at := range w.heard {
		if _, err := l.LockInboundChannel(ctx, p.account.ID, id, &at); err != nil {
			return fmt.Errorf("note last mail: %w", err)
		}
	}
	if err := p.count(ctx, l, w.refs); err != nil {
		return err
	}
	return l.FinishLoad(ctx, p.account.ID, s.seq, s.number)
}

// ends tells how every conversation is in the end: its row is written before
// those that refer to it.
func (p *plan) ends(next store.LoadIDs, first parley.Seq) []progress {
	last := make([]progress, len(p.stories))
	s := p.begin(next, first, func(c *progress) {
		c.Preview = preview(p.text(c.story, int(c.lastN), c.inbound).visible, c.inbound)
		last[c.story] = *c
	})
	for _, st := range p.steps {
		s.take(st)
	}
	return last
}

// batch is how many messages are written at once.
const batch = 4000

// writer gathers rows.
type writer struct {
	*plan
	l     *store.Loader
	next  store.LoadIDs
	last  []progress // by story, as it is in the end
	refs  map[parley.BlobKey]int
	heard map[parley.ChannelID]time.Time // when each channel last received something

	contacts      []parley.Contact
	blocks        []parley.Contact
	conversations []parley.Conversation
	ended         []*progress
	messages      []store.LoadMessage
	notes         []parley.Note
	events        []parley.Event
	entries       []parley.Intake
	written       int
}

func (w *writer) add(t told, events []parley.Event, st step) {
	last := &w.last[t.c.story]
	if t.met {
		w.contacts = append(w.contacts, last.contact)
	}
	if t.blocked {
		w.blocks = append(w.blocks, last.contact)
	}
	if t.began {
		w.conversations = append(w.conversations, last.Conversation)
		w.ended = append(w.ended, last)
	}
	if t.note != nil {
		t.note.Text = w.said(t.c.story, 1<<19)
		w.notes = append(w.notes, *t.note)
	}
	if t.message != nil {
		w.addMessage(t, st)
	}
	w.events = append(w.events, events...)
}

func (w *writer) addMessage(t told, st step) {
	m := t.message
	inbound := m.Direction == parley.Inbound
	text := w.text(t.c.story, int(st.n), inbound)
	raw := w.raw(m.ID)
	m.Preview, m.HasHTML, m.RawBlob, m.RawSize = preview(text.visible, inbound), text.html != "", raw.key, raw.size
	for _, a := range m.Attachments {
		w.refs[a.Blob]++
	}
	if inbound {
		m.ContentHash = hash(w.Seed, t.c.story, st.n)
		w.refs[raw.key] += 2 // the entry's and the message's
		at := m.ReceivedAt
		w.heard[m.ChannelID] = at
		w.entries = append(w.entries, parley.Intake{
			ID: w.next.Intake, AccountID: m.AccountID, ChannelID: m.ChannelID, State: parley.IntakeFiled, Outcome: parley.BecameMessage, Blob: raw.key, Size: raw.size,
			MailFrom: m.MailFrom, RcptTo: m.RcptTo, RemoteAddr: "192.0.2.25:25", ReceivedAt: at, FiledAt: &at, MessageID: m.ID, ConversationID: m.ConversationID,
		})
		w.next.Intake++
	}
	w.messages = append(w.messages, store.LoadMessage{Message: *m, Body: text.body(), Topic: t.c.Subject, ConversationOf: t.c.ContactID})
}

// hash stands for a mail's content.
func hash(seed uint64, story int, n int32) []byte {
	var b [20]byte
	binary.BigEndian.PutUint64(b[:], seed)
	binary.BigEndian.PutUint64(b[8:], uint64(story))
	binary.BigEndian.PutUint32(b[16:], uint32(n))
	sum := sha256.Sum256(b[:])
	return sum[:]
}

// flush writes what was gathered once it is enough, in an order in which every
// row finds what it refers to.
func (w *writer) flush(ctx context.Context, enough int) error {
	if len(w.messages) < enough && len(w.events) < 4*enough {
		return nil
	}
	for _, write := range []func() error{
		func() error { return w.l.LoadContacts(ctx, w.contacts) },
		func() error { return w.l.LoadConversations(ctx, w.conversations) },
		func() error { return w.l.LoadMessages(ctx, w.messages) },
		func() error { return w.l.LoadNotes(ctx, w.notes) },
		func() error { return w.l.LoadEvents(ctx, w.events) },
		func() error { return w.l.LoadIntake(ctx, w.entries) },
		func() error { return w.l.LoadReadCursors(ctx, w.account.ID, cursors(w.ended)) },
		func() error { return w.block(ctx) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	w.written += len(w.messages)
	w.contacts, w.blocks, w.conversations, w.ended = w.contacts[:0], w.blocks[:0], w.conversations[:0], w.ended[:0]
	w.messages, w.notes, w.events, w.entries = w.messages[:0], w.notes[:0], w.events[:0], w.entries[:0]
	if w.Progress != nil {
		w.Progress(w.written)
	}
	return ctx.Err()
}

func (w *writer) block(ctx context.Context) error {
	for _, c := range w.blocks {
		if err := w.l.InsertBlocksOf(ctx, c); err != nil {
			return fmt.Errorf("write blocklist: %w", err)
		}
	}
	return nil
}

func cursors(ended []*progress) map[parley.ConversationID][]store.ReadCursor {
	all := make(map[parley.ConversationID][]store.ReadCursor, len(ended))
	for _, c := range ended {
		for _, user := range slices.Sorted(maps.Keys(c.cursors)) {
			all[c.ID] = append(all[c.ID], c.cursors[user])
		}
	}
	return all
}
