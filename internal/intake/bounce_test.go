package intake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// qmail is a bounce in free words that returns the mail.
func qmail(id, about, recipient, words string) string {
	return fmt.Sprintf(`From: MAILER-DAEMON@relay.test
To: support@harbour.example
Subject: failure notice
Message-ID: <%s>

Hi. This is the qmail-send program at relay.test.
I'm afraid I wasn't able to deliver your message to the following addresses.

<%s>:
%s

--- Below this line is a copy of the message.

From: support@harbour.example
Message-ID: <%s>
Subject: our reply

x
`, id, recipient, words, about)
}

// toldOf is what the timeline's events say of our messages.
func (o *office) toldOf(after parley.Seq) (out []map[string]any) {
	o.t.Helper()
	for _, e := range o.events(after) {
		if !strings.HasPrefix(string(e.Kind), "message.") {
			continue
		}
		data := map[string]any{}
		if err := json.Unmarshal([]byte(e.Data), &data); err != nil {
			o.t.Fatal(err)
		}
		data["event"], data["shown"] = string(e.Kind), o.inTimeline(e)
		delete(data, "report")
		out = append(out, data)
	}
	return out
}

func (o *office) inTimeline(e parley.Event) bool {
	o.t.Helper()
	shown := false
	storetest.View(o.t, o.db, func(tx *store.Tx) error {
		all, err := tx.ListTimelineEvents(o.t.Context(), store.TimelineQuery{AccountID: o.account.ID, ConversationID: e.ConversationID, Limit: 1000})
		for _, other := range all {
			shown = shown || other.Seq == e.Seq
		}
		return err
	})
	return shown
}

// A bounce stands in its conversation once, in words, whatever form it came in.
func TestBounceInWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mail string
		want map[string]any
		dead bool
	}{
		"a report": {
			dsn("r@relay.test", "ours@harbour.example", "ann@x.test", "failed", "5.1.1"),
			map[string]any{"event": "message.bounced", "shown": true, "address": "ann@x.test", "reason": "no_such_user", "status": "5.1.1", "hard": true},
			true,
		},
		"a full mailbox, in free words": {
			qmail("q@relay.test", "ours@harbour.example", "ann@x.test", "192.0.2.1 failed after I sent the message.\nRemote host said: 552 5.2.2 mailbox is full"),
			map[string]any{"event": "message.bounced", "shown": true, "address": "ann@x.test", "reason": "mailbox_full", "status": "5.2.2", "hard": false},
			false,
		},
		"nobody of that name, in free words": {
			qmail("q@relay.test", "ours@harbour.example", "ann@x.test", "Sorry, no mailbox here by that name. (#5.1.1)"),
			map[string]any{"event": "message.bounced", "shown": true, "address": "ann@x.test", "reason": "no_such_user", "status": "5.1.1", "hard": true},
			true,
		},
		"delayed": {
			dsn("r@relay.test", "ours@harbour.example", "ann@x.test", "delayed", "4.4.1"),
			map[string]any{"event": "message.delayed", "shown": true, "address": "ann@x.test", "reason": "no_such_user", "status": "4.4.1", "hard": false},
			false,
		},
		"delivered": {
			dsn("r@relay.test", "ours@harbour.example", "ann@x.test", "delivered", "2.0.0"),
			map[string]any{"event": "message.delivered", "shown": true, "address": "ann@x.test", "hard": false},
			false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			first := o.deliver(mailOf("a@x.test", "one", "hello"))
			ours := o.reply(o.conversation(first.ConversationID), "ours@harbour.example", parley.Sent, "ann@x.test")
			seq := o.seq()
			if e := o.deliver(c.mail); e.ConversationID != first.ConversationID || e.Outcome != parley.BecameReport {
				t.Fatalf("became a %s in %d", e.Outcome, e.ConversationID)
			}
			want := []map[string]any{{"event": "message.reported", "shown": false, "told": true}, c.want}
			if diff := cmp.Diff(want, o.toldOf(seq)); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			to := o.message(ours.ID).Recipients[0]
			if bounced := c.want["event"] == "message.bounced"; bounced && (string(to.Reason) != c.want["reason"] || to.Status != c.want["status"] || to.Error == "") || !bounced && to.Reason != "" {
				t.Errorf("the recipient is %+v", to)
			}
			if dead := o.ann().BouncedAt != nil; dead != c.dead {
				t.Errorf("the address is marked: %v", dead)
			}
		})
	}
}

// ann is the address that the contact of mailOf has.
func (o *office) ann() parley.Point {
	o.t.Helper()
	var c parley.Contact
	storetest.View(o.t, o.db, func(tx *store.Tx) (err error) {
		c, err = tx.ContactByPoint(o.t.Context(), o.account.ID, parley.PointEmail, "ann@x.test")
		return err
	})
	return c.Points[0]
}

// An address that bounced is good again once mail comes from it; a bounce that
// claims to be from it says nothing.
func TestBouncedAddress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mail  string
		works bool
	}{
		"a mail":      {mailOf("b@x.test", "Re: one", "here I am", "In-Reply-To: <ours@harbour.example>"), true},
		"a vacation":  {mailOf("b@x.test", "Away", "I am away", "Auto-Submitted: auto-replied", "In-Reply-To: <ours@harbour.example>"), true},
		"elsewhere":   {strings.Replace(mailOf("b@x.test", "Hi", "hello"), "ann@x.test", "bob@x.test", 1), false},
		"more bounce": {strings.Replace(dsn("r2@relay.test", "ours@harbour.example", "ann@x.test", "failed", "5.1.1"), "MAILER-DAEMON@relay.test", "ann@x.test", 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			first := o.deliver(mailOf("a@x.test", "one", "hello"))
			o.reply(o.conversation(first.ConversationID), "ours@harbour.example", parley.Sent, "ann@x.test")
			o.deliver(dsn("r1@relay.test", "ours@harbour.example", "ann@x.test", "failed", "5.1.1"))
			if p := o.ann(); p.BouncedAt == nil || p.BounceReason != parley.ReasonNoSuchUser {
				t.Fatalf("after the bounce: %+v", p)
			}
			o.deliver(c.mail)
			if p := o.ann(); (p.BouncedAt == nil) != c.works || c.works && p.BounceReason != "" {
				t.Errorf("then: %+v", p)
			}
		})
	}
}

// verifying is mail whose sender is checked.
type verifying struct {
	channel.Channel
	verify func(channel.Raw, channel.Parsed) *parley.Auth
}

func (v verifying) Verify(_ context.Context, raw channel.Raw, p channel.Parsed) *parley.Auth {
	return v.verify(raw, p)
}

// What the check finds is stored with the message; a check that breaks keeps no mail back.
func TestVerdictIsStored(t *testing.T) {
	t.Parallel()
	found := &parley.Auth{SPF: parley.VerdictFail, DKIM: parley.VerdictNone, DMARC: parley.VerdictFail, Verified: parley.VerdictFail, Domain: "x.test"}
	for name, c := range map[string]struct {
		verify func(channel.Raw, channel.Parsed) *parley.Auth
		want   *parley.Auth
	}{
		"found":       {func(channel.Raw, channel.Parsed) *parley.Auth { return found }, found},
		"not checked": {func(channel.Raw, channel.Parsed) *parley.Auth { return nil }, nil},
		"broken":      {func(channel.Raw, channel.Parsed) *parley.Auth { panic("broken") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.doors.wrap = func(ch channel.Channel) channel.Channel { return verifying{ch, c.verify} }
			m := o.message(o.deliver(mailOf("a@x.test", "one", "hello", "List-Id: <l.x.test>")).MessageID)
			if diff := cmp.Diff(c.want, m.Auth); diff != "" {
				t.Error(diff)
			}
			if m.Auth.Unverified() != (name == "found") || !m.NoAutoReply {
				t.Errorf("unverified %v, no automatic reply %v", m.Auth.Unverified(), m.NoAutoReply)
			}
		})
	}
}
