package setting_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestCreateInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann := w.user(parley.Agent, "ann@harbour.example", w.inbox("First").ID)
	got, err := w.CreateInbox(t.Context(), w.owner, setting.InboxChange{
		Name: new(" Support "), Color: new("teal"), AssigneeRule: new(parley.AssignNamed), DefaultAssigneeID: new(ann.UserID),
		AssignOnReply: new(false), MemberIDs: &[]parley.UserID{ann.UserID, ann.UserID},
	})
	want := setting.Inbox{
		Inbox: parley.Inbox{
			ID: got.ID, AccountID: w.owner.AccountID, Name: "Support", Color: "teal", AssigneeRule: parley.AssignNamed,
			DefaultAssigneeID: ann.UserID, CreatedAt: w.clock.now(),
		},
		MemberIDs: []parley.UserID{ann.UserID},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if e := w.lastEvent(); e.Kind != parley.InboxChanged || e.InboxID != got.ID || e.ActorID != w.owner.UserID {
		t.Errorf("the last event is %+v", e)
	}
	plain := w.inbox("Plain")
	if plain.Color != "indigo" || plain.AssigneeRule != parley.AssignNobody || !plain.AssignOnReply {
		t.Errorf("defaults: %+v", plain)
	}
	admin := w.user(parley.Admin, "adam@harbour.example", got.ID)
	theirs, err := w.CreateInbox(t.Context(), admin, setting.InboxChange{Name: new("Theirs")})
	if err != nil || !slices.Equal(theirs.MemberIDs, []parley.UserID{admin.UserID}) {
		t.Errorf("a maker who does not see all inboxes must see theirs: %+v, %v", theirs, err)
	}
}

func TestInboxInputIsChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.inbox("Support")
	other := w.inbox("Other")
	outsider := w.user(parley.Agent, "out@harbour.example", w.inbox("Third").ID)
	light := w.user(parley.LightAgent, "lea@harbour.example")
	gone := w.user(parley.Agent, "gone@harbour.example")
	w.disable(gone.UserID)
	_, stranger := storetest.Account(t, w.db)
	named := func(u parley.UserID) setting.InboxChange {
		return setting.InboxChange{Name: new("New"), AssigneeRule: new(parley.AssignNamed), DefaultAssigneeID: &u}
	}
	for name, c := range map[string]struct {
		in         setting.InboxChange
		key, field string
	}{
		"no name":               {setting.InboxChange{}, "field.line", "name"},
		"a long name":           {setting.InboxChange{Name: new(strings.Repeat("x", 81))}, "field.line", "name"},
		"a name that is taken":  {setting.InboxChange{Name: new("Support")}, "inbox.name_taken", "name"},
		"a colour we have not":  {setting.InboxChange{Name: new("New"), Color: new("#fff")}, "inbox.color", "color"},
		"a rule we have not":    {setting.InboxChange{Name: new("New"), AssigneeRule: new(parley.AssigneeRule("dice"))}, "inbox.assignee_rule", "assignee_rule"},
		"nobody named":          {named(0), "inbox.assignee_missing", "default_assignee_id"},
		"who does not see it":   {named(outsider.UserID), "inbox.assignee_unfit", "default_assignee_id"},
		"who may not answer":    {named(light.UserID), "inbox.assignee_unfit", "default_assignee_id"},
		"who is disabled":       {named(gone.UserID), "inbox.assignee_unfit", "default_assignee_id"},
		"of another account":    {named(stranger.UserID), "id.unknown", "default_assignee_id"},
		"a member who is not":   {setting.InboxChange{Name: new("New"), MemberIDs: &[]parley.UserID{w.owner.UserID, 1 << 40}}, "id.unknown", "member_ids[1]"},
		"a member of another's": {setting.InboxChange{Name: new("New"), MemberIDs: &[]parley.UserID{stranger.UserID}}, "id.unknown", "member_ids[0]"},
	} {
		t.Log(name)
		_, err := w.CreateInbox(t.Context(), w.owner, c.in)
		wantKey(t, err, c.key, c.field)
		if c.in.Name != nil {
			_, err = w.UpdateInbox(t.Context(), w.owner, other.ID, c.in)
			wantKey(t, err, c.key, c.field)
		}
	}
	all, _, err := w.Inboxes(t.Context(), w.owner, 0, 10)
	if err != nil || len(all) != 3 || all[1].Name != "Other" {
		t.Errorf("what was refused left traces: %+v, %v", all, err)
	}
}

func TestRepeatedInboxIsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actor := w.owner
	actor.Once = parley.Once{Key: "k", Fingerprint: "f"}
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			i, err := w.CreateInbox(t.Context(), actor, setting.InboxChange{Name: new("Support")})
			if err != nil || i.Name != "Support" {
				t.Errorf("%+v, %v", i, err)
			}
		})
	}
	wg.Wait()
	if all, _, err := w.Inboxes(t.Context(), w.owner, 0, 10); err != nil || len(all) != 1 {
		t.Errorf("%d inboxes, %v", len(all), err)
	}
}

func TestOneNameOfTwoAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for range 6 {
		wg.Go(func() {
			_, err := w.CreateInbox(t.Context(), w.owner, setting.InboxChange{Name: new("Support")})
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				made++
				return
			}
			wantKey(t, err, "inbox.name_taken", "name")
		})
	}
	wg.Wait()
	if made != 1 {
		t.Errorf("%d inboxes of one name", made)
	}
}

func TestRolesDecideWhoSetsInboxesUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	inbox, hidden := w.inbox("Seen"), w.inbox("Hidden")
	const no, gone = "role.not_allowed", "id.unknown"
	type want struct{ seen, hidden string }
	for _, c := range []struct {
		actor          parley.Actor
		get, set, make want
	}{
		{w.owner, want{}, want{}, want{}},
		{w.user(parley.Admin, "adam@harbour.example"), want{}, want{}, want{}},
		{w.user(parley.Admin, "amy@harbour.example", inbox.ID), want{"", gone}, want{"", gone}, want{}},
		{w.user(parley.Agent, "ann@harbour.example"), want{}, want{no, no}, want{no, no}},
		{w.user(parley.Agent, "art@harbour.example", inbox.ID), want{"", gone}, want{no, gone}, want{no, no}},
		{w.user(parley.LightAgent, "lea@harbour.example", inbox.ID), want{"", gone}, want{no, gone}, want{no, no}},
	} {
		t.Log(c.actor.Role, c.actor.Inboxes)
		for id, key := range map[parley.InboxID]want{inbox.ID: {c.get.seen, c.set.seen}, hidden.ID: {c.get.hidden, c.set.hidden}} {
			_, err := w.Inbox(t.Context(), c.actor, id)
			wantKey(t, err, key.seen, "")
			_, err = w.UpdateInbox(t.Context(), c.actor, id, setting.InboxChange{Color: new("blue")})
			wantKey(t, err, key.hidden, "")
			if key.hidden != "" {
				wantKey(t, w.ArchiveInbox(t.Context(), c.actor, id), key.hidden, "")
			}
		}
		_, err := w.CreateInbox(t.Context(), c.actor, setting.InboxChange{Name: new("Of " + c.actor.UserID.String())})
		wantKey(t, err, c.make.seen, "")
		all, _, err := w.Inboxes(t.Context(), c.actor, 0, 100)
		sees := slices.ContainsFunc(all, func(i setting.Inbox) bool { return i.ID == hidden.ID })
		if err != nil || sees != (c.get.hidden == "") {
			t.Errorf("the list shows the hidden inbox: %t, %v", sees, err)
		}
	}
}

func TestAnotherAccountsSettingsDoNotExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.inbox("Mine")
	theirs := w.channel(mine.ID, "support@acme.example")
	_, stranger := storetest.Account(t, w.db)
	for name, do := range map[string]func() error{
		"inbox": func() error { _, err := w.Inbox(t.Context(), stranger, mine.ID); return err },
		"change inbox": func() error {
			_, err := w.UpdateInbox(t.Context(), stranger, mine.ID, setting.InboxChange{Color: new("blue")})
			return err
		},
		"archive inbox": func() error { return w.ArchiveInbox(t.Context(), stranger, mine.ID) },
		"channel":       func() error { _, err := w.Channel(t.Context(), stranger, theirs.ID); return err },
		"change channel": func() error {
			_, err := w.UpdateChannel(t.Context(), stranger, theirs.ID, setting.ChannelChange{Name: new("X")})
			return err
		},
		"delete channel": func() error { return w.DeleteChannel(t.Context(), stranger, theirs.ID) },
		"route to inbox": func() error {
			_, err := w.CreateChannel(t.Context(), stranger, setting.NewChannel{Type: "email", Name: "X", InboxID: mine.ID, Address: "x@acme.example"})
			return err
		},
		"no such inbox":   func() error { _, err := w.Inbox(t.Context(), w.owner, 1<<40); return err },
		"no such channel": func() error { _, err := w.Channel(t.Context(), w.owner, 1<<40); return err },
	} {
		if err := do(); !parley.IsCode(err, parley.NotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
	inboxes, _, err := w.Inboxes(t.Context(), stranger, 0, 10)
	channels, _, err2 := w.Channels(t.Context(), stranger, 0, 10)
	if len(inboxes)+len(channels) != 0 || err != nil || err2 != nil {
		t.Errorf("a stranger lists %v, %v (%v, %v)", inboxes, channels, err, err2)
	}
}

func TestUpdateInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.inbox("Support")
	ann := w.user(parley.Agent, "ann@harbour.example", i.ID)
	bob := w.user(parley.Agent, "bob@harbour.example", i.ID)
	got, err := w.UpdateInbox(t.Context(), w.owner, i.ID, setting.InboxChange{AssigneeRule: new(parley.AssignNamed), DefaultAssigneeID: new(ann.UserID)})
	if err != nil || got.DefaultAssigneeID != ann.UserID || got.Name != "Support" || len(got.MemberIDs) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	_, err = w.UpdateInbox(t.Context(), w.owner, i.ID, setting.InboxChange{MemberIDs: &[]parley.UserID{bob.UserID}})
	wantKey(t, err, "inbox.assignee_unfit", "default_assignee_id") // the named user would not see it any more
	got, err = w.UpdateInbox(t.Context(), w.owner, i.ID, setting.InboxChange{AssigneeRule: new(parley.AssignRoundRobin), MemberIDs: &[]parley.UserID{bob.UserID}})
	if err != nil || got.DefaultAssigneeID != 0 || !slices.Equal(got.MemberIDs, []parley.UserID{bob.UserID}) {
		t.Fatalf("%+v, %v", got, err)
	}
	if !slices.Contains(*w.handed, ann.UserID) || slices.Contains(*w.handed, bob.UserID) {
		t.Errorf("handed over: %v, want %v", *w.handed, ann.UserID)
	}
	if e := w.lastEvent(); e.Kind != parley.InboxChanged || e.InboxID != i.ID {
		t.Errorf("the last event is %+v", e)
	}
}

func TestArchiveInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, j := w.inbox("Support"), w.inbox("Other")
	c := w.channel(i.ID, "support@acme.example")
	contact := w.contact(0)
	wantKey(t, w.ArchiveInbox(t.Context(), w.owner, i.ID), "inbox.in_use", "")
	if _, err := w.UpdateChannel(t.Context(), w.owner, c.ID, setting.ChannelChange{InboxID: &j.ID}); err != nil {
		t.Fatal(err)
	}
	conv := w.conversation(c, contact, nil)
	wantKey(t, w.ArchiveInbox(t.Context(), w.owner, i.ID), "inbox.in_use", "")
	set := func(change func(*parley.Conversation)) {
		t.Helper()
		change(&conv)
		w.update(func(tx *store.Tx) error { return tx.UpdateConversation(t.Context(), &conv) })
	}
	set(func(c *parley.Conversation) { c.SnoozedUntil = new(w.clock.now()) })
	wantKey(t, w.ArchiveInbox(t.Context(), w.owner, i.ID), "inbox.in_use", "")
	set(func(c *parley.Conversation) { c.SnoozedUntil, c.Draft = nil, true })
	wantKey(t, w.ArchiveInbox(t.Context(), w.owner, i.ID), "inbox.in_use", "")
	set(func(c *parley.Conversation) { c.Draft, c.Status = false, parley.Closed })
	wantKey(t, w.ArchiveInbox(t.Context(), w.owner, i.ID), "", "")
	wantKey(t, w.ArchiveInbox(t.Context(), w.owner, i.ID), "id.unknown", "")
	_, err := w.UpdateInbox(t.Context(), w.owner, i.ID, setting.InboxChange{Color: new("blue")})
	wantKey(t, err, "id.unknown", "")
	_, err = w.UpdateChannel(t.Context(), w.owner, c.ID, setting.ChannelChange{InboxID: &i.ID})
	wantKey(t, err, "id.unknown", "inbox_id")
	if got, err := w.Inbox(t.Context(), w.owner, i.ID); err != nil || got.ArchivedAt == nil {
		t.Errorf("its closed conversations have lost their inbox: %+v, %v", got, err)
	}
	if all, _, err := w.Inboxes(t.Context(), w.owner, 0, 10); err != nil || len(all) != 1 || all[0].ID != j.ID {
		t.Errorf("%+v, %v", all, err)
	}
	w.inbox("Support") // its name is free again
}

func TestInboxesArePaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		w.inbox(name)
	}
	var got []string
	after := parley.InboxID(0)
	for range 5 {
		page, next, err := w.Inboxes(t.Context(), w.owner, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page {
			got = append(got, i.Name)
		}
		if after = next; next == 0 {
			break
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "d", "e"}, got); diff != "" {
		t.Error(diff)
	}
}

// assignee asks who gets the next conversation, and gives it to them.
func (w world) assignee(i parley.InboxID, contact parley.ContactID) parley.UserID {
	w.t.Helper()
	var who parley.UserID
	w.update(func(tx *store.Tx) (err error) {
		who, err = w.AssigneeTx(w.t.Context(), tx, w.owner.AccountID, i, contact)
		return err
	})
	return who
}

func (w world) rule(i parley.InboxID, r parley.AssigneeRule, user parley.UserID) {
	w.t.Helper()
	if _, err := w.UpdateInbox(w.t.Context(), w.owner, i, setting.InboxChange{AssigneeRule: &r, DefaultAssigneeID: &user}); err != nil {
		w.t.Fatal(err)
	}
}

func TestAssigneeRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.inbox("Support").ID
	elsewhere := w.inbox("Elsewhere").ID
	w.disable(w.owner.UserID) // whom nobody counts in below
	w.user(parley.LightAgent, "lea@harbour.example")
	outsider := w.user(parley.Agent, "out@harbour.example", elsewhere)
	ann := w.user(parley.Agent, "ann@harbour.example", i)
	bob := w.user(parley.Admin, "bob@harbour.example")
	cat := w.user(parley.Agent, "cat@harbour.example", i, elsewhere)
	want := func(got, want parley.UserID) {
		t.Helper()
		if got != want {
			t.Errorf("got %d, want %d (ann %d, bob %d, cat %d)", got, want, ann.UserID, bob.UserID, cat.UserID)
		}
	}
	nobodys, anns, outsiders := w.contact(0), w.contact(ann.UserID), w.contact(outsider.UserID)
	want(w.assignee(i, anns), 0)

	w.rule(i, parley.AssignNamed, cat.UserID)
	want(w.assignee(i, anns), cat.UserID)

	w.rule(i, parley.AssignOwner, 0)
	want(w.assignee(i, anns), ann.UserID)
	want(w.assignee(i, nobodys), 0)
	want(w.assignee(i, outsiders), 0)
	want(w.assignee(i, 0), 0)

	w.rule(i, parley.AssignRoundRobin, 0)
	for _, u := range []parley.Actor{ann, bob, cat, ann} {
		want(w.assignee(i, nobodys), u.UserID)
	}
	w.disable(bob.UserID)
	want(w.assignee(i, nobodys), cat.UserID)
	want(w.assignee(i, nobodys), ann.UserID)

	w.rule(i, parley.AssignLeastBusy, 0)
	c := w.channel(i, "support@acme.example")
	give := func(u parley.Actor, change func(*parley.Conversation)) {
		t.Helper()
		w.conversation(c, nobodys, func(c *parley.Conversation) {
			c.AssigneeID = u.UserID
			if change != nil {
				change(c)
			}
		})
	}
	give(ann, nil)
	want(w.assignee(i, nobodys), cat.UserID)
	want(w.assignee(i, nobodys), cat.UserID)
	give(cat, nil)
	give(cat, func(c *parley.Conversation) { c.Status = parley.Closed })
	want(w.assignee(i, nobodys), ann.UserID) // as busy as cat: in turn
	want(w.assignee(i, nobodys), cat.UserID)
	give(cat, nil)
	want(w.assignee(i, nobodys), ann.UserID)

	w.rule(i, parley.AssignNamed, cat.UserID)
	w.disable(cat.UserID)
	want(w.assignee(i, nobodys), 0)
	w.disable(ann.UserID)
	for _, r := range []parley.AssigneeRule{parley.AssignOwner, parley.AssignRoundRobin, parley.AssignLeastBusy} {
		w.rule(i, r, 0)
		want(w.assignee(i, anns), 0)
	}
	err := w.db.Update(t.Context(), func(tx *store.Tx) error {
		_, err := w.AssigneeTx(t.Context(), tx, w.owner.AccountID+1, i, anns)
		return err
	})
	if !parley.IsCode(err, parley.NotFound) {
		t.Errorf("another account's inbox: %v", err)
	}
}

// Conversations that come at once are dealt out evenly.
func TestTurnsAreTakenAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.inbox("Support").ID
	w.user(parley.Agent, "ann@harbour.example")
	w.user(parley.Agent, "bob@harbour.example")
	w.rule(i, parley.AssignRoundRobin, 0)
	var mu sync.Mutex
	got := map[parley.UserID]int{}
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			var who parley.UserID
			err := w.db.Update(context.WithoutCancel(t.Context()), func(tx *store.Tx) (err error) {
				who, err = w.AssigneeTx(t.Context(), tx, w.owner.AccountID, i, 0)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			got[who]++
		})
	}
	wg.Wait()
	for who, n := range got {
		if n != 4 || who == 0 {
			t.Errorf("user %d got %d of 12, want 4 each of three: %v", who, n, got)
		}
	}
}
