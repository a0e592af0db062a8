package outbox_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel/channeltest"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/store"
)

// news are the bounces that the timeline tells of.
func (o *office) news() (out []map[string]any) {
	o.t.Helper()
	o.update(func(tx *store.Tx) error {
		out = nil
		events, err := tx.ListTimelineEvents(o.t.Context(), store.TimelineQuery{AccountID: o.actor.AccountID, ConversationID: o.conv, Limit: 100})
		for _, e := range events {
			if e.Kind != parley.MessageBounced {
				continue
			}
			data := map[string]any{}
			if err := json.Unmarshal([]byte(e.Data), &data); err != nil {
				return err
			}
			out = append(out, data)
		}
		return err
	})
	return out
}

// ann is the address of the contact.
func (o *office) ann() parley.Point {
	o.t.Helper()
	var c parley.Contact
	o.update(func(tx *store.Tx) (err error) {
		c, err = tx.ContactByID(o.t.Context(), o.actor.AccountID, o.contact.ID)
		return err
	})
	return c.Points[0]
}

// A refusal while we send says what a bounce would have said later: the reason in
// the timeline and with the recipient, and the mark at an address that is dead.
func TestRefusalTellsWhatABounceWould(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  channeltest.Fault
		told   bool
		status string
		reason parley.Reason
		hard   bool
	}{
		"unknown, said to RCPT": {channeltest.Fault{At: channeltest.AtRcpt, Reply: "550 5.1.1 <ann@client.example>: User unknown"}, true, "5.1.1", parley.ReasonNoSuchUser, true},
		"unknown, said to DATA": {channeltest.Fault{At: channeltest.AtDot, Reply: "550 5.1.1 User unknown"}, true, "5.1.1", parley.ReasonNoSuchUser, true},
		"suspended":             {channeltest.Fault{At: channeltest.AtRcpt, Reply: "550 5.2.1 The account is disabled"}, true, "5.2.1", parley.ReasonSuspended, true},
		"a full mailbox":        {channeltest.Fault{At: channeltest.AtDot, Reply: "552 5.2.2 Mailbox full"}, true, "5.2.2", parley.ReasonMailboxFull, false},
		"as spam":               {channeltest.Fault{At: channeltest.AtDot, Reply: "554 5.7.1 Rejected as spam"}, true, "5.7.1", parley.ReasonBlockedAsSpam, false},
		"no relaying":           {channeltest.Fault{At: channeltest.AtRcpt, Reply: "554 5.7.1 Relay access denied: unknown user"}, true, "5.7.1", parley.ReasonPolicy, false},
		"the sender":            {channeltest.Fault{At: channeltest.AtMail, Reply: "550 5.1.8 Sender address rejected: Domain not found"}, true, "5.1.8", parley.ReasonPolicy, false},
		"not signed in":         {channeltest.Fault{At: channeltest.AtMail, Reply: "530 5.7.0 Authentication required"}, false, "5.7.0", parley.ReasonPolicy, false},
		"not now":               {channeltest.Fault{At: channeltest.AtRcpt, Reply: "450 4.1.1 User unknown"}, false, "4.1.1", parley.ReasonNoSuchUser, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.relay.Script(c.fault)
			o.run()
			m := o.reply(outbox.Letter{Text: "Hello"})
			m = o.await(m.ID, func(m parley.Message) bool { return m.Tries > 0 && m.Delivery != parley.Sending })
			if to := m.Recipients[0]; to.Status != c.status || to.Reason != c.reason || to.Error == "" {
				t.Errorf("the recipient is %+v", to)
			}
			var want []map[string]any
			if c.told {
				want = []map[string]any{{"address": "ann@client.example", "reason": string(c.reason), "status": c.status, "hard": c.hard}}
			}
			if diff := cmp.Diff(want, o.news()); diff != "" {
				t.Errorf("the timeline tells (-want +got):\n%s", diff)
			}
			if p := o.ann(); (p.BouncedAt != nil) != c.hard || c.hard && p.BounceReason != c.reason {
				t.Errorf("the address stands as %+v", p)
			}
		})
	}
}

// Of several recipients only the one that was refused is told of and marked; an
// attempt later nothing of it is left.
func TestRefusalOfOneOfSeveral(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.relay.Script(channeltest.Fault{At: channeltest.AtRcpt, Only: "bad@client.example", Reply: "550 5.1.1 Unknown user"})
	o.run()
	m := o.reply(outbox.Letter{Text: "Hi", To: parley.Addresses{{Email: "ann@client.example"}, {Email: "bad@client.example"}}})
	o.await(m.ID, delivery(parley.Failed))
	want := []map[string]any{{"address": "bad@client.example", "reason": "no_such_user", "status": "5.1.1", "hard": true}}
	if diff := cmp.Diff(want, o.news()); diff != "" {
		t.Error(diff)
	}
	if p := o.ann(); p.BouncedAt != nil {
		t.Errorf("somebody else's address is marked: %+v", p)
	}
	if _, err := o.out.Retry(t.Context(), o.actor, m.ID); err != nil {
		t.Fatal(err)
	}
	for _, to := range o.await(m.ID, delivery(parley.Sent)).Recipients {
		if to.Error+to.Status+string(to.Reason) != "" {
			t.Errorf("%s got it, and is %+v", to.Address, to)
		}
	}
}

// Refused for now until nobody tries any more: it failed, and no address is dead for it.
func TestRefusedForNowForTooLong(t *testing.T) {
	t.Parallel()
	for reply, reason := range map[string]parley.Reason{
		"450 4.1.1 User unknown for now": parley.ReasonExpired,
		"452 4.2.2 Mailbox full":         parley.ReasonMailboxFull,
		"451 4.3.0 Try again":            parley.ReasonExpired,
	} {
		t.Run(reply, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.relay.Script(channeltest.Fault{At: channeltest.AtRcpt, Reply: reply})
			m := o.reply(outbox.Letter{Text: "Hello"})
			m = o.awaitOn(o.node(73*time.Hour), m.ID, delivery(parley.Failed))
			if to := m.Recipients[0]; to.Reason != reason || to.Error == "" {
				t.Errorf("the recipient is %+v", to)
			}
			if p := o.ann(); p.BouncedAt != nil || len(o.news()) != 1 {
				t.Errorf("the address stands as %+v, the timeline tells %v", p, o.news())
			}
		})
	}
}
