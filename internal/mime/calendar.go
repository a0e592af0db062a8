package mime

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"parley/internal/parley"
)

// Limits of an invitation that is read (RFC 5545); real ones have some kilobytes.
const (
	maxCalendar  = 1 << 20
	maxLines     = 20_000
	maxNested    = 8 // alarms stand within events, those within the calendar
	maxAttendees = 500
	maxWords     = 10_000          // bytes of one text
	maxDuration  = 366 * 24 * 3600 // seconds
)

// Faults of ReadCalendar.
var (
	ErrCalendarSize = errors.New("calendar: too large")
	ErrNoCalendar   = errors.New("calendar: cannot be read")
	ErrNoEvent      = errors.New("calendar: no event in it")
)

// Calendar is an invitation: the first event of a calendar file, and what is asked of us.
type Calendar struct {
	Method      string // REQUEST, CANCEL, REPLY …, upper case; may be empty
	Summary     string
	Start       time.Time
	End         time.Time // zero: not said
	AllDay      bool      // Start and End are days: midnight UTC, End the day behind the last
	Location    string
	Organizer   parley.Address
	Attendees   parley.Addresses
	Description string
}

// ReadCalendar reads a calendar file. Its reader is another's, so what it is
// given is bounded, and what it does is caught.
func ReadCalendar(raw []byte) (c Calendar, err error) {
	if len(raw) > maxCalendar || bytes.Count(raw, []byte("\n")) > maxLines || nestsDeeply(raw) {
		return c, ErrCalendarSize
	}
	defer func() {
		if v := recover(); v != nil {
			c, err = Calendar{}, fmt.Errorf("calendar: the reader panicked: %v", v)
		}
	}()
	cal, err := ics.ParseCalendarWithOptions(strings.NewReader(decodeCharset("utf-8", raw)), ics.WithUnknownPropertyHandler(ics.AcceptUnknownPropertyHandler))
	if err != nil {
		return c, ErrNoCalendar // its reader repeats much of the file in its words
	}
	events := cal.Events()
	if len(events) == 0 {
		return c, ErrNoEvent
	}
	e := events[0]
	c = Calendar{Summary: eventText(e, ics.ComponentPropertySummary), Location: eventText(e, ics.ComponentPropertyLocation), Description: eventText(e, ics.ComponentPropertyDescription)}
	for _, p := range cal.CalendarProperties {
		if p.IANAToken == string(ics.PropertyMethod) {
			c.Method = strings.ToUpper(cleanLine(p.Value))
		}
	}
	c.Start, c.AllDay = eventTime(e.GetProperty(ics.ComponentPropertyDtStart))
	c.End, _ = eventTime(e.GetProperty(ics.ComponentPropertyDtEnd))
	if c.End.IsZero() {
		c.End = afterDuration(c.Start, e.GetProperty(ics.ComponentPropertyDuration))
	}
	c.Organizer = eventPerson(e.GetProperty(ics.ComponentPropertyOrganizer))
	for _, p := range e.GetProperties(ics.ComponentPropertyAttendee) {
		if who := eventPerson(p); who.Email != "" && len(c.Attendees) < maxAttendees {
			c.Attendees = append(c.Attendees, who)
		}
	}
	return c, nil
}

// nestsDeeply: components within components, for which the reader needs time that
// grows with the square of their number.
func nestsDeeply(raw []byte) bool {
	depth := 0
	for line := range bytes.Lines(raw) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		switch strings.ToUpper(string(bytes.TrimSpace(name[:min(len(name), 20)]))) {
		case "BEGIN":
			if depth++; depth > maxNested {
				return true
			}
		case "END":
			depth--
		}
	}
	return false
}

func eventText(e *ics.VEvent, name ics.ComponentProperty) string {
	p := e.GetProperty(name)
	if p == nil {
		return ""
	}
	text := p.Value
	if len(text) > maxWords {
		text = strings.ToValidUTF8(text[:maxWords], "")
	}
	return strings.TrimSpace(lineFeeds(text))
}

// eventTime reads DATE and DATE-TIME (RFC 5545 3.3.4, 3.3.5). A zone that nobody
// knows is taken for UTC: the hour is shown as it was written.
func eventTime(p *ics.IANAProperty) (at time.Time, day bool) {
	if p == nil {
		return time.Time{}, false
	}
	v := strings.TrimSpace(p.Value)
	if at, err := time.Parse("20060102", v); err == nil {
		return at, true
	}
	if at, err := time.Parse("20060102T150405Z", v); err == nil {
		return at, false
	}
	zone := time.UTC
	if names := p.ICalParameters["TZID"]; len(names) > 0 {
		zone = zoneOf(names[0])
	}
	at, err := time.ParseInLocation("20060102T150405", v, zone)
	if err != nil {
		return time.Time{}, false
	}
	return at.UTC(), false
}

// zoneOf finds a zone by its name in the IANA database, or by that in Windows.
func zoneOf(name string) *time.Location {
	name = strings.Trim(name, `"/ `)
	if iana, ok := windowsZones[strings.ToLower(name)]; ok {
		name = iana
	}
	if i := strings.LastIndex(name, "/"); strings.Count(name, "/") > 1 && i > 0 { // "/example.org/20050809/Europe/Berlin"
		if j := strings.LastIndex(name[:i], "/"); j >= 0 {
			name = name[j+1:]
		}
	}
	if zone, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" {
		return zone
	}
	return time.UTC
}

// windowsZones are the names that Outlook writes, of the zones where most people live.
var windowsZones = map[string]string{
	"utc": "UTC", "greenwich standard time": "Africa/Abidjan", "gmt standard time": "Europe/London", "w. europe standard time": "Europe/Berlin",
	"central europe standard time": "Europe/Budapest", "romance standard time": "Europe/Paris", "central european standard time": "Europe/Warsaw",
	"e. europe standard time": "Europe/Chisinau", "gtb standard time": "Europe/Bucharest", "fle standard time": "Europe/Kiev", "turkey standard time": "Europe/Istanbul",
	"israel standard time": "Asia/Jerusalem", "south africa standard time": "Africa/Johannesburg", "russian standard time": "Europe/Moscow", "arab standard time": "Asia/Riyadh",
	"arabian standard time": "Asia/Dubai", "pakistan standard time": "Asia/Karachi", "india standard time": "Asia/Kolkata", "se asia standard time": "Asia/Bangkok",
	"china standard time": "Asia/Shanghai", "singapore standard time": "Asia/Singapore", "taipei standard time": "Asia/Taipei", "w. australia standard time": "Australia/Perth",
	"tokyo standard time": "Asia/Tokyo", "korea standard time": "Asia/Seoul", "aus eastern standard time": "Australia/Sydney", "e. australia standard time": "Australia/Brisbane",
	"new zealand standard time": "Pacific/Auckland", "hawaiian standard time": "Pacific/Honolulu", "alaskan standard time": "America/Anchorage",
	"pacific standard time": "America/Los_Angeles", "mountain standard time": "America/Denver", "us mountain standard time": "America/Phoenix",
	"central standard time": "America/Chicago", "central standard time (mexico)": "America/Mexico_City", "eastern standard time": "America/New_York",
	"sa pacific standard time": "America/Bogota", "atlantic standard time": "America/Halifax", "e. south america standard time": "America/Sao_Paulo", "argentina standard time": "America/Buenos_Aires",
}

// afterDuration adds a DURATION (RFC 5545 3.3.6), such as PT1H30M or P1D.
func afterDuration(start time.Time, p *ics.IANAProperty) time.Time {
	if p == nil || start.IsZero() {
		return time.Time{}
	}
	v, found := strings.CutPrefix(strings.TrimSpace(p.Value), "P")
	if !found {
		return time.Time{}
	}
	units := map[byte]int64{'W': 7 * 24 * 3600, 'D': 24 * 3600, 'H': 3600, 'M': 60, 'S': 1}
	var seconds, n int64
	for _, c := range []byte(v) {
		switch unit, ok := units[c]; {
		case c >= '0' && c <= '9' && n < 100_000:
			n = n*10 + int64(c-'0')
		case ok:
			seconds, n = seconds+n*unit, 0
		case c != 'T':
			return time.Time{}
		}
	}
	if seconds > maxDuration {
		return time.Time{}
	}
	return start.Add(time.Duration(seconds) * time.Second)
}

func eventPerson(p *ics.IANAProperty) parley.Address {
	if p == nil {
		return parley.Address{}
	}
	email := strings.TrimSpace(p.Value)
	if len(email) >= 7 && strings.EqualFold(email[:7], "mailto:") {
		email = email[7:]
	}
	a := parley.Address{Email: cleanLine(email)}
	if names := p.ICalParameters["CN"]; len(names) > 0 {
		a.Name = strings.Trim(cleanLine(names[0]), `"`)
	}
	if strings.EqualFold(a.Name, a.Email) || slices.Contains([]string{"", "invalid:nomail"}, a.Email) {
		a.Name = ""
	}
	return a
}
