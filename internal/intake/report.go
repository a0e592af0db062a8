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
// in any order. It tells whether the timeline of conversation says so now.
func (f *placing) report(ctx context.Context, mail parley.Message) (told bool, err error) {
	byMessage := map[parley.MessageID][]channel.Report{}
	for _, r := range f.mail.parsed.Reports {
		if r.Text == "" && r.Status == "" {
			r.Text = f.mail.parsed.Subject // all that mail systems without RFC 3464 tell
		}
		id, err := f.reportedOn(ctx, r)
		if err != nil {
			return false, err
		}
		if id != 0 {
			byMessage[id] = append(byMessage[id], r)
		}
	}
	for _, id := range sorted(byMessage) {
		here, err := f.advance(ctx, id, byMessage[id], mail)
		if err != nil {
			return false, err
		}
		told = told || here
	}
	return told, nil
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

// advance moves the recipients of a message of ours that the reports are about,
// and tells what became of each. It reports whether that stands in the timeline
// in which the report does.
func (f *placing) advance(ctx context.Context, id parley.MessageID, news []channel.Report, mail parley.Message) (told bool, err error) {
	m, err := f.tx.LockMessage(ctx, f.ch.AccountID, id)
	if errors.Is(err, store.ErrNoRow) || err == nil && m.Direction != parley.Outbound {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("load reported message: %w", err)
	}
	var events []*parley.Event
	var dead []parley.Recipient
	inbox, err := f.redeliver(ctx, &m, func(to *parley.Recipient) {
		for _, r := range news {
			if !concerns(r, *to, m) {
				continue
			}
			was := to.Delivery
			if take(to, r); to.Delivery == was && (r.Delivery != parley.Queued || was != parley.Sent) {
				continue
			}
			events = append(events, eventOf(r, *to, mail.ID))
			if to.Delivery == parley.Bounced && to.Reason.Hard() {
				dead = append(dead, *to)
			}
		}
	})
	if err != nil {
		return false, err
	}
	for _, e := range events {
		e.InboxID = inbox
		f.append(e, m)
	}
	for _, to := range dead {
		if err := f.s.contacts.BouncedTx(ctx, f.tx, m.AccountID, parley.Address{Email: to.Address}, to.Reason); err != nil {
			return false, fmt.Errorf("mark address: %w", err)
		}
	}
	return len(events) > 0 && m.ConversationID == mail.ConversationID, nil
}

// take brings one report's news to a recipient; what is worse already stays.
func take(to *parley.Recipient, r channel.Report) {
	next := to.Delivery.Advance(r.Delivery)
	if next == to.Delivery {
		return
	}
	to.Delivery, to.Error, to.Status, to.Reason = next, "", "", ""
	if next.NeedsAttention() {
		to.Error, to.Status, to.Reason = words(r), r.Status, r.Reason
	}
}

// eventOf tells what a report says of one recipient.
func eventOf(r channel.Report, to parley.Recipient, mail parley.MessageID) *parley.Event {
	news := parley.DeliveryNews{Address: to.Address, Report: mail}
	kind := parley.MessageDelivered
	if r.Delivery != parley.Delivered {
		kind, news.Reason, news.Status = parley.MessageDelayed, r.Reason, r.Status
	}
	if r.Delivery == parley.Bounced {
		kind, news.Hard = parley.MessageBounced, r.Reason.Hard()
	}
	return &parley.Event{Kind: kind, Data: news.JSON()}
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
	was := m.Delivery
	inbox, err := f.redeliver(ctx, m, func(to *parley.Recipient) {
		if to.Delivery == parley.Uncertain {
			to.Delivery, to.Error = parley.Sent, ""
		}
	})
	if err == nil && m.Delivery != was && m.Delivery == parley.Sent {
		f.append(&parley.Event{Kind: parley.MessageSent, InboxID: inbox}, *m)
	}
	return err
}

// redeliver changes the recipients of a locked message of ours, and what follows
// from it: the message shows the worst, its conversation counts it. It gives the
// inbox in which the message stands.
func (f *placing) redeliver(ctx context.Context, m *parley.Message, change func(*parley.Recipient)) (parley.InboxID, error) {
	changed := false
	for i := range m.Recipients {
		to := &m.Recipients[i]
		was := *to
		change(to)
		if *to == was {
			continue
		}
		changed = true
		if err := f.tx.UpdateRecipient(ctx, *to); err != nil {
			return 0, fmt.Errorf("update recipient: %w", err)
		}
	}
	was := m.Delivery
	if changed {
		m.Summarise()
		if m.SentAt == nil && m.Delivery == parley.Sent {
			m.SentAt = new(f.tx.Now())
		}
		if err := f.tx.UpdateMessageDelivery(ctx, m); err != nil {
			return 0, fmt.Errorf("update delivery: %w", err)
		}
	}
	if m.ConversationID == 0 {
		return 0, nil
	}
	c, err := f.tx.LockConversation(ctx, m.AccountID, m.ConversationID)
	if err != nil {
		return 0, fmt.Errorf("load conversation: %w", err)
	}
	if was == m.Delivery {
		return c.InboxID, nil
	}
	conversation.Redelivered(&c, was, m.Delivery)
	if err := f.tx.UpdateConversation(ctx, &c); err != nil {
		return 0, fmt.Errorf("update conversation: %w", err)
	}
	return c.InboxID, nil
}
