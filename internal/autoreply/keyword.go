package autoreply

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"parley/internal/job"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/sms"
	"parley/internal/store"
)

// KeywordJob is the kind of job that answers STOP, START or HELP.
const KeywordJob = "autoreply.keyword"

type keywordArgs struct {
	AccountID parley.AccountID `json:"account_id"`
	MessageID parley.MessageID `json:"message_id"`
	Word      sms.Keyword      `json:"word"`
}

// AskedTx notes, in the transaction that files m, that it is a keyword which we are
// to answer: once, whatever happens then.
func (s *Service) AskedTx(ctx context.Context, tx *store.Tx, _ parley.Channel, m parley.Message, word sms.Keyword) error {
	return job.Enqueue(ctx, tx, job.New{
		AccountID: m.AccountID, Kind: KeywordJob, Args: keywordArgs{m.AccountID, m.ID, word},
		Lane: "autoreply:" + m.AccountID.String(), UniqueKey: "keyword:" + m.ID.String(),
	})
}

// answerKeyword is the job.
func (s *Service) answerKeyword(ctx context.Context, j parley.Job) error {
	args, err := job.Args[keywordArgs](j)
	if err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		if err := s.answerKeywordTx(ctx, tx, args); err != nil {
			return err
		}
		return job.Done(ctx, tx, j)
	})
	if e, ok := errors.AsType[*parley.Error](err); ok && e.Code != parley.Unavailable {
		return job.Permanent(err) // such as a number that was switched off just now
	}
	if err == nil {
		return job.ErrEnded
	}
	return err
}

func (s *Service) answerKeywordTx(ctx context.Context, tx *store.Tx, args keywordArgs) error {
	m, err := tx.MessageByID(ctx, args.AccountID, args.MessageID)
	if errors.Is(err, store.ErrNoRow) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return fmt.Errorf("load message: %w", err)
	}
	ch, err := tx.ChannelByID(ctx, m.AccountID, m.ChannelID)
	if errors.Is(err, store.ErrNoRow) {
		return nil // taken away meanwhile
	}
	if err != nil {
		return fmt.Errorf("load channel: %w", err)
	}
	c, err := tx.LockConversation(ctx, m.AccountID, m.ConversationID)
	if err != nil {
		return fmt.Errorf("load conversation: %w", err)
	}
	account, err := tx.AccountByID(ctx, m.AccountID)
	if err != nil {
		return fmt.Errorf("load account: %w", err)
	}
	var set parley.ChannelSettings
	if err := json.Unmarshal(ch.Settings, &set); err != nil || set.Text == nil {
		return fmt.Errorf("read settings: %w", err)
	}
	letter := outbox.Letter{Kind: parley.KindReply, Text: answerTo(args.Word, *set.Text, account.Name), Automatic: true, Anyway: args.Word == sms.Stop}
	if _, err := s.out.SendTx(ctx, tx, parley.SystemActor(m.AccountID), &c, letter); err != nil {
		return fmt.Errorf("queue answer: %w", err)
	}
	return nil
}

// answerTo is what the channel says to a keyword. Each names the business, and the
// way out, as the carriers ask for (CTIA Messaging Principles 5.1).
func answerTo(word sms.Keyword, t parley.TextSettings, business string) string {
	switch word {
	case sms.Stop:
		return cmp.Or(t.StopText, business+": you have opted out and will get no more texts. Reply START to opt in again.")
	case sms.Start:
		return cmp.Or(t.StartText, business+": you have opted in again. Reply HELP for help, STOP to opt out.")
	}
	return cmp.Or(t.HelpText, business+": reply to this text and somebody will answer. Reply STOP to opt out.")
}
