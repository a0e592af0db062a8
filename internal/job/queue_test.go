package job_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/jackc/pgx/v5/pgxpool.(*Pool).backgroundHealthCheck"))
}

type args struct{ N int }

func enqueue(t *testing.T, db *store.DB, jobs ...job.New) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		for _, n := range jobs {
			if err := job.Enqueue(t.Context(), tx, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// start runs the queue until the returned function is called.
func start(t *testing.T, q *job.Queue) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- q.Run(ctx, 5*time.Second) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestLanesKeepOrderAndRunOneAtATime(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	q := job.NewQueue(db, "n1", slog.New(slog.DiscardHandler))
	var mu sync.Mutex
	order := map[string][]int{}
	running := map[string]int{}
	all := make(chan struct{}, 100)
	q.Register("count", job.Options{Workers: 8, Batch: 2}, job.Each(func(_ context.Context, j parley.Job) error {
		a, err := job.Args[args](j)
		if err != nil {
			return err
		}
		mu.Lock()
		running[j.Lane]++
		if running[j.Lane] > 1 {
			t.Errorf("lane %s runs %d jobs at once", j.Lane, running[j.Lane])
		}
		order[j.Lane] = append(order[j.Lane], a.N)
		mu.Unlock()
		defer func() {
			mu.Lock()
			running[j.Lane]--
			mu.Unlock()
			all <- struct{}{}
		}()
		return nil
	}))
	var jobs []job.New
	for i := range 40 {
		jobs = append(jobs, job.New{Kind: "count", Args: args{i}, Lane: fmt.Sprint("lane", i%4)})
	}
	enqueue(t, db, jobs...)
	stop := start(t, q)
	for range 40 {
		<-all
	}
	stop()
	for lane, got := range order {
		if !slices.IsSorted(got) || len(got) != 10 {
			t.Errorf("%s ran %v", lane, got)
		}
	}
	if len(order) != 4 {
		t.Errorf("%d lanes ran, want 4", len(order))
	}
}

func TestFaultsAreRetriedAndPermanentOnesKept(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	q := job.NewQueue(db, "n1", slog.New(slog.DiscardHandler))
	tries := make(chan int, 10)
	q.Register("flaky", job.Options{}, job.Each(func(_ context.Context, j parley.Job) error {
		tries <- j.Tries
		if j.Tries < 3 {
			return job.Later(time.Now(), errors.New("not yet"))
		}
		return nil
	}))
	gone := make(chan struct{}, 1)
	q.Register("bad", job.Options{}, job.Each(func(context.Context, parley.Job) error {
		defer func() { gone <- struct{}{} }()
		return job.Permanent(errors.New("never"))
	}))
	q.Register("panics", job.Options{}, job.Each(func(_ context.Context, j parley.Job) error {
		if j.Tries == 1 {
			panic("first time")
		}
		gone <- struct{}{}
		return nil
	}))
	stop := start(t, q)
	defer stop()
	enqueue(t, db, job.New{Kind: "flaky", Args: args{}}, job.New{Kind: "bad", Args: args{}}, job.New{Kind: "panics", Args: args{}})
	for want := 1; want <= 3; want++ {
		if got := <-tries; got != want {
			t.Errorf("try %d came as %d", want, got)
		}
	}
	<-gone
	<-gone // the panicking job ran again by itself
}

// A worker that died in the middle of a job leaves it leased: a restart of the
// same node takes it up at once.
func TestRestartTakesUpWhatWasRunning(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	enqueue(t, db, job.New{Kind: "send", Args: args{7}})
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		jobs, err := tx.ClaimJobs(t.Context(), "send", "n1", 1, time.Hour)
		if len(jobs) != 1 {
			t.Errorf("claimed %d jobs", len(jobs))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	q := job.NewQueue(db, "n1", slog.New(slog.DiscardHandler))
	ran := make(chan parley.Job, 1)
	q.Register("send", job.Options{}, job.Each(func(_ context.Context, j parley.Job) error {
		ran <- j
		return nil
	}))
	stop := start(t, q)
	defer stop()
	select {
	case j := <-ran:
		if j.Tries != 2 {
			t.Errorf("ran as try %d, want 2", j.Tries)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the job was not taken up")
	}
}

// A claim may be committed without an answer, when the database is cut off: the
// job is leased to us and nobody runs it. It is taken up, and what does run is
// left alone.
func TestClaimWithoutAnAnswerIsTakenUp(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	q := job.NewQueue(db, "n1", slog.New(slog.DiscardHandler))
	ran := make(chan int, 10)
	end := make(chan struct{})
	q.Register("send", job.Options{Workers: 2}, job.Each(func(_ context.Context, j parley.Job) error {
		a, err := job.Args[args](j)
		ran <- a.N
		<-end
		return err
	}))
	enqueue(t, db, job.New{Kind: "send", Args: args{1}})
	stop := start(t, q)
	if got := <-ran; got != 1 {
		t.Fatalf("job %d ran", got)
	}
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		if err := job.Enqueue(t.Context(), tx, job.New{Kind: "send", Args: args{2}}); err != nil {
			return err
		}
		jobs, err := tx.ClaimJobs(t.Context(), "send", "n1", 10, time.Hour)
		if len(jobs) != 1 {
			t.Errorf("claimed %d jobs", len(jobs))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	q.Doubt()
	select {
	case got := <-ran:
		if got != 2 {
			t.Errorf("job %d ran again", got)
		}
	case <-time.After(5 * time.Second):
		t.Error("the job was not taken up")
	}
	close(end)
	stop()
	if len(ran) > 0 {
		t.Errorf("job %d ran again", <-ran)
	}
}

func TestUniqueKeyEnqueuesOnce(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	n := job.New{Kind: "once", Args: args{}, UniqueKey: "k"}
	enqueue(t, db, n, n)
	enqueue(t, db, n)
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		jobs, err := tx.ClaimJobs(t.Context(), "once", "n1", 10, time.Minute)
		if len(jobs) != 1 {
			t.Errorf("%d jobs wait, want 1", len(jobs))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The effect and the end of its job are one transaction: rolled back together.
func TestDoneBelongsToTheEffect(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	enqueue(t, db, job.New{Kind: "effect", Args: args{}})
	boom := errors.New("boom")
	claim := func() (jobs []parley.Job) {
		err := db.Update(t.Context(), func(tx *store.Tx) (err error) {
			if _, err := tx.ReclaimJobs(t.Context(), "n1"); err != nil {
				return err
			}
			jobs, err = tx.ClaimJobs(t.Context(), "effect", "n1", 1, time.Minute)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return jobs
	}
	first := claim()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		if err := job.Done(t.Context(), tx, first...); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if again := claim(); len(again) != 1 {
		t.Fatalf("%d jobs after a rolled back end, want 1", len(again))
	}
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return job.Done(t.Context(), tx, first...) }); err != nil {
		t.Fatal(err)
	}
	if left := claim(); len(left) != 0 {
		t.Errorf("%d jobs after their end, want 0", len(left))
	}
}

// A job that its handler ended together with its effect is not tried again, and
// the next of its lane goes on.
func TestEndedWithItsEffect(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	q := job.NewQueue(db, "n1", slog.New(slog.DiscardHandler))
	ran := make(chan int, 10)
	q.Register("end", job.Options{}, job.Each(func(ctx context.Context, j parley.Job) error {
		a, err := job.Args[args](j)
		if err != nil {
			return err
		}
		if err := db.Update(ctx, func(tx *store.Tx) error { return job.Done(ctx, tx, j) }); err != nil {
			return err
		}
		ran <- a.N
		return job.ErrEnded
	}))
	other, end := db.WatchJobs("other")
	defer end()
	enqueue(t, db, job.New{Kind: "end", Args: args{1}}, job.New{Kind: "end", Args: args{2}})
	select {
	case <-other:
		t.Error("who does other jobs was woken")
	default:
	}
	enqueue(t, db, job.New{Kind: "end", Args: args{3}, Lane: "one"}, job.New{Kind: "end", Args: args{4}, Lane: "one"})
	stop := start(t, q)
	got := []int{<-ran, <-ran, <-ran, <-ran}
	stop()
	if !slices.IsSorted(got) || len(ran) > 0 {
		t.Errorf("ran %v and %d more", got, len(ran))
	}
	storetest.View(t, db, func(tx *store.Tx) error {
		if at, left, err := tx.NextJobAt(t.Context(), "end"); err != nil || left {
			t.Errorf("a job is left for %v: %v", at, err)
		}
		return nil
	})
}

// A server that is told to stop while it starts stops without a fault.
func TestRunEndedBeforeItBegan(t *testing.T) {
	t.Parallel()
	q := job.NewQueue(storetest.Open(t), "n1", slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.Run(ctx, time.Second); err != nil {
		t.Error(err)
	}
}
