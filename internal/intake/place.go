package intake

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/internal/blob"
	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/thread"
)

// unreadable is the subject of a mail that has none because it could not be read.
const unreadable = "Mail that could not be read"

// placing writes one mail where it was decided that it belongs.
type placing struct {
	*writing
	mail *mail
	ch   parley.Channel
	from sender
	in   thread.Incoming
	ev   parley.ThreadEvidence
	d    thread.Decision
}

// duplicate leaves everything as it is: the mail is filed already. Our own
// message that came back is proof that it went out.
func (f *placing) duplicate(ctx context.Context) error {
	e := f.mail.entry
	e.Outcome, e.MessageID = parley.BecameDuplicate, f.d.Original
	if f.d.Original != 0 {
		was, err := f.tx.LockMessage(ctx, e.AccountID, f.d.Original)
		if err != nil {
			return fmt.Errorf("load original: %w", err)
		}
		e.ConversationID = was.ConversationID
		if was.Direction == parley.Outbound {
			if err := f.prove(ctx, &was); err != nil {
				return fmt.Errorf("record proof: %w", err)
			}
		}
	}
	return f.end(ctx, e)
}

// attach files an automatic answer as an event of its thread. It reopens
// nothing, makes nothing unread, and keeps nobody waiting.
func (f *placing) attach(ctx context.Context) error {
	msg := f.message()
	msg.ContactID, msg.ConversationID = f.from.contact.ID, f.d.Conversation
	event := &parley.Event{Kind: f.reportedAs()}
	if f.d.Conversation != 0 {
		c, err := f.tx.LockConversation(ctx, msg.AccountID, f.d.Conversation)
		if err != nil {
			return fmt.Errorf("load conversation: %w", err)
		}
		conversation.Reported(&c, msg)
		if err := f.tx.UpdateConversation(ctx, &c); err != nil {
			return fmt.Errorf("update conversation: %w", err)
		}
		event.InboxID = c.InboxID
	}
	if err := f.insert(ctx, &msg); err != nil {
		return err
	}
	f.append(event, msg)
	if err := f.told(ctx, event, msg); err != nil {
		return err
	}
	e := f.mail.entry
	e.Outcome, e.MessageID, e.ConversationID = parley.BecameReport, msg.ID, msg.ConversationID
	return f.end(ctx, e)
}

// reportedAs is the event by which a machine's answer stands in its timeline.
func (f *placing) reportedAs() parley.EventKind {
	if p := f.mail.parsed; p.IsBounce || len(p.Reports) > 0 {
		return parley.MessageReported
	}
	return parley.MessageAutoReplied
}

// told brings what a report says to the messages that it is about. Where events
// of the same timeline tell it, that of the report itself is not shown beside
// them. Whose mail arrives, and is no report, has an address that works.
func (f *placing) told(ctx context.Context, event *parley.Event, msg parley.Message) error {
	told, err := f.report(ctx, msg)
	if err != nil {
		return fmt.Errorf("record reports: %w", err)
	}
	if told && event.Kind == parley.MessageReported {
		event.Data = parley.JSON(`{"told":true}`)
	}
	if f.mail.parsed.IsBounce || len(f.mail.parsed.Reports) > 0 || !f.from.bounced() {
		return nil
	}
	if err := f.s.contacts.WorksTx(ctx, f.tx, f.ch.AccountID, f.from.address); err != nil {
		return fmt.Errorf("clear address: %w", err)
	}
	return nil
}

// deliver files a message of a contact, in a new conversation or in one that
// exists. A report that matches nothing comes here too: it gets a conversation
// of its own, so that it is seen, but nobody's unread or waiting list.
func (f *placing) deliver(ctx context.Context) error {
	contact, err := f.contact(ctx)
	if err != nil {
		return err
	}
	for _, id := range f.d.Merge {
		if err := f.s.conversations.MergeTx(ctx, f.tx, parley.SystemActor(f.ch.AccountID), id, f.d.Conversation); err != nil {
			return fmt.Errorf("merge conversations: %w", err)
		}
	}
	msg := f.message()
	msg.ContactID, msg.NewParticipant = contact.ID, f.d.NewParticipant
	c, err := f.conversation(ctx, contact, msg)
	if err != nil {
		return err
	}
	msg.ConversationID = c.ID
	if err := f.insert(ctx, &msg); err != nil {
		return err
	}
	if f.ch.Type == setting.Text {
		if err := f.spoken(ctx, c, msg); err != nil {
			return err
		}
	}
	if f.s.began != nil && f.d.Conversation == 0 && c.Source == parley.FromContact && !f.in.AutoReply {
		if err := f.s.began(ctx, f.tx, f.ch, msg); err != nil {
			return fmt.Errorf("tell of new conversation: %w", err)
		}
	}
	event := &parley.Event{Kind: parley.MessageReceived, InboxID: c.InboxID}
	if f.in.AutoReply {
		event.Kind = f.reportedAs()
	}
	if f.mail.entry.Archive {
		event.Kind = parley.MessageImported
	}
	f.append(event, msg)
	if err := f.relate(ctx, c, msg); err != nil {
		return err
	}
	if err := f.told(ctx, event, msg); err != nil {
		return err
	}
	if err := f.confirm(ctx); err != nil {
		return err
	}
	e := f.mail.entry
	e.Outcome, e.MessageID, e.ConversationID = parley.BecameMessage, msg.ID, c.ID
	return f.end(ctx, e)
}

// relate writes what the message ties together: links, adopted messages, its descendants.
func (f *placing) relate(ctx context.Context, c parley.Conversation, msg parley.Message) error {
	for _, id := range f.d.Link {
		if err := f.s.conversations.LinkTx(ctx, f.tx, parley.SystemActor(f.ch.AccountID), c.ID, id); err != nil {
			return fmt.Errorf("link conversations: %w", err)
		}
	}
	// A parent that is filed may stand behind: it came in at the same moment, or
	// was in a conversation of its own until now.
	late := len(f.d.Before) > 0 || slices.ContainsFunc(f.ev.Received, func(h parley.ThreadHit) bool { return h.At.After(msg.At) })
	if !late {
		return nil
	}
	f.moved = true
	if err := f.tx.PutAncestorsBefore(ctx, msg); err != nil {
		return fmt.Errorf("order late parents: %w", err)
	}
	return nil
}

// contact is who wrote the mail, made if we do not know them.
func (f *placing) contact(ctx context.Context) (parley.Contact, error) {
	if f.from.contact.ID != 0 && f.from.contact.Name != "" {
		return f.from.contact, nil
	}
	who := f.from.address
	if who.Name == "" && who.Key() == "" {
		who.Name = "Unknown sender"
	}
	var c parley.Contact
	var err error
	if f.from.contact.ID != 0 { // without a name until now
		c, _, err = f.s.contacts.FindOrCreateTx(ctx, f.tx, f.ch.AccountID, who)
	} else {
		c, err = f.s.contacts.CreateTx(ctx, f.tx, f.ch.AccountID, who, f.blocked[whose{f.ch.AccountID, who.Key()}])
	}
	if err != nil {
		return c, fmt.Errorf("create contact: %w", err)
	}
	if key := who.Key(); key != "" {
		f.contacts[whose{f.ch.AccountID, key}] = c
	}
	return c, nil
}

// message is the mail as it is stored.
func (f *placing) message() parley.Message {
	p, e := f.mail.parsed, f.mail.entry
	msg := parley.Message{
		AccountID: e.AccountID, ChannelID: e.ChannelID, Direction: parley.Inbound, At: f.d.At,
		FromName: p.From.Name, FromEmail: p.From.Email, FromPhone: p.From.Phone, ReplyTo: p.ReplyTo, To: p.To, Cc: p.Cc, Bcc: p.Bcc,
		Subject: p.Subject, SentAt: dated(p.SentAt), ReceivedAt: e.ReceivedAt,
		InternetID: p.InternetID, References: p.References, Named: thread.Wanted(f.in, thread.Policy{}).Named, ContentHash: p.ContentHash,
		Preview:       oneLine(cmp.Or(strings.TrimSpace(p.VisibleText), p.Text), maxPreview),
		AutoSubmitted: p.AutoSubmitted, NoAutoReply: p.NoAutoReply, Auth: f.mail.auth, IsBounce: p.IsBounce, Unparsed: p.Broken != nil,
		MailFrom: e.MailFrom, RcptTo: e.RcptTo, RawBlob: f.mail.raw.key, RawSize: e.Size,
		HasHTML: f.mail.html != "", RemoteImages: f.mail.remote,
	}
	if parley.InternetKey(p.InternetID) == "" {
		msg.InternetID = "" // nothing to compare
	}
	if len(p.InReplyTo) > 0 {
		msg.InReplyTo = p.InReplyTo[0]
	}
	if msg.Named == nil {
		msg.Named = parley.Strings{}
	}
	for i, part := range p.Parts {
		msg.Attachments = append(msg.Attachments, parley.Attachment{
			AccountID: e.AccountID, Filename: part.Filename, ContentType: part.ContentType, Size: f.mail.parts[i].size,
			Inline: part.Inline, ContentID: part.ContentID, Blob: f.mail.parts[i].key, CreatedAt: f.tx.Now(),
			SourceURL: part.URL, Fault: f.mail.parts[i].fault,
		})
	}
	return msg
}

// insert writes the message, its text and the references to its blobs.
func (f *placing) insert(ctx context.Context, msg *parley.Message) error {
	p := f.mail.parsed
	body := parley.Body{Text: p.Text, VisibleText: p.VisibleText, HTML: f.mail.html, QuoteAt: p.QuoteAt}
	if strings.Contains(body.HTML, string(f.mail.raw.key)) {
		// The images get their rows first: the HTML holds their addresses.
		for i := range msg.Attachments {
			a := &msg.Attachments[i]
			if err := f.tx.InsertAttachment(ctx, a); err != nil {
				return fmt.Errorf("insert attachment: %w", err)
			}
			body.HTML = strings.ReplaceAll(body.HTML, placeholder(f.mail.raw.key, i), attachmentURL(a.ID))
		}
	}
	if err := f.tx.InsertMessage(ctx, msg, body); err != nil {
		return fmt.Errorf("insert message: %w", err)
	}
	for _, b := range f.mail.parts {
		if b.fault != "" {
			continue
		}
		if err := f.refer(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// refer counts one reference to a blob, and keeps it if it is small.
func (f *placing) refer(ctx context.Context, b stored) error {
	var err error
	if b.size <= blob.Small {
		err = f.tx.InsertBlob(ctx, f.ch.AccountID, b.key, b.content, 1)
	} else {
		err = f.tx.AddBlobRefs(ctx, f.ch.AccountID, b.key, b.size, 1)
	}
	if err != nil {
		return fmt.Errorf("count blob: %w", err)
	}
	return nil
}

// append notes what happened to the message.
func (f *placing) append(e *parley.Event, msg parley.Message) {
	e.AccountID, e.ConversationID, e.MessageID, e.ContactID, e.ChannelID = msg.AccountID, msg.ConversationID, msg.ID, msg.ContactID, msg.ChannelID
	f.tx.AppendEvent(e)
}

// end closes the journal entry. Its bytes are a blob from now on, if they were
// not before. They are referred to once: by the entry, and from the moment that
// there is a message of it by the message.
func (f *placing) end(ctx context.Context, e parley.Intake) error {
	if e.Blob == "" {
		e.Blob = f.mail.raw.key
		if err := f.refer(ctx, f.mail.raw); err != nil {
			return err
		}
	}
	if err := f.tx.FileIntake(ctx, e); err != nil {
		return fmt.Errorf("end entry: %w", err)
	}
	return nil
}
