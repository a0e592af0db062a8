package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"parley/internal/parley"
	"parley/internal/store"
)

// trip finds the mark of a mail that a channel sent to itself: its token, and
// whether it went to the plain address (p) or to a +tag (t).
var trip = regexp.MustCompile(`prt-([0-9a-z]{26})-([pt])\b`)

// roundTrip takes a channel's mail to itself for what it is, and reports whether
// it was one. It is in the journal, and becomes no conversation.
func (f *placing) roundTrip(ctx context.Context) (bool, error) {
	p := f.mail.parsed
	marks := []string{p.InternetID, p.Subject}
	for _, r := range p.Reports {
		marks = append(marks, r.InternetID)
	}
	mark := trip.FindStringSubmatch(strings.ToLower(strings.Join(marks, "\n")))
	if mark == nil {
		return false, nil
	}
	r, err := f.tx.RoundTripByToken(ctx, f.ch.AccountID, f.ch.ID, mark[1])
	if errors.Is(err, store.ErrNoRow) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find round trip: %w", err)
	}
	if err := f.travelled(ctx, r, mark[2] == "t"); err != nil {
		return false, err
	}
	e := f.mail.entry
	e.Outcome = parley.BecameRoundTrip
	return true, f.end(ctx, e)
}

// travelled notes that a mail of the trip has arrived, or that it came back.
func (f *placing) travelled(ctx context.Context, r parley.RoundTrip, tagged bool) error {
	switch {
	case f.mail.parsed.IsBounce:
		fault := oneLine(f.mail.parsed.Subject, maxSubject)
		for _, report := range f.mail.parsed.Reports {
			fault = words(report)
		}
		if tagged {
			r.TagError = fault
		} else {
			r.Error = fault
		}
	case tagged && r.TaggedAt == nil:
		r.TaggedAt = new(f.tx.Now())
		if err := f.tx.PutPlusTags(ctx, r.AccountID, r.ChannelID, true); err != nil {
			return fmt.Errorf("note tags: %w", err)
		}
	case !tagged && r.ArrivedAt == nil:
		r.ArrivedAt = new(f.tx.Now())
	}
	if selector := f.mail.selector; selector != "" {
		r.Selector = selector
	}
	if err := f.tx.UpdateRoundTrip(ctx, r); err != nil {
		return fmt.Errorf("note round trip: %w", err)
	}
	f.tx.AppendEvent(&parley.Event{AccountID: r.AccountID, Kind: parley.ChannelChanged, ChannelID: r.ChannelID})
	return nil
}

var dkimSelector = regexp.MustCompile(`[;\s]s\s*=\s*([A-Za-z0-9._-]{1,63})\s*(?:;|$)`)

// selectorOf is with which key a mail was signed (RFC 6376 3.5), whoever signed it last.
func selectorOf(raw []byte) string {
	for name, value := range fields(raw[:min(len(raw), maxHeader)]) {
		if bytes.EqualFold(name, []byte("DKIM-Signature")) {
			if found := dkimSelector.FindSubmatch(value); found != nil {
				return string(found[1])
			}
		}
	}
	return ""
}

// confirm keeps what a provider wants confirmed before it forwards mail. The mail
// is a conversation all the same.
func (f *placing) confirm(ctx context.Context) error {
	c := f.mail.parsed.Confirmation
	if c == nil || f.mail.entry.Archive || f.mail.auth.Unverified() {
		return nil
	}
	kept := *c
	kept.At = f.mail.entry.ReceivedAt
	if err := f.tx.PutConfirmation(ctx, f.ch.AccountID, f.ch.ID, kept); err != nil {
		return fmt.Errorf("keep confirmation: %w", err)
	}
	f.tx.AppendEvent(&parley.Event{AccountID: f.ch.AccountID, Kind: parley.ChannelChanged, ChannelID: f.ch.ID})
	return nil
}
