package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/intake"
	"parley/internal/job"
	"parley/internal/mime"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/store"
)

// telling is a story as far as it has been told.
type telling struct {
	*filler
	story        story
	conversation parley.ConversationID
	last         written // what was said last
}

// written is a message as whoever answers it sees it.
type written struct {
	by         string
	text       string
	at         time.Time
	internetID string
	references []string
	answerTo   string // the address that an answer goes to
}

// actor is a member of the team who acts.
func (t *telling) actor(m member) parley.Actor {
	u := t.team[m]
	return parley.Actor{AccountID: t.account, UserID: u.ID, Role: u.Role, AllInboxes: true}
}

// says lets the contact write.
func says(text string, options ...mailOption) act {
	return func(ctx context.Context, t *telling) error {
		d := t.draft(text)
		for _, o := range options {
			o(&d)
		}
		if err := t.receive(ctx, d); err != nil {
			return err
		}
		t.last = written{by: d.From.Display(), text: d.Text, at: d.SentAt, internetID: d.InternetID, references: d.References, answerTo: t.last.answerTo}
		return t.introduce(ctx, d.From)
	}
}

// answersItself lets the contact's mail program answer.
func answersItself(text string) act {
	return func(ctx context.Context, t *telling) error {
		d := t.draft(text)
		d.Text, d.Subject, d.AutoSubmitted = text, "Out of office: "+t.story.subject, "auto-replied"
		return t.receive(ctx, d)
	}
}

// transit is how long a mail is on its way.
const transit = 4 * time.Second

// draft is a mail of the contact: the first, or an answer that quotes what was said last.
func (t *telling) draft(text string) mime.Draft {
	from := t.story.from
	d := mime.Draft{
		From: from.Address, To: parley.Addresses{{Email: t.channels[t.story.channel].Address}}, Subject: t.story.subject,
		SentAt: t.clock.now().Add(-transit), InternetID: strings.ToLower(rand.Text()) + "@" + from.Domain(), Text: text,
	}
	if t.last.internetID == "" {
		return d
	}
	d.InReplyTo, d.References = t.last.internetID, append(append([]string{}, t.last.references...), t.last.internetID)
	d.Subject = "Re: " + d.Subject
	if t.last.answerTo != "" {
		d.To[0].Email = t.last.answerTo
	}
	d.Text += "\n\n" + quoted(t.last.by, t.last.at, t.last.text)
	return d
}

// receive takes a mail in, as if it had come over the wire, and files it.
func (t *telling) receive(ctx context.Context, d mime.Draft) error {
	raw, err := mime.Compose(d)
	if err != nil {
		return err
	}
	m := newMail(raw, d.From.Email, []string{d.To[0].Email}, d.SentAt)
	m.Sent = true
	t.carry(m)
	return t.accept(ctx, raw, d.From.Email, d.To[0].Email, hostOf(d.From, false))
}

// accept takes bytes in, as they come from a host, and files them.
func (t *telling) accept(ctx context.Context, raw []byte, mailFrom, rcptTo string, host netip.Addr) error {
	in := channel.Raw{
		ChannelID: t.channels[t.story.channel].ID, Body: raw, MailFrom: mailFrom, RcptTo: []string{rcptTo}, RemoteAddr: remote(host), ReceivedAt: t.clock.now(),
	}
	if err := t.intake.Accept(ctx, in); err != nil {
		return err
	}
	entry, err := t.file(ctx)
	if err != nil || t.conversation != 0 {
		return err
	}
	e, err := t.intake.Entry(ctx, parley.SystemActor(t.account), entry)
	if err != nil {
		return err
	}
	return t.begin(ctx, e.ConversationID)
}

// file does the job that files what was accepted, and tells its entry.
func (t *telling) file(ctx context.Context) (parley.IntakeID, error) {
	jobs := t.jobs.take()
	if len(jobs) != 1 || jobs[0].Kind != intake.FilingJob {
		return 0, fmt.Errorf("a mail made %d jobs", len(jobs))
	}
	return t.fileOne(ctx, jobs[0])
}

// fileOne files the entry that a job names, which is of the sample.
func (t *telling) fileOne(ctx context.Context, j parley.Job) (parley.IntakeID, error) {
	args, err := job.Args[struct {
		Entry parley.IntakeID `json:"entry"`
	}](j)
	if err != nil {
		return 0, err
	}
	if err := t.note(ctx, store.SampleEntry, int64(args.Entry)); err != nil {
		return 0, err
	}
	if err := t.queue.Do(ctx, j); err != nil {
		return 0, fmt.Errorf("file: %w", err)
	}
	return args.Entry, nil
}

// begin notes the conversation and its contact.
func (t *telling) begin(ctx context.Context, id parley.ConversationID) error {
	if id == 0 {
		return errors.New("a mail became no conversation")
	}
	t.conversation = id
	return t.note(ctx, store.SampleConversation, int64(id))
}

// introduce notes a contact as one of the sample, with what the team knows of them.
func (t *telling) introduce(ctx context.Context, who parley.Address) error {
	key := who.Key()
	if t.known[key] {
		return nil
	}
	t.known[key] = true
	var c parley.Contact
	err := t.db.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.ContactByPoint(ctx, t.account, who.Kind(), key)
		return err
	})
	if err != nil {
		return fmt.Errorf("find contact: %w", err)
	}
	if err := t.note(ctx, store.SampleContact, int64(c.ID)); err != nil {
		return err
	}
	p := t.story.from
	if p.Key() != key {
		return nil
	}
	change := contact.Change{Name: &p.Name, Company: &p.Company, JobTitle: &p.JobTitle, About: &p.About}
	if p.Phone != "" {
		change.Phones = &[]string{p.Phone}
	}
	_, err = t.contacts.Update(ctx, parley.SystemActor(t.account), c.ID, change)
	return err
}

// replies lets a member of the team answer.
func replies(m member, text string, uploads ...upload) act {
	return func(ctx context.Context, t *telling) error {
		l := outbox.Letter{Kind: parley.KindReply, HTML: composed(text)}
		for _, u := range uploads {
			a, err := t.outbox.Upload(ctx, t.actor(m), u.name, u.contentType, bytes.NewReader(u.content()))
			if err != nil {
				return err
			}
			l.AttachmentIDs = append(l.AttachmentIDs, a.ID)
		}
		sent, err := t.outbox.Send(ctx, t.actor(m), t.conversation, l)
		if err != nil {
			return err
		}
		return t.send(ctx, sent.ID)
	}
}

// starts lets a member of the team write first.
func starts(m member, text string) act {
	return func(ctx context.Context, t *telling) error {
		id, err := t.outbox.Start(ctx, t.actor(m), outbox.NewConversation{
			ChannelID: t.channels[t.story.channel].ID, Source: parley.FromUser,
			Letter: outbox.Letter{To: parley.Addresses{t.story.from.Address}, Subject: &t.story.subject, HTML: composed(text)},
		})
		if err != nil {
			return err
		}
		if err := t.begin(ctx, id); err != nil {
			return err
		}
		if err := t.introduce(ctx, t.story.from.Address); err != nil {
			return err
		}
		var recent []parley.Message
		err = t.db.View(ctx, func(tx *store.Tx) (err error) {
			recent, err = tx.ListRecentMessages(ctx, t.account, id, 1)
			return err
		})
		if err != nil {
			return err
		}
		return t.send(ctx, recent[0].ID)
	}
}

// send does the job that sends a message, and remembers what its recipient sees.
func (t *telling) send(ctx context.Context, id parley.MessageID) error {
	t.clock.set(t.clock.now().Add(transit))
	if err := t.work(ctx); err != nil {
		return err
	}
	m, body, err := t.outbox.Body(ctx, parley.SystemActor(t.account), id)
	if err != nil {
		return err
	}
	t.last = written{by: m.FromName, text: body.Text, at: m.ReceivedAt, internetID: m.InternetID, references: m.References, answerTo: m.MailFrom}
	return nil
}

// notes lets a member write a note.
func notes(m member, text string) act {
	return func(ctx context.Context, t *telling) error {
		_, err := t.filler.conversation.AddNote(ctx, t.actor(m), t.conversation, conversation.NoteText{Text: text})
		return err
	}
}

// changes is what a member does to a conversation.
func changes(do func(ctx context.Context, t *telling) error) act {
	return func(ctx context.Context, t *telling) error {
		if err := do(ctx, t); err != nil {
			return err
		}
		return t.work(ctx)
	}
}

func assigns(by, to member) act {
	return changes(func(ctx context.Context, t *telling) error {
		_, err := t.filler.conversation.Assign(ctx, t.actor(by), t.conversation, t.team[to].ID)
		return err
	})
}

func moves(by member, to channelKey) act {
	return changes(func(ctx context.Context, t *telling) error {
		_, err := t.filler.conversation.Move(ctx, t.actor(by), t.conversation, t.channels[to].InboxID)
		return err
	})
}

func closes(by member) act {
	return changes(func(ctx context.Context, t *telling) error {
		_, err := t.filler.conversation.Close(ctx, t.actor(by), t.conversation)
		return err
	})
}

func spams(by member, why string) act {
	return changes(func(ctx context.Context, t *telling) error {
		_, err := t.filler.conversation.Spam(ctx, t.actor(by), t.conversation, why)
		return err
	})
}

// oliveReads is what makes the list of whoever added the sample look used.
func oliveReads() act {
	return changes(func(ctx context.Context, t *telling) error {
		return t.filler.conversation.Read(ctx, t.actor(olive), t.conversation, 0)
	})
}
