package outbox

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/merge"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

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
	limits  parley.TextLimits // of texts: what their provider takes

	forwarded []carried
	fields    merge.Facts
	signature parley.Signature    // zero: none
	copies    []parley.Attachment // files of others that go with it: forwarded ones, images of the signature
}

// facts finds what a letter in c is made of, and refuses what cannot be sent there.
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
	if d.uploads, err = uploads(ctx, tx, actor, l.AttachmentIDs); err != nil {
		return d, err
	}
	if d.channel.Type == setting.Text {
		err = d.textFacts(ctx, tx)
	} else {
		err = d.mailFacts(ctx, tx)
	}
	if err != nil {
		return d, err
	}
	err = d.loadFields(ctx, tx)
	return d, err
}

// mailFacts finds what is answered or forwarded.
func (d *draft) mailFacts(ctx context.Context, tx *store.Tx) (err error) {
	if d.parent, err = answered(ctx, tx, d.c, d.l.AnswersID); err != nil {
		return err
	}
	if d.l.Kind == parley.KindForward {
		return d.loadForwarded(ctx, tx)
	}
	return nil
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
