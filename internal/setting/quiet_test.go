package setting

import (
	"testing"
	"time"

	"parley/internal/parley"
)

func TestQuietSince(t *testing.T) {
	t.Parallel()
	// A Wednesday; the office writes on weekdays, ten mails each.
	last := time.Date(2026, 11, 18, 15, 0, 0, 0, time.UTC)
	days := map[parley.Day]int64{}
	for day := last.AddDate(0, 0, -28); !day.After(last); day = day.AddDate(0, 0, 1) {
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			days[parley.DayOf(day)] = 10
		}
	}
	friday := time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		days  map[parley.Day]int64
		last  time.Time
		now   time.Time
		quiet bool
	}{
		"the same evening":         {days, last, last.Add(8 * time.Hour), false},
		"the next day, not over":   {days, last, last.Add(24 * time.Hour), false},
		"a whole day of silence":   {days, last, last.Add(40 * time.Hour), true},
		"over a weekend":           {days, friday, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), false},
		"and a Monday":             {days, friday, time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), true},
		"a channel without habits": {map[parley.Day]int64{parley.DayOf(last): 3}, last, last.AddDate(0, 0, 20), false},
	} {
		got := quietSince(c.days, &c.last, c.now)
		if (got != nil) != c.quiet || got != nil && !got.Equal(c.last) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if quietSince(days, nil, last) != nil {
		t.Error("a channel that never had mail is quiet")
	}
}
