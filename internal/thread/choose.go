package thread

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"parley/internal/parley"
)

// Rule names what a decision rests on: the letters of SPEC §3.
type Rule string

// The rules, in the order in which they are asked.
const (
	ByToken     Rule = "a"       // the signed token in our reply address
	BySameID    Rule = "same-id" // its own Message-ID, with other content
	BySent      Rule = "b"       // it names a message that we sent
	ByReceived  Rule = "c"       // it names a message that we received
	ByBodyToken Rule = "d"       // the signed token in the quoted body
	ByRelative  Rule = "e"       // a filed message names it, or the same missing ancestor
	BySubject   Rule = "f"       // the same subject from the same contact
)

// A late parent is put beforeChild before its child, or halfway to its own
// parent if that stands nearer. The databases keep microseconds, so ten late
// mails fit into one such gap.
const (
	beforeChild = time.Millisecond
	precision   = time.Microsecond
)

// Decision is what the store has to write.
type Decision struct {
	// Duplicate: this very mail is filed already, as Original, and nothing is to
	// be written. Original may be an outbound message: our own copy has come back,
	// which proves that it went out. It is 0 if its conversation was deleted for good.
	Duplicate bool
	Original  parley.MessageID

	Conversation parley.ConversationID // 0: a new one
	Rule         Rule                  // empty for a new one, unless FollowUpOf or Adopt tells why
	// Merge are the conversations that go into Conversation: undoable, in the timeline.
	Merge []parley.ConversationID
	// Link are the conversations to be marked as related to the one it is filed in.
	Link       []parley.ConversationID
	FollowUpOf parley.ConversationID // of a new conversation: the one that had been closed too long
	Reopen     bool
	// Adopt are automated messages in no conversation that this mail answers:
	// they move into the one it is filed in, before it (SPEC §2.4).
	Adopt []parley.MessageID
	// Attach: an automatic answer or report that found its thread. It is an event there: it
	// does not count as a contact's message, nor trigger anything. Where
	// Conversation is 0 it answers AttachTo, an automated message in no
	// conversation, and makes none.
	Attach         bool
	AttachTo       parley.MessageID
	NewParticipant bool // its sender is new to the thread
	// At is the mail's place in the timeline: when it was received, or just before Before.
	At time.Time
	// Before are the messages filed in Conversation or Merge that name this mail
	// and so come after it, the earliest of each.
	Before []parley.MessageID
}

// Choose decides where in belongs. ev is the store's answer to Wanted(in, p).
func Choose(in Incoming, ev parley.ThreadEvidence, p Policy) Decision {
	if original, ok := filedAlready(in, ev); ok {
		return Decision{Duplicate: true, Original: original}
	}
	c := choice{in: in, policy: p, ev: ev, facts: map[parley.ConversationID]parley.ThreadConversation{}}
	for _, conv := range ev.Conversations {
		c.facts[conv.ID] = conv
	}
	c.gather()
	d := Decision{At: in.ReceivedAt}
	chosen, ok := c.first()
	switch {
	case ok:
		c.join(&d, chosen)
	case in.AutoReply && len(c.adopt) > 0:
		d.Attach, d.AttachTo, d.Rule = true, c.adopt[0].message, c.adopt[0].rule
	default:
		c.start(&d)
	}
	return d
}

// filedAlready: a copy is a duplicate only when Message-ID and content are equal within the channel.
func filedAlready(in Incoming, ev parley.ThreadEvidence) (parley.MessageID, bool) {
	for _, h := range ev.Same {
		if h.ChannelID == in.ChannelID && len(h.ContentHash) > 0 && bytes.Equal(h.ContentHash, in.ContentHash) {
			return h.MessageID, true
		}
	}
	return 0, ev.Erased
}

// tie is a conversation that the mail belongs to by some rule.
type tie struct {
	conv parley.ThreadConversation
	rule Rule
}

type adopted struct {
	message parley.MessageID
	rule    Rule
}

type choice struct {
	in     Incoming
	policy Policy
	ev     parley.ThreadEvidence
	facts  map[parley.ConversationID]parley.ThreadConversation

	ties  []tie                       // by rule, each conversation once
	apart []parley.ThreadConversation // hold the copy that another channel of ours received: related, never joined
	adopt []adopted                   // automated messages in no conversation
	filed map[string]bool             // ids named by the mail that are not missing
}

// gather asks the rules in their order.
func (c *choice) gather() {
	rank := map[string]int{}
	for i, id := range c.in.named() {
		rank[id] = i
	}
	byRank := func(hits []parley.ThreadHit) []parley.ThreadHit {
		return slices.SortedFunc(slices.Values(hits), func(a, b parley.ThreadHit) int {
			return cmp.Or(cmp.Compare(rank[a.InternetID], rank[b.InternetID]), -cmp.Compare(a.MessageID, b.MessageID))
		})
	}
	c.tokens(ByToken, c.in.AddressTokens)
	for _, h := range byRank(c.ev.Same) {
		if h.ChannelID == c.in.ChannelID {
			c.tie(BySameID, h)
		} else if conv, ok := c.facts[h.ConversationID]; ok {
			c.apart = append(c.apart, conv)
		}
	}
	c.filed = map[string]bool{}
	for _, h := range byRank(c.ev.Sent) {
		c.filed[h.InternetID] = true
		c.tie(BySent, h)
	}
	for _, h := range byRank(c.ev.Received) {
		c.filed[h.InternetID] = true
		c.tie(ByReceived, h)
	}
	c.tokens(ByBodyToken, c.in.BodyTokens)
	for _, h := range slices.SortedFunc(slices.Values(c.ev.Children), func(a, b parley.ThreadHit) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.MessageID, b.MessageID))
	}) {
		c.tie(ByRelative, h)
	}
	for _, h := range byRank(c.ev.Siblings) {
		if !c.filed[h.InternetID] {
			c.tie(ByRelative, h)
		}
	}
	if conv, ok := c.facts[c.ev.SameSubject]; ok && len(c.ties)+len(c.adopt) == 0 {
		c.ties = append(c.ties, tie{conv, BySubject})
	}
}

func (c *choice) tokens(rule Rule, tokens []parley.ThreadToken) {
	for _, t := range tokens {
		for _, h := range c.ev.Tokens {
			if h.Token == t {
				c.tie(rule, h)
			}
		}
	}
}

func (c *choice) tie(rule Rule, h parley.ThreadHit) {
	if h.ConversationID == 0 {
		if h.MessageID != 0 && !slices.ContainsFunc(c.adopt, func(a adopted) bool { return a.message == h.MessageID }) {
			c.adopt = append(c.adopt, adopted{h.MessageID, rule})
		}
		return
	}
	conv, ok := c.facts[h.ConversationID]
	if !ok || slices.ContainsFunc(c.ties, func(t tie) bool { return t.conv.ID == conv.ID }) {
		return
	}
	// A mail sent to two of our channels becomes two conversations: the other
	// channel gets its own copy, and the thread goes on there with that one.
	if conv.ChannelID != c.in.ChannelID && c.in.addressedTo(conv.ChannelAddresses) {
		c.apart = append(c.apart, conv)
		return
	}
	c.ties = append(c.ties, tie{conv, rule})
}

// first is the first hit that the mail can be filed in.
func (c *choice) first() (tie, bool) {
	for _, t := range c.ties {
		if c.joinable(t.conv) {
			return t, true
		}
	}
	// All too long closed: an earlier late reply may have started the follow-up.
	for _, h := range c.ev.Siblings {
		conv, ok := c.facts[h.ConversationID]
		if !ok || !c.joinable(conv) {
			continue
		}
		for _, t := range c.ties {
			if t.conv.ID == conv.FollowUpOfID && c.expired(t.conv) {
				return tie{conv, t.rule}, true
			}
		}
	}
	return tie{}, false
}

// joinable: never into the trash, where nobody would see it; and spam stays with spam.
func (c *choice) joinable(conv parley.ThreadConversation) bool {
	return c.in.AutoReply || !conv.Trashed && conv.Spam == c.in.Blocked && !c.expired(conv)
}

func (c *choice) expired(conv parley.ThreadConversation) bool {
	return conv.Status == parley.Closed && conv.ClosedAt != nil && c.in.ReceivedAt.Sub(*conv.ClosedAt) > c.policy.ReopenWithin
}

// join files the mail in a conversation that exists.
func (c *choice) join(d *Decision, chosen tie) {
	d.Conversation, d.Rule = chosen.conv.ID, chosen.rule
	d.Attach = c.in.AutoReply
	known := chosen.conv.SenderKnown
	if !c.in.AutoReply {
		d.Reopen = chosen.conv.Status == parley.Closed
		for _, t := range c.ties {
			switch {
			case t.conv.ID == chosen.conv.ID:
			case c.mergeable(chosen.conv, t.conv):
				d.Merge = append(d.Merge, t.conv.ID)
				known = known || t.conv.SenderKnown
			default:
				c.link(d, t.conv)
			}
		}
		c.finish(d)
		d.NewParticipant = !known
	}
	c.place(d)
}

// start begins a new conversation.
func (c *choice) start(d *Decision) {
	for _, t := range c.ties {
		if d.FollowUpOf == 0 && c.expired(t.conv) && !t.conv.Trashed && t.conv.Spam == c.in.Blocked {
			d.FollowUpOf, d.Rule = t.conv.ID, t.rule
			continue
		}
		c.link(d, t.conv)
	}
	c.finish(d)
}

func (c *choice) finish(d *Decision) {
	for _, conv := range c.apart {
		c.link(d, conv)
	}
	for _, a := range c.adopt {
		d.Adopt = append(d.Adopt, a.message)
		d.Rule = cmp.Or(d.Rule, a.rule)
	}
}

// mergeable: one channel, none of our replies in either, nothing that a person has decided otherwise.
func (c *choice) mergeable(into, from parley.ThreadConversation) bool {
	return into.ChannelID == from.ChannelID && c.joinable(from) &&
		!into.Replied && !from.Replied && !into.MergeUndone && !from.MergeUndone
}

// link relates conv, once. A blocked sender leaves no mark on conversations that are not spam.
func (c *choice) link(d *Decision, conv parley.ThreadConversation) {
	taken := conv.ID == d.Conversation || conv.ID == d.FollowUpOf || slices.Contains(d.Merge, conv.ID) || slices.Contains(d.Link, conv.ID)
	if !taken && (conv.Spam || !c.in.Blocked) {
		d.Link = append(d.Link, conv.ID)
	}
}

// place puts a late parent just before its earliest child that is filed, yet
// behind what it answers itself.
func (c *choice) place(d *Decision) {
	here := func(h parley.ThreadHit) bool {
		return h.ConversationID == d.Conversation || slices.Contains(d.Merge, h.ConversationID)
	}
	var child time.Time
	for _, h := range c.ev.Children {
		if !here(h) {
			continue
		}
		d.Before = append(d.Before, h.MessageID)
		if child.IsZero() || h.At.Before(child) {
			child = h.At
		}
	}
	if child.IsZero() || child.After(d.At) { // at the same moment the later id stands behind
		return
	}
	d.At = child.Add(-beforeChild)
	for _, h := range slices.Concat(c.ev.Sent, c.ev.Received) {
		if here(h) && !h.At.Before(d.At) && h.At.Before(child) {
			d.At = h.At.Add(child.Sub(h.At) / 2).Truncate(precision)
		}
	}
}
