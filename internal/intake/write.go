package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/thread"
)

// writing files mails within one transaction.
type writing struct {
	s        *Service
	tx       *store.Tx
	channels map[parley.ChannelID]parley.Channel
	own      map[parley.AccountID]addressBook // those of ours that the mails name
	ahead
}

// newWriting locks the channels in order of id and finds which of the addresses are ours.
func (s *Service) newWriting(ctx context.Context, tx *store.Tx, mails []*mail) (*writing, error) {
	w := &writing{s: s, tx: tx, channels: map[parley.ChannelID]parley.Channel{}, own: map[parley.AccountID]addressBook{}}
	accounts := map[parley.ChannelID]parley.AccountID{}
	newest := map[parley.ChannelID]*time.Time{}
	for _, m := range mails {
		e := m.entry
		accounts[e.ChannelID] = e.AccountID
		if at := newest[e.ChannelID]; m.written() && (at == nil || e.ReceivedAt.After(*at)) {
			newest[e.ChannelID] = &e.ReceivedAt
		}
	}
	for _, id := range sorted(accounts) {
		ch, err := tx.LockInboundChannel(ctx, accounts[id], id, newest[id])
		if err != nil {
			return nil, fmt.Errorf("lock channel: %w", err)
		}
		w.channels[id] = ch
	}
	if err := w.learnTags(ctx, mails); err != nil {
		return nil, err
	}
	if err := w.findOwn(ctx, mails); err != nil {
		return nil, err
	}
	if err := w.ask(ctx, mails); err != nil {
		return nil, err
	}
	return w, nil
}

// written reports whether somebody wrote this: what a provider says of a text of
// ours came by another way than texts do, and shows nothing about theirs.
func (m *mail) written() bool {
	return len(m.parsed.Reports) == 0 || m.parsed.From != (parley.Address{})
}

// learnTags takes note of channels whose own address we receive: what is sent to
// any +tag of it reaches us too, so that replies may carry their token there
// (SPEC §3). Mail that was forwarded to us proves nothing of the kind.
func (w *writing) learnTags(ctx context.Context, mails []*mail) error {
	for _, m := range mails {
		ch := w.channels[m.entry.ChannelID]
		own := addressBook{ch.Address: true}
		direct := slices.ContainsFunc(m.entry.RcptTo, func(rcpt string) bool { return own.has(parley.Address{Email: rcpt}) })
		if ch.PlusTags || !direct || m.entry.Source != parley.FromListener {
			continue
		}
		if err := w.tx.SetChannelPlusTags(ctx, ch.AccountID, ch.ID); err != nil {
			return fmt.Errorf("learn tags: %w", err)
		}
		ch.PlusTags = true
		w.channels[ch.ID] = ch
	}
	return nil
}

// pending finds which of the mails no other run has filed meanwhile.
func (w *writing) pending(ctx context.Context, mails []*mail) (map[parley.IntakeID]bool, error) {
	ids := map[parley.AccountID][]parley.IntakeID{}
	for _, m := range mails {
		ids[m.entry.AccountID] = append(ids[m.entry.AccountID], m.entry.ID)
	}
	pending := map[parley.IntakeID]bool{}
	for _, account := range sorted(ids) {
		found, err := w.tx.LockPendingIntake(ctx, account, ids[account])
		if err != nil {
			return nil, fmt.Errorf("look what is pending: %w", err)
		}
		for _, id := range found {
			pending[id] = true
		}
	}
	return pending, nil
}

// findOwn asks once for all addresses of all mails.
func (w *writing) findOwn(ctx context.Context, mails []*mail) error {
	asked := map[parley.AccountID]map[string]bool{}
	for _, m := range mails {
		keys := asked[m.entry.AccountID]
		if keys == nil {
			keys = map[string]bool{}
			asked[m.entry.AccountID] = keys
		}
		p := m.parsed
		for _, a := range slices.Concat(parley.Addresses{p.From, p.Sender, {Email: m.entry.MailFrom}}, p.ReplyTo, p.To, p.Cc) {
			for key, ok := a.Key(), true; ok; key, ok = thread.Untag(key) {
				keys[key] = true
			}
		}
	}
	for _, account := range sorted(asked) {
		book, err := w.s.ownAmong(ctx, w.tx, account, sorted(asked[account]))
		if err != nil {
			return fmt.Errorf("find own addresses: %w", err)
		}
		w.own[account] = book
	}
	return nil
}

// sender is who wrote a mail, as far as we know them.
type sender struct {
	address parley.Address
	contact parley.Contact // ID 0: not known yet
	blocked bool
}

// bounced reports whether mail to the sender's address came back.
func (s sender) bounced() bool {
	return slices.ContainsFunc(s.contact.Points, func(p parley.Point) bool { return p.Key == s.address.Key() && p.BouncedAt != nil })
}

func (w *writing) sender(m *mail) sender {
	account := m.entry.AccountID
	from := sender{address: w.senders[m]}
	key := from.address.Key()
	if key != "" {
		from.contact = w.contacts[whose{account, key}]
	}
	// Who writes as one and wants answers as another is blocked as either.
	from.blocked = from.contact.BlockedAt != nil || w.blocked[whose{account, key}] || w.blocked[whose{account, m.parsed.From.Key()}]
	return from
}

// file finds where one mail belongs and writes it there.
func (w *writing) file(ctx context.Context, m *mail) error {
	ch := w.channels[m.entry.ChannelID]
	from := w.sender(m)
	if ch.Type == setting.Text {
		return (&placing{writing: w, mail: m, ch: ch, from: from}).text(ctx)
	}
	in := w.s.incoming(ch, m, from)
	policy := thread.Policy{ReopenWithin: time.Duration(ch.ReopenDays) * 24 * time.Hour}
	query := thread.Wanted(in, policy)
	ev, err := w.evidence(ctx, in, query)
	if err != nil {
		return err
	}
	d := thread.Choose(in, ev, policy)
	if original, err := w.original(ctx, m, ev); err != nil {
		return err
	} else if original != 0 {
		d = thread.Decision{Duplicate: true, Original: original}
	}
	f := placing{writing: w, mail: m, ch: ch, from: from, in: in, ev: ev, d: d}
	if taken, err := f.roundTrip(ctx); taken || err != nil {
		return err
	}
	defer f.filed(query)
	switch {
	case d.Duplicate:
		return f.duplicate(ctx)
	case d.Attach:
		return f.attach(ctx)
	}
	return f.deliver(ctx)
}

// incoming is what the decision needs of the mail.
func (s *Service) incoming(ch parley.Channel, m *mail, from sender) thread.Incoming {
	p := m.parsed
	in := thread.Incoming{
		AccountID: ch.AccountID, ChannelID: ch.ID, ContactID: from.contact.ID,
		InternetID: p.InternetID, InReplyTo: p.InReplyTo, References: p.References,
		From: from.address.Key(), Subject: p.Subject, ContentHash: p.ContentHash, ReceivedAt: m.entry.ReceivedAt,
		AutoReply: p.AutoReply, Blocked: from.blocked,
	}
	for _, r := range p.Reports {
		if r.InternetID != "" && !slices.Contains(in.Reported, r.InternetID) {
			in.Reported = append(in.Reported, r.InternetID)
		}
	}
	in.Recipients = slices.Concat(m.entry.RcptTo, p.DeliveredTo)
	for _, a := range slices.Concat(p.To, p.Cc) {
		in.Recipients = append(in.Recipients, a.Email)
	}
	in.AddressTokens = s.signer.Read(ch.AccountID, thread.FindInAddresses(in.Recipients))
	in.BodyTokens = s.signer.Read(ch.AccountID, thread.FindInBody(p.Text))
	return in
}

// evidence asks the store, and adds the addresses of the channels that it found.
func (w *writing) evidence(ctx context.Context, in thread.Incoming, query parley.ThreadQuery) (parley.ThreadEvidence, error) {
	ev, err := w.tx.ThreadEvidence(ctx, query, w.asked(query))
	if err != nil {
		return ev, fmt.Errorf("gather evidence: %w", err)
	}
	for i, conv := range ev.Conversations {
		if conv.ChannelID == in.ChannelID {
			continue
		}
		ch, err := w.tx.ChannelByID(ctx, in.AccountID, conv.ChannelID)
		if errors.Is(err, store.ErrNoRow) {
			continue // deleted: no mail can have been sent to it too
		}
		if err != nil {
			return ev, fmt.Errorf("load channel: %w", err)
		}
		ev.Conversations[i].ChannelAddresses = []string{ch.Address, w.s.settings.ForwardAddress(ch)}
	}
	return ev, nil
}

// original finds what a mail is a copy of where its Message-ID and content alone
// do not tell: the message of ours that comes back from our own address. What a
// gateway added on the way (a footer, a disclaimer) makes no other mail of it.
func (w *writing) original(ctx context.Context, m *mail, ev parley.ThreadEvidence) (parley.MessageID, error) {
	if m.copied {
		id, err := w.tx.InboundCopy(ctx, m.entry.AccountID, m.entry.ChannelID, m.parsed.InternetID, m.parsed.ContentHash)
		if err == nil || !errors.Is(err, store.ErrNoRow) {
			return id, err
		}
		// What was taken was something else, a moment ago.
	}
	if !w.own[m.entry.AccountID].has(m.parsed.From) {
		return 0, nil
	}
	for _, h := range ev.Same {
		if h.ChannelID != m.entry.ChannelID {
			continue
		}
		was, err := w.tx.MessageByID(ctx, m.entry.AccountID, h.MessageID)
		if err != nil {
			return 0, fmt.Errorf("load own message: %w", err)
		}
		if was.Direction == parley.Outbound {
			return was.ID, nil
		}
	}
	return 0, nil
}
