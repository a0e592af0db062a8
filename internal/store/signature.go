package store

import (
	"context"

	"parley/internal/parley"
)

const signatureColumns = `id, account_id, level, owner_id, html, text, updated_at`

// SaveSignature writes the signature of its level and owner, in the place of the one before, and sets its id.
func (tx *Tx) SaveSignature(ctx context.Context, s *parley.Signature) error {
	return tx.get(ctx, &s.ID, `INSERT INTO signatures (account_id, level, owner_id, html, text, updated_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (account_id, level, owner_id) DO UPDATE SET html = excluded.html, text = excluded.text, updated_at = excluded.updated_at RETURNING id`,
		s.AccountID, s.Level, s.OwnerID, s.HTML, s.Text, s.UpdatedAt)
}

// SignatureOf finds the signature of an owner.
func (tx *Tx) SignatureOf(ctx context.Context, account parley.AccountID, level parley.SignatureLevel, owner int64) (parley.Signature, error) {
	var s parley.Signature
	err := tx.get(ctx, &s, `SELECT `+signatureColumns+` FROM signatures WHERE account_id = ? AND level = ? AND owner_id = ?`, account, level, owner)
	return s, err
}

// SignatureFor finds the most specific signature that there is: of the user, else
// of the channel, the inbox, the account. Ids may be 0.
func (tx *Tx) SignatureFor(ctx context.Context, account parley.AccountID, user parley.UserID, channel parley.ChannelID, inbox parley.InboxID) (parley.Signature, error) {
	var s parley.Signature
	err := tx.get(ctx, &s, `SELECT `+signatureColumns+` FROM signatures WHERE account_id = ?
		AND ((level = 'user' AND owner_id = ?) OR (level = 'channel' AND owner_id = ?) OR (level = 'inbox' AND owner_id = ?) OR (level = 'account' AND owner_id = 0))
		ORDER BY CASE level WHEN 'user' THEN 0 WHEN 'channel' THEN 1 WHEN 'inbox' THEN 2 ELSE 3 END LIMIT 1`,
		account, int64(user), int64(channel), int64(inbox))
	return s, err
}

// AnySignature reports whether some message of the channel would get a signature:
// there is one of the account, its inbox, the channel itself, or of any user.
func (tx *Tx) AnySignature(ctx context.Context, account parley.AccountID, channel parley.ChannelID, inbox parley.InboxID) (bool, error) {
	var any bool
	err := tx.get(ctx, &any, `SELECT EXISTS (SELECT 1 FROM signatures WHERE account_id = ?
		AND (level IN ('account', 'user') OR (level = 'channel' AND owner_id = ?) OR (level = 'inbox' AND owner_id = ?)))`, account, int64(channel), int64(inbox))
	return any, err
}

// ListSignatures lists the account's signatures that the actor may know, from after an id on:
// all but those of other users and of inboxes that they do not see, and others' too where all is set.
func (tx *Tx) ListSignatures(ctx context.Context, actor parley.Actor, all bool, after parley.SignatureID, limit int) ([]parley.Signature, error) {
	var out []parley.Signature
	err := tx.list(ctx, &out, `SELECT `+signatureColumns+` FROM signatures WHERE account_id = ? AND id > ?
		AND (level IN ('account', 'channel') OR (level = 'user' AND (? OR owner_id = ?)) OR (level = 'inbox' AND (? OR `+tx.d.in("owner_id")+`)))
		ORDER BY id LIMIT ?`,
		actor.AccountID, int64(after), all, int64(actor.UserID), actor.AllInboxes, tx.d.inArg(int64s(actor.Inboxes)), limit)
	return out, err
}

// DeleteSignature removes a signature with its files.
func (tx *Tx) DeleteSignature(ctx context.Context, s parley.Signature) error {
	files, err := tx.SignatureFiles(ctx, s.AccountID, s.ID)
	if err != nil {
		return err
	}
	if err := tx.deleteKept(ctx, s.AccountID, files); err != nil {
		return err
	}
	return tx.execOne(ctx, `DELETE FROM signatures WHERE account_id = ? AND id = ?`, s.AccountID, s.ID)
}

// SignatureFiles are the images that a signature shows.
func (tx *Tx) SignatureFiles(ctx context.Context, account parley.AccountID, id parley.SignatureID) ([]parley.Attachment, error) {
	var out []parley.Attachment
	err := tx.list(ctx, &out, `SELECT `+attachmentColumns+` FROM attachments WHERE account_id = ? AND signature_id = ? ORDER BY id`, account, id)
	return out, err
}

// MergeDefaults are what the account puts where a merge field has no value, by field.
func (tx *Tx) MergeDefaults(ctx context.Context, account parley.AccountID) (map[string]string, error) {
	var rows []struct {
		Field string `db:"field"`
		Value string `db:"value"`
	}
	err := tx.list(ctx, &rows, `SELECT field, value FROM merge_defaults WHERE account_id = ?`, account)
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.Field] = r.Value
	}
	return out, err
}

// SetMergeDefault says what stands where a field has no value; empty: nothing.
func (tx *Tx) SetMergeDefault(ctx context.Context, account parley.AccountID, field, value string) error {
	if value == "" {
		_, err := tx.exec(ctx, `DELETE FROM merge_defaults WHERE account_id = ? AND field = ?`, account, field)
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO merge_defaults (account_id, field, value) VALUES (?, ?, ?)
		ON CONFLICT (account_id, field) DO UPDATE SET value = excluded.value`, account, field, value)
	return err
}
