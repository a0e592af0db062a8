package parley

import "time"

// AssigneeRule says who gets a new conversation of an inbox.
type AssigneeRule string

// The rules.
const (
	AssignNobody     AssigneeRule = "nobody"
	AssignNamed      AssigneeRule = "user"
	AssignOwner      AssigneeRule = "contact_owner"
	AssignRoundRobin AssigneeRule = "round_robin"
	AssignLeastBusy  AssigneeRule = "least_busy"
)

// Inbox is a team's queue.
type Inbox struct {
	ID                InboxID      `db:"id"`
	AccountID         AccountID    `db:"account_id"`
	Name              string       `db:"name"`
	Color             string       `db:"color"` // one of eight token names: indigo, green, orange, pink, blue, teal, red, grey
	AssigneeRule      AssigneeRule `db:"assignee_rule"`
	DefaultAssigneeID UserID       `db:"default_assignee_id"`
	AssignOnReply     bool         `db:"assign_on_reply"` // the first reply to an unassigned conversation takes it
	LastAssignedID    UserID       `db:"last_assigned_id"`
	CreatedAt         time.Time    `db:"created_at"`
	ArchivedAt        *time.Time   `db:"archived_at"`
}

// Channel is one email address or one SMS number through which people reach us.
// New conversations go to InboxID.
type Channel struct {
	ID           ChannelID `db:"id"`
	AccountID    AccountID `db:"account_id"`
	Type         string    `db:"type"` // "email", "sms": the name of a channel.Type
	Name         string    `db:"name"`
	Address      string    `db:"address"`       // the channel's own address or number, in its Key form: what people write to, and From
	ForwardLocal string    `db:"forward_local"` // email: local part of the forwarding address at the mail domain
	FromName     string    `db:"from_name"`     // email: display name of what we send
	InboxID      InboxID   `db:"inbox_id"`
	Settings     JSON      `db:"settings"`      // of the channel type; no secrets
	Secret       []byte    `db:"secret"`        // sealed settings
	ReopenDays   int       `db:"reopen_days"`   // a reply to a closed conversation reopens within so many days
	AddSignature bool      `db:"add_signature"` // to what is sent, unless a letter says otherwise
	// AutoresponderID answers conversations that a contact begins; 0: nothing does.
	AutoresponderID CannedMessageID `db:"autoresponder_id"`
	PlusTags        bool            `db:"plus_tags"` // replies may carry the token as +tag on Address: proven, or we receive Address ourselves
	LastInboundAt   *time.Time      `db:"last_inbound_at"`
	CreatedAt       time.Time       `db:"created_at"`
	DisabledAt      *time.Time      `db:"disabled_at"`
}
