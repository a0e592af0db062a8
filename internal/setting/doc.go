// Package setting owns what an account sets up: its inboxes and who sees them,
// who gets a new conversation (Service.AssigneeTx), and its channels with the
// addresses at which mail reaches them (Service.Lookup); and what users write
// once and send often: canned messages, signatures, defaults of merge fields.
//
// It refuses to know what a channel does with bytes and what a conversation is:
// it says where one goes. Addresses are unique in the whole installation, and
// nobody hears whose a taken one is.
package setting

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"parley/internal/parley"
	"parley/internal/seal"
	"parley/internal/store"
)

// Options are what the service is built from.
type Options struct {
	DB         *store.DB
	MailDomain string // of the forwarding addresses: mail to it reaches our own listener
	// LocalDomains are further domains whose mail reaches our own listener.
	LocalDomains []string
	// HandOver gives the open conversations that the user can no longer be
	// assigned to (store.Tx.Assignable) to the default assignee of their inbox. It
	// runs in the transaction that took an inbox from the user.
	HandOver func(ctx context.Context, tx *store.Tx, actor parley.Actor, user parley.UserID) error
	Now      func() time.Time // nil: time.Now
	Random   io.Reader        // nil: crypto/rand
	// Box seals what channels sign in with elsewhere; needed by those who set that up.
	Box *seal.Box
}

// Service is the room's door. It is safe for concurrent use.
type Service struct {
	Options
	routes *routes
}

// New builds the service.
func New(o Options) *Service {
	o.MailDomain = strings.ToLower(o.MailDomain)
	for i, d := range o.LocalDomains {
		o.LocalDomains[i] = strings.ToLower(d)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	return &Service{Options: o, routes: newRoutes()}
}

// gone is what an id that is unknown, or of another account, answers.
func gone() *parley.Error {
	return parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
}

// orGone turns a missing row into NotFound.
func orGone(err error) error {
	if errors.Is(err, store.ErrNoRow) {
		return gone()
	}
	return err
}

// maxName bounds the names of inboxes and channels, in characters.
const maxName = 80

func line(faults *parley.Faults, field, value string) string {
	out, ok := parley.Line(value, maxName)
	if !ok {
		faults.Add(parley.Errorf(parley.Invalid, "field.line", "Enter one line of 1 to %d characters.", maxName).On(field).With("max", fmt.Sprint(maxName)))
	}
	return out
}

// page cuts the row that was read beyond the limit, and tells where the next page begins; 0: nowhere.
func page[T any, K any](rows []T, limit int, id func(T) parley.ID[K]) ([]T, parley.ID[K]) {
	if len(rows) <= limit {
		return rows, 0
	}
	rows = rows[:limit]
	return rows, id(rows[limit-1])
}

// unique are the ids, each once, in order.
func unique[K any](ids []parley.ID[K]) []parley.ID[K] {
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}
