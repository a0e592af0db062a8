package store_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// world is an account with two channels, and what was filed in it.
type world struct {
	db       *store.DB
	account  parley.AccountID
	channels []parley.Channel
	contact  parley.Contact
	convs    []parley.Conversation
	messages []parley.Message
	start    time.Time
}

func newWorld(t testing.TB, db *store.DB, conversations int) *world {
	t.Helper()
	a, _ := storetest.Account(t, db)
	w := &world{db: db, account: a.ID, start: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	w.channels = []parley.Channel{storetest.Channel(t, db, a.ID), storetest.Channel(t, db, a.ID)}
	w.contact = storetest.Contact(t, db, a.ID, "Ann", "ann@x.test")
	storetest.Update(t, db, func(tx *store.Tx) error {
		for i := range conversations {
			c := storetest.Conversation(w.channels[i%2], w.contact.ID, w.start)
			if err := tx.InsertConversation(t.Context(), &c); err != nil {
				return err
			}
			w.convs = append(w.convs, c)
		}
		return nil
	})
	return w
}

// file writes a message into the n-th conversation.
func (w *world) file(t testing.TB, tx *store.Tx, conv int, m parley.Message) parley.Message {
	t.Helper()
	m.AccountID, m.ConversationID, m.ChannelID = w.account, w.convs[conv].ID, w.convs[conv].ChannelID
	m.At = w.start.Add(time.Duration(len(w.messages)) * time.Minute)
	m.ReceivedAt = m.At
	if m.Direction == "" {
		m.Direction = parley.Inbound
	}
	if m.Named == nil {
		m.Named = parley.Strings{}
	}
	if err := tx.InsertMessage(t.Context(), &m, parley.Body{}); err != nil {
		t.Fatal(err)
	}
	w.messages = append(w.messages, m)
	return m
}

func (w *world) ask(t testing.TB, q parley.ThreadQuery) (ev parley.ThreadEvidence) {
	t.Helper()
	q.AccountID = w.account
	storetest.Update(t, w.db, func(tx *store.Tx) (err error) {
		ev, err = tx.ThreadEvidence(t.Context(), q, nil)
		return err
	})
	for _, list := range [][]parley.ThreadHit{ev.Tokens, ev.Sent, ev.Received, ev.Same, ev.Children, ev.Siblings} {
		sortHits(list)
	}
	return ev
}

func sortHits(list []parley.ThreadHit) {
	slices.SortFunc(list, func(a, b parley.ThreadHit) int {
		return cmp.Or(cmp.Compare(a.InternetID, b.InternetID), cmp.Compare(a.MessageID, b.MessageID))
	})
}

// plain answers a query as the documents of ThreadEvidence put it, by loops over all messages.
func (w *world) plain(q parley.ThreadQuery) (ev parley.ThreadEvidence) {
	once := map[string]bool{}
	first := func(list *[]parley.ThreadHit, kind, id string, m parley.Message) {
		key := fmt.Sprint(kind, "|", id, "|", m.ConversationID)
		if !once[key] {
			once[key] = true
			h := parley.ThreadHit{InternetID: id, MessageID: m.ID, ConversationID: m.ConversationID, ChannelID: m.ChannelID}
			if kind == "received" {
				h.At = m.At
			}
			*list = append(*list, h)
		}
	}
	for _, m := range w.messages {
		key := parley.InternetKey(m.InternetID)
		here := m.ChannelID == q.ChannelID && m.Direction == parley.Inbound
		switch named := slices.Contains(q.Named, key) && key != q.InternetID; {
		case named && m.Direction == parley.Outbound:
			ev.Sent = append(ev.Sent, parley.ThreadHit{InternetID: key, MessageID: m.ID, ConversationID: m.ConversationID, ChannelID: m.ChannelID, At: m.At})
		case named && here:
			first(&ev.Received, "received", key, m)
		}
		equal := len(q.ContentHash) > 0 && bytes.Equal(m.ContentHash, q.ContentHash)
		if key == q.InternetID && (key != "" || equal && here) {
			w.plainSame(&ev, m, key, equal)
		}
	}
	for _, m := range slices.Backward(w.messages) {
		for _, id := range m.Named {
			if m.ChannelID == q.ChannelID && m.Direction == parley.Inbound && slices.Contains(q.Named, id) {
				first(&ev.Siblings, "sibling", id, m)
			}
		}
	}
	w.plainChildren(&ev, q)
	for _, list := range [][]parley.ThreadHit{ev.Sent, ev.Received, ev.Same, ev.Children, ev.Siblings} {
		sortHits(list)
	}
	return ev
}

func (w *world) plainSame(ev *parley.ThreadEvidence, m parley.Message, key string, equal bool) {
	h := parley.ThreadHit{InternetID: key, MessageID: m.ID, ConversationID: m.ConversationID, ChannelID: m.ChannelID, ContentHash: m.ContentHash}
	i := slices.IndexFunc(ev.Same, func(o parley.ThreadHit) bool {
		return o.ConversationID == m.ConversationID && o.ChannelID == m.ChannelID
	})
	switch {
	case i < 0:
		ev.Same = append(ev.Same, h)
	case equal:
		ev.Same[i] = h
	}
}

func (w *world) plainChildren(ev *parley.ThreadEvidence, q parley.ThreadQuery) {
	for _, m := range w.messages {
		if m.ChannelID != q.ChannelID || m.Direction != parley.Inbound || q.InternetID == "" || !slices.Contains(m.Named, q.InternetID) {
			continue
		}
		if !slices.ContainsFunc(ev.Children, func(o parley.ThreadHit) bool { return o.ConversationID == m.ConversationID }) {
			ev.Children = append(ev.Children, parley.ThreadHit{InternetID: q.InternetID, MessageID: m.ID, ConversationID: m.ConversationID, ChannelID: m.ChannelID, At: m.At})
		}
	}
}

// The SQL finds exactly what loops over everything find.
func TestThreadEvidenceIsComplete(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	other := newWorld(t, db, 2) // another account with the same ids must never show
	ids := rapid.SampledFrom([]string{"a@x", "b@x", "c@x", "D@X", ""})
	keys := rapid.Map(rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a@x", "b@x", "c@x", "d@x", "gone@x"}), 0, 4, rapid.ID[string]), func(s []string) []string { return s })
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, db, 4)
		storetest.Update(t, db, func(tx *store.Tx) error {
			hash := byte(0)
			for range rapid.IntRange(0, 8).Draw(rt, "messages") {
				hash++
				m := parley.Message{InternetID: ids.Draw(rt, "id"), Named: keys.Draw(rt, "named"), ContentHash: []byte{hash}}
				m.Named = slices.DeleteFunc(m.Named, func(k string) bool { return k == parley.InternetKey(m.InternetID) })
				if rapid.IntRange(0, 3).Draw(rt, "outbound") == 0 {
					m.Direction = parley.Outbound
				}
				w.file(t, tx, rapid.IntRange(0, 3).Draw(rt, "conversation"), m)
				other.file(t, tx, 0, parley.Message{Direction: parley.Outbound, InternetID: m.InternetID, Named: m.Named})
			}
			return nil
		})
		q := parley.ThreadQuery{ChannelID: w.channels[0].ID, InternetID: parley.InternetKey(ids.Draw(rt, "own")), ContentHash: []byte{byte(rapid.IntRange(0, 8).Draw(rt, "hash"))}, From: "ann@x.test"}
		q.Named = slices.DeleteFunc(keys.Draw(rt, "asked"), func(k string) bool { return k == q.InternetID })
		got := w.ask(t, q)
		var convs []parley.ConversationID
		for _, c := range got.Conversations {
			convs = append(convs, c.ID)
		}
		got.Conversations = nil
		want := w.plain(q)
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			rt.Errorf("asked %+v (-want +got):\n%s", q, diff)
		}
		var named []parley.ConversationID
		for _, h := range slices.Concat(got.Sent, got.Received, got.Same, got.Children, got.Siblings) {
			named = append(named, h.ConversationID)
		}
		slices.Sort(named)
		if diff := gocmp.Diff(slices.Compact(named), convs, cmpopts.EquateEmpty()); diff != "" {
			rt.Errorf("conversations (-want +got):\n%s", diff)
		}
	})
}
