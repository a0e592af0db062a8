package setting_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestCreateChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.inbox("Support")
	got, err := w.CreateChannel(t.Context(), w.owner, setting.NewChannel{
		Type: "email", Name: " Help desk ", InboxID: i.ID, Address: " Customer.Support@Acme.example ", FromName: "Acme", ReopenDays: new(0),
	})
	want := parley.Channel{
		ID: got.ID, AccountID: w.owner.AccountID, Type: "email", Name: "Help desk", Address: "customer.support@acme.example", ForwardLocal: got.ForwardLocal,
		FromName: "Acme", InboxID: i.ID, Settings: parley.JSON("{}"), CreatedAt: w.clock.now(),
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if f := w.ForwardAddress(got); !regexp.MustCompile(`^customersupport-[0-9a-hjkmnp-tv-z]{8}@in\.parley\.example$`).MatchString(f) {
		t.Errorf("forwarding address %s", f)
	}
	if e := w.lastEvent(); e.Kind != parley.ChannelChanged || e.ChannelID != got.ID || e.ActorID != w.owner.UserID {
		t.Errorf("the last event is %+v", e)
	}
	for address, tags := range map[string]bool{"a@demo.example": true, "a@in.parley.example": true, "a@acme.example": false} {
		if c := w.channel(i.ID, address); c.PlusTags != tags || c.ReopenDays != 30 || !strings.HasPrefix(c.ForwardLocal, "a-") {
			t.Errorf("%s: %+v, want plus tags %t", address, c, tags)
		}
	}
}

func TestChannelWithItsInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := setting.NewChannel{Type: "email", Name: "Help desk", NewInbox: " Help ", Address: "help@acme.example"}
	got, err := w.CreateChannel(t.Context(), w.owner, in)
	if err != nil {
		t.Fatal(err)
	}
	inbox, err := w.Inbox(t.Context(), w.owner, got.InboxID)
	if err != nil || inbox.Name != "Help" || !inbox.AssignOnReply {
		t.Fatalf("the inbox is %+v, %v", inbox, err)
	}
	admin := w.user(parley.Admin, "ada@acme.example", inbox.ID)
	other := setting.NewChannel{Type: "email", Name: "Sales", NewInbox: "Sales", Address: "sales@acme.example"}
	if got, err = w.CreateChannel(t.Context(), admin, other); err != nil {
		t.Fatal(err)
	}
	admin.Inboxes = append(admin.Inboxes, got.InboxID)
	if made, err := w.Inbox(t.Context(), admin, got.InboxID); err != nil || !slices.Equal(made.MemberIDs, []parley.UserID{admin.UserID}) {
		t.Errorf("who made the channel does not see its inbox: %+v, %v", made, err)
	}
	in.NewInbox = "Not made"
	if _, err := w.CreateChannel(t.Context(), w.owner, in); !parley.IsCode(err, parley.Conflict) {
		t.Errorf("an address twice: %v", err)
	}
	all, _, err := w.Inboxes(t.Context(), w.owner, 0, 10)
	if err != nil || len(all) != 2 {
		t.Errorf("a channel that is refused leaves an inbox behind: %+v, %v", all, err)
	}
}

func TestChannelInputIsChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.inbox("Support")
	taken := w.channel(i.ID, "support@acme.example")
	atHome := w.channel(i.ID, "sales@in.parley.example")
	_, stranger := storetest.Account(t, w.db)
	theirs, err := w.CreateInbox(t.Context(), stranger, setting.InboxChange{Name: new("Theirs")})
	if err != nil {
		t.Fatal(err)
	}
	good := setting.NewChannel{Type: "email", Name: "X", InboxID: i.ID, Address: "x@acme.example"}
	for name, c := range map[string]struct {
		change     func(*setting.NewChannel)
		key, field string
	}{
		"no type":                      {func(c *setting.NewChannel) { c.Type = "" }, "channel.type", "type"},
		"a type we have not":           {func(c *setting.NewChannel) { c.Type = "pigeon" }, "channel.type", "type"},
		"no name":                      {func(c *setting.NewChannel) { c.Name = "" }, "field.line", "name"},
		"a long name":                  {func(c *setting.NewChannel) { c.Name = strings.Repeat("x", 81) }, "field.line", "name"},
		"a From of two lines":          {func(c *setting.NewChannel) { c.FromName = "a\r\nBcc: x" }, "field.line", "from_name"},
		"no address":                   {func(c *setting.NewChannel) { c.Address = "" }, "field.email", "address"},
		"a display name":               {func(c *setting.NewChannel) { c.Address = "Acme <a@acme.example>" }, "field.email", "address"},
		"a +tag":                       {func(c *setting.NewChannel) { c.Address = "a+b@acme.example" }, "channel.address_tag", "address"},
		"the operator's address":       {func(c *setting.NewChannel) { c.Address = "Postmaster@in.parley.example" }, "channel.address_reserved", "address"},
		"a taken address":              {func(c *setting.NewChannel) { c.Address = "SUPPORT@acme.example" }, "channel.address_taken", "address"},
		"a taken address at home":      {func(c *setting.NewChannel) { c.Address = atHome.Address }, "channel.address_taken", "address"},
		"another's forwarding address": {func(c *setting.NewChannel) { c.Address = w.ForwardAddress(taken) }, "channel.address_taken", "address"},
		"no inbox":                     {func(c *setting.NewChannel) { c.InboxID = 0 }, "channel.inbox_missing", "inbox_id"},
		"an inbox twice":               {func(c *setting.NewChannel) { c.NewInbox = "Sales" }, "channel.inbox_twice", "new_inbox"},
		"a new inbox without a name":   {func(c *setting.NewChannel) { c.InboxID, c.NewInbox = 0, "  " }, "field.line", "new_inbox"},
		"a new inbox of a taken name":  {func(c *setting.NewChannel) { c.InboxID, c.NewInbox = 0, "Support" }, "inbox.name_taken", "new_inbox"},
		"another account's inbox":      {func(c *setting.NewChannel) { c.InboxID = theirs.ID }, "id.unknown", "inbox_id"},
		"too many days":                {func(c *setting.NewChannel) { c.ReopenDays = new(4000) }, "channel.reopen_days", "reopen_days"},
		"too few days":                 {func(c *setting.NewChannel) { c.ReopenDays = new(-1) }, "channel.reopen_days", "reopen_days"},
	} {
		t.Log(name)
		in := good
		c.change(&in)
		_, err := w.CreateChannel(t.Context(), w.owner, in)
		wantKey(t, err, c.key, c.field)
	}
	// Whose it is stays untold: another account hears the same as one's own.
	in := setting.NewChannel{Type: "email", Name: "X", InboxID: theirs.ID, Address: "support@acme.example"}
	_, foreign := w.CreateChannel(t.Context(), stranger, in)
	in.InboxID = i.ID
	_, own := w.CreateChannel(t.Context(), w.owner, in)
	if diff := cmp.Diff(own, foreign); diff != "" || foreign == nil {
		t.Error(diff)
	}
	if all, _, err := w.Channels(t.Context(), w.owner, 0, 10); err != nil || len(all) != 2 {
		t.Errorf("what was refused left traces: %+v, %v", all, err)
	}
}

func TestRolesDecideWhoSetsChannelsUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, hidden := w.inbox("Support"), w.inbox("Hidden")
	c := w.channel(i.ID, "support@acme.example")
	const no = "role.not_allowed"
	for n, x := range []struct {
		actor     parley.Actor
		want      string
		hide, fld string
	}{
		{w.owner, "", "", ""},
		{w.user(parley.Admin, "adam@harbour.example"), "", "", ""},
		{w.user(parley.Admin, "amy@harbour.example", i.ID), "", "id.unknown", "inbox_id"},
		{w.user(parley.Agent, "ann@harbour.example"), no, no, ""},
		{w.user(parley.LightAgent, "lea@harbour.example"), no, no, ""},
	} {
		t.Log(x.actor.Role)
		if got, err := w.Channel(t.Context(), x.actor, c.ID); err != nil || got.ID != c.ID {
			t.Errorf("%+v, %v", got, err)
		}
		if all, _, err := w.Channels(t.Context(), x.actor, 0, 100); err != nil || len(all) == 0 {
			t.Errorf("%+v, %v", all, err)
		}
		address := strings.Repeat("x", n+1) + "@acme.example"
		_, err := w.CreateChannel(t.Context(), x.actor, setting.NewChannel{Type: "email", Name: "X", InboxID: i.ID, Address: address})
		wantKey(t, err, x.want, "")
		_, err = w.CreateChannel(t.Context(), x.actor, setting.NewChannel{Type: "email", Name: "X", InboxID: hidden.ID, Address: "y" + address})
		wantKey(t, err, x.hide, x.fld)
		_, err = w.UpdateChannel(t.Context(), x.actor, c.ID, setting.ChannelChange{Name: new("Y")})
		wantKey(t, err, x.want, "")
		if x.want != "" {
			wantKey(t, w.DeleteChannel(t.Context(), x.actor, c.ID), x.want, "")
		}
	}
}

func TestOneAddressOfManyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.inbox("Support")
	repeat := w.owner
	repeat.Once = parley.Once{Key: "k", Fingerprint: "f"}
	var mu sync.Mutex
	ids := map[parley.ChannelID]int{}
	var wg sync.WaitGroup
	for n := range 12 {
		actor := w.owner
		if n%2 == 0 {
			actor = repeat // one request, sent again
		}
		wg.Go(func() {
			c, err := w.CreateChannel(t.Context(), actor, setting.NewChannel{Type: "email", Name: "X", InboxID: i.ID, Address: "support@acme.example"})
			if err != nil {
				wantKey(t, err, "channel.address_taken", "address")
				return
			}
			mu.Lock()
			defer mu.Unlock()
			ids[c.ID]++
		})
	}
	wg.Wait()
	if len(ids) != 1 {
		t.Errorf("made %v, want one channel", ids)
	}
}

func TestUpdateAndDeleteChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, j := w.inbox("Support"), w.inbox("Sales")
	c := w.channel(i.ID, "support@acme.example")
	got, err := w.UpdateChannel(t.Context(), w.owner, c.ID, setting.ChannelChange{
		Name: new("Sales"), FromName: new("Acme sales"), InboxID: &j.ID, ReopenDays: new(7), Disabled: new(true),
	})
	want := c
	want.Name, want.FromName, want.InboxID, want.ReopenDays, want.DisabledAt = "Sales", "Acme sales", j.ID, 7, new(w.clock.now())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	again, err := w.Channel(t.Context(), w.owner, c.ID)
	if diff := cmp.Diff(got, again); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	_, err = w.UpdateChannel(t.Context(), w.owner, c.ID, setting.ChannelChange{Name: new("")})
	wantKey(t, err, "field.line", "name")
	_, err = w.UpdateChannel(t.Context(), w.owner, c.ID, setting.ChannelChange{ReopenDays: new(-1)})
	wantKey(t, err, "channel.reopen_days", "reopen_days")
	_, err = w.UpdateChannel(t.Context(), w.owner, c.ID, setting.ChannelChange{InboxID: new(parley.InboxID(0))})
	wantKey(t, err, "channel.inbox_missing", "inbox_id")
	got, err = w.UpdateChannel(t.Context(), w.owner, c.ID, setting.ChannelChange{FromName: new(" "), Disabled: new(false)})
	if err != nil || got.FromName != "" || got.DisabledAt != nil {
		t.Errorf("%+v, %v", got, err)
	}
	wantKey(t, w.DeleteChannel(t.Context(), w.owner, c.ID), "", "")
	if e := w.lastEvent(); e.Kind != parley.ChannelChanged || e.ChannelID != c.ID {
		t.Errorf("the last event is %+v", e)
	}
	wantKey(t, w.DeleteChannel(t.Context(), w.owner, c.ID), "id.unknown", "")
	_, err = w.Channel(t.Context(), w.owner, c.ID)
	wantKey(t, err, "id.unknown", "")
	next := w.channel(i.ID, "support@acme.example") // the address is free again
	if next.ID == c.ID || next.ForwardLocal == c.ForwardLocal {
		t.Errorf("%+v", next)
	}
	_, err = w.CreateChannel(t.Context(), w.owner, setting.NewChannel{Type: "email", Name: "X", InboxID: i.ID, Address: w.ForwardAddress(c)})
	wantKey(t, err, "channel.address_taken", "address") // a forwarding address is never anybody else's
}

func TestLookup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.inbox("Support")
	c := w.channel(i.ID, "support@acme.example")
	home := w.channel(i.ID, "sales@in.parley.example")
	off := w.channel(i.ID, "off@acme.example")
	if _, err := w.UpdateChannel(t.Context(), w.owner, off.ID, setting.ChannelChange{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	for rcpt, want := range map[string]parley.ChannelID{
		"support@acme.example":                          c.ID,
		"Support@ACME.example":                          c.ID,
		"support+tag@acme.example":                      c.ID,
		"support+a+b=c@acme.example":                    c.ID,
		c.ForwardLocal + "@in.parley.example":           c.ID,
		strings.ToUpper(w.ForwardAddress(c)):            c.ID,
		c.ForwardLocal + "+token@in.parley.example":     c.ID,
		"sales@in.parley.example":                       home.ID,
		home.ForwardLocal + "@in.parley.example":        home.ID,
		c.ForwardLocal + "@acme.example":                0,
		"support@in.parley.example":                     0,
		"support@sub.acme.example":                      0,
		"off@acme.example":                              0,
		off.ForwardLocal + "@in.parley.example":         0,
		"+tag@in.parley.example":                        0,
		"nobody@acme.example":                           0,
		"support":                                       0,
		"support@":                                      0,
		"":                                              0,
		`"support"@acme.example`:                        0,
		"<support@acme.example>":                        0,
		"support@acme.example\r\nRCPT TO:<a@b.example>": 0,
	} {
		for range 2 { // the second answer may come from memory
			got, err := w.Lookup(t.Context(), rcpt)
			if got != want {
				t.Errorf("Lookup(%q) = %d, %v, want %d", rcpt, got, err, want)
			}
			if want == 0 {
				wantKey(t, err, "channel.unknown_address", "")
				if !parley.IsCode(err, parley.NotFound) {
					t.Errorf("Lookup(%q): %v", rcpt, err)
				}
			}
		}
	}
}

func TestLookupSeesChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.inbox("Support")
	found := func(want parley.ChannelID) {
		t.Helper()
		got, err := w.Lookup(t.Context(), "support@acme.example")
		if _, ok := errors.AsType[*parley.Error](err); got != want || (err != nil && !ok) {
			t.Errorf("found %d, %v, want %d", got, err, want)
		}
	}
	found(0)
	c := w.channel(i.ID, "support@acme.example")
	found(c.ID)
	if _, err := w.UpdateChannel(t.Context(), w.owner, c.ID, setting.ChannelChange{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	found(0)
	if _, err := w.UpdateChannel(t.Context(), w.owner, c.ID, setting.ChannelChange{Disabled: new(false)}); err != nil {
		t.Fatal(err)
	}
	found(c.ID)
	w.update(func(tx *store.Tx) error { return tx.DeleteChannel(t.Context(), c.AccountID, c.ID) }) // by another node
	found(c.ID)
	w.clock.pass(5 * time.Second)
	found(0)
	next := w.channel(i.ID, "support@acme.example")
	found(next.ID)
	if err := w.DeleteChannel(t.Context(), w.owner, next.ID); err != nil {
		t.Fatal(err)
	}
	found(0)
}

func TestChannelsArePaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.inbox("Support")
	var want []parley.ChannelID
	for _, local := range []string{"a", "b", "c"} {
		want = append(want, w.channel(i.ID, local+"@acme.example").ID)
	}
	first, next, err := w.Channels(t.Context(), w.owner, 0, 2)
	if err != nil || len(first) != 2 || next != want[1] {
		t.Fatalf("%+v, %d, %v", first, next, err)
	}
	second, next, err := w.Channels(t.Context(), w.owner, next, 2)
	if err != nil || len(second) != 1 || next != 0 || second[0].ID != want[2] {
		t.Fatalf("%+v, %d, %v", second, next, err)
	}
}
