package store_test

import (
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

var fewViews = []parley.View{parley.ViewDrafts, parley.ViewScheduled, parley.ViewMentions}

// seedFew gives every seventh conversation a draft, a message that waits and a
// note, of and for one user or the other.
func seedFew(t *testing.T, l lists) map[parley.View]map[parley.UserID][]parley.ConversationID {
	t.Helper()
	made := map[parley.View]map[parley.UserID][]parley.ConversationID{}
	for _, v := range fewViews {
		made[v] = map[parley.UserID][]parley.ConversationID{}
	}
	users := []parley.UserID{l.actors["owner"].UserID, l.actors["one inbox"].UserID}
	storetest.Update(t, l.db, func(tx *store.Tx) error {
		for i := 0; i < len(l.all); i += 7 {
			c, user := l.all[i], users[i%2]
			d := parley.DraftMessage{AccountID: l.account, UserID: user, ConversationID: c.ID, Mode: "reply", Content: parley.JSON(`{}`), Begun: i%3 > 0, Preview: "begun"}
			if err := tx.SaveDraft(t.Context(), &d, 0); err != nil {
				return err
			}
			if d.Begun {
				made[parley.ViewDrafts][user] = append(made[parley.ViewDrafts][user], c.ID)
			}
			if i%4 == 0 {
				due := tx.Now().Add(time.Hour)
				m := parley.Message{AccountID: l.account, ConversationID: c.ID, ChannelID: c.ChannelID, Direction: parley.Outbound, At: tx.Now(), ReceivedAt: tx.Now(), Delivery: parley.Scheduled, SendAt: &due}
				if err := tx.InsertMessage(t.Context(), &m, parley.Body{}); err != nil {
					return err
				}
				if err := tx.SaveSchedule(t.Context(), m); err != nil {
					return err
				}
				for _, u := range users {
					made[parley.ViewScheduled][u] = append(made[parley.ViewScheduled][u], c.ID)
				}
			}
			n := parley.Note{AccountID: l.account, ConversationID: c.ID, Text: "x", CreatedAt: tx.Now()}
			if err := tx.InsertNote(t.Context(), &n); err != nil {
				return err
			}
			if err := tx.SetMentions(t.Context(), n, []parley.UserID{user}); err != nil {
				return err
			}
			made[parley.ViewMentions][user] = append(made[parley.ViewMentions][user], c.ID)
		}
		return nil
	})
	return made
}

func TestFewAreWhatTheirViewsSay(t *testing.T) {
	t.Parallel()
	l := seedLists(t, 600)
	made := seedFew(t, l)
	folder := map[parley.View]func(parley.Conversation, parley.Actor) bool{
		parley.ViewMentions: func(c parley.Conversation, _ parley.Actor) bool { return c.Folder == parley.FolderOpen },
		parley.ViewScheduled: func(c parley.Conversation, _ parley.Actor) bool {
			return c.Folder == parley.FolderOpen || c.Folder == parley.FolderClosed || c.Folder == parley.FolderSnoozed
		},
		parley.ViewDrafts: func(c parley.Conversation, a parley.Actor) bool { return inView(c, a, "") },
	}
	for _, who := range []string{"owner", "one inbox", "no inbox"} {
		actor := l.actors[who]
		for _, v := range fewViews {
			of := lists{db: l.db, account: l.account}
			for _, c := range l.all {
				for _, id := range made[v][actor.UserID] {
					if c.ID == id && folder[v](c, actor) {
						c.Folder, c.Draft = parley.FolderOpen, false
						of.all = append(of.all, c)
					}
				}
			}
			for _, s := range sorts {
				for _, inbox := range []parley.InboxID{0, l.channels[0].InboxID} {
					want := of.naive(actor, store.ListQuery{View: "", Sort: s, InboxID: inbox})
					got := l.read(t, actor, store.ListQuery{View: v, Sort: s, InboxID: inbox, Limit: 7})
					if diff := gocmp.Diff(want, got); diff != "" {
						t.Fatalf("%s, %s, %s, inbox %d:\n%s", who, v, s, inbox, diff)
					}
					if len(want) == 0 && who == "owner" && inbox == 0 {
						t.Errorf("%s has nothing to show", v)
					}
				}
			}
			storetest.View(t, l.db, func(tx *store.Tx) error {
				n, err := tx.CountViews(t.Context(), actor, 0, fewViews)
				if want := len(of.naive(actor, store.ListQuery{Sort: parley.Added})); n[v] != want {
					t.Errorf("%s counts %d of %s, not %d", who, n[v], v, want)
				}
				return err
			})
		}
	}
}

func TestFewShowWhatTheyAreListedFor(t *testing.T) {
	t.Parallel()
	l := seedLists(t, 100)
	seedFew(t, l)
	actor := l.actors["owner"]
	storetest.View(t, l.db, func(tx *store.Tx) error {
		for _, v := range fewViews {
			ids, err := tx.ListConversationIDs(t.Context(), actor, store.ListQuery{View: v, Sort: parley.Newest, Limit: 50})
			if err != nil {
				return err
			}
			rows, err := tx.ListConversationRows(t.Context(), l.account, actor.UserID, ids)
			if err != nil || len(rows) == 0 {
				t.Fatal(v, err)
			}
			if err := tx.FillRows(t.Context(), actor, v, rows); err != nil {
				return err
			}
			for _, r := range rows {
				if (r.DraftPreview != nil && *r.DraftPreview == "begun") != (v == parley.ViewDrafts) || (r.ScheduledAt != nil) != (v == parley.ViewScheduled) {
					t.Errorf("%s: %v, %v", v, r.DraftPreview, r.ScheduledAt)
				}
			}
		}
		return nil
	})
}

// These views read the rows that make them by a key that begins with the account,
// and conversations, messages and notes by theirs.
func TestFewFollowKeys(t *testing.T) {
	t.Parallel()
	l := seedLists(t, 2000)
	if l.db.Dialect() != "sqlite" {
		t.Skip("PostgreSQL reads small tables whole, and rightly; TestPlansAtSize asks it at size")
	}
	seedFew(t, l)
	for _, analyzed := range []bool{false, true} {
		if analyzed {
			storetest.Update(t, l.db, func(tx *store.Tx) error { return tx.Analyze(t.Context()) })
		}
		for _, who := range []string{"owner", "three inboxes"} {
			for _, v := range fewViews {
				for _, s := range sorts {
					var plan string
					storetest.Update(t, l.db, func(tx *store.Tx) (err error) {
						plan, err = tx.PlanOfList(t.Context(), l.actors[who], store.ListQuery{View: v, Sort: s, Limit: 51})
						return err
					})
					for line := range strings.SplitSeq(plan, "\n") {
						line = strings.TrimSpace(line)
						byKey := strings.Contains(line, "INTEGER PRIMARY KEY") || strings.Contains(line, "(account_id=? AND user_id=?") || strings.Contains(line, "SEARCH s USING")
						if strings.HasPrefix(line, "SCAN") && !strings.Contains(line, "json_each") || strings.HasPrefix(line, "SEARCH") && !byKey {
							t.Errorf("%s, %s, %s, analyzed %v:\n%s", who, v, s, analyzed, plan)
						}
					}
				}
			}
		}
	}
}
