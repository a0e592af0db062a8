package thread

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/parley"
)

// model is a store in memory. evidence does in plain loops what the documents
// of parley.ThreadEvidence ask of SQL, and apply writes a Decision.
type model struct {
	policy        Policy
	now           time.Time
	signer        Signer
	messages      []modelMessage
	conversations map[parley.ConversationID]*modelConversation
	addresses     map[parley.ChannelID][]string
	erased        []modelMessage
}

type modelMessage struct {
	id           parley.MessageID
	conversation parley.ConversationID
	channel      parley.ChannelID
	direction    parley.Direction
	automated    bool
	key          string
	named        []string
	hash         []byte
	people       []string
	at           time.Time
	label        string
}

type modelConversation struct {
	parley.ThreadConversation
	contact    parley.ContactID
	subject    string
	mergedInto parley.ConversationID
	linked     map[parley.ConversationID]bool
	last       time.Time
}

const (
	testAccount = parley.AccountID(1)
	support     = parley.ChannelID(1)
	sales       = parley.ChannelID(2)
)

func newModel() *model {
	return &model{
		policy:        DefaultPolicy,
		now:           time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		signer:        Signer{Keys: [][]byte{[]byte("test key")}},
		conversations: map[parley.ConversationID]*modelConversation{},
		addresses: map[parley.ChannelID][]string{
			support: {"support@ours.test", "c1@in.ours.test"},
			sales:   {"sales@ours.test", "c2@in.ours.test"},
		},
	}
}

func (s *model) evidence(q parley.ThreadQuery) parley.ThreadEvidence {
	var ev parley.ThreadEvidence
	ev.Tokens = s.byToken(q)
	once := map[string]bool{}
	first := func(list *[]parley.ThreadHit, kind string, m modelMessage, id string) {
		key := kind + "|" + id + "|" + m.conversation.String()
		if !once[key] {
			once[key] = true
			*list = append(*list, m.hit(id))
		}
	}
	for _, m := range s.messages {
		here := m.channel == q.ChannelID && m.direction == parley.Inbound
		switch wanted := slices.Contains(q.Named, m.key); {
		case wanted && m.direction == parley.Outbound:
			ev.Sent = append(ev.Sent, m.hit(m.key))
		case wanted && here:
			first(&ev.Received, "received", m, m.key)
		}
		if !here {
			continue
		}
		for _, id := range m.named {
			if slices.Contains(q.Named, id) {
				first(&ev.Siblings, "sibling", m, id)
			}
		}
	}
	ev.Same, ev.Children = s.same(q), s.children(q)
	ev.Erased = slices.ContainsFunc(s.erased, func(m modelMessage) bool {
		return m.channel == q.ChannelID && m.key == q.InternetID && bytes.Equal(m.hash, q.ContentHash)
	})
	ev.SameSubject = s.sameSubject(q)
	ev.Conversations = s.facts(q, ev)
	return ev
}

func (m modelMessage) hit(id string) parley.ThreadHit {
	return parley.ThreadHit{InternetID: id, MessageID: m.id, ConversationID: m.conversation, ChannelID: m.channel, ContentHash: m.hash, At: m.at}
}

func (s *model) byToken(q parley.ThreadQuery) (hits []parley.ThreadHit) {
	for _, t := range q.Tokens {
		i := slices.IndexFunc(s.messages, func(m modelMessage) bool { return m.id == t.MessageID })
		if i >= 0 {
			h := s.messages[i].hit("")
			h.Token = t
			hits = append(hits, h)
		} else if c := s.current(t.ConversationID); c != nil {
			hits = append(hits, parley.ThreadHit{Token: t, ConversationID: c.ID, ChannelID: c.ChannelID})
		}
	}
	return hits
}

func (s *model) same(q parley.ThreadQuery) (hits []parley.ThreadHit) {
	type place struct {
		channel      parley.ChannelID
		conversation parley.ConversationID
	}
	best := map[place]modelMessage{}
	for _, m := range s.messages {
		equal := len(q.ContentHash) > 0 && bytes.Equal(m.hash, q.ContentHash)
		if m.key != q.InternetID || q.InternetID == "" && !(equal && m.channel == q.ChannelID) {
			continue
		}
		at := place{m.channel, m.conversation}
		if _, ok := best[at]; !ok || equal {
			best[at] = m
		}
	}
	for m := range maps.Values(best) {
		hits = append(hits, m.hit(m.key))
	}
	return hits
}

func (s *model) children(q parley.ThreadQuery) (hits []parley.ThreadHit) {
	earliest := map[parley.ConversationID]modelMessage{}
	for _, m := range s.messages {
		if q.InternetID == "" || m.channel != q.ChannelID || m.direction != parley.Inbound || !slices.Contains(m.named, q.InternetID) {
			continue
		}
		if have, ok := earliest[m.conversation]; !ok || m.at.Before(have.at) {
			earliest[m.conversation] = m
		}
	}
	for m := range maps.Values(earliest) {
		hits = append(hits, m.hit(q.InternetID))
	}
	return hits
}

func (s *model) sameSubject(q parley.ThreadQuery) parley.ConversationID {
	var found *modelConversation
	for _, c := range s.conversations {
		if q.Subject != "" && c.subject == q.Subject && c.contact == q.ContactID && c.ChannelID == q.ChannelID &&
			!c.Trashed && c.mergedInto == 0 && !c.last.Before(q.Since) && (found == nil || c.last.After(found.last)) {
			found = c
		}
	}
	if found == nil {
		return 0
	}
	return found.ID
}

func (s *model) facts(q parley.ThreadQuery, ev parley.ThreadEvidence) (out []parley.ThreadConversation) {
	ids := map[parley.ConversationID]bool{ev.SameSubject: true}
	for _, h := range slices.Concat(ev.Tokens, ev.Sent, ev.Received, ev.Same, ev.Children, ev.Siblings) {
		ids[h.ConversationID] = true
	}
	for id := range ids {
		c, ok := s.conversations[id]
		if !ok {
			continue
		}
		facts := c.ThreadConversation
		for _, m := range s.messages {
			if m.conversation != id {
				continue
			}
			facts.Replied = facts.Replied || m.direction == parley.Outbound && !m.automated
			facts.SenderKnown = facts.SenderKnown || slices.Contains(m.people, q.From)
		}
		if facts.ChannelID != q.ChannelID {
			facts.ChannelAddresses = s.addresses[facts.ChannelID]
		}
		out = append(out, facts)
	}
	return out
}

func (s *model) current(id parley.ConversationID) *modelConversation {
	c := s.conversations[id]
	for c != nil && c.mergedInto != 0 {
		c = s.conversations[c.mergedInto]
	}
	return c
}

// file does what intake does with one mail: ask, decide, write.
func (s *model) file(t testing.TB, in Incoming, label string) Decision {
	t.Helper()
	in.AccountID = testAccount
	if in.ChannelID == 0 {
		in.ChannelID = support
	}
	s.now = s.now.Add(time.Minute)
	if in.ReceivedAt.IsZero() {
		in.ReceivedAt = s.now
	}
	in.AddressTokens = append(in.AddressTokens, s.signer.Read(testAccount, FindInAddresses(in.Recipients))...)
	q := Wanted(in, s.policy)
	d := Choose(in, s.evidence(q), s.policy)
	if !d.Duplicate && d.AttachTo == 0 {
		s.apply(t, in, q, d, label)
	}
	return d
}

func (s *model) apply(t testing.TB, in Incoming, q parley.ThreadQuery, d Decision, label string) {
	t.Helper()
	c := s.conversations[d.Conversation]
	if d.Conversation == 0 {
		c = s.start(in.ChannelID, in.ContactID, NormaliseSubject(in.Subject))
		c.FollowUpOfID = d.FollowUpOf
		c.Spam = in.Blocked
	}
	if c == nil {
		t.Fatalf("filed in conversation %d, which does not exist", d.Conversation)
	}
	if d.Reopen {
		c.Status, c.ClosedAt = parley.Open, nil
	}
	for _, id := range d.Merge {
		s.merge(id, c.ID)
	}
	for _, id := range d.Link {
		c.linked[id] = true
	}
	for i := range s.messages {
		if slices.Contains(d.Adopt, s.messages[i].id) {
			s.messages[i].conversation = c.ID
		}
	}
	c.last = in.ReceivedAt
	s.messages = append(s.messages, modelMessage{
		id: parley.MessageID(len(s.messages) + 1), conversation: c.ID, channel: in.ChannelID, direction: parley.Inbound,
		key: q.InternetID, named: q.Named, hash: in.ContentHash, people: append([]string{q.From}, in.Recipients...), at: d.At, label: label,
	})
}

func (s *model) start(channel parley.ChannelID, contact parley.ContactID, subject string) *modelConversation {
	id := parley.ConversationID(len(s.conversations) + 1)
	c := &modelConversation{contact: contact, subject: subject, linked: map[parley.ConversationID]bool{}, last: s.now}
	c.ID, c.ChannelID, c.Status = id, channel, parley.Open
	s.conversations[id] = c
	return c
}

func (s *model) merge(from, into parley.ConversationID) {
	s.conversations[from].mergedInto = into
	for i := range s.messages {
		if s.messages[i].conversation == from {
			s.messages[i].conversation = into
		}
	}
}

// send files a message of ours; conversation 0 is an automated send outside any.
func (s *model) send(c parley.ConversationID, internetID string, automated bool, to ...string) (m parley.MessageID, token string) {
	s.now = s.now.Add(time.Minute)
	m = parley.MessageID(len(s.messages) + 1)
	channel := support
	if conv := s.conversations[c]; conv != nil {
		channel = conv.ChannelID
	}
	s.messages = append(s.messages, modelMessage{
		id: m, conversation: c, channel: channel, direction: parley.Outbound, automated: automated,
		key: parley.InternetKey(internetID), people: to, at: s.now, label: internetID,
	})
	return m, s.signer.Token(testAccount, c, m)
}

func (s *model) closeAt(c parley.ConversationID, at time.Time) {
	s.conversations[c].Status, s.conversations[c].ClosedAt = parley.Closed, &at
}

// partition lists the labels of each conversation, sorted.
func (s *model) partition() [][]string {
	groups := map[parley.ConversationID][]string{}
	for _, m := range s.messages {
		groups[m.conversation] = append(groups[m.conversation], m.label)
	}
	var out [][]string
	for labels := range maps.Values(groups) {
		slices.Sort(labels)
		out = append(out, slices.Compact(labels))
	}
	slices.SortFunc(out, slices.Compare)
	return out
}

// timeline lists the labels of a conversation as it is read.
func (s *model) timeline(c parley.ConversationID) string {
	var in []modelMessage
	for _, m := range s.messages {
		if m.conversation == c {
			in = append(in, m)
		}
	}
	slices.SortStableFunc(in, func(a, b modelMessage) int { return a.at.Compare(b.at) })
	var labels []string
	for _, m := range in {
		labels = append(labels, m.label)
	}
	return strings.Join(labels, " ")
}
