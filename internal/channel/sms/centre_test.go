package sms_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	"parley/internal/channel"
	"parley/internal/parley"
)

// Commands of SMPP 3.4, 5.1.2.1, as the tests write them: byte for byte from the
// specification, with nothing of the library that we use.
const (
	bindReceiver    = 0x01
	bindTransmitter = 0x02
	submitSM        = 0x04
	deliverSM       = 0x05
	unbind          = 0x06
	bindTransceiver = 0x09
	enquireLink     = 0x15
	answerTo        = 0x80000000
)

// packet is a PDU.
type packet struct {
	command, status, seq uint32
	body                 []byte
}

func (p packet) bytes() []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(16+len(p.body)))
	for _, v := range []uint32{p.command, p.status, p.seq} {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return append(out, p.body...)
}

func readPacket(r io.Reader) (packet, error) {
	var head [16]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return packet{}, err
	}
	at := func(i int) uint32 { return binary.BigEndian.Uint32(head[i:]) }
	p := packet{at(4), at(8), at(12), make([]byte, at(0)-16)}
	_, err := io.ReadFull(r, p.body)
	return p, err
}

// centre is one connection of a message centre.
type centre struct {
	net.Conn
	t *testing.T
}

// next reads a PDU, and expects it to be of a command.
func (c centre) next(command uint32) packet {
	c.t.Helper()
	p, err := readPacket(c)
	if err != nil || p.command != command {
		c.t.Errorf("got %#x %v, want %#x", p.command, err, command)
	}
	return p
}

func (c centre) write(p packet) {
	c.t.Helper()
	if _, err := c.Write(p.bytes()); err != nil {
		c.t.Errorf("write: %v", err)
	}
}

// takeBind takes a session of a kind.
func (c centre) takeBind(command uint32) packet {
	c.t.Helper()
	p := c.next(command)
	c.write(packet{command | answerTo, 0, p.seq, []byte("smsc\x00")})
	return p
}

// takeSubmit takes a text under an id.
func (c centre) takeSubmit(id string) packet {
	c.t.Helper()
	p := c.next(submitSM)
	c.write(packet{submitSM | answerTo, 0, p.seq, []byte(id + "\x00")})
	return p
}

// takeUnbind ends the session as it should end.
func (c centre) takeUnbind() {
	p := c.next(unbind)
	c.write(packet{unbind | answerTo, 0, p.seq, nil})
	_ = c.Close()
}

// deliver hands a deliver_sm over and gives the status that it is answered with.
func (c centre) deliver(seq uint32, body []byte) uint32 {
	c.t.Helper()
	c.write(packet{deliverSM, 0, seq, body})
	p := c.next(deliverSM | answerTo)
	if p.seq != seq || !bytes.Equal(p.body, []byte{0}) {
		c.t.Errorf("the answer is to %d: %x", p.seq, p.body)
	}
	return p.status
}

// mobile is the body of a deliver_sm (SMPP 3.4 4.6.1).
func mobile(from, to string, esm, coding byte, octets []byte, options ...byte) []byte {
	out := append([]byte{0, 1, 1}, from+"\x00"...)
	out = append(append(out, 1, 1), to+"\x00"...)
	out = append(out, esm, 0, 0, 0, 0, 0, 0, coding, 0, byte(len(octets)))
	return append(append(out, octets...), options...)
}

// option is a parameter with its tag (SMPP 3.4 5.3).
func option(tag uint16, value string) []byte {
	out := binary.BigEndian.AppendUint16(nil, tag)
	return append(binary.BigEndian.AppendUint16(out, uint16(len(value))), value...)
}

func smppSettings(port string, more ...string) json.RawMessage {
	options := parley.Options{"host": "127.0.0.1", "port": port, "tls": "none", "system_id": "parley"}
	for i := 0; i < len(more); i += 2 {
		options[more[i]] = more[i+1]
	}
	return settings("smpp", options, parley.Options{"password": "secret"})
}

// listenSMPP serves each connection in its turn.
func listenSMPP(t *testing.T, serve ...func(centre)) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, s := range serve {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close()
				s(centre{conn, t})
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		wg.Wait()
	})
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// place is a channel.Place that counts how often it is told that all is well.
type place struct {
	mu    sync.Mutex
	fares int
	well  chan struct{} // gets one each time, if there is room
}

func newPlace() *place { return &place{well: make(chan struct{}, 100)} }

func (p *place) Load(context.Context) (json.RawMessage, error) { return nil, nil }

func (p *place) Move(context.Context, json.RawMessage, channel.Progress) error { return nil }

func (p *place) Fares(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fares++
	select {
	case p.well <- struct{}{}:
	default:
	}
	return nil
}

// receiving runs a channel's session until the test ends it.
func receiving(t *testing.T, ch channel.Channel, to channel.Sink) (end func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done, at := make(chan error, 1), newPlace()
	go func() { done <- ch.(channel.Receiver).Receive(ctx, at, to) }()
	select {
	case <-at.well:
	case err := <-done:
		t.Fatalf("the session did not begin: %v", err)
	}
	return func() error {
		cancel()
		return <-done
	}
}
