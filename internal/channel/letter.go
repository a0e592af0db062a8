package channel

import (
	"time"

	"parley/internal/parley"
)

// Composer is a Channel that writes messages in its own form.
type Composer interface {
	// Compose turns a letter into the bytes that go on the wire (Outgoing.Body).
	// It is pure: the same letter makes the same bytes, so that a second try
	// sends what the first did. A fault is a *parley.Error that names the field.
	Compose(l Letter) ([]byte, error)
}

// Letter is a message as the outbox sees it, before it takes its form.
type Letter struct {
	From          parley.Address
	ReplyTo       parley.Addresses
	To            parley.Addresses
	Cc            parley.Addresses
	Subject       string
	SentAt        time.Time
	InternetID    string // Message-ID without <>
	InReplyTo     string
	References    []string
	AutoSubmitted bool
	Text          string
	HTML          string
	Parts         []Part
}
