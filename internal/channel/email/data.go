package email

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// drainFactor says how many times the allowed size a client may send before we
// stop listening: until then it gets to hear why its mail is refused.
const drainFactor = 8

var errFlood = errors.New("far more than the allowed size")

// body gathers one mail. When it grows too large, or memory is short, it lets
// go of what it holds and only counts.
type body struct {
	buf    []byte
	size   int64
	limit  int64
	memory *budget
	held   int64
	fault  *reply // why the mail can't be taken
}

// Write implements io.Writer. Its only error is errFlood.
func (b *body) Write(p []byte) (int, error) {
	b.size += int64(len(p))
	if b.size > b.limit {
		b.refuse(&replyTooLarge)
		if b.size/drainFactor > b.limit {
			return 0, errFlood
		}
	}
	if b.fault == nil && b.reserve(len(p)) {
		b.buf = append(b.buf, p...)
	}
	return len(p), nil
}

// reserve makes room for n more bytes.
func (b *body) reserve(n int) bool {
	need := len(b.buf) + n
	if need <= cap(b.buf) {
		return true
	}
	room := int64(max(need, 2*cap(b.buf), 16<<10))
	room = max(min(room, b.limit), int64(need))
	if !b.memory.take(room - b.held) {
		b.refuse(&replyFull)
		return false
	}
	b.held = room
	b.buf = append(make([]byte, 0, room), b.buf...)
	return true
}

func (b *body) refuse(why *reply) {
	if b.fault == nil {
		b.fault = why
	}
	b.release()
}

// release gives the memory back.
func (b *body) release() {
	b.memory.give(b.held)
	b.buf, b.held = nil, 0
}

// readDotted copies a body as DATA sends it (RFC 5321 4.5.2) from r to w, up to
// its end, and takes the stuffed dots out.
//
// Only <CRLF>.<CRLF> ends a body, and only a dot behind <CRLF> is taken out. A
// bare LF or CR is part of a line: a server that took "<LF>.<CRLF>" for an end
// would let a sender slip a second mail past the one that relayed the first
// ("SMTP smuggling"). The bytes stay as they came.
func readDotted(r *bufio.Reader, w io.Writer) error {
	lineStart, cr := true, false
	for {
		line, err := r.ReadSlice('\n')
		whole := err == nil
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return noEOF(err)
		}
		next := whole && (bytes.HasSuffix(line, []byte("\r\n")) || cr && len(line) == 1)
		cr = line[len(line)-1] == '\r'
		if lineStart && line[0] == '.' {
			if string(line) == ".\r\n" {
				return nil
			}
			line = line[1:]
		}
		lineStart = next
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
}

// readChunk copies a chunk of BDAT (RFC 3030): n bytes, whatever they are.
func readChunk(r *bufio.Reader, w io.Writer, n int64) error {
	_, err := io.CopyN(w, r, n)
	return noEOF(err)
}

// noEOF: the end of the connection within a body is not the end of the body.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
