package endure

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/internal/channel/channeltest"
)

// goesOn is how soon work must go on after a restart (DESIGN §7).
const goesOn = time.Second

// TestKill ends the server by SIGKILL at random moments of mixed load and starts
// it again: whatever was acknowledged is there exactly once, and nothing leaves
// twice unless a person wants it.
func TestKill(t *testing.T) {
	t.Parallel()
	kills, strict := 5, false
	if *long {
		kills, strict = 200, true
	}
	l := &load{trial: newTrial(t, channeltest.SMTPOptions{}), ledger: newLedger(), letters: make(chan letter)}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	l.ledger.begin()
	l.start(ctx)
	var log follower
	r := l.random("kills")
	for n := range kills {
		l.killOnce(r, n)
		l.revive(r)
		log.follow(l.trial)
	}
	stop()
	l.account(&log)
	for what, pauses := range map[string][]time.Duration{"mail was accepted": l.accepts, "mail was filed": l.files, "mail left": l.leaves} {
		slices.Sort(pauses)
		late := pauses[len(pauses)*99/100]
		t.Logf("from the start of the process until %s again: median %v, 99 of 100 %v, longest %v", what, pauses[len(pauses)/2], late, pauses[len(pauses)-1])
		if strict && late > goesOn {
			t.Errorf("%s again after %v, not within %v", what, late, goesOn)
		}
	}
}

// account waits for what the load has left to do, and checks all of it.
func (l *load) account(log *follower) {
	l.Helper()
	l.clients.Wait()
	sums := l.drained(func() { log.follow(l.trial) })
	l.outboxEmpty()
	log.follow(l.trial)
	l.checkSums(sums)
	seen := l.look()
	l.check(seen)
	again := l.decide(seen)
	log.follow(l.trial)
	l.Logf("%d mails acknowledged (%d got no answer or were put off), %d writes, %d mails left, %d uncertain until a person sent them again, %d events",
		l.accepted, l.unanswered, len(l.writes), sum(seen.relayed), again, log.last)
}

// killOnce kills the server within half a second. At each third time some mails are
// just then between their last dot and the relay's answer.
func (l *load) killOnce(r *rand.Rand, n int) {
	l.Helper()
	answer := make(chan struct{})
	if n%3 == 0 {
		for range 1 + r.IntN(4) {
			l.relay.Script(channeltest.Fault{At: channeltest.AtDot, Keep: r.IntN(2) == 0, Until: answer, Break: true})
		}
	}
	pause(l.Context(), someMilliseconds(r, 500))
	if err := l.Kill(); err != nil {
		l.Fatal(err)
	}
	close(answer)
	l.relay.WaitClosed()
}

// revive starts the server, now and then kills it before it is ready and starts
// it again, and notes how long it took until work went on.
func (l *load) revive(r *rand.Rand) {
	l.Helper()
	if r.IntN(5) == 0 {
		if err := l.Start(); err != nil {
			l.Fatal(err)
		}
		pause(l.Context(), someMilliseconds(r, 200))
		if err := l.Kill(); err != nil {
			l.Fatal(err)
		}
		l.relay.WaitClosed()
	}
	left, filed := len(l.relay.Mails()), l.filed
	l.ledger.begin()
	if err := l.Serve(); err != nil {
		l.Fatal(err)
	}
	l.relay.Wait(left + 1)
	l.leaves = append(l.leaves, time.Since(l.began))
	l.eventually(func() error {
		sums, err := ask[totals](l.trial, "/intake")
		l.note(func() { l.filed, l.pending = sums.Filed, sums.Pending })
		if err == nil && sums.Filed == filed {
			err = fmt.Errorf("nothing was filed: %+v", sums)
		}
		return err
	})
	l.files = append(l.files, time.Since(l.began))
	var accepts time.Duration
	l.eventually(func() error {
		if accepts = l.sinceBegun(); accepts == 0 {
			return errors.New("no mail was accepted")
		}
		return nil
	})
	l.accepts = append(l.accepts, accepts)
}

// outboxEmpty waits until nothing is on its way.
func (l *load) outboxEmpty() {
	l.Helper()
	for _, c := range l.conversations() {
		for _, i := range l.timeline(c.ID) {
			if i.Kind == "message" && (i.Delivery == "queued" || i.Delivery == "sending") {
				l.settled(i.ID)
			}
		}
	}
}
