package store

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/parley"
)

// SampleNoun says which table a row of the sample data is in.
type SampleNoun string

// The nouns. SampleAccount marks the account itself: it has sample data.
const (
	SampleAccount      SampleNoun = "account"
	SampleUser         SampleNoun = "user"
	SampleInbox        SampleNoun = "inbox"
	SampleChannel      SampleNoun = "channel"
	SampleContact      SampleNoun = "contact"
	SampleConversation SampleNoun = "conversation"
	SampleCanned       SampleNoun = "canned" // message
	SampleEntry        SampleNoun = "entry"  // of the journal
)

// InsertSampleRow notes that a row belongs to the sample data, and reports
// whether that is news.
func (tx *Tx) InsertSampleRow(ctx context.Context, account parley.AccountID, noun SampleNoun, id int64) (bool, error) {
	n, err := tx.exec(ctx, `INSERT INTO sample_rows (account_id, noun, row_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, account, noun, id)
	return n == 1, err
}

// ListSampleUsers are the users that belong to the sample data.
func (tx *Tx) ListSampleUsers(ctx context.Context, account parley.AccountID) ([]parley.UserID, error) {
	var out []parley.UserID
	err := tx.list(ctx, &out, `SELECT row_id FROM sample_rows WHERE account_id = ? AND noun = 'user' ORDER BY row_id`, account)
	return out, err
}

// maxSampleRows bounds what is listed of a sample: a few times of what is ever made.
const maxSampleRows = 2000

// ListSample lists what belongs to the sample data: ids by their noun, without
// the journal's entries. Empty where there is none.
func (tx *Tx) ListSample(ctx context.Context, account parley.AccountID) (map[SampleNoun][]int64, error) {
	var rows []struct {
		Noun SampleNoun `db:"noun"`
		ID   int64      `db:"row_id"`
	}
	err := tx.list(ctx, &rows, `SELECT noun, row_id FROM sample_rows WHERE account_id = ? AND noun <> 'entry' ORDER BY noun, row_id LIMIT ?`, account, maxSampleRows)
	out := map[SampleNoun][]int64{}
	for _, r := range rows {
		out[r.Noun] = append(out[r.Noun], r.ID)
	}
	return out, err
}

// sampleStep is one statement of a removal. @conversation, @entry, … stand for the rows of the
// sample of that noun; every ? is the account.
type sampleStep string

// run fills a step in and executes it.
func (tx *Tx) runSample(ctx context.Context, account parley.AccountID, steps ...sampleStep) error {
	for _, s := range steps {
		query, args := s.fill(account)
		if _, err := tx.exec(ctx, query, args...); err != nil {
			return fmt.Errorf("remove sample: %w in %s", err, query)
		}
	}
	return nil
}

func (s sampleStep) fill(account parley.AccountID) (query string, args []any) {
	query = string(s)
	for _, noun := range []SampleNoun{SampleUser, SampleInbox, SampleChannel, SampleContact, SampleConversation, SampleCanned, SampleEntry} {
		query = strings.ReplaceAll(query, "@"+string(noun), "(SELECT row_id FROM sample_rows WHERE account_id = ? AND noun = '"+string(noun)+"')")
	}
	for range strings.Count(query, "?") {
		args = append(args, account)
	}
	return query, args
}

// DeleteSampleConversations removes the sample's conversations with all that
// stands in them, what was added since too. One that the account has merged with its own stays.
// Blobs that nothing refers to any more stay behind, uncounted.
func (tx *Tx) DeleteSampleConversations(ctx context.Context, account parley.AccountID) error {
	err := tx.runSample(ctx, account,
		`DELETE FROM sample_rows WHERE account_id = ? AND noun = 'conversation' AND row_id IN (
			SELECT from_id FROM merges WHERE account_id = ? AND into_id NOT IN @conversation
			UNION SELECT into_id FROM merges WHERE account_id = ? AND from_id NOT IN @conversation)`)
	if err != nil {
		return err
	}
	if err := tx.uncountSample(ctx, account); err != nil {
		return err
	}
	return tx.runSample(ctx, account,
		`DELETE FROM intake WHERE account_id = ? AND (conversation_id IN @conversation OR id IN @entry)`,
		`DELETE FROM notes WHERE account_id = ? AND conversation_id IN @conversation`,
		`DELETE FROM messages WHERE account_id = ? AND conversation_id IN @conversation`,
		`DELETE FROM events WHERE account_id = ? AND conversation_id IN @conversation`,
		`UPDATE conversations SET follow_up_of_id = NULL WHERE account_id = ? AND follow_up_of_id IN @conversation`,
		`DELETE FROM conversations WHERE account_id = ? AND id IN @conversation`,
		`DELETE FROM sample_rows WHERE account_id = ? AND noun IN ('conversation', 'entry')`,
	)
}

// uncountSample takes what the sample's mails brought in out of the sums: the
// journal's, and the references to blobs: uploads are not counted.
func (tx *Tx) uncountSample(ctx context.Context, account parley.AccountID) error {
	var blobs []struct {
		Key  parley.BlobKey `db:"key"`
		Refs int            `db:"refs"`
	}
	query, args := sampleStep(`SELECT key, COUNT(*) AS refs FROM (
			SELECT raw_blob AS key FROM messages WHERE account_id = ? AND conversation_id IN @conversation AND raw_blob <> ''
			UNION ALL SELECT a.blob FROM messages m JOIN attachments a ON a.message_id = m.id
				WHERE m.account_id = ? AND m.conversation_id IN @conversation AND m.direction = 'inbound'
			UNION ALL SELECT blob FROM intake WHERE account_id = ? AND (conversation_id IN @conversation OR id IN @entry) AND blob <> ''
				AND (outcome IN ('', 'duplicate') OR outcome = 'report' AND NOT EXISTS (
					SELECT 1 FROM messages m WHERE m.id = intake.message_id AND m.raw_blob = intake.blob))
		) AS referred GROUP BY key`).fill(account)
	if err := tx.list(ctx, &blobs, query, args...); err != nil {
		return fmt.Errorf("list blobs of sample: %w", err)
	}
	for _, b := range blobs {
		if _, err := tx.exec(ctx, `UPDATE blobs SET refs = refs - ?, created_at = ? WHERE account_id = ? AND key = ?`, b.Refs, tx.now, account, b.Key); err != nil {
			return fmt.Errorf("uncount blob: %w", err)
		}
	}
	return tx.uncountEntries(ctx, account)
}

func (tx *Tx) uncountEntries(ctx context.Context, account parley.AccountID) error {
	var entries []parley.Intake
	query, args := sampleStep(`SELECT ` + intakeColumns + ` FROM intake WHERE account_id = ? AND (conversation_id IN @conversation OR id IN @entry)`).fill(account)
	if err := tx.list(ctx, &entries, query, args...); err != nil {
		return fmt.Errorf("list entries of sample: %w", err)
	}
	counts := map[parley.IntakeState]IntakeCounts{intakeAccepted: {}, parley.IntakeFiled: {}, parley.IntakeFailed: {}}
	for _, e := range entries {
		counts[intakeAccepted].Add(e)
		if e.State != parley.IntakePending { // the rest: it has no sum of its own
			counts[e.State].Add(e)
		}
	}
	for _, state := range sortedKeys(counts) {
		if err := tx.addIntake(ctx, state, counts[state], -1); err != nil {
			return fmt.Errorf("uncount entries of sample: %w", err)
		}
	}
	_, err := tx.exec(ctx, `DELETE FROM intake_days WHERE account_id = ? AND entries = 0`, account)
	return err
}

// DeleteSample removes what is left of the sample data once its conversations
// are gone, and forgets which rows it was. A row that something of the account's own
// refers to is the account's own from now on: it stays as it is.
func (tx *Tx) DeleteSample(ctx context.Context, account parley.AccountID) error {
	err := tx.runSample(ctx, account,
		`DELETE FROM sample_rows WHERE account_id = ? AND noun = 'contact' AND row_id IN (
			SELECT contact_id FROM conversations WHERE account_id = ? AND contact_id IN @contact
			UNION SELECT contact_id FROM messages WHERE account_id = ? AND contact_id IN @contact)`,
		`DELETE FROM blocklist WHERE account_id = ? AND contact_id IN @contact`,
		`DELETE FROM opt_outs WHERE account_id = ? AND phone IN (SELECT phone FROM consents WHERE account_id = ? AND contact_id IN @contact)`,
		`DELETE FROM consents WHERE account_id = ? AND contact_id IN @contact`,
		`DELETE FROM events WHERE account_id = ? AND conversation_id IS NULL AND contact_id IN @contact`,
		`DELETE FROM contacts WHERE account_id = ? AND id IN @contact`,

		`DELETE FROM sample_rows WHERE account_id = ? AND noun = 'channel' AND row_id IN (
			SELECT channel_id FROM conversations WHERE account_id = ? AND channel_id IN @channel
			UNION SELECT channel_id FROM messages WHERE account_id = ? AND channel_id IN @channel
			UNION SELECT channel_id FROM intake WHERE account_id = ? AND channel_id IN @channel)`,
	)
	if err != nil {
		return err
	}
	if err := tx.deleteSampleSignatures(ctx, account); err != nil {
		return err
	}
	err = tx.runSample(ctx, account,
		`DELETE FROM events WHERE account_id = ? AND conversation_id IS NULL AND channel_id IN @channel`,
		`DELETE FROM channels WHERE account_id = ? AND id IN @channel`,

		`DELETE FROM sample_rows WHERE account_id = ? AND noun = 'canned' AND row_id IN (
			SELECT autoresponder_id FROM channels WHERE account_id = ? AND autoresponder_id IN @canned AND deleted_at IS NULL)`,
	)
	if err != nil {
		return err
	}
	if err := tx.deleteSampleCanned(ctx, account); err != nil {
		return err
	}
	return tx.runSample(ctx, account,
		`DELETE FROM sample_rows WHERE account_id = ? AND noun = 'inbox' AND row_id IN (
			SELECT inbox_id FROM conversations WHERE account_id = ? AND inbox_id IN @inbox
			UNION SELECT inbox_id FROM channels WHERE account_id = ? AND inbox_id IN @inbox)`,
		`DELETE FROM events WHERE account_id = ? AND conversation_id IS NULL AND inbox_id IN @inbox`,
		`DELETE FROM inboxes WHERE account_id = ? AND id IN @inbox`,

		`DELETE FROM sample_rows WHERE account_id = ? AND noun = 'user' AND row_id IN (
			SELECT author_id FROM messages WHERE account_id = ? AND author_id IN @user
			UNION SELECT author_id FROM notes WHERE account_id = ? AND author_id IN @user
			UNION SELECT creator_id FROM conversations WHERE account_id = ? AND creator_id IN @user)`,
		`UPDATE inboxes SET default_assignee_id = NULL, assignee_rule = 'nobody' WHERE account_id = ? AND default_assignee_id IN @user`,
		`UPDATE contacts SET owner_id = NULL WHERE account_id = ? AND owner_id IN @user`,
		`UPDATE conversations SET assignee_id = NULL WHERE account_id = ? AND assignee_id IN @user`,
		`DELETE FROM attachments WHERE account_id = ? AND uploader_id IN @user AND message_id IS NULL`,
		`UPDATE attachments SET uploader_id = NULL WHERE account_id = ? AND uploader_id IN @user`,
		`DELETE FROM events WHERE account_id = ? AND conversation_id IS NULL AND user_id IN @user`,
		`DELETE FROM request_keys WHERE account_id = ? AND user_id IN @user`,
		`DELETE FROM users WHERE account_id = ? AND id IN @user`,

		`DELETE FROM sample_rows WHERE account_id = ?`,
	)
}

// deleteSampleSignatures removes those of channels that are about to go, with what the account has put into them.
func (tx *Tx) deleteSampleSignatures(ctx context.Context, account parley.AccountID) error {
	var all []parley.Signature
	query, args := sampleStep(`SELECT ` + signatureColumns + ` FROM signatures WHERE account_id = ? AND level = 'channel' AND owner_id IN @channel ORDER BY id`).fill(account)
	if err := tx.list(ctx, &all, query, args...); err != nil {
		return fmt.Errorf("list signatures of sample: %w", err)
	}
	for _, s := range all {
		if err := tx.DeleteSignature(ctx, s); err != nil {
			return fmt.Errorf("delete signature of sample: %w", err)
		}
	}
	return nil
}

func (tx *Tx) deleteSampleCanned(ctx context.Context, account parley.AccountID) error {
	var all []parley.CannedMessage
	query, args := sampleStep(`SELECT ` + cannedColumns + ` FROM canned_messages WHERE account_id = ? AND id IN @canned ORDER BY id`).fill(account)
	if err := tx.list(ctx, &all, query, args...); err != nil {
		return fmt.Errorf("list canned messages of sample: %w", err)
	}
	for _, c := range all {
		err := tx.list(ctx, &c.Attachments, `SELECT `+attachmentColumns+` FROM attachments WHERE account_id = ? AND canned_id = ? ORDER BY id`, account, c.ID)
		if err != nil {
			return fmt.Errorf("list files of canned message: %w", err)
		}
		if err := tx.DeleteCannedMessage(ctx, c); err != nil {
			return fmt.Errorf("delete canned message of sample: %w", err)
		}
	}
	return nil
}
