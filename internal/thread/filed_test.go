package thread

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"parley/internal/parley"
)

func TestDuplicates(t *testing.T) {
	t.Parallel()
	mail := func(id, content string) Incoming {
		return with(from(id), func(in *Incoming) { in.ContentHash = []byte(content) })
	}
	tests := map[string]struct {
		first, again Incoming
		duplicate    bool
		conv         parley.ConversationID
	}{
		"the same mail":                {mail("a@x", "one"), mail("A@X", "one"), true, 0},
		"the same id, other content":   {mail("a@x", "one"), mail("a@x", "two"), false, 1},
		"another id, the same content": {mail("a@x", "one"), mail("b@x", "one"), false, 0},
		"no id, the same content":      {mail("", "one"), mail("", "one"), true, 0},
		"no id, other content":         {mail("", "one"), mail("", "two"), false, 0},
		"content unknown":              {mail("a@x", ""), mail("a@x", ""), false, 1},
		"on another channel":           {mail("a@x", "one"), with(mail("a@x", "one"), func(in *Incoming) { in.ChannelID = sales }), false, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newModel()
			s.file(t, tt.first, "first")
			d := s.file(t, tt.again, "again")
			if d.Duplicate != tt.duplicate || d.Conversation != tt.conv || d.Duplicate && d.Original != 1 {
				t.Errorf("decided %+v, want duplicate %t, conversation %d", d, tt.duplicate, tt.conv)
			}
		})
	}
}

func TestOwnCopyComesBack(t *testing.T) {
	t.Parallel()
	s := newModel()
	s.file(t, from("one@x"), "one")
	m, _ := s.send(1, "sent@ours", false)
	s.messages[m-1].hash = []byte("what we sent")
	copyOf := func(hash string) Incoming {
		return with(from("sent@ours"), func(in *Incoming) { in.ContentHash = []byte(hash) })
	}
	if d := s.file(t, copyOf("what we sent"), "copy"); !d.Duplicate || d.Original != m {
		t.Errorf("decided %+v, want a duplicate of message %d", d, m)
	}
	if d := s.file(t, copyOf("with a list's footer"), "altered"); d.Duplicate || d.Conversation != 1 || d.Rule != BySameID {
		t.Errorf("decided %+v, want it to join conversation 1", d)
	}
}

// A re-fetch brings nothing back, neither from the trash nor from beyond it.
func TestDeletedStaysDeleted(t *testing.T) {
	t.Parallel()
	s := newModel()
	s.file(t, from("one@x"), "one")
	s.conversations[1].Trashed = true
	if d := s.file(t, from("one@x"), "again"); !d.Duplicate || d.Original != 1 {
		t.Errorf("decided %+v, want a duplicate of message 1", d)
	}
	s.erased, s.messages = s.messages, nil
	delete(s.conversations, 1)
	if d := s.file(t, from("one@x"), "again"); !d.Duplicate || d.Original != 0 {
		t.Errorf("decided %+v, want a duplicate of nothing that is left", d)
	}
}

func TestNewParticipant(t *testing.T) {
	t.Parallel()
	bob := func(in *Incoming) { in.From, in.ContactID = "Bob@y.test", 2 }
	tests := map[string]struct {
		in   Incoming
		want bool
	}{
		"who wrote before":        {from("n@x", "one@x"), false},
		"who was written to":      {with(from("n@x", "two@x"), func(in *Incoming) { in.From = "carol@z.test" }), false},
		"a stranger":              {with(from("n@x", "one@x"), bob), true},
		"in a new conversation":   {with(from("n@x"), bob), false},
		"known to what is merged": {with(from("n@x", "two@x", "one@x"), func(in *Incoming) { in.From = "carol@z.test" }), false},
		"a machine":               {with(with(from("n@x", "one@x"), bob), func(in *Incoming) { in.AutoReply = true }), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newModel()
			s.file(t, from("one@x"), "one")
			s.file(t, with(from("two@x"), func(in *Incoming) { in.Recipients = []string{"support@ours.test", "carol@z.test"} }), "two")
			if d := s.file(t, tt.in, "new"); d.NewParticipant != tt.want {
				t.Errorf("decided %+v, want new participant %t", d, tt.want)
			}
		})
	}
}

func TestTwoChannels(t *testing.T) {
	t.Parallel()
	both := []string{"support@ours.test", "sales@ours.test"}
	on := func(ch parley.ChannelID, in Incoming) Incoming { in.ChannelID = ch; return in }
	first := with(from("one@x"), func(in *Incoming) { in.Recipients = both })

	s := newModel()
	s.file(t, on(support, first), "support")
	if d := s.file(t, on(sales, first), "sales"); d.Conversation != 0 || d.Duplicate || !slices.Equal(d.Link, []parley.ConversationID{1}) {
		t.Fatalf("the copy: decided %+v, want a new conversation, linked with 1", d)
	}
	// We answer from support; the customer answers all, and each copy stays on its channel.
	_, token := s.send(1, "sent@ours", false, "ann@x.test")
	answer := with(from("two@x", "one@x", "sent@ours"), func(in *Incoming) {
		in.Recipients = []string{"support+" + token + "@ours.test", "sales@ours.test"}
	})
	for _, order := range [][]parley.ChannelID{{support, sales}, {sales, support}} {
		for _, ch := range order {
			want := map[parley.ChannelID]parley.ConversationID{support: 1, sales: 2}[ch]
			in := on(ch, answer)
			q := Wanted(with(in, func(in *Incoming) {
				in.AccountID, in.ReceivedAt = testAccount, s.now
				in.AddressTokens = s.signer.Read(testAccount, FindInAddresses(in.Recipients))
			}), s.policy)
			in.AddressTokens = q.Tokens
			if d := Choose(in, s.evidence(q), s.policy); d.Conversation != want {
				t.Errorf("on channel %d: decided %+v, want conversation %d", ch, d, want)
			}
		}
	}
}

func TestAutoReplies(t *testing.T) {
	t.Parallel()
	vacation := func(named ...string) Incoming {
		return with(from("auto@x", named...), func(in *Incoming) { in.AutoReply = true })
	}
	t.Run("never reopen", func(t *testing.T) {
		t.Parallel()
		s, _ := twoConversations(t)
		s.closeAt(1, s.now)
		if d := s.file(t, vacation("sent@ours"), "auto"); d.Conversation != 1 || d.Reopen || !d.Attach {
			t.Errorf("decided %+v, want it attached to 1, still closed", d)
		}
	})
	t.Run("however long closed", func(t *testing.T) {
		t.Parallel()
		s, _ := twoConversations(t)
		s.closeAt(1, s.now.AddDate(-1, 0, 0))
		if d := s.file(t, vacation("sent@ours"), "auto"); d.Conversation != 1 || d.FollowUpOf != 0 || !d.Attach {
			t.Errorf("decided %+v, want it attached to 1", d)
		}
	})
	t.Run("merge nothing", func(t *testing.T) {
		t.Parallel()
		s := newModel()
		s.file(t, from("one@x"), "one")
		s.file(t, from("two@x"), "two")
		if d := s.file(t, vacation("one@x", "two@x"), "auto"); d.Conversation != 2 || d.Merge != nil || d.Link != nil {
			t.Errorf("decided %+v, want it attached to 2 and no more", d)
		}
	})
	t.Run("a report by what it reports on", func(t *testing.T) {
		t.Parallel()
		s, _ := twoConversations(t)
		report := with(vacation(), func(in *Incoming) { in.Reported, in.From = []string{"<SENT@ours>"}, "" })
		if d := s.file(t, report, "auto"); d.Conversation != 1 || d.Rule != BySent || !d.Attach {
			t.Errorf("decided %+v, want it attached to 1 by b", d)
		}
	})
	t.Run("to an automated message make no conversation", func(t *testing.T) {
		t.Parallel()
		s := newModel()
		m, _ := s.send(0, "news@ours", true)
		if d := s.file(t, vacation("news@ours"), "auto"); !d.Attach || d.AttachTo != m || d.Conversation != 0 || len(s.conversations) != 0 {
			t.Errorf("decided %+v, want it kept with message %d", d, m)
		}
	})
	t.Run("that lead nowhere are seen", func(t *testing.T) {
		t.Parallel()
		s := newModel()
		if d := s.file(t, vacation("gone@x"), "auto"); d.Attach || d.Conversation != 0 || len(s.conversations) != 1 {
			t.Errorf("decided %+v, want a conversation of its own", d)
		}
	})
}

// SPEC §2.4: who answers an automated message starts a conversation with it.
func TestAdopt(t *testing.T) {
	t.Parallel()
	s := newModel()
	m, token := s.send(0, "news@ours", true)
	d := s.file(t, with(from("n@x", "news@ours"), func(in *Incoming) { in.Recipients = []string{"support+" + token + "@ours.test"} }), "answer")
	if d.Conversation != 0 || !slices.Equal(d.Adopt, []parley.MessageID{m}) || d.Rule != ByToken {
		t.Errorf("decided %+v, want a new conversation with message %d", d, m)
	}
	if got := s.timeline(1); got != "news@ours answer" {
		t.Errorf("the timeline reads %q", got)
	}
	if d := s.file(t, from("n2@x", "news@ours"), "second answer"); d.Conversation != 1 || d.Adopt != nil {
		t.Errorf("decided %+v, want the second answer in 1", d)
	}
}

func TestReplyToClosed(t *testing.T) {
	t.Parallel()
	s, _ := twoConversations(t)
	closed := s.now
	s.closeAt(1, closed)
	reply := func(n int, days float64) Incoming {
		return with(from("r"+strconv.Itoa(n)+"@x", "sent@ours"), func(in *Incoming) {
			in.ReceivedAt = closed.Add(time.Duration(days * 24 * float64(time.Hour)))
		})
	}
	if d := s.file(t, reply(1, 30), "r1"); d.Conversation != 1 || !d.Reopen {
		t.Errorf("after 30 days: decided %+v, want 1 reopened", d)
	}
	s.closeAt(1, closed)
	d := s.file(t, reply(2, 30.01), "r2")
	if d.Conversation != 0 || d.FollowUpOf != 1 || d.Reopen || d.Link != nil || d.Rule != BySent {
		t.Fatalf("later: decided %+v, want a follow-up of 1", d)
	}
	if d := s.file(t, reply(3, 31), "r3"); d.Conversation != 3 || d.FollowUpOf != 0 || d.Merge != nil {
		t.Errorf("again: decided %+v, want the same follow-up, 3", d)
	}
	s.policy.ReopenWithin = 0
	s.closeAt(3, closed.AddDate(0, 0, 32))
	if d := s.file(t, reply(4, 33), "r4"); d.Conversation != 0 || d.FollowUpOf != 1 {
		t.Errorf("never reopening: decided %+v, want a new follow-up", d)
	}
}

func TestTrashAndSpam(t *testing.T) {
	t.Parallel()
	blocked := func(in *Incoming) { in.Blocked = true }
	tests := map[string]struct {
		arrange func(c *modelConversation)
		in      Incoming
		conv    parley.ConversationID
		link    []parley.ConversationID
	}{
		"a reply into the trash is seen":                {func(c *modelConversation) { c.Trashed = true }, from("n@x", "one@x"), 0, []parley.ConversationID{1}},
		"a reply of somebody else into spam is seen":    {func(c *modelConversation) { c.Spam = true }, from("n@x", "one@x"), 0, []parley.ConversationID{1}},
		"a blocked sender goes on in spam":              {func(c *modelConversation) { c.Spam = true }, with(from("n@x", "one@x"), blocked), 1, nil},
		"a blocked sender gets into nothing else":       {func(*modelConversation) {}, with(from("n@x", "one@x"), blocked), 0, nil},
		"a report is attached wherever its thread went": {func(c *modelConversation) { c.Trashed = true }, with(from("n@x", "one@x"), func(in *Incoming) { in.AutoReply = true }), 1, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newModel()
			s.file(t, from("one@x"), "one")
			tt.arrange(s.conversations[1])
			if d := s.file(t, tt.in, "new"); d.Conversation != tt.conv || !slices.Equal(d.Link, tt.link) {
				t.Errorf("decided %+v, want conversation %d, link %v", d, tt.conv, tt.link)
			}
		})
	}
}
