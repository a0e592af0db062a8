package mime

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
)

func invitation(lines ...string) []byte {
	all := append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:1@x.test"}, lines...)
	return []byte(strings.Join(append(all, "END:VEVENT", "END:VCALENDAR", ""), "\r\n"))
}

func TestReadCalendar(t *testing.T) {
	t.Parallel()
	at := func(v string) time.Time {
		when, err := time.Parse(time.RFC3339, v)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for name, c := range map[string]struct {
		raw  []byte
		want Calendar
	}{
		"a meeting": {
			invitation("SUMMARY:Fitting\\, with tea", "LOCATION:Harbour 4", "DTSTART;TZID=Europe/Berlin:20260302T090000", "DTEND;TZID=Europe/Berlin:20260302T093000",
				`ORGANIZER;CN="Ann Angler":mailto:ann@x.test`, "ATTENDEE;CN=Bob;PARTSTAT=NEEDS-ACTION:MAILTO:bob@y.test", "ATTENDEE:mailto:eve@z.test", "DESCRIPTION:First line\\nsecond\r\n  line"),
			Calendar{
				Method: "REQUEST", Summary: "Fitting, with tea", Location: "Harbour 4", Start: at("2026-03-02T08:00:00Z"), End: at("2026-03-02T08:30:00Z"),
				Organizer: parley.Address{Name: "Ann Angler", Email: "ann@x.test"}, Attendees: parley.Addresses{{Name: "Bob", Email: "bob@y.test"}, {Email: "eve@z.test"}},
				Description: "First line\nsecond line",
			},
		},
		"in UTC with a duration": {
			invitation("SUMMARY:Call", "DTSTART:20260302T090000Z", "DURATION:PT1H30M"),
			Calendar{Method: "REQUEST", Summary: "Call", Start: at("2026-03-02T09:00:00Z"), End: at("2026-03-02T10:30:00Z")},
		},
		"a day": {
			invitation("SUMMARY:Closed", "DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260304"),
			Calendar{Method: "REQUEST", Summary: "Closed", Start: at("2026-03-02T00:00:00Z"), End: at("2026-03-04T00:00:00Z"), AllDay: true},
		},
		"a zone of Windows": {
			invitation("DTSTART;TZID=\"W. Europe Standard Time\":20260702T090000"),
			Calendar{Method: "REQUEST", Start: at("2026-07-02T07:00:00Z")},
		},
		"a zone that nobody knows": {
			invitation("DTSTART;TZID=Nowhere:20260302T090000"),
			Calendar{Method: "REQUEST", Start: at("2026-03-02T09:00:00Z")},
		},
		"no time that can be read": {invitation("SUMMARY:x", "DTSTART:soon"), Calendar{Method: "REQUEST", Summary: "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadCalendar(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What is no invitation is a fault; what is hostile is one soon.
func TestReadCalendarFaults(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{
		"nothing":       nil,
		"another file":  []byte("hello"),
		"no event":      []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
		"too large":     []byte(strings.Repeat("x", maxCalendar+1)),
		"too many":      []byte("BEGIN:VCALENDAR\n" + strings.Repeat("X:1\n", maxLines)),
		"nested deeply": []byte("BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\n", maxLines-2)),
		"one long line": []byte("BEGIN:VCALENDAR\n" + strings.Repeat("a;", maxCalendar/2-100)),
		"folds":         []byte("BEGIN:VCALENDAR\n" + strings.Repeat(" \n", maxLines-2)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var err error
			took := cpuOf(func() { _, err = ReadCalendar(raw) })
			if err == nil || took > 2*time.Second {
				t.Errorf("%v after %v", err, took)
			}
		})
	}
	if _, err := ReadCalendar([]byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")); !errors.Is(err, ErrNoEvent) {
		t.Errorf("no event: %v", err)
	}
}

// FuzzReadCalendar: any file is read or refused, and what is read can be stored and shown.
func FuzzReadCalendar(f *testing.F) {
	f.Add(invitation("SUMMARY:Call", "DTSTART:20260302T090000Z", "DURATION:PT1H30M", "ATTENDEE;CN=Bob:MAILTO:bob@y.test"))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nEND:VTIMEZONE\nEND:VCALENDAR"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := ReadCalendar(raw)
		if err == nil && (len(c.Summary) > maxWords || len(c.Attendees) > maxAttendees || strings.Contains(c.Organizer.Email, "\n")) {
			t.Errorf("%+v", c)
		}
	})
}
