package sms

import (
	"strings"

	"parley/internal/channel"
	"parley/internal/parley"
)

// code is what a provider's error code means.
type code struct {
	reason parley.Reason
	words  string
	later  bool // the same request may be taken another time
}

// codes are those of one provider.
type codes map[string]code

// failed is a report of a text that did not arrive.
func (known codes) failed(r channel.Report, status, words string) *channel.Report {
	c := known[status]
	r.Delivery, r.Status, r.Reason, r.Text = parley.Bounced, status, c.reason, c.words
	if r.Reason == "" {
		r.Reason = parley.ReasonOther
	}
	switch {
	case r.Text != "":
	case words != "":
		r.Text = clean(words)
	case status != "":
		r.Text = "The provider reports error " + clean(status) + "."
	default:
		r.Text = "The provider could not deliver the text, and does not say why."
	}
	return &r
}

// states are a provider's words for how far a text has come. What is not among them
// is no news: we know as much by its answer.
type states map[string]parley.Delivery

// told makes e news of the text that r names, if its state is any; a failure has a
// code, and the provider's words for it.
func (known states) told(e event, r channel.Report, why codes, code, words string) event {
	switch delivery := known[e.state]; delivery {
	case "":
		e.idle = true
	case parley.Bounced:
		if e.state == expired && strings.Trim(code, "0") == "" {
			code = expired
		}
		e.report = why.failed(r, code, words)
	default:
		r.Delivery = delivery
		e.report = &r
	}
	return e
}

// expired is the state and, where there is no other, the code of a text whose time is over.
const expired = "expired"
