package setting

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/parley"
	"parley/internal/store"
)

// Signatures lists the signatures that the actor may know, from after an id on, and
// the id to go on from; 0 at the end. Those of other users are known to whoever may change them.
func (s *Service) Signatures(ctx context.Context, actor parley.Actor, after parley.SignatureID, limit int) (out []parley.Signature, next parley.SignatureID, err error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return nil, 0, err
	}
	err = s.DB.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.ListSignatures(ctx, actor, actor.May(parley.Settings, 0), after, limit+1)
		return err
	})
	out, next = page(out, limit, func(s parley.Signature) parley.SignatureID { return s.ID })
	return out, next, err
}

// SaveSignature writes a signature, in the place of the one before.
func (s *Service) SaveSignature(ctx context.Context, actor parley.Actor, level parley.SignatureLevel, owner int64, raw string) (parley.Signature, error) {
	sig := parley.Signature{AccountID: actor.AccountID, Level: level, OwnerID: owner}
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		if err := signatureOwner(ctx, tx, actor, level, owner); err != nil {
			return err
		}
		var faults parley.Faults
		sig.HTML, sig.Text = template(&faults, raw)
		if err := faults.Err(); err != nil {
			return err
		}
		if blank(sig.HTML, sig.Text) {
			return emptyTemplate()
		}
		sig.UpdatedAt = tx.Now()
		if err := tx.SaveSignature(ctx, &sig); err != nil {
			return err
		}
		if err := signatureFiles(ctx, tx, actor, sig); err != nil {
			return err
		}
		signatureChanged(tx, actor, level, owner)
		return nil
	})
	return sig, err
}

func signatureFiles(ctx context.Context, tx *store.Tx, actor parley.Actor, sig parley.Signature) error {
	have, err := tx.SignatureFiles(ctx, sig.AccountID, sig.ID)
	if err != nil {
		return err
	}
	f, err := chooseFiles(ctx, tx, actor, have, &[]parley.AttachmentID{}, sig.HTML)
	if err != nil {
		return err
	}
	if err := tx.KeepUploads(ctx, f.add, 0, sig.ID); err != nil {
		return fmt.Errorf("keep files: %w", err)
	}
	return tx.UpdateKept(ctx, sig.AccountID, f.keep, f.gone)
}

// DeleteSignature deletes a signature: the less specific one holds again.
func (s *Service) DeleteSignature(ctx context.Context, actor parley.Actor, level parley.SignatureLevel, owner int64) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		if err := signatureOwner(ctx, tx, actor, level, owner); err != nil {
			return err
		}
		sig, err := tx.SignatureOf(ctx, actor.AccountID, level, owner)
		if err != nil {
			return orGone(err)
		}
		signatureChanged(tx, actor, level, owner)
		return tx.DeleteSignature(ctx, sig)
	})
}

// signatureOwner asks whether there is such an owner, and whether the actor may write its signature.
func signatureOwner(ctx context.Context, tx *store.Tx, actor parley.Actor, level parley.SignatureLevel, owner int64) (err error) {
	own := level == parley.SignatureOfUser && parley.UserID(owner) == actor.UserID && owner != 0
	switch level {
	case parley.SignatureOfAccount:
		if owner != 0 {
			return gone()
		}
	case parley.SignatureOfInbox:
		if !actor.Sees(parley.InboxID(owner)) {
			return gone()
		}
		var in parley.Inbox
		if in, err = tx.InboxByID(ctx, actor.AccountID, parley.InboxID(owner)); err == nil && in.ArchivedAt != nil {
			return gone()
		}
	case parley.SignatureOfChannel:
		_, err = tx.ChannelByID(ctx, actor.AccountID, parley.ChannelID(owner))
	case parley.SignatureOfUser:
		_, err = tx.UserByID(ctx, actor.AccountID, parley.UserID(owner))
	default:
		return gone()
	}
	if err != nil {
		return orGone(err)
	}
	if own {
		return actor.Must(parley.Write, 0)
	}
	return actor.Must(parley.Settings, 0)
}

func signatureChanged(tx *store.Tx, actor parley.Actor, level parley.SignatureLevel, owner int64) {
	tx.AppendEvent(&parley.Event{
		AccountID: actor.AccountID, Kind: parley.SignatureChanged, ActorID: actor.UserID,
		Data: parley.JSON(fmt.Sprintf(`{"level":%q,"owner_id":%d}`, level, owner)),
	})
}

// checkContent: a channel adds signatures only where there is one to add, and answers with a canned message that everybody knows.
func checkContent(ctx context.Context, tx *store.Tx, actor parley.Actor, c parley.Channel, change ChannelChange) error {
	if change.AddSignature != nil && *change.AddSignature {
		switch any, err := tx.AnySignature(ctx, c.AccountID, c.ID, c.InboxID); {
		case err != nil:
			return err
		case !any:
			return parley.Errorf(parley.Invalid, "signature.none", "There is no signature yet. Write one first.").On("add_signature")
		}
	}
	if change.AutoresponderID == nil || *change.AutoresponderID == 0 {
		return nil
	}
	canned, err := tx.LockCannedMessage(ctx, c.AccountID, actor.UserID, *change.AutoresponderID)
	switch {
	case errors.Is(err, store.ErrNoRow):
		return gone().On("autoresponder_id")
	case err == nil && !canned.Shared():
		return parley.Errorf(parley.Invalid, "channel.autoresponder_personal", "This canned message is your own. Share it first.").On("autoresponder_id")
	}
	return err
}
