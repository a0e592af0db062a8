package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestFiguresAreOfTheWholeSpan(t *testing.T) {
	t.Parallel()
	var all []time.Duration
	for i := range 200 {
		all = append(all, time.Duration(200-i)*time.Millisecond)
	}
	got := figureOf(all, 4*time.Second)
	want := Figure{N: 200, Rate: 50, P50: 101 * time.Millisecond, P95: 191 * time.Millisecond, P99: 199 * time.Millisecond}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := figureOf(nil, time.Second); got != (Figure{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestClosedStopsAtTheFirstFault(t *testing.T) {
	t.Parallel()
	fault := errors.New("no more")
	_, err := closed(t.Context(), 4, time.Minute, func(_ context.Context, n int) error {
		if n == 10 {
			return fault
		}
		return nil
	})
	if !errors.Is(err, fault) {
		t.Errorf("%v, want %v", err, fault)
	}
}

func TestRowsSayWhatWasMissed(t *testing.T) {
	t.Parallel()
	fast, slow := &Figure{Rate: 1200, P99: 12 * time.Millisecond}, &Figure{Rate: 400, P99: 45 * time.Millisecond}
	for _, c := range []struct {
		row  Row
		by   func(*Row)
		want string
	}{
		{Row{Ours: fast}, within(20 * time.Millisecond), ""},
		{Row{Ours: slow}, within(20 * time.Millisecond), "2.2×"},
		{Row{Ours: fast, Plain: slow}, atLeast(1000, true), ""},
		{Row{Ours: slow, Plain: fast}, atLeast(1000, true), "40 % of it, 0.33 of plain SQL"},
		{limited("memory", "90 MB", "≤ 60 MB", 1.5), func(*Row) {}, "1.5×"},
	} {
		c.by(&c.row)
		if c.row.Miss != c.want {
			t.Errorf("%+v: missed by %q, want %q", c.row, c.row.Miss, c.want)
		}
	}
	if busy := (Machine{Taken: 0.6}); !busy.Busy() || (Machine{Taken: 0.1}).Busy() {
		t.Error("who is busy?")
	}
	table := Report{Database: "SQLite", Rows: []Row{{Work: "list", Ours: slow, Bar: "p99 ≤ 20.0 ms", Miss: "2.2×"}}}.Markdown()
	if !strings.Contains(table, "| list | 400/s | 0.00 ms | 0.00 ms | 45.0 ms |  |  | p99 ≤ 20.0 ms | **missed: 2.2×** |") {
		t.Errorf("table:\n%s", table)
	}
}
