package intake_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// The sums of every day and channel hold while mails come in, are filed, fail and are retried.
func TestDaysAddUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sales := o.channel("sales@harbour.example")
	o.accept(o.raw(o.support, mailOf("a@x.test", "one", "hello")))
	o.accept(o.raw(o.support, mailOf("b@x.test", "two", "hello")))
	o.file()
	o.clock.pass(14*time.Hour + 59*time.Minute) // 23:59
	o.accept(o.raw(sales, mailOf("c@x.test", "three", "hello")))
	o.clock.pass(time.Minute)
	mend := o.doors.shut(errors.New("out of order"))
	o.accept(o.raw(sales, mailOf("d@x.test", "four", "hello")))
	o.accept(o.raw(o.support, mailOf("e@x.test", "five", "hello")))
	storetest.Update(t, o.db, func(tx *store.Tx) error {
		return tx.FailIntake(t.Context(), o.account.ID, o.entries()[1].ID) // four
	})
	of := func(ch parley.Channel, accepted, filed, failed, pending int64) parley.ChannelIntake {
		return parley.ChannelIntake{ChannelID: ch.ID, IntakeTotals: parley.IntakeTotals{Accepted: accepted, Filed: filed, Failed: failed, Pending: pending}}
	}
	day := func(day parley.Day, all parley.ChannelIntake, channels ...parley.ChannelIntake) parley.IntakeDay {
		return parley.IntakeDay{Day: day, IntakeTotals: all.IntakeTotals, Channels: channels}
	}
	none := parley.Channel{}
	want := []parley.IntakeDay{
		day("2026-03-03", of(none, 2, 0, 1, 1), of(o.support, 1, 0, 0, 1), of(sales, 1, 0, 1, 0)),
		day("2026-03-02", of(none, 3, 2, 0, 1), of(o.support, 2, 2, 0, 0), of(sales, 1, 0, 0, 1)),
	}
	if diff := cmp.Diff(want, o.days()); diff != "" {
		t.Error(diff)
	}
	mend()
	retried, failed, err := o.intake.RetryFailed(t.Context(), o.owner)
	if err != nil || retried != 1 || failed != 0 {
		t.Errorf("retried %d, %d failed, %v", retried, failed, err)
	}
	o.days()
	o.file()
	want = []parley.IntakeDay{
		day("2026-03-03", of(none, 2, 2, 0, 0), of(o.support, 1, 1, 0, 0), of(sales, 1, 1, 0, 0)),
		day("2026-03-02", of(none, 3, 3, 0, 0), of(o.support, 2, 2, 0, 0), of(sales, 1, 1, 0, 0)),
	}
	if diff := cmp.Diff(want, o.days()); diff != "" {
		t.Error(diff)
	}
}

func TestDaysAreListedByPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for range 5 {
		o.accept(o.raw(o.support, mailOf("a@x.test", "one", o.clock.Now().String())))
		o.clock.pass(24 * time.Hour)
	}
	var got []parley.Day
	var before parley.Day
	for {
		days, next, err := o.intake.Days(t.Context(), o.owner, before, 2)
		if err != nil || len(days) > 2 {
			t.Fatal(len(days), err)
		}
		for _, d := range days {
			got = append(got, d.Day)
		}
		if next == "" {
			break
		}
		before = next
	}
	want := []parley.Day{"2026-03-06", "2026-03-05", "2026-03-04", "2026-03-03", "2026-03-02"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, _, err := o.intake.Days(t.Context(), o.owner, "2026-02-30", 2); !parley.IsCode(err, parley.Invalid) {
		t.Errorf("a day that there is not: %v", err)
	}
	_, other := storetest.Account(t, o.db)
	if days, _, err := o.intake.Days(t.Context(), other, "", 10); err != nil || len(days) != 0 {
		t.Errorf("another account's days: %v, %v", days, err)
	}
	agent := storetest.User(t, o.db, o.account.ID)
	if _, _, err := o.intake.Days(t.Context(), agent, "", 10); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("an agent's days: %v", err)
	}
}

// Many failed entries are retried in steps, each of them once, the oldest first.
func TestRetryFailedTakesSoManyAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	mend := o.doors.shut(errors.New("out of order"))
	const n = 230
	for i := range n {
		o.accept(o.raw(o.support, mailOf(fmt.Sprintf("a%d@x.test", i), "one", "hello")))
	}
	storetest.Update(t, o.db, func(tx *store.Tx) error {
		for _, e := range o.entries() {
			if err := tx.FailIntake(t.Context(), o.account.ID, e.ID); err != nil {
				return err
			}
		}
		return nil
	})
	_, other := storetest.Account(t, o.db)
	if retried, failed, err := o.intake.RetryFailed(t.Context(), other); err != nil || retried != 0 || failed != 0 {
		t.Errorf("another account: retried %d, %d failed, %v", retried, failed, err)
	}
	agent := storetest.User(t, o.db, o.account.ID)
	if _, _, err := o.intake.RetryFailed(t.Context(), agent); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("an agent retried: %v", err)
	}
	mend()
	for _, want := range []struct {
		retried int
		failed  int64
	}{{200, 30}, {30, 0}, {0, 0}} {
		retried, failed, err := o.intake.RetryFailed(t.Context(), o.owner)
		if err != nil || retried != want.retried || failed != want.failed {
			t.Fatalf("retried %d, %d failed, %v; want %+v", retried, failed, err, want)
		}
		o.days()
		entries := o.entries() // the newest first
		if first := entries[len(entries)-1]; first.State != parley.IntakePending {
			t.Errorf("the oldest is %s", first.State)
		}
	}
	if got := o.totals(); got != (parley.IntakeTotals{Accepted: n, Pending: n}) {
		t.Errorf("totals %+v", got)
	}
}
