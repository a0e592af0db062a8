package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	browsers = 1000
	moments  = 40 // events that all of them see
	letters  = 100
	maxEvent = 250 * time.Millisecond
	patience = time.Minute
)

// live measures how long an event takes from its cause to every browser.
func (r *run) live(ctx context.Context) error {
	inbox := fmt.Sprintf("inbox:%d", r.inbox)
	seen, ended := make(chan time.Time, browsers), make(chan error, browsers)
	var open []*socket
	defer func() {
		for _, s := range open {
			_ = s.conn.Close() // it has only listened
		}
	}()
	for i := range browsers {
		s, err := dialLive(ctx, r.server.http, r.tokens[i%len(r.tokens)], inbox)
		if err != nil {
			return fmt.Errorf("browser %d: %w", i, err)
		}
		open = append(open, s)
		go func() { ended <- listen(s, `"conversation.updated"`, seen) }()
	}
	ids, err := r.plain.IDs(ctx, `SELECT id FROM conversations WHERE account_id = ? AND inbox_id = ? AND folder = 'open' ORDER BY id LIMIT ?`, r.plain.Account, r.inbox, moments)
	if err != nil {
		return err
	}
	var took []time.Duration
	begun := time.Now()
	for i := range moments {
		at := time.Now()
		if err := r.api.call(ctx, http.MethodPatch, fmt.Sprintf("/conversations/%d", ids[i%len(ids)]), map[string]int{"priority": 1 + i/len(ids)%2}, nil); err != nil {
			return err
		}
		for range browsers {
			select {
			case saw := <-seen:
				took = append(took, saw.Sub(at))
			case err := <-ended:
				return fmt.Errorf("a browser at event %d: %w", i, err)
			case <-time.After(patience):
				return fmt.Errorf("event %d did not reach every browser", i)
			}
		}
	}
	f := figureOf(took, time.Since(begun))
	row := Row{Work: fmt.Sprintf("event to %d browsers", browsers), Ours: &f}
	within(maxEvent)(&row)
	r.add(row)
	return r.arrive(ctx)
}

// listen tells when something was seen, until the connection ends.
func listen(s *socket, what string, seen chan<- time.Time) error {
	for {
		text, err := s.next()
		if err != nil {
			return err
		}
		for range bytes.Count(text, []byte(what)) {
			seen <- time.Now()
		}
	}
}

// arrive measures one mail at a time, from the wire until a browser hears of it.
func (r *run) arrive(ctx context.Context) error {
	s, err := dialLive(ctx, r.server.http, r.tokens[0], fmt.Sprintf("inbox:%d", r.inbox))
	if err != nil {
		return err
	}
	defer func() { _ = s.conn.Close() }()
	seen, ended := make(chan time.Time, 1), make(chan error, 1)
	go func() { ended <- listen(s, `"message.received"`, seen) }()
	c, err := smtp.Dial(r.server.smtp)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	var took []time.Duration
	begun := time.Now()
	for range letters {
		raw, at := letter(r.channel, serial.Add(1)), time.Now()
		if err := write(c, r.channel, raw); err != nil {
			return err
		}
		select {
		case saw := <-seen:
			took = append(took, saw.Sub(at))
		case err := <-ended:
			return fmt.Errorf("the browser: %w", err)
		case <-time.After(patience):
			return errors.New("a mail did not reach the browser")
		}
	}
	f := figureOf(took, time.Since(begun))
	r.add(Row{Work: "one mail, from the wire to a browser", Ours: &f})
	return nil
}
