package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// However many wait in one lane, the others go on, and each lane in its order.
func TestAFullLaneHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	enqueue := func(tx *store.Tx, kind, lane string, n int) {
		for i := range n {
			err := tx.InsertJob(t.Context(), parley.Job{Kind: kind, Args: []byte(fmt.Sprintf(`{"n":%d}`, i)), Lane: lane, RunAt: at})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	storetest.Update(t, db, func(tx *store.Tx) error {
		enqueue(tx, "file", "m", 2*store.ClaimWindow)
		for _, lane := range []string{"a", "k", "z"} {
			enqueue(tx, "file", lane, 3)
		}
		enqueue(tx, "file", "", 2)
		enqueue(tx, "other", "b", 1)
		return tx.InsertJob(t.Context(), parley.Job{Kind: "file", Args: []byte(`{}`), Lane: "later", RunAt: tx.Now().Add(time.Hour)})
	})
	claim := func(limit int) (out []parley.Job) {
		storetest.Update(t, db, func(tx *store.Tx) (err error) {
			out, err = tx.ClaimJobs(t.Context(), "file", "test", limit, time.Minute)
			return err
		})
		return out
	}
	lanes := func(jobs []parley.Job) (out []string) {
		for _, j := range jobs {
			out = append(out, j.Lane+string(j.Args))
		}
		slices.Sort(out)
		return out
	}
	first := claim(32)
	if diff := cmp.Diff([]string{`a{"n":0}`, `k{"n":0}`, `m{"n":0}`, `z{"n":0}`, `{"n":0}`, `{"n":1}`}, lanes(first)); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
	if more := claim(32); len(more) != 0 {
		t.Errorf("claimed %v beside those that run", lanes(more))
	}
	storetest.Update(t, db, func(tx *store.Tx) error {
		for _, j := range first {
			if err := tx.DeleteJobs(t.Context(), j.ID); err != nil {
				return err
			}
		}
		return nil
	})
	second := claim(2)
	if len(second) != 2 {
		t.Fatalf("claimed %v, want two", lanes(second))
	}
	if diff := cmp.Diff([]string{`a{"n":1}`, `k{"n":1}`, `m{"n":1}`, `z{"n":1}`}, lanes(append(second, claim(32)...))); diff != "" {
		t.Errorf("claimed next (-want +got):\n%s", diff)
	}
}
