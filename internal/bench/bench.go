package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"parley/internal/parley"
	"parley/internal/seed"
	"parley/internal/store/bare"
)

// Options say what to measure, and on what.
type Options struct {
	Binary        string // the built program
	Cache         string // folder for seeded data
	Conversations int    // with ten messages each
	Clients       int
	Span          time.Duration // of each kind of work
	PostgresURL   string        // an empty database; empty: SQLite
	Parts         []string      // names of what to measure beside the start; none: all
	Out           io.Writer     // hears of the progress
}

// Report is what was measured on one database.
type Report struct {
	Database      string  `json:"database"`
	Conversations int     `json:"conversations"`
	Messages      int     `json:"messages"`
	Clients       int     `json:"clients"`
	Machine       Machine `json:"machine"`
	Rows          []Row   `json:"rows"`
}

// Row is one kind of work: ours beside plain SQL, and the bar it is held against.
type Row struct {
	Work  string  `json:"work"`
	Ours  *Figure `json:"ours,omitempty"`
	Plain *Figure `json:"plain_sql,omitempty"`
	Value string  `json:"value,omitempty"` // what is no rate
	Bar   string  `json:"bar,omitempty"`
	Miss  string  `json:"miss,omitempty"` // by how much; empty: met, if there is a bar
}

// run is one measurement under way.
type run struct {
	Options
	program program
	server  *server
	relay   *relay
	plain   *bare.DB
	api     client
	tokens  []string
	inbox   int64 // the busiest
	channel string
	fifty   []int64 // conversations of fifty messages
	open    []int64 // conversations that are open
	rows    []Row
}

// Run measures one database.
func Run(ctx context.Context, o Options) (Report, error) {
	r := &run{Options: o}
	report := Report{Database: "SQLite", Conversations: o.Conversations, Messages: 10 * o.Conversations, Clients: o.Clients}
	if o.PostgresURL != "" {
		report.Database = "PostgreSQL"
	}
	var err error
	if report.Machine, err = thisMachine(ctx, o.Cache); err != nil {
		return report, err
	}
	err = r.all(ctx)
	report.Rows = r.rows
	return report, err
}

func (r *run) all(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, r.close()) }()
	if r.relay, err = newRelay(ctx); err != nil {
		return err
	}
	if err := r.prepare(ctx); err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	for _, part := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"start", r.measureStart},
		{"lists", r.lists},
		{"searches", r.searches},
		{"conversations", r.conversations},
		{"tokens", r.token},
		{"live", r.live},
		{"replies", r.replies},
		{"mail", r.mail},
	} {
		if part.name != "start" && len(r.Parts) > 0 && !slices.Contains(r.Parts, part.name) {
			continue
		}
		r.say("%s\n", part.name)
		if err := part.do(ctx); err != nil {
			return fmt.Errorf("measure %s: %w", part.name, err)
		}
	}
	return nil
}

func (r *run) close() error {
	var errs []error
	if r.server != nil {
		errs = append(errs, r.server.stop())
	}
	if r.plain != nil {
		errs = append(errs, r.plain.Close())
	}
	if r.relay != nil {
		errs = append(errs, r.relay.close())
	}
	if r.program.data != "" {
		errs = append(errs, os.RemoveAll(r.program.data))
	}
	return errors.Join(errs...)
}

func (r *run) say(format string, args ...any) {
	_, _ = fmt.Fprintf(r.Out, format, args...) // it is only said
}

// prepare copies the seeded data, makes tokens, and finds what to ask for.
func (r *run) prepare(ctx context.Context) (err error) {
	if r.program, err = r.seeded(ctx); err != nil {
		return err
	}
	if r.plain, err = bare.Open(ctx, r.program.url, filepath.Join(r.program.data, "parley.db")); err != nil {
		return err
	}
	if r.fifty, err = r.plain.IDs(ctx, `SELECT id FROM conversations WHERE account_id = ? AND message_count = 50 AND folder IN ('open', 'closed') ORDER BY id LIMIT 1000`, r.plain.Account); err != nil {
		return err
	}
	if r.open, err = r.plain.IDs(ctx, `SELECT id FROM conversations WHERE account_id = ? AND folder = 'open' ORDER BY id LIMIT 5000`, r.plain.Account); err != nil {
		return err
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(r.open), func(i, j int) { r.open[i], r.open[j] = r.open[j], r.open[i] })
	inboxes, err := r.plain.IDs(ctx, `SELECT id FROM inboxes ORDER BY id`)
	if err != nil {
		return err
	}
	if len(r.fifty) == 0 || len(r.open) == 0 || len(inboxes) == 0 {
		return errors.New("the database has too little in it")
	}
	r.inbox = inboxes[len(inboxes)-1]
	r.channel = "support@seed" + strconv.FormatInt(r.plain.Account, 10) + ".example"
	return r.makeTokens(ctx)
}

// makeTokens makes one for each user who sees the busiest inbox, the owner's first.
func (r *run) makeTokens(ctx context.Context) error {
	for _, email := range seed.Team(parley.AccountID(r.plain.Account)) {
		token, err := r.program.run(ctx, "token", "create", "--email", email, "--name", "bench")
		if err != nil {
			return err
		}
		r.tokens = append(r.tokens, token)
	}
	return nil
}

// seeded gives the program on a copy of seeded data, which goes with the run.
func (r *run) seeded(ctx context.Context) (program, error) {
	work := filepath.Join(r.Cache, "run")
	if err := errors.Join(os.RemoveAll(work), os.MkdirAll(work, 0o700)); err != nil {
		return program{}, err
	}
	p := program{binary: r.Binary, data: work, url: r.PostgresURL, relay: "smtp://" + r.relay.addr}
	if p.url != "" {
		return p, r.fill(ctx, p)
	}
	kept := program{binary: r.Binary, data: filepath.Join(r.Cache, fmt.Sprintf("sqlite-%d", r.Conversations))}
	if _, err := os.Stat(filepath.Join(kept.data, "parley.db")); err != nil {
		if err := r.fill(ctx, kept); err != nil {
			return p, err
		}
	}
	return p, os.CopyFS(work, os.DirFS(kept.data))
}

func (r *run) fill(ctx context.Context, p program) error {
	r.say("seeding\n")
	_, err := p.run(ctx, "seed", "--conversations", strconv.Itoa(r.Conversations))
	return err
}

// add notes a row, and says it.
func (r *run) add(row Row) {
	r.rows = append(r.rows, row)
	r.say("  %s\n", row.text())
}

// timed measures ours, then the same work in plain SQL.
func (r *run) timed(ctx context.Context, name string, ours, plain bare.Work, judge func(*Row)) error {
	row := Row{Work: name}
	f, err := r.ours(ctx, ours)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	row.Ours = &f
	if plain != nil {
		f, err := closed(ctx, r.Clients, r.Span/2, plain)
		if err != nil {
			return fmt.Errorf("%s in plain SQL: %w", name, err)
		}
		row.Plain = &f
	}
	if judge != nil {
		judge(&row)
	}
	r.add(row)
	return nil
}

// ours measures the product, and what it costs the processor.
func (r *run) ours(ctx context.Context, work bare.Work) (Figure, error) {
	calls, cpu := atomic.Int64{}, r.server.cpu()
	f, err := closed(ctx, r.Clients, r.Span, func(ctx context.Context, n int) error {
		calls.Add(1)
		return work(ctx, n)
	})
	if err == nil {
		f.CPU = (r.server.cpu() - cpu) / time.Duration(calls.Load())
	}
	return f, err
}

// within holds the 99th percentile against a limit.
func within(limit time.Duration) func(*Row) {
	return func(row *Row) {
		row.Bar = "p99 ≤ " + short(limit)
		if row.Ours.P99 > limit {
			row.Miss = fmt.Sprintf("%.1f×", float64(row.Ours.P99)/float64(limit))
		}
	}
}

// atLeast holds the rate against a floor, and against half of plain SQL's where that is asked for.
func atLeast(rate float64, half bool) func(*Row) {
	return func(row *Row) {
		row.Bar = fmt.Sprintf("≥ %.0f/s", rate)
		if row.Ours.Rate < rate {
			row.Miss = fmt.Sprintf("%.0f %% of it", 100*row.Ours.Rate/rate)
		}
		if !half {
			return
		}
		row.Bar += ", ≥ ½ of plain SQL"
		if share := row.Ours.Rate / row.Plain.Rate; share < 0.5 {
			row.Miss = join(row.Miss, fmt.Sprintf("%.2f of plain SQL", share))
		}
	}
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}
