package conversation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"parley/internal/mime"
	"parley/internal/parley"
	"parley/internal/store"
)

// The modes of the composer, each with a draft of its own.
const (
	ModeReply = "reply"
	ModeNote  = "note"
)

const (
	maxDraft        = 1 << 20 // bytes
	maxDraftPreview = 200     // characters
)

// Drafts gives what the actor has written in a conversation and not sent yet.
func (s *Service) Drafts(ctx context.Context, actor parley.Actor, id parley.ConversationID) ([]parley.DraftMessage, error) {
	var out []parley.DraftMessage
	err := s.db.View(ctx, func(tx *store.Tx) error {
		c, err := visible(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		out, err = tx.ListDrafts(ctx, c.AccountID, actor.UserID, c.ID)
		return err
	})
	return out, fault("list drafts", err)
}

// SaveDraft writes what the actor has written so far, as the version after base
// (0: none yet). Where another version was saved meanwhile, in another tab or by
// another device, it is conflict draft.newer, and what is returned is that one.
func (s *Service) SaveDraft(ctx context.Context, actor parley.Actor, id parley.ConversationID, mode string, content parley.JSON, base int64) (parley.DraftMessage, error) {
	if err := checkDraft(mode, content, base); err != nil {
		return parley.DraftMessage{}, err
	}
	d := parley.DraftMessage{AccountID: actor.AccountID, UserID: actor.UserID, ConversationID: id, Mode: mode, Content: content}
	var newer *parley.DraftMessage
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		newer = nil
		c, err := locked(ctx, tx, actor, id, writing(mode))
		if err != nil {
			return err
		}
		d.Preview, d.Begun = Begun(content)
		err = tx.SaveDraft(ctx, &d, base)
		if errors.Is(err, store.ErrNoRow) {
			newer, err = newerDraft(ctx, tx, d)
			return err
		}
		if err != nil {
			return err
		}
		private(tx, c, parley.DraftChanged, actor.UserID, `{"mode":"`+mode+`"}`)
		return nil
	})
	if err == nil && newer != nil {
		return *newer, parley.Errorf(parley.Conflict, "draft.newer", "This draft was changed elsewhere. Take that text over, or save yours again.")
	}
	return d, fault("save draft", err)
}

// Begun tells whether a draft's content has something in it that would be lost with it, and its first words.
// Recipients and a subject are soon written again; but whom a forward goes to is what it is for.
func Begun(content parley.JSON) (preview string, begun bool) {
	var c struct {
		Mode   string           `json:"mode"`
		To, Cc parley.Addresses // of JSON's "to" and "cc"
		HTML   string           `json:"html"`
		Files  []struct {
			Filename string `json:"filename"`
		} `json:"files"`
	}
	if err := json.Unmarshal(content, &c); err != nil {
		if _, odd := errors.AsType[*json.UnmarshalTypeError](err); !odd { // the rest of it is read all the same
			return "", false
		}
	}
	preview = oneLine(mime.TextFromHTML(c.HTML), maxDraftPreview)
	if preview == "" && len(c.Files) > 0 {
		preview = oneLine(c.Files[0].Filename, maxDraftPreview)
	}
	if preview == "" && c.Mode == string(parley.KindForward) {
		preview = oneLine(named(append(c.To, c.Cc...)), maxDraftPreview)
	}
	return preview, preview != "" || len(c.Files) > 0 || strings.Contains(c.HTML, "<img")
}

// named is how people are called, one after the other.
func named(people parley.Addresses) string {
	names := make([]string, len(people))
	for i, a := range people {
		names[i] = cmp.Or(a.Name, a.Email)
	}
	return strings.Join(names, ", ")
}

// oneLine is a text's first words, in at most limit characters.
func oneLine(text string, limit int) string {
	line := strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(line) <= limit {
		return line
	}
	return string([]rune(line)[:limit])
}

func checkDraft(mode string, content parley.JSON, base int64) error {
	var object map[string]any
	switch {
	case mode != ModeReply && mode != ModeNote:
		return parley.Errorf(parley.Invalid, "mode.unknown", "The mode is reply or note.").On("mode")
	case base < 0:
		return parley.Errorf(parley.Invalid, "field.invalid", "Send the version that you have changed; 0 if there was none.").On("base_version")
	case len(content) > maxDraft:
		return parley.Errorf(parley.TooLarge, "draft.too_large", "This draft is too large: at most %d bytes.", maxDraft).On("content")
	case json.Unmarshal(content, &object) != nil || strings.Contains(string(content), `\u0000`):
		return parley.Errorf(parley.Invalid, "field.invalid", "Send an object.").On("content")
	}
	return nil
}

// newerDraft is what stands in the way of d; one that was sent or thrown away meanwhile is empty, of version 0.
func newerDraft(ctx context.Context, tx *store.Tx, d parley.DraftMessage) (*parley.DraftMessage, error) {
	is, err := tx.DraftOf(ctx, d.AccountID, d.UserID, d.ConversationID, d.Mode)
	if errors.Is(err, store.ErrNoRow) {
		d.Content, d.Version, d.UpdatedAt = nil, 0, tx.Now()
		return &d, nil
	}
	return &is, err
}

// writing is what one must be allowed in order to write in a mode.
func writing(mode string) parley.Permission {
	if mode == ModeNote {
		return parley.Annotate
	}
	return parley.Write
}

// DeleteDraft throws a draft away.
func (s *Service) DeleteDraft(ctx context.Context, actor parley.Actor, id parley.ConversationID, mode string) error {
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		c, err := locked(ctx, tx, actor, id, parley.Read)
		if err != nil {
			return err
		}
		was, err := tx.DeleteDraft(ctx, c.AccountID, actor.UserID, c.ID, mode)
		if err == nil && was {
			private(tx, c, parley.DraftChanged, actor.UserID, `{"mode":"`+mode+`"}`)
		}
		return err
	})
	return fault("delete draft", err)
}

// DeleteEmpty deletes a conversation that the actor has started and in which nothing was sent.
func (s *Service) DeleteEmpty(ctx context.Context, actor parley.Actor, id parley.ConversationID) error {
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		c, err := locked(ctx, tx, actor, id, parley.Read)
		if err != nil {
			return err
		}
		if !c.Draft || c.MessageCount > 0 {
			return parley.Errorf(parley.Conflict, "conversation.not_empty", "Only a conversation in which nothing was sent can be deleted. Close it instead.")
		}
		if err := tx.DeleteConversation(ctx, c.AccountID, c.ID); err != nil {
			return err
		}
		private(tx, c, parley.ConversationDeleted, c.CreatorID, "")
		return nil
	})
	return fault("delete conversation", err)
}
