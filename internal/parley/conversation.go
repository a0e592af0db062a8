package parley

import "time"

// Status of a conversation.
type Status string

// The statuses.
const (
	Open   Status = "open"
	Closed Status = "closed"
)

// Source says how a conversation came to exist (SPEC §2).
type Source string

// The sources.
const (
	FromContact    Source = "inbound"
	FromUser       Source = "user"
	FromForm       Source = "form"
	FromAutomation Source = "automation"
	FromAPI        Source = "api"
	FromImport     Source = "import"
)

// Folder is where a conversation is found, derived from its other fields by
// Conversation.FolderNow on every write: lists are indexed on it.
type Folder string

// The folders; exactly one holds.
const (
	FolderDraft   Folder = "draft" // started by a user, nothing sent yet: nobody else sees it
	FolderOpen    Folder = "open"
	FolderSnoozed Folder = "snoozed"
	FolderClosed  Folder = "closed"
	FolderSpam    Folder = "spam"
	FolderTrash   Folder = "trash"
	FolderMerged  Folder = "merged" // its messages stand in MergedIntoID now
)

// Conversation is one contact's exchange with us on one channel.
type Conversation struct {
	ID             ConversationID `db:"id"`
	AccountID      AccountID      `db:"account_id"`
	Number         int64          `db:"number"` // per account, shown as #1234
	ContactID      ContactID      `db:"contact_id"`
	ChannelID      ChannelID      `db:"channel_id"`
	InboxID        InboxID        `db:"inbox_id"`
	AssigneeID     UserID         `db:"assignee_id"`
	CreatorID      UserID         `db:"creator_id"` // the user who started it
	Subject        string         `db:"subject"`
	Preview        string         `db:"preview"` // of the newest message, one line
	Status         Status         `db:"status"`
	Spam           bool           `db:"spam"`
	Draft          bool           `db:"draft"`
	Folder         Folder         `db:"folder"`
	Priority       int            `db:"priority"`
	Source         Source         `db:"source"`
	SnoozedUntil   *time.Time     `db:"snoozed_until"`
	TrashedAt      *time.Time     `db:"trashed_at"`
	CreatedAt      time.Time      `db:"created_at"`
	ClosedAt       *time.Time     `db:"closed_at"`
	FirstReplyAt   *time.Time     `db:"first_reply_at"`
	LastInboundAt  *time.Time     `db:"last_inbound_at"`
	LastOutboundAt *time.Time     `db:"last_outbound_at"`
	LastMessageAt  time.Time      `db:"last_message_at"` // newest first sorts by it; the creation while there is no message
	WaitingSince   *time.Time     `db:"waiting_since"`   // the oldest inbound message that nobody answered
	WaitingKey     time.Time      `db:"waiting_key"`     // WaitingSince, or NotWaiting: longest waiting sorts by it
	LastSeq        Seq            `db:"last_seq"`        // of the newest message or note: what a sender must have seen
	UnreadSeq      Seq            `db:"unread_seq"`      // of the newest thing that makes it unread
	AssigneeUnread bool           `db:"assignee_unread"` // the assignee has not read UnreadSeq: My unread is indexed on it
	MessageCount   int            `db:"message_count"`
	FailedCount    int            `db:"failed_count"` // messages that need attention: the Failed view
	HasAttachment  bool           `db:"has_attachment"`
	FollowUpOfID   ConversationID `db:"follow_up_of_id"`
	MergedIntoID   ConversationID `db:"merged_into_id"`
	Phone          string         `db:"phone"` // of a channel of texts: the contact's number, E.164; one open conversation for each
	Fields         JSON           `db:"fields"`
}

// NotWaiting is the WaitingKey of a conversation in which nobody waits: after all that do.
var NotWaiting = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// FolderNow derives the folder from the other fields.
func (c Conversation) FolderNow() Folder {
	switch {
	case c.MergedIntoID != 0:
		return FolderMerged
	case c.TrashedAt != nil:
		return FolderTrash
	case c.Draft:
		return FolderDraft
	case c.Spam:
		return FolderSpam
	case c.Status == Closed:
		return FolderClosed
	case c.SnoozedUntil != nil:
		return FolderSnoozed
	}
	return FolderOpen
}

// View is a built-in list of conversations.
type View string

// The built-in views.
const (
	MyUnread   View = "my_unread"
	MyOpen     View = "my_open"
	Unassigned View = "unassigned"
	AllOpen    View = "all_open"
	ViewFailed View = "failed"
	ViewClosed View = "closed"
	ViewSpam   View = "spam"

	ViewDrafts    View = "drafts"    // those in which the user has begun to write
	ViewScheduled View = "scheduled" // those in which a message waits for its time
	ViewMentions  View = "mentions"  // open ones in which a note names the user
)

// Sort is an order of a list of conversations.
type Sort string

// The orders.
const (
	Newest  Sort = "newest"  // newest message first
	Added   Sort = "added"   // in the order they were added, the latest first
	Waiting Sort = "waiting" // longest waiting first, then those in which nobody waits
)
