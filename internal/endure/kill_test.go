package endure

import (
	"context"
	"errors"
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
	var pauses []time.Duration
	r := l.random("kills")
	for n := range kills {
		l.killOnce(r, n)
		pauses = append(pauses, l.revive(r))
		log.follow(l.trial)
	}
	stop()
	l.clients.Wait()
	sums := l.drained()
	l.outboxEmpty()
	log.follow(l.trial)
	l.checkSums(sums)
	seen := l.look()
	l.check(seen)
	again := l.decide(seen)
	log.follow(l.trial)
	slices.Sort(pauses)
	t.Logf("%d kills: %d mails acknowledged (%d got no answer), %d writes, %d mails left, %d uncertain until a person sent them again, %d events",
		kills, l.accepted, l.unanswered, len(l.writes), sum(seen.relayed), again, log.last)
	t.Logf("from the start of the process until mail was accepted and mail left again: median %v, 99 of 100 %v, longest %v",
		pauses[len(pauses)/2], pauses[len(pauses)*99/100], pauses[len(pauses)-1])
	if late := pauses[len(pauses)*99/100]; strict && late > goesOn {
		t.Errorf("work went on after %v, not within %v", late, goesOn)
	}
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
// it again, and tells how long it took until work went on.
func (l *load) revive(r *rand.Rand) time.Duration {
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
	left := len(l.relay.Mails())
	l.ledger.begin()
	if err := l.Serve(); err != nil {
		l.Fatal(err)
	}
	l.relay.Wait(left + 1)
	leaves := time.Since(l.began)
	var comes time.Duration
	l.eventually(func() error {
		if comes = l.sinceBegun(); comes == 0 {
			return errors.New("no mail was accepted")
		}
		return nil
	})
	return max(leaves, comes)
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
