package store_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestUpdateIsAllOrNothing(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	ctx := t.Context()
	boom := errors.New("boom")
	err := db.Update(ctx, func(tx *store.Tx) error {
		a := parley.Account{Name: "Gone", CreatedAt: tx.Now()}
		if err := tx.InsertAccount(ctx, &a); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatalf("Update returned %v, want the function's own error", err)
	}
	if got := accounts(t, db); len(got) != 0 {
		t.Errorf("a failed update left %d accounts", len(got))
	}
}

// Updates that share a commit must stand or fall alone: a failing, a panicking
// and a cancelled one between good ones take nothing with them.
func TestUpdatesThatShareACommitStandAlone(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	ctx := t.Context()
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	insert := func(fail error) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			a := parley.Account{Name: "A", CreatedAt: tx.Now()}
			if err := tx.InsertAccount(ctx, &a); err != nil {
				return err
			}
			return fail
		}
	}
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			switch i % 4 {
			case 0:
				_ = db.Update(ctx, insert(errors.New("no")))
			case 1:
				if err := db.Update(cancelled, insert(nil)); !errors.Is(err, context.Canceled) {
					t.Errorf("a cancelled update returned %v", err)
				}
			case 2:
				defer func() {
					if recover() == nil {
						t.Error("the panic did not reach the caller")
					}
				}()
				_ = db.Update(ctx, func(*store.Tx) error { panic("oops") })
			default:
				if err := db.Update(ctx, insert(nil)); err != nil {
					t.Errorf("a good update failed: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if got := len(accounts(t, db)); got != 15 {
		t.Errorf("%d accounts, want the 15 good ones", got)
	}
}

// SQLite may roll back a transaction that several updates share: each of them is
// told, and none that was told so has left anything behind.
func TestLostTransaction(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	if db.Dialect() != "sqlite" {
		t.Skip("PostgreSQL's updates share no transaction")
	}
	ctx := t.Context()
	told := make([]error, 80)
	var wg sync.WaitGroup
	for i := range told {
		wg.Go(func() {
			told[i] = db.Update(ctx, func(tx *store.Tx) error {
				a := parley.Account{Name: strconv.Itoa(i), CreatedAt: tx.Now()}
				if err := tx.InsertAccount(ctx, &a); err != nil {
					return err
				}
				if i%10 == 5 {
					return tx.Lose(ctx)
				}
				return nil
			})
		})
	}
	wg.Wait()
	kept := map[string]bool{}
	for _, a := range accounts(t, db) {
		kept[a.Name] = true
	}
	for i, err := range told {
		if (err == nil) != kept[strconv.Itoa(i)] {
			t.Errorf("update %d was told %v, and is kept: %t", i, err, kept[strconv.Itoa(i)])
		}
	}
	if err := db.Update(ctx, func(*store.Tx) error { return nil }); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// Whoever goes away in the midst of a transaction is told so, or that it is done: never something else.
func TestCallerGoesAway(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	const many = 30
	for range 3 {
		before := len(accounts(t, db))
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Update(ctx, func(tx *store.Tx) error {
			for range many {
				a := parley.Account{Name: "Left alone", CreatedAt: tx.Now()}
				if err := tx.InsertAccount(t.Context(), &a); err != nil {
					return err
				}
				cancel()
			}
			return nil
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("Update returned %v", err)
		}
		if made := len(accounts(t, db)) - before; err != nil && made != 0 || err == nil && made != many {
			t.Errorf("Update returned %v and made %d accounts", err, made)
		}
	}
}

func TestEventNumbersHaveNoGapsAndFollowCommits(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	ctx := t.Context()
	a, actor := storetest.Account(t, db)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			err := db.Update(ctx, func(tx *store.Tx) error {
				for range 3 {
					tx.AppendEvent(&parley.Event{AccountID: a.ID, Kind: parley.UserChanged, ActorID: actor.UserID, UserID: actor.UserID})
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var seqs, want []parley.Seq
	var previous time.Time
	err := db.View(ctx, func(tx *store.Tx) error {
		events, err := tx.ListEventsAfter(ctx, a.ID, 0, 100)
		for i, e := range events {
			seqs, want = append(seqs, e.Seq), append(want, parley.Seq(i+1))
			if e.At.IsZero() || e.ActorID != actor.UserID {
				t.Errorf("event %d came back as %+v", e.Seq, e)
			}
			previous = e.At
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(seqs) != 60 || previous.Location() != time.UTC {
		t.Errorf("%d events in %v", len(seqs), previous.Location())
	}
	if diff := cmp.Diff(want, seqs); diff != "" {
		t.Error(diff)
	}
}

func TestCommitWakesWatchers(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	a, actor := storetest.Account(t, db)
	signal, stop := db.Watch()
	defer stop()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.AppendEvent(&parley.Event{AccountID: a.ID, Kind: parley.UserChanged, UserID: actor.UserID})
		select {
		case <-signal:
			t.Error("woken before the commit")
		default:
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-signal:
	case <-time.After(5 * time.Second):
		t.Error("the commit woke nobody")
	}
}

func TestOnceHasOneEffect(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	ctx := t.Context()
	_, actor := storetest.Account(t, db)
	actor.Once = parley.Once{Key: "k1", Fingerprint: "f"}
	made := make(chan parley.AccountID, 16)
	ids := make(chan parley.AccountID, 16)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			err := db.Update(ctx, func(tx *store.Tx) error {
				id, err := store.Once(ctx, tx, actor, func() (parley.AccountID, error) {
					a := parley.Account{Name: "Once", CreatedAt: tx.Now()}
					err := tx.InsertAccount(ctx, &a)
					return a.ID, err
				})
				if err == nil {
					ids <- id
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	close(made)
	close(ids)
	distinct := map[parley.AccountID]bool{}
	for id := range ids {
		distinct[id] = true
	}
	if len(distinct) != 1 || len(accounts(t, db)) != 2 {
		t.Errorf("16 equal requests made %d results and %d accounts, want 1 and 2 (with the test's own)", len(distinct), len(accounts(t, db)))
	}
	actor.Once.Fingerprint = "other"
	err := db.Update(ctx, func(tx *store.Tx) error {
		_, err := store.Once(ctx, tx, actor, func() (parley.AccountID, error) { return 0, errors.New("ran again") })
		return err
	})
	if !parley.IsCode(err, parley.Conflict) {
		t.Errorf("the key with another request gave %v, want a conflict", err)
	}
}

func TestMigrateIsRepeatable(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := db.Migrations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if !m.Applied {
			t.Errorf("migration %d is not applied", m.Version)
		}
	}
	if len(all) == 0 {
		t.Error("no migrations")
	}
}

func accounts(t *testing.T, db *store.DB) []parley.Account {
	t.Helper()
	var out []parley.Account
	err := db.View(t.Context(), func(tx *store.Tx) (err error) {
		out, err = tx.ListAccounts(t.Context(), 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
