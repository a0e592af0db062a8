package parley

import "time"

// Contact is a person or business outside that writes to us, or that we write to.
type Contact struct {
	ID          ContactID  `db:"id"`
	AccountID   AccountID  `db:"account_id"`
	Name        string     `db:"name"`
	Company     string     `db:"company"`
	JobTitle    string     `db:"job_title"`
	About       string     `db:"about"` // free text that the team keeps
	OwnerID     UserID     `db:"owner_id"`
	Fields      JSON       `db:"fields"`
	BlockedAt   *time.Time `db:"blocked_at"`
	BlockedByID UserID     `db:"blocked_by_id"`
	BlockedWhy  string     `db:"blocked_why"`
	Images      bool       `db:"images_allowed"` // from elsewhere, in their mails: shown without asking
	CreatedAt   time.Time  `db:"created_at"`
	UpdatedAt   time.Time  `db:"updated_at"`
	Points      []Point    `db:"-"`
}

// PointKind tells addresses and numbers apart.
type PointKind string

// The kinds of Point.
const (
	PointEmail PointKind = "email"
	PointPhone PointKind = "phone"
)

// Point is one way to reach a Contact: an email address or a phone number.
type Point struct {
	ContactID ContactID `db:"contact_id" json:"-"`
	Kind      PointKind `db:"kind" json:"kind"`
	Value     string    `db:"value" json:"value"` // as written
	Key       string    `db:"key" json:"-"`       // normalised: Address.Key, or E.164; one contact per account
	Position  int       `db:"position" json:"-"`  // 0 is the main one of its kind
	// BouncedAt is when mail to this address came back for good, with the reason; nil: it works, as far as we know.
	BouncedAt    *time.Time `db:"bounced_at" json:"-"`
	BounceReason Reason     `db:"bounce_reason" json:"-"`
	// OptedOutAt is when whoever has this number said that they want no texts; nil: they did not, or took it back.
	OptedOutAt *time.Time `db:"opted_out_at" json:"-"`
}

// Emails are the contact's addresses, the main one first.
func (c Contact) Emails() []string { return c.points(PointEmail) }

// Phones are the contact's numbers, the main one first.
func (c Contact) Phones() []string { return c.points(PointPhone) }

func (c Contact) points(kind PointKind) []string {
	out := []string{}
	for _, p := range c.Points {
		if p.Kind == kind {
			out = append(out, p.Value)
		}
	}
	return out
}

// Display is what a list shows: the name, else the main address or number.
func (c Contact) Display() string {
	if c.Name != "" {
		return c.Name
	}
	if len(c.Points) > 0 {
		return c.Points[0].Value
	}
	return "#" + c.ID.String()
}
