package sms

import (
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
