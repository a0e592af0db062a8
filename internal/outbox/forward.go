package outbox

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"parley/internal/parley"
	"parley/internal/store"
)

// Forward says what a forward carries along.
type Forward struct {
	MessageIDs    []parley.MessageID    // nil: the newest one
	History       bool                  // all messages of the conversation, whatever MessageIDs says
	AttachmentIDs []parley.AttachmentID // which of their files; nil: all
}

const (
	maxForwarded     = 100     // messages
	maxForwardedText = 4 << 20 // bytes of their HTML and text
)

// carried is a message that is forwarded.
type carried struct {
	parley.Message
	body parley.Body
}

// forwarded loads what a forward carries along, oldest first.
func (d *draft) loadForwarded(ctx context.Context, tx *store.Tx) error {
	all, err := d.chooseForwarded(ctx, tx)
	if err != nil {
		return err
	}
	ids := make([]parley.MessageID, len(all))
	for i, m := range all {
		ids[i] = m.ID
	}
	bodies, err := tx.ListBodies(ctx, d.c.AccountID, ids, true)
	if err != nil {
		return fmt.Errorf("load forwarded text: %w", err)
	}
	size := 0
	for _, m := range all {
		size += len(bodies[m.ID].HTML) + len(bodies[m.ID].Text)
		d.forwarded = append(d.forwarded, carried{m, bodies[m.ID]})
	}
	if size > maxForwardedText {
		return parley.Errorf(parley.Invalid, "forward.too_large", "These messages are too long to be forwarded together. Choose fewer.").On("forward.message_ids")
	}
	return d.chooseFiles()
}

func (d *draft) chooseForwarded(ctx context.Context, tx *store.Tx) (all []parley.Message, err error) {
	f := d.l.Forward
	switch {
	case f != nil && f.History:
		all, err = tx.ListRecentMessages(ctx, d.c.AccountID, d.c.ID, maxForwarded)
		all = slices.DeleteFunc(all, func(m parley.Message) bool { return !said(m) })
		slices.Reverse(all)
	case f != nil && f.MessageIDs != nil:
		all, err = tx.ListMessagesByIDs(ctx, d.c.AccountID, f.MessageIDs)
		all = slices.DeleteFunc(all, func(m parley.Message) bool { return m.ConversationID != d.c.ID || m.Delivery == parley.Cancelled })
		for i, id := range f.MessageIDs {
			if err == nil && !slices.ContainsFunc(all, func(m parley.Message) bool { return m.ID == id }) {
				return nil, parley.Errorf(parley.Invalid, "forward.message_gone", "A message to be forwarded is not in this conversation.").On(fmt.Sprintf("forward.message_ids[%d]", i))
			}
		}
		slices.SortFunc(all, func(a, b parley.Message) int { return a.At.Compare(b.At) })
	case d.parent != nil:
		all = []parley.Message{*d.parent}
	}
	if err != nil {
		return nil, fmt.Errorf("load forwarded messages: %w", err)
	}
	return all, nil
}

// chooseFiles says which files of the forwarded messages go with the letter.
// Images that their HTML shows do in any case.
func (d *draft) chooseFiles() error {
	var wanted []parley.AttachmentID
	if d.l.Forward != nil {
		wanted = d.l.Forward.AttachmentIDs
	}
	found := 0
	for _, c := range d.forwarded {
		for _, a := range c.Attachments {
			listed := slices.Contains(wanted, a.ID)
			if listed {
				found++
			}
			switch {
			case a.Inline && strings.Contains(c.body.HTML, "/attachments/"+a.ID.String()+"?") && !listed:
				d.copies = append(d.copies, a)
			case listed, wanted == nil && !a.Inline:
				a.Inline = false
				d.copies = append(d.copies, a)
			}
		}
	}
	if found < len(wanted) {
		return parley.Errorf(parley.Invalid, "forward.attachment_gone", "A file to be forwarded is not in these messages.").On("forward.attachment_ids")
	}
	size := int64(0)
	for _, a := range slices.Concat(d.uploads, d.copies) {
		size += a.Size
	}
	if size > MaxAttachments {
		return parley.Errorf(parley.Invalid, "attachments.too_large", "Files of one message may have %d MB together. Leave some out.", MaxAttachments>>20).On("forward.attachment_ids")
	}
	return nil
}

// appendForwarded puts what is forwarded below the text, each message with its header lines.
func (d *draft) appendForwarded(b *parley.Body) {
	if len(d.forwarded) == 0 {
		return
	}
	shown := b.HTML != "" || slices.ContainsFunc(d.forwarded, func(c carried) bool { return c.body.HTML != "" })
	if shown && b.HTML == "" {
		b.HTML = paragraphs(b.VisibleText)
	}
	if b.QuoteAt < 0 {
		b.QuoteAt = len(b.Text) + 2
	}
	for _, c := range d.forwarded {
		lines := forwardedHeader(c.Message)
		b.Text += "\n\n---------- Forwarded message ----------\n" + strings.Join(lines, "\n") + "\n\n" + c.body.Text
		if shown {
			b.HTML += c.html(lines)
		}
	}
}

func (c carried) html(lines []string) string {
	var out strings.Builder
	out.WriteString("<p>---------- Forwarded message ----------<br>")
	for _, l := range lines {
		out.WriteString(html.EscapeString(l) + "<br>")
	}
	out.WriteString("</p><blockquote>")
	if c.body.HTML != "" {
		out.WriteString(c.body.HTML)
	} else {
		out.WriteString(paragraphs(c.body.Text))
	}
	out.WriteString("</blockquote>")
	return out.String()
}

// carry gives m files of others: the same bytes under rows of their own, so that
// the originals keep theirs. HTML that shows one shows m's.
func carry(ctx context.Context, tx *store.Tx, m *parley.Message, b *parley.Body, files []parley.Attachment) error {
	for _, a := range files {
		old := a.ID
		a.ID, a.MessageID, a.UploaderID, a.CannedID, a.SignatureID, a.ContentID, a.CreatedAt = 0, 0, m.AuthorID, 0, 0, "", tx.Now()
		if a.Inline {
			if err := tx.InsertAttachment(ctx, &a); err != nil {
				return fmt.Errorf("copy image: %w", err)
			}
			a.ContentID = "image" + a.ID.String() + "." + m.InternetID
			b.HTML = reshow(b.HTML, old, a.ID)
		}
		m.Attachments = append(m.Attachments, a)
	}
	return nil
}

// reshow makes HTML show one upload in the place of another.
func reshow(htm string, old, now parley.AttachmentID) string {
	return attachmentURL.ReplaceAllStringFunc(htm, func(url string) string {
		if attachmentURL.FindStringSubmatch(url)[1] != old.String() {
			return url
		}
		return "/api/v1/attachments/" + now.String() + "?inline=1"
	})
}

func forwardedHeader(p parley.Message) []string {
	lines := []string{"From: " + display(parley.Address{Name: p.FromName, Email: p.FromEmail})}
	if p.SentAt != nil {
		lines = append(lines, "Date: "+p.SentAt.Format("Mon, 2 Jan 2006 15:04 -0700"))
	}
	lines = append(lines, "Subject: "+p.Subject, "To: "+displayAll(p.To))
	if len(p.Cc) > 0 {
		lines = append(lines, "Cc: "+displayAll(p.Cc))
	}
	return lines
}

func display(a parley.Address) string {
	if a.Name == "" {
		return a.Email
	}
	return a.Name + " <" + a.Email + ">"
}

func displayAll(list parley.Addresses) string {
	parts := make([]string, len(list))
	for i, a := range list {
		parts[i] = display(a)
	}
	return strings.Join(parts, ", ")
}

// paragraphs is plain text as HTML.
func paragraphs(text string) string {
	var out strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		out.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>") + "</p>")
	}
	return out.String()
}
