package sms

import (
	"slices"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// Zones are the time zones (IANA) in which a number in E.164 may be, as far as its
// first digits tell; none where they tell nothing.
func Zones(number string) []*time.Location {
	names, err := phonenumbers.GetTimezonesForPrefix(number)
	if err != nil {
		return nil
	}
	var out []*time.Location
	for _, name := range names {
		if name == phonenumbers.UNKNOWN_TIMEZONE || slices.ContainsFunc(out, func(l *time.Location) bool { return l.String() == name }) {
			continue
		}
		if l, err := time.LoadLocation(name); err == nil {
			out = append(out, l)
		}
	}
	return out
}

// Quiet reports whether now is between two times of the day, "21:00" and "08:00", in
// one of the zones in which a number may be. At is now there, and until when the quiet ends.
func Quiet(number, from, to string, now time.Time, otherwise *time.Location) (quiet bool, at, until time.Time) {
	zones := Zones(number)
	if len(zones) == 0 {
		zones = []*time.Location{otherwise}
	}
	at = now.In(zones[0])
	for _, z := range zones {
		end, within := quietIn(now.In(z), from, to)
		if within && end.After(until) {
			quiet, at, until = true, now.In(z), end
		}
	}
	return quiet, at, until
}

// quietIn: the hours may go over midnight.
func quietIn(local time.Time, from, to string) (end time.Time, within bool) {
	begins, err := time.Parse("15:04", from)
	ends, err2 := time.Parse("15:04", to)
	if err != nil || err2 != nil || from == to {
		return end, false
	}
	on := func(clock time.Time, days int) time.Time {
		return time.Date(local.Year(), local.Month(), local.Day()+days, clock.Hour(), clock.Minute(), 0, 0, local.Location())
	}
	for _, day := range []int{-1, 0} {
		start, stop := on(begins, day), on(ends, day)
		if !stop.After(start) {
			stop = on(ends, day+1)
		}
		if !local.Before(start) && local.Before(stop) {
			return stop, true
		}
	}
	return end, false
}
