package sms

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

const (
	// smppPatience is how long an answer may take.
	smppPatience = 10 * time.Second
	// maxRequests wait for us while we store what came before.
	maxRequests = 1000
)

func readFrame(r io.Reader) (frame, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n < headerSize || n > maxFrame {
		return nil, fmt.Errorf("a PDU of %d octets", n)
	}
	f := make(frame, n)
	copy(f, size[:])
	_, err := io.ReadFull(r, f[4:])
	return f, err
}

// wire is one connection to a message centre.
type wire struct {
	conn     net.Conn
	requests chan frame // deliver_sm and what else we are asked
	dead     chan struct{}
	done     chan struct{} // closed when nothing is read any more

	mu    sync.Mutex
	seq   uint32
	waits map[uint32]chan frame
	err   error // why it is dead
}

func newWire(conn net.Conn) *wire {
	w := &wire{conn: conn, requests: make(chan frame, maxRequests), dead: make(chan struct{}), done: make(chan struct{}), waits: map[uint32]chan frame{}}
	go w.read()
	return w
}

var errUnbound = errors.New("the message centre has ended the session")

// read hands answers to whom they are for, and requests to whoever serves them.
func (w *wire) read() {
	defer close(w.done)
	r := bufio.NewReader(w.conn)
	for {
		f, err := readFrame(r)
		if err != nil {
			w.fail(err)
			return
		}
		switch {
		case f.command()&answerBit != 0:
			w.mu.Lock()
			to := w.waits[f.sequence()]
			delete(w.waits, f.sequence())
			w.mu.Unlock()
			if to != nil {
				to <- f
			}
		case f.command() == enquireLink:
			_ = w.answer(f, newFrame(enquireLink|answerBit, 0, nil)) // what cannot be answered is dead by now
		case f.command() == unbind:
			_ = w.answer(f, newFrame(unbind|answerBit, 0, nil)) // it ends all the same
			w.fail(errUnbound)
			return
		default:
			select {
			case w.requests <- f:
			case <-w.dead:
				return
			}
		}
	}
}

// fail ends the connection for all who use it.
func (w *wire) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return
	}
	w.err = err
	close(w.dead)
	_ = w.conn.Close() // nothing is expected of it any more
}

// close ends the connection, politely if it stands.
func (w *wire) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_, _, _ = w.ask(ctx, newFrame(unbind, 0, nil)) // whether or not that is heard, it ends
	w.fail(errUnbound)
	<-w.done
}

func (w *wire) alive() bool {
	select {
	case <-w.dead:
		return false
	default:
		return true
	}
}

// write sends a PDU whole; what is not whole is of no use to the far end.
func (w *wire) write(f frame) error {
	if err := w.conn.SetWriteDeadline(time.Now().Add(smppPatience)); err != nil {
		return err
	}
	_, err := w.conn.Write(f)
	return err
}

// answer answers a request.
func (w *wire) answer(to, f frame) error {
	f.setSequence(to.sequence())
	w.mu.Lock()
	err := w.write(f)
	w.mu.Unlock()
	if err != nil {
		w.fail(err)
	}
	return err
}

// ask sends a request and waits for its answer. sent reports whether the far end may
// have the request.
func (w *wire) ask(ctx context.Context, f frame) (answer frame, sent bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, smppPatience)
	defer cancel()
	w.mu.Lock()
	if w.err != nil {
		defer w.mu.Unlock()
		return nil, false, w.err
	}
	w.seq++
	seq, to := w.seq, make(chan frame, 1)
	f.setSequence(seq)
	w.waits[seq] = to
	err = w.write(f)
	w.mu.Unlock()
	if err != nil {
		w.fail(err)
		return nil, false, err
	}
	select {
	case answer = <-to:
		return answer, true, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-w.dead:
		err = w.err
	}
	w.mu.Lock()
	delete(w.waits, seq)
	w.mu.Unlock()
	return nil, true, err
}
