package conversation

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/mime"
	"parley/internal/parley"
	"parley/internal/sanitize"
	"parley/internal/store"
)

const maxNote = 100_000 // bytes of text, and of HTML

// NoteText is what a note says, as a person wrote it: text, or HTML that is made
// safe here, or both. Without text the HTML's own is taken.
type NoteText struct {
	Text string
	HTML string
}

// clean gives what is stored of it.
func (n NoteText) clean() (NoteText, error) {
	if len(n.Text) > maxNote || len(n.HTML) > maxNote {
		return n, parley.Errorf(parley.Invalid, "note.too_long", "This note is too long: at most %d bytes.", maxNote).On("text")
	}
	if !storable(n.Text) || !storable(n.HTML) {
		return n, parley.Errorf(parley.Invalid, "field.invalid", "This has characters that can't be stored.").On("text")
	}
	if n.HTML != "" {
		n.HTML = sanitize.Composed(n.HTML)
	}
	if strings.TrimSpace(n.Text) == "" {
		n.Text = mime.TextFromHTML(n.HTML)
	}
	if strings.TrimSpace(n.Text) == "" {
		return n, parley.Errorf(parley.Invalid, "note.empty", "Write something first.").On("text")
	}
	return n, nil
}

// storable: PostgreSQL takes neither NUL nor broken UTF-8.
func storable(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// AddNote writes a note for the team, and forgets the actor's draft of one.
func (s *Service) AddNote(ctx context.Context, actor parley.Actor, id parley.ConversationID, text NoteText) (parley.Note, error) {
	var made parley.NoteID
	err := s.db.Update(ctx, func(tx *store.Tx) (err error) {
		made, err = store.Once(ctx, tx, actor, func() (parley.NoteID, error) {
			n, err := s.AddNoteTx(ctx, tx, actor, id, text)
			return n.ID, err
		})
		return err
	})
	if err != nil {
		return parley.Note{}, fault("add note", err)
	}
	return s.note(ctx, actor, id, made)
}

// AddNoteTx is AddNote within the caller's transaction; the note's Seq is set when it ends.
func (s *Service) AddNoteTx(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID, text NoteText) (parley.Note, error) {
	text, err := text.clean()
	if err != nil {
		return parley.Note{}, err
	}
	c, err := locked(ctx, tx, actor, id, parley.Annotate)
	if err != nil {
		return parley.Note{}, err
	}
	named, err := mentions(ctx, tx, c.AccountID, &text)
	if err != nil {
		return parley.Note{}, err
	}
	n := parley.Note{AccountID: c.AccountID, ConversationID: c.ID, AuthorID: actor.UserID, Text: text.Text, HTML: text.HTML, CreatedAt: tx.Now()}
	if err := tx.InsertNote(ctx, &n); err != nil {
		return n, err
	}
	if _, err := tx.DeleteDraft(ctx, c.AccountID, actor.UserID, c.ID, ModeNote); err != nil {
		return n, err
	}
	if len(named) > 0 {
		if err := tx.SetMentions(ctx, n, named); err != nil {
			return n, fmt.Errorf("note mentions: %w", err)
		}
	}
	noteEvent(tx, c, parley.NoteAdded, actor, n.ID, named)
	return n, nil
}

// EditNote changes what a note says. Its author may, and an admin.
func (s *Service) EditNote(ctx context.Context, actor parley.Actor, id parley.ConversationID, note parley.NoteID, text NoteText) (parley.Note, error) {
	text, err := text.clean()
	if err != nil {
		return parley.Note{}, err
	}
	return s.changeNote(ctx, actor, id, note, parley.NoteEdited, func(tx *store.Tx, n *parley.Note) ([]parley.UserID, error) {
		named, err := mentions(ctx, tx, n.AccountID, &text)
		n.Text, n.HTML, n.EditedAt = text.Text, text.HTML, new(tx.Now())
		return named, err
	})
}

// DeleteNote takes a note away, its text too. Its author may, and an admin.
func (s *Service) DeleteNote(ctx context.Context, actor parley.Actor, id parley.ConversationID, note parley.NoteID) error {
	_, err := s.changeNote(ctx, actor, id, note, parley.NoteDeleted, func(tx *store.Tx, n *parley.Note) ([]parley.UserID, error) {
		n.Text, n.HTML, n.DeletedAt = "", "", new(tx.Now())
		return nil, nil
	})
	return err
}

func (s *Service) changeNote(ctx context.Context, actor parley.Actor, id parley.ConversationID, note parley.NoteID, kind parley.EventKind, change func(*store.Tx, *parley.Note) ([]parley.UserID, error)) (parley.Note, error) {
	var n parley.Note
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		c, err := locked(ctx, tx, actor, id, parley.Annotate)
		if err != nil {
			return err
		}
		if n, err = tx.LockNote(ctx, c.AccountID, c.ID, note); err != nil {
			return err
		}
		if n.AuthorID != actor.UserID && !actor.May(parley.Settings, 0) {
			return parley.Errorf(parley.Forbidden, "note.not_yours", "Only its author or an admin may change this note.")
		}
		named, err := change(tx, &n)
		if err != nil {
			return err
		}
		if err := tx.UpdateNote(ctx, &n); err != nil {
			return err
		}
		if err := tx.SetMentions(ctx, n, named); err != nil {
			return fmt.Errorf("note mentions: %w", err)
		}
		noteEvent(tx, c, kind, actor, n.ID, named)
		return nil
	})
	return n, fault("change note", err)
}

func (s *Service) note(ctx context.Context, actor parley.Actor, conversation parley.ConversationID, id parley.NoteID) (parley.Note, error) {
	var n parley.Note
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.NoteByID(ctx, actor.AccountID, conversation, id)
		return err
	})
	return n, fault("load note", err)
}

// mentioned is how the HTML of a note names a user.
var mentioned = regexp.MustCompile(` data-mention="([1-9][0-9]*)"`)

// maxMentions bounds whom one note may name.
const maxMentions = 50

// Mentions are the users that the HTML of a note names.
func Mentions(html string) (ids []parley.UserID) {
	for _, m := range mentioned.FindAllStringSubmatch(html, -1) {
		id, err := parley.ParseID[parley.User](m[1])
		if err == nil && !slices.Contains(ids, id) && len(ids) < maxMentions {
			ids = append(ids, id)
		}
	}
	return ids
}

// mentions are the users of the account that a note names. What names anybody else
// becomes plain words.
func mentions(ctx context.Context, tx *store.Tx, account parley.AccountID, text *NoteText) ([]parley.UserID, error) {
	ids := Mentions(text.HTML)
	if len(ids) == 0 {
		return nil, nil
	}
	known, err := tx.ListKnownUsers(ctx, account, ids)
	if err != nil {
		return nil, fmt.Errorf("load mentioned users: %w", err)
	}
	text.HTML = mentioned.ReplaceAllStringFunc(text.HTML, func(attr string) string {
		id, err := parley.ParseID[parley.User](mentioned.FindStringSubmatch(attr)[1])
		if err != nil || !slices.Contains(known, id) {
			return ""
		}
		return attr
	})
	return known, nil
}

// noteEvent tells of a note, and whom it names.
func noteEvent(tx *store.Tx, c parley.Conversation, kind parley.EventKind, actor parley.Actor, id parley.NoteID, named []parley.UserID) {
	var data parley.JSON
	if len(named) > 0 {
		list := make([]string, len(named))
		for i, u := range named {
			list[i] = u.String()
		}
		data = parley.JSON(`{"mentions":[` + strings.Join(list, ",") + `]}`)
	}
	if c.Draft {
		tx.AppendEvent(&parley.Event{AccountID: c.AccountID, Kind: kind, ActorID: actor.UserID, UserID: c.CreatorID, ConversationID: c.ID, NoteID: id, Data: data})
		return
	}
	tx.AppendEvent(&parley.Event{
		AccountID: c.AccountID, Kind: kind, ActorID: actor.UserID, ConversationID: c.ID, NoteID: id,
		ContactID: c.ContactID, InboxID: c.InboxID, ChannelID: c.ChannelID, Data: data,
	})
}
