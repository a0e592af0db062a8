package carrier

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Queue keeps what is to happen later until a test lets it. The zero Queue is ready;
// its After is for Config.After, and its Now for Config.Now.
type Queue struct {
	mu     sync.Mutex
	now    time.Duration
	serial int
	waits  []waiting
}

type waiting struct {
	at     time.Duration
	serial int
	run    func()
}

// queueStart is the beginning of a Queue's time.
var queueStart = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// After keeps f until d is over.
func (q *Queue) After(d time.Duration, f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.serial++
	q.waits = append(q.waits, waiting{q.now + d, q.serial, f})
}

// Now is the Queue's time: it stands still but for Step and Run.
func (q *Queue) Now() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	return queueStart.Add(q.now)
}

// Step lets the next happen, and reports whether there was one.
func (q *Queue) Step() bool {
	q.mu.Lock()
	if len(q.waits) == 0 {
		q.mu.Unlock()
		return false
	}
	slices.SortFunc(q.waits, func(a, b waiting) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.serial, b.serial))
	})
	next := q.waits[0]
	q.waits = q.waits[1:]
	q.now = max(q.now, next.at)
	q.mu.Unlock()
	next.run()
	return true
}

// Run lets all of it happen, with what follows from it.
func (q *Queue) Run() {
	for q.Step() {
	}
}
