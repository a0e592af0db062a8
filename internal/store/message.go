package store

import (
	"context"
	"slices"

	"parley/internal/parley"
)

const messageColumns = `id, account_id, conversation_id, channel_id, contact_id, author_id, direction, kind, seq, at, from_name, from_email, from_phone, reply_to, to_list, cc_list, bcc_list,
	subject, sent_at, received_at, internet_id, in_reply_to, references_list, content_hash, preview, auto_submitted, is_bounce, new_participant, unparsed,
	delivery, delivery_error, attempt, tries, send_at, mail_from, rcpt_to, raw_blob, raw_size, has_html, remote_images, segments, auth, no_auto_reply`

// InsertMessage writes m with its body, the Message-IDs that it is and names, its
// recipients and its attachments, and gives it its id. Attachments that have an
// id are uploads, which become the message's own. Seq is set by the event that
// files or queues it.
func (tx *Tx) InsertMessage(ctx context.Context, m *parley.Message, b parley.Body) error {
	err := insertRow(ctx, tx, &m.ID, "messages", `INSERT INTO messages (id, account_id, conversation_id, channel_id, contact_id, author_id, direction, kind, at, from_name, from_email, from_phone, reply_to, to_list, cc_list, bcc_list,
			subject, sent_at, received_at, internet_id, in_reply_to, references_list, content_hash, preview, auto_submitted, is_bounce, new_participant, unparsed,
			delivery, delivery_error, attempt, tries, send_at, mail_from, rcpt_to, raw_blob, raw_size, has_html, remote_images, segments, auth, no_auto_reply)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.AccountID, m.ConversationID, m.ChannelID, m.ContactID, m.AuthorID, m.Direction, m.Kind, m.At, m.FromName, m.FromEmail, m.FromPhone, m.ReplyTo, m.To, m.Cc, m.Bcc,
		m.Subject, m.SentAt, m.ReceivedAt, m.InternetID, m.InReplyTo, m.References, m.ContentHash, m.Preview, m.AutoSubmitted, m.IsBounce, m.NewParticipant, m.Unparsed,
		m.Delivery, m.DeliveryError, m.Attempt, m.Tries, m.SendAt, m.MailFrom, m.RcptTo, m.RawBlob, m.RawSize, m.HasHTML, m.RemoteImages, m.Segments, m.Auth, m.NoAutoReply)
	if err != nil {
		return err
	}
	err = tx.send(ctx, `INSERT INTO message_bodies (message_id, account_id, text, visible_text, html, quote_at) VALUES (?, ?, ?, ?, ?, ?)`,
		m.ID, m.AccountID, b.Text, b.VisibleText, b.HTML, b.QuoteAt)
	if err != nil {
		return err
	}
	if err := tx.insertRefs(ctx, m); err != nil {
		return err
	}
	if err := tx.InsertRecipients(ctx, m); err != nil {
		return err
	}
	if err := tx.attach(ctx, m); err != nil {
		return err
	}
	return tx.indexMessage(ctx, m, b)
}

// MessageByID finds a message of the account, with its recipients and attachments.
func (tx *Tx) MessageByID(ctx context.Context, account parley.AccountID, id parley.MessageID) (parley.Message, error) {
	return tx.message(ctx, account, id, "")
}

// LockMessage is MessageByID for a change.
func (tx *Tx) LockMessage(ctx context.Context, account parley.AccountID, id parley.MessageID) (parley.Message, error) {
	return tx.message(ctx, account, id, tx.d.forUpdate())
}

func (tx *Tx) message(ctx context.Context, account parley.AccountID, id parley.MessageID, lock string) (parley.Message, error) {
	var m parley.Message
	err := tx.get(ctx, &m, `SELECT `+messageColumns+` FROM messages WHERE account_id = ? AND id = ?`+lock, account, id)
	if err != nil {
		return m, err
	}
	one := []parley.Message{m}
	err = tx.fillMessages(ctx, account, one)
	return one[0], err
}

func (tx *Tx) fillMessages(ctx context.Context, account parley.AccountID, all []parley.Message) error {
	each := make([]*parley.Message, len(all))
	for i := range all {
		each[i] = &all[i]
	}
	return tx.FillMessages(ctx, account, each)
}

// FillMessages loads the recipients and attachments of messages, each kind in one query.
func (tx *Tx) FillMessages(ctx context.Context, account parley.AccountID, all []*parley.Message) error {
	if len(all) == 0 {
		return nil
	}
	byID := make(map[parley.MessageID]*parley.Message, len(all))
	for _, m := range all {
		byID[m.ID] = m
	}
	ids := tx.d.inArg(int64s(sortedKeys(byID)))
	var to []parley.Recipient
	err := tx.list(ctx, &to, `SELECT message_id, account_id, kind, name, address, delivery, error, status, reason, provider_id FROM recipients
		WHERE account_id = ? AND `+tx.d.in("message_id")+` ORDER BY message_id, position`, account, ids)
	if err != nil {
		return err
	}
	for _, r := range to {
		m := byID[r.MessageID]
		m.Recipients = append(m.Recipients, r)
	}
	if err := tx.fillImages(ctx, account, all); err != nil {
		return err
	}
	var files []parley.Attachment
	err = tx.list(ctx, &files, `SELECT `+attachmentColumns+` FROM attachments WHERE account_id = ? AND `+tx.d.in("message_id")+` ORDER BY id`, account, ids)
	for _, a := range files {
		m := byID[a.MessageID]
		m.Attachments = append(m.Attachments, a)
	}
	return err
}

// fillImages finds whose images are shown without asking, where it matters.
func (tx *Tx) fillImages(ctx context.Context, account parley.AccountID, all []*parley.Message) error {
	asking := map[parley.ContactID]bool{}
	for _, m := range all {
		if m.RemoteImages && m.ContactID != 0 {
			asking[m.ContactID] = true
		}
	}
	if len(asking) == 0 {
		return nil
	}
	var allowed []parley.ContactID
	err := tx.list(ctx, &allowed, `SELECT id FROM contacts WHERE account_id = ? AND images_allowed AND `+tx.d.in("id"), account, tx.d.inArg(int64s(sortedKeys(asking))))
	for _, m := range all {
		m.ImagesAllowed = m.RemoteImages && slices.Contains(allowed, m.ContactID)
	}
	return err
}

// BodyByID finds a message's text.
func (tx *Tx) BodyByID(ctx context.Context, account parley.AccountID, id parley.MessageID) (parley.Body, error) {
	var b parley.Body
	err := tx.get(ctx, &b, `SELECT message_id, text, visible_text, html, quote_at FROM message_bodies WHERE account_id = ? AND message_id = ?`, account, id)
	return b, err
}

// ListBodies gives the texts of messages; without html the HTML stays where it is.
func (tx *Tx) ListBodies(ctx context.Context, account parley.AccountID, ids []parley.MessageID, html bool) (map[parley.MessageID]parley.Body, error) {
	out := make(map[parley.MessageID]parley.Body, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	column := `'' AS html`
	if html {
		column = `html`
	}
	var all []parley.Body
	err := tx.list(ctx, &all, `SELECT message_id, text, visible_text, `+column+`, quote_at FROM message_bodies WHERE account_id = ? AND `+tx.d.in("message_id"),
		account, tx.d.inArg(int64s(ids)))
	for _, b := range all {
		out[b.MessageID] = b
	}
	return out, err
}

// UpdateMessageDelivery writes where m's way out stands: its delivery, attempt,
// schedule, envelope and raw bytes. A changed InternetID is made known to threading.
func (tx *Tx) UpdateMessageDelivery(ctx context.Context, m *parley.Message) error {
	err := tx.execOne(ctx, `UPDATE messages SET delivery = ?, delivery_error = ?, attempt = ?, tries = ?, send_at = ?, sent_at = ?,
			mail_from = ?, rcpt_to = ?, raw_blob = ?, raw_size = ?, internet_id = ?, segments = ? WHERE account_id = ? AND id = ?`,
		m.Delivery, m.DeliveryError, m.Attempt, m.Tries, m.SendAt, m.SentAt,
		m.MailFrom, m.RcptTo, m.RawBlob, m.RawSize, m.InternetID, m.Segments, m.AccountID, m.ID)
	if err != nil {
		return err
	}
	return tx.insertSelf(ctx, m)
}

// InsertRecipients writes m's recipients; who is among them already stays as it is.
func (tx *Tx) InsertRecipients(ctx context.Context, m *parley.Message) error {
	for i := range m.Recipients {
		r := &m.Recipients[i]
		r.MessageID, r.AccountID = m.ID, m.AccountID
		err := tx.send(ctx, `INSERT INTO recipients (message_id, account_id, kind, name, address, position, delivery, error, status, reason, provider_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			r.MessageID, r.AccountID, r.Kind, r.Name, r.Address, i, r.Delivery, r.Error, r.Status, r.Reason, r.ProviderID)
		if err != nil {
			return err
		}
	}
	return nil
}

// UpdateRecipient writes how far one recipient's delivery got.
func (tx *Tx) UpdateRecipient(ctx context.Context, r parley.Recipient) error {
	return tx.execOne(ctx, `UPDATE recipients SET delivery = ?, error = ?, status = ?, reason = ?, provider_id = ? WHERE account_id = ? AND message_id = ? AND address = ?`,
		r.Delivery, r.Error, r.Status, r.Reason, r.ProviderID, r.AccountID, r.MessageID, r.Address)
}

// ListMessagesByIDs gives messages with their recipients and attachments, in order of id.
func (tx *Tx) ListMessagesByIDs(ctx context.Context, account parley.AccountID, ids []parley.MessageID) ([]parley.Message, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []parley.Message
	err := tx.list(ctx, &out, `SELECT `+messageColumns+` FROM messages WHERE account_id = ? AND `+tx.d.in("id")+` ORDER BY id`, account, tx.d.inArg(int64s(ids)))
	if err != nil {
		return nil, err
	}
	return out, tx.fillMessages(ctx, account, out)
}
