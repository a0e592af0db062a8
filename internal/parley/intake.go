package parley

import "time"

// IntakeTotals are the sums of an account's journal. Accepted = Filed + Failed + Pending at all times.
type IntakeTotals struct {
	Accepted int64
	Filed    int64
	Failed   int64
	Pending  int64
}

// Day is a day in UTC, as 2006-01-02: days are in order as texts are.
type Day string

// EndOfDays is behind every day.
const EndOfDays Day = "9999-99-99"

// DayOf is the day of a moment.
func DayOf(at time.Time) Day { return Day(at.UTC().Format(time.DateOnly)) }

// Valid reports whether d is a day.
func (d Day) Valid() bool {
	at, err := time.Parse(time.DateOnly, string(d))
	return err == nil && DayOf(at) == d
}

// ChannelIntake are the sums of one channel.
type ChannelIntake struct {
	ChannelID ChannelID
	IntakeTotals
}

// IntakeDay are the sums of what came in on one day, and of each channel on it.
type IntakeDay struct {
	Day Day
	IntakeTotals
	Channels []ChannelIntake
}
