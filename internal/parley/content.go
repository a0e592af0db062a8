package parley

import "time"

// CannedMessage is what users write once and send often.
type CannedMessage struct {
	ID          CannedMessageID `db:"id"`
	AccountID   AccountID       `db:"account_id"`
	OwnerID     UserID          `db:"owner_id"` // whose own it is; 0: everybody's
	Name        string          `db:"name"`
	Shortcut    string          `db:"shortcut"` // typed behind a / ; empty: none
	Folder      string          `db:"folder"`
	Subject     string          `db:"subject"` // a one-line template
	HTML        string          `db:"html"`    // sanitised, with chips
	Text        string          `db:"text"`    // its plain twin
	Uses        int64           `db:"uses"`
	LastUsedAt  *time.Time      `db:"last_used_at"`
	CreatedAt   time.Time       `db:"created_at"`
	UpdatedAt   time.Time       `db:"updated_at"`
	Attachments []Attachment    `db:"-"`
}

// Shared reports whether it is everybody's.
func (c CannedMessage) Shared() bool { return c.OwnerID == 0 }

// SignatureLevel says what a Signature belongs to.
type SignatureLevel string

// The levels. The most specific one that there is stands below a message: that of
// the user, else of the channel, the inbox, the account.
const (
	SignatureOfAccount SignatureLevel = "account"
	SignatureOfInbox   SignatureLevel = "inbox"
	SignatureOfChannel SignatureLevel = "channel"
	SignatureOfUser    SignatureLevel = "user"
)

// Signature stands below what is sent, above what is quoted.
type Signature struct {
	ID        SignatureID    `db:"id"`
	AccountID AccountID      `db:"account_id"`
	Level     SignatureLevel `db:"level"`
	OwnerID   int64          `db:"owner_id"` // an inbox, a channel or a user, by Level; 0 for the account's
	HTML      string         `db:"html"`     // sanitised, with chips
	Text      string         `db:"text"`     // its plain twin
	UpdatedAt time.Time      `db:"updated_at"`
}
