package store

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/parley"
)

// Loader writes many rows that are finished: with their ids, their numbers and
// all that is derived from other rows. Who loads has done what the product does
// step by step, and answers for it. Nothing of a load is seen before all of it is.
type Loader struct {
	*Tx
	rows rowWriter
}

// rowWriter puts rows into a table, each with a value for each column.
type rowWriter func(ctx context.Context, table string, columns []string, rows [][]any) error

// Load runs fn in one transaction that is made for many rows: the indexes and
// the checks of references may be set up at its end. Nobody else changes
// anything meanwhile.
func (db *DB) Load(ctx context.Context, fn func(*Loader) error) error {
	err := db.engine.load(ctx, func(q queryer, rows rowWriter) error {
		tx := db.tx(q, true)
		if err := fn(&Loader{Tx: tx, rows: rows}); err != nil {
			return err
		}
		return tx.flush(ctx)
	})
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	db.watch.wake(wake{any: true, jobs: true})
	return nil
}

// loaded are the tables with ids that a load gives out itself.
var loaded = []string{"contacts", "conversations", "messages", "attachments", "notes", "intake"}

// LoadIDs are the ids that the next rows of a load have, one noun each.
type LoadIDs struct {
	Contact      parley.ContactID
	Conversation parley.ConversationID
	Message      parley.MessageID
	Attachment   parley.AttachmentID
	Note         parley.NoteID
	Intake       parley.IntakeID
}

// NextIDs tells which ids are free from there on.
func (l *Loader) NextIDs(ctx context.Context) (LoadIDs, error) {
	next := make([]int64, len(loaded))
	for i, table := range loaded {
		if err := l.get(ctx, &next[i], l.d.nextID(), table); err != nil {
			return LoadIDs{}, err
		}
	}
	return LoadIDs{
		parley.ContactID(next[0]), parley.ConversationID(next[1]), parley.MessageID(next[2]),
		parley.AttachmentID(next[3]), parley.NoteID(next[4]), parley.IntakeID(next[5]),
	}, nil
}

// LoadContacts writes contacts with their points and the words they are found by.
func (l *Loader) LoadContacts(ctx context.Context, all []parley.Contact) error {
	var contacts, points, words [][]any
	for i := range all {
		c := &all[i]
		contacts = append(contacts, []any{
			c.ID, c.AccountID, c.Name, c.Company, c.JobTitle, c.About, c.OwnerID, c.Fields, c.BlockedAt, c.BlockedByID, c.BlockedWhy, c.CreatedAt, c.UpdatedAt, c.Images,
		})
		for _, p := range c.Points {
			points = append(points, []any{c.AccountID, c.ID, p.Kind, p.Key, p.Value, p.Position, p.BouncedAt, p.BounceReason})
		}
		for _, w := range contactWords(c) {
			words = append(words, []any{c.AccountID, c.ID, w})
		}
	}
	if err := l.rows(ctx, "contacts", names(contactColumns), contacts); err != nil {
		return err
	}
	if err := l.rows(ctx, "contact_points", []string{"account_id", "contact_id", "kind", "key", "value", "position", "bounced_at", "bounce_reason"}, points); err != nil {
		return err
	}
	return l.rows(ctx, "contact_words", []string{"account_id", "contact_id", "word"}, words)
}

// LoadConversations writes conversations as they are in the end. Folder and
// WaitingKey are derived.
func (l *Loader) LoadConversations(ctx context.Context, all []parley.Conversation) error {
	rows := make([][]any, len(all))
	for i := range all {
		c := &all[i]
		derive(c)
		rows[i] = []any{
			c.ID, c.AccountID, c.Number, c.ContactID, c.ChannelID, c.InboxID, c.AssigneeID, c.CreatorID, c.Subject, c.Preview, c.Status, c.Spam, c.Draft, c.Folder,
			c.Priority, c.Source, c.SnoozedUntil, c.TrashedAt, c.CreatedAt, c.ClosedAt, c.FirstReplyAt, c.LastInboundAt, c.LastOutboundAt, c.LastMessageAt,
			c.WaitingSince, c.WaitingKey, int64(c.LastSeq), int64(c.UnreadSeq), c.AssigneeUnread, c.MessageCount, c.FailedCount, c.HasAttachment, c.FollowUpOfID, c.MergedIntoID, c.Fields, c.Phone,
		}
	}
	return l.rows(ctx, "conversations", names(conversationColumns), rows)
}

// LoadMessage is a message of a load with its text, and what else it is found by.
type LoadMessage struct {
	parley.Message
	Body           parley.Body
	Topic          string           // of its conversation
	ConversationOf parley.ContactID // whose conversation it stands in
}

// LoadMessages writes messages, in order of their ids, with all that InsertMessage
// writes beside them, and makes them findable.
func (l *Loader) LoadMessages(ctx context.Context, all []LoadMessage) error {
	r := messageRows{}
	for i := range all {
		r.add(&all[i])
	}
	for _, t := range []struct {
		table, columns string
		rows           [][]any
	}{
		{"messages", messageColumns, r.messages},
		{"message_bodies", "message_id, account_id, text, visible_text, html, quote_at", r.bodies},
		{"message_refs", "account_id, internet_id, kind, message_id, channel_id", r.refs},
		{"recipients", "message_id, account_id, kind, name, address, position, delivery, error, status, reason, provider_id", r.recipients},
		{"attachments", attachmentColumns, r.attachments},
	} {
		if err := l.rows(ctx, t.table, names(t.columns), t.rows); err != nil {
			return err
		}
	}
	return l.d.loadWords(ctx, l, withWords(r.texts))
}

type messageRows struct {
	messages, bodies, refs, recipients, attachments [][]any
	texts                                           []searchText
}

func (r *messageRows) add(m *LoadMessage) {
	r.messages = append(r.messages, []any{
		m.ID, m.AccountID, m.ConversationID, m.ChannelID, m.ContactID, m.AuthorID, m.Direction, m.Kind, int64(m.Seq), m.At, m.FromName, m.FromEmail, m.FromPhone, m.ReplyTo, m.To, m.Cc, m.Bcc,
		m.Subject, m.SentAt, m.ReceivedAt, m.InternetID, m.InReplyTo, m.References, m.ContentHash, m.Preview, m.AutoSubmitted, m.IsBounce, m.NewParticipant, m.Unparsed,
		m.Delivery, m.DeliveryError, m.Attempt, m.Tries, m.SendAt, m.MailFrom, m.RcptTo, m.RawBlob, m.RawSize, m.HasHTML, m.RemoteImages, m.Segments, m.Auth, m.NoAutoReply,
	})
	r.bodies = append(r.bodies, []any{m.ID, m.AccountID, m.Body.Text, m.Body.VisibleText, m.Body.HTML, m.Body.QuoteAt})
	own := parley.InternetKey(m.InternetID)
	if own != "" {
		r.refs = append(r.refs, []any{m.AccountID, own, refSelf, m.ID, m.ChannelID})
	}
	for _, key := range named(&m.Message, own) {
		r.refs = append(r.refs, []any{m.AccountID, key, refNamed, m.ID, m.ChannelID})
	}
	for i, to := range m.Recipients {
		r.recipients = append(r.recipients, []any{m.ID, m.AccountID, to.Kind, to.Name, to.Address, i, to.Delivery, to.Error, to.Status, to.Reason, to.ProviderID})
	}
	t := searchText{
		ID: m.ID, AccountID: m.AccountID, ConversationID: m.ConversationID, ContactID: m.ConversationOf, Topic: m.Topic,
		Subject: m.Subject, FromName: m.FromName, FromEmail: m.FromEmail, To: m.To, Cc: m.Cc, Bcc: m.Bcc, Text: m.Body.Text,
	}
	for _, a := range m.Attachments {
		r.attachments = append(r.attachments, []any{a.ID, m.AccountID, m.ID, a.UploaderID, a.CannedID, a.SignatureID, a.Filename, a.ContentType, a.Size, a.Inline, a.ContentID, a.Blob, a.CreatedAt, a.SourceURL, a.Fault})
		t.Files = append(t.Files, a.Filename)
	}
	r.texts = append(r.texts, t)
}

// LoadNotes writes notes.
func (l *Loader) LoadNotes(ctx context.Context, all []parley.Note) error {
	rows := make([][]any, len(all))
	for i, n := range all {
		rows[i] = []any{n.ID, n.AccountID, n.ConversationID, n.AuthorID, int64(n.Seq), n.Text, n.HTML, n.CreatedAt, n.EditedAt, n.DeletedAt}
	}
	return l.rows(ctx, "notes", names(noteColumns), rows)
}

// LoadEvents writes numbered events.
func (l *Loader) LoadEvents(ctx context.Context, all []parley.Event) error {
	rows := make([][]any, len(all))
	for i, e := range all {
		rows[i] = []any{
			e.AccountID, int64(e.Seq), e.Kind, e.At, e.ActorID, e.ConversationID, e.MessageID, e.NoteID, e.ContactID, e.InboxID, e.ChannelID, e.UserID, e.Data, e.InTimeline(),
		}
	}
	return l.rows(ctx, "events", append(names(eventColumns), "timeline"), rows)
}

// LoadReadCursors writes how far users have read conversations.
func (l *Loader) LoadReadCursors(ctx context.Context, account parley.AccountID, all map[parley.ConversationID][]ReadCursor) error {
	var rows [][]any
	for _, id := range sortedKeys(all) {
		for _, c := range all[id] {
			rows = append(rows, []any{account, id, c.UserID, int64(c.Seq), c.SeenAt})
		}
	}
	return l.rows(ctx, "read_cursors", []string{"account_id", "conversation_id", "user_id", "seq", "seen_at"}, rows)
}

// LoadIntake writes filed entries of the journal, and counts them.
func (l *Loader) LoadIntake(ctx context.Context, all []parley.Intake) error {
	rows := make([][]any, len(all))
	counts := IntakeCounts{}
	for i, e := range all {
		counts.Add(e)
		rows[i] = []any{
			e.ID, e.AccountID, e.ChannelID, e.State, e.Outcome, e.Blob, e.Size, e.Lane, e.MailFrom, e.RcptTo, e.RemoteAddr, e.Helo, e.ReceivedAt, e.FiledAt, e.Tries, e.Error, e.MessageID, e.ConversationID, e.Source, e.SourceKey, e.Archive,
		}
	}
	if err := l.rows(ctx, "intake", names(intakeColumns), rows); err != nil {
		return err
	}
	if err := l.AddIntakeAccepted(ctx, counts); err != nil {
		return err
	}
	return l.AddIntakeFiled(ctx, counts)
}

// FinishLoad sets the account's counters to the last numbers that were given.
func (l *Loader) FinishLoad(ctx context.Context, account parley.AccountID, seq parley.Seq, number int64) error {
	return l.execOne(ctx, `UPDATE account_counters SET seq = ?, number = ? WHERE account_id = ?`, int64(seq), number, account)
}

// names takes a list of columns apart.
func names(columns string) []string {
	return strings.FieldsFunc(columns, func(r rune) bool { return strings.ContainsRune(", \n\t", r) })
}
