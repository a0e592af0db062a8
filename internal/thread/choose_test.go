package thread

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
)

// from is a mail of ann to support, with content of its own.
func from(id string, named ...string) Incoming {
	return Incoming{
		InternetID: id, References: named, From: "ann@x.test", ContactID: 1,
		Recipients: []string{"support@ours.test"}, Subject: "Order", ContentHash: []byte(id + strings.Join(named, "|")),
	}
}

func with(in Incoming, change func(*Incoming)) Incoming {
	change(&in)
	return in
}

// conversations are what the tests of one table share: 1 started by a mail <one@x>,
// answered by a person with <sent@ours>; 2 started by <two@x>, unanswered.
func twoConversations(t *testing.T) (s *model, token string) {
	t.Helper()
	s = newModel()
	s.file(t, from("one@x"), "one")
	_, token = s.send(1, "Sent@Ours", false, "ann@x.test")
	s.file(t, from("two@x"), "two")
	return s, token
}

func TestRules(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   func(token string) Incoming
		conv parley.ConversationID
		rule Rule
	}{
		"a: token in our reply address": {func(token string) Incoming {
			return with(from("n@x"), func(in *Incoming) { in.Recipients = []string{"support+" + token + "@ours.test"} })
		}, 1, ByToken},
		"a: wherever the forwarder noted it": {func(token string) Incoming {
			return with(from("n@x"), func(in *Incoming) {
				in.Recipients = []string{"SUPPORT+" + strings.ToUpper(token) + "@OURS.TEST", "list@x.test"}
			})
		}, 1, ByToken},
		"a before b: the token wins over the headers": {func(token string) Incoming {
			return with(from("n@x", "two@x"), func(in *Incoming) { in.Recipients = []string{"support+" + token + "@ours.test"} })
		}, 1, ByToken},
		"a: a tag that nobody signed": {func(token string) Incoming {
			return with(from("n@x"), func(in *Incoming) { in.Recipients = []string{"support+" + token[1:] + "a@ours.test"} })
		}, 0, ""},
		"b: In-Reply-To names what we sent": {func(string) Incoming {
			return with(from("n@x"), func(in *Incoming) { in.InReplyTo = []string{"sent@ours"} })
		}, 1, BySent},
		"b: References names what we sent": {func(string) Incoming { return from("n@x", "gone@x", "SENT@ours", "gone2@x") }, 1, BySent},
		"b before c: what we sent wins over what we received": {func(string) Incoming {
			return with(from("n@x", "sent@ours"), func(in *Incoming) { in.InReplyTo = []string{"two@x"} })
		}, 1, BySent},
		"c: names what we received":   {func(string) Incoming { return from("n@x", "two@x") }, 2, ByReceived},
		"c: References last to first": {func(string) Incoming { return from("n@x", "one@x", "two@x") }, 2, ByReceived},
		"c: In-Reply-To before References": {func(string) Incoming {
			return with(from("n@x", "two@x"), func(in *Incoming) { in.InReplyTo = []string{"one@x"} })
		}, 1, ByReceived},
		"c before d": {func(token string) Incoming {
			return with(from("n@x", "two@x"), func(in *Incoming) { in.BodyTokens = testModelSigner().Read(testAccount, []string{token}) })
		}, 2, ByReceived},
		"d: token in the quoted body": {func(token string) Incoming {
			return with(from("n@x", "gone@x"), func(in *Incoming) {
				in.BodyTokens = testModelSigner().Read(testAccount, FindInBody("> "+Marker(token)))
			})
		}, 1, ByBodyToken},
		"ids compare without case": {func(string) Incoming { return from("n@x", "TWO@X") }, 2, ByReceived},
		"never by a number in the subject": {func(string) Incoming {
			return with(from("n@x"), func(in *Incoming) { in.Subject = "Re: [#1] Order 1 (#1)" })
		}, 0, ""},
		"never by the subject alone": {func(string) Incoming { return with(from("n@x"), func(in *Incoming) { in.Subject = "Re: Order" }) }, 0, ""},
		"names only what is unknown": {func(string) Incoming { return from("n@x", "gone@x") }, 0, ""},
		"names itself":               {func(string) Incoming { return from("n@x", "n@x") }, 0, ""},
		"empty and malformed ids":    {func(string) Incoming { return from("", "", "<>", " ", "your message of Monday") }, 0, ""},
		"its own id with other content": {func(string) Incoming {
			return with(from("two@x"), func(in *Incoming) { in.ContentHash = []byte("list footer") })
		}, 2, BySameID},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, token := twoConversations(t)
			d := s.file(t, tt.in(token), "new")
			if d.Conversation != tt.conv || d.Rule != tt.rule || d.Duplicate {
				t.Errorf("filed in %d by rule %q, want %d by %q: %+v", d.Conversation, d.Rule, tt.conv, tt.rule, d)
			}
		})
	}
}

func testModelSigner() Signer { return newModel().signer }

func TestOnlyThisChannelReceived(t *testing.T) {
	t.Parallel()
	s, _ := twoConversations(t)
	d := s.file(t, with(from("n@x", "two@x"), func(in *Incoming) { in.ChannelID, in.Recipients = sales, []string{"sales@ours.test"} }), "new")
	if d.Conversation != 0 {
		t.Errorf("filed in %d of another channel, for a mail received there", d.Conversation)
	}
}

// What we sent counts in the whole account: people answer to another address of ours.
func TestSentCountsInTheAccount(t *testing.T) {
	t.Parallel()
	s, _ := twoConversations(t)
	d := s.file(t, with(from("n@x", "sent@ours"), func(in *Incoming) { in.ChannelID, in.Recipients = sales, []string{"sales@ours.test"} }), "new")
	if d.Conversation != 1 || d.Rule != BySent {
		t.Errorf("decided %+v, want conversation 1 by b", d)
	}
}

func TestRelatives(t *testing.T) {
	t.Parallel()
	t.Run("late parent", func(t *testing.T) {
		t.Parallel()
		s := newModel()
		s.file(t, from("other@x"), "other")
		s.file(t, from("child@x", "parent@x"), "child")
		s.file(t, from("grandchild@x", "Parent@x", "child@x"), "grandchild")
		d := s.file(t, from("PARENT@x"), "parent")
		if d.Conversation != 2 || d.Rule != ByRelative || !slices.Equal(d.Before, []parley.MessageID{2}) {
			t.Errorf("decided %+v, want conversation 2 by e, before message 2", d)
		}
		if got := s.timeline(2); got != "parent child grandchild" {
			t.Errorf("the timeline reads %q", got)
		}
	})
	t.Run("late grandparent, then parent", func(t *testing.T) {
		t.Parallel()
		s := newModel()
		s.file(t, from("c@x", "a@x", "b@x"), "c")
		s.file(t, from("a@x"), "a")
		s.file(t, from("b@x", "a@x"), "b")
		if got := s.timeline(1); got != "a b c" {
			t.Errorf("the timeline reads %q", got)
		}
	})
	t.Run("late parent, then grandparent", func(t *testing.T) {
		t.Parallel()
		s := newModel()
		s.file(t, from("c@x", "a@x", "b@x"), "c")
		s.file(t, from("b@x", "a@x"), "b")
		s.file(t, from("a@x"), "a")
		if got := s.timeline(1); got != "a b c" {
			t.Errorf("the timeline reads %q", got)
		}
	})
	t.Run("late parent, at the same moment", func(t *testing.T) {
		t.Parallel()
		s := newModel()
		now := s.now
		s.file(t, with(from("b@x", "a@x"), func(in *Incoming) { in.ReceivedAt = now }), "b")
		s.file(t, with(from("a@x"), func(in *Incoming) { in.ReceivedAt = now }), "a")
		if got := s.timeline(1); got != "a b" {
			t.Errorf("the timeline reads %q", got)
		}
	})
	t.Run("the same missing ancestor", func(t *testing.T) {
		t.Parallel()
		s := newModel()
		s.file(t, from("b@x", "gone@x"), "b")
		if d := s.file(t, from("c@x", "GONE@x"), "c"); d.Conversation != 1 || d.Rule != ByRelative || d.At != s.now {
			t.Errorf("decided %+v, want conversation 1 by e, at its own time", d)
		}
	})
	t.Run("on this channel only", func(t *testing.T) {
		t.Parallel()
		s := newModel()
		s.file(t, with(from("b@x", "gone@x"), func(in *Incoming) { in.ChannelID, in.Recipients = sales, []string{"sales@ours.test"} }), "b")
		if d := s.file(t, from("c@x", "gone@x"), "c"); d.Conversation != 0 {
			t.Errorf("decided %+v, want a new conversation", d)
		}
	})
	t.Run("a person's address is no ancestor", func(t *testing.T) {
		t.Parallel()
		s := newModel()
		s.file(t, from("b@x", "Support@ours.test"), "b")
		if d := s.file(t, from("c@x", "support@ours.test"), "c"); d.Conversation != 0 {
			t.Errorf("decided %+v, want a new conversation", d)
		}
	})
}

func TestSubjectRule(t *testing.T) {
	t.Parallel()
	const days = 24 * time.Hour
	tests := map[string]struct {
		policy Policy
		later  time.Duration
		change func(*Incoming)
		conv   parley.ConversationID
		rule   Rule
	}{
		"off by default":    {DefaultPolicy, days, func(*Incoming) {}, 0, ""},
		"on":                {Policy{30 * days, 7 * days}, days, func(*Incoming) {}, 1, BySubject},
		"too late":          {Policy{30 * days, 7 * days}, 8 * days, func(*Incoming) {}, 0, ""},
		"another contact":   {Policy{30 * days, 7 * days}, days, func(in *Incoming) { in.ContactID = 2 }, 0, ""},
		"another subject":   {Policy{30 * days, 7 * days}, days, func(in *Incoming) { in.Subject = "Re: Orders" }, 0, ""},
		"another channel":   {Policy{30 * days, 7 * days}, days, func(in *Incoming) { in.ChannelID = sales }, 0, ""},
		"no subject":        {Policy{30 * days, 7 * days}, days, func(in *Incoming) { in.Subject = "Re: " }, 0, ""},
		"other rules first": {Policy{30 * days, 7 * days}, days, func(in *Incoming) { in.References = []string{"two@x"} }, 2, ByReceived},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newModel()
			s.policy = tt.policy
			s.file(t, from("one@x"), "one")
			s.file(t, with(from("two@x"), func(in *Incoming) { in.Subject, in.ContactID = "Something else", 9 }), "two")
			in := with(from("n@x"), func(in *Incoming) { in.Subject, in.ReceivedAt = "AW: Re: [Shop]  order", s.now.Add(tt.later) })
			if d := s.file(t, with(in, tt.change), "new"); d.Conversation != tt.conv || d.Rule != tt.rule {
				t.Errorf("decided %+v, want conversation %d by %q", d, tt.conv, tt.rule)
			}
		})
	}
}

func TestMergeOrLink(t *testing.T) {
	t.Parallel()
	tie := from("tie@x", "one@x", "two@x") // c: two first
	tests := map[string]struct {
		arrange func(s *model)
		conv    parley.ConversationID
		merge   []parley.ConversationID
		link    []parley.ConversationID
	}{
		"nobody of ours has written":   {func(*model) {}, 2, []parley.ConversationID{1}, nil},
		"our reply in the chosen one":  {func(s *model) { s.send(2, "r@ours", false) }, 2, nil, []parley.ConversationID{1}},
		"our reply in the other":       {func(s *model) { s.send(1, "r@ours", false) }, 2, nil, []parley.ConversationID{1}},
		"an autoresponder is no reply": {func(s *model) { s.send(1, "r@ours", true); s.send(2, "r2@ours", true) }, 2, []parley.ConversationID{1}, nil},
		"a person took a merge back":   {func(s *model) { s.conversations[1].MergeUndone = true }, 2, nil, []parley.ConversationID{1}},
		"one is in the trash":          {func(s *model) { s.conversations[1].Trashed = true }, 2, nil, []parley.ConversationID{1}},
		"one is spam":                  {func(s *model) { s.conversations[1].Spam = true }, 2, nil, []parley.ConversationID{1}},
		"one was closed long ago":      {func(s *model) { s.closeAt(1, s.now.AddDate(0, 0, -31)) }, 2, nil, []parley.ConversationID{1}},
		"one was closed lately":        {func(s *model) { s.closeAt(1, s.now) }, 2, []parley.ConversationID{1}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newModel()
			s.file(t, from("one@x"), "one")
			s.file(t, from("two@x"), "two")
			tt.arrange(s)
			d := s.file(t, tie, "tie")
			if d.Conversation != tt.conv || !slices.Equal(d.Merge, tt.merge) || !slices.Equal(d.Link, tt.link) {
				t.Errorf("decided %+v, want conversation %d, merge %v, link %v", d, tt.conv, tt.merge, tt.link)
			}
		})
	}
}

// Conversations of two channels are never merged, only linked.
func TestMergeStaysInAChannel(t *testing.T) {
	t.Parallel()
	s := newModel()
	s.file(t, from("one@x"), "one")
	s.send(1, "sent@ours", true)
	s.file(t, with(from("two@x"), func(in *Incoming) { in.ChannelID, in.Recipients = sales, []string{"sales@ours.test"} }), "two")
	d := s.file(t, with(from("n@x", "two@x", "sent@ours"), func(in *Incoming) { in.ChannelID, in.Recipients = sales, []string{"sales@ours.test"} }), "new")
	if d.Conversation != 1 || d.Merge != nil || !slices.Equal(d.Link, []parley.ConversationID{2}) {
		t.Errorf("decided %+v, want conversation 1 linked with 2", d)
	}
}

func TestTokenFollowsMerges(t *testing.T) {
	t.Parallel()
	s := newModel()
	s.file(t, from("one@x"), "one")
	_, token := s.send(1, "auto@ours", true)
	s.file(t, from("two@x"), "two")
	s.file(t, from("tie@x", "one@x", "two@x"), "tie")
	d := s.file(t, with(from("n@x"), func(in *Incoming) { in.Recipients = []string{"support+" + token + "@ours.test"} }), "new")
	if d.Conversation != 2 || d.Rule != ByToken {
		t.Errorf("decided %+v, want conversation 2, into which 1 was merged", d)
	}
}

func TestWanted(t *testing.T) {
	t.Parallel()
	long := from("<Me@X>")
	for i := range 1000 {
		long.References = append(long.References, "r"+strconv.Itoa(i)+"@x")
	}
	long.InReplyTo = []string{"<P@x>", "me@x", "ann@x.test", "not an id"}
	long.AddressTokens = []parley.ThreadToken{{ConversationID: 1, MessageID: 2}}
	long.BodyTokens = []parley.ThreadToken{{ConversationID: 1, MessageID: 2}, {ConversationID: 1, MessageID: 3}}
	q := Wanted(long, DefaultPolicy)
	if len(q.Named) != maxNamed || q.InternetID != "me@x" || q.Subject != "" {
		t.Errorf("asks for %d ids of %q, subject %q", len(q.Named), q.InternetID, q.Subject)
	}
	if diff := cmp.Diff([]string{"p@x", "r999@x", "r998@x"}, q.Named[:3]); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if want := []parley.ThreadToken{{ConversationID: 1, MessageID: 2}, {ConversationID: 1, MessageID: 3}}; !slices.Equal(q.Tokens, want) {
		t.Errorf("tokens %v, want %v", q.Tokens, want)
	}
}
