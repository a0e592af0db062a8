package outbox

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/store"
)

func recipientOutcome(address string, o outcome) (parley.Delivery, channel.Refusal) {
	if why, ok := lookup(o.receipt.Refused, address); ok {
		return parley.Failed, why
	}
	if why, ok := lookup(o.receipt.Deferred, address); ok {
		return parley.Queued, why
	}
	if o.fault == nil {
		return parley.Sent, channel.Refusal{}
	}
	why := channel.Refusal{Text: o.fault.Text, Status: o.fault.Status, Reason: o.fault.Reason}
	switch o.fault.Kind {
	case channel.Temporary:
		return parley.Queued, why
	case channel.Permanent:
		return parley.Failed, why
	}
	return parley.Uncertain, why
}

func lookup(m map[string]channel.Refusal, address string) (channel.Refusal, bool) {
	for k, v := range m {
		if strings.EqualFold(k, address) {
			return v, true
		}
	}
	return channel.Refusal{}, false
}

// lateReason is why a message failed whose time to be tried is over. That it was
// refused for now, however often, condemns no address.
func lateReason(last parley.Reason) parley.Reason {
	if last == parley.ReasonMailboxFull || last == parley.ReasonBlockedAsSpam {
		return last
	}
	return parley.ReasonExpired
}

// refused tells of each recipient what a report would, had the next hop taken the
// message and sent it back later. An address that is dead is marked.
func (s *Service) refused(ctx context.Context, tx *store.Tx, c parley.Conversation, m parley.Message, all []parley.Recipient) error {
	for _, r := range all {
		if r.Reason == "" { // nobody else refused it: the fault is ours, and stands with the message
			continue
		}
		if m.FromPhone == "" { // what became of a text stands with it
			e := eventOf(c, parley.MessageBounced, 0, nil)
			e.MessageID = m.ID
			e.Data = parley.DeliveryNews{Address: r.Address, Reason: r.Reason, Status: r.Status, Hard: r.Reason.Hard()}.JSON()
			tx.AppendEvent(e)
		}
		if r.Reason == parley.ReasonOptedOut {
			if err := s.learnOptOut(ctx, tx, c, m, r); err != nil {
				return err
			}
		}
		if !r.Reason.Hard() {
			continue
		}
		who := parley.Address{Email: r.Address}
		if m.FromPhone != "" {
			who = parley.Address{Phone: r.Address}
		}
		if err := s.contacts.BouncedTx(ctx, tx, m.AccountID, who, r.Reason); err != nil {
			return fmt.Errorf("mark address: %w", err)
		}
	}
	return nil
}

// learnOptOut keeps what only the provider was told: the number wants no texts.
func (s *Service) learnOptOut(ctx context.Context, tx *store.Tx, c parley.Conversation, m parley.Message, r parley.Recipient) error {
	_, err := s.contacts.ConsentTx(ctx, tx, parley.Consent{
		AccountID: m.AccountID, Phone: r.Address, State: parley.OptedOut, How: parley.ConsentProvider, ChannelID: m.ChannelID, MessageID: m.ID, Evidence: r.Error,
	}, c)
	if err != nil {
		return fmt.Errorf("note opt-out: %w", err)
	}
	return nil
}
