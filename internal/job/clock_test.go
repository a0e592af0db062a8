package job_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/store/storetest"
)

// The machine's clock is set while a job runs, forward beyond its lease and back
// again: the job is not started a second time, and new ones run.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	db := storetest.Open(t, storetest.WithNow(now))
	q := job.NewQueue(db, "n1", slog.New(slog.DiscardHandler))
	ran, end := make(chan int, 10), make(chan struct{})
	q.Register("send", job.Options{Workers: 4}, job.Each(func(_ context.Context, j parley.Job) error {
		a, err := job.Args[args](j)
		ran <- a.N
		<-end
		return err
	}))
	stop := start(t, q)
	defer stop()
	for n, jump := range []time.Duration{0, 2 * time.Hour, -2 * time.Hour, 0} {
		ahead.Store(int64(jump))
		q.Doubt() // renews the leases and takes up what has none, as each heartbeat does
		enqueue(t, db, job.New{Kind: "send", Args: args{n}})
		select {
		case got := <-ran:
			if got != n {
				t.Fatalf("job %d ran again after a jump by %v", got, jump)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("after a jump by %v nothing runs", jump)
		}
	}
	close(end)
	stop()
	if len(ran) > 0 {
		t.Errorf("job %d ran again", <-ran)
	}
}
