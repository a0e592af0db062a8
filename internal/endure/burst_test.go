package endure

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"parley/internal/channel/channeltest"
)

// TestBurst: 40 threads of 5 mails, in any order and at once on 16 connections,
// are 40 conversations, each whole and in order.
func TestBurst(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]func([]string) []string{"References": answers, "only In-Reply-To": answersParent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			burst(t, 40, 5, 16, how)
		})
	}
}

func burst(t *testing.T, threads, depth, connections int, how func([]string) []string) {
	tr := newTrial(t, channeltest.SMTPOptions{})
	mails := make([]letter, 0, threads*depth)
	for n := range threads {
		var ancestors []string
		for i := range depth {
			id := fmt.Sprintf("%d.%d@customer.example", n, i)
			mails = append(mails, letter{id: id, headers: how(ancestors), text: fmt.Sprintf("%d.%d", n, i)})
			ancestors = append(ancestors, id)
		}
	}
	tr.random("order").Shuffle(len(mails), func(i, j int) { mails[i], mails[j] = mails[j], mails[i] })
	tr.storm(mails, connections)
	if got, want := tr.drained(), (totals{Accepted: len(mails), Filed: len(mails)}); got != want {
		t.Errorf("the journal counts %+v, not %+v", got, want)
	}
	found := tr.conversations()
	if len(found) != threads {
		t.Errorf("%d conversations, not %d", len(found), threads)
	}
	for _, c := range found {
		var texts []string
		for _, i := range tr.timeline(c.ID) {
			if i.Kind == "message" {
				texts = append(texts, i.VisibleText)
			}
		}
		thread, _, _ := strings.Cut(strings.Join(texts, " "), ".")
		var want []string
		for i := range depth {
			want = append(want, fmt.Sprintf("%s.%d", thread, i))
		}
		if got := strings.Join(texts, " "); got != strings.Join(want, " ") || c.MessageCount != depth {
			t.Errorf("conversation %d counts %d messages and shows %s", c.ID, c.MessageCount, got)
		}
	}
}

// storm delivers mails on so many connections at once; each must be accepted.
func (tr *trial) storm(mails []letter, connections int) {
	tr.Helper()
	next := make(chan letter, len(mails))
	for _, m := range mails {
		next <- m
	}
	close(next)
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			c, err := tr.Sender(tr.Context())
			if err != nil {
				tr.Error(err)
				return
			}
			defer c.Close()
			for m := range next {
				if reply, err := c.Deliver(m.sender(), []string{tr.Forward}, m.bytes(), true); err != nil {
					tr.Errorf("mail %s: %v: %s", m.id, err, reply)
					return
				}
			}
		})
	}
	all.Wait()
}
