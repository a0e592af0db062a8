package outbox

import (
	"context"
	"fmt"
	"slices"

	"parley/internal/merge"
	"parley/internal/parley"
	"parley/internal/store"
)

// Previewed is a letter as it would be sent now.
type Previewed struct {
	HTML, Text string
	Unresolved []string // fields without a value
	Unknown    []string // what there is no field or filter of
}

// Preview shows what would be sent of HTML with merge fields, below it the signature if asked for.
func (s *Service) Preview(ctx context.Context, actor parley.Actor, id parley.ConversationID, htm string, signature bool) (out Previewed, err error) {
	if len(htm) > MaxText {
		return out, parley.Errorf(parley.Invalid, "message.too_long", "This is longer than %d characters. Send it as an attachment.", MaxText).On("html")
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		at, err := sceneOf(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		var sig parley.Signature
		if signature {
			if sig, _, err = at.signatureOf(ctx, tx); err != nil {
				return err
			}
		}
		f, err := at.fields(ctx, tx, htm, sig.HTML)
		if err != nil {
			return err
		}
		b, missing := Letter{HTML: htm, Merge: true}.body(f)
		foot := fillSignature(sig, f)
		sign(&b, foot)
		out = Previewed{HTML: b.HTML, Text: b.Text, Unresolved: unique(missing, foot.unresolved), Unknown: merge.Unknown(htm)}
		return nil
	})
	return out, err
}

// SignatureAsSent is the signature that a message of the actor's would get.
type SignatureAsSent struct {
	Level      parley.SignatureLevel // empty: there is none
	HTML, Text string
	Unresolved []string
}

// Signature gives the most specific signature for a message of the actor in a conversation, its fields filled in.
func (s *Service) Signature(ctx context.Context, actor parley.Actor, id parley.ConversationID) (out SignatureAsSent, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		at, err := sceneOf(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		sig, _, err := at.signatureOf(ctx, tx)
		if err != nil || sig.HTML == "" {
			return err
		}
		f, err := at.fields(ctx, tx, sig.HTML)
		if err != nil {
			return err
		}
		foot := fillSignature(sig, f)
		out = SignatureAsSent{sig.Level, foot.html, foot.text, foot.unresolved}
		return nil
	})
	return out, err
}

// sceneOf is a conversation that the actor sees, with the actor as who writes.
func sceneOf(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID) (at scene, err error) {
	c, err := tx.ConversationByID(ctx, actor.AccountID, id)
	if err := visible(actor, c, err); err != nil {
		return at, err
	}
	if err := actor.Must(parley.Write, c.InboxID); err != nil {
		return at, err
	}
	at.c = c
	if at.channel, err = tx.ChannelByID(ctx, c.AccountID, c.ChannelID); err != nil {
		return at, channelOff(err)
	}
	if at.contact, err = tx.ContactByID(ctx, c.AccountID, c.ContactID); err != nil {
		return at, fmt.Errorf("load contact: %w", err)
	}
	if actor.UserID != 0 {
		if at.user, err = tx.UserByID(ctx, c.AccountID, actor.UserID); err != nil {
			return at, fmt.Errorf("load user: %w", err)
		}
	}
	return at, nil
}

// Canned is a canned message as it goes into a letter: its chips are kept, its
// files are uploads of the actor.
type Canned struct {
	HTML        string
	Subject     string // for a conversation with its fields filled in: a subject has no chips
	Attachments []parley.Attachment
}

// UseCanned copies a canned message for a letter, and counts that.
func (s *Service) UseCanned(ctx context.Context, actor parley.Actor, id parley.CannedMessageID, conversation parley.ConversationID) (out Canned, err error) {
	if err := actor.Must(parley.Write, 0); err != nil {
		return out, err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.LockCannedMessage(ctx, actor.AccountID, actor.UserID, id)
		if err != nil {
			return orGone(err)
		}
		out = Canned{HTML: c.HTML, Subject: c.Subject}
		if conversation != 0 && c.Subject != "" {
			if out.Subject, err = s.subjectFor(ctx, tx, actor, conversation, c.Subject); err != nil {
				return err
			}
		}
		_, err = store.Once(ctx, tx, actor, func() (parley.CannedMessageID, error) { return id, tx.CountCannedUse(ctx, actor.AccountID, id) })
		if err != nil {
			return fmt.Errorf("count use: %w", err)
		}
		return out.copyFiles(ctx, tx, actor, c.Attachments)
	})
	return out, err
}

func (s *Service) subjectFor(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.ConversationID, template string) (string, error) {
	at, err := sceneOf(ctx, tx, actor, id)
	if err != nil {
		return "", err
	}
	f, err := at.fields(ctx, tx)
	if err != nil {
		return "", err
	}
	line, _ := merge.Line(template, f)
	return line, nil
}

// copyFiles makes uploads of the actor of the files: the same bytes under rows of their own.
func (c *Canned) copyFiles(ctx context.Context, tx *store.Tx, actor parley.Actor, files []parley.Attachment) error {
	c.Attachments = slices.Clone(files)
	for i := range c.Attachments {
		a := &c.Attachments[i]
		old := a.ID
		a.ID, a.CannedID, a.UploaderID, a.CreatedAt = 0, 0, actor.UserID, tx.Now()
		if err := tx.InsertAttachment(ctx, a); err != nil {
			return fmt.Errorf("copy file: %w", err)
		}
		c.HTML = reshow(c.HTML, old, a.ID)
	}
	return nil
}
