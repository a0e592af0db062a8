package channel

import (
	"time"

	"parley/internal/parley"
)

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
	Callback      string // where the provider may tell how it went; empty: nowhere
}
