package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"parley/internal/parley"
	"parley/internal/store"
)

// Upload stores a file for a message that is being written. The size was limited by the caller.
func (s *Service) Upload(ctx context.Context, actor parley.Actor, filename, contentType string, content io.Reader) (a parley.Attachment, err error) {
	if err := actor.Must(parley.Annotate, 0); err != nil {
		return a, err
	}
	key, size, err := s.blobs.Put(ctx, actor.AccountID, content)
	if err != nil {
		return a, fmt.Errorf("store upload: %w", err)
	}
	if size == 0 {
		return a, parley.Errorf(parley.Invalid, "attachment.empty", "This file is empty.").On("file")
	}
	var id parley.AttachmentID
	err = s.db.Update(ctx, func(tx *store.Tx) (err error) {
		id, err = store.Once(ctx, tx, actor, func() (parley.AttachmentID, error) {
			a := parley.Attachment{
				AccountID: actor.AccountID, UploaderID: actor.UserID, Filename: cleanName(filename), ContentType: contentType,
				Size: size, Blob: key, CreatedAt: tx.Now(),
			}
			err := tx.InsertAttachment(ctx, &a)
			return a.ID, err
		})
		return err
	})
	if err != nil {
		return a, err
	}
	return s.Attachment(ctx, actor, id)
}

// cleanName keeps a file's own name, without folders and control characters, in at most 200 characters.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 200 {
		ext := []rune(path.Ext(name))
		if len(ext) > 20 {
			ext = nil
		}
		name = string(runes[:200-len(ext)]) + string(ext)
	}
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	return name
}

// Attachment gives a file that the actor may see: of a message in their inboxes, of
// a canned message or signature that they may use, or their own upload.
func (s *Service) Attachment(ctx context.Context, actor parley.Actor, id parley.AttachmentID) (a parley.Attachment, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		a, err = tx.AttachmentByID(ctx, actor.AccountID, id)
		if err != nil {
			return err
		}
		switch {
		case a.SignatureID != 0: // it goes out with mail
			return nil
		case a.CannedID != 0:
			_, err = tx.CannedMessageByID(ctx, actor.AccountID, actor.UserID, a.CannedID)
			return err
		case a.MessageID == 0 && a.UploaderID == actor.UserID:
			return nil
		case a.MessageID == 0:
			return store.ErrNoRow
		}
		_, err = visibleMessage(ctx, tx, actor, a.MessageID, tx.MessageByID)
		return err
	})
	if errors.Is(err, store.ErrNoRow) {
		return a, parley.Errorf(parley.NotFound, "id.unknown", "There is nothing with this id.")
	}
	return a, err
}

// Open reads the bytes of a file or of a message as it came or went.
func (s *Service) Open(ctx context.Context, actor parley.Actor, key parley.BlobKey) (io.ReadCloser, error) {
	return s.blobs.Open(ctx, actor.AccountID, key)
}
