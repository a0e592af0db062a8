package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
)

// dsn is a delivery report of RFC 3464 about one recipient.
func dsn(id, about, recipient, action, status string) string {
	return fmt.Sprintf(`From: MAILER-DAEMON@relay.test
To: support@harbour.example
Subject: Delivery Status Notification
Message-ID: <%s>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

About your mail.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.test

Final-Recipient: rfc822; %s
Action: %s
Status: %s
Diagnostic-Code: smtp; 550 no such user here
--b
Content-Type: message/rfc822

From: support@harbour.example
Message-ID: <%s>
Subject: our reply

x
--b--
`, id, recipient, action, status, about)
}

func TestReports(t *testing.T) {
	t.Parallel()
	type want struct {
		recipients map[string]parley.Delivery
		message    parley.Delivery
		failed     int
		events     []string
	}
	tests := map[string]struct {
		mails []string
		want  want
	}{
		"a bounce": {
			[]string{dsn("r1@relay.test", "ours@harbour.example", "Ann@x.test", "failed", "5.1.1")},
			want{map[string]parley.Delivery{"ann@x.test": parley.Bounced, "bob@y.test": parley.Sent}, parley.Bounced, 1, []string{"message.reported", "message.bounced", "contact.updated"}},
		},
		"delivered": {
			[]string{dsn("r1@relay.test", "ours@harbour.example", "ann@x.test", "delivered", "2.0.0")},
			want{map[string]parley.Delivery{"ann@x.test": parley.Delivered, "bob@y.test": parley.Sent}, parley.Sent, 0, []string{"message.reported", "message.delivered"}},
		},
		"delayed moves nothing": {
			[]string{dsn("r1@relay.test", "ours@harbour.example", "ann@x.test", "delayed", "4.4.1")},
			want{map[string]parley.Delivery{"ann@x.test": parley.Sent, "bob@y.test": parley.Sent}, parley.Sent, 0, []string{"message.reported", "message.delayed"}},
		},
		"status only moves forward": {
			[]string{dsn("r1@relay.test", "ours@harbour.example", "ann@x.test", "failed", "5.1.1"), dsn("r2@relay.test", "ours@harbour.example", "ann@x.test", "delivered", "2.0.0")},
			want{map[string]parley.Delivery{"ann@x.test": parley.Bounced, "bob@y.test": parley.Sent}, parley.Bounced, 1, []string{"message.reported", "message.bounced", "contact.updated", "message.reported"}},
		},
		"somebody we did not write to": {
			[]string{dsn("r1@relay.test", "ours@harbour.example", "eve@z.test", "failed", "5.1.1")},
			want{map[string]parley.Delivery{"ann@x.test": parley.Sent, "bob@y.test": parley.Sent}, parley.Sent, 0, []string{"message.reported"}},
		},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			first := o.deliver(mailOf("a@x.test", "one", "hello"))
			ours := o.reply(o.conversation(first.ConversationID), "ours@harbour.example", parley.Sent, "ann@x.test", "bob@y.test")
			o.close(first.ConversationID)
			seq, before := o.seq(), o.conversation(first.ConversationID)
			e := o.deliver(c.mails...)
			if e.Outcome != parley.BecameReport || e.ConversationID != first.ConversationID {
				t.Errorf("the report became a %s in %d", e.Outcome, e.ConversationID)
			}
			m := o.message(ours.ID)
			got := want{map[string]parley.Delivery{}, m.Delivery, o.conversation(first.ConversationID).FailedCount, o.kinds(seq)}
			for _, r := range m.Recipients {
				got.recipients[r.Address] = r.Delivery
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(want{})); diff != "" {
				t.Error(diff)
			}
			if m.Delivery == parley.Bounced && !strings.Contains(m.DeliveryError, "no such user") {
				t.Errorf("the far end's words are %q", m.DeliveryError)
			}
			after := o.conversation(first.ConversationID)
			if after.HasAttachment || after.Status != parley.Closed || after.UnreadSeq != before.UnreadSeq || after.WaitingSince != nil || after.Preview != before.Preview || !after.LastMessageAt.Equal(before.LastMessageAt) {
				t.Errorf("the report is news: %+v", after)
			}
			if m := o.message(e.MessageID); m.Seq == 0 || m.NewParticipant {
				t.Errorf("the report is stored as %+v", m)
			}
		})
	}
}

// A bounce names our message by the address that it comes to when it names it
// nowhere else, and in free words says only that it failed.
func TestBounceByAddress(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.deliver(mailOf("a@x.test", "one", "hello"))
	ours := o.reply(o.conversation(first.ConversationID), "ours@harbour.example", parley.Sent, "ann@x.test")
	raw := o.raw(o.support, strings.Replace(dsn("r1@relay.test", "unknown@x", "alias@x.test", "failed", "5.1.1"), "unknown@x", "", 1))
	raw.RcptTo = []string{"support+" + o.token(ours) + "@harbour.example"}
	o.accept(raw)
	o.file()
	if m := o.message(ours.ID); m.Delivery != parley.Bounced {
		t.Errorf("our message is %s", m.Delivery)
	}
	if c := o.conversation(first.ConversationID); c.FailedCount != 1 {
		t.Errorf("%d failed", c.FailedCount)
	}
}

func TestAutomaticAnswers(t *testing.T) {
	t.Parallel()
	vacation := []string{"Auto-Submitted: auto-replied", "In-Reply-To: <ours@harbour.example>"}
	t.Run("in its thread", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		first := o.deliver(mailOf("a@x.test", "one", "hello"))
		o.reply(o.conversation(first.ConversationID), "ours@harbour.example", parley.Sent, "ann@x.test")
		o.close(first.ConversationID)
		seq := o.seq()
		e := o.deliver(mailOf("v@x.test", "Out of office", "I am away", vacation...))
		if e.Outcome != parley.BecameReport || e.ConversationID != first.ConversationID {
			t.Errorf("became a %s in %d", e.Outcome, e.ConversationID)
		}
		c := o.conversation(first.ConversationID)
		if c.Status != parley.Closed || c.WaitingSince != nil || c.MessageCount != 3 {
			t.Errorf("conversation %+v", c)
		}
		if diff := cmp.Diff([]string{"message.auto_replied"}, o.kinds(seq)); diff != "" {
			t.Error(diff)
		}
		if b := o.body(e.MessageID); b.Text != "I am away\n" && b.Text != "I am away" {
			t.Errorf("its text is %q", b.Text)
		}
	})
	t.Run("even long after the close", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		first := o.deliver(mailOf("a@x.test", "one", "hello"))
		o.reply(o.conversation(first.ConversationID), "ours@harbour.example", parley.Sent, "ann@x.test")
		o.close(first.ConversationID)
		o.clock.pass(100 * 24 * time.Hour)
		if e := o.deliver(mailOf("v@x.test", "Out of office", "I am away", vacation...)); e.ConversationID != first.ConversationID {
			t.Error("a vacation notice began a follow-up")
		}
	})
	t.Run("without a thread", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		seq := o.seq()
		e := o.deliver(dsn("r1@relay.test", "unknown@elsewhere.test", "ann@x.test", "failed", "5.1.1"))
		c := o.conversation(e.ConversationID)
		if e.Outcome != parley.BecameMessage || c.Folder != parley.FolderOpen || c.UnreadSeq != 0 || c.WaitingSince != nil || c.MessageCount != 1 || c.Preview == "" {
			t.Errorf("became a %s in %+v", e.Outcome, c)
		}
		if diff := cmp.Diff([]string{"contact.created", "conversation.created", "message.reported"}, o.kinds(seq)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a list is read by people", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		first := o.deliver(mailOf("a@x.test", "one", "hello"))
		e := o.deliver(mailOf("l@x.test", "Re: one", "me too", "List-Id: <l.x.test>", "Precedence: list", "In-Reply-To: <a@x.test>"))
		if c := o.conversation(first.ConversationID); e.Outcome != parley.BecameMessage || c.Preview != "me too" {
			t.Errorf("became a %s, conversation %+v", e.Outcome, c)
		}
	})
}

// We are in Cc of our own reply: the copy is no mail of a contact, and proves
// that the reply went out.
func TestOwnMailComesBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		delivery, want parley.Delivery
		body           string
	}{
		"sent":                      {parley.Sent, parley.Sent, "our reply"},
		"uncertain":                 {parley.Uncertain, parley.Sent, "our reply"},
		"changed by a gateway":      {parley.Uncertain, parley.Sent, "our reply\n\nThis mail is confidential."},
		"bounced stays as it is":    {parley.Bounced, parley.Bounced, "our reply"},
		"delivered stays delivered": {parley.Delivered, parley.Delivered, "our reply"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			first := o.deliver(mailOf("a@x.test", "one", "hello"))
			ours := o.reply(o.conversation(first.ConversationID), "ours@harbour.example", c.delivery, "ann@x.test")
			before := o.conversation(first.ConversationID)
			e := o.deliver("From: Support <support@harbour.example>\nTo: ann@x.test\nCc: support@harbour.example\nSubject: our reply\nMessage-ID: <ours@harbour.example>\nIn-Reply-To: <a@x.test>\n\n" + c.body + "\n")
			if e.Outcome != parley.BecameDuplicate || e.MessageID != ours.ID || e.ConversationID != first.ConversationID {
				t.Errorf("became a %s of %d", e.Outcome, e.MessageID)
			}
			m, after := o.message(ours.ID), o.conversation(first.ConversationID)
			if m.Delivery != c.want || m.Recipients[0].Delivery != c.want {
				t.Errorf("our message is %s, %s", m.Delivery, m.Recipients[0].Delivery)
			}
			if after.MessageCount != before.MessageCount || after.UnreadSeq != before.UnreadSeq || after.WaitingSince != nil {
				t.Errorf("the copy is news: %+v", after)
			}
			if c.delivery == parley.Uncertain && (before.FailedCount != 1 || after.FailedCount != 0 || m.SentAt == nil) {
				t.Errorf("failed %d -> %d, sent at %v", before.FailedCount, after.FailedCount, m.SentAt)
			}
		})
	}
}

// Mail that claims to be from us, but is no copy of what we sent, is shown; we
// are nobody's contact.
func TestMailFromOurselves(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	e := o.deliver("From: Support <support@harbour.example>\nTo: support@harbour.example\nSubject: test\nMessage-ID: <t@laptop>\n\nDoes it work?\n")
	c := o.contact(o.conversation(e.ConversationID).ContactID)
	if e.Outcome != parley.BecameMessage || len(c.Points) != 0 || c.Name == "" {
		t.Errorf("became a %s of contact %+v", e.Outcome, c)
	}
	e = o.deliver("From: Shop <support@harbour.example>\nReply-To: Ann <ann@x.test>\nTo: support@harbour.example\nSubject: form\nMessage-ID: <f@shop>\n\nA question\n")
	if c := o.contact(o.conversation(e.ConversationID).ContactID); len(c.Points) != 1 || c.Points[0].Key != "ann@x.test" {
		t.Errorf("the form's visitor is %+v", c)
	}
	if m := o.message(e.MessageID); m.FromEmail != "support@harbour.example" {
		t.Errorf("shown as from %s", m.FromEmail)
	}
}
