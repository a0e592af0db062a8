package intake

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/sms"
	"parley/internal/store"
	"parley/internal/thread"
)

// Channels opens a channel that may be disabled or deleted meanwhile: what it
// brought before is filed all the same.
type Channels interface {
	For(ctx context.Context, account parley.AccountID, id parley.ChannelID) (channel.Channel, error)
}

// Options are what a Service works with.
type Options struct {
	DB            *store.DB
	Blobs         blob.Store
	Channels      Channels
	Settings      *setting.Service
	Contacts      *contact.Service
	Conversations *conversation.Service
	Signer        thread.Signer // of the tokens in our reply addresses
	// Began hears of each message with which a contact begins a conversation, in the
	// transaction that files it: for jobs that follow from that. Nil: nobody does.
	Began func(ctx context.Context, tx *store.Tx, ch parley.Channel, m parley.Message) error
	// Asked hears of each text that is a keyword which we are to answer, likewise.
	Asked func(ctx context.Context, tx *store.Tx, ch parley.Channel, m parley.Message, word sms.Keyword) error
	Log   *slog.Logger     // nil: none
	Now   func() time.Time // nil: time.Now
}

// Service is the way in. It is safe for concurrent use.
type Service struct {
	db            *store.DB
	blobs         blob.Store
	channels      Channels
	settings      *setting.Service
	contacts      *contact.Service
	conversations *conversation.Service
	signer        thread.Signer
	began         func(ctx context.Context, tx *store.Tx, ch parley.Channel, m parley.Message) error
	asked         func(ctx context.Context, tx *store.Tx, ch parley.Channel, m parley.Message, word sms.Keyword) error
	log           *slog.Logger
	now           func() time.Time
	waiting       waiting
}

// New makes the service.
func New(o Options) *Service {
	s := &Service{
		db: o.DB, blobs: o.Blobs, channels: o.Channels, settings: o.Settings, contacts: o.Contacts, conversations: o.Conversations,
		signer: o.Signer, began: o.Began, asked: o.Asked, log: o.Log, now: o.Now,
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.waiting.commitAll = s.acceptAll
	return s
}

// ownAmong tells which of the addresses are channels' of the account, by their own or their forwarding address.
func (s *Service) ownAmong(ctx context.Context, tx *store.Tx, account parley.AccountID, keys []string) (addressBook, error) {
	var locals []string
	for _, k := range keys {
		if local, ok := strings.CutSuffix(k, "@"+s.settings.MailDomain); ok {
			locals = append(locals, local)
		}
	}
	rows, err := tx.ListOwnAddresses(ctx, account, keys, append([]string{}, locals...))
	book := addressBook{}
	for _, r := range rows {
		book[r.Address] = true
		if r.ForwardLocal != "" {
			book[r.ForwardLocal+"@"+s.settings.MailDomain] = true
		}
	}
	return book, err
}

// sorted are the keys of m in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
