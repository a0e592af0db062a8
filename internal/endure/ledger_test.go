package endure

import (
	"sync"
	"time"
)

// ledger is what the outside knows: what it asked for, and what was acknowledged.
type ledger struct {
	mu         sync.Mutex
	mails      map[string]*mailEntry  // by Message-ID
	writes     map[string]*writeEntry // by text
	assigned   map[int64]*assignments // by conversation
	accepted   int                    // bodies that got a 250
	unanswered int                    // bodies that got no answer, or were put off: they may be there all the same
	began      time.Time
	firstMail  time.Duration // from began to the first 250 after it; 0: none yet
}

// mailEntry is a mail that was delivered, perhaps more than once.
type mailEntry struct {
	letter
	acknowledged bool
}

// writeEntry is a message or note that was asked for under one Idempotency-Key.
type writeEntry struct {
	kind         string // message or note
	conversation int64  // 0: it begins one
	id           int64  // 0: not acknowledged
}

// assignments are who was to have a conversation, in order; 0 is nobody.
type assignments struct {
	to           []int64
	acknowledged int // how many of them
}

func newLedger() *ledger {
	return &ledger{mails: map[string]*mailEntry{}, writes: map[string]*writeEntry{}, assigned: map[int64]*assignments{}}
}

func (l *ledger) note(write func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	write()
}

// wrote is called before each try to deliver a mail, delivered after it.
func (l *ledger) wrote(m letter) {
	l.note(func() {
		if l.mails[m.id] == nil {
			l.mails[m.id] = &mailEntry{letter: m}
		}
	})
}

func (l *ledger) delivered(m letter) {
	l.note(func() {
		l.mails[m.id].acknowledged = true
		l.accepted++
		if l.firstMail == 0 {
			l.firstMail = time.Since(l.began)
		}
	})
}

// begin starts the clock of a new life of the server.
func (l *ledger) begin() {
	l.note(func() { l.began, l.firstMail = time.Now(), 0 })
}

func (l *ledger) sinceBegun() (firstMail time.Duration) {
	l.note(func() { firstMail = l.firstMail })
	return firstMail
}

func (l *ledger) ask(text string, w writeEntry) {
	l.note(func() { l.writes[text] = &w })
}

func (l *ledger) acknowledge(text string, conversation, id int64) {
	l.note(func() { l.writes[text].conversation, l.writes[text].id = conversation, id })
}
