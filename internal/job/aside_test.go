package job_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// What is done aside is done by whoever works there, at their time, and no worker ever sees it.
func TestAside(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	past := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var kept []parley.Job
	aside := db.Aside(func() time.Time { return past }, func(j parley.Job) { kept = append(kept, j) })
	woken, stop := db.Watch()
	defer stop()
	broken := errors.New("broken off")
	if err := aside.Update(t.Context(), func(tx *store.Tx) error {
		if err := job.Enqueue(t.Context(), tx, job.New{Kind: "k", Args: args{1}}); err != nil {
			t.Error(err)
		}
		return broken
	}); !errors.Is(err, broken) || len(kept) != 0 {
		t.Fatalf("%d jobs of a transaction that came to nothing: %v", len(kept), err)
	}
	account, _ := storetest.Account(t, aside)
	enqueue(t, aside, job.New{Kind: "k", Args: args{2}, AccountID: account.ID}, job.New{Kind: "unknown", Args: args{3}})
	if account.CreatedAt != past || len(kept) != 2 {
		t.Fatalf("created at %v, %d jobs kept", account.CreatedAt, len(kept))
	}
	storetest.View(t, db, func(tx *store.Tx) error {
		if at, ok, err := tx.NextJobAt(t.Context(), "k"); err != nil || ok {
			t.Errorf("a job waits at %v: %v", at, err)
		}
		if since := time.Since(tx.Now()); since > time.Hour {
			t.Errorf("the database itself went back by %v", since)
		}
		return nil
	})
	storetest.Update(t, aside, func(tx *store.Tx) error {
		tx.AppendEvent(&parley.Event{AccountID: account.ID, Kind: parley.InboxChanged})
		return nil
	})
	select {
	case <-woken:
	default:
		t.Error("a change aside woke nobody")
	}

	q := job.NewQueue(aside, "aside", slog.New(slog.DiscardHandler))
	var did []int
	q.Register("k", job.Options{}, job.Each(func(_ context.Context, j parley.Job) error {
		a, err := job.Args[args](j)
		did = append(did, a.N)
		return err
	}))
	if err := q.Do(t.Context(), kept[0]); err != nil || len(did) != 1 || did[0] != 2 {
		t.Errorf("did %v: %v", did, err)
	}
	if err := q.Do(t.Context(), kept[1]); err == nil {
		t.Error("a job of no kind was done")
	}
}
