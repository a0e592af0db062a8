package store_test

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/seed"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// No list, no search, no timeline reads a table from end to end or sorts a view,
// by the plans that the database makes of them at size, with its own statistics.
// On SQLite the seeding is bulk work; PostgreSQL does it by COPY.
func TestBulkPlansAtSize(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("short: no bulk work")
	}
	plansAtSize(t)
}

func TestPlansAtSize(t *testing.T) {
	t.Parallel()
	if storetest.Open(t).Dialect() == "sqlite" {
		t.Skip("TestBulkPlansAtSize asks SQLite")
	}
	plansAtSize(t)
}

func plansAtSize(t *testing.T) {
	plain := storetest.Open(t)
	made, err := seed.Run(t.Context(), plain, seed.Options{Conversations: 6000, Messages: 18_000, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	db, recorder := plain.Recorded()
	a := asker{t: t, recorder: recorder, conversations: conversation.New(db, setting.New(setting.Options{DB: db, MailDomain: "in.seed.example"})), contacts: contact.New(db)}
	owner := parley.Actor{AccountID: made.Account.ID, UserID: 1, Role: parley.Owner, AllInboxes: true}
	a.everything(owner)
	a.work(db, owner)
	a.everything(parley.Actor{AccountID: made.Account.ID, UserID: 5, Role: parley.Agent, Inboxes: []parley.InboxID{2, 3}})
}

type asker struct {
	t             *testing.T
	recorder      *store.Recorder
	conversations *conversation.Service
	contacts      *contact.Service
}

func (a asker) everything(actor parley.Actor) {
	a.t.Helper()
	for _, view := range append([]parley.View{""}, conversation.Views...) {
		for _, sort := range []parley.Sort{parley.Newest, parley.Added, parley.Waiting} {
			for _, inbox := range []parley.InboxID{0, 2} {
				a.list(actor, conversation.Filter{View: view, Sort: sort, InboxID: inbox, Limit: 50})
			}
			a.list(actor, conversation.Filter{View: view, Sort: sort, ChannelID: 3, Limit: 50})
			a.list(actor, conversation.Filter{View: view, Sort: sort, AssigneeID: 5, Limit: 50})
		}
		if view == parley.MyUnread || view == parley.ViewFailed || view == parley.ViewSpam {
			continue // few: what a search does in such a view it does in my_open
		}
		for _, words := range []string{seed.Word(seed.Common), seed.Word(seed.Rare), seed.Absent, seed.Word(seed.Common) + " " + seed.Word(seed.Second), "de", "#17", "zoe"} {
			a.list(actor, conversation.Filter{View: view, Limit: 50, Query: words})
		}
	}
	page := a.list(actor, conversation.Filter{Limit: 50})
	for _, row := range page.Rows[:5] {
		for _, newest := range []bool{true, false} {
			if _, _, err := a.conversations.Timeline(a.t.Context(), actor, row.ID, conversation.TimelineQuery{Newest: newest, HTML: true, Limit: 10}); err != nil {
				a.t.Fatal(err)
			}
		}
		if _, err := a.conversations.Get(a.t.Context(), actor, row.ID); err != nil {
			a.t.Fatal(err)
		}
	}
	for _, inbox := range []parley.InboxID{0, 2} {
		if _, err := a.conversations.Counts(a.t.Context(), actor, inbox); err != nil {
			a.t.Fatal(err)
		}
	}
	a.judge("conversations")
}

// work asks for what comes with each text, each report of a provider and each
// message that is composed: the rooms find single rows by it.
func (a asker) work(db *store.DB, actor parley.Actor) {
	a.t.Helper()
	ctx, phone := a.t.Context(), "+15550100100"
	of := func(what string, err error) {
		a.t.Helper()
		if err != nil && !errors.Is(err, store.ErrNoRow) {
			a.t.Fatalf("%s: %v", what, err)
		}
		a.judge(what)
	}
	of("write", db.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.LockTextConversation(ctx, actor.AccountID, 3, phone)
		_, open := tx.OpenTextConversation(ctx, actor.AccountID, 3, phone)
		_, said := tx.AddConsent(ctx, &parley.Consent{AccountID: actor.AccountID, Phone: phone, State: parley.OptedOut, How: parley.ConsentKeyword})
		canned := tx.InsertCannedMessage(ctx, &parley.CannedMessage{AccountID: actor.AccountID, Name: "Thanks"})
		moved := tx.MoveJob(ctx, "send:1", tx.Now())
		blocks := tx.DeleteBlocksOf(ctx, actor.AccountID, 7)
		for _, err := range []error{err, open, said, canned, moved, blocks} {
			if err != nil && !errors.Is(err, store.ErrNoRow) {
				return err
			}
		}
		return nil
	}))
	of("read", db.View(ctx, func(tx *store.Tx) error {
		_, newest := tx.NewestTextConversation(ctx, actor.AccountID, 7, phone)
		_, report := tx.OutboundByProviderID(ctx, actor.AccountID, 3, "SM1")
		_, out := tx.OptedOut(ctx, actor.AccountID, phone)
		_, all := tx.ListConsents(ctx, actor.AccountID, store.ConsentQuery{}, 50)
		_, his := tx.ListConsents(ctx, actor.AccountID, store.ConsentQuery{ContactID: 7}, 50)
		_, its := tx.ListConsents(ctx, actor.AccountID, store.ConsentQuery{Phone: phone}, 50)
		_, canned := tx.ListCannedMessages(ctx, store.CannedQuery{AccountID: actor.AccountID, UserID: actor.UserID, Limit: 50})
		_, uploads := tx.StaleUploads(ctx, parley.Attachment{}, 50)
		_, blobs := tx.OldBlobs(ctx, store.OldBlob{}, 50)
		for _, err := range []error{newest, report, out, all, his, its, canned, uploads, blobs} {
			if err != nil && !errors.Is(err, store.ErrNoRow) {
				return err
			}
		}
		return nil
	}))
}

// list asks for two pages and judges what was asked of the database.
func (a asker) list(actor parley.Actor, f conversation.Filter) conversation.Page {
	a.t.Helper()
	page, err := a.conversations.List(a.t.Context(), actor, f)
	if err != nil {
		a.t.Fatal(err)
	}
	if f.Cursor = page.NextCursor; f.Cursor != "" {
		if _, err := a.conversations.List(a.t.Context(), actor, f); err != nil {
			a.t.Fatal(err)
		}
	}
	a.judge(fmt.Sprintf("%+v", f))
	return page
}

func (a asker) judge(what string) {
	a.t.Helper()
	plans, err := a.recorder.Plans(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	for query, plan := range plans {
		if fault := sizeFault(query, plan); fault != "" {
			a.t.Errorf("%s: %s\n%s\n%s", what, fault, query, plan)
		}
	}
}

// large are the tables that grow with the mail. At this size attachments and notes
// are few, and rightly read whole.
var large = regexp.MustCompile(`(?:SCAN|Seq Scan on) (conversations|messages|message_bodies|message_refs|message_search|recipients|events|contacts|contact_points|contact_words|read_cursors|c|m|p|e|n|r|f|b)\b`)

// whole are searches that find all of an account, of tables in which nobody wants that.
var whole = regexp.MustCompile(`SEARCH (attachments|recipients|message_refs|jobs|consents|blocklist) USING .*\((account_id|kind|lane)=\?\)$|SCAN (jobs|blocklist)\b`)

var sorted = regexp.MustCompile(`(?m)(?:^|-> ) *Sort .*rows=(\d+)`)

// sizeFault tells what a plan must not do at size: read a large table whole, or
// sort more than a page's worth of rows. Ids that were found already may be put in order.
func sizeFault(query, plan string) string {
	if strings.Contains(query, " AS counted") {
		return "" // no further than 1,001 of what most of the table is; see TestCountsFollowAnIndex
	}
	lines := append(strings.Split(plan, "\n"), "")
	for i, line := range lines[:len(lines)-1] {
		asked := strings.Contains(lines[i+1], "id = ANY") // of a few thousand rows, a thousand by their ids
		if large.MatchString(line) && !asked && !strings.Contains(line, "VIRTUAL TABLE INDEX") {
			return "a large table is read whole"
		}
		if whole.MatchString(line) && !strings.Contains(query, "LIMIT") {
			return "all of an account is read"
		}
	}
	if strings.Contains(query, "message_id + 0") {
		return "" // what the index of words has found is sorted
	}
	for _, m := range sorted.FindAllStringSubmatch(plan, -1) {
		if rows, err := strconv.Atoi(m[1]); err != nil || rows > 1000 {
			return "a sort"
		}
	}
	if strings.Contains(query, "NOT INDEXED") {
		return "" // few, found by their keys: they may be sorted
	}
	if !strings.Contains(query, "json_each") && strings.Contains(plan, "SEARCH") {
		return planFault(plan)
	}
	return ""
}
