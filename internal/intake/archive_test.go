package intake_test

import (
	"testing"
	"time"

	"parley/internal/parley"
)

// What is brought of the time before the channel is kept, and nobody hears of
// it: it is closed, nobody's, and no news; a customer's answer to it opens it.
func TestArchive(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	old := o.raw(o.support, "From: Ann <ann@x.test>\nTo: support@own.test\nSubject: A bell\nMessage-ID: <old@x.test>\n\nWhich one fits?\n")
	old.Archive, old.Key = true, "imap:1:1"
	before := o.seq()
	o.accept(old)
	o.accept(old) // handed over again
	o.file()
	entries := o.entries()
	if len(entries) != 1 {
		t.Fatalf("%d entries", len(entries))
	}
	c := o.conversation(entries[0].ConversationID)
	if c.Status != parley.Closed || c.Source != parley.FromImport || c.AssigneeID != 0 || c.WaitingSince != nil {
		t.Errorf("%s, %s, assigned to %d, waiting since %v", c.Status, c.Source, c.AssigneeID, c.WaitingSince)
	}
	for _, e := range o.events(before) {
		switch e.Kind {
		case parley.MessageReceived, parley.ConversationReopened, parley.ConversationAssigned:
			t.Errorf("the archive is told as %s", e.Kind)
		}
	}
	o.clock.pass(time.Hour)
	o.deliver("From: Ann <ann@x.test>\nTo: support@own.test\nSubject: Re: A bell\nMessage-ID: <new@x.test>\nIn-Reply-To: <old@x.test>\n\nWell?\n")
	again := o.conversation(c.ID)
	if again.Status != parley.Open || again.MessageCount != 2 || again.WaitingSince == nil {
		t.Errorf("after an answer: %s, %d messages, waiting since %v", again.Status, again.MessageCount, again.WaitingSince)
	}
}
