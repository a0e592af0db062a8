package demo

import (
	"maps"
	"slices"
	"sync"
)

// Bounds of what is kept; the oldest mails go first.
const (
	maxMails     = 500
	maxMailBytes = 256 << 20
)

// postbox keeps the mails of this side. It is safe for concurrent use.
type postbox struct {
	mu       sync.Mutex
	mails    []*mail // oldest first
	bytes    int
	lastID   int64
	names    map[string]string // how people who are not known call themselves
	version  uint64            // counts the changes
	watchers map[chan struct{}]struct{}
}

func newPostbox() *postbox {
	return &postbox{names: map[string]string{}, watchers: map[chan struct{}]struct{}{}}
}

// put keeps a mail, in the boxes that it names, and gives it its id.
func (p *postbox) put(m *mail) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lastID++
	m.ID = p.lastID
	p.mails = append(p.mails, m)
	p.bytes += len(m.Raw)
	for len(p.mails) > maxMails || p.bytes > maxMailBytes && len(p.mails) > 1 {
		p.bytes -= len(p.mails[0].Raw)
		p.mails = slices.Delete(p.mails, 0, 1)
	}
	p.changed()
}

// name keeps what somebody calls themselves.
func (p *postbox) name(box, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if name != "" && len(p.names) < maxMails {
		p.names[box] = name
	}
}

// read marks a mail as read in one box.
func (p *postbox) read(id int64, box string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := p.find(id); m != nil && m.Boxes[box] {
		m.Boxes = maps.Clone(m.Boxes) // readers hold copies of the mail
		m.Boxes[box] = false
		p.changed()
	}
}

// byID is a copy of a mail.
func (p *postbox) byID(id int64) (mail, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := p.find(id); m != nil {
		return *m, true
	}
	return mail{}, false
}

func (p *postbox) find(id int64) *mail {
	i, ok := slices.BinarySearchFunc(p.mails, id, func(m *mail, id int64) int { return int(m.ID - id) })
	if !ok {
		return nil
	}
	return p.mails[i]
}

// in lists copies of the mails of one box, the newest first.
func (p *postbox) in(box string) []mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []mail{}
	for _, m := range slices.Backward(p.mails) {
		if _, ok := m.Boxes[box]; ok {
			out = append(out, *m)
		}
	}
	return out
}

// boxes are the boxes that hold something, with the number of mails unread, and the names that people gave themselves.
func (p *postbox) boxes() (unread map[string]int, names map[string]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	unread = map[string]int{}
	for _, m := range p.mails {
		for box, isUnread := range m.Boxes {
			n := unread[box]
			if isUnread {
				n++
			}
			unread[box] = n
		}
	}
	return unread, maps.Clone(p.names)
}

// touch tells of a change that is none of a mail.
func (p *postbox) touch() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed()
}

// changed counts a change and wakes who waits for it. The lock is held.
func (p *postbox) changed() {
	p.version++
	for w := range p.watchers {
		select {
		case w <- struct{}{}:
		default: // a signal waits already
		}
	}
}

// watch gives a signal after changes; one may stand for many.
func (p *postbox) watch() (signal <-chan struct{}, stop func()) {
	w := make(chan struct{}, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watchers[w] = struct{}{}
	return w, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.watchers, w)
	}
}

func (p *postbox) count() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.version
}
