package seed

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/intake"
	"parley/internal/job"
	"parley/internal/mime"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/thread"
)

// What the product writes when all this really happens, step by step, is what a
// seed writes: the same rows with the same ids and numbers.
func TestSeedIsWhatTheProductWouldHaveWritten(t *testing.T) {
	t.Parallel()
	p := makePlan(options(60, 480))
	for i := range p.stories {
		p.stories[i].snooze = false // no room puts off yet
	}
	seeded := storetest.Location(t)
	db := storetest.OpenAt(t, seeded)
	var last parley.Seq
	if err := db.Load(t.Context(), func(l *store.Loader) error { return p.fill(t.Context(), l, &last) }); err != nil {
		t.Fatal(err)
	}
	lived := storetest.Location(t)
	live(t, storetest.OpenAt(t, lived), makePlan(options(60, 480)))
	for _, table := range []struct{ name, columns, order string }{
		{"conversations", strings.ReplaceAll(conversationColumns, "\n", " "), "id"},
		{"messages", "id, conversation_id, channel_id, contact_id, author_id, direction, kind, seq, at, from_name, from_email, to_list, cc_list, subject, sent_at, received_at, preview, auto_submitted, is_bounce, new_participant, unparsed, delivery, delivery_error, attempt, tries, send_at, rcpt_to", "id"},
		{"message_bodies", "message_id, text, visible_text, quote_at", "message_id"},
		{"recipients", "message_id, kind, name, address, position, delivery, error", "message_id"},
		{"attachments", "id, message_id, filename, content_type, size, inline", "id"},
		{"notes", "id, conversation_id, author_id, seq, text, created_at", "id"},
		{"events", "seq, kind, at, actor_id, conversation_id, message_id, note_id, contact_id, inbox_id, channel_id, user_id, data, timeline", "seq"},
		{"contacts", "id, name, blocked_at, blocked_by_id, blocked_why, created_at", "id"},
		{"blocklist", "kind, key, contact_id, user_id, why, created_at", "key"},
		{"read_cursors", "conversation_id, user_id, seq, seen_at", "conversation_id, user_id"},
		{"intake", "id, channel_id, state, outcome, mail_from, rcpt_to, received_at, filed_at, message_id, conversation_id", "id"},
		{"intake_days", "day, channel_id, state, entries", "day, channel_id, state"},
		{"intake_totals", "state, entries", "state"},
		{"account_counters", "seq, number", "account_id"},
		{"channels", "address, last_inbound_at, plus_tags", "id"},
	} {
		want, got := read(t, lived, table.name, table.columns, table.order), read(t, seeded, table.name, table.columns, table.order)
		if len(want) == 0 {
			t.Errorf("%s: nothing to compare", table.name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: lived (-), seeded (+):\n%s", table.name, diff)
		}
	}
}

const conversationColumns = `id, number, contact_id, channel_id, inbox_id, assignee_id, creator_id, subject, preview, status, spam, draft, folder, priority, source,
	snoozed_until, trashed_at, created_at, closed_at, first_reply_at, last_inbound_at, last_outbound_at, last_message_at, waiting_since, waiting_key, last_seq, unread_seq,
	assignee_unread, message_count, failed_count, has_attachment, follow_up_of_id, merged_into_id, fields`

func options(conversations, messages int) Options {
	o := Options{Conversations: conversations, Messages: messages, Seed: 7}
	if err := o.check(); err != nil {
		panic(err)
	}
	return o
}

func files(t *testing.T) *blob.Files {
	t.Helper()
	disk, err := blob.Disk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return disk
}

// read gives a table's rows, each as one text.
func read(t *testing.T, p storetest.Place, table, columns, order string) []string {
	t.Helper()
	driver, source := "sqlite", p.Path()
	if p.URL() != "" {
		driver, source = "pgx", p.URL()
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), "SELECT "+columns+" FROM "+table+" ORDER BY "+order)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	var out []string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var row strings.Builder
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			fmt.Fprintf(&row, "%s=%v\n", names[i], v)
		}
		out = append(out, row.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// life lets a plan really happen.
type life struct {
	t             *testing.T
	plan          *plan
	state         *state // for what the contacts write
	at            time.Time
	jobs          []parley.Job
	db            *store.DB
	intake        *intake.Service
	outbox        *outbox.Service
	conversations *conversation.Service
	queue         *job.Queue
	refuse        bool
	ids           map[string]string // Message-IDs of the plan: as they became
}

func live(t *testing.T, db *store.DB, p *plan) {
	t.Helper()
	l := &life{t: t, plan: p, ids: map[string]string{}}
	var begun []parley.Event
	err := db.Load(t.Context(), func(to *store.Loader) (err error) {
		if begun, err = p.found(t.Context(), to); err != nil {
			return err
		}
		for i := range begun {
			begun[i].Seq = parley.Seq(i + 1)
		}
		if err := to.LoadEvents(t.Context(), begun); err != nil {
			return err
		}
		return to.FinishLoad(t.Context(), p.account.ID, parley.Seq(len(begun)), 0)
	})
	if err != nil {
		t.Fatal(err)
	}
	disk := blob.NewSplit(db, files(t))
	if err := p.lay(t.Context(), disk); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return l.at }
	l.db = db.Aside(now, func(j parley.Job) { l.jobs = append(l.jobs, j) })
	settings := setting.New(setting.Options{DB: l.db, MailDomain: "in.seed.example", Now: now})
	contacts, signer, log := contact.New(l.db), thread.Signer{Keys: [][]byte{[]byte("a key of the test")}}, slog.New(slog.DiscardHandler)
	l.conversations = conversation.New(l.db, settings)
	l.intake = intake.New(intake.Options{DB: l.db, Blobs: disk, Channels: l, Settings: settings, Contacts: contacts, Conversations: l.conversations, Signer: signer, Log: log, Now: now})
	l.outbox = outbox.New(l.db, disk, l, contacts, signer, now, log)
	l.queue = job.NewQueue(l.db, "life", log)
	l.queue.Register(intake.FilingJob, intake.FilingOptions, l.intake.File)
	l.outbox.Register(l.queue)
	l.state = p.begin(store.LoadIDs{Contact: 1, Conversation: 1, Message: 1, Attachment: 1, Note: 1, Intake: 1}, parley.Seq(len(begun)), nil)
	for _, st := range p.steps {
		l.at = st.time()
		if err := l.do(st, l.state.take(st)); err != nil {
			t.Fatalf("step %+v: %v", st, err)
		}
		l.work()
	}
}

func (l *life) do(st step, will told) error {
	ctx, c := l.t.Context(), will.c
	u := l.plan.team[st.by]
	actor := parley.Actor{AccountID: u.AccountID, UserID: u.ID, Role: parley.Owner, AllInboxes: true}
	switch st.kind {
	case written:
		return l.write(c, st, *will.message)
	case answered, refused:
		l.refuse = st.kind == refused
		return l.answer(actor, c, st, will)
	case given:
		_, err := l.conversations.Assign(ctx, actor, c.ID, l.plan.team[st.to].ID)
		return err
	case noted:
		_, err := l.conversations.AddNote(ctx, actor, c.ID, conversation.NoteText{Text: l.plan.said(c.story, 1<<19)})
		return err
	case looked:
		return l.conversations.Read(ctx, actor, c.ID, 0)
	case closed:
		_, err := l.conversations.Close(ctx, actor, c.ID)
		return err
	default:
		_, err := l.conversations.Spam(ctx, actor, c.ID, "Unwelcome advertising")
		return err
	}
}

// write sends a mail of the contact.
func (l *life) write(c *progress, st step, m parley.Message) error {
	text := l.plan.text(c.story, int(st.n), true).body().Text
	d := mime.Draft{
		From: parley.Address{Name: m.FromName, Email: m.FromEmail}, To: m.To, Subject: m.Subject, SentAt: l.at, InternetID: m.InternetID, InReplyTo: l.became(m.InReplyTo), Text: text,
	}
	for _, id := range m.References {
		d.References = append(d.References, l.became(id))
	}
	for _, a := range m.Attachments {
		d.Parts = append(d.Parts, mime.Part{Filename: a.Filename, ContentType: a.ContentType, Body: contentOf(l.plan, a.Blob)})
	}
	raw, err := mime.Compose(d)
	if err != nil {
		return err
	}
	return l.intake.Accept(l.t.Context(), channel.Raw{
		ChannelID: m.ChannelID, Body: raw, MailFrom: m.MailFrom, RcptTo: m.RcptTo, RemoteAddr: "192.0.2.25:25", ReceivedAt: l.at,
	})
}

func contentOf(p *plan, key parley.BlobKey) []byte {
	for _, f := range p.stock.files {
		if f.key == key {
			return []byte(f.content)
		}
	}
	return nil
}

func (l *life) became(id string) string {
	if other, ok := l.ids[id]; ok {
		return other
	}
	return id
}

// answer sends a message of the team.
func (l *life) answer(actor parley.Actor, c *progress, st step, will told) error {
	letter := outbox.Letter{Kind: parley.KindReply, Text: l.plan.said(c.story, int(st.n)), To: will.message.To, Subject: &will.message.Subject}
	var id parley.MessageID
	if will.began {
		_, err := l.outbox.Start(l.t.Context(), actor, outbox.NewConversation{ChannelID: c.ChannelID, Source: parley.FromUser, Letter: letter})
		if err != nil {
			return err
		}
		id = will.message.ID
	} else {
		m, err := l.outbox.Send(l.t.Context(), actor, c.ID, letter)
		if err != nil {
			return err
		}
		id = m.ID
	}
	m, err := l.outbox.Message(l.t.Context(), actor, id)
	l.ids[will.message.InternetID] = m.InternetID
	return err
}

func (l *life) work() {
	for len(l.jobs) > 0 {
		jobs := l.jobs
		l.jobs = nil
		for _, j := range jobs {
			if err := l.queue.Do(l.t.Context(), j); err != nil {
				l.t.Fatalf("job %s: %v", j.Kind, err)
			}
		}
	}
}

// For opens every channel as mail that goes nowhere.
func (l *life) For(_ context.Context, _ parley.AccountID, id parley.ChannelID) (channel.Channel, error) {
	return l.Open(parley.Channel{ID: id})
}

func (l *life) Open(row parley.Channel) (channel.Channel, error) {
	ch, err := email.Type{}.Open(row.ID, nil)
	return silent{ch, l}, err
}

type silent struct {
	channel.Channel
	l *life
}

func (s silent) Send(context.Context, channel.Outgoing) (channel.Receipt, error) {
	if s.l.refuse {
		return channel.Receipt{}, &channel.SendError{Kind: channel.Permanent, Text: "550 5.1.1 No such mailbox"}
	}
	return channel.Receipt{ProviderID: "queued"}, nil
}
