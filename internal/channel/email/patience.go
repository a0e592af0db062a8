package email

import (
	"errors"
	"net"
	"time"
)

// patience is a connection to a relay whose time and words are limited from one
// command to the next: a relay may be slow, dead, or not a relay at all.
type patience struct {
	net.Conn
	left      int
	eachWrite time.Duration // if set, every write gets so much time of its own
}

var errTalkative = errors.New("the answer is too long")

// wait gives what comes next so much time.
func (p *patience) wait(d time.Duration) {
	p.left = maxAnswer
	_ = p.SetDeadline(time.Now().Add(d)) // fails on a closed connection: the next read or write says so
}

// Read implements io.Reader.
func (p *patience) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, errTalkative
	}
	n, err := p.Conn.Read(b[:min(len(b), p.left)])
	p.left -= n
	return n, err
}

// Write implements io.Writer.
func (p *patience) Write(b []byte) (int, error) {
	if p.eachWrite > 0 {
		p.wait(p.eachWrite)
	}
	return p.Conn.Write(b)
}
