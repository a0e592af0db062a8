package conversation

import "parley/internal/parley"

// Imported advances c by a message from an archive: it is there to be found, and
// changes nothing for anybody. A conversation that has nothing else is closed as
// of its last message, so that an answer to it is one to an old conversation.
func Imported(c *parley.Conversation, m parley.Message) {
	first := c.MessageCount == 0
	newest(c, m)
	if c.LastInboundAt == nil || m.ReceivedAt.After(*c.LastInboundAt) {
		c.LastInboundAt = &m.ReceivedAt
	}
	if first {
		c.Status = parley.Closed
	}
	if c.Source != parley.FromImport || c.Status != parley.Closed {
		return
	}
	if c.ClosedAt == nil || m.ReceivedAt.After(*c.ClosedAt) {
		c.ClosedAt = &m.ReceivedAt
	}
}
