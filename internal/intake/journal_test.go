package intake_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store/storetest"
)

// What fails by our fault stays pending with its tries, is given up after the
// last, and is filed when a person retries it.
func TestFaultOfOurs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.accept(o.raw(o.support, mailOf("a@x.test", "one", "hello")))
	mend := o.doors.shut(errors.New("out of order"))
	seq := o.seq()
	tries := 0
	for ; o.entries()[0].State == parley.IntakePending && tries < 50; tries++ {
		if _, n := o.work(); n != 1 {
			t.Fatalf("%d jobs at try %d", n, tries)
		}
		if e := o.entries()[0]; e.Tries != tries+1 || !strings.Contains(e.Error, "out of order") {
			t.Fatalf("try %d: the entry tells of %d: %s", tries+1, e.Tries, e.Error)
		}
	}
	e := o.entries()[0]
	if e.State != parley.IntakeFailed || tries != 15 {
		t.Errorf("%s after %d tries", e.State, tries)
	}
	if got := o.totals(); got != (parley.IntakeTotals{Accepted: 1, Failed: 1}) {
		t.Errorf("totals %+v", got)
	}
	if diff := cmp.Diff([]string{"intake.failed"}, o.kinds(seq)); diff != "" {
		t.Error(diff)
	}
	if batch := o.claim(); len(batch) != 0 {
		t.Errorf("%d jobs are left", len(batch))
	}
	mend()
	if e, err := o.intake.Retry(t.Context(), o.owner, e.ID); err != nil || e.State != parley.IntakePending {
		t.Fatalf("retry: %s, %v", e.State, err)
	}
	if _, err := o.intake.Retry(t.Context(), o.owner, e.ID); !parley.IsCode(err, parley.Conflict) {
		t.Errorf("a second retry: %v", err)
	}
	o.file()
	if e := o.entries()[0]; e.State != parley.IntakeFiled || e.Error != "" {
		t.Errorf("the entry is %s: %s", e.State, e.Error)
	}
	if got := o.totals(); got != (parley.IntakeTotals{Accepted: 1, Filed: 1}) {
		t.Errorf("totals %+v", got)
	}
}

func TestJournalIsForAdmins(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.accept(o.raw(o.support, mailOf("a@x.test", "one", "hello")))
	id := o.entries()[0].ID
	_, other := storetest.Account(t, o.db)
	agent := storetest.User(t, o.db, o.account.ID)
	for name, who := range map[string]struct {
		actor parley.Actor
		code  parley.Code
	}{"another account": {other, parley.NotFound}, "an agent": {agent, parley.Forbidden}} {
		_, err := o.intake.Entry(t.Context(), who.actor, id)
		_, _, rawErr := o.intake.Raw(t.Context(), who.actor, id)
		_, retryErr := o.intake.Retry(t.Context(), who.actor, id)
		for _, err := range []error{err, rawErr, retryErr} {
			if !parley.IsCode(err, who.code) {
				t.Errorf("%s: %v, want %s", name, err, who.code)
			}
		}
	}
	if got, err := o.intake.Totals(t.Context(), other); err != nil || got != (parley.IntakeTotals{}) {
		t.Errorf("another account's totals: %+v, %v", got, err)
	}
	if got, _, err := o.intake.Entries(t.Context(), other, "", 0, 10); err != nil || len(got) != 0 {
		t.Errorf("another account's entries: %d, %v", len(got), err)
	}
	if _, err := o.intake.Totals(t.Context(), agent); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("an agent's totals: %v", err)
	}
}

func TestEntriesAreListedByPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for range 5 {
		o.deliver(mailOf("", "one", o.clock.Now().String()))
	}
	o.accept(o.raw(o.support, mailOf("", "pending", "x")))
	list := func(state parley.IntakeState) (pages [][]parley.IntakeID) {
		var before parley.IntakeID
		for {
			all, next, err := o.intake.Entries(t.Context(), o.owner, state, before, 2)
			if err != nil {
				t.Fatal(err)
			}
			var ids []parley.IntakeID
			for _, e := range all {
				ids = append(ids, e.ID)
			}
			if len(ids) > 0 {
				pages = append(pages, ids)
			}
			if next == 0 {
				return pages
			}
			before = next
		}
	}
	for state, want := range map[parley.IntakeState][][]parley.IntakeID{
		"":                   {{6, 5}, {4, 3}, {2, 1}},
		parley.IntakeFiled:   {{5, 4}, {3, 2}, {1}},
		parley.IntakePending: {{6}},
		parley.IntakeFailed:  nil,
	} {
		if diff := cmp.Diff(want, list(state)); diff != "" {
			t.Errorf("%q: %s", state, diff)
		}
	}
}

// Filing notes when a channel last heard something, and never turns that back.
func TestLastInbound(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.deliver(mailOf("a@x.test", "one", "hello"))
	newest := o.clock.Now()
	late := o.raw(o.support, mailOf("b@x.test", "two", "hello"))
	late.ReceivedAt = newest.Add(-time.Hour)
	o.accept(late)
	o.file()
	ch, err := o.settings.Channel(t.Context(), o.owner, o.support.ID)
	if err != nil || ch.LastInboundAt == nil || !ch.LastInboundAt.Equal(newest) {
		t.Errorf("last inbound %v, want %v (%v)", ch.LastInboundAt, newest, err)
	}
}
