package store

import (
	"context"
	"database/sql"
	"strings"
	"sync"
)

// Recorder keeps what is asked of a database.
type Recorder struct {
	engine
	mu  sync.Mutex
	all map[string][]any // queries, with the arguments of the last time
}

// Recorded is db, and who keeps what is asked of it.
func (db *DB) Recorded() (*DB, *Recorder) {
	r := &Recorder{engine: db.engine, all: map[string][]any{}}
	recorded := *db
	recorded.engine = r
	return &recorded, r
}

func (r *Recorder) view(ctx context.Context, fn func(queryer) error) error {
	return r.engine.view(ctx, func(q queryer) error { return fn(recording{q, r}) })
}

func (r *Recorder) update(ctx context.Context, fn func(queryer) error) error {
	return r.engine.update(ctx, func(q queryer) error { return fn(recording{q, r}) })
}

type recording struct {
	q queryer
	r *Recorder
}

func (r recording) keep(query string, args []any) {
	r.r.mu.Lock()
	defer r.r.mu.Unlock()
	r.r.all[query] = args
}

func (r recording) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	r.keep(query, args)
	return r.q.GetContext(ctx, dest, query, args...)
}

func (r recording) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	r.keep(query, args)
	return r.q.SelectContext(ctx, dest, query, args...)
}

func (r recording) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	r.keep(query, args)
	return r.q.ExecContext(ctx, query, args...)
}

func (r recording) SendContext(ctx context.Context, query string, args ...any) error {
	r.keep(query, args)
	return r.q.SendContext(ctx, query, args...)
}

// Plans tells how the database runs each query that was kept, and forgets them.
func (r *Recorder) Plans(ctx context.Context) (map[string]string, error) {
	plans := map[string]string{}
	err := r.engine.view(ctx, func(q queryer) error {
		for query, args := range r.all {
			var lines []string
			if strings.Contains(query, "$1") {
				if err := q.SelectContext(ctx, &lines, "EXPLAIN "+query, args...); err != nil {
					return err
				}
			} else {
				var rows []struct {
					ID, Parent, Notused int
					Detail              string
				}
				if err := q.SelectContext(ctx, &rows, "EXPLAIN QUERY PLAN "+query, args...); err != nil {
					return err
				}
				for _, row := range rows {
					lines = append(lines, row.Detail)
				}
			}
			plans[query] = strings.Join(lines, "\n")
		}
		return nil
	})
	clear(r.all)
	return plans, err
}
