package setting

import (
	"slices"
	"time"

	"parley/internal/parley"
)

const (
	// quietWeeks are what a channel's habits are learned from.
	quietWeeks = 4
	// quietMails is how many mails must be missing: of so many that are due by
	// chance, none comes one time in a hundred and fifty.
	quietMails = 5
)

// quietWindow is how far back the figures are asked for.
const quietWindow = (quietWeeks + 3) * 7 * 24 * time.Hour

// quietSince tells since when a channel is silent that is usually busy; nil where
// it is not. Only whole days of silence count (the journal's, in UTC), each for
// what that day of the week usually brings: nobody is warned of a quiet Sunday.
func quietSince(days map[parley.Day]int64, last *time.Time, now time.Time) *time.Time {
	if last == nil {
		return nil
	}
	lastDay := last.UTC().Truncate(24 * time.Hour)
	today := now.UTC().Truncate(24 * time.Hour)
	missing := int64(0)
	for day := lastDay.AddDate(0, 0, 1); day.Before(today); day = day.AddDate(0, 0, 1) {
		if missing += usual(days, lastDay, day); missing >= quietMails {
			return last
		}
	}
	return nil
}

// usual is the median of what the same day of the week brought in the weeks up to the last mail.
func usual(days map[parley.Day]int64, last, day time.Time) int64 {
	before := day
	for before.After(last) {
		before = before.AddDate(0, 0, -7)
	}
	var seen []int64
	for range quietWeeks {
		seen = append(seen, days[parley.DayOf(before)])
		before = before.AddDate(0, 0, -7)
	}
	slices.Sort(seen)
	return (seen[quietWeeks/2-1] + seen[quietWeeks/2]) / 2
}
