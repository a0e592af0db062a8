package parley

import "time"

// Account is a business: the tenant. Nothing of one account is ever seen from another.
type Account struct {
	ID        AccountID `db:"id"`
	Name      string    `db:"name"`
	Region    string    `db:"region"`   // ISO 3166 country of its phone numbers
	Timezone  string    `db:"timezone"` // IANA name
	CreatedAt time.Time `db:"created_at"`
}

// User is a person who signs in. An Assignee is a User with work.
type User struct {
	ID             UserID     `db:"id"`
	AccountID      AccountID  `db:"account_id"`
	Email          string     `db:"email"`
	Name           string     `db:"name"`
	Role           Role       `db:"role"`
	PasswordHash   string     `db:"password_hash"` // PHC string; empty until an invitation is accepted
	AllInboxes     bool       `db:"all_inboxes"`   // sees every inbox, those made later too
	Preferences    JSON       `db:"preferences"`   // the browser's own settings: theme, shortcuts, notifications
	InvitedAt      *time.Time `db:"invited_at"`    // an invitation waits to be accepted
	DisabledAt     *time.Time `db:"disabled_at"`   // may not sign in, is not assignable
	LastSeenAt     *time.Time `db:"last_seen_at"`
	CreatedAt      time.Time  `db:"created_at"`
	FailedSignIns  int        `db:"failed_sign_ins"`
	SignInLockedTo *time.Time `db:"sign_in_locked_to"`
}

// Active reports whether the user may sign in and be assigned to.
func (u User) Active() bool { return u.DisabledAt == nil && u.InvitedAt == nil }

// Session is a browser that is signed in.
type Session struct {
	ID         SessionID `db:"id"`
	AccountID  AccountID `db:"account_id"`
	UserID     UserID    `db:"user_id"`
	Hash       []byte    `db:"hash"` // SHA-256 of the cookie
	UserAgent  string    `db:"user_agent"`
	RemoteAddr string    `db:"remote_addr"`
	CreatedAt  time.Time `db:"created_at"`
	LastSeenAt time.Time `db:"last_seen_at"`
	ExpiresAt  time.Time `db:"expires_at"`
}

// Token is an API token: random 256 bits, of which only the SHA-256 is kept.
type Token struct {
	ID         TokenID    `db:"id"`
	AccountID  AccountID  `db:"account_id"`
	UserID     UserID     `db:"user_id"`
	Name       string     `db:"name"`
	Hash       []byte     `db:"hash"`
	Hint       string     `db:"hint"` // its last four characters, to tell tokens apart
	CreatedAt  time.Time  `db:"created_at"`
	LastUsedAt *time.Time `db:"last_used_at"`
	RevokedAt  *time.Time `db:"revoked_at"`
}

// UserLinkKind says what a UserLink is for.
type UserLinkKind string

// The kinds of UserLink.
const (
	LinkInvite UserLinkKind = "invite"
	LinkReset  UserLinkKind = "reset"
)

// UserLink lets its holder choose a password once. The secret in the link is
// derived from the row and the server's key, so that jobs carry only ids.
type UserLink struct {
	ID        UserLinkID   `db:"id"`
	AccountID AccountID    `db:"account_id"`
	UserID    UserID       `db:"user_id"`
	Kind      UserLinkKind `db:"kind"`
	CreatedAt time.Time    `db:"created_at"`
	ExpiresAt time.Time    `db:"expires_at"`
	UsedAt    *time.Time   `db:"used_at"`
}
