package mime

import (
	"strconv"
	"strings"
	"time"
)

// readDate reads a Date field (RFC 5322 3.3 with the obsolete forms of 4.3) and
// the broken ones in use: no zone, no seconds, month before day, AM and PM,
// 2006-01-02. The result is in UTC; zero if there is no date in it.
func readDate(v string) time.Time {
	if len(v) > 500 {
		return time.Time{}
	}
	v = strings.TrimSpace(stripComments(unfold(v)))
	if t, err := time.Parse(time.RFC3339, v); err == nil {
		return t.UTC()
	}
	v = strings.NewReplacer("&#43;", "+", "&#45;", "-").Replace(v) // HTML-escaped by some gateways
	var d dateParts
	for _, token := range strings.FieldsFunc(v, isDateSeparator) {
		d.add(token)
	}
	return d.time()
}

func isDateSeparator(r rune) bool {
	return r == ' ' || r == '\t' || r == ',' || r == '"' || r == ';' || r == '\r' || r == '\n'
}

// dateParts gathers what the tokens of a date say; each is said once.
type dateParts struct {
	day, year          int
	month              time.Month
	hour, minute, sec  int
	hasTime, hasOffset bool
	afternoon, morning bool
	bad                bool // a time of day that is none: the rest can't be trusted
	offset             int  // seconds east of UTC
}

func (d *dateParts) add(token string) {
	switch c := token[0]; {
	case strings.Contains(token, ":") && isDigit(c):
		d.addTime(token)
	case (c == '+' || c == '-') && d.hasTime:
		d.addOffset(token)
	case isDigit(c):
		d.addNumber(token)
	default:
		d.addName(token)
	}
}

// addTime reads 10:52 and 10:52:37, with a fraction or a zone glued to it.
func (d *dateParts) addTime(token string) {
	if d.hasTime {
		return
	}
	if i := strings.IndexAny(token, "+-"); i > 0 {
		defer d.addOffset(token[i:])
		token = token[:i]
	}
	hour, rest, _ := strings.Cut(token, ":")
	minute, second, hasSecond := strings.Cut(rest, ":")
	h, err1 := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	s := 0
	var err3 error
	if hasSecond {
		s, err3 = strconv.Atoi(leadingDigits(second)) // a fraction may follow
	}
	if err1 != nil || err2 != nil || err3 != nil || h > 24 || m > 59 || s > 60 {
		d.bad = true
		return
	}
	d.hour, d.minute, d.sec, d.hasTime = h, m, s, true
}

func (d *dateParts) addOffset(token string) {
	digits := strings.ReplaceAll(token[1:], ":", "")
	n, err := strconv.Atoi(digits)
	if err != nil || d.hasOffset || len(digits) > 4 {
		return
	}
	if len(digits) <= 2 {
		n *= 100 // +02
	}
	if n/100 > 23 || n%100 > 59 {
		return
	}
	d.offset, d.hasOffset = (n/100*60+n%100)*60, true
	if token[0] == '-' {
		d.offset = -d.offset
	}
}

// addNumber reads a day, a year, or a whole date such as 2006-01-02.
func (d *dateParts) addNumber(token string) {
	if fields := strings.FieldsFunc(token, func(r rune) bool { return r == '-' || r == '/' || r == '.' }); len(fields) == 3 {
		d.addWhole(fields)
		return
	}
	n, err := strconv.Atoi(strings.TrimRight(token, ".stndrh"))
	switch {
	case err != nil:
	case d.day == 0 && n >= 1 && n <= 31 && len(token) <= 4:
		d.day = n
	case d.year == 0:
		d.year = fullYear(n, len(token))
	}
}

// addWhole reads year-month-day, or day-month-year with a name of the month:
// two numbers could be either way round.
func (d *dateParts) addWhole(fields []string) {
	if d.day != 0 {
		return
	}
	month := int(monthOf(fields[1]))
	if len(fields[0]) == 4 {
		fields[0], fields[2] = fields[2], fields[0]
		if month == 0 {
			month, _ = strconv.Atoi(fields[1])
		}
	}
	day, err1 := strconv.Atoi(fields[0])
	year, err2 := strconv.Atoi(fields[2])
	if err1 == nil && err2 == nil && month >= 1 && month <= 12 {
		d.day, d.month, d.year = day, time.Month(month), fullYear(year, len(fields[2]))
	}
}

// fullYear follows RFC 5322 4.3.
func fullYear(n, digits int) int {
	switch {
	case digits <= 2 && n < 50:
		return 2000 + n
	case digits <= 3:
		return 1900 + n
	}
	return n
}

func (d *dateParts) addName(token string) {
	upper := strings.ToUpper(token)
	if m := monthOf(token); m != 0 && d.month == 0 {
		d.month = m
		return
	}
	switch upper {
	case "PM":
		d.afternoon = true
	case "AM":
		d.morning = true
	}
	if hours, ok := zones[upper]; ok && d.hasTime && !d.hasOffset {
		d.offset, d.hasOffset = hours*3600, true
	}
}

func monthOf(token string) time.Month {
	if len(token) < 3 {
		return 0
	}
	i := strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(token[:3]))
	if i < 0 || i%3 != 0 {
		return 0
	}
	return time.Month(i/3 + 1)
}

// zones are the names of RFC 5322 4.3 and those that mail programs still write;
// the military letters mean nothing and count as UTC.
var zones = map[string]int{
	"UT": 0, "GMT": 0, "UTC": 0, "Z": 0, "WET": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
	"PST": -8, "PDT": -7, "CET": 1, "MET": 1, "BST": 1, "WEST": 1, "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
	"JST": 9, "KST": 9, "AKST": -9, "AKDT": -8, "HST": -10, "AEST": 10, "NZST": 12,
}

func (d *dateParts) time() time.Time {
	if d.bad || d.day == 0 || d.month == 0 || d.year < 1900 || d.year > 9999 {
		return time.Time{}
	}
	if d.afternoon && d.hour < 12 {
		d.hour += 12
	}
	if d.morning && d.hour == 12 {
		d.hour = 0
	}
	t := time.Date(d.year, d.month, d.day, d.hour, d.minute, d.sec, 0, time.FixedZone("", d.offset))
	if t.Day() != d.day && d.hour < 24 && d.sec < 60 {
		return time.Time{} // 31 February
	}
	return t.UTC()
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func leadingDigits(s string) string {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return s[:i]
}
