package seed

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func seeded(t *testing.T, o Options) (*store.DB, storetest.Place, Result) {
	t.Helper()
	at := storetest.Location(t)
	db := storetest.OpenAt(t, at, storetest.WithNow(func() time.Time { return Until }))
	r, err := Run(t.Context(), db, o)
	if err != nil {
		t.Fatal(err)
	}
	return db, at, r
}

func TestSameSeedSameRows(t *testing.T) {
	t.Parallel()
	dump := func(seed uint64) map[string][]string {
		_, at, _ := seeded(t, Options{Conversations: 40, Messages: 300, Seed: seed})
		all := storetest.Dump(t, at)
		for table := range all {
			// When the schema was made, and how FTS5 cuts its index, is not ours.
			if strings.HasPrefix(table, "goose") || strings.HasPrefix(table, "message_search_") {
				delete(all, table)
			}
		}
		return all
	}
	one := dump(3)
	if diff := gocmp.Diff(one, dump(3)); diff != "" {
		t.Errorf("the same seed again:\n%s", diff)
	}
	if gocmp.Equal(one["conversations"], dump(4)["conversations"]) {
		t.Error("another seed makes the same conversations")
	}
}

func TestSeedFillsOnlyWhatIsEmpty(t *testing.T) {
	t.Parallel()
	db, at, _ := seeded(t, Options{Conversations: 10, Messages: 30, Seed: 1})
	if _, err := Run(t.Context(), db, Options{Conversations: 10, Messages: 30, Seed: 1}); !parley.IsCode(err, parley.Conflict) {
		t.Errorf("seeded again: %v, want a conflict", err)
	}
	schema := storetest.Schema(t, at)
	r, err := Run(t.Context(), db, Options{Conversations: 10, Messages: 30, Seed: 1, Force: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.Account.ID != 2 {
		t.Errorf("account %d, want a second one", r.Account.ID)
	}
	if diff := gocmp.Diff(schema, storetest.Schema(t, at)); diff != "" {
		t.Errorf("the schema has changed:\n%s", diff)
	}
	for _, o := range []Options{{}, {Conversations: 10, Messages: 9}, {Conversations: maxConversations + 1, Messages: maxMessages}} {
		if _, err := Run(t.Context(), db, o); !parley.IsCode(err, parley.Invalid) {
			t.Errorf("%+v: %v, want it refused", o, err)
		}
	}
}

func TestSizesAreExact(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{Conversations: 1, Messages: 1}, {Conversations: 5, Messages: 5}, {Conversations: 300, Messages: 500}, {Conversations: 200, Messages: 2000}} {
		p := makePlan(options(o.Conversations, o.Messages))
		total, fifty := 0, 0
		for _, s := range p.stories {
			total += int(s.messages)
			if s.messages == 50 {
				fifty++
			}
		}
		if total != o.Messages {
			t.Errorf("%+v: %d messages", o, total)
		}
		if o.Messages == 10*o.Conversations && fifty < o.Conversations/100 {
			t.Errorf("%+v: %d conversations of fifty messages", o, fifty)
		}
		for _, s := range p.steps {
			if s.at >= p.Until.Unix() || s.at < p.Until.AddDate(-years, 0, -1).Unix() {
				t.Fatalf("%+v: something happens at %s", o, s.time())
			}
		}
	}
}

// All that is seeded can be listed, counted and found.
func TestListsCountsAndSearchesAgree(t *testing.T) {
	t.Parallel()
	db, _, r := seeded(t, Options{Conversations: 200, Messages: 1500, Seed: 2})
	conversations := conversation.New(db, setting.New(setting.Options{DB: db, MailDomain: "in.seed.example"}))
	owner := parley.Actor{AccountID: r.Account.ID, UserID: 1, Role: parley.Owner, AllInboxes: true}
	all := func(f conversation.Filter) []parley.ConversationID {
		var ids []parley.ConversationID
		for f.Limit = 100; ; {
			page, err := conversations.List(t.Context(), owner, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range page.Rows {
				ids = append(ids, row.ID)
			}
			if f.Cursor = page.NextCursor; f.Cursor == "" {
				slices.Sort(ids)
				return ids
			}
		}
	}
	counts, err := conversations.Counts(t.Context(), owner, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		if n := len(all(conversation.Filter{View: c.View})); n != c.N || n == 0 && c.View == parley.AllOpen {
			t.Errorf("%s: %d listed, %d counted", c.View, n, c.N)
		}
	}
	if n := len(all(conversation.Filter{})) + len(all(conversation.Filter{View: parley.ViewSpam})); n != 200 {
		t.Errorf("%d conversations in all", n)
	}
	p := makePlan(Options{Conversations: 200, Messages: 1500, Seed: 2, Until: Until})
	for _, query := range []string{Word(Common), Word(Rare / 40), Word(Common) + " " + Word(Second), Absent} {
		want := p.storiesWith(strings.Fields(query))
		if got := all(conversation.Filter{Query: `"` + query + `"`}); len(got) != want {
			t.Errorf("%q: found in %d conversations, want %d", query, len(got), want)
		}
	}
}

// storiesWith counts the stories that are no spam with a message that has all words.
func (p *plan) storiesWith(words []string) int {
	found := map[int32]bool{}
	for _, s := range p.steps {
		found[s.story] = found[s.story] || p.has(s, words)
	}
	for _, s := range p.steps {
		if s.kind == unwelcome || !found[s.story] {
			delete(found, s.story)
		}
	}
	return len(found)
}

func (p *plan) has(s step, words []string) bool {
	if s.kind != written && s.kind != answered && s.kind != refused {
		return false
	}
	text := p.subject(int(s.story)) + " " + p.text(int(s.story), int(s.n), s.kind == written).body().Text
	has := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' })
	for _, w := range words {
		if !slices.Contains(has, w) {
			return false
		}
	}
	return true
}

func TestWordsAreDistinct(t *testing.T) {
	t.Parallel()
	seen := map[string]int{Absent: -1}
	for i := range Words {
		w := Word(i)
		if before, ok := seen[w]; ok {
			t.Fatalf("%q has the ranks %d and %d", w, before, i)
		}
		seen[w] = i
	}
}

func ExampleWord() {
	fmt.Println(Word(0), Word(Common), cmp.Compare(Word(Rare), Word(Rare+1)) != 0)
	// Output: the order true
}
