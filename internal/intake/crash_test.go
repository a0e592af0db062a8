package intake_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/store/storetest"
)

// withEverything is a mail that writes every table which filing writes: a reply
// that names an older one, with an image in its HTML.
const withEverything = `From: Ann <ann@x.test>
To: support@harbour.example
Subject: Re: bike
Message-ID: <b@x.test>
In-Reply-To: <a@x.test>
References: <a@x.test>
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html

<p>look <img src="cid:pic"></p>
--b
Content-Type: image/png
Content-ID: <pic>

png
--b--
`

var written = []string{
	"contacts", "contact_points", "conversations", "messages", "message_bodies", "message_refs", "attachments", "blobs", "events", "intake", "intake_totals", "intake_days", "jobs",
}

// census counts what there is after filing, so that "exactly once" is exact.
func census(s *saboteur) map[string]int {
	out := map[string]int{}
	for _, table := range written {
		out[table] = s.count(table)
	}
	return out
}

// withMuch is the same with what the database does not keep: the mail and its
// picture are in the blob store.
var withMuch = strings.Replace(withEverything, "\npng\n", "\n"+strings.Repeat("png\n", blob.Small/3), 1)

// Whatever single write fails, and whenever the process dies between two steps,
// the next run files the mail exactly once.
func TestCrashBetweenAnyTwoSteps(t *testing.T) {
	t.Parallel()
	t.Run("small", func(t *testing.T) {
		t.Parallel()
		crashAtEachStep(t, withEverything, nil)
	})
	t.Run("large", func(t *testing.T) {
		t.Parallel()
		crashAtEachStep(t, withMuch, map[string]func(o *office, s *saboteur) (mend func()){
			"the first blob":  func(o *office, _ *saboteur) func() { return o.breakBlobs(0) },
			"the second blob": func(o *office, _ *saboteur) func() { return o.breakBlobs(1) },
		})
	})
}

func crashAtEachStep(t *testing.T, mail string, more map[string]func(o *office, s *saboteur) (mend func())) {
	whole := func() map[string]int {
		place := storetest.Location(t)
		o := officeAt(t, place)
		o.accept(o.raw(o.support, mail))
		o.file()
		return census(newSaboteur(t, place))
	}()
	steps := map[string]func(o *office, s *saboteur) (mend func()){
		"the job is gone":    func(_ *office, s *saboteur) func() { return s.fail("DELETE", "jobs", "OLD.id > 0") },
		"the channel's lock": func(_ *office, s *saboteur) func() { return s.fail("UPDATE", "channels", "NEW.id > 0") },
		"the counters":       func(_ *office, s *saboteur) func() { return s.fail("UPDATE", "account_counters", "NEW.seq > 0") },
		"the message's seq":  func(_ *office, s *saboteur) func() { return s.fail("UPDATE", "messages", "NEW.seq > 0") },
		"the number":         func(_ *office, s *saboteur) func() { return s.fail("UPDATE", "conversations", "NEW.number > 0") },
		"the entry":          func(_ *office, s *saboteur) func() { return s.fail("UPDATE", "intake", "NEW.state = 'filed'") },
		"the total":          func(_ *office, s *saboteur) func() { return s.fail("INSERT", "intake_totals", "NEW.state = 'filed'") },
		"the day's sum":      func(_ *office, s *saboteur) func() { return s.fail("INSERT", "intake_days", "NEW.state = 'filed'") },
		"the channel opens":  func(o *office, _ *saboteur) func() { return o.doors.shut(errors.New("sabotage")) },
	}
	maps.Copy(steps, more)
	for _, table := range []string{"contacts", "contact_points", "conversations", "messages", "message_bodies", "message_refs", "attachments", "blobs", "events"} {
		steps["a row of "+table] = func(_ *office, s *saboteur) func() { return s.fail("INSERT", table, "NEW.account_id > 0") }
	}
	for name, sabotage := range steps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place := storetest.Location(t)
			o := officeAt(t, place)
			s := newSaboteur(t, place)
			o.accept(o.raw(o.support, mail))
			before := census(s)
			mend := sabotage(o, s)
			errs, n := o.workUnsettled()
			if n != 1 || errs[0] == nil {
				t.Fatalf("%d jobs, %v: the sabotage did nothing", n, errs)
			}
			mend()
			if diff := cmp.Diff(before, census(s)); diff != "" {
				t.Errorf("a failed run left something behind (-before +after):\n%s", diff)
			}
			if got := o.totals(); got != (parley.IntakeTotals{Accepted: 1, Pending: 1}) {
				t.Errorf("totals %+v", got)
			}
			if e := o.entries()[0]; e.Tries != 1 || !strings.Contains(e.Error, "sabotage") {
				t.Errorf("the entry tells of %d tries and %q", e.Tries, e.Error)
			}
			o.reclaim()
			o.restart()
			o.file()
			if diff := cmp.Diff(whole, census(s)); diff != "" {
				t.Errorf("the second run (-once +now):\n%s", diff)
			}
			if e := o.entries()[0]; e.State != parley.IntakeFiled || e.Error != "" {
				t.Errorf("the entry is %s: %s", e.State, e.Error)
			}
		})
	}
}

// The process dies after the commit and before the queue has noticed: the same
// job runs again, and finds nothing to do.
func TestSecondRunDoesNothing(t *testing.T) {
	t.Parallel()
	place := storetest.Location(t)
	o := officeAt(t, place)
	s := newSaboteur(t, place)
	o.accept(o.raw(o.support, withEverything))
	batch := o.claim()
	if errs := o.intake.File(t.Context(), batch); errs[0] != nil {
		t.Fatal(errs[0])
	}
	once := census(s)
	if once["jobs"] != 0 {
		t.Error("the job did not end in the filing's own transaction")
	}
	if errs := o.intake.File(t.Context(), batch); errs[0] != nil {
		t.Fatal(errs[0])
	}
	if diff := cmp.Diff(once, census(s)); diff != "" {
		t.Errorf("the second run wrote (-once +twice):\n%s", diff)
	}
}

// Two nodes run the same job at once, as after a lost lease.
func TestTwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	place := storetest.Location(t)
	o := officeAt(t, place)
	o.accept(o.raw(o.support, withEverything))
	batch := o.claim()
	done := make(chan error, 4)
	for range 4 {
		go func() { done <- o.intake.File(context.Background(), batch)[0] }()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if got := o.totals(); got != (parley.IntakeTotals{Accepted: 1, Filed: 1}) {
		t.Errorf("totals %+v", got)
	}
	if n := newSaboteur(t, place).count("messages"); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// A cancelled run is a try that nobody counts: the queue was stopped.
func TestStoppedRunCountsNoTry(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.accept(o.raw(o.support, withEverything))
	ctx, cancel := context.WithCancel(t.Context())
	o.doors.wrap = func(ch channel.Channel) channel.Channel {
		cancel()
		return ch
	}
	if errs := o.intake.File(ctx, o.claim()); !errors.Is(errs[0], context.Canceled) {
		t.Fatalf("File gave %v", errs)
	}
	if e := o.entries()[0]; e.Tries != 0 || e.State != parley.IntakePending {
		t.Errorf("the entry is %s after %d tries", e.State, e.Tries)
	}
	o.doors.wrap = nil
	o.reclaim()
	o.file()
	if got := o.totals(); got != (parley.IntakeTotals{Accepted: 1, Filed: 1}) {
		t.Errorf("totals %+v", got)
	}
}

// One mail that cannot be written harms none of those that are filed with it.
func TestOneBadMailHarmsNoOther(t *testing.T) {
	t.Parallel()
	place := storetest.Location(t)
	o := officeAt(t, place)
	defer newSaboteur(t, place).fail("INSERT", "messages", "NEW.subject = 'bad'")()
	for _, subject := range []string{"one", "bad", "three"} {
		o.accept(o.raw(o.support, mailOf(subject+"@x.test", subject, "hello")))
	}
	failed := 0
	errs, _ := o.work()
	for _, err := range errs {
		if err != nil {
			failed++
		}
	}
	if got := o.totals(); failed != 1 || got != (parley.IntakeTotals{Accepted: 3, Filed: 2, Pending: 1}) {
		t.Errorf("%d failed, totals %+v", failed, got)
	}
}

// A job that names nothing is a fault of its own; its batch is filed.
func TestJobWithoutEntry(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.accept(o.raw(o.support, withEverything))
	batch := append([]parley.Job{
		{ID: 901, AccountID: o.account.ID, Args: parley.JSON(`{"entry":999}`)}, {ID: 902, AccountID: o.account.ID, Args: parley.JSON(`[]`)},
	}, o.claim()...)
	errs := o.intake.File(t.Context(), batch)
	if errs[0] == nil || errs[1] == nil || errs[2] != nil {
		t.Errorf("%v", errs)
	}
	if got := o.totals(); got != (parley.IntakeTotals{Accepted: 1, Filed: 1}) {
		t.Errorf("totals %+v", got)
	}
}

// flakyBlobs fails from the n-th Put on.
type flakyBlobs struct {
	blob.Store
	left int
}

func (b *flakyBlobs) Put(ctx context.Context, account parley.AccountID, r io.Reader) (parley.BlobKey, int64, error) {
	if b.left--; b.left < 0 {
		return "", 0, errors.New("sabotage: no disk")
	}
	return b.Store.Put(ctx, account, r)
}

func (o *office) breakBlobs(after int) (mend func()) {
	whole := o.blobs
	o.blobs = &flakyBlobs{Store: whole, left: after}
	o.restart()
	return func() { o.blobs = whole }
}

func (d *doors) shut(err error) (mend func()) {
	d.fail = err
	return func() { d.fail = nil }
}
