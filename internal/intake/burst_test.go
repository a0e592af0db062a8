package intake_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/intake"
	"parley/internal/job"
	"parley/internal/parley"
)

// run lets the real queue file what is accepted, until the returned function is called.
func (o *office) run() (stop func()) {
	o.t.Helper()
	q := job.NewQueue(o.db, "test", slog.New(slog.DiscardHandler))
	q.Register(intake.FilingJob, intake.FilingOptions, o.intake.File)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- q.Run(ctx, time.Minute) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
}

// settled waits until nothing is pending.
func (o *office) settled() {
	o.t.Helper()
	signal, stop := o.db.Watch()
	defer stop()
	for o.totals().Pending > 0 {
		select {
		case <-signal:
		case <-time.After(time.Minute):
			o.t.Fatalf("nothing moves: %+v", o.totals())
		}
	}
}

// storm accepts mails from so many goroutines at once.
func (o *office) storm(mails []string, senders int) {
	o.t.Helper()
	next := make(chan string)
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			for m := range next {
				if err := o.intake.Accept(context.Background(), o.raw(o.support, m)); err != nil {
					o.t.Errorf("accept: %v", err)
				}
			}
		})
	}
	for _, m := range mails {
		next <- m
	}
	close(next)
	wg.Wait()
}

// 40 threads of 5 mails each, in any order and all at once: 40 conversations,
// none split, nothing twice, each read from the oldest to the newest.
func TestBurst(t *testing.T) {
	t.Parallel()
	const threads, depth = 40, 5
	for name, header := range map[string]func(id func(int) string, i int) string{
		"References": func(id func(int) string, i int) string {
			var refs []string
			for j := range i {
				refs = append(refs, "<"+id(j)+">")
			}
			return "References: " + strings.Join(refs, " ")
		},
		"only In-Reply-To": func(id func(int) string, i int) string {
			if i == 0 {
				return "X-First: yes"
			}
			return "In-Reply-To: <" + id(i-1) + ">"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			var mails []string
			for n := range threads {
				id := func(i int) string { return fmt.Sprintf("%d.%d@x.test", n, i) }
				for i := range depth {
					mails = append(mails, mailOf(id(i), fmt.Sprintf("%d.%d", n, i), "hello", header(id, i)))
				}
			}
			rand.Shuffle(len(mails), func(i, j int) { mails[i], mails[j] = mails[j], mails[i] })
			stop := o.run()
			defer stop()
			o.storm(mails, 16)
			o.settled()
			stop()
			if got := o.totals(); got != (parley.IntakeTotals{Accepted: threads * depth, Filed: threads * depth}) {
				t.Errorf("totals %+v", got)
			}
			o.checkThreads(threads, depth)
		})
	}
}

// checkThreads wants each thread whole and in order in a conversation of its own.
func (o *office) checkThreads(threads, depth int) {
	o.t.Helper()
	convs := map[parley.ConversationID]bool{}
	for _, e := range o.entries() {
		convs[o.message(e.MessageID).ConversationID] = true
		if e.Outcome != parley.BecameMessage {
			o.t.Errorf("entry %d became a %s", e.ID, e.Outcome)
		}
	}
	if len(convs) != threads {
		o.t.Errorf("%d conversations, want %d", len(convs), threads)
	}
	for id := range convs {
		got := o.timeline(id)
		var want []string
		thread, _, _ := strings.Cut(strings.Join(got, " ")+".", ".")
		for i := range depth {
			want = append(want, fmt.Sprintf("%s.%d", thread, i))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			o.t.Errorf("conversation %d: %s", id, diff)
		}
		if c := o.conversation(id); c.MessageCount != depth {
			o.t.Errorf("conversation %d counts %d messages", id, c.MessageCount)
		}
	}
}
