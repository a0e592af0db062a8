package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/store"
)

// Pace is how often and how long. Zero values stand for the defaults in brackets.
type Pace struct {
	Look    time.Duration // between two looks at which mailboxes there are [5 s]
	Renew   time.Duration // between two renewals of our leases [10 s]
	Lease   time.Duration // for which a mailbox is ours [30 s]
	Retry   time.Duration // after a connection broke, at first [1 s]
	Refused time.Duration // after a server refused us, at first: it may lock us out [1 min]
	Longest time.Duration // of all waits [10 min]
}

func (p Pace) withDefaults() Pace {
	for _, d := range []struct {
		to    *time.Duration
		value time.Duration
	}{{&p.Look, 5 * time.Second}, {&p.Renew, 10 * time.Second}, {&p.Lease, 30 * time.Second}, {&p.Retry, time.Second}, {&p.Refused, time.Minute}, {&p.Longest, 10 * time.Minute}} {
		if *d.to == 0 {
			*d.to = d.value
		}
	}
	return p
}

// Look makes Poll see at once that settings have changed.
func (s *Service) Look() {
	select {
	case s.kicked <- struct{}{}:
	default:
	}
}

// Poll runs a poller for each mailbox that is fetched, until ctx ends. Of nodes
// that share a database one alone polls a mailbox: it holds the lease.
func (s *Service) Poll(ctx context.Context, to channel.Sink) error {
	p := &polling{Service: s, sink: to, pollers: map[parley.ChannelID]*poller{}}
	defer p.end(context.WithoutCancel(ctx))
	tick := time.NewTicker(s.pace.Look)
	defer tick.Stop()
	for {
		if err := p.arrange(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("the mailboxes cannot be looked up; they are again", "err", err)
			if !time.Now().Before(p.until) {
				p.stop(p.all()...) // another node may have them by now
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-s.kicked:
			p.renewed = time.Time{}
		}
	}
}

// polling is what one node polls.
type polling struct {
	*Service
	sink    channel.Sink
	pollers map[parley.ChannelID]*poller
	known   []parley.ChannelID // the mailboxes there were when we renewed last
	renewed time.Time
	until   time.Time // our leases end then
}

// arrange starts and stops pollers, so that they are those of the mailboxes that are ours.
func (p *polling) arrange(ctx context.Context) error {
	var rows []parley.Channel
	err := p.db.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.ListPolled(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("list mailboxes: %w", err)
	}
	there := map[parley.ChannelID]parley.Channel{}
	for _, row := range rows {
		there[row.ID] = row
	}
	for id, running := range p.pollers {
		if row, ok := there[id]; !ok || !bytes.Equal(running.with, fingerprint(row)) {
			p.stop(id)
		}
	}
	ids := slices.Sorted(maps.Keys(there))
	due := time.Since(p.renewed) >= p.pace.Renew || !slices.Equal(ids, p.known)
	if due {
		if err := p.lease(ctx, ids); err != nil {
			return err
		}
	}
	for id, running := range p.pollers {
		if running.ended() { // it had lost its lease
			p.stop(id)
		}
	}
	for _, id := range p.all() {
		if p.pollers[id].cancel == nil {
			p.start(ctx, there[id])
		}
	}
	return nil
}

// lease renews what is ours, and takes what is nobody's.
func (p *polling) lease(ctx context.Context, ids []parley.ChannelID) error {
	asked := time.Now()
	ours := []parley.ChannelID{}
	if len(ids) > 0 {
		err := p.db.Update(ctx, func(tx *store.Tx) (err error) {
			ours, err = tx.LeaseWays(ctx, p.node, ids, p.pace.Lease)
			return err
		})
		if err != nil {
			return fmt.Errorf("lease mailboxes: %w", err)
		}
	}
	p.known, p.renewed, p.until = ids, asked, asked.Add(p.pace.Lease)
	for _, id := range p.all() {
		if !slices.Contains(ours, id) {
			p.stop(id)
		}
	}
	for _, id := range ours {
		if p.pollers[id] == nil {
			p.pollers[id] = &poller{}
		}
	}
	return nil
}

func (p *polling) all() []parley.ChannelID { return slices.Sorted(maps.Keys(p.pollers)) }

func (p *polling) start(ctx context.Context, row parley.Channel) {
	ctx, cancel := context.WithCancel(ctx)
	w := p.pollers[row.ID]
	*w = poller{Service: p.Service, row: row, with: fingerprint(row), sink: p.sink, cancel: cancel, done: make(chan struct{})}
	go w.run(ctx)
}

// stop ends pollers and waits for them: what they read is accepted, or read again.
func (p *polling) stop(ids ...parley.ChannelID) {
	var wg sync.WaitGroup
	for _, id := range ids {
		w := p.pollers[id]
		delete(p.pollers, id)
		p.renewed = time.Time{} // if it is still ours, it starts anew
		if w.cancel != nil {
			w.cancel()
			wg.Go(func() { <-w.done })
		}
	}
	wg.Wait()
}

// end stops all, and lets others have them.
func (p *polling) end(ctx context.Context) {
	p.stop(p.all()...)
	if len(p.known) == 0 {
		return
	}
	err := p.db.Update(ctx, func(tx *store.Tx) error { return tx.ReleaseWays(ctx, p.node) })
	if err != nil {
		p.log.Warn("the leases of the mailboxes end by themselves", "err", err)
	}
}

// poller reads one mailbox.
type poller struct {
	*Service
	row    parley.Channel
	with   []byte
	sink   channel.Sink
	cancel context.CancelFunc
	done   chan struct{}

	state parley.WayState
	told  time.Time // when the state was written last
	fresh bool      // it has worked since the last fault
}

// ended reports whether run has returned by itself.
func (w *poller) ended() bool {
	select {
	case <-w.done: // nil before it was started: never
		return true
	default:
		return false
	}
}

// run reads the mailbox until ctx ends or another node has it.
func (w *poller) run(ctx context.Context) {
	defer close(w.done)
	faults := 0
	for {
		w.fresh = false
		err := w.receive(ctx)
		if ctx.Err() != nil || errors.Is(err, store.ErrNoRow) {
			return
		}
		if w.fresh {
			faults = 0
		}
		faults++
		w.failed(ctx, err, faults)
		timer := time.NewTimer(w.wait(err, faults))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

func (w *poller) receive(ctx context.Context) error {
	o, err := w.openedWith(w.row)
	if err != nil {
		return err
	}
	if o.sealed != nil {
		return parley.WaySealed()
	}
	r, ok := o.channel.(channel.Receiver)
	if !ok {
		return parley.Errorf(parley.Invalid, "way.no_receiver", "This channel cannot be fetched.")
	}
	return r.Receive(ctx, w, w.sink)
}

// wait is how long until the next try: longer each time, and not the same for all.
func (w *poller) wait(err error, faults int) time.Duration {
	d := w.pace.Retry
	if parley.IsCode(err, parley.Forbidden) {
		d = w.pace.Refused
	}
	d = min(d<<min(faults-1, 20), w.pace.Longest)
	return d*3/4 + rand.N(d/2+1) //nolint:gosec // it spreads load, and guards nothing
}

// failed tells why the mailbox cannot be read. Servers hang up now and then, and
// the next try goes well: only what a person must mend is told at once.
func (w *poller) failed(ctx context.Context, err error, faults int) {
	e, forPeople := errors.AsType[*parley.Error](err)
	if faults == 1 && (!forPeople || e.Code == parley.Unavailable) {
		return
	}
	w.log.Warn("a mailbox cannot be read; it is tried again", "err", err, "channel_id", w.row.ID, "attempt", faults)
	text := "Something went wrong on our side. It is tried again."
	if forPeople {
		text = e.Text
	}
	if err := w.tell(ctx, parley.WayFailed, text); err != nil && ctx.Err() == nil {
		w.log.Warn("the state of a mailbox cannot be noted", "err", err, "channel_id", w.row.ID)
	}
}

// tell writes the state, and lets browsers know when it is another one.
func (w *poller) tell(ctx context.Context, state parley.WayState, fault string) error {
	err := w.db.Update(ctx, func(tx *store.Tx) error {
		if state != w.state {
			tx.AppendEvent(&parley.Event{AccountID: w.row.AccountID, Kind: parley.ChannelChanged, ChannelID: w.row.ID})
		}
		at := time.Time{}
		if state == parley.WayOK {
			at = tx.Now()
		}
		return tx.NoteWayIn(ctx, w.row.AccountID, w.row.ID, w.node, state, fault, at)
	})
	if err == nil {
		w.state, w.told = state, time.Now()
	}
	return err
}

// tellEvery is how often a state that stays the same is written.
const tellEvery = time.Minute

// Fares implements channel.Place.
func (w *poller) Fares(ctx context.Context) error {
	w.fresh = true
	if w.state == parley.WayOK && time.Since(w.told) < tellEvery {
		return nil
	}
	return w.tell(ctx, parley.WayOK, "")
}

// Load implements channel.Place.
func (w *poller) Load(ctx context.Context) (raw json.RawMessage, err error) {
	err = w.db.View(ctx, func(tx *store.Tx) error {
		ways, err := tx.WaysOf(ctx, w.row.AccountID, w.row.ID)
		raw = json.RawMessage(ways.Cursor)
		return err
	})
	return raw, err
}

// Move implements channel.Place.
func (w *poller) Move(ctx context.Context, cursor json.RawMessage, archive channel.Progress) error {
	return w.db.Update(ctx, func(tx *store.Tx) error {
		return tx.MoveWayCursor(ctx, parley.Ways{
			AccountID: w.row.AccountID, ChannelID: w.row.ID, Cursor: parley.JSON(cursor), Archived: int64(archive.Done), ArchivedOf: int64(archive.Total),
		}, w.node)
	})
}
