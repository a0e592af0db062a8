package bench

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// socket is a browser's live connection: as much of RFC 6455 as one needs that
// only listens.
type socket struct {
	conn net.Conn
	in   *bufio.Reader
}

const (
	textFrame = 0x1
	endFrame  = 0x8
	pingFrame = 0x9
	pongFrame = 0xA
)

// dialLive connects, and subscribes to channels.
func dialLive(ctx context.Context, addr, token string, channels ...string) (*socket, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &socket{conn: conn, in: bufio.NewReaderSize(conn, 1024)}
	if err := s.open(addr, token, channels); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return s, nil
}

func (s *socket) open(addr, token string, channels []string) error {
	key := make([]byte, 16)
	_, _ = rand.Read(key) // never fails
	_, err := fmt.Fprintf(s.conn, "GET /api/v1/live HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n",
		addr, token, base64.StdEncoding.EncodeToString(key))
	if err != nil {
		return err
	}
	res, err := http.ReadResponse(s.in, nil)
	if err != nil {
		return err
	}
	_ = res.Body.Close() // a 101 has none
	if res.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("live connection: %s", res.Status)
	}
	if err := s.ask(`{"id":1,"connect":{}}`); err != nil {
		return err
	}
	for i, channel := range channels {
		if err := s.ask(fmt.Sprintf(`{"id":%d,"subscribe":{"channel":%q}}`, i+2, channel)); err != nil {
			return err
		}
	}
	return nil
}

// ask sends a command and waits for its answer.
func (s *socket) ask(command string) error {
	if err := s.send(textFrame, []byte(command)); err != nil {
		return err
	}
	answer, err := s.next()
	if err == nil && strings.Contains(string(answer), `"error"`) {
		err = fmt.Errorf("%s: %s", command, answer)
	}
	return err
}

// send writes one short frame; a client's are masked (RFC 6455 5.3), with zeros here.
func (s *socket) send(kind byte, payload []byte) error {
	frame := []byte{0x80 | kind, 0x80 | byte(len(payload)), 0, 0, 0, 0}
	if len(payload) > 125 {
		return errors.New("live connection: the frame is too long")
	}
	_, err := s.conn.Write(append(frame, payload...))
	return err
}

// next is what the server says next; it answers pings of both kinds itself.
func (s *socket) next() ([]byte, error) {
	for {
		kind, payload, err := s.frame()
		switch {
		case err != nil:
			return nil, err
		case kind == endFrame:
			return nil, fmt.Errorf("live connection ended: %.100q", payload)
		case kind == pingFrame:
			err = s.send(pongFrame, payload)
		case string(payload) == "{}":
			err = s.send(textFrame, payload)
		case kind == textFrame:
			return payload, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (s *socket) frame() (kind byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(s.in, head[:]); err != nil {
		return 0, nil, err
	}
	size := uint64(head[1] & 0x7f)
	if size >= 126 {
		long := make([]byte, map[uint64]int{126: 2, 127: 8}[size])
		if _, err := io.ReadFull(s.in, long); err != nil {
			return 0, nil, err
		}
		size = binary.BigEndian.Uint64(append(make([]byte, 8-len(long)), long...))
	}
	if size > 1<<20 {
		return 0, nil, errors.New("live connection: the frame is too long")
	}
	payload = make([]byte, size)
	_, err = io.ReadFull(s.in, payload)
	return head[0] & 0x0f, payload, err
}
