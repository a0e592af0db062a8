package conversation

import (
	"time"

	"parley/internal/parley"
)

// Received advances c by a message from its contact and reports whether that
// reopened it. A conversation in spam keeps its status: it is restored from there.
func Received(c *parley.Conversation, m parley.Message) (reopened bool) {
	newest(c, m)
	if c.LastInboundAt == nil || m.ReceivedAt.After(*c.LastInboundAt) {
		c.LastInboundAt = &m.ReceivedAt
	}
	if c.Status == parley.Closed && !c.Spam {
		reopened = Reopened(c, nil)
	}
	c.SnoozedUntil = nil
	if c.Status == parley.Closed {
		return false
	}
	if c.WaitingSince == nil || m.ReceivedAt.Before(*c.WaitingSince) {
		c.WaitingSince = &m.ReceivedAt
	}
	return reopened
}

// Reported advances c by a bounce, a delivery report or another machine's answer:
// it is filed, but it is no message of the contact, and nobody waits (SPEC §3).
func Reported(c *parley.Conversation, m parley.Message) {
	if c.MessageCount == 0 {
		newest(c, m) // the only thing that there is to see
		return
	}
	c.MessageCount++
	if m.Direction == parley.Outbound { // what a machine of others adds are no files of anybody's
		c.HasAttachment = c.HasAttachment || hasFile(m)
	}
}

// Composed advances c by a message of ours, queued or scheduled: from now on
// everybody sees it. Whether it answers the contact is told by Replied.
func Composed(c *parley.Conversation, m parley.Message) {
	if m.AutoSubmitted { // what the contact wrote is what there is to read
		Reported(c, m)
	} else {
		newest(c, m)
	}
	c.Draft = false
}

// Replied advances c by a message of ours that is on its way: queued, with no
// undo window left. Only a team member's own message to the contact answers who
// waits and counts as a response: no forward, nothing automatic (SPEC §13).
func Replied(c *parley.Conversation, m parley.Message, at time.Time) {
	if m.AuthorID == 0 || m.AutoSubmitted || m.Kind == parley.KindForward {
		return
	}
	if c.LastOutboundAt == nil || at.After(*c.LastOutboundAt) {
		c.LastOutboundAt = &at
	}
	if c.FirstReplyAt == nil && startedByContact(c) {
		c.FirstReplyAt = &at
	}
	if c.WaitingSince == nil || c.WaitingSince.After(m.At) {
		return
	}
	c.WaitingSince = nil
	if c.LastInboundAt != nil && c.LastInboundAt.After(m.At) { // written after the reply was
		c.WaitingSince = c.LastInboundAt
	}
}

// Redelivered keeps FailedCount true to a message whose delivery went from one state to another.
func Redelivered(c *parley.Conversation, from, to parley.Delivery) {
	switch {
	case !from.NeedsAttention() && to.NeedsAttention():
		c.FailedCount++
	case from.NeedsAttention() && !to.NeedsAttention() && c.FailedCount > 0:
		c.FailedCount--
	}
}

// Closed closes c and reports whether it was open. Nobody waits in it any more,
// and the event that goes with it makes it read for everyone.
func Closed(c *parley.Conversation, at time.Time) bool {
	if c.Status == parley.Closed {
		return false
	}
	c.Status, c.ClosedAt, c.SnoozedUntil, c.WaitingSince = parley.Closed, &at, nil, nil
	return true
}

// Reopened opens c and reports whether it was closed. The contact waits again
// since waiting, if a message of theirs was never answered.
func Reopened(c *parley.Conversation, waiting *time.Time) bool {
	if c.Status != parley.Closed {
		return false
	}
	c.Status, c.ClosedAt, c.SnoozedUntil, c.WaitingSince = parley.Open, nil, nil, waiting
	return true
}

// newest counts m, and shows it in lists if it is the newest.
func newest(c *parley.Conversation, m parley.Message) {
	if c.MessageCount == 0 || !m.At.Before(c.LastMessageAt) {
		c.Preview = m.Preview
	}
	if c.MessageCount == 0 || m.ReceivedAt.After(c.LastMessageAt) {
		c.LastMessageAt = m.ReceivedAt
	}
	c.MessageCount++
	c.HasAttachment = c.HasAttachment || hasFile(m)
}

// hasFile: the parts of a bounce are its report and our own mail, and nobody's files.
func hasFile(m parley.Message) bool {
	if m.IsBounce {
		return false
	}
	for _, a := range m.Attachments {
		if !a.Inline {
			return true
		}
	}
	return false
}

func startedByContact(c *parley.Conversation) bool {
	return c.Source == parley.FromContact || c.Source == parley.FromForm
}
