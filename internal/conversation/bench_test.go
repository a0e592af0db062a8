package conversation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

const (
	benchConversations = 20_000
	benchMessages      = 5 // a conversation, 50 in every hundredth
)

// vocabulary is many words, each as often as Zipf says.
type vocabulary struct {
	words []string
	zipf  *rand.Zipf
	rand  *rand.Rand
}

func newVocabulary() vocabulary {
	r := rand.New(rand.NewPCG(5, 6))
	syllables := strings.Fields("ba be bi bo bu da de di do fa fe fi ga ge go ha he hi in jo ka ke ki la le li lo ma me mi mo na ne ni no or pa pe pi po ra re ri ro sa se si so ta te ti to un va ve vi wa we wi ya yo za zo con tion ing ter ver pro com est ent")
	v := vocabulary{zipf: rand.NewZipf(r, 1.07, 8, 30_000), rand: r}
	for range 30_001 {
		var w strings.Builder
		for range 1 + r.IntN(4) {
			w.WriteString(syllables[r.IntN(len(syllables))])
		}
		v.words = append(v.words, w.String())
	}
	return v
}

func (v vocabulary) text(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = v.words[v.zipf.Uint64()]
	}
	return strings.Join(out, " ")
}

// BenchmarkInbox prints how long a list, opening a conversation and a search take.
//
//	go test ./internal/conversation -run - -bench Inbox -benchtime 300x
func BenchmarkInbox(b *testing.B) {
	w := newWorld(b)
	v := newVocabulary()
	start := time.Now()
	long := w.seed(b, v)
	b.Logf("%d conversations seeded, %v a message", benchConversations, time.Since(start)/(benchConversations*benchMessages))
	users := map[string]parley.Actor{"owner": w.owner, "agent": w.agent, "here": w.here}
	for _, view := range conversation.Views {
		for _, sort := range []parley.Sort{parley.Newest, parley.Added, parley.Waiting} {
			w.measure(b, fmt.Sprintf("list/%s/%s", view, sort), func(i int) error {
				_, err := w.svc.List(b.Context(), users[[]string{"owner", "agent", "here"}[i%3]], conversation.Filter{View: view, Sort: sort, Limit: 50})
				return err
			})
		}
	}
	w.measure(b, "counts", func(int) error {
		_, err := w.svc.Counts(b.Context(), w.agent, 0)
		return err
	})
	w.measure(b, "open 50 messages", func(i int) error {
		id := long[i%len(long)]
		if _, err := w.svc.Get(b.Context(), w.owner, id); err != nil {
			return err
		}
		_, _, err := w.svc.Timeline(b.Context(), w.owner, id, conversation.TimelineQuery{Limit: 100, Newest: true, HTML: true})
		return err
	})
	w.measure(b, "search/one word", func(int) error { return w.find(b, v.words[v.zipf.Uint64()], "") })
	w.measure(b, "search/rare word", func(int) error { return w.find(b, v.words[10_000+v.rand.IntN(20_000)], "") })
	w.measure(b, "search/no match", func(int) error { return w.find(b, "xyzzy", "") })
	w.measure(b, "search/two words", func(int) error { return w.find(b, v.text(2), "") })
	w.measure(b, "search/three letters", func(int) error { return w.find(b, v.words[v.zipf.Uint64()][:2], "") })
	w.measure(b, "search/a small view", func(int) error { return w.find(b, v.words[v.zipf.Uint64()], parley.ViewFailed) })
	w.measure(b, "search/one in four", func(int) error { return w.find(b, v.words[v.zipf.Uint64()], parley.ViewClosed) })
}

func (w world) find(b *testing.B, q string, view parley.View) error {
	_, err := w.svc.List(b.Context(), w.owner, conversation.Filter{Query: q, View: view, Limit: 50})
	return err
}

func (w world) measure(b *testing.B, name string, do func(i int) error) {
	b.Run(name, func(b *testing.B) {
		var took []time.Duration
		for i := 0; b.Loop(); i++ {
			start := time.Now()
			if err := do(i); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	})
}

// seed fills the account and gives the conversations with 50 messages.
func (w world) seed(b *testing.B, v vocabulary) (long []parley.ConversationID) {
	b.Helper()
	var contacts []parley.ContactID
	storetest.Update(b, w.db, func(tx *store.Tx) error {
		for i := range benchConversations / 4 {
			email := fmt.Sprintf("c%d@x.example", i)
			c := parley.Contact{AccountID: w.owner.AccountID, Name: v.text(2), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Points: []parley.Point{{Kind: parley.PointEmail, Value: email, Key: email}}}
			if err := tx.InsertContact(b.Context(), &c); err != nil {
				return err
			}
			contacts = append(contacts, c.ID)
		}
		return nil
	})
	for from := 0; from < benchConversations; from += 200 {
		storetest.Update(b, w.db, func(tx *store.Tx) error {
			for i := from; i < from+200; i++ {
				n := benchMessages
				if i%100 == 0 {
					n = 50
				}
				id, err := w.plant(b, tx, v, contacts[v.rand.IntN(len(contacts))], i, n)
				if err != nil {
					return err
				}
				if n == 50 {
					long = append(long, id)
				}
			}
			return nil
		})
	}
	return long
}

func (w world) plant(b *testing.B, tx *store.Tx, v vocabulary, contact parley.ContactID, i, n int) (parley.ConversationID, error) {
	at := noon.Add(time.Duration(i) * time.Minute)
	c := storetest.Conversation([]parley.Channel{w.first, w.other}[i%2], contact, at)
	c.Subject = v.text(5)
	c.AssigneeID = []parley.UserID{0, w.owner.UserID, w.agent.UserID}[i%3]
	if err := tx.InsertConversation(b.Context(), &c); err != nil {
		return 0, err
	}
	for range n {
		at = at.Add(time.Minute)
		m := parley.Message{
			AccountID: c.AccountID, ConversationID: c.ID, ChannelID: c.ChannelID, ContactID: contact, Direction: parley.Inbound, At: at, ReceivedAt: at,
			FromName: "Ann", FromEmail: "ann@x.example", Subject: c.Subject, Preview: v.text(10),
		}
		conversation.Received(&c, m)
		text := v.text(80)
		if err := tx.InsertMessage(b.Context(), &m, parley.Body{Text: text, VisibleText: text, HTML: "<p>" + text + "</p>"}); err != nil {
			return 0, err
		}
		tx.AppendEvent(&parley.Event{AccountID: c.AccountID, Kind: parley.MessageReceived, ConversationID: c.ID, MessageID: m.ID, InboxID: c.InboxID})
	}
	if i%4 == 0 {
		conversation.Closed(&c, at)
	}
	if i%500 == 0 {
		c.FailedCount = 1
	}
	return c.ID, tx.UpdateConversation(b.Context(), &c)
}
