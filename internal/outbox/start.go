package outbox

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

// NewConversation is one that a user starts.
type NewConversation struct {
	ChannelID parley.ChannelID
	ContactID parley.ContactID // or Letter.To[0]
	Source    parley.Source    // FromUser or FromAPI
	Letter    Letter
}

// Start opens a conversation by email. Without anything written it stays a
// draft that only its creator sees.
func (s *Service) Start(ctx context.Context, actor parley.Actor, n NewConversation) (parley.ConversationID, error) {
	n.Letter.Kind = parley.KindNew
	if !n.Letter.Empty() {
		if err := n.Letter.check(s.now()); err != nil {
			return 0, err
		}
	}
	var id parley.ConversationID
	err := s.db.Update(ctx, func(tx *store.Tx) (err error) {
		id, err = store.Once(ctx, tx, actor, func() (parley.ConversationID, error) { return s.startTx(ctx, tx, actor, n) })
		return err
	})
	return id, err
}

func (s *Service) startTx(ctx context.Context, tx *store.Tx, actor parley.Actor, n NewConversation) (parley.ConversationID, error) {
	ch, err := tx.ChannelByID(ctx, actor.AccountID, n.ChannelID)
	if errors.Is(err, store.ErrNoRow) || err == nil && ch.DisabledAt != nil {
		return 0, parley.Errorf(parley.Invalid, "channel.unknown", "Choose a channel that is switched on.").On("channel_id")
	}
	if err != nil {
		return 0, fmt.Errorf("load channel: %w", err)
	}
	if err := actor.Must(parley.Write, ch.InboxID); err != nil {
		return 0, err
	}
	if ch.Type == setting.Text {
		return s.startText(ctx, tx, actor, ch, n)
	}
	person, err := s.addressee(ctx, tx, actor, &n)
	if err != nil {
		return 0, err
	}
	return s.begin(ctx, tx, actor, ch, person, "", n)
}

// begin makes a new conversation, a draft until there is something in it.
func (s *Service) begin(ctx context.Context, tx *store.Tx, actor parley.Actor, ch parley.Channel, person parley.Contact, phone string, n NewConversation) (parley.ConversationID, error) {
	c := parley.Conversation{
		AccountID: actor.AccountID, ContactID: person.ID, ChannelID: ch.ID, InboxID: ch.InboxID, CreatorID: actor.UserID, AssigneeID: actor.UserID,
		Status: parley.Open, Source: n.Source, Draft: true, Phone: phone, CreatedAt: tx.Now(), LastMessageAt: tx.Now(),
	}
	if n.Letter.Subject != nil && phone == "" {
		c.Subject = *n.Letter.Subject
	}
	if err := tx.InsertConversation(ctx, &c); err != nil {
		return 0, fmt.Errorf("insert conversation: %w", err)
	}
	if n.Letter.Empty() && len(n.Letter.AttachmentIDs) == 0 {
		// Nobody else sees a draft: its event goes to its creator alone.
		tx.AppendEvent(&parley.Event{AccountID: c.AccountID, Kind: parley.ConversationCreated, ActorID: actor.UserID, UserID: actor.UserID, ConversationID: c.ID})
		return c.ID, nil
	}
	_, err := s.SendTx(ctx, tx, actor, &c, n.Letter)
	return c.ID, err
}

// addressee is the contact that a new conversation is with.
func (s *Service) addressee(ctx context.Context, tx *store.Tx, actor parley.Actor, n *NewConversation) (parley.Contact, error) {
	if n.ContactID == 0 {
		if len(n.Letter.To) == 0 {
			return parley.Contact{}, parley.Errorf(parley.Invalid, "contact.required", "Say who the conversation is with.").On("to")
		}
		if fault := checkAddress(&n.Letter.To[0]); fault != nil {
			return parley.Contact{}, fault.On("to[0].email")
		}
		person, _, err := s.contacts.FindOrCreateTx(ctx, tx, actor.AccountID, n.Letter.To[0])
		return person, err
	}
	person, err := tx.ContactByID(ctx, actor.AccountID, n.ContactID)
	if errors.Is(err, store.ErrNoRow) {
		return person, parley.Errorf(parley.Invalid, "contact.gone", "This contact no longer exists.").On("contact_id")
	}
	if err != nil {
		return person, fmt.Errorf("load contact: %w", err)
	}
	if len(person.Emails()) == 0 && len(n.Letter.To) == 0 {
		return person, parley.Errorf(parley.Invalid, "contact.no_email", "This contact has no email address.").On("contact_id")
	}
	return person, nil
}
