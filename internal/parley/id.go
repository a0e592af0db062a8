package parley

import (
	"database/sql/driver"
	"fmt"
	"strconv"
)

// ID is a row's number in the database. K keeps the ids of different nouns
// apart at compile time. The zero ID means "none": it is stored as NULL and
// read back from NULL, so optional references need no pointers.
type ID[K any] int64

// One id type for every noun.
type (
	AccountID      = ID[Account]
	UserID         = ID[User]
	InboxID        = ID[Inbox]
	ChannelID      = ID[Channel]
	ContactID      = ID[Contact]
	ConversationID = ID[Conversation]
	MessageID      = ID[Message]
	NoteID         = ID[Note]
	AttachmentID   = ID[Attachment]
	IntakeID       = ID[Intake]
	JobID          = ID[Job]
	TokenID        = ID[Token]
	SessionID      = ID[Session]
	UserLinkID     = ID[UserLink]

	CannedMessageID = ID[CannedMessage]
	SignatureID     = ID[Signature]
	RoundTripID     = ID[RoundTrip]
	ConsentID       = ID[Consent]
)

// Seq numbers the events of one account, in commit order, from 1.
type Seq int64

// Scan implements sql.Scanner; NULL becomes 0.
func (id *ID[K]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*id = 0
	case int64:
		*id = ID[K](v)
	default:
		return fmt.Errorf("id: cannot read %T", src)
	}
	return nil
}

// Value implements driver.Valuer; 0 becomes NULL.
func (id ID[K]) Value() (driver.Value, error) {
	if id == 0 {
		return nil, nil
	}
	return int64(id), nil
}

// String is the id in decimal.
func (id ID[K]) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseID reads a decimal id as it stands in a URL; anything else is not found.
func ParseID[K any](s string) (ID[K], error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, Errorf(NotFound, "id.unknown", "There is nothing with this id.")
	}
	return ID[K](n), nil
}
