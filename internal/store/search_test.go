package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// mails is a database with one message in each conversation.
type mails struct {
	db    *store.DB
	actor parley.Actor
	ch    parley.Channel
	other parley.Channel // in an inbox of its own
}

func newMails(t testing.TB) mails {
	t.Helper()
	db := storetest.Open(t)
	a, actor := storetest.Account(t, db)
	return mails{db, actor, storetest.Channel(t, db, a.ID), storetest.Channel(t, db, a.ID)}
}

// file puts a message into a new conversation of a contact, or into one that is there.
func (m mails) file(t testing.TB, ch parley.Channel, c *parley.Conversation, contact parley.ContactID, subject, text string) {
	t.Helper()
	storetest.Update(t, m.db, func(tx *store.Tx) error { return fileIn(t.Context(), tx, ch, c, contact, subject, text) })
}

func fileIn(ctx context.Context, tx *store.Tx, ch parley.Channel, c *parley.Conversation, contact parley.ContactID, subject, text string) error {
	if c.ID == 0 {
		*c = storetest.Conversation(ch, contact, tx.Now())
		c.Subject = subject
		if err := tx.InsertConversation(ctx, c); err != nil {
			return err
		}
	}
	msg := parley.Message{
		AccountID: c.AccountID, ConversationID: c.ID, ChannelID: c.ChannelID, ContactID: contact, Direction: parley.Inbound,
		At: tx.Now(), ReceivedAt: tx.Now(), Subject: subject,
	}
	return tx.InsertMessage(ctx, &msg, parley.Body{Text: text, QuoteAt: -1})
}

func (m mails) search(t testing.TB, actor parley.Actor, q store.ListQuery, text string) []parley.ConversationID {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 50
	}
	var out []parley.ConversationID
	var before parley.MessageID
	for {
		var page store.SearchPage
		storetest.View(t, m.db, func(tx *store.Tx) (err error) {
			page, err = tx.SearchConversations(t.Context(), actor, q, text, before)
			return err
		})
		out = append(out, page.IDs...)
		if page.Before == 0 {
			return out
		}
		before = page.Before
	}
}

func TestSearchFindsWords(t *testing.T) {
	t.Parallel()
	m := newMails(t)
	zoe := storetest.Contact(t, m.db, m.actor.AccountID, "Zoë Ångström", "zoe@harbour.example")
	bob := storetest.Contact(t, m.db, m.actor.AccountID, "Bob O'Brien", "bob.obrien@mail.example")
	var tyre, brake, tokyo, straße parley.Conversation
	m.file(t, m.ch, &tyre, zoe.ID, "My tyre is flat", "The front wheel, order ABC-123. Grüße")
	m.file(t, m.ch, &tyre, zoe.ID, "Re: My tyre is flat", "any news?")
	m.file(t, m.ch, &brake, bob.ID, "Brakes squeal", "They squeal when it rains. Naïve me. Call +44 7700 900123")
	m.file(t, m.ch, &tokyo, bob.ID, "東京タワー", "明日は 雨 です。 สวัสดีครับ Здравствуйте ёлка 안녕하세요 ﬁnance ２０２６")
	m.file(t, m.ch, &straße, zoe.ID, "Straße", "don't stop_here 😀 http://shop.example/bikes?id=9 and ŁÓDŹ")

	tests := []struct {
		q    string
		want []parley.ConversationID
	}{
		{"flat", []parley.ConversationID{tyre.ID}},
		{"FLAT tyre", []parley.ConversationID{tyre.ID}},
		{"ty", []parley.ConversationID{tyre.ID}},
		{"ty flat", nil}, // only the last word may be a beginning
		{`"ty"`, nil},
		{`"tyre" fl`, []parley.ConversationID{tyre.ID}},
		{"squeal tyre", nil},
		{"abc-123", []parley.ConversationID{tyre.ID}},
		{"grusse", []parley.ConversationID{tyre.ID}},
		{"grüße", []parley.ConversationID{tyre.ID}},
		{"grusse order", []parley.ConversationID{tyre.ID}},
		{"gruße", []parley.ConversationID{tyre.ID}},
		{"naive", []parley.ConversationID{brake.ID}},
		{"NAÏVE", []parley.ConversationID{brake.ID}},
		{"strasse", []parley.ConversationID{straße.ID}},
		{"STRASSE", []parley.ConversationID{straße.ID}},
		{"lodz", []parley.ConversationID{straße.ID}},
		{"shop.example", []parley.ConversationID{straße.ID}},
		{"don't", []parley.ConversationID{straße.ID}},
		{"stop_here", []parley.ConversationID{straße.ID}},
		{"東京", []parley.ConversationID{tokyo.ID}},
		{"京", []parley.ConversationID{tokyo.ID}},
		{"タワー", []parley.ConversationID{tokyo.ID}},
		{"雨", []parley.ConversationID{tokyo.ID}},
		{"京東", nil},
		{"здравствуйте", []parley.ConversationID{tokyo.ID}},
		{"елка", []parley.ConversationID{tokyo.ID}},
		{"안녕", []parley.ConversationID{tokyo.ID}},
		{"finance", []parley.ConversationID{tokyo.ID}},
		{"2026", []parley.ConversationID{tokyo.ID}},
		{"สวัสดี", []parley.ConversationID{tokyo.ID}},
		{"zoe", []parley.ConversationID{straße.ID, tyre.ID}},
		{"angstrom", []parley.ConversationID{straße.ID, tyre.ID}},
		{"angst tyre", nil},
		{"angstrom tyre", []parley.ConversationID{tyre.ID}},
		{"zoe@harbour.example", []parley.ConversationID{straße.ID, tyre.ID}},
		{"<ZOE@Harbour.example>", []parley.ConversationID{straße.ID, tyre.ID}},
		{"zoe@harb", []parley.ConversationID{straße.ID, tyre.ID}},
		{"@harbour.example", []parley.ConversationID{straße.ID, tyre.ID}},
		{"o'brien", []parley.ConversationID{tokyo.ID, brake.ID}},
		{"bob squeal", []parley.ConversationID{brake.ID}},
		{"7700 900123", []parley.ConversationID{brake.ID}},
		{fmt.Sprintf("#%d", brake.Number), []parley.ConversationID{brake.ID}},
		{fmt.Sprintf(" #%d ", tyre.Number), []parley.ConversationID{tyre.ID}},
		{"#999999", nil},
		{"#", nil},
		{"", nil},
		{"   ", nil},
		{"!!!", nil},
		{"nothingofthekind", nil},
	}
	for _, when := range []string{"as soon as they are filed", "in the index"} {
		for _, test := range tests {
			if diff := cmp.Diff(test.want, m.search(t, m.actor, store.ListQuery{}, test.q)); diff != "" {
				t.Errorf("%s, %q:\n%s", when, test.q, diff)
			}
		}
		m.fill(t)
	}
}

// fill files so many messages of a stranger that all before them are in the index.
func (m mails) fill(t testing.TB) {
	t.Helper()
	stranger := storetest.Contact(t, m.db, m.actor.AccountID, "Qqq", "qqq@q.test")
	storetest.Update(t, m.db, func(tx *store.Tx) error {
		var c parley.Conversation
		for range 200 {
			if err := fileIn(t.Context(), tx, m.ch, &c, stranger.ID, "qqq", "qqq"); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestSearchFollowsChanges(t *testing.T) {
	t.Parallel()
	m := newMails(t)
	ann := storetest.Contact(t, m.db, m.actor.AccountID, "Ann Old", "ann@x.example")
	ben := storetest.Contact(t, m.db, m.actor.AccountID, "Ben", "ben@x.example")
	var c parley.Conversation
	m.file(t, m.ch, &c, ann.ID, "First subject", "hello")
	m.fill(t)
	one := []parley.ConversationID{c.ID}
	storetest.Update(t, m.db, func(tx *store.Tx) error {
		ann.Name = "Anna Newname"
		return tx.UpdateContact(t.Context(), &ann)
	})
	if got := m.search(t, m.actor, store.ListQuery{}, "newname"); !slices.Equal(got, one) {
		t.Errorf("by the contact's new name: %v", got)
	}
	if got := m.search(t, m.actor, store.ListQuery{}, "old"); got != nil {
		t.Errorf("by the contact's old name: %v", got)
	}
	storetest.Update(t, m.db, func(tx *store.Tx) error {
		c, err := tx.LockConversation(t.Context(), c.AccountID, c.ID)
		if err != nil {
			return err
		}
		c.Subject, c.ContactID = "Second thing", ben.ID
		if err := tx.UpdateConversation(t.Context(), &c); err != nil {
			return err
		}
		return tx.ReindexConversation(t.Context(), c.AccountID, c.ID)
	})
	for q, want := range map[string][]parley.ConversationID{"second": one, "ben": one, "hello": one, "newname": nil} {
		if got := m.search(t, m.actor, store.ListQuery{}, q); !slices.Equal(got, want) {
			t.Errorf("after the change, %q: %v, want %v", q, got, want)
		}
	}
}

func TestSearchKeepsToWhatMayBeSeen(t *testing.T) {
	t.Parallel()
	m := newMails(t)
	contact := storetest.Contact(t, m.db, m.actor.AccountID, "Ann", "ann@x.example")
	var here, there parley.Conversation
	m.file(t, m.ch, &here, contact.ID, "pump", "a pump")
	m.file(t, m.other, &there, contact.ID, "pump", "a pump")
	_, stranger := storetest.Account(t, m.db)
	agent := storetest.User(t, m.db, m.actor.AccountID, m.ch.InboxID)
	blind := parley.Actor{AccountID: m.actor.AccountID, UserID: agent.UserID, Role: parley.Agent}
	tests := []struct {
		who   string
		actor parley.Actor
		want  []parley.ConversationID
	}{
		{"owner", m.actor, []parley.ConversationID{there.ID, here.ID}},
		{"agent of one inbox", agent, []parley.ConversationID{here.ID}},
		{"agent of none", blind, nil},
		{"another account", stranger, nil},
	}
	for _, test := range tests {
		for _, q := range []string{"pump", "ann", "ann@x.example", "pu"} {
			if diff := cmp.Diff(test.want, m.search(t, test.actor, store.ListQuery{}, q)); diff != "" {
				t.Errorf("%s, %q:\n%s", test.who, q, diff)
			}
		}
	}
	for _, actor := range []parley.Actor{agent, blind, stranger} {
		if got := m.search(t, actor, store.ListQuery{}, fmt.Sprintf("#%d", there.Number)); slices.Contains(got, there.ID) {
			t.Errorf("found by its number: %v", got)
		}
	}
}

// A search within a view must be the view without those that do not match, in
// whichever of its ways the search finds them.
func TestSearchIsTheViewNarrowed(t *testing.T) {
	t.Parallel()
	m := newMails(t)
	r := rand.New(rand.NewPCG(3, 4))
	vocabulary := []string{"pump", "tyre", "brake", "chain", "bell", "wheel", "pumpkin", "tire"}
	contacts := []parley.Contact{
		storetest.Contact(t, m.db, m.actor.AccountID, "Bell Tyreman", "bell@x.example"),
		storetest.Contact(t, m.db, m.actor.AccountID, "Carl", "pump@y.example"),
	}
	type filed struct {
		parley.Conversation
		texts []string
	}
	all := make([]filed, 400)
	storetest.Update(t, m.db, func(tx *store.Tx) error {
		for range 1000 {
			f := &all[r.IntN(len(all))]
			text := strings.Join([]string{vocabulary[r.IntN(8)], vocabulary[r.IntN(8)], vocabulary[r.IntN(8)]}, " ")
			ch, contact := []parley.Channel{m.ch, m.other}[r.IntN(2)], contacts[r.IntN(2)].ID
			if err := fileIn(t.Context(), tx, ch, &f.Conversation, contact, "", text); err != nil {
				return err
			}
			f.texts = append(f.texts, text)
		}
		for i := range all {
			if c := &all[i].Conversation; c.ID != 0 && i%3 == 0 {
				c.Status, c.Spam = parley.Closed, i%30 == 0
				if err := tx.UpdateConversation(t.Context(), c); err != nil {
					return err
				}
			}
		}
		return nil
	})
	matches := func(f filed, q ...string) bool {
		who := "bell tyreman bell x example"
		if f.ContactID == contacts[1].ID {
			who = "carl pump y example"
		}
		return slices.ContainsFunc(f.texts, func(text string) bool {
			words := strings.Fields(text + " " + who)
			for i, w := range q {
				if !slices.ContainsFunc(words, func(x string) bool { return x == w || i == len(q)-1 && strings.HasPrefix(x, w) }) {
					return false
				}
			}
			return true
		})
	}
	for _, view := range []parley.View{"", parley.AllOpen, parley.ViewClosed, parley.ViewSpam} {
		for _, q := range []string{"pump", "pump tyre", "wheel bell", "carl chain", "pumpkin", "ti", "bell"} {
			for _, inbox := range []parley.InboxID{0, m.other.InboxID} {
				var want []parley.ConversationID
				for _, f := range all {
					if f.ID != 0 && (inbox == 0 || f.InboxID == inbox) && inView(f.Conversation, m.actor, view) && matches(f, strings.Fields(q)...) {
						want = append(want, f.ID)
					}
				}
				got := m.search(t, m.actor, store.ListQuery{View: view, InboxID: inbox, Limit: 7}, q)
				slices.Sort(got)
				slices.Sort(want)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("view %q, inbox %d, %q:\n%s", view, inbox, q, diff)
				}
			}
		}
	}
}

// Whatever is typed is a search, never a fault.
func FuzzSearch(f *testing.F) {
	for _, q := range []string{`"`, `""`, `a"b`, `'`, `\`, "*", "a*", "-a", "NEAR(a b)", "a AND", "OR", "a:b", ":1", "00c:x", "^a", "{a}", "#", "#-1", "#99999999999999999999", "@", "a@b", "%_", "\x00", "\xff\xfe", "ｆｏｏ", "🙂🙂", "́", "a' OR 1=1 --", "'a' & !'b'", "<->", "東", "+49 (0) 30"} {
		f.Add(q)
	}
	m := newMails(f)
	contact := storetest.Contact(f, m.db, m.actor.AccountID, "Ann", "ann@x.example")
	var c parley.Conversation
	m.file(f, m.ch, &c, contact.ID, "pump", "a pump")
	f.Fuzz(func(t *testing.T, q string) {
		m.search(t, m.actor, store.ListQuery{}, q)
		m.search(t, m.actor, store.ListQuery{View: parley.AllOpen}, q)
		storetest.View(t, m.db, func(tx *store.Tx) error {
			_, err := tx.SearchContacts(t.Context(), m.actor.AccountID, q, 10)
			return err
		})
		var filed parley.Conversation
		if strings.ToValidUTF8(q, "") == q && !strings.Contains(q, "\x00") { // what mime hands on
			m.file(t, m.ch, &filed, contact.ID, q, q)
		}
	})
}
