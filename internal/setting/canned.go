package setting

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"parley/internal/parley"
	"parley/internal/store"
)

const (
	maxCanned  = 2000 // of an account
	maxFolders = 200  // listed
	maxSubject = 500  // characters
)

// shortcut is what may stand behind a slash.
var shortcut = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}_-]{0,29}$`)

// CannedChange says how a canned message is to be; nil leaves it, or takes the default of a new one.
type CannedChange struct {
	Name          *string
	Shortcut      *string
	Folder        *string
	Shared        *bool
	Subject       *string
	HTML          *string
	AttachmentIDs *[]parley.AttachmentID
	text          string // of HTML
}

// CannedFilter says which canned messages to list.
type CannedFilter struct {
	Query  string
	Folder *string // nil: all
	Limit  int
	Cursor string
}

// CannedMessages lists everybody's canned messages and the actor's own, those that a
// search means most surely first, else the most used first; and the cursor of the next page.
func (s *Service) CannedMessages(ctx context.Context, actor parley.Actor, f CannedFilter) ([]parley.CannedMessage, string, error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return nil, "", err
	}
	after, err := readCannedCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	var rows []store.CannedRow
	err = s.DB.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.ListCannedMessages(ctx, store.CannedQuery{
			AccountID: actor.AccountID, UserID: actor.UserID, Folder: f.Folder, Query: f.Query, After: after, Limit: f.Limit + 1,
		})
		return err
	})
	next := ""
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		k := rows[f.Limit-1].Key()
		next = fmt.Sprintf("%d.%d.%d", k.Rank, k.Uses, k.ID)
	}
	out := make([]parley.CannedMessage, len(rows))
	for i, r := range rows {
		out[i] = r.CannedMessage
	}
	return out, next, err
}

func readCannedCursor(cursor string) (*store.CannedKey, error) {
	if cursor == "" {
		return nil, nil //nolint:nilnil // from the start
	}
	var k [3]int64
	parts := strings.Split(cursor, ".")
	ok := len(parts) == len(k)
	for i := 0; ok && i < len(k); i++ {
		var err error
		k[i], err = strconv.ParseInt(parts[i], 10, 64)
		ok = err == nil
	}
	if !ok {
		return nil, parley.Errorf(parley.Invalid, "cursor.invalid", "This cursor is not one that the API gave out. Begin without one.").On("cursor")
	}
	return &store.CannedKey{Rank: int(k[0]), Uses: k[1], ID: parley.CannedMessageID(k[2])}, nil
}

// CannedFolders lists the folders of the canned messages that the actor may use.
func (s *Service) CannedFolders(ctx context.Context, actor parley.Actor) (out []store.CannedFolder, err error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.ListCannedFolders(ctx, actor.AccountID, actor.UserID, maxFolders)
		return err
	})
	return out, err
}

// CannedMessage is everybody's or the actor's own.
func (s *Service) CannedMessage(ctx context.Context, actor parley.Actor, id parley.CannedMessageID) (c parley.CannedMessage, err error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return c, err
	}
	err = s.DB.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.CannedMessageByID(ctx, actor.AccountID, actor.UserID, id)
		return err
	})
	return c, orGone(err)
}

// CreateCannedMessage makes a canned message: one's own unless it is to be shared.
func (s *Service) CreateCannedMessage(ctx context.Context, actor parley.Actor, change CannedChange) (parley.CannedMessage, error) {
	if change.Name == nil {
		change.Name = new("")
	}
	if change.HTML == nil {
		change.HTML = new("")
	}
	shared := change.Shared != nil && *change.Shared
	if err := mayCan(actor, shared); err != nil {
		return parley.CannedMessage{}, err
	}
	if err := change.check(); err != nil {
		return parley.CannedMessage{}, err
	}
	var id parley.CannedMessageID
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		id, err = store.Once(ctx, tx, actor, func() (parley.CannedMessageID, error) { return s.insertCanned(ctx, tx, actor, change) })
		return err
	})
	if err != nil {
		return parley.CannedMessage{}, err
	}
	return s.CannedMessage(ctx, actor, id)
}

// mayCan asks whether the actor may make or change such a canned message.
func mayCan(actor parley.Actor, shared bool) error {
	if shared {
		return actor.Must(parley.Settings, 0)
	}
	return actor.Must(parley.Write, 0)
}

func (s *Service) insertCanned(ctx context.Context, tx *store.Tx, actor parley.Actor, change CannedChange) (parley.CannedMessageID, error) {
	n, err := tx.CountCannedMessages(ctx, actor.AccountID)
	if err != nil {
		return 0, err
	}
	if n >= maxCanned {
		return 0, parley.Errorf(parley.Conflict, "canned.too_many", "An account has at most %d canned messages. Delete one that nobody uses.", maxCanned).With("max", fmt.Sprint(maxCanned))
	}
	c := change.apply(parley.CannedMessage{AccountID: actor.AccountID, OwnerID: actor.UserID, CreatedAt: tx.Now()}, actor)
	c.UpdatedAt = tx.Now()
	if err := shortcutFree(ctx, tx, c); err != nil {
		return 0, err
	}
	if err := tx.InsertCannedMessage(ctx, &c); err != nil {
		return 0, shortcutTaken(err)
	}
	f, err := chooseFiles(ctx, tx, actor, nil, change.AttachmentIDs, c.HTML)
	if err != nil {
		return 0, err
	}
	if err := tx.KeepUploads(ctx, f.add, c.ID, 0); err != nil {
		return 0, fmt.Errorf("keep files: %w", err)
	}
	cannedChanged(tx, actor, c)
	return c.ID, nil
}

// UpdateCannedMessage changes a canned message.
func (s *Service) UpdateCannedMessage(ctx context.Context, actor parley.Actor, id parley.CannedMessageID, change CannedChange) (parley.CannedMessage, error) {
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.LockCannedMessage(ctx, actor.AccountID, actor.UserID, id)
		if err != nil {
			return orGone(err)
		}
		if err := change.may(actor, was); err != nil {
			return err
		}
		if err := change.check(); err != nil {
			return err
		}
		return s.updateCanned(ctx, tx, actor, was, change)
	})
	if err != nil {
		return parley.CannedMessage{}, err
	}
	return s.CannedMessage(ctx, actor, id)
}

func (s *Service) updateCanned(ctx context.Context, tx *store.Tx, actor parley.Actor, was parley.CannedMessage, change CannedChange) error {
	now := change.apply(was, actor)
	now.UpdatedAt = tx.Now()
	if was.Shared() && !now.Shared() {
		if err := unused(ctx, tx, was); err != nil {
			return err
		}
	}
	if err := shortcutFree(ctx, tx, now); err != nil {
		return err
	}
	if err := tx.UpdateCannedMessage(ctx, &now); err != nil {
		return shortcutTaken(err)
	}
	f, err := chooseFiles(ctx, tx, actor, was.Attachments, change.AttachmentIDs, now.HTML)
	if err != nil {
		return err
	}
	if err := tx.KeepUploads(ctx, f.add, now.ID, 0); err != nil {
		return fmt.Errorf("keep files: %w", err)
	}
	if err := tx.UpdateKept(ctx, now.AccountID, f.keep, f.gone); err != nil {
		return fmt.Errorf("update files: %w", err)
	}
	if was.OwnerID != now.OwnerID { // gone for everybody, or for its owner as their own
		cannedChanged(tx, actor, was)
	}
	cannedChanged(tx, actor, now)
	return nil
}

// DeleteCannedMessage deletes a canned message, unless a channel answers with it.
func (s *Service) DeleteCannedMessage(ctx context.Context, actor parley.Actor, id parley.CannedMessageID) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.LockCannedMessage(ctx, actor.AccountID, actor.UserID, id)
		if err != nil {
			return orGone(err)
		}
		if err := mayCan(actor, c.Shared()); err != nil {
			return err
		}
		if err := unused(ctx, tx, c); err != nil {
			return err
		}
		cannedChanged(tx, actor, c)
		return tx.DeleteCannedMessage(ctx, c)
	})
}

func unused(ctx context.Context, tx *store.Tx, c parley.CannedMessage) error {
	used, err := tx.CannedInUse(ctx, c.AccountID, c.ID)
	if err == nil && used {
		return parley.Errorf(parley.Conflict, "canned.in_use", "A channel answers with this message. Choose another one there first.")
	}
	return err
}

// may asks whether the actor may make this change: for one that is shared now, or is to be.
func (c *CannedChange) may(actor parley.Actor, was parley.CannedMessage) error {
	return mayCan(actor, was.Shared() || c.Shared != nil && *c.Shared)
}

// check collects what is wrong with the input alone, and brings it into form.
func (c *CannedChange) check() error {
	var faults parley.Faults
	if c.Name != nil {
		c.Name = new(line(&faults, "name", *c.Name))
	}
	if c.Shortcut != nil {
		c.Shortcut = new(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(*c.Shortcut), "/")))
		if *c.Shortcut != "" && !shortcut.MatchString(*c.Shortcut) {
			faults.Add(parley.Errorf(parley.Invalid, "canned.shortcut", "A shortcut has 1 to 30 letters, digits, hyphens and underscores.").On("shortcut"))
		}
	}
	if c.Folder != nil {
		folder := ""
		if strings.TrimSpace(*c.Folder) != "" {
			folder = line(&faults, "folder", *c.Folder)
		}
		c.Folder = &folder
	}
	if c.Subject != nil {
		c.Subject = new(subjectLine(&faults, *c.Subject))
	}
	if c.HTML != nil {
		html, text := template(&faults, *c.HTML)
		c.HTML, c.text = &html, text
		if faults.Err() == nil && blank(html, text) {
			faults.Add(emptyTemplate())
		}
	}
	return faults.Err()
}

func (c *CannedChange) apply(m parley.CannedMessage, actor parley.Actor) parley.CannedMessage {
	for into, value := range map[*string]*string{&m.Name: c.Name, &m.Shortcut: c.Shortcut, &m.Folder: c.Folder, &m.Subject: c.Subject} {
		if value != nil {
			*into = *value
		}
	}
	if c.HTML != nil {
		m.HTML, m.Text = *c.HTML, c.text
	}
	if c.Shared != nil {
		m.OwnerID = 0
		if !*c.Shared {
			m.OwnerID = actor.UserID
		}
	}
	return m
}

// shortcutFree: what everybody types stays what it is for everybody.
func shortcutFree(ctx context.Context, tx *store.Tx, c parley.CannedMessage) error {
	if c.Shortcut == "" {
		return nil
	}
	taken, err := tx.SharedShortcutTaken(ctx, c.AccountID, c.Shortcut, c.ID)
	if err == nil && taken {
		return shortcutTaken(store.ErrTaken)
	}
	return err
}

func shortcutTaken(err error) error {
	if errors.Is(err, store.ErrTaken) {
		return parley.Errorf(parley.Conflict, "canned.shortcut_taken", "Another canned message has this shortcut. Choose another one.").On("shortcut")
	}
	return err
}

func cannedChanged(tx *store.Tx, actor parley.Actor, c parley.CannedMessage) {
	tx.AppendEvent(&parley.Event{
		AccountID: actor.AccountID, Kind: parley.CannedMessageChanged, ActorID: actor.UserID, UserID: c.OwnerID,
		Data: parley.JSON(`{"canned_message_id":` + c.ID.String() + `}`),
	})
}
