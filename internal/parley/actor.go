package parley

import "slices"

// Role is what a user may do in an account.
type Role string

// The built-in roles.
const (
	Owner      Role = "owner"
	Admin      Role = "admin"
	Agent      Role = "agent"
	LightAgent Role = "light_agent" // reads and writes notes; sends nothing
)

// Valid reports whether r is a known role.
func (r Role) Valid() bool { return slices.Contains([]Role{Owner, Admin, Agent, LightAgent}, r) }

// Permission is one thing that an Actor may be allowed to do.
type Permission string

// The permissions. Read, Write, Note ask for an inbox; the others are of the account.
const (
	Read     Permission = "read"     // see an inbox's conversations
	Write    Permission = "write"    // send, assign, close, move, mark spam
	Annotate Permission = "annotate" // write notes
	Contacts Permission = "contacts" // create and edit contacts
	Settings Permission = "settings" // inboxes, channels, blocklist
	People   Permission = "people"   // users and their roles
	Tokens   Permission = "tokens"   // one's own API tokens
	Journal  Permission = "journal"  // the intake journal
	Billing  Permission = "billing"  // plans and seats; the owner's
)

var granted = map[Role][]Permission{
	Owner:      {Read, Write, Annotate, Contacts, Settings, People, Tokens, Journal, Billing},
	Admin:      {Read, Write, Annotate, Contacts, Settings, People, Tokens, Journal},
	Agent:      {Read, Write, Annotate, Contacts, Tokens},
	LightAgent: {Read, Annotate},
}

// Actor is who is acting: a user with what is granted to them, loaded once per
// request by account. System stands for the product itself.
type Actor struct {
	AccountID AccountID
	UserID    UserID
	Role      Role
	Inboxes   []InboxID // those they may see; not used when AllInboxes
	// AllInboxes: no inbox is hidden from them.
	AllInboxes bool
	System     bool
	SessionID  SessionID // the browser session that carried the request; 0: an API token, or System
	Once       Once      // the request's Idempotency-Key, if it carried one
}

// Once makes a repeated request have one effect: the effect's transaction claims it.
type Once struct {
	Key         string // the header's value; empty: no claim
	Fingerprint string // hash of method, path and body: the same key with another request is a conflict
}

// SystemActor acts for the product in an account: jobs, intake, the command line.
func SystemActor(id AccountID) Actor {
	return Actor{AccountID: id, Role: Owner, AllInboxes: true, System: true}
}

// May reports whether the actor may do p, in inbox if p is of an inbox (0: in some inbox).
func (a Actor) May(p Permission, inbox InboxID) bool {
	if a.System {
		return true
	}
	if !slices.Contains(granted[a.Role], p) {
		return false
	}
	return inbox == 0 || a.Sees(inbox)
}

// Permissions are those that the actor's role grants, in a fixed order.
func (a Actor) Permissions() []Permission { return slices.Clone(granted[a.Role]) }

// Sees reports whether the actor may see this inbox.
func (a Actor) Sees(inbox InboxID) bool {
	return a.AllInboxes || slices.Contains(a.Inboxes, inbox)
}

// Must is May as an error: what an actor may not see does not exist for them (NotFound),
// what they may see but not do is Forbidden.
func (a Actor) Must(p Permission, inbox InboxID) error {
	if inbox != 0 && !a.Sees(inbox) {
		return Errorf(NotFound, "id.unknown", "There is nothing with this id.")
	}
	if !a.May(p, inbox) {
		return Errorf(Forbidden, "role.not_allowed", "Your role does not allow this. Ask an admin of your account.").With("permission", string(p))
	}
	return nil
}
