package intake_test

import (
	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// What others do between two mails: the rooms that own these acts have their own tests.

func (o *office) update(fn func(tx *store.Tx) error) {
	o.t.Helper()
	storetest.Update(o.t, o.db, fn)
}

// change writes a conversation as fn leaves it.
func (o *office) change(id parley.ConversationID, fn func(c *parley.Conversation)) {
	o.t.Helper()
	o.update(func(tx *store.Tx) error {
		c, err := tx.LockConversation(o.t.Context(), o.account.ID, id)
		if err != nil {
			return err
		}
		fn(&c)
		return tx.UpdateConversation(o.t.Context(), &c)
	})
}

func (o *office) close(id parley.ConversationID) {
	o.t.Helper()
	o.change(id, func(c *parley.Conversation) { conversation.Closed(c, o.clock.Now()) })
	o.update(func(tx *store.Tx) error {
		tx.AppendEvent(&parley.Event{AccountID: o.account.ID, Kind: parley.ConversationClosed, ConversationID: id, InboxID: o.inbox.ID})
		return nil
	})
}

// reply writes a message of ours into a conversation, in a state of delivery.
func (o *office) reply(c parley.Conversation, internetID string, delivery parley.Delivery, to ...string) parley.Message {
	o.t.Helper()
	m := parley.Message{
		AccountID: o.account.ID, ConversationID: c.ID, ChannelID: c.ChannelID, AuthorID: o.owner.UserID, Direction: parley.Outbound, Kind: parley.KindReply,
		At: o.clock.Now(), ReceivedAt: o.clock.Now(), FromEmail: o.support.Address, Subject: "our reply", InternetID: internetID, Delivery: delivery, Named: parley.Strings{},
	}
	for _, a := range to {
		m.To = append(m.To, parley.Address{Email: a})
		m.Recipients = append(m.Recipients, parley.Recipient{Kind: parley.RcptTo, Address: a, Delivery: delivery})
	}
	o.update(func(tx *store.Tx) error {
		if err := tx.InsertMessage(o.t.Context(), &m, parley.Body{QuoteAt: -1}); err != nil {
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: o.account.ID, Kind: parley.MessageQueued, ActorID: o.owner.UserID, ConversationID: c.ID, MessageID: m.ID, InboxID: c.InboxID})
		locked, err := tx.LockConversation(o.t.Context(), o.account.ID, c.ID)
		if err != nil {
			return err
		}
		conversation.Composed(&locked, m)
		conversation.Replied(&locked, m, m.At)
		conversation.Redelivered(&locked, parley.Queued, delivery)
		return tx.UpdateConversation(o.t.Context(), &locked)
	})
	return m
}

// block puts an address on the blocklist.
func (o *office) block(address string) {
	o.t.Helper()
	o.update(func(tx *store.Tx) error {
		return tx.InsertBlock(o.t.Context(), store.Block{AccountID: o.account.ID, Kind: parley.PointEmail, Key: address, UserID: o.owner.UserID, CreatedAt: tx.Now()})
	})
}

func (o *office) disable(user parley.UserID) {
	o.t.Helper()
	o.update(func(tx *store.Tx) error {
		u, err := tx.LockUser(o.t.Context(), o.account.ID, user)
		if err != nil {
			return err
		}
		u.DisabledAt = new(tx.Now())
		return tx.UpdateUser(o.t.Context(), u)
	})
}
