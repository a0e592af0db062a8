package setting

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"parley/internal/parley"
	"parley/internal/store"
)

// Email is the type of channels that are a mail address.
const Email = "email"

const (
	defaultReopenDays = 30
	maxReopenDays     = 3650
)

// reserved are local parts at the mail domain that belong to its operator (RFC 2142, RFC 5321 4.5.1).
var reserved = []string{"postmaster", "abuse", "mailer-daemon", "hostmaster", "webmaster", "security", "root", "noreply", "no-reply"}

// NewChannel describes a channel to make.
type NewChannel struct {
	Type       string // "email" or "sms"
	Name       string
	InboxID    parley.InboxID
	NewInbox   string // the name of an inbox that is made with it, in place of InboxID
	Address    string
	FromName   string // empty: the account's users write under their own names
	ReopenDays *int   // nil: 30; of texts: always
	Number     string // of texts: our own
	Text       TextChange
}

// ChannelChange says what to change of a channel; nil leaves it. Its address
// stays: replies to what it sent arrive there.
type ChannelChange struct {
	Name       *string
	InboxID    *parley.InboxID
	FromName   *string
	ReopenDays *int
	// AutoresponderID is the canned message that answers conversations that a contact begins; 0: none.
	AutoresponderID *parley.CannedMessageID
	AddSignature    *bool
	Disabled        *bool
	Text            *TextChange // of texts
}

// Channels lists the account's channels from after an id on, and the id to go
// on from; 0 at the end. Whoever reads conversations may know where they arrive.
func (s *Service) Channels(ctx context.Context, actor parley.Actor, after parley.ChannelID, limit int) ([]parley.Channel, parley.ChannelID, error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return nil, 0, err
	}
	var out []parley.Channel
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.ListChannels(ctx, actor.AccountID, after, limit+1)
		return err
	})
	out, next := page(out, limit, func(c parley.Channel) parley.ChannelID { return c.ID })
	return out, next, err
}

// Channel is one of the account.
func (s *Service) Channel(ctx context.Context, actor parley.Actor, id parley.ChannelID) (parley.Channel, error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return parley.Channel{}, err
	}
	var c parley.Channel
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.ChannelByID(ctx, actor.AccountID, id)
		return err
	})
	return c, orGone(err)
}

// ForwardAddress is where mail for the channel can be forwarded to; empty for other than email.
func (s *Service) ForwardAddress(c parley.Channel) string {
	if c.ForwardLocal == "" {
		return ""
	}
	return c.ForwardLocal + "@" + s.MailDomain
}

// CreateChannel makes a channel.
func (s *Service) CreateChannel(ctx context.Context, actor parley.Actor, in NewChannel) (parley.Channel, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return parley.Channel{}, err
	}
	c, err := s.newChannel(actor, in)
	if err != nil {
		return parley.Channel{}, err
	}
	var out parley.Channel
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		id, err := store.Once(ctx, tx, actor, func() (parley.ChannelID, error) {
			var err error
			if c.InboxID, err = s.place(ctx, tx, actor, in); err != nil {
				return 0, err
			}
			if c.Type == Text {
				return s.createText(ctx, tx, actor, c, in)
			}
			return s.insertChannel(ctx, tx, actor, c)
		})
		if err != nil {
			return err
		}
		out, err = tx.ChannelByID(ctx, actor.AccountID, id)
		return orGone(err)
	})
	return out, err
}

func (s *Service) newChannel(actor parley.Actor, in NewChannel) (parley.Channel, error) {
	var faults parley.Faults
	c := parley.Channel{
		AccountID: actor.AccountID, Type: in.Type, Name: line(&faults, "name", in.Name),
		FromName: fromName(&faults, in.FromName), InboxID: in.InboxID, ReopenDays: defaultReopenDays,
	}
	switch in.Type {
	case Email:
		address := parley.Address{Email: strings.TrimSpace(in.Address)}
		if e := s.checkAddress(address); e != nil {
			faults.Add(e)
		}
		c.Address, c.PlusTags = address.Key(), s.local(address.Domain())
	case Text: // the number is read by the rules of the account's country
		c.ReopenDays = parley.ReopenAlways
	default:
		faults.Add(parley.Errorf(parley.Invalid, "channel.type", "Choose the type of the channel: email or sms.").On("type"))
	}
	if in.NewInbox != "" {
		line(&faults, "new_inbox", in.NewInbox)
	}
	if in.ReopenDays != nil {
		c.ReopenDays = *in.ReopenDays
		checkReopen(&faults, c)
	}
	return c, faults.Err()
}

// local reports whether mail to a domain reaches our own listener, which takes every +tag.
func (s *Service) local(domain string) bool {
	return domain == s.MailDomain || slices.Contains(s.LocalDomains, domain)
}

func (s *Service) checkAddress(a parley.Address) *parley.Error {
	if !a.Valid() {
		return parley.Errorf(parley.Invalid, "field.email", "Enter the email address alone, such as support@company.com.").On("address")
	}
	local, _, _ := strings.Cut(a.Key(), "@")
	if strings.Contains(local, "+") {
		return parley.Errorf(parley.Invalid, "channel.address_tag", "Leave out the + and what follows it: mail to any +tag arrives at the plain address.").On("address")
	}
	if a.Domain() == s.MailDomain && slices.Contains(reserved, local) {
		return parley.Errorf(parley.Invalid, "channel.address_reserved", "This address belongs to the operator of this server. Choose another one.").On("address")
	}
	return nil
}

func fromName(faults *parley.Faults, value string) string {
	if strings.TrimSpace(value) == "" {
		return ""
	}
	return line(faults, "from_name", value)
}

func checkReopen(faults *parley.Faults, c parley.Channel) {
	if c.Type == Text && c.ReopenDays == parley.ReopenAlways {
		return
	}
	if c.ReopenDays < 0 || c.ReopenDays > maxReopenDays {
		faults.Add(parley.Errorf(parley.Invalid, "channel.reopen_days", "Enter from 0 to %d days.", maxReopenDays).On("reopen_days").With("max", fmt.Sprint(maxReopenDays)))
	}
}

func (s *Service) insertChannel(ctx context.Context, tx *store.Tx, actor parley.Actor, c parley.Channel) (parley.ChannelID, error) {
	if err := s.addressFree(ctx, tx, c); err != nil {
		return 0, err
	}
	var err error
	if c.ForwardLocal, err = s.forwardLocal(ctx, tx, c.Address); err != nil {
		return 0, err
	}
	c.CreatedAt = tx.Now()
	if err := tx.InsertChannel(ctx, &c); err != nil {
		if errors.Is(err, store.ErrTaken) {
			return 0, addressTaken()
		}
		return 0, err
	}
	channelChanged(tx, actor, c)
	return c.ID, nil
}

// place says which inbox a new channel's conversations go to: one that is there, or one that is made for them.
func (s *Service) place(ctx context.Context, tx *store.Tx, actor parley.Actor, in NewChannel) (parley.InboxID, error) {
	if in.NewInbox == "" {
		return in.InboxID, routable(ctx, tx, actor, in.InboxID)
	}
	if in.InboxID != 0 {
		return 0, parley.Errorf(parley.Invalid, "channel.inbox_twice", "Choose an inbox or name a new one, not both.").On("new_inbox")
	}
	name, _ := parley.Line(in.NewInbox, maxName)
	id, err := s.insertInbox(ctx, tx, actor, InboxChange{Name: &name})
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return 0, e.On("new_inbox")
	}
	return id, err
}

// routable: new conversations go to an inbox that the actor sees and that is not archived; it stays so until the end.
func routable(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.InboxID) error {
	if id == 0 {
		return parley.Errorf(parley.Invalid, "channel.inbox_missing", "Choose the inbox that new conversations go to.").On("inbox_id")
	}
	if !actor.Sees(id) {
		return gone().On("inbox_id")
	}
	i, err := tx.LockInbox(ctx, actor.AccountID, id)
	if errors.Is(err, store.ErrNoRow) || (err == nil && i.ArchivedAt != nil) {
		return gone().On("inbox_id")
	}
	return err
}

func addressTaken() error {
	return parley.Errorf(parley.Conflict, "channel.address_taken", "This address is in use by a channel already. Use another address.").On("address")
}

// addressFree: own and forwarding addresses share the mail domain, and the listener must never have to choose.
func (s *Service) addressFree(ctx context.Context, tx *store.Tx, c parley.Channel) error {
	taken, err := tx.AddressTaken(ctx, c.Type, c.Address)
	if err != nil {
		return err
	}
	local, domain, _ := strings.Cut(c.Address, "@")
	if !taken && domain == s.MailDomain {
		if taken, err = tx.ForwardTaken(ctx, local); err != nil {
			return err
		}
	}
	if taken {
		return addressTaken()
	}
	return nil
}

// crockford leaves out what is misread: i l o u.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// forwardLocal makes the local part of a forwarding address: readable, and with
// 40 bits that nobody guesses, for whoever knows it can write to the inbox
// around the mail provider's filters.
func (s *Service) forwardLocal(ctx context.Context, tx *store.Tx, address string) (string, error) {
	for {
		raw := make([]byte, 5)
		if _, err := io.ReadFull(s.Random, raw); err != nil {
			return "", fmt.Errorf("random bytes: %w", err)
		}
		local := slug(address) + "-" + crockford.EncodeToString(raw)
		forward, err := tx.ForwardTaken(ctx, local)
		if err != nil {
			return "", err
		}
		own, err := tx.AddressTaken(ctx, Email, local+"@"+s.MailDomain)
		if err != nil {
			return "", err
		}
		if !forward && !own {
			return local, nil
		}
	}
}

// slug is the readable part: letters and digits of the address's local part.
func slug(address string) string {
	local, _, _ := strings.Cut(address, "@")
	out := strings.Map(func(r rune) rune {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, local)
	if out == "" {
		return "mail"
	}
	return out[:min(len(out), 20)]
}

// UpdateChannel changes a channel.
func (s *Service) UpdateChannel(ctx context.Context, actor parley.Actor, id parley.ChannelID, c ChannelChange) (parley.Channel, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return parley.Channel{}, err
	}
	if err := c.check(); err != nil {
		return parley.Channel{}, err
	}
	var out parley.Channel
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.LockChannel(ctx, actor.AccountID, id)
		if err != nil {
			return orGone(err)
		}
		if c.InboxID != nil && *c.InboxID != was.InboxID {
			if err := routable(ctx, tx, actor, *c.InboxID); err != nil {
				return err
			}
		}
		out = c.apply(was, tx)
		var faults parley.Faults
		if checkReopen(&faults, out); faults.Err() != nil {
			return faults.Err()
		}
		if c.Text != nil {
			changed, err := s.changeText(ctx, tx, was, *c.Text)
			if err != nil {
				return err
			}
			out.Settings, out.Secret = changed.Settings, changed.Secret
		}
		if err := checkContent(ctx, tx, actor, out, c); err != nil {
			return err
		}
		channelChanged(tx, actor, out)
		return tx.UpdateChannel(ctx, out)
	})
	s.routes.drop()
	return out, err
}

func (c *ChannelChange) check() error {
	var faults parley.Faults
	if c.Name != nil {
		c.Name = new(line(&faults, "name", *c.Name))
	}
	if c.FromName != nil {
		c.FromName = new(fromName(&faults, *c.FromName))
	}
	return faults.Err()
}

func (c ChannelChange) apply(ch parley.Channel, tx *store.Tx) parley.Channel {
	if c.Name != nil {
		ch.Name = *c.Name
	}
	if c.InboxID != nil {
		ch.InboxID = *c.InboxID
	}
	if c.FromName != nil {
		ch.FromName = *c.FromName
	}
	if c.ReopenDays != nil {
		ch.ReopenDays = *c.ReopenDays
	}
	if c.AddSignature != nil {
		ch.AddSignature = *c.AddSignature
	}
	if c.AutoresponderID != nil {
		ch.AutoresponderID = *c.AutoresponderID
	}
	if c.Disabled != nil && *c.Disabled != (ch.DisabledAt != nil) {
		ch.DisabledAt = nil
		if *c.Disabled {
			ch.DisabledAt = new(tx.Now())
		}
	}
	return ch
}

// DeleteChannel takes a channel away: its address is free again, mail to it is
// refused, and its conversations stay.
func (s *Service) DeleteChannel(ctx context.Context, actor parley.Actor, id parley.ChannelID) error {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return err
	}
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.LockChannel(ctx, actor.AccountID, id)
		if err != nil {
			return orGone(err)
		}
		channelChanged(tx, actor, c)
		return tx.DeleteChannel(ctx, actor.AccountID, id)
	})
	s.routes.drop()
	return err
}

func channelChanged(tx *store.Tx, actor parley.Actor, c parley.Channel) {
	tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.ChannelChanged, ActorID: actor.UserID, ChannelID: c.ID})
}
