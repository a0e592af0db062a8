package demo

import (
	"context"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/internal/mime"
)

// A story is one conversation of the sample: its steps are taken, through the
// services, at their times.
type story struct {
	channel channelKey
	from    Person // whom it is with
	subject string
	steps   []step
}

type step struct {
	at  moment
	act act
}

// act is what somebody does in a conversation.
type act func(ctx context.Context, t *telling) error

// channelKey names a channel of the sample, and the inbox that it routes to.
type channelKey string

const (
	support channelKey = "support"
	sales   channelKey = "sales"
	rentals channelKey = "rentals"
	texts   channelKey = "texts" // those of a number
)

// stories are all of them.
func stories() []story {
	return slices.Concat(supportStories, salesStories, rentalStories, textStories)
}

// member is somebody of the team.
type member string

const (
	olive member = "olive" // whoever added the sample
	ben   member = "ben"
	dana  member = "dana"
	ines  member = "ines"
	kofi  member = "kofi"
)

// moment is a time before now: days ago at a time of day, or so long ago.
type moment struct {
	days, hour, minute int
	ago                time.Duration
}

func day(days, hour, minute int) moment { return moment{days: days, hour: hour, minute: minute} }

func ago(d time.Duration) moment { return moment{ago: d} }

// before is the moment as seen from now, by the clocks of now's time zone.
func (m moment) before(now time.Time) time.Time {
	if m.ago > 0 {
		return now.Add(-m.ago)
	}
	y, month, d := now.Date()
	return time.Date(y, month, d-m.days, m.hour, m.minute, 0, 0, now.Location())
}

// mailOption changes a mail that somebody writes.
type mailOption func(*mime.Draft)

// inHTML adds the HTML that the mail was written in.
func inHTML(h string) mailOption { return func(d *mime.Draft) { d.HTML = h } }

// as lets somebody else of their side write.
func as(p Person) mailOption { return func(d *mime.Draft) { d.From = p.Address } }

// attached hangs a file on the mail.
func attached(u upload) mailOption {
	return func(d *mime.Draft) {
		d.Parts = append(d.Parts, mime.Part{Filename: u.name, ContentType: u.contentType, Body: u.content()})
	}
}

// upload is a file of the sample.
type upload struct {
	name        string
	contentType string
	content     func() []byte
}

var listItem = regexp.MustCompile(`(?m)^- (.*)$`)

// composed is text as the product's composer writes it: paragraphs and lists.
func composed(text string) string {
	var b strings.Builder
	for block := range strings.SplitSeq(text, "\n\n") {
		block = html.EscapeString(block)
		if strings.HasPrefix(block, "- ") {
			b.WriteString("<ul>" + strings.ReplaceAll(listItem.ReplaceAllString(block, "<li><p>$1</p></li>"), "\n", "") + "</ul>")
			continue
		}
		b.WriteString("<p>" + strings.ReplaceAll(block, "\n", "<br>") + "</p>")
	}
	return b.String()
}
