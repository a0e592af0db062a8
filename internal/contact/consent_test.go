package contact_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/contact"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// said are the numbers that events tell a consent of, in their order.
func (w world) said(t testing.TB) []parley.ConsentNews {
	t.Helper()
	var out []parley.ConsentNews
	storetest.View(t, w.db, func(tx *store.Tx) error {
		events, err := tx.ListEventsAfter(t.Context(), w.actor.AccountID, 0, 50)
		for _, e := range events {
			if e.Kind != parley.ContactOptedOut && e.Kind != parley.ContactOptedIn {
				continue
			}
			var news parley.ConsentNews
			if err := json.Unmarshal(e.Data, &news); err != nil {
				return err
			}
			out = append(out, news)
		}
		return err
	})
	return out
}

// A consent is of one number: whoever has two may have said no to texts to one alone.
func TestConsentNamesItsNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.create(t, contact.Change{Name: new("Ada"), Phones: new([]string{"07700 900123", "+44 7700 900456"})})
	c, err := w.svc.OptOut(t.Context(), w.actor, c.ID, "07700 900456", "On the phone")
	if err != nil {
		t.Fatal(err)
	}
	if c.Points[0].OptedOutAt != nil || c.Points[1].OptedOutAt == nil {
		t.Errorf("the numbers stand as %+v", c.Points)
	}
	if _, err := w.svc.OptIn(t.Context(), w.actor, c.ID, "+447700900456", "By letter of 3 May"); err != nil {
		t.Fatal(err)
	}
	ledger := map[string][]parley.Consent{}
	for _, written := range []string{"+447700900456", "07700 900456", "+44 (0)7700 900-456", "07700 900123"} {
		entries, _, err := w.svc.Consents(t.Context(), w.actor, contact.ConsentQuery{Phone: written}, 10)
		if err != nil {
			t.Fatal(err)
		}
		ledger[written] = entries
	}
	all := ledger["+447700900456"]
	if len(all) != 2 || all[0].State != parley.OptedIn || all[1].State != parley.OptedOut || all[1].Phone != "+447700900456" || all[1].Evidence != "On the phone" {
		t.Fatalf("the ledger has %+v", all)
	}
	want := map[string][]parley.Consent{"+447700900456": all, "07700 900456": all, "+44 (0)7700 900-456": all, "07700 900123": nil}
	if diff := cmp.Diff(want, ledger); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]parley.ConsentNews{
		{ConsentID: all[1].ID, Phone: "+447700900456", How: parley.ConsentManual},
		{ConsentID: all[0].ID, Phone: "+447700900456", How: parley.ConsentManual},
	}, w.said(t)); diff != "" {
		t.Error(diff)
	}
}

func TestConsentFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.create(t, contact.Change{Name: new("Ada"), Phones: new([]string{"07700 900123"})})
	for name, test := range map[string]struct{ phone, evidence, key, field string }{
		"nobody's number":  {"07700 900999", "On the phone", "contact.no_such_phone", "phone"},
		"no number at all": {"call me", "On the phone", "contact.no_such_phone", "phone"},
		"nothing said":     {"07700 900123", "  ok ", "consent.evidence", "evidence"},
		"a NUL":            {"07700 900123", "On the\x00phone", "field.too_long", "evidence"},
	} {
		_, err := w.svc.OptIn(t.Context(), w.actor, c.ID, test.phone, test.evidence)
		if e, ok := errors.AsType[*parley.Error](err); !ok || e.Key != test.key || e.Field != test.field {
			t.Errorf("%s: %v, want %s on %s", name, err, test.key, test.field)
		}
	}
	if got := w.said(t); len(got) != 0 {
		t.Errorf("what was refused is told as %+v", got)
	}
}
