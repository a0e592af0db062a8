// Package account owns accounts and their people: users, roles, passwords,
// sessions, API tokens, and the links by which somebody chooses a password.
//
// It answers the question that every request begins with, "who is this and what
// may they see?" (Service.Authenticate), from memory where it can: what it
// remembers lives for seconds and is dropped as soon as the event log says that
// a user, a token or an inbox changed.
//
// It refuses to keep secrets: of passwords there is an Argon2id hash, of cookies
// and tokens a SHA-256, and the secret of a link is derived when the mail is
// written. It never hashes a password inside a transaction, and it tells nobody
// whether an email is known here. It sends no mail itself: it enqueues, in the
// same transaction, what Mail then sends.
package account

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"time"
	_ "time/tzdata" // an account's time zone must be known where the machine has no zone files

	"parley/internal/parley"
	"parley/internal/store"
)

// Mail sends a link to its user.
type Mail interface {
	// EnqueueLink adds the job that mails the link. The job carries ids only and
	// asks LinkURL for the secret when it runs.
	EnqueueLink(ctx context.Context, tx *store.Tx, link parley.UserLink) error
}

// Options are what the service is built from.
type Options struct {
	DB      *store.DB
	Secret  Secret
	BaseURL string // of the web app, for links
	Mail    Mail   // nil: links are only shown
	// HandOver gives the open conversations that the user can no longer be
	// assigned to (store.Tx.Assignable) to the default assignee of their inbox. It
	// runs in the transaction that disabled the user or took inboxes from them.
	HandOver func(ctx context.Context, tx *store.Tx, actor parley.Actor, user parley.UserID) error
	Log      *slog.Logger     // nil: none
	Now      func() time.Time // nil: time.Now
	Random   io.Reader        // nil: crypto/rand
	Cost     Cost             // of one password hash; zero: DefaultCost
}

// Service is the room's door. It is safe for concurrent use.
type Service struct {
	Options
	passwords *passwords
	addresses *limiter  // sign-ins that went wrong, by where they came from
	askers    *limiter  // forgotten passwords, by where they came from
	strangers *attempts // sign-ins with an email that nobody has
	cache     *cache
	cursors   follower // the follower's own
	forgotten chan string
}

// New builds the service. Run keeps its memory true.
func New(o Options) (*Service, error) {
	if len(o.Secret.keys) == 0 {
		return nil, errors.New("account: no secret key")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Cost == (Cost{}) {
		o.Cost = DefaultCost
	}
	s := &Service{
		Options:   o,
		addresses: newLimiter(30, 10*time.Second),
		askers:    newLimiter(10, time.Minute),
		strangers: newAttempts(),
		cache:     newCache(),
		cursors:   follower{},
		forgotten: make(chan string, 256),
	}
	var err error
	s.passwords, err = newPasswords(o.Cost, o.Random)
	return s, err
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
