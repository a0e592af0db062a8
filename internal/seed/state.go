package seed

import (
	"fmt"
	"time"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
)

// state follows the plan step by step, by the product's own rules where those
// are pure, and numbers what it tells as the product does.
type state struct {
	*plan
	next     store.LoadIDs
	seq      parley.Seq
	number   int64
	contacts map[int32]parley.ContactID
	open     []*progress // by story; nil before it begins
	ended    func(*progress)
	events   []parley.Event // of the step at hand
}

// progress is how far a story is.
type progress struct {
	parley.Conversation
	contact parley.Contact
	story   int
	left    int32 // steps
	cursors map[parley.UserID]store.ReadCursor
	thread  []string // the Message-IDs that the next one names
	lastN   int32    // of the newest message, and whether it came in
	inbound bool
}

func (p *plan) begin(next store.LoadIDs, first parley.Seq, ended func(*progress)) *state {
	return &state{plan: p, next: next, seq: first, contacts: make(map[int32]parley.ContactID, p.people), open: make([]*progress, len(p.stories)), ended: ended}
}

// told is what a step left behind.
type told struct {
	c          *progress
	began, met bool // the conversation is new; so is its contact
	message    *parley.Message
	note       *parley.Note
	blocked    bool // the contact, from now on
}

// take does one step. The events that follow from it are in s.events until the next.
func (s *state) take(st step) told {
	s.events = s.events[:0]
	t := told{c: s.open[st.story]}
	at, user := st.time(), s.team[st.by].ID
	if t.c == nil {
		t.c, t.met = s.meet(st)
		t.began = true
	}
	c := &t.c.Conversation
	switch st.kind {
	case written:
		t.message = s.receive(t.c, st, t.began)
	case answered, refused:
		t.message = s.send(t.c, st, t.began)
	case given:
		if to := s.team[st.to].ID; to != c.AssigneeID {
			s.assign(t.c, user, to, at)
			t.c.derive()
		}
	case noted:
		t.note = &parley.Note{ID: s.next.Note, AccountID: s.account.ID, ConversationID: c.ID, AuthorID: user, CreatedAt: at}
		s.next.Note++
		t.note.Seq = s.tellOf(t.c, parley.NoteAdded, user, at, parley.Event{NoteID: t.note.ID})
		t.c.news(t.note.Seq, user, at)
	case looked:
		s.look(t.c, user, at)
	case closed:
		if conversation.Closed(c, at) {
			s.tellOf(t.c, parley.ConversationClosed, user, at, parley.Event{})
			c.UnreadSeq, c.AssigneeUnread = 0, false
		}
	case unwelcome:
		s.block(t.c, user, at)
		t.blocked = true
	}
	if t.c.left--; t.c.left == 0 {
		s.end(t.c)
	}
	return t
}

func (s *state) end(c *progress) {
	if story := s.stories[c.story]; story.snooze && c.FolderNow() == parley.FolderOpen {
		until := s.Until.Add(time.Duration(1+c.story%14) * 24 * time.Hour)
		c.SnoozedUntil = &until
	}
	if s.ended != nil {
		s.ended(c)
	}
	s.open[c.story] = nil
}

// meet begins a conversation, with a contact who may be new.
func (s *state) meet(st step) (c *progress, met bool) {
	story := s.stories[st.story]
	id, known := s.contacts[story.person]
	c = &progress{story: int(st.story), left: story.left, cursors: map[parley.UserID]store.ReadCursor{}}
	c.contact = s.contactOf(int(story.person), st.time())
	if !known {
		id = s.next.Contact
		s.next.Contact++
		s.contacts[story.person] = id
		s.append(parley.Event{Kind: parley.ContactCreated, At: st.time(), ContactID: id})
	}
	c.contact.ID = id
	ch := s.channels[story.channel]
	s.number++
	c.Conversation = parley.Conversation{
		ID: s.next.Conversation, AccountID: s.account.ID, Number: s.number, ContactID: id, ChannelID: ch.ID, InboxID: ch.InboxID,
		Subject: s.subject(c.story), Status: parley.Open, Source: parley.FromContact, CreatedAt: st.time(), LastMessageAt: st.time(),
	}
	s.next.Conversation++
	s.open[st.story] = c
	return c, !known
}

func (s *state) append(e parley.Event) parley.Seq {
	s.seq++
	e.AccountID, e.Seq = s.account.ID, s.seq
	s.events = append(s.events, e)
	return s.seq
}

// tellOf appends an event of a conversation.
func (s *state) tellOf(c *progress, kind parley.EventKind, by parley.UserID, at time.Time, more parley.Event) parley.Seq {
	more.Kind, more.ActorID, more.At = kind, by, at
	more.ConversationID, more.ContactID, more.InboxID, more.ChannelID = c.ID, c.ContactID, c.InboxID, c.ChannelID
	return s.append(more)
}

// receive is what intake does with a mail of the contact.
func (s *state) receive(c *progress, st step, began bool) *parley.Message {
	at := st.time()
	m := s.message(c, st, parley.Inbound)
	m.ContactID, m.FromName, m.FromEmail = c.ContactID, c.contact.Name, c.contact.Points[0].Value
	m.To = parley.Addresses{{Email: s.channelOf(c).Address}}
	m.MailFrom, m.RcptTo, m.SentAt = m.FromEmail, parley.Strings{s.channelOf(c).Address}, &at
	reopened := conversation.Received(&c.Conversation, *m)
	switch {
	case began:
		s.tellOf(c, parley.ConversationCreated, 0, at, parley.Event{})
	case reopened:
		s.tellOf(c, parley.ConversationReopened, 0, at, parley.Event{})
	}
	m.Seq = s.tellOf(c, parley.MessageReceived, 0, at, parley.Event{MessageID: m.ID})
	c.news(m.Seq, 0, at)
	return m
}

// send is what outbox does with a message of a user, until the next hop has answered.
func (s *state) send(c *progress, st step, began bool) *parley.Message {
	at, user := st.time(), s.team[st.by].ID
	ch := s.channelOf(c)
	m := s.message(c, st, parley.Outbound)
	m.Kind, m.AuthorID, m.FromName, m.FromEmail = parley.KindReply, user, ch.FromName, ch.Address
	to := parley.Address{Name: c.contact.Name, Email: c.contact.Points[0].Value}
	m.To, m.Attempt, m.Tries, m.SentAt = parley.Addresses{to}, 1, 1, &at
	m.MailFrom, m.RcptTo = ch.Address, parley.Strings{to.Email}
	m.Recipients = []parley.Recipient{{Kind: parley.RcptTo, Name: to.Name, Address: to.Email, Delivery: parley.Sent, ProviderID: "queued"}}
	if began {
		m.Kind = parley.KindNew
		c.Source, c.CreatorID, c.AssigneeID = parley.FromUser, user, user
	}
	conversation.Composed(&c.Conversation, *m)
	conversation.Replied(&c.Conversation, *m, at)
	if c.AssigneeID == 0 {
		s.assign(c, user, user, at)
	}
	if began {
		s.tellOf(c, parley.ConversationCreated, user, at, parley.Event{})
	}
	m.Seq = s.tellOf(c, parley.MessageQueued, user, at, parley.Event{MessageID: m.ID})
	c.derive()
	c.news(m.Seq, user, at)
	outcome := parley.MessageSent
	if st.kind == refused {
		m.SentAt = nil
		m.Recipients[0].Delivery, m.Recipients[0].Error, m.Recipients[0].ProviderID = parley.Failed, "550 5.1.1 No such mailbox", ""
		conversation.Redelivered(&c.Conversation, parley.Sending, parley.Failed)
		c.derive()
		outcome = parley.MessageFailed
	}
	m.Summarise()
	s.tellOf(c, outcome, 0, at, parley.Event{MessageID: m.ID})
	return m
}

// message is what both ways have in common. Its texts come later.
func (s *state) message(c *progress, st step, way parley.Direction) *parley.Message {
	at := st.time()
	m := &parley.Message{
		ID: s.next.Message, AccountID: s.account.ID, ConversationID: c.ID, ChannelID: c.ChannelID, Direction: way,
		At: at, ReceivedAt: at, Subject: c.Subject, Attachments: s.files(c, st, way),
	}
	s.next.Message++
	from := domain(s.account.ID)
	if way == parley.Inbound {
		from = parley.Address{Email: c.contact.Points[0].Value}.Domain()
	}
	m.InternetID = internetID(c.story, int(st.n), at, from)
	if n := len(c.thread); n > 0 {
		m.Subject = "Re: " + c.Subject
		m.InReplyTo, m.References = c.thread[n-1], append(parley.Strings{}, c.thread...)
	}
	c.thread = append(c.thread, m.InternetID)
	if len(c.thread) > maxNamed {
		c.thread = append(c.thread[:1:1], c.thread[2:]...)
	}
	c.lastN, c.inbound = st.n, way == parley.Inbound
	return m
}

// maxNamed is how many Message-IDs a message names: the first and the last ones
// (RFC 5322 3.6.4 lets programs leave out those between).
const maxNamed = 5

// assign gives the conversation to a user.
func (s *state) assign(c *progress, by, to parley.UserID, at time.Time) {
	data := parley.JSON(fmt.Sprintf(`{"from":%d,"to":%d}`, c.AssigneeID, to))
	c.AssigneeID = to
	s.tellOf(c, parley.ConversationAssigned, by, at, parley.Event{Data: data})
}

func (s *state) look(c *progress, user parley.UserID, at time.Time) {
	if c.cursors[user].Seq == c.LastSeq {
		return
	}
	c.read(user, c.LastSeq, at)
	if c.AssigneeID == user {
		c.AssigneeUnread = c.UnreadSeq > c.LastSeq
	}
	s.append(parley.Event{
		Kind: parley.ReadMoved, At: at, ActorID: user, UserID: user, ConversationID: c.ID, Data: parley.JSON(fmt.Sprintf(`{"seq":%d}`, c.LastSeq)),
	})
}

func (s *state) block(c *progress, user parley.UserID, at time.Time) {
	c.contact.BlockedAt, c.contact.BlockedByID, c.contact.BlockedWhy = &at, user, "Unwelcome advertising"
	s.append(parley.Event{Kind: parley.ContactUpdated, At: at, ActorID: user, ContactID: c.ContactID})
	c.Spam = true
	c.derive()
	s.tellOf(c, parley.ConversationSpam, user, at, parley.Event{})
}

func (s *state) channelOf(c *progress) parley.Channel { return s.channels[s.stories[c.story].channel] }

// news is what store does at an event that is something new (store/event.go).
func (c *progress) news(seq parley.Seq, by parley.UserID, at time.Time) {
	c.LastSeq = seq
	shut := c.Status == parley.Closed
	if !shut && !c.Spam {
		c.UnreadSeq = seq
	}
	switch {
	case shut || c.AssigneeID == 0 || c.AssigneeID == by:
		c.AssigneeUnread = false
	case !c.Spam:
		c.AssigneeUnread = true
	}
	if by != 0 {
		c.read(by, seq, at)
	}
}

func (c *progress) read(user parley.UserID, seq parley.Seq, at time.Time) {
	c.cursors[user] = store.ReadCursor{UserID: user, Seq: seq, SeenAt: &at}
}

// derive is what store does when a conversation is written (store/conversation.go).
func (c *progress) derive() {
	c.AssigneeUnread = c.AssigneeID != 0 && c.UnreadSeq > c.cursors[c.AssigneeID].Seq
}
