package conversation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// world is an account with two inboxes, the people who see them, and a contact.
type world struct {
	db           *store.DB
	svc          *conversation.Service
	settings     *setting.Service
	owner        parley.Actor
	agent        parley.Actor // sees both inboxes
	here         parley.Actor // sees the first inbox alone
	first, other parley.Channel
	contact      parley.Contact
}

func newWorld(t testing.TB, opts ...storetest.Option) world {
	t.Helper()
	w := world{db: storetest.Open(t, opts...)}
	w.settings = setting.New(setting.Options{DB: w.db})
	w.svc = conversation.New(w.db, w.settings)
	w.account(t)
	return w
}

// account fills w with a fresh account in the same database.
func (w *world) account(t testing.TB) {
	t.Helper()
	a, owner := storetest.Account(t, w.db)
	w.owner = owner
	w.first, w.other = storetest.Channel(t, w.db, a.ID), storetest.Channel(t, w.db, a.ID)
	w.agent = storetest.User(t, w.db, a.ID, w.first.InboxID, w.other.InboxID)
	w.here = storetest.User(t, w.db, a.ID, w.first.InboxID)
	w.contact = storetest.Contact(t, w.db, a.ID, "Ann Archer", fmt.Sprintf("ann%d@x.example", a.ID))
}

// receive files a message of a contact: in c, or in a new conversation on ch.
func (w world) receive(t testing.TB, ch parley.Channel, c parley.ConversationID, contact parley.ContactID, text string) parley.Conversation {
	t.Helper()
	var out parley.Conversation
	storetest.Update(t, w.db, func(tx *store.Tx) error {
		m := parley.Message{
			AccountID: ch.AccountID, ChannelID: ch.ID, ContactID: contact, Direction: parley.Inbound, At: tx.Now(), ReceivedAt: tx.Now(),
			FromName: "Ann", FromEmail: "ann@x.example", To: parley.Addresses{{Email: ch.Address}}, Subject: text, Preview: text,
		}
		var err error
		if c == 0 {
			out = storetest.Conversation(ch, contact, tx.Now())
			out.Subject = text
			conversation.Received(&out, m)
			err = tx.InsertConversation(t.Context(), &out)
		} else if out, err = tx.LockConversation(t.Context(), ch.AccountID, c); err == nil {
			conversation.Received(&out, m)
			err = tx.UpdateConversation(t.Context(), &out)
		}
		if err != nil {
			return err
		}
		m.ConversationID = out.ID
		if err := tx.InsertMessage(t.Context(), &m, parley.Body{Text: text, HTML: "<p>" + text + "</p>", QuoteAt: -1}); err != nil {
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: ch.AccountID, Kind: parley.MessageReceived, ConversationID: out.ID, MessageID: m.ID, InboxID: out.InboxID})
		return nil
	})
	return w.load(t, out.ID)
}

// reply queues a message of a user.
func (w world) reply(t testing.TB, actor parley.Actor, c parley.ConversationID, text string) {
	t.Helper()
	storetest.Update(t, w.db, func(tx *store.Tx) error {
		conv, err := tx.LockConversation(t.Context(), actor.AccountID, c)
		if err != nil {
			return err
		}
		m := parley.Message{
			AccountID: conv.AccountID, ConversationID: conv.ID, ChannelID: conv.ChannelID, AuthorID: actor.UserID, Direction: parley.Outbound, Kind: parley.KindReply,
			At: tx.Now(), ReceivedAt: tx.Now(), Preview: text, Delivery: parley.Queued,
			Recipients: []parley.Recipient{{Kind: parley.RcptTo, Address: "ann@x.example", Delivery: parley.Queued}},
		}
		conversation.Composed(&conv, m)
		conversation.Replied(&conv, m, tx.Now())
		if err := tx.InsertMessage(t.Context(), &m, parley.Body{Text: text, QuoteAt: -1}); err != nil {
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: conv.AccountID, Kind: parley.MessageQueued, ActorID: actor.UserID, ConversationID: conv.ID, MessageID: m.ID, InboxID: conv.InboxID})
		return tx.UpdateConversation(t.Context(), &conv)
	})
}

// draft starts a conversation in which nothing was sent.
func (w world) draft(t testing.TB, creator parley.Actor, ch parley.Channel) parley.Conversation {
	t.Helper()
	var c parley.Conversation
	storetest.Update(t, w.db, func(tx *store.Tx) error {
		c = storetest.Conversation(ch, w.contact.ID, tx.Now())
		c.Draft, c.CreatorID, c.Source = true, creator.UserID, parley.FromUser
		return tx.InsertConversation(t.Context(), &c)
	})
	return c
}

func (w world) load(t testing.TB, id parley.ConversationID) parley.Conversation {
	t.Helper()
	var c parley.Conversation
	storetest.View(t, w.db, func(tx *store.Tx) (err error) {
		c, err = tx.ConversationByID(t.Context(), w.owner.AccountID, id)
		return err
	})
	return c
}

// seq is the number of the newest event, to look from there on.
func (w world) seq(t testing.TB) parley.Seq {
	t.Helper()
	var seq parley.Seq
	storetest.View(t, w.db, func(tx *store.Tx) (err error) {
		seq, err = tx.LastSeq(t.Context(), w.owner.AccountID)
		return err
	})
	return seq
}

// since lists the events after a number: kind, inbox, for whom, data.
func (w world) since(t testing.TB, after parley.Seq) []string {
	t.Helper()
	var out []string
	storetest.View(t, w.db, func(tx *store.Tx) error {
		events, err := tx.ListEventsAfter(t.Context(), w.owner.AccountID, after, 1000)
		for _, e := range events {
			out = append(out, fmt.Sprintf("%s by %d in %d for %d %s", e.Kind, e.ActorID, e.InboxID, e.UserID, compact(e.Data)))
		}
		return err
	})
	return out
}

func compact(j parley.JSON) string {
	out := ""
	for _, r := range string(j) {
		if r != ' ' {
			out += string(r)
		}
	}
	return out
}

func equal(t testing.TB, what string, want, got any, opts ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time          { return c.at }
func (c *clock) pass(d time.Duration)    { c.at = c.at.Add(d) }
func code(err error, c parley.Code) bool { return parley.IsCode(err, c) }
