package intake

import (
	"errors"
	"slices"
	"sync"

	"parley/internal/parley"
)

// waiting lets all who wait for a commit share the next one. Whoever comes while
// none is under way commits at once, with all who wait by then; when it is done
// the first who came meanwhile does the same. So nobody waits for company, and
// the more wait the more share.
type waiting struct {
	commitAll func([]*parley.Intake) []error

	mu    sync.Mutex
	busy  bool // somebody commits
	queue []*turn
}

type turn struct {
	entry *parley.Intake
	err   error
	lead  chan struct{} // closed: it is your turn to commit
	done  chan struct{} // closed: err is the answer
}

// errUnanswered is the answer until there is another: nobody takes a commit
// that broke off for a success.
var errUnanswered = errors.New("the commit broke off")

// commit returns once e is committed or refused.
func (w *waiting) commit(e *parley.Intake) error {
	t := &turn{entry: e, err: errUnanswered, lead: make(chan struct{}), done: make(chan struct{})}
	w.mu.Lock()
	w.queue = append(w.queue, t)
	lead := !w.busy
	w.busy = true
	w.mu.Unlock()
	if !lead {
		select {
		case <-t.done:
			return t.err
		case <-t.lead:
		}
	}
	group := w.take()
	defer w.handOver(group)
	entries := make([]*parley.Intake, len(group))
	for i, g := range group {
		entries[i] = g.entry
	}
	for i, err := range w.commitAll(entries) {
		group[i].err = err
	}
	return t.err
}

// take is called by the first of the queue, who is always among those taken.
func (w *waiting) take() []*turn {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, bytes := 0, int64(0)
	for n < len(w.queue) && n < maxAcceptEntries && (n == 0 || bytes+w.queue[n].entry.Size <= maxAcceptBytes) {
		bytes += w.queue[n].entry.Size
		n++
	}
	group := slices.Clone(w.queue[:n])
	w.queue = slices.Delete(w.queue, 0, n) // clears what it leaves: the bytes go when they are answered
	return group
}

func (w *waiting) handOver(group []*turn) {
	for _, g := range group {
		close(g.done)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		w.queue, w.busy = nil, false
		return
	}
	close(w.queue[0].lead)
}
