package api

import (
	"context"
	"net/http"
	"time"

	"parley/internal/contact"
	"parley/internal/parley"
)

// Blocked says that a contact was marked as spam, by whom and why.
type Blocked struct {
	At   time.Time `json:"at"`
	ByID *int64    `json:"by_id"`
	Why  string    `json:"why"`
}

// Bounced is an address that mail came back from for good.
type Bounced struct {
	Email  string        `json:"email"`
	At     time.Time     `json:"at"`
	Reason parley.Reason `json:"reason"`
}

// PhoneState is one of a contact's numbers, and what is known of it.
type PhoneState struct {
	Phone             string        `json:"phone" doc:"As it is written."`
	Number            string        `json:"number" doc:"E.164: as conversations, messages and consents name it."`
	OptedOutAt        *time.Time    `json:"opted_out_at" doc:"Since when they want no texts."`
	UnreachableAt     *time.Time    `json:"unreachable_at" doc:"Since when texts do not arrive there."`
	UnreachableReason parley.Reason `json:"unreachable_reason"`
}

// Contact is a person or business outside.
type Contact struct {
	ID        parley.ContactID `json:"id"`
	Name      string           `json:"name"`
	Company   string           `json:"company"`
	JobTitle  string           `json:"job_title"`
	About     string           `json:"about"`
	OwnerID   *int64           `json:"owner_id"`
	Emails    []string         `json:"emails" doc:"The main one first."`
	Phones    []string         `json:"phones"`
	Fields    Object           `json:"fields"`
	Blocked   *Blocked         `json:"blocked"`
	Bounced   []Bounced        `json:"bounced" doc:"Those of emails that mail came back from."`
	States    []PhoneState     `json:"phone_states" doc:"Of each of phones, in their order."`
	Images    bool             `json:"images_allowed" doc:"Images from elsewhere are shown in their mails without asking."`
	CreatedAt time.Time        `json:"created_at"`
	UpdatedAt time.Time        `json:"updated_at"`
}

func newContact(c parley.Contact) Contact {
	out := Contact{
		ID: c.ID, Name: c.Name, Company: c.Company, JobTitle: c.JobTitle, About: c.About, OwnerID: ref(c.OwnerID), Emails: c.Emails(), Phones: c.Phones(),
		Fields: Object(c.Fields), Bounced: []Bounced{}, States: []PhoneState{}, Images: c.Images, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
	for _, p := range c.Points {
		if p.Kind == parley.PointPhone {
			out.States = append(out.States, PhoneState{p.Value, p.Key, p.OptedOutAt, p.BouncedAt, p.BounceReason})
		}
		if p.Kind == parley.PointEmail && p.BouncedAt != nil {
			out.Bounced = append(out.Bounced, Bounced{p.Value, *p.BouncedAt, p.BounceReason})
		}
	}
	if c.BlockedAt != nil {
		out.Blocked = &Blocked{*c.BlockedAt, ref(c.BlockedByID), c.BlockedWhy}
	}
	return out
}

// ContactBody makes or changes a contact; what is absent stays. Lists replace the whole list.
type ContactBody struct {
	Name     *string              `json:"name,omitempty"`
	Company  *string              `json:"company,omitempty"`
	JobTitle *string              `json:"job_title,omitempty"`
	About    *string              `json:"about,omitempty"`
	OwnerID  Field[parley.UserID] `json:"owner_id,omitempty" doc:"null: nobody."`
	Emails   *[]string            `json:"emails,omitempty" doc:"The main one first."`
	Phones   *[]string            `json:"phones,omitempty"`
	Fields   *Object              `json:"fields,omitempty"`
}

func (b ContactBody) change() contact.Change {
	c := contact.Change{Name: b.Name, Company: b.Company, JobTitle: b.JobTitle, About: b.About, Emails: b.Emails, Phones: b.Phones, Fields: (*parley.JSON)(b.Fields)}
	if b.OwnerID.Set {
		c.OwnerID = &b.OwnerID.Value
	}
	return c
}

// ContactInput names a contact in a path.
type ContactInput struct {
	ID parley.ContactID `path:"id"`
}

func (s *Server) registerContacts() {
	signedIn(s, op(http.MethodGet, "/api/v1/contacts", "get-contacts", "Contacts, the newest first, or those that match"), s.listContacts)
	signedIn(s, op(http.MethodPost, "/api/v1/contacts", "post-contacts", "Make a contact"), s.createContact)
	signedInOne(s, op(http.MethodGet, "/api/v1/contacts/{id}", "get-contacts-id", "A contact"), s.getContact)
	signedIn(s, op(http.MethodPatch, "/api/v1/contacts/{id}", "patch-contacts-id", "Change a contact"), s.patchContact)
	signedIn(s, op(http.MethodPut, "/api/v1/contacts/{id}/images", "put-contacts-id-images", "Show images from elsewhere in a contact's mails, or ask each time"), s.putContactImages)
	works := status(op(http.MethodPost, "/api/v1/contacts/{id}/emails/{email}/working", "post-contacts-id-emails-working", "Say that an address works again"), http.StatusOK)
	works.Description = "Mail had come back from it. It is taken for working again by itself once mail comes from it."
	signedIn(s, works, s.postEmailWorking)
}

func contactBody(c parley.Contact, err error) (*Body[Contact], error) {
	if err != nil {
		return nil, err
	}
	return &Body[Contact]{newContact(c)}, nil
}

func (s *Server) listContacts(ctx context.Context, actor parley.Actor, in *struct {
	Paging
	Query string `query:"q" maxLength:"200" doc:"Beginnings of words of names, companies, addresses and numbers."`
},
) (*Body[Page[Contact]], error) {
	before, err := idCursor[parley.Contact](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Contact.List(ctx, actor, in.Query, before, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Contact, len(rows))
	for i, c := range rows {
		items[i] = newContact(c)
	}
	return newPage(items, cursorOf(next)), nil
}

func (s *Server) createContact(ctx context.Context, actor parley.Actor, in *struct{ Body ContactBody }) (*Body[Contact], error) {
	return contactBody(s.Contact.Create(ctx, actor, in.Body.change()))
}

func (s *Server) getContact(ctx context.Context, actor parley.Actor, in *ContactInput) (*Body[Contact], error) {
	return contactBody(s.Contact.Get(ctx, actor, in.ID))
}

func (s *Server) patchContact(ctx context.Context, actor parley.Actor, in *struct {
	ContactInput
	Body ContactBody
},
) (*Body[Contact], error) {
	return contactBody(s.Contact.Update(ctx, actor, in.ID, in.Body.change()))
}

func (s *Server) putContactImages(ctx context.Context, actor parley.Actor, in *struct {
	ContactInput
	Body struct {
		Allow bool `json:"allow"`
	}
},
) (*Body[Contact], error) {
	return contactBody(s.Contact.ShowImages(ctx, actor, in.ID, in.Body.Allow))
}

func (s *Server) postEmailWorking(ctx context.Context, actor parley.Actor, in *struct {
	ContactInput
	Email string `path:"email" maxLength:"320"`
},
) (*Body[Contact], error) {
	return contactBody(s.Contact.Works(ctx, actor, in.ID, in.Email))
}
