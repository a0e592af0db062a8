package conversation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/conversation"
	"parley/internal/parley"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func minute(n int) time.Time   { return noon.Add(time.Duration(n) * time.Minute) }
func minutep(n int) *time.Time { t := minute(n); return &t }

// fresh is a conversation that a contact has started at noon, as intake makes it.
func fresh() parley.Conversation {
	return parley.Conversation{Status: parley.Open, Source: parley.FromContact, CreatedAt: noon, LastMessageAt: noon}
}

func inbound(n int, preview string) parley.Message {
	return parley.Message{Direction: parley.Inbound, At: minute(n), ReceivedAt: minute(n), Preview: preview}
}

func outbound(n int, preview string) parley.Message {
	return parley.Message{Direction: parley.Outbound, Kind: parley.KindReply, AuthorID: 7, At: minute(n), ReceivedAt: minute(n), Preview: preview}
}

func reply(c *parley.Conversation, m parley.Message) {
	conversation.Composed(c, m)
	conversation.Replied(c, m, m.At)
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	forward := outbound(3, "fwd")
	forward.Kind = parley.KindForward
	automatic := outbound(3, "auto")
	automatic.AuthorID = 0
	late := inbound(1, "late parent")
	late.At = minute(-1)
	file := inbound(2, "file")
	file.Attachments = []parley.Attachment{{Inline: true}, {Filename: "a.pdf"}}

	tests := map[string]struct {
		do   func(c *parley.Conversation)
		want func(c *parley.Conversation)
	}{
		"a first message": {
			func(c *parley.Conversation) { conversation.Received(c, inbound(0, "hi")) },
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastInboundAt, c.WaitingSince = "hi", 1, minutep(0), minutep(0)
			},
		},
		"the oldest unanswered message is what counts": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "hi"))
				conversation.Received(c, inbound(5, "hello?"))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt, c.WaitingSince = "hello?", 2, minute(5), minutep(5), minutep(0)
			},
		},
		"a parent that comes late is not the newest": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "child"))
				conversation.Received(c, late)
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt, c.WaitingSince = "child", 2, minute(1), minutep(1), minutep(0)
			},
		},
		"a file, not an inline image, is an attachment": {
			func(c *parley.Conversation) { conversation.Received(c, file) },
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt, c.WaitingSince, c.HasAttachment = "file", 1, minute(2), minutep(2), minutep(2), true
			},
		},
		"the parts of a bounce are no attachments": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "hi"))
				bounce := file
				bounce.IsBounce = true
				conversation.Reported(c, bounce)
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastInboundAt, c.WaitingSince = "hi", 2, minutep(0), minutep(0)
			},
		},
		"a reply answers": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "hi"))
				reply(c, outbound(3, "hello"))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt = "hello", 2, minute(3), minutep(0)
				c.FirstReplyAt, c.LastOutboundAt = minutep(3), minutep(3)
			},
		},
		"only the first reply is the first": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "hi"))
				reply(c, outbound(3, "hello"))
				reply(c, outbound(4, "and"))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt = "and", 3, minute(4), minutep(0)
				c.FirstReplyAt, c.LastOutboundAt = minutep(3), minutep(4)
			},
		},
		"in a conversation that we started there is no first reply": {
			func(c *parley.Conversation) {
				c.Source, c.Draft = parley.FromUser, true
				reply(c, outbound(3, "hello"))
			},
			func(c *parley.Conversation) {
				c.Source, c.Preview, c.MessageCount, c.LastMessageAt, c.LastOutboundAt = parley.FromUser, "hello", 1, minute(3), minutep(3)
			},
		},
		"what was written while a reply was scheduled still waits": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "hi"))
				m := outbound(3, "hello")
				conversation.Composed(c, m)
				conversation.Received(c, inbound(5, "wait"))
				conversation.Replied(c, m, minute(9))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt, c.WaitingSince = "wait", 3, minute(5), minutep(5), minutep(5)
				c.FirstReplyAt, c.LastOutboundAt = minutep(9), minutep(9)
			},
		},
		"within the undo window nothing is answered": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "hi"))
				conversation.Composed(c, outbound(3, "hello"))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt, c.WaitingSince = "hello", 2, minute(3), minutep(0), minutep(0)
			},
		},
		"a forward answers nobody": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "hi"))
				reply(c, forward)
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt, c.WaitingSince = "fwd", 2, minute(3), minutep(0), minutep(0)
			},
		},
		"what is sent automatically answers nobody": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "hi"))
				reply(c, automatic)
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt, c.WaitingSince = "auto", 2, minute(3), minutep(0), minutep(0)
			},
		},
		"a machine's answer changes nothing that lists show": {
			func(c *parley.Conversation) {
				reply(c, outbound(0, "offer"))
				conversation.Closed(c, minute(1))
				conversation.Reported(c, inbound(2, "out of office"))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.Status, c.ClosedAt = "offer", 2, parley.Closed, minutep(1)
				c.LastOutboundAt, c.FirstReplyAt = minutep(0), minutep(0)
			},
		},
		"a machine's message that stands alone is shown": {
			func(c *parley.Conversation) { conversation.Reported(c, inbound(2, "mail delivery failed")) },
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt = "mail delivery failed", 1, minute(2)
			},
		},
		"a message reopens": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "hi"))
				conversation.Closed(c, minute(1))
				conversation.Received(c, inbound(2, "again"))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt, c.WaitingSince = "again", 2, minute(2), minutep(2), minutep(2)
			},
		},
		"a message wakes what was snoozed": {
			func(c *parley.Conversation) {
				c.SnoozedUntil = minutep(60)
				conversation.Received(c, inbound(2, "now"))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt, c.WaitingSince = "now", 1, minute(2), minutep(2), minutep(2)
			},
		},
		"a message in spam does not reopen": {
			func(c *parley.Conversation) {
				conversation.Closed(c, minute(1))
				c.Spam = true
				conversation.Received(c, inbound(2, "buy"))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastMessageAt, c.LastInboundAt = "buy", 1, minute(2), minutep(2)
				c.Status, c.ClosedAt, c.Spam = parley.Closed, minutep(1), true
			},
		},
		"closing ends the wait and the snooze": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "thanks"))
				c.SnoozedUntil = minutep(60)
				conversation.Closed(c, minute(1))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastInboundAt = "thanks", 1, minutep(0)
				c.Status, c.ClosedAt = parley.Closed, minutep(1)
			},
		},
		"reopening brings the wait back": {
			func(c *parley.Conversation) {
				conversation.Received(c, inbound(0, "hi"))
				conversation.Closed(c, minute(1))
				conversation.Reopened(c, minutep(0))
			},
			func(c *parley.Conversation) {
				c.Preview, c.MessageCount, c.LastInboundAt, c.WaitingSince = "hi", 1, minutep(0), minutep(0)
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, want := fresh(), fresh()
			test.do(&got)
			test.want(&want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestClosingAndReopeningTwiceIsOnce(t *testing.T) {
	t.Parallel()
	c := fresh()
	if conversation.Reopened(&c, nil) {
		t.Error("reopened what was open")
	}
	if !conversation.Closed(&c, minute(1)) || conversation.Closed(&c, minute(2)) {
		t.Error("closing is told once")
	}
	if !c.ClosedAt.Equal(minute(1)) {
		t.Errorf("closed at %v, want the first time", c.ClosedAt)
	}
	if !conversation.Reopened(&c, nil) || c.ClosedAt != nil {
		t.Error("not reopened")
	}
}

func TestRedelivered(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from, to parley.Delivery
		count    int
		want     int
	}{
		{parley.Queued, parley.Sent, 0, 0},
		{parley.Sending, parley.Failed, 0, 1},
		{parley.Failed, parley.Bounced, 1, 1},
		{parley.Failed, parley.Queued, 1, 0},
		{parley.Uncertain, parley.Delivered, 2, 1},
		{parley.Failed, parley.Sent, 0, 0},
	}
	for _, test := range tests {
		c := parley.Conversation{FailedCount: test.count}
		conversation.Redelivered(&c, test.from, test.to)
		if c.FailedCount != test.want {
			t.Errorf("%s to %s with %d: %d, want %d", test.from, test.to, test.count, c.FailedCount, test.want)
		}
	}
}
