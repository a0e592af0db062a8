package parley

import "slices"

// Delivery is where a message's way out stands; per recipient too.
type Delivery string

// The states of DESIGN §3. Inbound messages have the empty Delivery.
const (
	Draft     Delivery = "draft"
	Scheduled Delivery = "scheduled" // waits for send_at; the undo window too
	Queued    Delivery = "queued"
	Sending   Delivery = "sending" // committed before the call: after a crash it becomes Uncertain
	Sent      Delivery = "sent"    // the next hop accepted it
	Delivered Delivery = "delivered"
	Failed    Delivery = "failed"
	Bounced   Delivery = "bounced"
	Uncertain Delivery = "uncertain" // the connection broke after the body: it may have arrived
	Cancelled Delivery = "cancelled"
)

// rank orders the states of one attempt; a report may only move forward.
var rank = map[Delivery]int{
	Draft: 0, Scheduled: 1, Queued: 2, Sending: 3, Uncertain: 4, Sent: 5, Delivered: 6, Failed: 7, Bounced: 8, Cancelled: 9,
}

// Advance returns the later of d and to, so that reports that arrive late,
// twice or out of order end in the same state.
func (d Delivery) Advance(to Delivery) Delivery {
	if rank[to] > rank[d] {
		return to
	}
	return d
}

// Final reports whether nothing more is going to happen by itself.
func (d Delivery) Final() bool {
	return slices.Contains([]Delivery{Sent, Delivered, Failed, Bounced, Uncertain, Cancelled}, d)
}

// NeedsAttention reports whether a person has to look: the Failed view.
func (d Delivery) NeedsAttention() bool {
	return d == Failed || d == Bounced || d == Uncertain
}

// severity orders the states for the message as a whole: the worst is shown.
var severity = map[Delivery]int{
	Cancelled: 0, Delivered: 1, Sent: 2, Draft: 3, Scheduled: 4, Queued: 5, Sending: 6, Uncertain: 7, Bounced: 8, Failed: 9,
}

// Worst is what a message shows when its recipients differ.
func Worst(all ...Delivery) Delivery {
	if len(all) == 0 {
		return ""
	}
	return slices.MaxFunc(all, func(a, b Delivery) int { return severity[a] - severity[b] })
}
