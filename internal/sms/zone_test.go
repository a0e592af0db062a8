package sms_test

import (
	"testing"
	"time"

	"parley/internal/sms"
)

// It is quiet where it may be quiet: a number that may be in several zones is left
// alone while it is night in one of them.
func TestQuiet(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		number, from, to string
		now              time.Time
		quiet            bool
		until            string // local
	}{
		"afternoon in London":       {"+442079460000", "21:00", "08:00", noon, false, ""},
		"night over midnight":       {"+442079460000", "21:00", "08:00", noon.Add(11 * time.Hour), true, "2026-07-02 08:00"},
		"after midnight":            {"+442079460000", "21:00", "08:00", noon.Add(14 * time.Hour), true, "2026-07-02 08:00"},
		"the end is not in it":      {"+442079460000", "21:00", "08:00", time.Date(2026, 7, 1, 7, 0, 0, 0, time.UTC), false, ""},
		"the beginning is":          {"+442079460000", "21:00", "08:00", time.Date(2026, 7, 1, 20, 0, 0, 0, time.UTC), true, "2026-07-02 08:00"},
		"early in San Francisco":    {"+14155550123", "21:00", "08:00", noon, true, "2026-07-01 08:00"},
		"hours of one day":          {"+442079460000", "12:00", "14:00", noon, true, "2026-07-01 14:00"},
		"no hours":                  {"+442079460000", "", "", noon.Add(12 * time.Hour), false, ""},
		"who knows: the account's":  {"+9991234567", "13:00", "15:00", noon, true, "2026-07-01 15:00"},
		"night in Hawaii, not Ohio": {"+18005550123", "23:00", "05:00", noon, true, "2026-07-01 05:00"},
	} {
		quiet, _, until := sms.Quiet(c.number, c.from, c.to, c.now, time.FixedZone("", 2*3600))
		if got := until.Format("2006-01-02 15:04"); quiet != c.quiet || quiet && got != c.until {
			t.Errorf("%s: quiet is %v until %s, want %v until %s", name, quiet, got, c.quiet, c.until)
		}
	}
}
