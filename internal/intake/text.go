package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/sms"
	"parley/internal/store"
	"parley/internal/thread"
)

const (
	// mediaPatience is for how long a provider that does not give a file out just now
	// is asked again, before the text is shown without it.
	mediaPatience = 5 * time.Minute
	// receiptPatience is for how long a receipt waits for the message that it is about.
	receiptPatience = 2 * time.Minute
)

// errNoMessage: a receipt has overtaken the record of its message.
var errNoMessage = errors.New("the message of a receipt is not known yet")

// fetch gets the files that a text names. What cannot be had is missing, for a reason.
func (s *Service) fetch(ctx context.Context, ch channel.Channel, m *mail) (map[int]parley.FileFault, error) {
	fetcher, ok := ch.(channel.MediaFetcher)
	if !ok {
		return nil, nil
	}
	missing := map[int]parley.FileFault{}
	for i := range m.parsed.Parts {
		part := &m.parsed.Parts[i]
		if part.URL == "" || part.Body != nil {
			continue
		}
		got, err := fetcher.FetchMedia(ctx, part.URL)
		fault, final := errors.AsType[*parley.Error](err)
		switch {
		case err == nil:
			part.Body = got.Body
			if got.ContentType != "" {
				part.ContentType = got.ContentType
			}
			if part.Filename == "" {
				part.Filename = got.Filename
			}
		case final:
			missing[i] = fileFault(fault)
		case s.now().Sub(m.entry.ReceivedAt) > mediaPatience:
			missing[i] = parley.FileGone
		default:
			return nil, err
		}
	}
	return missing, nil
}

func fileFault(e *parley.Error) parley.FileFault {
	switch {
	case e.Code == parley.TooLarge:
		return parley.FileTooLarge
	case e.Code == parley.Invalid:
		return parley.FileUnsupported
	}
	return parley.FileGone
}

// text files a text, or the receipts for ours. A number has one conversation that
// is open on its channel, and one thread (SPEC §3).
func (f *placing) text(ctx context.Context) error {
	if p := f.mail.parsed; p.AutoReply && p.Broken == nil {
		return f.receipts(ctx)
	}
	if err := f.place(ctx); err != nil {
		return err
	}
	if err := f.deliver(ctx); err != nil {
		return err
	}
	return nil
}

// place finds the conversation that the text stands in, and its place there: behind
// what is there, for it is shown in the order in which texts were accepted.
func (f *placing) place(ctx context.Context) error {
	f.d = thread.Decision{At: f.mail.entry.ReceivedAt}
	c, err := f.tx.LockTextConversation(ctx, f.ch.AccountID, f.ch.ID, f.from.address.Phone)
	if errors.Is(err, store.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find conversation: %w", err)
	}
	if !goesOn(c, f.ch, f.mail.entry.ReceivedAt) {
		f.d.FollowUpOf = c.ID
		return nil
	}
	f.d.Conversation = c.ID
	if c.MessageCount > 0 && !f.d.At.After(c.LastMessageAt) {
		f.d.At = c.LastMessageAt.Add(time.Microsecond)
	}
	return nil
}

// goesOn reports whether a text goes on with c: always while that is open, later as the channel says.
func goesOn(c parley.Conversation, ch parley.Channel, at time.Time) bool {
	if c.Status == parley.Open || ch.ReopenDays == parley.ReopenAlways || c.ClosedAt == nil {
		return true
	}
	return at.Sub(*c.ClosedAt) < time.Duration(ch.ReopenDays)*24*time.Hour
}

// spoken does what a text says that is a keyword: the number's last word is kept, and answered.
func (f *placing) spoken(ctx context.Context, c parley.Conversation, m parley.Message) error {
	word := sms.KeywordOf(f.mail.parsed.Text)
	turned := word == sms.Help
	if state, ok := saidBy[word]; ok {
		var err error
		turned, err = f.s.contacts.ConsentTx(ctx, f.tx, parley.Consent{
			AccountID: m.AccountID, ContactID: m.ContactID, Phone: m.FromPhone, State: state, How: parley.ConsentKeyword,
			ChannelID: m.ChannelID, MessageID: m.ID, Evidence: oneLine(f.mail.parsed.Text, maxPreview),
		}, c)
		if err != nil {
			return fmt.Errorf("note consent: %w", err)
		}
	}
	if !turned || f.s.asked == nil || f.mail.parsed.Answered || c.Spam || f.providerAnswers() {
		return nil
	}
	if err := f.s.asked(ctx, f.tx, f.ch, m, word); err != nil {
		return fmt.Errorf("answer keyword: %w", err)
	}
	return nil
}

var saidBy = map[sms.Keyword]parley.ConsentState{sms.Stop: parley.OptedOut, sms.Start: parley.OptedIn}

func (f *placing) providerAnswers() bool {
	var set parley.ChannelSettings
	if err := json.Unmarshal(f.ch.Settings, &set); err != nil || set.Text == nil {
		return false
	}
	return set.Text.ProviderAnswers
}

// receipts bring news of texts of ours. They may come late, twice and in any
// order, and before the record of the message that they are about.
func (f *placing) receipts(ctx context.Context) error {
	e := f.mail.entry
	for _, r := range f.mail.parsed.Reports {
		id, err := f.receiptOn(ctx, r)
		if errors.Is(err, store.ErrNoRow) {
			if f.s.now().Sub(e.ReceivedAt) < receiptPatience {
				return errNoMessage
			}
			continue // of a text that is not ours, or was tried from the settings
		}
		if err != nil {
			return fmt.Errorf("find reported message: %w", err)
		}
		m, err := f.receipt(ctx, id, r)
		if err != nil {
			return err
		}
		e.MessageID, e.ConversationID = m.ID, m.ConversationID
	}
	e.Outcome = parley.BecameReport
	return f.end(ctx, e)
}

func (f *placing) receiptOn(ctx context.Context, r channel.Report) (parley.MessageID, error) {
	if key := parley.InternetKey(r.InternetID); key != "" {
		id, err := f.tx.OutboundByInternetKey(ctx, f.ch.AccountID, key)
		if err == nil || !errors.Is(err, store.ErrNoRow) {
			return id, err
		}
	}
	return f.tx.OutboundByProviderID(ctx, f.ch.AccountID, f.ch.ID, r.ProviderID)
}

// receipt brings one receipt to the message that it is about.
func (f *placing) receipt(ctx context.Context, id parley.MessageID, r channel.Report) (parley.Message, error) {
	m, err := f.tx.LockMessage(ctx, f.ch.AccountID, id)
	if err != nil || m.Direction != parley.Outbound || m.ChannelID != f.ch.ID {
		return m, err
	}
	was := m.Delivery
	var phone string
	inbox, err := f.redeliver(ctx, &m, func(to *parley.Recipient) {
		take(to, r)
		if to.ProviderID == "" {
			to.ProviderID = r.ProviderID
		}
		phone = to.Address
	})
	if err != nil || m.Delivery == was {
		return m, err
	}
	kind := map[parley.Delivery]parley.EventKind{parley.Sent: parley.MessageSent, parley.Delivered: parley.MessageDelivered}[m.Delivery]
	if kind == "" {
		kind = parley.MessageFailed
	}
	f.append(&parley.Event{Kind: kind, InboxID: inbox}, m)
	return m, f.learn(ctx, m, phone, r)
}

// learn keeps what a receipt says of the number itself.
func (f *placing) learn(ctx context.Context, m parley.Message, phone string, r channel.Report) error {
	var err error
	switch {
	case r.Reason == parley.ReasonOptedOut:
		_, err = f.s.contacts.ConsentTx(ctx, f.tx, parley.Consent{
			AccountID: m.AccountID, Phone: phone, State: parley.OptedOut, How: parley.ConsentProvider, ChannelID: m.ChannelID, MessageID: m.ID, Evidence: words(r),
		}, parley.Conversation{ID: m.ConversationID})
	case r.Reason.Hard():
		err = f.s.contacts.BouncedTx(ctx, f.tx, m.AccountID, parley.Address{Phone: phone}, r.Reason)
	case m.Delivery == parley.Delivered:
		err = f.s.contacts.WorksTx(ctx, f.tx, m.AccountID, parley.Address{Phone: phone})
	}
	if err != nil {
		return fmt.Errorf("note number: %w", err)
	}
	return nil
}
