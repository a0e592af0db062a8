package intake

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
)

// conversation is the one that the message stands in, advanced by it.
func (f *placing) conversation(ctx context.Context, contact parley.Contact, msg parley.Message) (parley.Conversation, error) {
	if f.d.Conversation == 0 {
		return f.begin(ctx, contact, msg)
	}
	c, err := f.tx.LockConversation(ctx, f.ch.AccountID, f.d.Conversation)
	if err != nil {
		return c, fmt.Errorf("load conversation: %w", err)
	}
	if f.mail.entry.Archive {
		conversation.Imported(&c, msg)
	} else if conversation.Received(&c, msg) {
		if err := f.reopened(ctx, &c); err != nil {
			return c, err
		}
	}
	if err := f.tx.UpdateConversation(ctx, &c); err != nil {
		return c, fmt.Errorf("update conversation: %w", err)
	}
	return c, nil
}

// begin makes a new conversation, in the channel's inbox.
func (f *placing) begin(ctx context.Context, contact parley.Contact, msg parley.Message) (parley.Conversation, error) {
	c := parley.Conversation{
		AccountID: f.ch.AccountID, ContactID: contact.ID, ChannelID: f.ch.ID, InboxID: f.ch.InboxID,
		Subject: oneLine(msg.Subject, maxSubject), Status: parley.Open, Spam: f.from.blocked, Source: parley.FromContact,
		CreatedAt: f.tx.Now(), LastMessageAt: msg.ReceivedAt, FollowUpOfID: f.d.FollowUpOf, Phone: f.from.address.Phone,
	}
	if c.Subject == "" && msg.Unparsed {
		c.Subject = unreadable
	}
	switch {
	case f.mail.entry.Archive:
		c.Source = parley.FromImport
		conversation.Imported(&c, msg)
	case f.in.AutoReply:
		conversation.Reported(&c, msg)
	default:
		conversation.Received(&c, msg)
	}
	var err error
	if c.AssigneeID, err = f.assignee(ctx, c); err != nil {
		return c, err
	}
	if err := f.tx.InsertConversation(ctx, &c); err != nil {
		return c, fmt.Errorf("insert conversation: %w", err)
	}
	f.note(c, parley.ConversationCreated, origin(c))
	if c.AssigneeID != 0 {
		f.note(c, parley.ConversationAssigned, assigned(0, c.AssigneeID))
	}
	return c, nil
}

// assignee is who gets a new conversation. A follow-up stays with whoever had
// the one before, if they still can have it. Spam and archives are nobody's.
func (f *placing) assignee(ctx context.Context, c parley.Conversation) (parley.UserID, error) {
	if c.Spam || c.Source == parley.FromImport {
		return 0, nil
	}
	if c.FollowUpOfID != 0 {
		before, err := f.tx.ConversationByID(ctx, c.AccountID, c.FollowUpOfID)
		if err != nil && !errors.Is(err, store.ErrNoRow) {
			return 0, fmt.Errorf("load conversation before: %w", err)
		}
		c.AssigneeID = before.AssigneeID
	}
	return f.keepOrDefault(ctx, c)
}

// keepOrDefault is c's assignee if they may still have it, else the inbox's default.
func (f *placing) keepOrDefault(ctx context.Context, c parley.Conversation) (parley.UserID, error) {
	if c.AssigneeID != 0 {
		ok, err := f.tx.Assignable(ctx, c.AccountID, c.InboxID, c.AssigneeID)
		if err != nil {
			return 0, fmt.Errorf("check assignee: %w", err)
		}
		if ok {
			return c.AssigneeID, nil
		}
	}
	in, err := f.inbox(ctx, c.AccountID, c.InboxID)
	if err != nil {
		return 0, err
	}
	user, err := f.s.settings.AssigneeOfTx(ctx, f.tx, in, c.ContactID)
	if err != nil {
		return 0, fmt.Errorf("find assignee: %w", err)
	}
	return user, nil
}

// reopened notes that the message opened c again, and finds who has it now.
func (f *placing) reopened(ctx context.Context, c *parley.Conversation) error {
	f.note(*c, parley.ConversationReopened, "")
	user, err := f.keepOrDefault(ctx, *c)
	if err != nil {
		return err
	}
	if user != c.AssigneeID {
		f.note(*c, parley.ConversationAssigned, assigned(c.AssigneeID, user))
		c.AssigneeID = user
	}
	return nil
}

// note appends an event of the conversation as a whole.
func (f *placing) note(c parley.Conversation, kind parley.EventKind, data string) {
	f.tx.AppendEvent(&parley.Event{
		AccountID: c.AccountID, Kind: kind, ConversationID: c.ID, ContactID: c.ContactID, InboxID: c.InboxID, ChannelID: c.ChannelID, Data: parley.JSON(data),
	})
}

// origin tells who follows the log which conversations fire nothing.
func origin(c parley.Conversation) string {
	if c.Source == parley.FromImport {
		return `{"source":"import"}`
	}
	return ""
}

func assigned(from, to parley.UserID) string { return fmt.Sprintf(`{"from":%d,"to":%d}`, from, to) }
