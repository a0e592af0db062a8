package conversation_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func kind(i conversation.Item) string {
	switch {
	case i.Message != nil:
		return "message " + i.Body.Text
	case i.Note != nil:
		return "note " + i.Note.Text
	}
	return string(i.Event.Kind)
}

func (w world) timeline(t testing.TB, id parley.ConversationID, q conversation.TimelineQuery) []conversation.Item {
	t.Helper()
	var all []conversation.Item
	for {
		items, next, err := w.svc.Timeline(t.Context(), w.owner, id, q)
		if err != nil {
			t.Fatal(err)
		}
		if len(items) > q.Limit || next != "" && len(items) < q.Limit {
			t.Fatalf("a page of %d with next %q, limit %d", len(items), next, q.Limit)
		}
		all = append(all, items...)
		if next == "" {
			return all
		}
		q.Cursor = next
	}
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	clk := &clock{at: noon}
	w := newWorld(t, storetest.WithNow(clk.now))
	c := w.receive(t, w.first, 0, w.contact.ID, "question")
	clk.pass(time.Minute)
	must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, c.ID, w.here.UserID))
	if err := w.svc.Read(t.Context(), w.here, c.ID, 0); err != nil {
		t.Fatal(err)
	}
	must[parley.DraftMessage](t)(w.svc.SaveDraft(t.Context(), w.here, c.ID, conversation.ModeReply, parley.JSON(`{}`), 0))
	clk.pass(time.Minute)
	n := must[parley.Note](t)(w.svc.AddNote(t.Context(), w.here, c.ID, conversation.NoteText{Text: "gone"}))
	must[parley.Note](t)(w.svc.AddNote(t.Context(), w.here, c.ID, conversation.NoteText{Text: "ask Bob"}))
	if err := w.svc.DeleteNote(t.Context(), w.here, c.ID, n.ID); err != nil {
		t.Fatal(err)
	}
	w.reply(t, w.here, c.ID, "answer")
	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.here, c.ID)) // at the same time as the reply

	want := []string{"message question", "conversation.assigned", "message answer", "note ask Bob", "conversation.closed"}
	for limit := 1; limit <= 6; limit++ {
		for _, newest := range []bool{false, true} {
			var got []string
			for _, i := range w.timeline(t, c.ID, conversation.TimelineQuery{Limit: limit, Newest: newest}) {
				got = append(got, kind(i))
			}
			if newest {
				slices.Reverse(got)
			}
			equal(t, fmt.Sprintf("timeline by %d, newest first %v", limit, newest), want, got)
		}
	}
	items := w.timeline(t, c.ID, conversation.TimelineQuery{Limit: 10, HTML: true})
	if items[0].Body.HTML != "<p>question</p>" || len(items[2].Message.Recipients) != 1 {
		t.Errorf("a message came without its parts: %+v, %+v", items[0], items[2])
	}
	if items = w.timeline(t, c.ID, conversation.TimelineQuery{Limit: 10}); items[0].Body.HTML != "" || items[0].Body.Text == "" {
		t.Errorf("asked without HTML: %+v", items[0].Body)
	}
	for _, q := range []conversation.TimelineQuery{{Limit: 0}, {Limit: 101}, {Limit: 5, Cursor: "no cursor"}, {Limit: 5, Cursor: "AAAA"}} {
		if _, _, err := w.svc.Timeline(t.Context(), w.owner, c.ID, q); !code(err, parley.Invalid) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	newer, err := w.svc.Newer(t.Context(), w.owner, c.ID, items[0].Message.Seq)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range newer {
		got = append(got, kind(i))
	}
	equal(t, "newer", []string{"message answer", "note ask Bob"}, got)
}

// However items meet in time, pages of any size give each once and in order.
func TestTimelinePages(t *testing.T) {
	t.Parallel()
	clk := &clock{at: noon}
	w := newWorld(t, storetest.WithNow(clk.now))
	rapid.Check(t, func(rt *rapid.T) {
		c := w.receive(t, w.first, 0, w.contact.ID, "0")
		steps := rapid.SliceOfN(rapid.SampledFrom([]string{"wait", "message", "note", "event", "reply"}), 1, 25).Draw(rt, "steps")
		want := 1
		storetest.Update(t, w.db, func(tx *store.Tx) error {
			at := tx.Now()
			for i, step := range steps {
				if step == "wait" {
					at = at.Add(time.Second)
					continue
				}
				want++
				if err := put(t, tx, c, step, i, at); err != nil {
					return err
				}
			}
			return nil
		})
		q := conversation.TimelineQuery{Limit: rapid.IntRange(1, 8).Draw(rt, "limit"), Newest: rapid.Bool().Draw(rt, "newest")}
		got := w.timeline(t, c.ID, q)
		if len(got) != want {
			rt.Fatalf("%d items, want %d", len(got), want)
		}
		if q.Newest {
			slices.Reverse(got)
		}
		rank := func(i conversation.Item) int {
			switch {
			case i.Message != nil:
				return 1
			case i.Note != nil:
				return 2
			}
			return 3
		}
		for i := 1; i < len(got); i++ {
			a, b := got[i-1], got[i]
			if a.At.After(b.At) || a.At.Equal(b.At) && rank(a) > rank(b) {
				rt.Fatalf("%s at %v stands before %s at %v", kind(a), a.At, kind(b), b.At)
			}
		}
	})
}

func put(t testing.TB, tx *store.Tx, c parley.Conversation, what string, n int, at time.Time) error {
	switch what {
	case "note":
		note := parley.Note{AccountID: c.AccountID, ConversationID: c.ID, Text: fmt.Sprint(n), CreatedAt: at}
		return tx.InsertNote(t.Context(), &note)
	case "event":
		tx.AppendEvent(&parley.Event{AccountID: c.AccountID, Kind: parley.ConversationAssigned, ConversationID: c.ID, At: at})
		return nil
	}
	m := parley.Message{AccountID: c.AccountID, ConversationID: c.ID, ChannelID: c.ChannelID, Direction: parley.Inbound, At: at, ReceivedAt: at}
	return tx.InsertMessage(t.Context(), &m, parley.Body{Text: fmt.Sprint(n)})
}
