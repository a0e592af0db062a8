package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/internal/channel"
	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
)

// report brings the news of a delivery report to the messages that it names:
// each by its own Message-ID, else by the token in the address that the report
// was sent to, or in the text that it returns. Reports may come late, twice and
// in any order.
func (f *placing) report(ctx context.Context) error {
	byMessage := map[parley.MessageID][]channel.Report{}
	for _, r := range f.mail.parsed.Reports {
		if r.Text == "" && r.Status == "" {
			r.Text = f.mail.parsed.Subject // all that mail systems without RFC 3464 tell
		}
		id, err := f.reportedOn(ctx, r)
		if err != nil {
			return err
		}
		if id != 0 {
			byMessage[id] = append(byMessage[id], r)
		}
	}
	for _, id := range sorted(byMessage) {
		if err := f.advance(ctx, id, byMessage[id]); err != nil {
			return err
		}
	}
	return nil
}

func (f *placing) reportedOn(ctx context.Context, r channel.Report) (parley.MessageID, error) {
	if key := parley.InternetKey(r.InternetID); key != "" {
		id, err := f.tx.OutboundByInternetKey(ctx, f.ch.AccountID, key)
		if err == nil || !errors.Is(err, store.ErrNoRow) {
			return id, err
		}
	}
	for _, t := range slices.Concat(f.in.AddressTokens, f.in.BodyTokens) {
		return t.MessageID, nil
	}
	return 0, nil
}

// advance moves the recipients of a message of ours that the reports are about.
func (f *placing) advance(ctx context.Context, id parley.MessageID, news []channel.Report) error {
	m, err := f.tx.LockMessage(ctx, f.ch.AccountID, id)
	if errors.Is(err, store.ErrNoRow) || err == nil && m.Direction != parley.Outbound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load reported message: %w", err)
	}
	return f.redeliver(ctx, &m, func(to *parley.Recipient) {
		for _, r := range news {
			if !concerns(r, *to, m) {
				continue
			}
			if next := to.Delivery.Advance(r.Delivery); next != to.Delivery {
				to.Delivery = next
				to.Error = ""
				if next.NeedsAttention() {
					to.Error = words(r)
				}
			}
		}
	})
}

// concerns reports whether r is about this recipient. Behind an alias the far end
// knows another address: with one recipient there is no doubt.
func concerns(r channel.Report, to parley.Recipient, m parley.Message) bool {
	a, b := parley.Address{Email: r.Recipient}, parley.Address{Email: to.Address}
	return a.Key() == b.Key() || len(m.Recipients) == 1
}

// words are the far end's, for a person to read.
func words(r channel.Report) string {
	text := oneLine(r.Text, 500)
	if r.Status != "" && !strings.Contains(text, r.Status) {
		text = strings.TrimSpace(r.Status + " " + text)
	}
	return text
}

// prove takes our own message that came back for what it is: it went out.
func (f *placing) prove(ctx context.Context, m *parley.Message) error {
	return f.redeliver(ctx, m, func(to *parley.Recipient) {
		if to.Delivery == parley.Uncertain {
			to.Delivery, to.Error = parley.Sent, ""
		}
	})
}

// redeliver changes the recipients of a locked message of ours, and what follows
// from it: the message shows the worst, its conversation counts it, the log says so.
func (f *placing) redeliver(ctx context.Context, m *parley.Message, change func(*parley.Recipient)) error {
	var all []parley.Delivery
	changed := false
	for i := range m.Recipients {
		to := &m.Recipients[i]
		was := *to
		change(to)
		all = append(all, to.Delivery)
		if *to == was {
			continue
		}
		changed = true
		if err := f.tx.UpdateRecipient(ctx, *to); err != nil {
			return fmt.Errorf("update recipient: %w", err)
		}
	}
	if !changed {
		return nil
	}
	was := m.Delivery
	m.Delivery, m.DeliveryError = parley.Worst(all...), ""
	for _, to := range m.Recipients {
		if to.Delivery == m.Delivery && m.DeliveryError == "" {
			m.DeliveryError = to.Error
		}
	}
	if m.SentAt == nil && m.Delivery == parley.Sent {
		m.SentAt = new(f.tx.Now())
	}
	if err := f.tx.UpdateMessageDelivery(ctx, m); err != nil {
		return fmt.Errorf("update delivery: %w", err)
	}
	return f.noteDelivery(ctx, *m, was)
}

func (f *placing) noteDelivery(ctx context.Context, m parley.Message, was parley.Delivery) error {
	e := &parley.Event{}
	if m.ConversationID != 0 {
		c, err := f.tx.LockConversation(ctx, m.AccountID, m.ConversationID)
		if err != nil {
			return fmt.Errorf("load conversation: %w", err)
		}
		e.InboxID = c.InboxID
		conversation.Redelivered(&c, was, m.Delivery)
		if err := f.tx.UpdateConversation(ctx, &c); err != nil {
			return fmt.Errorf("update conversation: %w", err)
		}
	}
	switch m.Delivery {
	case parley.Sent:
		e.Kind = parley.MessageSent
	case parley.Delivered:
		e.Kind = parley.MessageDelivered
	case parley.Failed, parley.Bounced:
		e.Kind = parley.MessageFailed
	default:
		return nil
	}
	f.append(e, m)
	return nil
}
