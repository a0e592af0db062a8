package store

import (
	"context"
	"time"

	"parley/internal/parley"
)

const intakeColumns = `id, account_id, channel_id, state, outcome, blob, size, lane, mail_from, rcpt_to, remote_addr, helo, received_at, filed_at, tries, error, message_id, conversation_id, source, source_key, archive`

// intakeAccepted is the row of intake_totals that counts every entry. What is
// pending is the rest after filed and failed, so that accepting and filing
// never wait for each other's counter.
const intakeAccepted parley.IntakeState = "accepted"

// ChannelOwner finds the account of a channel that mail came in for, and
// whether the channel takes mail. A deleted channel is ErrNoRow.
func (tx *Tx) ChannelOwner(ctx context.Context, id parley.ChannelID) (account parley.AccountID, enabled bool, err error) {
	var row struct {
		AccountID parley.AccountID `db:"account_id"`
		Enabled   bool             `db:"enabled"`
	}
	err = tx.get(ctx, &row, `SELECT account_id, disabled_at IS NULL AS enabled FROM channels WHERE id = ? AND deleted_at IS NULL`, id)
	return row.AccountID, row.Enabled, err
}

// InsertIntake writes a pending entry and gives it its id: with its bytes, or
// with the name of the blob that has them. Its account's sums are moved by
// AddIntakeAccepted, once for all entries of the transaction.
func (tx *Tx) InsertIntake(ctx context.Context, e *parley.Intake) error {
	e.State = parley.IntakePending
	raw := e.Raw
	if e.Blob != "" {
		raw = nil
	}
	return insertRow(ctx, tx, &e.ID, "intake", `INSERT INTO intake (id, account_id, channel_id, state, size, lane, mail_from, rcpt_to, remote_addr, helo, received_at, blob, raw, source, source_key, archive)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.AccountID, e.ChannelID, e.State, e.Size, e.Lane, e.MailFrom, e.RcptTo, e.RemoteAddr, e.Helo, e.ReceivedAt, e.Blob, raw, e.Source, e.SourceKey, e.Archive)
}

// IntakeTaken reports whether what its way calls key was accepted for a channel before.
func (tx *Tx) IntakeTaken(ctx context.Context, account parley.AccountID, id parley.ChannelID, key string) (bool, error) {
	var taken bool
	err := tx.get(ctx, &taken, `SELECT EXISTS (SELECT 1 FROM intake WHERE account_id = ? AND channel_id = ? AND source_key = ? AND source_key <> '')`, account, id, key)
	return taken, err
}

func (tx *Tx) addIntakeTotal(ctx context.Context, account parley.AccountID, state parley.IntakeState, n int) error {
	return tx.send(ctx, `INSERT INTO intake_totals (account_id, state, entries) VALUES (?, ?, ?)
		ON CONFLICT (account_id, state) DO UPDATE SET entries = intake_totals.entries + excluded.entries`, account, state, n)
}

// IntakeTotals are the sums of the account's journal.
func (tx *Tx) IntakeTotals(ctx context.Context, account parley.AccountID) (parley.IntakeTotals, error) {
	var rows []struct {
		State   parley.IntakeState `db:"state"`
		Entries int64              `db:"entries"`
	}
	err := tx.list(ctx, &rows, `SELECT state, entries FROM intake_totals WHERE account_id = ?`, account)
	var t parley.IntakeTotals
	for _, r := range rows {
		addState(&t, r.State, r.Entries)
	}
	return t, err
}

// IntakeByID finds an entry, without its bytes.
func (tx *Tx) IntakeByID(ctx context.Context, account parley.AccountID, id parley.IntakeID) (parley.Intake, error) {
	var e parley.Intake
	err := tx.get(ctx, &e, `SELECT `+intakeColumns+` FROM intake WHERE account_id = ? AND id = ?`, account, id)
	return e, err
}

// ListIntakeRaw reads the bytes of entries, where the database has them:
// in the entry, or in the blob that it names.
func (tx *Tx) ListIntakeRaw(ctx context.Context, account parley.AccountID, ids []parley.IntakeID) (map[parley.IntakeID][]byte, error) {
	var rows []struct {
		ID  parley.IntakeID `db:"id"`
		Raw []byte          `db:"raw"`
	}
	err := tx.list(ctx, &rows, `SELECT i.id, COALESCE(i.raw, b.content) AS raw FROM intake i LEFT JOIN blobs b ON b.account_id = i.account_id AND b.key = i.blob
		WHERE i.account_id = ? AND `+tx.d.in("i.id"), account, tx.d.inArg(int64s(ids)))
	out := make(map[parley.IntakeID][]byte, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Raw
	}
	return out, err
}

// ListIntakeByIDs gives entries, without their bytes.
func (tx *Tx) ListIntakeByIDs(ctx context.Context, account parley.AccountID, ids []parley.IntakeID) ([]parley.Intake, error) {
	var out []parley.Intake
	err := tx.list(ctx, &out, `SELECT `+intakeColumns+` FROM intake WHERE account_id = ? AND `+tx.d.in("id"), account, tx.d.inArg(int64s(ids)))
	return out, err
}

// ListIntake lists an account's entries in one state, newest first, from before
// an id on (0: the newest); an empty state means all. limit is at most 1000.
func (tx *Tx) ListIntake(ctx context.Context, account parley.AccountID, state parley.IntakeState, before parley.IntakeID, limit int) ([]parley.Intake, error) {
	var out []parley.Intake
	query, args := listIntake(account, state, before, limit)
	err := tx.list(ctx, &out, query, args...)
	return out, err
}

func listIntake(account parley.AccountID, state parley.IntakeState, before parley.IntakeID, limit int) (query string, args []any) {
	query, args = `SELECT `+intakeColumns+` FROM intake WHERE account_id = ?`, []any{account}
	if before != 0 {
		query, args = query+` AND id < ?`, append(args, int64(before))
	}
	switch state {
	case "":
	case parley.IntakeFiled:
		query, args = query+` AND state = ?`, append(args, state)
	default: // said so that the index of what is not filed serves
		query, args = query+` AND state = ? AND state <> 'filed'`, append(args, state)
	}
	return query + ` ORDER BY id DESC LIMIT ?`, append(args, min(limit, 1000))
}

// FileIntake ends an entry that LockPendingIntake gave: what it became, and where its bytes are now.
func (tx *Tx) FileIntake(ctx context.Context, e parley.Intake) error {
	return tx.send(ctx, `UPDATE intake SET state = ?, outcome = ?, blob = ?, raw = NULL, filed_at = ?, error = '', message_id = ?, conversation_id = ?
		WHERE account_id = ? AND id = ?`,
		parley.IntakeFiled, e.Outcome, e.Blob, tx.now, e.MessageID, e.ConversationID, e.AccountID, e.ID)
}

// NoteIntakeFault counts a try that failed by our fault; the entry stays pending.
func (tx *Tx) NoteIntakeFault(ctx context.Context, account parley.AccountID, id parley.IntakeID, fault string) error {
	_, err := tx.exec(ctx, `UPDATE intake SET tries = tries + 1, error = ? WHERE account_id = ? AND id = ? AND state = ?`,
		fault, account, id, parley.IntakePending)
	return err
}

// FailIntake gives a pending entry up until a person retries it. ErrNoRow says that it is not pending.
func (tx *Tx) FailIntake(ctx context.Context, account parley.AccountID, id parley.IntakeID) error {
	var e parley.Intake
	err := tx.get(ctx, &e, `UPDATE intake SET state = ? WHERE account_id = ? AND id = ? AND state = ? RETURNING `+intakeColumns,
		parley.IntakeFailed, account, id, parley.IntakePending)
	if err != nil {
		return err
	}
	counts := IntakeCounts{}
	counts.Add(e)
	return tx.addIntake(ctx, parley.IntakeFailed, counts, 1)
}

// RetryIntake makes a failed entry pending again. ErrNoRow says that it is not failed.
func (tx *Tx) RetryIntake(ctx context.Context, account parley.AccountID, id parley.IntakeID) error {
	var e parley.Intake
	err := tx.get(ctx, &e, `UPDATE intake SET state = ?, tries = 0 WHERE account_id = ? AND id = ? AND state = ? RETURNING `+intakeColumns,
		parley.IntakePending, account, id, parley.IntakeFailed)
	if err != nil {
		return err
	}
	counts := IntakeCounts{}
	counts.Add(e)
	return tx.addIntake(ctx, parley.IntakeFailed, counts, -1)
}

// LockPendingIntake tells which of the entries are still to be filed. They stay
// so until the transaction ends.
func (tx *Tx) LockPendingIntake(ctx context.Context, account parley.AccountID, ids []parley.IntakeID) ([]parley.IntakeID, error) {
	var out []parley.IntakeID
	err := tx.list(ctx, &out, `SELECT id FROM intake WHERE account_id = ? AND state = ? AND `+tx.d.in("id")+` ORDER BY id`+tx.d.forUpdate(), account, parley.IntakePending, tx.d.inArg(int64s(ids)))
	return out, err
}

// LockInboundChannel notes when a channel last received something; at is nil where
// it was no more than a report. Until the
// transaction ends nobody else files anything for it, though they may accept
// (that is why it is an update: it does not hold up rows that refer to the
// channel). A deleted channel is found too: what it accepted before is filed.
func (tx *Tx) LockInboundChannel(ctx context.Context, account parley.AccountID, id parley.ChannelID, at *time.Time) (parley.Channel, error) {
	var c parley.Channel
	err := tx.get(ctx, &c, `UPDATE channels SET last_inbound_at = CASE WHEN last_inbound_at > ? THEN last_inbound_at ELSE COALESCE(?, last_inbound_at) END
		WHERE account_id = ? AND id = ? RETURNING `+channelColumns, at, at, account, id)
	return c, err
}

// SetChannelPlusTags notes that mail to a +tag of the channel's own address arrives.
func (tx *Tx) SetChannelPlusTags(ctx context.Context, account parley.AccountID, id parley.ChannelID) error {
	return tx.execOne(ctx, `UPDATE channels SET plus_tags = ? WHERE account_id = ? AND id = ?`, true, account, id)
}

// KnownChannelByID finds a channel of the account, a deleted one too.
func (tx *Tx) KnownChannelByID(ctx context.Context, account parley.AccountID, id parley.ChannelID) (parley.Channel, error) {
	var c parley.Channel
	err := tx.get(ctx, &c, `SELECT `+channelColumns+` FROM channels WHERE account_id = ? AND id = ?`, account, id)
	return c, err
}

// OwnAddress is a channel's own address, and the local part of its forwarding address.
type OwnAddress struct {
	Address      string `db:"address"`
	ForwardLocal string `db:"forward_local"`
}

// ListOwnAddresses finds the channels of an account that have one of the addresses or local parts.
func (tx *Tx) ListOwnAddresses(ctx context.Context, account parley.AccountID, addresses, locals []string) ([]OwnAddress, error) {
	var out []OwnAddress
	err := tx.list(ctx, &out, `SELECT address, forward_local FROM channels WHERE account_id = ? AND deleted_at IS NULL AND (`+
		tx.d.in("address")+` OR `+tx.d.in("forward_local")+`)`, account, tx.d.inArg(addresses), tx.d.inArg(locals))
	return out, err
}
