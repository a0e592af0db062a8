package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/channel"
	"parley/internal/conversation"
	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

const (
	giveUpAfter = 72 * time.Hour // RFC 5321 4.5.4.1 asks for 4-5 days at most; people want to hear sooner
)

func uniqueKey(m parley.Message) string {
	return fmt.Sprintf("outbox:%d:%d", m.ID, m.Attempt)
}

// send is the job: it sends one message, once.
func (s *Service) send(ctx context.Context, j parley.Job) error {
	args, err := job.Args[sendArgs](j)
	if err != nil {
		return err
	}
	p, err := s.load(ctx, args.AccountID, args.MessageID)
	p.job = j
	if errors.Is(err, store.ErrNoRow) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	if p.m.Attempt != args.Attempt {
		return nil // a person has started another attempt
	}
	switch p.m.Delivery {
	case parley.Sending:
		// The worker that had it died between the claim and the record.
		return s.record(ctx, p, outcome{fault: &channel.SendError{Kind: channel.Uncertain, Text: "Parley was interrupted while sending this. It may have arrived."}})
	case parley.Scheduled, parley.Queued:
	default:
		return nil // cancelled, or sent already
	}
	ch, raw, fault, err := s.prepare(ctx, &p)
	if err != nil {
		return err
	}
	if fault != nil {
		return s.record(ctx, p, outcome{fault: fault})
	}
	if err := s.inTurn(ctx, p.channel); err != nil {
		return err
	}
	p, ok, err := s.claim(ctx, p)
	if err != nil {
		return err
	}
	if !ok {
		return s.moved(p.m)
	}
	return s.recordSurely(ctx, p, hand(ctx, ch, p, raw))
}

// prepare opens the message's channel and composes what leaves through it. A fault
// is one that no further try would mend.
func (s *Service) prepare(ctx context.Context, p *parcel) (channel.Channel, []byte, *channel.SendError, error) {
	if p.channel.ID == 0 {
		return nil, nil, &channel.SendError{Kind: channel.Permanent, Text: "The channel was deleted before this was sent."}, nil
	}
	ch, err := s.channels.Open(p.channel)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("open channel: %w", err)
	}
	raw, err := s.compose(ctx, ch, p)
	if fault, ok := errors.AsType[*parley.Error](err); ok && fault.Code != parley.Unavailable {
		return nil, nil, &channel.SendError{Kind: channel.Permanent, Text: fault.Text}, nil
	}
	return ch, raw, nil, err
}

// inTurn waits until the channel's rate lets another text leave.
func (s *Service) inTurn(ctx context.Context, c parley.Channel) error {
	if c.Type != setting.Text {
		return nil
	}
	t, _, err := textSettings(c)
	if err != nil {
		return err
	}
	return s.pace.wait(ctx, c.ID, t.Rate)
}

const (
	recordPatience = time.Minute
	recordPause    = 200 * time.Millisecond
)

// recordSurely does not give an outcome up because the database is away for a
// moment: nobody else knows it, and without it the message is uncertain.
func (s *Service) recordSurely(ctx context.Context, p parcel, o outcome) error {
	for until := s.now().Add(recordPatience); ; {
		err := s.record(ctx, p, o)
		if !parley.IsCode(err, parley.Unavailable) || s.now().After(until) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(recordPause):
		}
	}
}

// moved asks for another try where a message was moved to a later time just now.
func (s *Service) moved(m parley.Message) error {
	if m.Delivery == parley.Scheduled && m.SendAt != nil && m.SendAt.After(s.now()) {
		return job.Later(*m.SendAt, errors.New("it was moved to a later time"))
	}
	return nil // cancelled, or another attempt has begun
}

// claim commits "sending", with the bytes that are to be sent, before anything
// leaves: what is found in this state after a crash may have been sent.
func (s *Service) claim(ctx context.Context, p parcel) (out parcel, ok bool, err error) {
	out = p
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		ok = false
		var c parley.Conversation
		if p.m.Delivery == parley.Scheduled { // its queueing changes the conversation
			if c, err = tx.LockConversation(ctx, p.m.AccountID, p.m.ConversationID); err != nil {
				return err
			}
		}
		m, err := tx.LockMessage(ctx, p.m.AccountID, p.m.ID)
		if err != nil {
			return err
		}
		if m.Attempt != p.m.Attempt || m.Delivery != p.m.Delivery {
			return nil // cancelled while we composed
		}
		if m.Delivery == parley.Scheduled && m.SendAt != nil && m.SendAt.After(tx.Now()) {
			out.m = m
			return nil // moved while we composed
		}
		if err := keep(ctx, tx, p); err != nil {
			return err
		}
		if m.Delivery == parley.Scheduled {
			if err := s.due(ctx, tx, &c, &m); err != nil {
				return err
			}
		}
		m.RawBlob, m.RawSize = p.m.RawBlob, p.m.RawSize
		m.MailFrom = replyAddress(p.channel, s.signer.Token(m.AccountID, m.ConversationID, m.ID))
		m.Delivery, m.SendAt = parley.Sending, nil
		m.Tries++
		m.RcptTo = nil
		for i := range m.Recipients {
			if r := &m.Recipients[i]; r.Delivery == parley.Queued {
				r.Delivery = parley.Sending
				m.RcptTo = append(m.RcptTo, r.Address)
				if err := tx.UpdateRecipient(ctx, *r); err != nil {
					return err
				}
			}
		}
		out.m, ok = m, true
		return tx.UpdateMessageDelivery(ctx, &m)
	})
	return out, ok, err
}

// keep counts the bytes that were composed just now, and stores them unless they
// are stored already.
func keep(ctx context.Context, tx *store.Tx, p parcel) error {
	switch {
	case !p.fresh:
		return nil
	case p.small != nil:
		return tx.InsertBlob(ctx, p.m.AccountID, p.m.RawBlob, p.small, 1)
	}
	return tx.AddBlobRefs(ctx, p.m.AccountID, p.m.RawBlob, p.m.RawSize, 1)
}

// due turns a scheduled message, whose time has come, into a queued one.
func (s *Service) due(ctx context.Context, tx *store.Tx, c *parley.Conversation, m *parley.Message) error {
	m.Delivery = parley.Queued
	for i := range m.Recipients {
		m.Recipients[i].Delivery = parley.Queued
	}
	if err := tx.DeleteSchedule(ctx, m.AccountID, m.ID); err != nil {
		return err
	}
	if err := s.queue(ctx, tx, c, *m); err != nil {
		return err
	}
	if err := tx.UpdateConversation(ctx, c); err != nil {
		return err
	}
	e := eventOf(*c, parley.MessageQueued, m.AuthorID, nil)
	e.MessageID = m.ID
	tx.AppendEvent(e)
	return nil
}

type outcome struct {
	receipt channel.Receipt
	fault   *channel.SendError
}

// hand gives the message to the next hop. No transaction is open.
func hand(ctx context.Context, ch channel.Channel, p parcel, raw []byte) outcome {
	receipt, err := ch.Send(ctx, channel.Outgoing{
		ChannelID: p.m.ChannelID, MessageID: p.m.ID, MailFrom: p.m.MailFrom, Recipients: p.m.RcptTo, Body: raw,
	})
	if err == nil {
		return outcome{receipt: receipt}
	}
	fault, ok := errors.AsType[*channel.SendError](err)
	if !ok {
		// A channel that does not say how far it came may have sent it.
		fault = &channel.SendError{Kind: channel.Uncertain, Text: err.Error(), Err: err}
	}
	return outcome{receipt: receipt, fault: fault}
}

// record writes how it went, and asks for another try where that is safe.
func (s *Service) record(ctx context.Context, p parcel, o outcome) error {
	var again *time.Time
	ended := false
	err := s.db.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		again, ended = nil, false
		c, err := tx.LockConversation(ctx, p.m.AccountID, p.m.ConversationID)
		if err != nil {
			return err
		}
		m, err := tx.LockMessage(ctx, p.m.AccountID, p.m.ID)
		if err != nil {
			return err
		}
		if m.Attempt != p.m.Attempt {
			return nil
		}
		if m.Delivery == parley.Scheduled { // its time has come, and it could not even leave
			if err := s.due(ctx, tx, &c, &m); err != nil {
				return err
			}
			m.SendAt = nil
		}
		before := m.Delivery
		retry, refused := s.apply(&m, o, tx.Now())
		if retry {
			at := tx.Now().Add(backoff(m.Tries))
			m.SendAt, again = &at, &at
		} else if err := job.Done(ctx, tx, p.job); err != nil {
			return err
		}
		if err := write(ctx, tx, &m); err != nil {
			return err
		}
		ended = !retry
		if err := s.refused(ctx, tx, c, m, refused); err != nil {
			return err
		}
		return tell(ctx, tx, &c, before, m)
	})
	switch {
	case err == nil && again != nil:
		return job.Later(*again, errors.New("the next hop did not take it yet"))
	case err == nil && ended:
		return job.ErrEnded
	}
	return err
}

// write keeps how far a message and its recipients are. What was sent can't be
// taken back any more: its manuscript goes.
func write(ctx context.Context, tx *store.Tx, m *parley.Message) error {
	for _, r := range m.Recipients {
		if err := tx.UpdateRecipient(ctx, r); err != nil {
			return err
		}
	}
	if err := tx.UpdateMessageDelivery(ctx, m); err != nil {
		return err
	}
	if m.Delivery == parley.Sent {
		return tx.DeleteManuscript(ctx, m.AccountID, m.ID)
	}
	return nil
}

// apply moves the recipients on and sums them up in the message. It reports
// whether another try is due, and who was refused for good.
func (s *Service) apply(m *parley.Message, o outcome, now time.Time) (retry bool, refused []parley.Recipient) {
	tooLate := now.Sub(m.ReceivedAt) > giveUpAfter
	m.DeliveryError = ""
	for i := range m.Recipients {
		r := &m.Recipients[i]
		if r.Delivery != parley.Sending && r.Delivery != parley.Queued {
			continue
		}
		to, why := recipientOutcome(r.Address, o)
		if to == parley.Queued && tooLate {
			to, why.Reason = parley.Failed, lateReason(why.Reason)
		}
		r.Delivery, r.Error, r.Status, r.Reason = to, why.Text, why.Status, why.Reason
		if why.Reason == parley.ReasonOptedOut && m.AutoSubmitted {
			to = parley.Cancelled // we wanted to confirm what the provider has confirmed already
			r.Delivery = to
		}
		switch to {
		case parley.Queued:
			retry = true
		case parley.Sent:
			r.ProviderID = o.receipt.ProviderID
			m.SentAt = &now
		case parley.Failed:
			refused = append(refused, *r)
		}
	}
	m.Summarise()
	return retry, refused
}

var kindOf = map[parley.Delivery]parley.EventKind{
	parley.Sent: parley.MessageSent, parley.Delivered: parley.MessageDelivered, parley.Failed: parley.MessageFailed, parley.Bounced: parley.MessageFailed,
	parley.Uncertain: parley.MessageUncertain, parley.Cancelled: parley.MessageCancelled, parley.Queued: parley.MessageDelayed,
}

// tell appends the event of a message's new state and keeps the count of those
// that need attention.
func tell(ctx context.Context, tx *store.Tx, c *parley.Conversation, before parley.Delivery, m parley.Message) error {
	if before == m.Delivery {
		return nil
	}
	if before.NeedsAttention() != m.Delivery.NeedsAttention() {
		conversation.Redelivered(c, before, m.Delivery)
		if err := tx.UpdateConversation(ctx, c); err != nil {
			return fmt.Errorf("update conversation: %w", err)
		}
	}
	if kind, ok := kindOf[m.Delivery]; ok {
		e := eventOf(*c, kind, 0, nil)
		e.MessageID = m.ID
		tx.AppendEvent(e)
	}
	return nil
}

// backoff is the pause before another try: short at first, because most relays
// that are down come back soon.
func backoff(tries int) time.Duration {
	steps := []time.Duration{
		5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
		10 * time.Minute, 20 * time.Minute, 30 * time.Minute, time.Hour,
	}
	return steps[min(max(tries, 1), len(steps))-1]
}
