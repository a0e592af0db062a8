package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/thread"
)

func TestReplyJoins(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]func(o *office, m parley.Message) []string{
		"In-Reply-To": func(_ *office, m parley.Message) []string { return []string{"In-Reply-To: <" + m.InternetID + ">"} },
		"References": func(_ *office, m parley.Message) []string {
			return []string{"References: <gone@x> <" + m.InternetID + ">"}
		},
		"without case": func(_ *office, m parley.Message) []string {
			return []string{"In-Reply-To: <" + strings.ToUpper(m.InternetID) + ">"}
		},
		"token in To": func(o *office, m parley.Message) []string {
			return []string{"Delivered-To: support+" + o.token(m) + "@harbour.example"}
		},
		"a missing root": func(*office, parley.Message) []string { return []string{"References: <root@x.test>"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			first := o.deliver(mailOf("A@x.test", "one", "hello", "References: <root@x.test>"))
			seq := o.seq()
			second := o.deliver(mailOf("b@x.test", "two", "and?", header(o, o.message(first.MessageID))...))
			if first.ConversationID != second.ConversationID {
				t.Fatalf("filed in %d and %d", first.ConversationID, second.ConversationID)
			}
			if diff := cmp.Diff([]string{"message.received"}, o.kinds(seq)); diff != "" {
				t.Error(diff)
			}
			c := o.conversation(first.ConversationID)
			if c.MessageCount != 2 || c.Preview != "and?" || !c.LastMessageAt.Equal(o.clock.Now()) || !c.WaitingSince.Equal(o.clock.Now().Add(-time.Minute)) {
				t.Errorf("conversation %+v", c)
			}
			if o.message(second.MessageID).NewParticipant {
				t.Error("the one who began is called new")
			}
		})
	}
}

func (o *office) token(m parley.Message) string {
	return o.signer.Token(o.account.ID, m.ConversationID, m.ID)
}

func TestTokenInBody(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.deliver(mailOf("a@x.test", "one", "hello"))
	quote := "> " + thread.Marker(o.token(o.message(first.MessageID)))
	if e := o.deliver(mailOf("b@x.test", "Re: one", "and?\n\n"+quote)); e.ConversationID != first.ConversationID {
		t.Error("the token in the quoted text was not read")
	}
	forged := strings.Replace(quote, "[ref:", "[ref:a", 1)
	if e := o.deliver(mailOf("c@x.test", "Re: one", "and?\n\n"+forged)); e.ConversationID == first.ConversationID {
		t.Error("a forged token was believed")
	}
}

func TestStrangerInThread(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.deliver(mailOf("a@x.test", "one", "hello", "Cc: bob@y.test"))
	bob := o.deliver("From: bob@y.test\nMessage-ID: <b@y.test>\nIn-Reply-To: <a@x.test>\nSubject: bob\n\nhi\n")
	eve := o.deliver("From: Eve <eve@z.test>\nMessage-ID: <c@z.test>\nIn-Reply-To: <a@x.test>\nSubject: eve\n\nhi\n")
	if bob.ConversationID != first.ConversationID || eve.ConversationID != first.ConversationID {
		t.Fatal("not one conversation")
	}
	if o.message(bob.MessageID).NewParticipant || !o.message(eve.MessageID).NewParticipant {
		t.Error("only Eve is new to the thread")
	}
	if c := o.contact(o.message(eve.MessageID).ContactID); c.Name != "Eve" || c.ID == o.conversation(first.ConversationID).ContactID {
		t.Errorf("Eve is contact %+v", c)
	}
}

func TestCopies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first, second string
		outcome       parley.IntakeOutcome
		joins         bool
	}{
		"the same mail": {mailOf("a@x.test", "one", "hello"), mailOf("a@x.test", "one", "hello"), parley.BecameDuplicate, true},
		"by another way": {
			mailOf("a@x.test", "one", "hello"), "Received: by relay\n" + mailOf("A@X.test", "one", "hello"), parley.BecameDuplicate, true,
		},
		"the id again":           {mailOf("a@x.test", "one", "hello"), mailOf("a@x.test", "one", "something else"), parley.BecameMessage, true},
		"no id, the same":        {mailOf("", "one", "hello"), mailOf("", "one", "hello"), parley.BecameDuplicate, true},
		"no id, no date":         {"From: a@x.test\n\nalarm\n", "From: a@x.test\n\nalarm\n", parley.BecameMessage, false},
		"no id, something else":  {mailOf("", "one", "hello"), mailOf("", "one", "else"), parley.BecameMessage, false},
		"an empty id, the same":  {mailOf(" ", "one", "hello"), mailOf(" ", "one", "hello"), parley.BecameDuplicate, true},
		"an endless id, as none": {mailOf(strings.Repeat("a", 2000), "one", "hello"), mailOf(strings.Repeat("a", 2000), "two", "hello"), parley.BecameMessage, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			first := o.deliver(c.first)
			seq := o.seq()
			second := o.deliver(c.second)
			if second.Outcome != c.outcome || (second.ConversationID == first.ConversationID) != c.joins {
				t.Errorf("the second became a %s in %d, the first is in %d", second.Outcome, second.ConversationID, first.ConversationID)
			}
			if c.outcome == parley.BecameDuplicate && (second.MessageID != first.MessageID || len(o.events(seq)) != 0) {
				t.Errorf("the copy is message %d, and left %v", second.MessageID, o.kinds(seq))
			}
			if got := o.totals(); got != (parley.IntakeTotals{Accepted: 2, Filed: 2}) {
				t.Errorf("totals %+v", got)
			}
		})
	}
}

func TestReplyToClosed(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	tests := map[string]struct {
		after    time.Duration
		assignee func(o *office) parley.UserID // of the closed conversation
		reopens  bool
		keeps    bool // the assignee
	}{
		"soon":                      {29 * day, func(o *office) parley.UserID { return storetest.User(o.t, o.db, o.account.ID).UserID }, true, true},
		"soon, assignee left":       {29 * day, (*office).goneUser, true, false},
		"soon, nobody had it":       {29 * day, func(*office) parley.UserID { return 0 }, true, false},
		"late":                      {31 * day, func(o *office) parley.UserID { return storetest.User(o.t, o.db, o.account.ID).UserID }, false, true},
		"late, assignee left":       {31 * day, (*office).goneUser, false, false},
		"soon, assignee moved away": {29 * day, (*office).userOfAnotherInbox, true, false},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			standIn := storetest.User(t, o.db, o.account.ID).UserID
			rule := parley.AssignNamed
			if _, err := o.settings.UpdateInbox(t.Context(), o.owner, o.inbox.ID, setting.InboxChange{AssigneeRule: &rule, DefaultAssigneeID: &standIn}); err != nil {
				t.Fatal(err)
			}
			first := o.deliver(mailOf("a@x.test", "one", "hello"))
			had := c.assignee(o)
			o.change(first.ConversationID, func(c *parley.Conversation) { c.AssigneeID = had })
			o.close(first.ConversationID)
			o.clock.pass(c.after)
			seq := o.seq()
			second := o.deliver(mailOf("b@x.test", "two", "again", "In-Reply-To: <a@x.test>"))
			conv := o.conversation(second.ConversationID)
			if reopened := second.ConversationID == first.ConversationID; reopened != c.reopens {
				t.Fatalf("reopened: %v", reopened)
			}
			if conv.Status != parley.Open || conv.WaitingSince == nil || conv.UnreadSeq <= seq || !conv.AssigneeUnread {
				t.Errorf("conversation %+v", conv)
			}
			if !c.reopens && (conv.FollowUpOfID != first.ConversationID || o.conversation(first.ConversationID).Status != parley.Closed) {
				t.Errorf("follow-up of %d", conv.FollowUpOfID)
			}
			want := standIn
			if c.keeps {
				want = had
			}
			if conv.AssigneeID != want {
				t.Errorf("assigned to %d, want %d (had %d)", conv.AssigneeID, want, had)
			}
			kinds := strings.Join(o.kinds(seq), " ")
			if c.reopens && (!strings.HasPrefix(kinds, "conversation.reopened") || strings.Contains(kinds, "created")) || !c.reopens && !strings.HasPrefix(kinds, "conversation.created") {
				t.Errorf("events: %s", kinds)
			}
		})
	}
}

func (o *office) goneUser() parley.UserID {
	u := storetest.User(o.t, o.db, o.account.ID)
	o.disable(u.UserID)
	return u.UserID
}

func (o *office) userOfAnotherInbox() parley.UserID {
	in, err := o.settings.CreateInbox(o.t.Context(), o.owner, setting.InboxChange{Name: new("Other")})
	if err != nil {
		o.t.Fatal(err)
	}
	return storetest.User(o.t, o.db, o.account.ID, in.ID).UserID
}

// A late second reply finds the follow-up that the first one began.
func TestOneFollowUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.deliver(mailOf("a@x.test", "one", "hello"))
	o.close(first.ConversationID)
	o.clock.pass(40 * 24 * time.Hour)
	second := o.deliver(mailOf("b@x.test", "two", "again", "In-Reply-To: <a@x.test>"))
	third := o.deliver(mailOf("c@x.test", "three", "again!", "In-Reply-To: <a@x.test>"))
	if second.ConversationID == first.ConversationID || third.ConversationID != second.ConversationID {
		t.Errorf("filed in %d, %d and %d", first.ConversationID, second.ConversationID, third.ConversationID)
	}
}

// Whatever the order in which a thread comes in, it is one conversation and is
// read from the oldest to the newest.
func TestEveryOrderIsCausal(t *testing.T) {
	t.Parallel()
	const depth = 5
	o := newOffice(t)
	rounds := make([][]string, depth) // of each thread the first to come, the second to come …
	for order := range permutations(depth) {
		name := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(order)), ""), "[]")
		id := func(i int) string { return fmt.Sprintf("%s.%d@x.test", name, i) }
		for round, i := range order {
			var refs []string
			for j := range i {
				refs = append(refs, "<"+id(j)+">")
			}
			rounds[round] = append(rounds[round], mailOf(id(i), fmt.Sprintf("%s.%d", name, i), "hello", "References: "+strings.Join(refs, " ")))
		}
	}
	for _, mails := range rounds {
		o.clock.pass(time.Minute)
		o.storm(mails, 16)
		o.file()
	}
	o.checkThreads(len(rounds[0]), depth)
}

// permutations gives all orders of n things.
func permutations(n int) func(yield func([]int) bool) {
	return func(yield func([]int) bool) {
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		var walk func(k int) bool
		walk = func(k int) bool {
			if k == n {
				return yield(order)
			}
			for i := k; i < n; i++ {
				order[k], order[i] = order[i], order[k]
				ok := walk(k + 1)
				order[k], order[i] = order[i], order[k]
				if !ok {
					return false
				}
			}
			return true
		}
		walk(0)
	}
}

// A mail sent to two of our channels becomes two related conversations, and
// each goes on with the replies that its channel gets.
func TestTwoChannels(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sales := o.channel("sales@harbour.example")
	both := func(id, subject string, header ...string) (a, b parley.Intake) {
		o.clock.pass(time.Minute)
		mail := strings.Replace(mailOf(id, subject, "hello", header...), "To: support@harbour.example", "To: support@harbour.example, Sales@harbour.example", 1)
		for _, ch := range []parley.Channel{o.support, sales} {
			o.accept(o.raw(ch, mail))
			o.file()
		}
		all := o.entries()
		return all[1], all[0]
	}
	seq := o.seq()
	a, b := both("a@x.test", "one")
	if a.ConversationID == b.ConversationID || b.Outcome != parley.BecameMessage {
		t.Fatalf("filed in %d and %d, the second as a %s", a.ConversationID, b.ConversationID, b.Outcome)
	}
	kinds := strings.Join(o.kinds(seq), " ")
	if strings.Count(kinds, "contact.created") != 1 || strings.Count(kinds, "conversation.linked") != 2 {
		t.Errorf("events: %s", kinds)
	}
	c, d := both("b@x.test", "two", "In-Reply-To: <a@x.test>")
	if c.ConversationID != a.ConversationID || d.ConversationID != b.ConversationID {
		t.Errorf("the reply was filed in %d and %d, want %d and %d", c.ConversationID, d.ConversationID, a.ConversationID, b.ConversationID)
	}
	related, err := o.conversations.Related(t.Context(), o.owner, a.ConversationID)
	if err != nil || len(related) != 1 || related[0].ID != b.ConversationID {
		t.Errorf("related: %+v, %v", related, err)
	}
}

// One mail that ties two conversations together makes them one, unless one of
// our replies stands in either: then they are related.
func TestTyingMail(t *testing.T) {
	t.Parallel()
	for _, replied := range []bool{false, true} {
		t.Run(fmt.Sprintf("replied %v", replied), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			a := o.deliver(mailOf("a@x.test", "one", "hello"))
			b := o.deliver(mailOf("b@x.test", "two", "hello"))
			if replied {
				o.reply(o.conversation(b.ConversationID), "ours@harbour.example", parley.Sent, "ann@x.test")
			}
			c := o.deliver(mailOf("c@x.test", "three", "hello", "References: <a@x.test> <b@x.test>"))
			if c.ConversationID != b.ConversationID {
				t.Fatalf("filed in %d, want %d: the last of References is asked first", c.ConversationID, b.ConversationID)
			}
			first, second := o.conversation(a.ConversationID), o.conversation(b.ConversationID)
			if replied {
				if first.MergedIntoID != 0 || len(o.timeline(b.ConversationID)) != 3 {
					t.Errorf("merged: %+v", first)
				}
				if related, err := o.conversations.Related(t.Context(), o.owner, a.ConversationID); err != nil || len(related) == 0 || related[0].ID != b.ConversationID {
					t.Errorf("related: %+v, %v", related, err)
				}
				return
			}
			if first.MergedIntoID != b.ConversationID || second.MessageCount != 3 || !second.WaitingSince.Equal(*first.WaitingSince) {
				t.Errorf("first %+v, second %+v", first, second)
			}
			if diff := cmp.Diff([]string{"one", "two", "three"}, o.timeline(b.ConversationID)); diff != "" {
				t.Error(diff)
			}
			// A merge that a person took back is not made again by itself.
			if _, err := o.conversations.Unmerge(t.Context(), o.owner, a.ConversationID); err != nil {
				t.Fatal(err)
			}
			o.deliver(mailOf("d@x.test", "four", "hello", "References: <a@x.test> <b@x.test>"))
			if c := o.conversation(a.ConversationID); c.MergedIntoID != 0 {
				t.Error("merged again")
			}
		})
	}
}

// A flood of different mails with one Message-ID hides no copy of one of them.
func TestCopyInAFlood(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.deliver(mailOf("a@x.test", "one", "hello"))
	c := o.conversation(first.ConversationID)
	o.update(func(tx *store.Tx) error {
		for i := range 250 {
			m := parley.Message{
				AccountID: o.account.ID, ConversationID: c.ID, ChannelID: c.ChannelID, Direction: parley.Inbound, InternetID: "a@x.test",
				ContentHash: []byte(fmt.Sprint(i)), At: tx.Now(), ReceivedAt: tx.Now(), Named: parley.Strings{},
			}
			if err := tx.InsertMessage(t.Context(), &m, parley.Body{}); err != nil {
				return err
			}
		}
		return nil
	})
	last := o.deliver(mailOf("a@x.test", "one", "the last of the flood"))
	again := o.deliver(mailOf("a@x.test", "one", "the last of the flood"))
	if last.Outcome != parley.BecameMessage || again.Outcome != parley.BecameDuplicate || again.MessageID != last.MessageID {
		t.Errorf("became a %s, then a %s of %d (want %d)", last.Outcome, again.Outcome, again.MessageID, last.MessageID)
	}
}

// Mails that are filed in one transaction can make and merge conversations in
// it: what was news in one is news in the other.
func TestMergeWithinATransaction(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	seq := o.seq()
	for _, m := range []string{mailOf("a@x.test", "one", "hello"), mailOf("b@x.test", "two", "hello"), mailOf("c@x.test", "three", "hello", "References: <gone@x.test> <a@x.test> <b@x.test>")} {
		o.accept(o.raw(o.support, m))
	}
	o.file()
	entries := o.entries()
	a, b := o.message(entries[2].MessageID).ConversationID, o.message(entries[1].MessageID).ConversationID
	if a != b || o.conversation(b).MessageCount != 3 {
		t.Fatalf("filed in %d and %d", a, b)
	}
	news := map[parley.EventKind]int{}
	for _, e := range o.events(seq) {
		if e.ConversationID == b {
			news[e.Kind]++
		}
	}
	want := map[parley.EventKind]int{parley.ConversationCreated: 2, parley.MessageReceived: 3, parley.ConversationMerged: 1}
	if diff := cmp.Diff(want, news); diff != "" {
		t.Error(diff)
	}
	last := o.messages(b)[2].Seq
	if c := o.conversation(b); c.UnreadSeq != last || c.LastSeq != last {
		t.Errorf("unread to %d, last %d, want %d", c.UnreadSeq, c.LastSeq, last)
	}
}
