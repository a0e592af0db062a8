package bench

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"time"

	"parley/internal/seed"
)

const (
	starts    = 5
	maxStart  = 150 * time.Millisecond
	maxMemory = 60 // MB
	maxBinary = 40 // MB
	settle    = 3 * time.Second
)

// measureStart starts the server a few times and leaves the last one running.
func (r *run) measureStart(ctx context.Context) error {
	var took []time.Duration
	for i := range starts {
		s, err := r.program.start(ctx)
		if err != nil {
			return err
		}
		r.server = s
		took = append(took, s.begun)
		if i < starts-1 {
			r.server = nil
			if err := s.stop(); err != nil {
				return err
			}
		}
	}
	slices.Sort(took)
	pause(ctx, settle) // nobody asks for anything
	info, err := os.Stat(r.Binary)
	if err != nil {
		return err
	}
	start, memory, size := took[starts/2], r.server.memory(), float64(info.Size())/(1<<20)
	r.add(limited("cold start, median of 5", short(start), "≤ "+short(maxStart), float64(start)/float64(maxStart)))
	r.add(limited("memory, idle", fmt.Sprintf("%.0f MB", memory), fmt.Sprintf("≤ %d MB", maxMemory), memory/maxMemory))
	r.add(limited("binary", fmt.Sprintf("%.1f MB", size), fmt.Sprintf("≤ %d MB", maxBinary), size/maxBinary))
	r.api = newClient(r.server.http, r.tokens[0], r.Clients)
	return nil
}

// limited is a row whose value may be at most the bar; used is how much of it is taken.
func limited(work, value, bar string, used float64) Row {
	row := Row{Work: work, Value: value, Bar: bar}
	if used > 1 {
		row.Miss = fmt.Sprintf("%.1f×", used)
	}
	return row
}

const (
	maxList   = 20 * time.Millisecond
	maxSearch = 50 * time.Millisecond
	maxOpen   = 20 * time.Millisecond
	minToken  = 5000
)

func (r *run) lists(ctx context.Context) error {
	for _, view := range []string{"all_open", "my_unread", "my_open", "unassigned", "failed", "closed", "spam"} {
		for _, sort := range []string{"newest", "added", "waiting"} {
			plain, err := r.plain.List(ctx, view, sort)
			if err != nil {
				return err
			}
			path := "/conversations?limit=50&view=" + view + "&sort=" + sort
			ours := func(ctx context.Context, _ int) error { return r.api.get(ctx, path) }
			if err := r.timed(ctx, "list "+view+", "+sort, ours, plain, within(maxList)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) searches(ctx context.Context) error {
	for _, s := range []struct{ name, words string }{
		{"common word", seed.Word(seed.Common)},
		{"rare word", seed.Word(seed.Rare)},
		{"no such word", seed.Absent},
		{"two common words", seed.Word(seed.Common) + " " + seed.Word(seed.Second)},
		{"common and rare word", seed.Word(seed.Common) + " " + seed.Word(seed.Rare)},
	} {
		plain, err := r.plain.Search(ctx, s.words)
		if err != nil {
			return err
		}
		path := "/conversations?limit=50&q=" + url.QueryEscape(s.words)
		ours := func(ctx context.Context, _ int) error { return r.api.get(ctx, path) }
		if err := r.timed(ctx, "search, "+s.name, ours, plain, within(maxSearch)); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) conversations(ctx context.Context) error {
	plain, err := r.plain.Open(ctx, r.fifty)
	if err != nil {
		return err
	}
	ours := func(ctx context.Context, n int) error {
		return r.api.get(ctx, fmt.Sprintf("/conversations/%d/timeline?order=desc&bodies=text&limit=100", r.fifty[n%len(r.fifty)]))
	}
	return r.timed(ctx, "open a conversation of 50 messages", ours, plain, within(maxOpen))
}

func (r *run) token(ctx context.Context) error {
	plain, err := r.plain.Token(ctx)
	if err != nil {
		return err
	}
	return r.timed(ctx, "call with an API token", func(ctx context.Context, _ int) error { return r.api.get(ctx, "/me") }, plain, atLeast(minToken, false))
}
