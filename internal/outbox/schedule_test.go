package outbox_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/store"
)

func TestScheduledMessageMoves(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.run()
	tomorrow := time.Now().Add(24 * time.Hour)
	m := o.reply(outbox.Letter{Text: "Later", SendAt: &tomorrow})
	before := o.conversation().LastSeq
	next := tomorrow.Add(time.Hour).UTC().Truncate(time.Microsecond)
	got, err := o.out.Reschedule(t.Context(), o.actor, m.ID, next)
	if err != nil || !got.SendAt.Equal(next) || got.Delivery != parley.Scheduled {
		t.Fatalf("%v, %v", got.SendAt, err)
	}
	if _, err := o.out.Reschedule(t.Context(), o.actor, m.ID, tomorrow.AddDate(2, 0, 0)); !parley.IsCode(err, parley.Invalid) {
		t.Error(err)
	}
	if diff := cmp.Diff([]parley.EventKind{parley.MessageRescheduled}, o.kinds(before)); diff != "" || o.conversation().LastSeq != before {
		t.Error("it is news:", diff)
	}
	if _, err := o.out.Reschedule(t.Context(), o.actor, m.ID, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	o.relay.Wait(1)
	o.await(m.ID, delivery(parley.Sent))
	if _, err := o.out.Reschedule(t.Context(), o.actor, m.ID, tomorrow); !parley.IsCode(err, parley.Conflict) {
		t.Error(err)
	}
}

// What is moved to a later time while it is about to leave does not leave.
func TestMovedWhileItIsComposed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	soon := time.Now().Add(time.Hour)
	m := o.reply(outbox.Letter{Text: "Later", SendAt: &soon})
	o.update(func(tx *store.Tx) error { // the job has begun before its message was moved
		return tx.MoveJob(t.Context(), "outbox:"+m.ID.String()+":1", tx.Now())
	})
	o.run()
	first := o.reply(outbox.Letter{Text: "First"})
	o.await(first.ID, delivery(parley.Sent))
	if got := o.await(m.ID, delivery(parley.Scheduled)); got.Tries != 0 || len(o.relay.Mails()) != 1 {
		t.Errorf("%d tries, %d mails", got.Tries, len(o.relay.Mails()))
	}
}

func TestUncertainMessageIsConfirmed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m := o.reply(outbox.Letter{Text: "Did it arrive?"})
	if _, err := o.out.Confirm(t.Context(), o.actor, m.ID); !parley.IsCode(err, parley.Conflict) {
		t.Error(err)
	}
	o.update(func(tx *store.Tx) error {
		m, err := tx.LockMessage(t.Context(), o.actor.AccountID, m.ID)
		if err != nil {
			return err
		}
		for _, r := range m.Recipients {
			r.Delivery, r.Error = parley.Uncertain, "the connection broke"
			if err := tx.UpdateRecipient(t.Context(), r); err != nil {
				return err
			}
		}
		m.Delivery = parley.Uncertain
		if err := tx.UpdateMessageDelivery(t.Context(), &m); err != nil {
			return err
		}
		c, err := tx.LockConversation(t.Context(), o.actor.AccountID, o.conv)
		if err != nil {
			return err
		}
		c.FailedCount = 1
		return tx.UpdateConversation(t.Context(), &c)
	})
	for range 2 {
		got, err := o.out.Confirm(t.Context(), o.actor, m.ID)
		if err != nil || got.Delivery != parley.Sent || got.SentAt == nil || got.Recipients[0].Delivery != parley.Sent || got.Recipients[0].Error != "" {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if c := o.conversation(); c.FailedCount != 0 {
		t.Errorf("%d need attention", c.FailedCount)
	}
	if _, err := o.out.Confirm(t.Context(), o.actor, o.inbound.ID); !parley.IsCode(err, parley.Conflict) {
		t.Error(err)
	}
}

// What waits is not lost with its channel: it is said to have failed, and why.
func TestChannelDeletedBeforeItsTime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	in := time.Now().Add(time.Hour)
	var waiting []parley.Message
	for _, l := range []outbox.Letter{{Text: "Within the time to undo", UndoSeconds: 60}, {Text: "Tomorrow", SendAt: &in}} {
		waiting = append(waiting, o.reply(l))
	}
	o.update(func(tx *store.Tx) error { return tx.DeleteChannel(t.Context(), o.actor.AccountID, o.channel.ID) })
	o.run()
	for _, m := range waiting {
		o.update(func(tx *store.Tx) error {
			return tx.MoveJob(t.Context(), fmt.Sprintf("outbox:%d:%d", m.ID, m.Attempt), tx.Now())
		})
		m = o.await(m.ID, delivery(parley.Failed))
		if !strings.Contains(m.DeliveryError, "deleted") || m.SendAt != nil {
			t.Errorf("it failed because %q, and is still to go at %v", m.DeliveryError, m.SendAt)
		}
	}
	if c := o.conversation(); c.FailedCount != 2 {
		t.Errorf("%d of its messages need somebody, not 2", c.FailedCount)
	}
	o.update(func(tx *store.Tx) error {
		rows, err := tx.ListConversationIDs(t.Context(), o.actor, store.ListQuery{View: parley.ViewScheduled, Sort: parley.Newest, Limit: 10})
		if len(rows) != 0 {
			t.Error("the view Scheduled still has it")
		}
		return err
	})
}
