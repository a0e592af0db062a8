package store_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// lists is a database with conversations of all kinds, and everything in Go beside it.
type lists struct {
	db       *store.DB
	account  parley.AccountID
	actors   map[string]parley.Actor
	channels []parley.Channel
	contacts []parley.Contact
	all      []parley.Conversation
}

var (
	views = []parley.View{"", parley.MyUnread, parley.MyOpen, parley.Unassigned, parley.AllOpen, parley.ViewFailed, parley.ViewClosed, parley.ViewSpam}
	sorts = []parley.Sort{parley.Newest, parley.Added, parley.Waiting}
)

func seedLists(t testing.TB, n int) lists {
	t.Helper()
	l := lists{db: storetest.Open(t), actors: map[string]parley.Actor{}}
	var owner parley.Actor
	a, owner := storetest.Account(t, l.db)
	l.account = a.ID
	for range 4 {
		l.channels = append(l.channels, storetest.Channel(t, l.db, a.ID))
	}
	in := func(i int) parley.InboxID { return l.channels[i].InboxID }
	l.actors["owner"] = owner
	l.actors["one inbox"] = storetest.User(t, l.db, a.ID, in(0))
	l.actors["three inboxes"] = storetest.User(t, l.db, a.ID, in(0), in(1), in(2))
	l.actors["no inbox"] = parley.Actor{AccountID: a.ID, UserID: owner.UserID, Role: parley.Agent}
	l.actors["fifty inboxes"] = l.actors["three inboxes"]
	many := l.actors["fifty inboxes"]
	many.Inboxes = slices.Clone(many.Inboxes)
	for i := range 50 {
		many.Inboxes = append(many.Inboxes, parley.InboxID(1000+i))
	}
	l.actors["fifty inboxes"] = many
	for i := range max(n/20, 3) {
		l.contacts = append(l.contacts, storetest.Contact(t, l.db, a.ID, fmt.Sprintf("Contact %d", i), fmt.Sprintf("c%d@x.example", i)))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for len(l.all) < n {
		var batch []*parley.Conversation
		storetest.Update(t, l.db, func(tx *store.Tx) error {
			batch = nil
			for range 500 {
				c := l.random(r)
				batch = append(batch, &c)
				if err := tx.InsertConversation(t.Context(), &c); err != nil {
					return err
				}
				tx.AppendEvent(&parley.Event{AccountID: a.ID, Kind: parley.MessageReceived, ConversationID: c.ID, InboxID: c.InboxID})
			}
			return nil
		})
		for _, c := range batch {
			c.AssigneeUnread = c.AssigneeID != 0 && c.Status != parley.Closed
			l.all = append(l.all, *c)
		}
	}
	return l
}

func (l lists) random(r *rand.Rand) parley.Conversation {
	at := time.Date(2026, 1, 1, 0, 0, r.IntN(5000), 0, time.UTC) // often equal
	c := storetest.Conversation(l.channels[r.IntN(4)], l.contacts[r.IntN(len(l.contacts))].ID, at)
	users := []parley.UserID{0, l.actors["owner"].UserID, l.actors["one inbox"].UserID, l.actors["three inboxes"].UserID}
	c.AssigneeID, c.CreatorID = users[r.IntN(4)], users[r.IntN(4)]
	if r.IntN(3) == 0 {
		c.Status = parley.Closed
	}
	c.Spam, c.Draft = r.IntN(10) == 0, r.IntN(15) == 0
	if r.IntN(10) == 0 {
		c.FailedCount = 1
	}
	if r.IntN(12) == 0 {
		c.SnoozedUntil = &at
	}
	if r.IntN(40) == 0 {
		c.TrashedAt = &at
	}
	if r.IntN(3) == 0 {
		since := at.Add(-time.Duration(r.IntN(500)) * time.Second)
		c.WaitingSince = &since
	}
	return c
}

// naive is what a list must be, by the words of SPEC §5 to §7.
func (l lists) naive(actor parley.Actor, q store.ListQuery) []parley.ConversationID {
	var found []parley.Conversation
	for _, c := range l.all {
		if inView(c, actor, q.View) && actor.Sees(c.InboxID) &&
			(q.InboxID == 0 || c.InboxID == q.InboxID) && (q.ChannelID == 0 || c.ChannelID == q.ChannelID) &&
			(q.AssigneeID == 0 || c.AssigneeID == q.AssigneeID) && (q.ContactID == 0 || c.ContactID == q.ContactID) &&
			(q.IDs == nil || slices.Contains(q.IDs, c.ID)) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b parley.Conversation) int {
		switch q.Sort {
		case parley.Newest:
			return cmp.Or(b.LastMessageAt.Compare(a.LastMessageAt), cmp.Compare(b.ID, a.ID))
		case parley.Added:
			return cmp.Compare(b.ID, a.ID)
		}
		return cmp.Or(a.WaitingKey.Compare(b.WaitingKey), cmp.Compare(a.ID, b.ID))
	})
	var ids []parley.ConversationID
	for _, c := range found {
		ids = append(ids, c.ID)
	}
	return ids
}

func inView(c parley.Conversation, actor parley.Actor, v parley.View) bool {
	open := c.Folder == parley.FolderOpen
	switch v {
	case parley.MyUnread:
		return open && c.AssigneeID == actor.UserID && c.AssigneeUnread
	case parley.MyOpen:
		return open && c.AssigneeID == actor.UserID
	case parley.Unassigned:
		return open && c.AssigneeID == 0
	case parley.AllOpen:
		return open
	case parley.ViewFailed:
		return c.FailedCount > 0 && (open || c.Folder == parley.FolderClosed || c.Folder == parley.FolderSnoozed)
	case parley.ViewClosed:
		return c.Folder == parley.FolderClosed
	case parley.ViewSpam:
		return c.Folder == parley.FolderSpam
	}
	return open || c.Folder == parley.FolderClosed || c.Folder == parley.FolderSnoozed || (c.Folder == parley.FolderDraft && c.CreatorID == actor.UserID)
}

// read pages through a whole list.
func (l lists) read(t *testing.T, actor parley.Actor, q store.ListQuery) []parley.ConversationID {
	t.Helper()
	var out []parley.ConversationID
	at := map[parley.ConversationID]parley.Conversation{}
	for _, c := range l.all {
		at[c.ID] = c
	}
	for {
		var page []parley.ConversationID
		storetest.View(t, l.db, func(tx *store.Tx) (err error) {
			page, err = tx.ListConversationIDs(t.Context(), actor, q)
			return err
		})
		out = append(out, page...)
		if len(page) < q.Limit {
			return out
		}
		last := at[page[len(page)-1]]
		q.After = &store.ListKey{At: last.LastMessageAt, ID: last.ID}
		if q.Sort == parley.Waiting {
			q.After.At = last.WaitingKey
		}
	}
}

func TestListsAreWhatTheirViewsSay(t *testing.T) {
	t.Parallel()
	l := seedLists(t, 600)
	var some []parley.ConversationID
	for _, c := range l.all[:90] {
		some = append(some, c.ID)
	}
	filters := map[string]store.ListQuery{
		"no filter": {},
		"inbox":     {InboxID: l.channels[1].InboxID},
		"channel":   {ChannelID: l.channels[2].ID},
		"assignee":  {AssigneeID: l.actors["one inbox"].UserID},
		"contact":   {ContactID: l.contacts[0].ID},
		"ids":       {IDs: some},
		"no ids":    {IDs: []parley.ConversationID{}},
	}
	for who, actor := range l.actors {
		for _, v := range views {
			for _, s := range sorts {
				for name, q := range filters {
					q.View, q.Sort, q.Limit = v, s, 37
					if diff := gocmp.Diff(l.naive(actor, q), l.read(t, actor, q)); diff != "" {
						t.Fatalf("%s, view %q, %s, %s:\n%s", who, v, s, name, diff)
					}
				}
			}
		}
	}
}

func TestCountsAreWhatTheirViewsSay(t *testing.T) {
	t.Parallel()
	l := seedLists(t, 2000)
	for who, actor := range l.actors {
		for _, inbox := range []parley.InboxID{0, l.channels[0].InboxID, l.channels[3].InboxID} {
			var got map[parley.View]int
			storetest.View(t, l.db, func(tx *store.Tx) (err error) {
				got, err = tx.CountViews(t.Context(), actor, inbox, views[1:])
				return err
			})
			for _, v := range views[1:] {
				want := min(len(l.naive(actor, store.ListQuery{View: v, InboxID: inbox, Sort: parley.Added})), 1001)
				if got[v] != want {
					t.Errorf("%s, inbox %d, %s: %d, want %d", who, inbox, v, got[v], want)
				}
			}
		}
	}
}

// Every view in every order must come from an index in its order: nothing is
// sorted, nothing is read from end to end.
func TestListsFollowAnIndex(t *testing.T) {
	t.Parallel()
	l := seedLists(t, 4000)
	for _, analyzed := range []bool{false, true} {
		if analyzed {
			storetest.Update(t, l.db, func(tx *store.Tx) error { return tx.Analyze(t.Context()) })
		} else if l.db.Dialect() == "postgres" {
			continue // it has autovacuum's statistics in life
		}
		for who, actor := range l.actors {
			if who == "no inbox" {
				continue // nothing is asked of the database
			}
			for _, v := range views {
				for _, s := range sorts {
					for _, inbox := range []parley.InboxID{0, l.channels[1].InboxID} {
						q := store.ListQuery{View: v, Sort: s, InboxID: inbox, Limit: 51}
						var plan string
						storetest.Update(t, l.db, func(tx *store.Tx) (err error) { // the connection that knows the new statistics
							plan, err = tx.PlanOfList(t.Context(), actor, q)
							return err
						})
						if fault := planFault(plan); fault != "" {
							t.Errorf("%s, view %q, %s, inbox %d, analyzed %v: %s\n%s", who, v, s, inbox, analyzed, fault, plan)
						}
					}
				}
			}
		}
	}
}

func TestCountsFollowAnIndex(t *testing.T) {
	t.Parallel()
	l := seedLists(t, 2000)
	for who, actor := range l.actors {
		if who == "no inbox" {
			continue // nothing is asked of the database
		}
		storetest.View(t, l.db, func(tx *store.Tx) error {
			plan, err := tx.PlanOfCounts(t.Context(), actor, 0, views[1:])
			if fault := planFault(plan); fault != "" {
				t.Errorf("%s: %s\n%s", who, fault, plan)
			}
			for line := range strings.SplitSeq(plan, "\n") {
				if strings.Contains(line, "(account_id=?)") && !strings.Contains(line, "unassigned") && !strings.Contains(line, "failed") {
					t.Errorf("%s: all of the account\n%s", who, plan)
				}
			}
			return err
		})
	}
}

// Rows are found by their ids, and what stands beside them by keys: SQLite must
// not take the account for a better condition.
func TestRowsFollowKeys(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	if db.Dialect() != "sqlite" {
		t.Skip("PostgreSQL reads small tables whole, and rightly")
	}
	plans := map[string]string{}
	storetest.View(t, db, func(tx *store.Tx) (err error) {
		if plans["rows of a list"], err = tx.PlanOfRows(t.Context(), 1, 1, 2, 3); err != nil {
			return err
		}
		for table, column := range map[string]string{
			"conversations": "id", "messages": "id", "message_bodies": "message_id", "recipients": "message_id", "attachments": "message_id",
			"contacts": "id", "contact_points": "contact_id", "read_cursors": "conversation_id",
		} {
			if plans[table], err = tx.PlanByIDs(t.Context(), table, column, 1, 1, 2, 3); err != nil {
				return err
			}
		}
		return nil
	})
	for what, plan := range plans {
		for line := range strings.SplitSeq(plan, "\n") {
			byAccount := strings.Contains(line, "(account_id=?)") || strings.Contains(line, "(account_id=? AND kind=?)")
			if byAccount || strings.HasPrefix(line, "SCAN") && !strings.Contains(line, "json_each") {
				t.Errorf("%s:\n%s", what, plan)
			}
		}
	}
}

// planFault tells what a plan must not do. The rows of several branches may be
// sorted into one page: each branch is no longer than the page.
func planFault(plan string) string {
	before := ""
	for line := range strings.SplitSeq(plan, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "SCAN conversations"), strings.Contains(line, "Seq Scan on conversations"):
			return "a full scan"
		case strings.Contains(line, "USE TEMP B-TREE") && strings.Contains(before, " conversations "),
			strings.Contains(line, " on conversations") && strings.HasPrefix(before, "Sort Key"):
			return "a sort"
		}
		before = line
	}
	return ""
}
