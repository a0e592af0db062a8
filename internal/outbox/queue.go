package outbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/conversation"
	"parley/internal/merge"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

// Send is Post for those who want to see what it became.
func (s *Service) Send(ctx context.Context, actor parley.Actor, conversation parley.ConversationID, l Letter) (parley.Message, error) {
	id, err := s.Post(ctx, actor, conversation, l)
	if err != nil {
		return parley.Message{}, err
	}
	return s.Message(ctx, actor, id)
}

// Post queues a reply or a forward in a conversation, in one transaction with
// all that follows from it, and returns its id. Nothing is sent and nothing lost
// where it fails:
//
//   - invalid: every faulty field at once
//   - conflict conversation.newer: something newer than l.SeenSeq has arrived
//   - conflict contact.blocked, recipient.ours
func (s *Service) Post(ctx context.Context, actor parley.Actor, conversation parley.ConversationID, l Letter) (parley.MessageID, error) {
	if err := l.check(s.now()); err != nil {
		return 0, err
	}
	var id parley.MessageID
	err := s.db.Update(ctx, func(tx *store.Tx) (err error) {
		id, err = store.Once(ctx, tx, actor, func() (parley.MessageID, error) {
			c, err := lockVisible(ctx, tx, actor, conversation)
			if err != nil {
				return 0, err
			}
			if l.SeenSeq != nil && c.LastSeq > *l.SeenSeq && !l.Force {
				return 0, parley.Errorf(parley.Conflict, "conversation.newer", "Something newer has arrived in this conversation. Read it, then send again.").On("seen_seq")
			}
			m, err := s.SendTx(ctx, tx, actor, &c, l)
			return m.ID, err
		})
		return err
	})
	return id, err
}

// NewConversation is one that a user starts.
type NewConversation struct {
	ChannelID parley.ChannelID
	ContactID parley.ContactID // or Letter.To[0]
	Source    parley.Source    // FromUser or FromAPI
	Letter    Letter
}

// Start opens a conversation by email. Without anything written it stays a
// draft that only its creator sees.
func (s *Service) Start(ctx context.Context, actor parley.Actor, n NewConversation) (parley.ConversationID, error) {
	n.Letter.Kind = parley.KindNew
	if !n.Letter.Empty() {
		if err := n.Letter.check(s.now()); err != nil {
			return 0, err
		}
	}
	var id parley.ConversationID
	err := s.db.Update(ctx, func(tx *store.Tx) (err error) {
		id, err = store.Once(ctx, tx, actor, func() (parley.ConversationID, error) { return s.startTx(ctx, tx, actor, n) })
		return err
	})
	return id, err
}

func (s *Service) startTx(ctx context.Context, tx *store.Tx, actor parley.Actor, n NewConversation) (parley.ConversationID, error) {
	ch, err := tx.ChannelByID(ctx, actor.AccountID, n.ChannelID)
	if errors.Is(err, store.ErrNoRow) || err == nil && ch.DisabledAt != nil {
		return 0, parley.Errorf(parley.Invalid, "channel.unknown", "Choose a channel that is switched on.").On("channel_id")
	}
	if err != nil {
		return 0, fmt.Errorf("load channel: %w", err)
	}
	if err := actor.Must(parley.Write, ch.InboxID); err != nil {
		return 0, err
	}
	if ch.Type == setting.Text {
		return s.startText(ctx, tx, actor, ch, n)
	}
	person, err := s.addressee(ctx, tx, actor, &n)
	if err != nil {
		return 0, err
	}
	return s.begin(ctx, tx, actor, ch, person, "", n)
}

// begin makes a new conversation, a draft until there is something in it.
func (s *Service) begin(ctx context.Context, tx *store.Tx, actor parley.Actor, ch parley.Channel, person parley.Contact, phone string, n NewConversation) (parley.ConversationID, error) {
	c := parley.Conversation{
		AccountID: actor.AccountID, ContactID: person.ID, ChannelID: ch.ID, InboxID: ch.InboxID, CreatorID: actor.UserID, AssigneeID: actor.UserID,
		Status: parley.Open, Source: n.Source, Draft: true, Phone: phone, CreatedAt: tx.Now(), LastMessageAt: tx.Now(),
	}
	if n.Letter.Subject != nil && phone == "" {
		c.Subject = *n.Letter.Subject
	}
	if err := tx.InsertConversation(ctx, &c); err != nil {
		return 0, fmt.Errorf("insert conversation: %w", err)
	}
	if n.Letter.Empty() && len(n.Letter.AttachmentIDs) == 0 {
		// Nobody else sees a draft: its event goes to its creator alone.
		tx.AppendEvent(&parley.Event{AccountID: c.AccountID, Kind: parley.ConversationCreated, ActorID: actor.UserID, UserID: actor.UserID, ConversationID: c.ID})
		return c.ID, nil
	}
	_, err := s.SendTx(ctx, tx, actor, &c, n.Letter)
	return c.ID, err
}

// addressee is the contact that a new conversation is with.
func (s *Service) addressee(ctx context.Context, tx *store.Tx, actor parley.Actor, n *NewConversation) (parley.Contact, error) {
	if n.ContactID == 0 {
		if len(n.Letter.To) == 0 {
			return parley.Contact{}, parley.Errorf(parley.Invalid, "contact.required", "Say who the conversation is with.").On("to")
		}
		if fault := checkAddress(&n.Letter.To[0]); fault != nil {
			return parley.Contact{}, fault.On("to[0].email")
		}
		person, _, err := s.contacts.FindOrCreateTx(ctx, tx, actor.AccountID, n.Letter.To[0])
		return person, err
	}
	person, err := tx.ContactByID(ctx, actor.AccountID, n.ContactID)
	if errors.Is(err, store.ErrNoRow) {
		return person, parley.Errorf(parley.Invalid, "contact.gone", "This contact no longer exists.").On("contact_id")
	}
	if err != nil {
		return person, fmt.Errorf("load contact: %w", err)
	}
	if len(person.Emails()) == 0 && len(n.Letter.To) == 0 {
		return person, parley.Errorf(parley.Invalid, "contact.no_email", "This contact has no email address.").On("contact_id")
	}
	return person, nil
}

// SendTx queues l in c, which the caller has locked, and writes c.
func (s *Service) SendTx(ctx context.Context, tx *store.Tx, actor parley.Actor, c *parley.Conversation, l Letter) (parley.Message, error) {
	if err := actor.Must(parley.Write, c.InboxID); err != nil {
		return parley.Message{}, err
	}
	d, err := s.facts(ctx, tx, actor, c, l)
	if err != nil {
		return parley.Message{}, err
	}
	m, body, err := d.message(tx.Now())
	if err != nil {
		return m, err
	}
	if err := carry(ctx, tx, &m, &body, d.copies); err != nil {
		return m, err
	}
	if err := tx.InsertMessage(ctx, &m, body); err != nil {
		return m, fmt.Errorf("insert message: %w", err)
	}
	if err := d.keep(ctx, tx, m); err != nil {
		return m, err
	}
	wasDraft := c.Draft
	if c.Draft || l.Reopen {
		if err := conversation.OneOpen(ctx, tx, *c); err != nil {
			return m, err
		}
	}
	conversation.Composed(c, m)
	kind, at := parley.MessageQueued, tx.Now()
	if m.SendAt != nil {
		kind, at = parley.MessageScheduled, *m.SendAt
		if l.SendAt != nil {
			if err := tx.SaveSchedule(ctx, m); err != nil {
				return m, fmt.Errorf("save schedule: %w", err)
			}
		}
	} else if err := s.queue(ctx, tx, c, m); err != nil {
		return m, err
	}
	if c.Subject == "" {
		c.Subject = m.Subject
	}
	if wasDraft {
		tx.AppendEvent(eventOf(*c, parley.ConversationCreated, actor.UserID, nil))
	}
	s.turn(tx, c, actor.UserID, l)
	if err := tx.UpdateConversation(ctx, c); err != nil {
		return m, fmt.Errorf("update conversation: %w", err)
	}
	e := eventOf(*c, kind, actor.UserID, nil)
	e.MessageID = m.ID
	tx.AppendEvent(e)
	return m, enqueue(ctx, tx, m, at)
}

// turn opens or closes the conversation together with the send.
func (s *Service) turn(tx *store.Tx, c *parley.Conversation, actor parley.UserID, l Letter) {
	switch {
	case l.Close && conversation.Closed(c, tx.Now()):
		tx.AppendEvent(eventOf(*c, parley.ConversationClosed, actor, nil))
	case l.Reopen && conversation.Reopened(c, nil):
		tx.AppendEvent(eventOf(*c, parley.ConversationReopened, actor, nil))
	}
}

// lockVisible locks a conversation that the actor may see.
func lockVisible(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID) (parley.Conversation, error) {
	c, err := tx.LockConversation(ctx, actor.AccountID, id)
	return c, visible(actor, c, err)
}

// visible is the error for a conversation that was looked up with err, and that the actor may not see.
func visible(actor parley.Actor, c parley.Conversation, err error) error {
	if err == nil && (!actor.Sees(c.InboxID) || c.Draft && c.CreatorID != actor.UserID && !actor.System) {
		err = store.ErrNoRow
	}
	if err = orGone(err); err != nil {
		return fmt.Errorf("load conversation: %w", err)
	}
	return nil
}

// orGone turns a missing row into NotFound.
func orGone(err error) error {
	if errors.Is(err, store.ErrNoRow) {
		return parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
	}
	return err
}

// channelOff is the error for the channel of a conversation that is not there.
func channelOff(err error) error {
	if errors.Is(err, store.ErrNoRow) {
		return parley.Errorf(parley.Conflict, "channel.off", "The channel of this conversation is switched off or was deleted. Start a new conversation on another channel.")
	}
	return fmt.Errorf("load channel: %w", err)
}

// draft holds what a message is made of.
type draft struct {
	actor   parley.Actor
	c       *parley.Conversation
	l       Letter
	channel parley.Channel
	author  parley.User
	contact parley.Contact
	parent  *parley.Message // what is answered or forwarded
	uploads []parley.Attachment

	forwarded []carried
	fields    merge.Facts
	signature parley.Signature    // zero: none
	copies    []parley.Attachment // files of others that go with it: forwarded ones, images of the signature
}

func (s *Service) facts(ctx context.Context, tx *store.Tx, actor parley.Actor, c *parley.Conversation, l Letter) (d draft, err error) {
	d = draft{actor: actor, c: c, l: l}
	d.channel, err = tx.ChannelByID(ctx, c.AccountID, c.ChannelID)
	if err == nil && d.channel.DisabledAt != nil {
		err = store.ErrNoRow
	}
	if err != nil {
		return d, channelOff(err)
	}
	if d.contact, err = tx.ContactByID(ctx, c.AccountID, c.ContactID); err != nil {
		return d, fmt.Errorf("load contact: %w", err)
	}
	if d.contact.BlockedAt != nil {
		return d, parley.Errorf(parley.Conflict, "contact.blocked", "This contact is blocked as spam. Mark the conversation as not spam first.")
	}
	if actor.UserID != 0 {
		if d.author, err = tx.UserByID(ctx, c.AccountID, actor.UserID); err != nil {
			return d, fmt.Errorf("load author: %w", err)
		}
	}
	if d.channel.Type == setting.Text {
		if d.uploads, err = uploads(ctx, tx, actor, l.AttachmentIDs); err != nil {
			return d, err
		}
		if err := d.textFacts(ctx, tx); err != nil {
			return d, err
		}
		err = d.loadFields(ctx, tx)
		return d, err
	}
	if d.parent, err = answered(ctx, tx, c, l.AnswersID); err != nil {
		return d, err
	}
	if d.uploads, err = uploads(ctx, tx, actor, l.AttachmentIDs); err != nil {
		return d, err
	}
	if l.Kind == parley.KindForward {
		if err := d.loadForwarded(ctx, tx); err != nil {
			return d, err
		}
	}
	err = d.loadFields(ctx, tx)
	return d, err
}

// loadFields finds the signature, and what merge fields of it and of the letter stand for.
func (d *draft) loadFields(ctx context.Context, tx *store.Tx) (err error) {
	at := scene{*d.c, d.channel, d.contact, d.author}
	if d.l.Automatic && d.c.AssigneeID != 0 {
		if at.user, err = tx.UserByID(ctx, d.c.AccountID, d.c.AssigneeID); err != nil {
			return fmt.Errorf("load assignee: %w", err)
		}
	}
	if d.channel.Type == setting.Text {
		// a text has no signature
	} else if d.l.Signature != nil && *d.l.Signature || d.l.Signature == nil && d.channel.AddSignature {
		var images []parley.Attachment
		if d.signature, images, err = at.signatureOf(ctx, tx); err != nil {
			return err
		}
		d.copies = append(d.copies, images...)
	}
	d.copies = append(d.copies, d.l.Files...)
	if !d.l.names() && !d.l.Automatic && !strings.Contains(d.signature.HTML, "data-merge") {
		return nil
	}
	d.fields, err = at.fields(ctx, tx, d.l.HTML, d.signature.HTML)
	return err
}

func uploads(ctx context.Context, tx *store.Tx, actor parley.Actor, ids []parley.AttachmentID) ([]parley.Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := tx.ListUploads(ctx, actor.AccountID, actor.UserID, ids)
	if err != nil {
		return nil, fmt.Errorf("load uploads: %w", err)
	}
	if len(found) != len(ids) {
		return nil, parley.Errorf(parley.Invalid, "attachment.gone", "A file was not found. Upload it again.").On("attachment_ids")
	}
	var size int64
	for _, a := range found {
		size += a.Size
	}
	if size > MaxAttachments {
		return nil, parley.Errorf(parley.Invalid, "attachments.too_large", "Files of one message may have %d MB together. Send a link instead.", MaxAttachments>>20).On("attachment_ids")
	}
	return found, nil
}

// message makes the row and the text of what is to be sent.
func (d *draft) message(now time.Time) (parley.Message, parley.Body, error) {
	m := parley.Message{
		AccountID: d.c.AccountID, ConversationID: d.c.ID, ChannelID: d.channel.ID, AuthorID: d.actor.UserID,
		Direction: parley.Outbound, Kind: d.l.Kind, At: now, ReceivedAt: now, Attempt: 1,
		FromName: d.fromName(), FromEmail: d.channel.Address,
		InternetID: strings.ToLower(rand.Text()) + "@" + parley.Address{Email: d.channel.Address}.Domain(),
		Subject:    d.subject(), Attachments: d.uploads, Delivery: parley.Queued, AutoSubmitted: d.l.Automatic,
	}
	if m.Kind != parley.KindForward && d.parent != nil {
		m.InReplyTo = d.parent.InternetID
		m.References = append(append(parley.Strings{}, d.parent.References...), d.parent.InternetID)
	}
	if due := dueAt(d.l, now); due.After(now) {
		m.SendAt, m.Delivery = &due, parley.Scheduled
	}
	if d.channel.Type == setting.Text {
		body, err := d.textMessage(&m)
		return m, body, err
	}
	if err := d.address(&m); err != nil {
		return m, parley.Body{}, err
	}
	for i := range m.Recipients {
		m.Recipients[i].Delivery = m.Delivery
	}
	body, missing := d.l.body(d.fields)
	foot := fillSignature(d.signature, d.fields)
	if d.l.Merge && !d.l.MergeEmpty && len(missing)+len(foot.unresolved) > 0 {
		return m, body, unresolved(unique(missing, foot.unresolved))
	}
	markInline(&m, body.HTML)
	m.Preview = Preview(body.VisibleText)
	sign(&body, foot)
	d.appendForwarded(&body)
	m.HasHTML = body.HTML != ""
	return m, body, nil
}

func unique(a, b []string) (out []string) {
	for _, s := range slices.Concat(a, b) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func dueAt(l Letter, now time.Time) time.Time {
	if l.SendAt != nil {
		return l.SendAt.UTC().Truncate(time.Microsecond)
	}
	return now.Add(time.Duration(l.UndoSeconds) * time.Second)
}

func (d *draft) fromName() string {
	switch {
	case d.channel.FromName != "":
		return d.channel.FromName
	case d.l.Automatic: // nobody in particular
		return d.fields.Values["account.name"]
	}
	return d.author.Name
}

func (d *draft) subject() string {
	own := ""
	if d.l.Subject != nil {
		own = strings.TrimSpace(*d.l.Subject)
	}
	if d.l.Automatic {
		own, _ = merge.Line(own, d.fields)
	}
	switch {
	case own != "":
		return own
	case d.l.Kind == parley.KindForward:
		return forwardSubject(d.c.Subject)
	case d.l.AnswersID != 0 && d.parent.Subject != "":
		return replySubject(d.parent.Subject)
	case d.parent == nil || d.c.Subject == "":
		return d.c.Subject
	}
	return replySubject(d.c.Subject)
}
