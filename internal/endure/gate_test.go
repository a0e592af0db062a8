package endure

import (
	"io"
	"net"
	"sync"
	"testing"

	"parley/internal/app/apptest"
)

// gate stands before a relay: open, shut so that connections are refused, or
// silent so that they are taken and nothing is ever said.
type gate struct {
	t    testing.TB
	addr string

	mu       sync.Mutex
	listener net.Listener // nil: shut
	target   string       // empty: silent
	conns    []net.Conn
	all      sync.WaitGroup
}

// newGate is shut.
func newGate(t testing.TB) *gate {
	t.Helper()
	addr, err := apptest.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{t: t, addr: addr}
	t.Cleanup(g.shut)
	return g
}

// open leads to target; empty: to silence.
func (g *gate) open(target string) {
	g.t.Helper()
	g.shut()
	l, err := net.Listen("tcp", g.addr)
	if err != nil {
		g.t.Fatal(err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.listener, g.target = l, target
	g.all.Go(func() { g.serve(l, target) })
}

// shut refuses whoever comes, and drops whoever is there.
func (g *gate) shut() {
	g.mu.Lock()
	if g.listener != nil {
		_ = g.listener.Close()
		g.listener = nil
	}
	for _, c := range g.conns {
		_ = c.Close()
	}
	g.conns = nil
	g.mu.Unlock()
	g.all.Wait()
}

func (g *gate) serve(l net.Listener, target string) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		if !g.keep(l, c) || target == "" {
			continue
		}
		far, err := net.Dial("tcp", target)
		if err != nil || !g.keep(l, far) {
			_ = c.Close()
			continue
		}
		for from, to := range map[net.Conn]net.Conn{c: far, far: c} {
			g.all.Go(func() {
				_, _ = io.Copy(to, from) // ends with either side
				_ = to.Close()
			})
		}
	}
}

// keep remembers a connection; where the gate was shut meanwhile it is closed.
func (g *gate) keep(l net.Listener, c net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.listener != l {
		_ = c.Close()
		return false
	}
	g.conns = append(g.conns, c)
	return true
}
