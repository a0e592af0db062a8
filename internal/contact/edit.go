package contact

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/parley"
	"parley/internal/sms"
	"parley/internal/store"
)

const (
	maxLine   = 200   // characters of a name, company or job title
	maxAbout  = 20000 // characters
	maxPoints = 50    // addresses, and numbers
	maxFields = 64 << 10
)

// Change says how a contact is to be; nil leaves it, or takes the default of a new one.
type Change struct {
	Name     *string
	Company  *string
	JobTitle *string
	About    *string
	OwnerID  *parley.UserID // 0: nobody
	Emails   *[]string      // replaces all, the main one first
	Phones   *[]string
	Fields   *parley.JSON
}

// Create makes a contact that has a name, an address or a number.
func (s *Service) Create(ctx context.Context, actor parley.Actor, change Change) (parley.Contact, error) {
	if err := actor.Must(parley.Contacts, 0); err != nil {
		return parley.Contact{}, err
	}
	var c parley.Contact
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		id, err := store.Once(ctx, tx, actor, func() (parley.ContactID, error) {
			made, err := s.create(ctx, tx, actor, change)
			return made.ID, err
		})
		if err != nil {
			return err
		}
		c, err = tx.ContactByID(ctx, actor.AccountID, id)
		return err
	})
	return c, fault("create contact", err)
}

func (s *Service) create(ctx context.Context, tx *store.Tx, actor parley.Actor, change Change) (parley.Contact, error) {
	c := parley.Contact{AccountID: actor.AccountID, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	points, err := apply(ctx, tx, &c, change)
	if err != nil {
		return c, err
	}
	if c.Name == "" && len(points) == 0 {
		return c, parley.Errorf(parley.Invalid, "contact.empty", "Give a name, an email address or a number.").On("name")
	}
	c.Points = points
	if err := blockedFromStart(ctx, tx, &c); err != nil {
		return c, err
	}
	if err := tx.InsertContact(ctx, &c); err != nil {
		return c, err
	}
	if err := taken(ctx, tx, c, points, change); err != nil {
		return c, err
	}
	changed(tx, actor.UserID, parley.ContactCreated, c)
	return c, nil
}

// Update changes a contact.
func (s *Service) Update(ctx context.Context, actor parley.Actor, id parley.ContactID, change Change) (parley.Contact, error) {
	if err := actor.Must(parley.Contacts, 0); err != nil {
		return parley.Contact{}, err
	}
	var c parley.Contact
	err := s.db.Update(ctx, func(tx *store.Tx) (err error) {
		if c, err = tx.LockContact(ctx, actor.AccountID, id); err != nil {
			return err
		}
		points, err := apply(ctx, tx, &c, change)
		if err != nil {
			return err
		}
		c.UpdatedAt = tx.Now()
		if change.Emails != nil || change.Phones != nil {
			if err := replacePoints(ctx, tx, &c, points, change); err != nil {
				return err
			}
		}
		if err := tx.UpdateContact(ctx, &c); err != nil {
			return err
		}
		changed(tx, actor.UserID, parley.ContactUpdated, c)
		return nil
	})
	return c, fault("update contact", err)
}

// replacePoints keeps the blocklist true to a blocked contact's points.
func replacePoints(ctx context.Context, tx *store.Tx, c *parley.Contact, points []parley.Point, change Change) error {
	if c.BlockedAt != nil {
		if err := tx.DeleteBlocksOf(ctx, c.AccountID, c.ID); err != nil {
			return err
		}
	}
	if err := tx.ReplacePoints(ctx, c, points); err != nil {
		return err
	}
	if err := taken(ctx, tx, *c, points, change); err != nil {
		return err
	}
	if c.BlockedAt == nil {
		return nil
	}
	return tx.InsertBlocksOf(ctx, *c)
}

// taken is the fault of each point that the database has refused because it is another's.
func taken(ctx context.Context, tx *store.Tx, c parley.Contact, wanted []parley.Point, change Change) error {
	var faults parley.Faults
	for _, p := range wanted {
		if slices.ContainsFunc(c.Points, func(has parley.Point) bool { return has.Kind == p.Kind && has.Key == p.Key }) {
			continue
		}
		other, err := tx.ContactByPoint(ctx, c.AccountID, p.Kind, p.Key)
		if err != nil {
			return fmt.Errorf("whose %s it is: %w", p.Kind, err)
		}
		faults.Add(parley.Errorf(parley.Conflict, "contact.point_taken", "This already belongs to %s.", other.Display()).
			With("contact_id", other.ID.String()).With("contact", other.Display()).On(field(p, change)))
	}
	return faults.Err()
}

// field is where p stands in the input.
func field(p parley.Point, change Change) string {
	list, name := change.Emails, "emails"
	if p.Kind == parley.PointPhone {
		list, name = change.Phones, "phones"
	}
	if list == nil {
		return name
	}
	return fmt.Sprintf("%s[%d]", name, slices.IndexFunc(*list, func(v string) bool { return strings.TrimSpace(v) == p.Value }))
}

func changed(tx *store.Tx, by parley.UserID, kind parley.EventKind, c parley.Contact) {
	tx.AppendEvent(&parley.Event{AccountID: c.AccountID, Kind: kind, ActorID: by, ContactID: c.ID})
}

// apply checks a change, sets it on c, and gives the points that c is to have. All faults are told at once.
func apply(ctx context.Context, tx *store.Tx, c *parley.Contact, change Change) ([]parley.Point, error) {
	var faults parley.Faults
	line(&faults, "name", change.Name, &c.Name)
	line(&faults, "company", change.Company, &c.Company)
	line(&faults, "job_title", change.JobTitle, &c.JobTitle)
	if change.About != nil {
		if !utf8.ValidString(*change.About) || strings.Contains(*change.About, "\x00") || utf8.RuneCountInString(*change.About) > maxAbout {
			faults.Add(parley.Errorf(parley.Invalid, "field.too_long", "At most %d characters.", maxAbout).On("about"))
		}
		c.About = *change.About
	}
	if change.OwnerID != nil {
		if err := checkOwner(ctx, tx, c.AccountID, *change.OwnerID, &faults); err != nil {
			return nil, err
		}
		c.OwnerID = *change.OwnerID
	}
	if change.Fields != nil {
		var object map[string]any
		if len(*change.Fields) > maxFields || json.Unmarshal(*change.Fields, &object) != nil || strings.Contains(string(*change.Fields), `\u0000`) {
			faults.Add(parley.Errorf(parley.Invalid, "field.invalid", "Send an object of at most 64 kB.").On("fields"))
		}
		c.Fields = *change.Fields
	}
	account, err := tx.AccountByID(ctx, c.AccountID)
	if err != nil {
		return nil, err
	}
	points := kept(*c, parley.PointEmail, change.Emails, emailKey, &faults)
	points = append(points, kept(*c, parley.PointPhone, change.Phones, func(v string) (string, *parley.Error) { return phoneKey(v, account.Region) }, &faults)...)
	return points, faults.Err()
}

func line(faults *parley.Faults, field string, from, to *string) {
	if from == nil {
		return
	}
	*to = strings.TrimSpace(*from)
	if *to == "" {
		return
	}
	clean, ok := parley.Line(*from, maxLine)
	if !ok {
		faults.Add(parley.Errorf(parley.Invalid, "field.line", "Write one line of at most %d characters.", maxLine).On(field))
	}
	*to = clean
}

func checkOwner(ctx context.Context, tx *store.Tx, account parley.AccountID, owner parley.UserID, faults *parley.Faults) error {
	if owner == 0 {
		return nil
	}
	_, err := tx.UserByID(ctx, account, owner)
	if errors.Is(err, store.ErrNoRow) {
		faults.Add(parley.Errorf(parley.Invalid, "user.unknown", "There is no such user.").On("owner_id"))
		return nil
	}
	return err
}

// kept gives the points of one kind: those of a new list, each once, or those that c has.
func kept(c parley.Contact, kind parley.PointKind, list *[]string, key func(string) (string, *parley.Error), faults *parley.Faults) []parley.Point {
	var out []parley.Point
	if list == nil {
		for _, p := range c.Points {
			if p.Kind == kind {
				out = append(out, p)
			}
		}
		return out
	}
	name := string(kind) + "s"
	if len(*list) > maxPoints {
		faults.Add(parley.Errorf(parley.Invalid, "contact.too_many_points", "At most %d.", maxPoints).On(name))
		return nil
	}
	for i, v := range *list {
		v = strings.TrimSpace(v)
		if at := slices.IndexFunc(c.Points, func(p parley.Point) bool { return p.Kind == kind && p.Value == v }); at >= 0 {
			out = append(out, c.Points[at]) // what mail came from may be odder than what a person may enter
			continue
		}
		k, fault := key(v)
		if fault != nil {
			faults.Add(fault.On(fmt.Sprintf("%s[%d]", name, i)))
			continue
		}
		if !slices.ContainsFunc(out, func(p parley.Point) bool { return p.Key == k }) {
			out = append(out, parley.Point{Kind: kind, Value: v, Key: k})
		}
	}
	return out
}

func emailKey(v string) (string, *parley.Error) {
	a := parley.Address{Email: v}
	if !a.Valid() {
		return "", parley.Errorf(parley.Invalid, "email.invalid", "This is not an email address.")
	}
	return a.Key(), nil
}

// phoneKey is a number as it is kept. One without its area code could be anybody's.
func phoneKey(v, region string) (string, *parley.Error) {
	key, err := sms.Parse(v, region)
	if fault, ok := errors.AsType[*parley.Error](err); ok {
		return "", fault
	}
	if len(v) > maxPhone {
		return "", parley.Errorf(parley.Invalid, "phone.too_long", "This telephone number is too long. Take out what does not belong to it.")
	}
	return key, nil
}

const maxPhone = 40
