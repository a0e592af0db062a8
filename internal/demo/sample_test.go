package demo

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"parley/internal/account"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/gateway"
	"parley/internal/parley"
	"parley/internal/seal"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/thread"
)

// shop is an account with the services that the sample is made with.
type shop struct {
	t             *testing.T
	place         storetest.Place
	db            *store.DB
	owner         parley.Actor
	sample        *Sample
	settings      *setting.Service
	contacts      *contact.Service
	conversations *conversation.Service
}

func newShop(t *testing.T) *shop {
	t.Helper()
	files, err := blob.Disk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	place := storetest.Location(t)
	db := storetest.OpenAt(t, place)
	_, owner := storetest.Account(t, db)
	s := &shop{t: t, place: place, db: db, owner: owner, contacts: contact.New(db)}
	box, err := seal.New([]byte("a key of thirty-two characters.."))
	if err != nil {
		t.Fatal(err)
	}
	s.settings = setting.New(setting.Options{DB: db, MailDomain: "in.example", LocalDomains: []string{MailDomain}, Box: box})
	s.conversations = conversation.New(db, s.settings)
	s.sample = NewSample(SampleOptions{
		DB: db, Blobs: blob.NewSplit(db, files), Settings: s.settings, Conversations: s.conversations,
		Channels: gateway.New(gateway.Options{DB: db, Types: []channel.Type{email.Type{}}}),
		Signer:   thread.Signer{Keys: [][]byte{[]byte("a key of thirty-two characters..")}},
		Verifier: verifier(t),
	})
	return s
}

// verifier checks senders as the product does, by the names of this world.
func verifier(t *testing.T) channel.Verifier {
	t.Helper()
	ch, err := email.Type{Checks: email.NewChecks(Names{}, time.Now)}.Open(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ch.(channel.Verifier)
}

func (s *shop) add() {
	s.t.Helper()
	if err := s.sample.Add(s.t.Context(), s.owner); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) remove() {
	s.t.Helper()
	if err := s.sample.Remove(s.t.Context(), s.owner); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) has() (has bool) {
	s.t.Helper()
	storetest.View(s.t, s.db, func(tx *store.Tx) (err error) {
		has, err = tx.HasSampleData(s.t.Context(), s.owner.AccountID)
		return err
	})
	return has
}

// told fails unless the log tells of the sample in these words.
func (s *shop) told(want ...parley.EventKind) {
	s.t.Helper()
	var got []parley.EventKind
	storetest.View(s.t, s.db, func(tx *store.Tx) error {
		events, err := tx.ListEventsAfter(s.t.Context(), s.owner.AccountID, 0, 5000)
		for _, e := range events {
			if e.Kind == parley.SampleDataAdded || e.Kind == parley.SampleDataRemoved {
				got = append(got, e.Kind)
			}
		}
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Error(diff)
	}
}

// rows are all conversations of the account, by subject.
func (s *shop) rows() map[string]conversation.Row {
	s.t.Helper()
	out := map[string]conversation.Row{}
	for _, view := range []parley.View{"", parley.ViewSpam} {
		page, err := s.conversations.List(s.t.Context(), s.owner, conversation.Filter{View: view, Limit: 100})
		if err != nil {
			s.t.Fatal(err)
		}
		for _, r := range page.Rows {
			name := r.Subject
			if r.Phone != "" { // texts have no subject
				name = "texts of " + r.Phone
			}
			out[name] = r
		}
	}
	return out
}

// items are what stands in a conversation.
func (s *shop) items(id parley.ConversationID) []conversation.Item {
	s.t.Helper()
	items, _, err := s.conversations.Timeline(s.t.Context(), s.owner, id, conversation.TimelineQuery{Limit: 100})
	if err != nil {
		s.t.Fatal(err)
	}
	return items
}

// dump is what the database holds but for what only grows: numbers that were
// given, the log's last words, and bytes that nothing refers to.
func (s *shop) dump() map[string][]string {
	s.t.Helper()
	all := storetest.Dump(s.t, s.place)
	s.indexed(all)
	maps.DeleteFunc(all, func(table string, _ []string) bool {
		return table == "account_counters" || strings.HasPrefix(table, "message_search") || table == "search_mark"
	})
	unwanted := map[string][]string{"events": {"kind=sample.added", "kind=sample.removed", "kind=user.changed", "kind=canned_message.changed", "kind=signature.changed"}, "blobs": {" refs=0 "}, "intake_totals": {"entries=0"}}
	for table, marks := range unwanted {
		all[table] = slices.DeleteFunc(all[table], func(row string) bool {
			return slices.ContainsFunc(marks, func(m string) bool { return strings.Contains(row+" ", m) })
		})
	}
	maps.DeleteFunc(all, func(_ string, rows []string) bool { return len(rows) == 0 })
	return all
}

// indexed fails where the full-text index holds a message that there is not. What
// it holds is written in batches, at its own time.
func (s *shop) indexed(all map[string][]string) {
	s.t.Helper()
	known := map[string]bool{}
	for _, row := range all["messages"] {
		id, _, _ := strings.Cut(strings.TrimPrefix(row, "id="), " ")
		known[id] = true
	}
	rows, key := all["message_search_docsize"], "id="
	if s.place.URL() != "" {
		rows, key = all["message_search"], "message_id="
	}
	for _, row := range rows {
		_, after, _ := strings.Cut(row, key)
		if id, _, _ := strings.Cut(after, " "); !known[id] {
			s.t.Errorf("message %s is gone, but can be found: %s", id, row)
		}
	}
}

func TestSampleHasAllThatOneMeets(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	now := time.Now()
	s.add()
	rows := s.rows()
	if len(rows) != 32 {
		t.Errorf("%d conversations", len(rows))
	}
	count := map[string]int{}
	contents, err := s.sample.Contents(t.Context(), s.owner)
	if err != nil || !contents.There || contents.Conversations != 32 || contents.Contacts != len(everybody) ||
		len(contents.Inboxes) != 3 || len(contents.Channels) != 4 || len(contents.Users) != len(colleagues) {
		t.Errorf("contents %+v, %v", contents, err)
	}
	is := func(what string, yes bool) {
		if yes {
			count[what]++
		}
	}
	for subject, r := range rows {
		is("spam", r.Spam)
		is("by text", r.Phone != "")
		is("closed", r.Folder == parley.FolderClosed)
		is("failed", r.FailedCount > 0)
		is("unassigned", r.Folder == parley.FolderOpen && r.AssigneeID == 0)
		is("mine", r.Folder == parley.FolderOpen && r.AssigneeID == s.owner.UserID)
		is("mine and unread", r.Folder == parley.FolderOpen && r.AssigneeID == s.owner.UserID && r.Unread)
		is("waiting for days", r.WaitingSince != nil && now.Sub(*r.WaitingSince) > 3*24*time.Hour)
		is("with a file", r.HasAttachment)
		is("long", r.MessageCount >= 8)
		is("long subject", len(subject) > 180)
		is("other script", len(subject) > 2*utf8.RuneCountInString(subject))
		is("started by us", r.Source == parley.FromUser)
		for _, i := range s.items(r.ID) {
			if i.At.After(now) || i.At.Before(now.Add(-begun)) {
				t.Errorf("%q: something is said to have been at %v", subject, i.At)
			}
			is("note", i.Note != nil)
			is("opted out", i.Event != nil && i.Event.Kind == parley.ContactOptedOut)
			is("reopened", i.Event != nil && i.Event.Kind == parley.ConversationReopened)
			is("moved", i.Event != nil && i.Event.Kind == parley.ConversationMoved)
			if m := i.Message; m != nil {
				is("new participant", m.NewParticipant)
				is("held image", m.RemoteImages)
				is("verified", m.Auth != nil && m.Auth.Verified == parley.VerdictPass)
				is("not verified", m.Auth.Unverified())
				is("machine's answer", m.AutoSubmitted)
				is("quote", i.Body.QuoteAt > 0)
				is("not sent", m.Direction == parley.Outbound && m.Delivery != parley.Sent && m.Delivery != parley.Delivered)
				is("delivered", m.Delivery == parley.Delivered)
				is("with its bytes", m.RawBlob != "")
			}
		}
	}
	want := map[string]int{
		"spam": 1, "closed": 8, "failed": 3, "unassigned": 3, "with a file": 4, "by text": 5, "delivered": 4, "opted out": 1, "long": 2, "long subject": 1, "other script": 1,
		"started by us": 2, "note": 18, "reopened": 1, "moved": 1, "new participant": 1, "held image": 1, "machine's answer": 4, "not sent": 3, "not verified": 1,
	}
	for what, n := range want {
		if count[what] != n {
			t.Errorf("%s: %d, want %d", what, count[what], n)
		}
	}
	if count["mine"] < 5 || count["mine and unread"] < 2 || count["quote"] < 10 || count["with its bytes"] < 60 || count["verified"] < 40 || count["waiting for days"] < 3 { // the hour of the day moves some
		t.Errorf("counted %v", count)
	}
	s.unusual(rows)
	s.equipped()
	after := s.dump()
	if len(after["jobs"]) != 0 {
		t.Errorf("jobs are left: %v", after["jobs"])
	}
	if len(after["contacts"]) != len(everybody) || len(after["inboxes"]) != 3 || len(after["channels"]) != 4 || len(after["users"]) != 5 {
		t.Errorf("%d contacts, %d inboxes, %d channels, %d users", len(after["contacts"]), len(after["inboxes"]), len(after["channels"]), len(after["users"]))
	}
	for _, row := range after["channels"] {
		if !strings.Contains(row, "type=sms") && !strings.Contains(row, "plus_tags=1") && !strings.Contains(row, "plus_tags=true") {
			t.Errorf("a channel without tags: %s", row)
		}
	}
}

// The steps of a story are in order whenever the sample is added: at midnight, and when clocks change.
func TestStoriesAreInOrder(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, now := range []time.Time{
		time.Date(2026, 11, 22, 14, 0, 0, 0, zone), time.Date(2026, 11, 22, 0, 0, 1, 0, zone), time.Date(2026, 1, 1, 6, 59, 0, 0, zone),
		time.Date(2026, 3, 30, 3, 0, 0, 0, zone), time.Date(2026, 10, 26, 1, 30, 0, 0, zone), time.Date(2026, 3, 1, 23, 59, 0, 0, time.UTC),
	} {
		for _, s := range stories() {
			last := now.Add(-begun)
			for i, st := range s.steps {
				at := st.at.before(now)
				if !at.After(last.Add(transit)) || !at.Before(now) {
					t.Errorf("at %v: step %d of %q is at %v, the one before at %v", now, i+1, s.subject, at, last)
				}
				last = at
			}
		}
	}
}

// ownLife gives the account something of its own, some of it under names that the sample would take.
func (s *shop) ownLife() {
	s.t.Helper()
	ctx := s.t.Context()
	name := "Support"
	inbox, err := s.settings.CreateInbox(ctx, s.owner, setting.InboxChange{Name: &name})
	if err != nil {
		s.t.Fatal(err)
	}
	ch, err := s.settings.CreateChannel(ctx, s.owner, setting.NewChannel{Type: setting.Email, Name: "Mail", InboxID: inbox.ID, Address: "help@own.example"})
	if err != nil {
		s.t.Fatal(err)
	}
	thanks := setting.CannedChange{Name: new("Ours"), Shortcut: new("thanks"), Shared: new(true), HTML: new("<p>Thanks!</p>")}
	if _, err := s.settings.CreateCannedMessage(ctx, s.owner, thanks); err != nil {
		s.t.Fatal(err)
	}
	c := storetest.Contact(s.t, s.db, s.owner.AccountID, "Maya", maya.Email)
	storetest.Update(s.t, s.db, func(tx *store.Tx) error {
		conv := storetest.Conversation(ch, c.ID, tx.Now())
		conv.Subject = "Our own"
		return tx.InsertConversation(ctx, &conv)
	})
}

func TestRemoveLeavesWhatWasThere(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.ownLife()
	_, neighbour := storetest.Account(t, s.db)
	if err := s.sample.Add(t.Context(), neighbour); err != nil {
		t.Fatal(err)
	}
	before := s.dump()
	if err := s.sample.Remove(t.Context(), s.owner); err != nil {
		t.Fatalf("without a sample: %v", err)
	}
	if s.has() {
		t.Error("has a sample before it was added")
	}
	s.add()
	if !s.has() {
		t.Error("has no sample after it was added")
	}
	if len(s.rows()) != 33 {
		t.Errorf("%d conversations", len(s.rows()))
	}
	s.remove()
	if s.has() {
		t.Error("has a sample after it was removed")
	}
	if got, err := s.sample.Contents(t.Context(), s.owner); err != nil || got.There || got.Conversations != 0 || len(got.Users) != 0 {
		t.Errorf("contents after it was removed: %+v, %v", got, err)
	}
	s.told(parley.SampleDataAdded, parley.SampleDataRemoved)
	if diff := cmp.Diff(before, s.dump()); diff != "" {
		t.Error(diff)
	}
	s.add() // and once more
	s.remove()
	if diff := cmp.Diff(before, s.dump()); diff != "" {
		t.Error("the second time:", diff)
	}
}

// What the account uses for something of its own stays.
func TestRemoveKeepsWhatIsUsed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.add()
	ctx := t.Context()
	rows := s.rows()
	jonas, battery := rows["Eight e-bikes for our office"], rows["E-bike battery loses half its charge overnight"]
	own := s.ownConversation(jonas)
	canned, _, err := s.settings.CannedMessages(ctx, s.owner, setting.CannedFilter{Query: "open", Limit: 1})
	if err != nil || len(canned) != 1 {
		t.Fatalf("%v, %v", canned, err)
	}
	if _, err := s.settings.UpdateChannel(ctx, s.owner, jonas.ChannelID, setting.ChannelChange{AutoresponderID: &canned[0].ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.conversations.Assign(ctx, s.owner, own, battery.AssigneeID); err != nil {
		t.Fatal(err)
	}
	writer := parley.Actor{AccountID: s.owner.AccountID, UserID: jonas.AssigneeID, Role: parley.Agent, AllInboxes: true}
	if _, err := s.conversations.AddNote(ctx, writer, own, conversation.NoteText{Text: "Mine"}); err != nil {
		t.Fatal(err)
	}
	s.remove()
	left := s.rows()
	if len(left) != 1 || left["Our own"].ID != own || left["Our own"].ContactID != jonas.ContactID || left["Our own"].AssigneeID == battery.AssigneeID {
		t.Fatalf("left %+v", left)
	}
	d := s.dump()
	if len(d["canned_messages"]) != 1 || len(d["signatures"]) != 1 { // those of the channel that is left
		t.Errorf("left %v %v", d["canned_messages"], d["signatures"])
	}
	if len(d["contacts"]) != 1 || len(d["channels"]) != 1 || len(d["inboxes"]) != 1 || len(d["notes"]) != 1 || s.has() {
		t.Errorf("left %v %v %v %v", d["contacts"], d["channels"], d["inboxes"], d["notes"])
	}
	storetest.View(t, s.db, func(tx *store.Tx) error {
		users, err := tx.ListUsers(ctx, s.owner.AccountID, 0, 10)
		if len(users) != 2 || users[1].ID != writer.UserID || users[1].Active() {
			t.Errorf("users left: %+v", users)
		}
		return err
	})
}

// ownConversation is with the same contact, on the same channel, but no part of the sample.
func (s *shop) ownConversation(like conversation.Row) parley.ConversationID {
	s.t.Helper()
	var id parley.ConversationID
	storetest.Update(s.t, s.db, func(tx *store.Tx) error {
		ch, err := tx.ChannelByID(s.t.Context(), s.owner.AccountID, like.ChannelID)
		if err != nil {
			return err
		}
		conv := storetest.Conversation(ch, like.ContactID, tx.Now())
		conv.Subject = "Our own"
		err = tx.InsertConversation(s.t.Context(), &conv)
		id = conv.ID
		return err
	})
	return id
}

// A conversation of the sample that was merged with the account's own holds messages of both.
func TestRemoveKeepsWhatWasMerged(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.add()
	into := s.rows()["Eight e-bikes for our office"]
	own := s.ownConversation(into)
	storetest.Update(t, s.db, func(tx *store.Tx) error {
		return s.conversations.MergeTx(t.Context(), tx, s.owner, own, into.ID)
	})
	s.remove()
	if left := s.rows(); len(left) != 1 || left[into.Subject].MessageCount != into.MessageCount {
		t.Errorf("left %+v", left)
	}
}

func TestAddTwice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.owner.Once = parley.Once{Key: "k", Fingerprint: "f"}
	s.add()
	s.add() // the same request
	s.owner.Once.Key = "other"
	if err := s.sample.Add(t.Context(), s.owner); !parley.IsCode(err, parley.Conflict) {
		t.Errorf("another request: %v", err)
	}
	if n := len(s.rows()); n != 32 {
		t.Errorf("%d conversations", n)
	}
}

func TestSampleIsForWhoSetsUp(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	agent := storetest.User(t, s.db, s.owner.AccountID)
	if err := s.sample.Add(t.Context(), agent); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("add: %v", err)
	}
	s.add()
	if err := s.sample.Remove(t.Context(), agent); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("remove: %v", err)
	}
}

// broken opens channels some times, and then no more.
type broken struct {
	Channels
	left *atomic.Int32
}

var errBroken = errors.New("out of order")

func (b broken) For(ctx context.Context, account parley.AccountID, id parley.ChannelID) (channel.Channel, error) {
	if b.left.Add(-1) < 0 {
		return nil, errBroken
	}
	return b.Channels.For(ctx, account, id)
}

func TestHalfASampleIsNone(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	before := s.dump()
	var left atomic.Int32
	left.Store(40)
	s.sample.Channels = broken{s.sample.Channels, &left}
	if err := s.sample.Add(t.Context(), s.owner); !errors.Is(err, errBroken) {
		t.Fatalf("added with %v", err)
	}
	if diff := cmp.Diff(before, s.dump()); diff != "" {
		t.Error(diff)
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	secret, err := account.NewSecret([]byte("a key of thirty-two characters.."))
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := account.New(account.Options{DB: s.db, Secret: secret, Cost: account.Cost{Memory: 8, Passes: 1, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	q := newQuay(t)
	in, err := Fill(t.Context(), accounts, s.sample, q.c)
	if err != nil {
		t.Fatal(err)
	}
	for box, want := range map[string][2]int{maya.Key(): {4, 2}, jonas.Key(): {6, 3}, erik.Key(): {1, 0}, liam.Key(): {0, 0}} {
		got := [2]int{}
		for _, r := range q.rows(box) {
			if r.Unread {
				t.Errorf("%s has unread mail", box)
			}
			if r.Sent {
				got[0]++
			} else {
				got[1]++
			}
		}
		if got != want {
			t.Errorf("%s: %v written and received, want %v", box, got, want)
		}
	}
	s.owner = in.Owner
	s.scheduled()
	for _, who := range []string{in.Email, "ben@harbour.example"} {
		if _, err := accounts.SignIn(t.Context(), account.SignIn{Email: who, Password: in.Password}, account.Client{}); err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
	got, err := AddressesOf(accounts, s.settings, in.Owner, q.c.CarrierURL())(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"in.example", MailDomain}; !cmp.Equal(got.Domains, want) || len(got.Channels) != 3 || len(got.Team) != 5 {
		t.Errorf("%+v", got)
	}
	var totals parley.IntakeTotals
	storetest.View(t, s.db, func(tx *store.Tx) error {
		totals, err = tx.IntakeTotals(t.Context(), in.Owner.AccountID)
		return err
	})
	if totals.Accepted == 0 || totals.Accepted != totals.Filed {
		t.Errorf("totals %+v", totals)
	}
}

// scheduled fails unless something waits to be sent by itself: in the demo alone, elsewhere
// nothing of a sample goes out.
func (s *shop) scheduled() {
	s.t.Helper()
	for _, i := range s.items(s.rows()["Trade-in for a 20-inch children's bike"].ID) {
		if m := i.Message; m != nil && m.Delivery == parley.Scheduled && m.SendAt != nil {
			if jobs := s.dump()["jobs"]; len(jobs) != 1 {
				s.t.Errorf("jobs: %v", jobs)
			}
			return
		}
	}
	s.t.Error("nothing is scheduled")
}
