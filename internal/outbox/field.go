package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/merge"
	"parley/internal/parley"
	"parley/internal/store"
)

// maxThread bounds the messages that the history of a conversation shows; of a
// longer one the oldest are left out.
const maxThread = 300

// Unresolved says that merge fields of a letter have no value: nothing was sent.
type Unresolved struct {
	fault  *parley.Error
	Fields []string
}

// Error implements error.
func (u *Unresolved) Error() string { return u.fault.Error() }

// Unwrap gives what a person may read.
func (u *Unresolved) Unwrap() error { return u.fault }

func unresolved(fields []string) error {
	return &Unresolved{parley.Errorf(parley.Conflict, "merge.unresolved", "Nothing is known for %s. Fill it in, or send without it.", strings.Join(fields, ", ")).
		With("names", strings.Join(fields, ", ")), fields}
}

func unknownField(name string) *parley.Error {
	return parley.Errorf(parley.Invalid, "merge.unknown", "There is no merge field or filter %q. Take it out, or insert one from the list.", name).
		With("name", name).On("html")
}

// scene is what the fields of a letter, and its signature, are taken from.
type scene struct {
	c       parley.Conversation
	channel parley.Channel
	contact parley.Contact
	user    parley.User // who writes; of what the product sends the assignee; zero: nobody
}

// fields are what merge fields stand for in the scene. The history is read only
// where one of the texts names it.
func (s scene) fields(ctx context.Context, tx *store.Tx, html ...string) (f merge.Facts, err error) {
	account, err := tx.AccountByID(ctx, s.c.AccountID)
	if err != nil {
		return f, fmt.Errorf("load account: %w", err)
	}
	if f.Defaults, err = tx.MergeDefaults(ctx, s.c.AccountID); err != nil {
		return f, fmt.Errorf("load defaults: %w", err)
	}
	zone, err := time.LoadLocation(account.Timezone)
	if err != nil {
		zone = time.UTC
	}
	f.Values = s.values(account)
	f.Started = s.c.CreatedAt.In(zone)
	if slices.ContainsFunc(html, func(h string) bool { return merge.Names(h, merge.History) }) {
		f.History, err = history(ctx, tx, s.c, zone)
	}
	return f, err
}

func (s scene) values(account parley.Account) map[string]string {
	first, last := splitName(s.contact.Name)
	userFirst, _ := splitName(s.user.Name)
	v := map[string]string{
		"contact.name": s.contact.Name, "contact.first_name": first, "contact.last_name": last,
		"contact.company": s.contact.Company, "contact.job_title": s.contact.JobTitle,
		"user.name": s.user.Name, "user.first_name": userFirst, "user.email": s.user.Email,
		"conversation.subject": s.c.Subject, "account.name": account.Name, "channel.name": s.channel.Name, "channel.address": s.channel.Address,
	}
	if emails := s.contact.Emails(); len(emails) > 0 {
		v["contact.email"] = emails[0]
	}
	if phones := s.contact.Phones(); len(phones) > 0 {
		v["contact.phone"] = phones[0]
	}
	if s.c.Number != 0 {
		v["conversation.number"] = strconv.FormatInt(s.c.Number, 10)
	}
	return v
}

// splitName takes the first word for the first name, and "Lovelace, Ada" apart at its comma.
func splitName(name string) (first, last string) {
	if last, first, ok := strings.Cut(name, ","); ok && strings.TrimSpace(first) != "" {
		return strings.TrimSpace(first), strings.TrimSpace(last)
	}
	first, last, _ = strings.Cut(strings.TrimSpace(name), " ")
	return first, strings.TrimSpace(last)
}

// history is what was said in a conversation, oldest first: the contact's messages
// and ours that have left. Not what machines reported, nor what waits, failed or was taken back.
func history(ctx context.Context, tx *store.Tx, c parley.Conversation, zone *time.Location) (t merge.Thread, err error) {
	all, err := tx.ListTimelineMessages(ctx, store.TimelineQuery{
		AccountID: c.AccountID, ConversationID: c.ID, At: parley.NotWaiting, Newest: true, Limit: maxThread + 1,
	})
	if err != nil {
		return t, fmt.Errorf("load history: %w", err)
	}
	if t.LeftOut = len(all) > maxThread; t.LeftOut {
		all = all[:maxThread]
	}
	ids := make([]parley.MessageID, len(all))
	for i, m := range all {
		ids[i] = m.ID
	}
	bodies, err := tx.ListBodies(ctx, c.AccountID, ids, false)
	if err != nil {
		return t, fmt.Errorf("load history: %w", err)
	}
	for _, m := range slices.Backward(all) {
		if said(m) {
			t.Said = append(t.Said, merge.Said{From: display(parley.Address{Name: m.FromName, Email: m.FromEmail}), At: m.ReceivedAt.In(zone), Text: bodies[m.ID].VisibleText})
		}
	}
	return t, nil
}

func said(m parley.Message) bool {
	if m.Direction == parley.Inbound {
		return !m.AutoSubmitted && !m.IsBounce
	}
	return !slices.Contains([]parley.Delivery{parley.Draft, parley.Scheduled, parley.Failed, parley.Cancelled}, m.Delivery)
}

// signatureOf is the signature of the scene, zero if there is none, with its images.
func (s scene) signatureOf(ctx context.Context, tx *store.Tx) (parley.Signature, []parley.Attachment, error) {
	sig, err := tx.SignatureFor(ctx, s.c.AccountID, s.user.ID, s.channel.ID, s.c.InboxID)
	if errors.Is(err, store.ErrNoRow) {
		return parley.Signature{}, nil, nil
	}
	if err != nil {
		return sig, nil, fmt.Errorf("load signature: %w", err)
	}
	files, err := tx.SignatureFiles(ctx, s.c.AccountID, sig.ID)
	if err != nil {
		return sig, nil, fmt.Errorf("load images of signature: %w", err)
	}
	return sig, files, nil
}
