package autoreply_test

import (
	"fmt"
	"testing"
	"time"

	"parley/internal/autoreply"
	"parley/internal/parley"
)

func worth() autoreply.Facts {
	return autoreply.Facts{
		Answers: true, Source: parley.FromContact, First: true, Now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		Message: parley.Message{Direction: parley.Inbound, FromEmail: "ada@customer.example"},
	}
}

func ExampleDecide() {
	f := worth()
	fmt.Printf("%q\n", autoreply.Decide(f))
	f.Message.NoAutoReply = true
	fmt.Printf("%q\n", autoreply.Decide(f))
	// Output:
	// ""
	// "no_answer"
}

func TestDecide(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) *time.Time { return new(worth().Now.Add(-d)) }
	auth := func(dmarc parley.Verdict) *parley.Auth { return &parley.Auth{DMARC: dmarc} }
	for name, c := range map[string]struct {
		change func(*autoreply.Facts)
		want   autoreply.Reason
	}{
		"a contact writes":      {func(*autoreply.Facts) {}, ""},
		"by a form":             {func(f *autoreply.Facts) { f.Source = parley.FromForm }, ""},
		"no autoresponder":      {func(f *autoreply.Facts) { f.Answers = false }, autoreply.Off},
		"a user began":          {func(f *autoreply.Facts) { f.Source = parley.FromUser }, autoreply.NotNew},
		"by the API":            {func(f *autoreply.Facts) { f.Source = parley.FromAPI }, autoreply.NotNew},
		"an import":             {func(f *autoreply.Facts) { f.Source = parley.FromImport }, autoreply.NotNew},
		"an automation":         {func(f *autoreply.Facts) { f.Source = parley.FromAutomation }, autoreply.NotNew},
		"a later message":       {func(f *autoreply.Facts) { f.First = false }, autoreply.NotFirst},
		"one of ours":           {func(f *autoreply.Facts) { f.Message.Direction = parley.Outbound }, autoreply.NotFirst},
		"spam":                  {func(f *autoreply.Facts) { f.Spam = true }, autoreply.Blocked},
		"a list":                {func(f *autoreply.Facts) { f.Message.NoAutoReply = true }, autoreply.NoAnswer},
		"a machine":             {func(f *autoreply.Facts) { f.Message.AutoSubmitted = true }, autoreply.NoAnswer},
		"a bounce":              {func(f *autoreply.Facts) { f.Message.IsBounce = true }, autoreply.NoAnswer},
		"no mail":               {func(f *autoreply.Facts) { f.Message.Unparsed = true }, autoreply.NoAnswer},
		"our own address":       {func(f *autoreply.Facts) { f.Ours = true }, autoreply.Ours},
		"no address":            {func(f *autoreply.Facts) { f.Message.FromEmail = "MAILER-DAEMON" }, autoreply.Ours},
		"DMARC failed":          {func(f *autoreply.Facts) { f.Message.Auth = auth(parley.VerdictFail) }, autoreply.Forged},
		"DMARC passed":          {func(f *autoreply.Facts) { f.Message.Auth = auth(parley.VerdictPass) }, ""},
		"no DMARC":              {func(f *autoreply.Facts) { f.Message.Auth = auth(parley.VerdictNone) }, ""},
		"answered by a person":  {func(f *autoreply.Facts) { f.Replied = true }, autoreply.AllAnswered},
		"answered an hour ago":  {func(f *autoreply.Facts) { f.LastAt = ago(time.Hour) }, autoreply.Lately},
		"answered almost a day": {func(f *autoreply.Facts) { f.LastAt = ago(24*time.Hour - time.Second) }, autoreply.Lately},
		"answered a day ago":    {func(f *autoreply.Facts) { f.LastAt = ago(24 * time.Hour) }, ""},
		"many others":           {func(f *autoreply.Facts) { f.LastHour = autoreply.PerHour - 1 }, ""},
		"too many others":       {func(f *autoreply.Facts) { f.LastHour = autoreply.PerHour }, autoreply.TooMany},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := worth()
			c.change(&f)
			if got := autoreply.Decide(f); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
