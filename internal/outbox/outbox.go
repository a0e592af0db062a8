package outbox

import (
	"context"
	"log/slog"
	"time"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/thread"
)

// SendJob is the kind of job that sends one message.
const SendJob = "outbox.send"

// Limits of what a person may send at once.
const (
	MaxRecipients  = 100
	MaxAttachments = 25 << 20 // bytes together; most mail servers stop at 25 MB
	MaxText        = 1 << 20  // bytes of text or HTML
	MaxUndo        = 60       // seconds
)

// Channels opens the configured channels.
type Channels interface {
	Open(row parley.Channel) (channel.Channel, error)
}

// Contacts finds who is written to, and notes whose address is dead.
type Contacts interface {
	FindOrCreateTx(ctx context.Context, tx *store.Tx, account parley.AccountID, who parley.Address) (c parley.Contact, created bool, err error)
	BouncedTx(ctx context.Context, tx *store.Tx, account parley.AccountID, who parley.Address, why parley.Reason) error
	ConsentTx(ctx context.Context, tx *store.Tx, c parley.Consent, at parley.Conversation) (turned bool, err error)
}

// Service is the room's only type; it is safe for concurrent use.
type Service struct {
	db       *store.DB
	blobs    blob.Store
	channels Channels
	contacts Contacts
	signer   thread.Signer
	now      func() time.Time
	log      *slog.Logger
	public   Public
	pace     pace
}

// New makes the service. The signer makes the reply tokens.
func New(db *store.DB, blobs blob.Store, channels Channels, contacts Contacts, signer thread.Signer, now func() time.Time, log *slog.Logger) *Service {
	return &Service{db: db, blobs: blobs, channels: channels, contacts: contacts, signer: signer, now: now, log: log}
}

// Register adds the room's jobs to the queue.
func (s *Service) Register(q *job.Queue) {
	q.Register(SendJob, job.Options{Workers: 8}, job.Each(s.send))
	q.Register(TextJob, job.Options{Workers: 8}, job.Each(s.send))
}

type sendArgs struct {
	AccountID parley.AccountID `json:"account_id"`
	MessageID parley.MessageID `json:"message_id"`
	Attempt   int              `json:"attempt"`
}

// enqueue makes the job that sends m, at its time. The lane keeps a
// conversation's messages in order, and a number within its rate.
func enqueue(ctx context.Context, tx *store.Tx, m parley.Message, at time.Time) error {
	kind, lane := SendJob, "conversation:"+m.ConversationID.String()
	if m.FromPhone != "" {
		kind, lane = TextJob, "number:"+m.ChannelID.String()
	}
	return job.Enqueue(ctx, tx, job.New{
		AccountID: m.AccountID, Kind: kind, Args: sendArgs{m.AccountID, m.ID, m.Attempt}, Lane: lane, RunAt: at, UniqueKey: uniqueKey(m),
	})
}
