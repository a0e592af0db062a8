package conversation

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

// Service is the room's door. It is safe for concurrent use.
type Service struct {
	db       *store.DB
	settings *setting.Service
}

// New builds the service.
func New(db *store.DB, settings *setting.Service) *Service { return &Service{db, settings} }

// Row is a conversation as one user sees it, with what a list shows beside it.
type Row = store.ConversationRow

// Detail is a conversation with what only its own page shows.
type Detail struct {
	Row
	Contact      parley.Contact // whoever blocked them, when and why
	Domain       Blocked        // of spam whose contact is not blocked themselves: the entry of their domain
	Participants parley.Addresses
	Quiet        *Quiet // of texts; nil: there are no quiet hours
	ChannelOff   ChannelOff
}

// ChannelOff says why nothing can be sent through a conversation's channel; "": it can.
type ChannelOff string

// Why nothing can be sent.
const (
	ChannelDisabled ChannelOff = "disabled"
	ChannelDeleted  ChannelOff = "deleted"
)

// Get finds a conversation that the actor may see. One that was merged away says so: MergedIntoID.
func (s *Service) Get(ctx context.Context, actor parley.Actor, id parley.ConversationID) (Detail, error) {
	var d Detail
	err := s.db.View(ctx, func(tx *store.Tx) error {
		if _, err := visible(ctx, tx, actor, id); err != nil {
			return err
		}
		var err error
		d, err = detail(ctx, tx, actor, id)
		return err
	})
	return d, fault("load conversation", err)
}

func detail(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID) (Detail, error) {
	var d Detail
	rows, err := tx.ListConversationRows(ctx, actor.AccountID, actor.UserID, []parley.ConversationID{id})
	if err != nil {
		return d, err
	}
	if len(rows) == 0 {
		return d, store.ErrNoRow
	}
	d.Row = rows[0]
	if d.Contact, err = tx.ContactByID(ctx, actor.AccountID, d.ContactID); err != nil {
		return d, err
	}
	if d.Spam && d.Contact.BlockedAt == nil {
		if d.Domain, err = tx.DomainBlock(ctx, actor.AccountID, d.Contact.Points); err != nil && !errors.Is(err, store.ErrNoRow) {
			return d, err
		}
	}
	if d.Participants, err = tx.ListParticipants(ctx, actor.AccountID, id); err != nil {
		return d, err
	}
	if d.Quiet, err = quiet(ctx, tx, d.Conversation); err != nil {
		return d, err
	}
	d.ChannelOff, err = channelOff(ctx, tx, d.Conversation)
	return d, err
}

// channelOff tells whether the channel is still there: whoever sees a conversation
// may not see the inbox that its channel leads to.
func channelOff(ctx context.Context, tx *store.Tx, c parley.Conversation) (ChannelOff, error) {
	ch, err := tx.ChannelByID(ctx, c.AccountID, c.ChannelID)
	switch {
	case errors.Is(err, store.ErrNoRow):
		return ChannelDeleted, nil
	case err != nil:
		return "", fmt.Errorf("load channel: %w", err)
	case ch.DisabledAt != nil:
		return ChannelDisabled, nil
	}
	return "", nil
}

// visible finds a conversation that the actor may see; any other does not exist for them.
func visible(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID) (parley.Conversation, error) {
	c, err := tx.ConversationByID(ctx, actor.AccountID, id)
	if err != nil {
		return c, err
	}
	return c, may(actor, c, parley.Read)
}

// locked is visible for a change that takes a permission.
func locked(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID, p parley.Permission) (parley.Conversation, error) {
	c, err := tx.LockConversation(ctx, actor.AccountID, id)
	if err != nil {
		return c, err
	}
	if err := may(actor, c, p); err != nil {
		return c, err
	}
	if c.MergedIntoID != 0 {
		return c, parley.Errorf(parley.Conflict, "conversation.merged", "This conversation became part of another one. Continue there.").
			With("conversation_id", c.MergedIntoID.String())
	}
	return c, nil
}

// may asks for a permission in the inbox that c stands in. A draft is its creator's alone (SPEC §2).
func may(actor parley.Actor, c parley.Conversation, p parley.Permission) error {
	if c.Draft && c.CreatorID != actor.UserID && !actor.System {
		return gone()
	}
	return actor.Must(p, c.InboxID)
}

// gone is what an id answers that is unknown, of another account, or not the actor's to see.
func gone() *parley.Error {
	return parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
}

// fault says what was being done, and speaks of a missing row as a person may hear it.
func fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, store.ErrNoRow) {
		return gone()
	}
	if _, ok := errors.AsType[*parley.Error](err); ok {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// note appends an event of the conversation as it is now.
func note(tx *store.Tx, c parley.Conversation, kind parley.EventKind, actor parley.Actor, data string) {
	tx.AppendEvent(&parley.Event{
		AccountID: c.AccountID, Kind: kind, ActorID: actor.UserID, ConversationID: c.ID,
		ContactID: c.ContactID, InboxID: c.InboxID, ChannelID: c.ChannelID, Data: parley.JSON(data),
	})
}

// private appends an event that only its user hears of.
func private(tx *store.Tx, c parley.Conversation, kind parley.EventKind, user parley.UserID, data string) {
	tx.AppendEvent(&parley.Event{AccountID: c.AccountID, Kind: kind, ActorID: user, UserID: user, ConversationID: c.ID, Data: parley.JSON(data)})
}

func fromTo[K any](from, to parley.ID[K]) string { return fmt.Sprintf(`{"from":%d,"to":%d}`, from, to) }
