package autoreply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/internal/job"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/store"
)

// AnswerJob is the kind of job that answers one conversation.
const AnswerJob = "autoreply.answer"

// Service is the room's door. It is safe for concurrent use.
type Service struct {
	db         *store.DB
	out        *outbox.Service
	mailDomain string // of our forwarding addresses
}

// New makes the service.
func New(db *store.DB, out *outbox.Service, mailDomain string) *Service {
	return &Service{db: db, out: out, mailDomain: strings.ToLower(mailDomain)}
}

// Register adds the room's job to the queue.
func (s *Service) Register(q *job.Queue) {
	q.Register(AnswerJob, job.Options{Workers: 2}, job.Each(s.answer))
	q.Register(KeywordJob, job.Options{Workers: 2}, job.Each(s.answerKeyword))
}

type answerArgs struct {
	AccountID parley.AccountID `json:"account_id"`
	MessageID parley.MessageID `json:"message_id"`
}

// BeganTx notes, in the transaction that files m, that it has begun a conversation
// on ch. Where the channel does not answer, nothing is to be done.
func (s *Service) BeganTx(ctx context.Context, tx *store.Tx, ch parley.Channel, m parley.Message) error {
	if ch.AutoresponderID == 0 || m.NoAutoReply || m.AutoSubmitted {
		return nil
	}
	return job.Enqueue(ctx, tx, job.New{
		AccountID: m.AccountID, Kind: AnswerJob, Args: answerArgs{m.AccountID, m.ID},
		Lane: "autoreply:" + m.AccountID.String(), UniqueKey: "autoreply:" + m.ConversationID.String(),
	})
}

// answer is the job. Those of an account run one at a time, so that it counts right.
func (s *Service) answer(ctx context.Context, j parley.Job) error {
	args, err := job.Args[answerArgs](j)
	if err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		if err := s.answerTx(ctx, tx, args); err != nil {
			return err
		}
		return job.Done(ctx, tx, j)
	})
	if e, ok := errors.AsType[*parley.Error](err); ok && e.Code != parley.Unavailable {
		return job.Permanent(err) // such as a channel that was switched off just now
	}
	if err == nil {
		return job.ErrEnded
	}
	return err
}

func (s *Service) answerTx(ctx context.Context, tx *store.Tx, args answerArgs) error {
	m, err := tx.MessageByID(ctx, args.AccountID, args.MessageID)
	if errors.Is(err, store.ErrNoRow) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return fmt.Errorf("load message: %w", err)
	}
	c, err := tx.LockConversation(ctx, m.AccountID, m.ConversationID)
	if err != nil {
		return fmt.Errorf("load conversation: %w", err)
	}
	ch, err := tx.ChannelByID(ctx, m.AccountID, m.ChannelID)
	if errors.Is(err, store.ErrNoRow) {
		return nil // taken away meanwhile
	}
	if err != nil {
		return fmt.Errorf("load channel: %w", err)
	}
	f, err := s.facts(ctx, tx, c, ch, m)
	if err != nil || Decide(f) != "" {
		return err
	}
	canned, err := tx.CannedMessageByID(ctx, m.AccountID, 0, ch.AutoresponderID)
	if err != nil {
		return fmt.Errorf("load canned message: %w", err)
	}
	letter := outbox.Letter{
		Kind: parley.KindReply, HTML: canned.HTML, Files: canned.Attachments, Merge: true, MergeEmpty: true, Automatic: true,
		To: parley.Addresses{{Name: m.FromName, Email: m.FromEmail}},
	}
	if canned.Subject != "" {
		letter.Subject = &canned.Subject
	}
	if _, err := s.out.SendTx(ctx, tx, parley.SystemActor(m.AccountID), &c, letter); err != nil {
		return fmt.Errorf("queue answer: %w", err)
	}
	if err := tx.SaveAutoreply(ctx, m.AccountID, ch.ID, c.ContactID); err != nil {
		return fmt.Errorf("note answer: %w", err)
	}
	return nil
}

func (s *Service) facts(ctx context.Context, tx *store.Tx, c parley.Conversation, ch parley.Channel, m parley.Message) (f Facts, err error) {
	f = Facts{
		Answers: ch.AutoresponderID != 0 && ch.DisabledAt == nil, Source: c.Source, Spam: c.Spam, Message: m, Replied: c.LastOutboundAt != nil, Now: tx.Now(),
	}
	contact, err := tx.ContactByID(ctx, c.AccountID, c.ContactID)
	if err != nil {
		return f, fmt.Errorf("load contact: %w", err)
	}
	f.Spam = f.Spam || contact.BlockedAt != nil
	if f.First, err = tx.BeganConversation(ctx, m); err != nil {
		return f, fmt.Errorf("look for older messages: %w", err)
	}
	key := parley.Address{Email: m.FromEmail}.Key()
	locals := []string{}
	if local, ok := strings.CutSuffix(key, "@"+s.mailDomain); ok {
		locals = append(locals, local)
	}
	own, err := tx.ListOwnAddresses(ctx, c.AccountID, []string{key}, locals)
	if err != nil {
		return f, fmt.Errorf("load own addresses: %w", err)
	}
	f.Ours = len(own) > 0
	f.LastAt, f.LastHour, err = tx.AutoreplyState(ctx, c.AccountID, ch.ID, c.ContactID, tx.Now().Add(-time.Hour), PerHour)
	if err != nil {
		return f, fmt.Errorf("load answers: %w", err)
	}
	return f, nil
}
