package outbox_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"parley/internal/contact"
	"parley/internal/job"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// A second node, whose clock is an hour ahead, takes every lease for ended, also
// that of a mail which is just leaving: it leaves once all the same.
func TestNodeWithAWrongClockSendsNothingTwice(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	leaving, leave := make(chan struct{}), make(chan struct{})
	o.gate.before = sync.OnceFunc(func() { close(leaving); <-leave })
	stop := o.run()
	m := o.reply(outbox.Letter{Text: "Hello"})
	<-leaving

	other := o.node(time.Hour)
	// What its next heartbeat does.
	if err := other.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ReclaimExpiredJobs(t.Context())
		tx.Wake()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	o.awaitOn(other, m.ID, delivery(parley.Uncertain))
	close(leave)
	o.relay.Wait(1)
	stop()
	got, err := o.out.Message(t.Context(), o.actor, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Delivery != parley.Sent && got.Delivery != parley.Uncertain {
		t.Errorf("the message is %s", got.Delivery)
	}
	o.run()
	o.reply(outbox.Letter{Text: "And again"})
	o.relay.Wait(2)
	if n := len(o.relay.Mails()); n != 2 {
		t.Errorf("%d mails left, not 2", n)
	}
}

// node is a second one, at work on the same database with a clock that is ahead.
func (o *office) node(ahead time.Duration) *store.DB {
	o.t.Helper()
	clock := func() time.Time { return time.Now().Add(ahead) }
	db := storetest.OpenAt(o.t, o.place, storetest.WithNow(clock))
	q := job.NewQueue(db, "n2", slog.New(slog.DiscardHandler))
	outbox.New(db, o.blobs, oneChannel{o.gate}, contact.New(db), o.signer, clock, slog.New(slog.DiscardHandler)).Register(q)
	ctx, cancel := context.WithCancel(o.t.Context())
	done := make(chan error, 1)
	go func() { done <- q.Run(ctx, 5*time.Second) }()
	o.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
	return db
}
