package endure

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"parley/internal/app/apptest"
	"parley/internal/channel/channeltest"
)

// TestDatabaseGone cuts the server off from PostgreSQL in the midst of mixed load,
// answers of commits among what is lost: nothing is acknowledged that is not
// there, and when the database is back work goes on by itself.
func TestDatabaseGone(t *testing.T) {
	t.Parallel()
	own := database(t)
	if own == "" {
		t.Skip("SQLite cannot be cut off: it is a file of the server's own; PARLEY_TEST_DATABASE_URL names a PostgreSQL")
	}
	at, err := url.Parse(own)
	if err != nil {
		t.Fatal(err)
	}
	g, target := newGate(t), at.Host
	at.Host = g.addr
	g.open(target)
	l := &load{trial: newTrialAt(t, t.TempDir(), at.String(), channeltest.SMTPOptions{}), ledger: newLedger(), letters: make(chan letter)}
	l.Troubled = true
	outages := []time.Duration{time.Second, 300 * time.Millisecond, 1500 * time.Millisecond}
	if *long {
		for range 20 {
			outages = append(outages, outages[:3]...)
		}
		outages = append(outages, time.Minute) // longer than a lease
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	l.start(ctx)
	var log follower
	r := l.random("outages")
	for _, d := range outages {
		pause(t.Context(), 200*time.Millisecond+someMilliseconds(r, 500))
		g.shut()
		l.eventually(func() error { return l.ready(http.StatusServiceUnavailable) })
		pause(t.Context(), d)
		g.open(target)
		l.ledger.begin()
		l.eventually(func() error { return l.ready(http.StatusOK) })
		l.relay.Wait(len(l.relay.Mails()) + 1)
		l.accepts = append(l.accepts, time.Since(l.began))
		log.follow(l.trial)
	}
	stop()
	l.account(&log)
	t.Logf("%d outages; mail left again after %v", len(outages), l.accepts)
}

// ready reports where the server answers something else to whoever asks whether it can serve.
func (tr *trial) ready(want int) error {
	a, err := tr.Call(tr.Context(), apptest.Request{Method: http.MethodGet, Path: "//readyz"})
	if err == nil && a.Status != want {
		err = fmt.Errorf("/readyz answers %s", a)
	}
	return err
}
