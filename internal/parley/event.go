package parley

import (
	"encoding/json"
	"time"
)

// EventKind names a committed change. Events carry ids, never text.
type EventKind string

// The kinds. Those in Timeline are shown between the messages.
const (
	ConversationCreated  EventKind = "conversation.created"
	ConversationAssigned EventKind = "conversation.assigned" // Data: from, to (user ids, 0 for nobody)
	ConversationMoved    EventKind = "conversation.moved"    // Data: from, to (inbox ids)
	ConversationClosed   EventKind = "conversation.closed"
	ConversationReopened EventKind = "conversation.reopened"
	ConversationSpam     EventKind = "conversation.spam"
	ConversationNotSpam  EventKind = "conversation.not_spam"
	ConversationUpdated  EventKind = "conversation.updated" // subject, priority, fields, contact
	ConversationMerged   EventKind = "conversation.merged"  // Data: from (conversation id)
	ConversationLinked   EventKind = "conversation.linked"  // Data: to (conversation id)
	ConversationDeleted  EventKind = "conversation.deleted" // an empty draft went away
	ReadMoved            EventKind = "conversation.read"    // a user's own cursor: on their own channel only
	MessageReceived      EventKind = "message.received"
	MessageImported      EventKind = "message.imported" // of an archive: it is there, and no news
	MessageQueued        EventKind = "message.queued"
	MessageScheduled     EventKind = "message.scheduled"
	MessageRescheduled   EventKind = "message.rescheduled" // a person set another time
	MessageSent          EventKind = "message.sent"
	MessageDelivered     EventKind = "message.delivered" // Data: DeliveryNews
	MessageFailed        EventKind = "message.failed"
	MessageBounced       EventKind = "message.bounced" // Data: DeliveryNews
	MessageUncertain     EventKind = "message.uncertain"
	MessageRequeued      EventKind = "message.requeued" // a person started another attempt
	MessageCancelled     EventKind = "message.cancelled"
	MessageDelayed       EventKind = "message.delayed"      // a try failed for now; it will be tried again. Data, where a report says so: DeliveryNews
	MessageReported      EventKind = "message.reported"     // a bounce or delivery report came in. Data: told, where other events tell what it says
	MessageAutoReplied   EventKind = "message.auto_replied" // a machine answered: an out-of-office came in
	NoteAdded            EventKind = "note.added"           // Data: mentions (user ids), if any
	NoteEdited           EventKind = "note.edited"          // Data: as of NoteAdded
	NoteDeleted          EventKind = "note.deleted"
	DraftChanged         EventKind = "draft.changed" // on the author's own channel only
	ContactCreated       EventKind = "contact.created"
	ContactUpdated       EventKind = "contact.updated"
	ContactOptedOut      EventKind = "contact.opted_out" // Data: ConsentNews
	ContactOptedIn       EventKind = "contact.opted_in"  // Data: ConsentNews
	InboxChanged         EventKind = "inbox.changed"
	ChannelChanged       EventKind = "channel.changed"
	UserChanged          EventKind = "user.changed"
	AccountChanged       EventKind = "account.changed" // the business's name, region or time zone
	BlocklistChanged     EventKind = "blocklist.changed"
	TokenChanged         EventKind = "token.changed"
	CannedMessageChanged EventKind = "canned_message.changed" // Data: canned_message_id; of a personal one UserID is its owner's
	SignatureChanged     EventKind = "signature.changed"      // Data: level, owner_id
	MergeFieldChanged    EventKind = "merge_field.changed"    // the account's default of one
	IntakeFailure        EventKind = "intake.failed"
	SampleDataAdded      EventKind = "sample.added"
	SampleDataRemoved    EventKind = "sample.removed"
)

// Event is one committed change and its number.
type Event struct {
	AccountID      AccountID      `db:"account_id"`
	Seq            Seq            `db:"seq"`
	Kind           EventKind      `db:"kind"`
	At             time.Time      `db:"at"`
	ActorID        UserID         `db:"actor_id"` // 0: the product itself, or the contact
	ConversationID ConversationID `db:"conversation_id"`
	MessageID      MessageID      `db:"message_id"`
	NoteID         NoteID         `db:"note_id"`
	ContactID      ContactID      `db:"contact_id"`
	InboxID        InboxID        `db:"inbox_id"` // where the conversation stands after the change: who may see the event
	ChannelID      ChannelID      `db:"channel_id"`
	UserID         UserID         `db:"user_id"` // of user, token, read and draft events: whose
	Data           JSON           `db:"data"`    // ids and enum values only; and of reports and consents the address or number that they are about
}

// InTimeline reports whether the event is shown between the messages. Of our own
// tries to deliver only the outcome is, and it stands with the message.
func (e *Event) InTimeline() bool {
	switch e.Kind {
	case MessageDelayed, MessageDelivered:
		return len(e.Data) > 0
	case ContactOptedOut, ContactOptedIn:
		return e.ConversationID != 0
	case MessageReported: // where events of their own tell what it reports, it is not said twice
		return len(e.Data) == 0
	case ConversationCreated, ConversationAssigned, ConversationMoved, ConversationClosed, ConversationReopened,
		ConversationSpam, ConversationNotSpam, ConversationMerged, ConversationLinked, MessageAutoReplied, MessageBounced, MessageCancelled:
		return true
	}
	return false
}

// ConsentNews says of which number a consent is, and how we know of it.
type ConsentNews struct {
	ConsentID ConsentID  `json:"consent_id"`
	Phone     string     `json:"phone"`
	How       ConsentHow `json:"how"`
}

// JSON is the Data of an event.
func (n ConsentNews) JSON() JSON { return data(n) }

// DeliveryNews is what a far end said of one recipient of a message of ours.
type DeliveryNews struct {
	Address string    `json:"address"`
	Reason  Reason    `json:"reason,omitempty"`
	Status  string    `json:"status,omitempty"`
	Hard    bool      `json:"hard"`             // the address is dead
	Report  MessageID `json:"report,omitempty"` // the mail that reports it; none where the next hop refused at once
}

// JSON is the Data of an event.
func (n DeliveryNews) JSON() JSON { return data(n) }

// data writes what consists of strings, numbers and booleans: that always can be.
func data(v any) JSON {
	out, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return out
}

// Job is a piece of durable work; see package job.
type Job struct {
	ID         JobID      `db:"id"`
	AccountID  AccountID  `db:"account_id"`
	Kind       string     `db:"kind"`
	Args       JSON       `db:"args"`
	Lane       string     `db:"lane"`
	UniqueKey  *string    `db:"unique_key"`
	State      string     `db:"state"` // ready | running | failed
	RunAt      time.Time  `db:"run_at"`
	Tries      int        `db:"tries"`
	LeaseOwner string     `db:"lease_owner"`
	LeaseUntil *time.Time `db:"lease_until"`
	LastError  string     `db:"last_error"`
	CreatedAt  time.Time  `db:"created_at"`
}
