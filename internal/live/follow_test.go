package live

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// everyone sees what the actor sees.
type everyone struct{ actor parley.Actor }

func (e everyone) Actor(context.Context, parley.AccountID, parley.UserID) (parley.Actor, error) {
	return e.actor, nil
}

// socket is a browser's side of a connection: RFC 6455 with the frames that centrifuge's JSON protocol needs.
type socket struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
	id   int
	wait []Publication // published while an answer was awaited
}

func dial(t *testing.T, url string) *socket {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	s := &socket{t: t, conn: conn, in: bufio.NewReader(conn)}
	_, err = fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: live\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(s.in, nil)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", res, err)
	}
	_ = res.Body.Close()
	s.ask(`"connect":{}`)
	return s
}

// ask sends a command and waits for its answer.
func (s *socket) ask(command string) {
	s.t.Helper()
	s.id++
	s.send(fmt.Sprintf(`{"id":%d,%s}`, s.id, command))
	for {
		for _, m := range s.read() {
			if m.Push.Pub.Data.Seq != 0 {
				s.wait = append(s.wait, m.Push.Pub.Data)
			}
			if m.ID != s.id {
				continue
			}
			if m.Error != nil {
				s.t.Fatalf("%s: %s", command, m.Error)
			}
			return
		}
	}
}

// send writes one text frame, masked with zeros (RFC 6455 5.3).
func (s *socket) send(text string) {
	s.t.Helper()
	frame := append([]byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)
	if _, err := s.conn.Write(frame); err != nil {
		s.t.Fatal(err)
	}
}

type reply struct {
	ID    int             `json:"id"`
	Error json.RawMessage `json:"error"`
	Push  struct {
		Pub struct {
			Data Publication `json:"data"`
		} `json:"pub"`
	} `json:"push"`
}

// read gives the messages of one frame; the protocol writes one a line.
func (s *socket) read() []reply {
	s.t.Helper()
	var out []reply
	for line := range strings.Lines(string(s.frame())) {
		var m reply
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			s.t.Fatalf("%s: %v", line, err)
		}
		out = append(out, m)
	}
	return out
}

func (s *socket) frame() []byte {
	s.t.Helper()
	head := make([]byte, 2)
	s.fill(head)
	size := int(head[1] & 0x7f)
	if size == 126 {
		long := make([]byte, 2)
		s.fill(long)
		size = int(binary.BigEndian.Uint16(long))
	}
	body := make([]byte, size)
	s.fill(body)
	return body
}

func (s *socket) fill(b []byte) {
	s.t.Helper()
	if _, err := io.ReadFull(s.in, b); err != nil {
		s.t.Fatal(err)
	}
}

// next gives n publications in the order in which they came.
func (s *socket) next(n int) []Publication {
	s.t.Helper()
	for len(s.wait) < n {
		for _, m := range s.read() {
			if m.Push.Pub.Data.Seq != 0 {
				s.wait = append(s.wait, m.Push.Pub.Data)
			}
		}
	}
	out := s.wait[:n]
	s.wait = s.wait[n:]
	return out
}

// desk is the realtime room of an account, at work.
type desk struct {
	t     *testing.T
	db    *store.DB
	live  *Service
	actor parley.Actor
	url   string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, db: storetest.Open(t)}
	_, d.actor = storetest.Account(t, d.db)
	var err error
	if d.live, err = New(d.db, everyone{d.actor}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.live.Run(ctx) }()
	handler := d.live.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(WithCaller(r.Context(), Caller{Actor: d.actor})))
	}))
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		server.Close()
	})
	d.url = server.URL
	return d
}

// commit appends events, each in a transaction of its own.
func (d *desk) commit(ctx context.Context, n int) error {
	for range n {
		err := d.db.Update(ctx, func(tx *store.Tx) error {
			tx.AppendEvent(&parley.Event{AccountID: d.actor.AccountID, Kind: parley.ContactUpdated, ContactID: 7})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) happens(n int) {
	d.t.Helper()
	if err := d.commit(d.t.Context(), n); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) listen() *socket {
	d.t.Helper()
	s := dial(d.t, d.url)
	s.ask(fmt.Sprintf(`"subscribe":{"channel":"account:%d"}`, d.actor.AccountID))
	return s
}

// after is what the log holds behind a number.
func (d *desk) after(seq parley.Seq) []parley.Seq {
	d.t.Helper()
	items, _, reset, err := d.live.After(d.t.Context(), d.actor, seq, 500)
	if err != nil || reset {
		d.t.Fatal(reset, err)
	}
	return seqs(items)
}

func seqs(all []Publication) []parley.Seq {
	out := make([]parley.Seq, len(all))
	for i, p := range all {
		out[i] = p.Seq
	}
	return out
}

// Over a real connection events come in their order, each naming the one before.
// One that breaks loses nothing: the first event after it shows the gap, and the log fills it.
func TestABrokenConnectionLosesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.happens(2)
	first, witness := d.listen(), d.listen()
	d.happens(3)
	heard := first.next(3)
	for i, p := range heard {
		if want := parley.Seq(i + 3); p.Seq != want || p.Prev != want-1 {
			t.Errorf("event %d names %d before it, want %d", p.Seq, p.Prev, want-1)
		}
	}
	last := heard[len(heard)-1].Seq
	_ = first.conn.Close()
	d.happens(5)    // only the witness hears these:
	witness.next(8) // they are told before anybody comes back
	second := d.listen()
	d.happens(2)
	late := second.next(2)
	if late[0].Prev <= last {
		t.Errorf("after %d comes %d, which names %d: the gap does not show", last, late[0].Seq, late[0].Prev)
	}
	all := slices.Concat(d.after(last), seqs(late))
	slices.Sort(all)
	if want := []parley.Seq{6, 7, 8, 9, 10, 11, 12}; !slices.Equal(slices.Compact(all), want) {
		t.Errorf("heard %v after %d, want %v", all, last, want)
	}
}

// Whoever subscribes while events are being committed has every one of them, by
// the log as it was after the subscription, or by the connection.
func TestSubscribingAmidEventsLosesNone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const n = 60
	done := make(chan error, 1)
	go func() { done <- d.commit(t.Context(), n) }()
	for range 3 {
		s := d.listen()
		known := d.after(0)
		last := parley.Seq(0)
		if len(known) > 0 {
			last = known[len(known)-1]
		}
		for last < n { // all that is not in the log yet must still come
			p := s.next(1)[0]
			if p.Seq > last+1 {
				t.Fatalf("after %d came %d", last, p.Seq)
			}
			last = max(last, p.Seq)
			if last-parley.Seq(len(known)) > 15 {
				break
			}
		}
		_ = s.conn.Close()
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
