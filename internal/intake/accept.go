package intake

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/store"
)

// MaxSize is the largest input that is accepted (DESIGN §6).
const MaxSize = 50 << 20

// maxAccept bounds how many bytes and entries share a transaction.
const (
	maxAcceptBytes   = 64 << 20
	maxAcceptEntries = 128
)

// FilingJob is the kind of the jobs that file what was accepted.
const FilingJob = "intake.file"

// filing is what a job of kind FilingJob carries.
type filing struct {
	Entry parley.IntakeID `json:"entry"`
}

// Accept implements channel.Sink: nil means that raw is in the journal, byte for
// byte and on disk, together with the job that files it.
func (s *Service) Accept(ctx context.Context, raw channel.Raw) error {
	if len(raw.Body) > MaxSize {
		return parley.Errorf(parley.TooLarge, "intake.too_large", "A message may have up to %d MB.", MaxSize>>20)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	e := &parley.Intake{
		ChannelID: raw.ChannelID, Raw: raw.Body, Size: int64(len(raw.Body)), Lane: laneOf(raw),
		MailFrom: storable(raw.MailFrom), RemoteAddr: storable(raw.RemoteAddr), Helo: storable(raw.Helo), ReceivedAt: raw.ReceivedAt.UTC(),
		Source: raw.Source, SourceKey: storable(raw.Key), Archive: raw.Archive,
	}
	if len(raw.Body) <= blob.Small {
		e.Blob = blob.KeyOf(raw.Body)
	}
	for _, rcpt := range raw.RcptTo {
		e.RcptTo = append(e.RcptTo, storable(rcpt))
	}
	if raw.ReceivedAt.IsZero() {
		e.ReceivedAt = s.now().UTC()
	}
	e.ReceivedAt = e.ReceivedAt.Truncate(time.Microsecond) // as it is kept: its day never changes
	if err := s.waiting.commit(e); err != nil {
		return fmt.Errorf("accept: %w", err)
	}
	return nil
}

// acceptAll writes the entries in one transaction. A fault of one entry alone
// (its channel is gone) is reported for that one; others are for all.
func (s *Service) acceptAll(entries []*parley.Intake) []error {
	// Who waits for the answer may leave, and the others' mail must not go with them.
	ctx := context.Background()
	errs, err := s.acceptTogether(ctx, entries)
	if err == nil || len(entries) == 1 {
		return merged(errs, err, len(entries))
	}
	errs = make([]error, len(entries))
	for i := range entries {
		one, err := s.acceptTogether(ctx, entries[i:i+1])
		errs[i] = merged(one, err, 1)[0]
	}
	return errs
}

func merged(errs []error, err error, n int) []error {
	if err == nil {
		return errs
	}
	errs = make([]error, n)
	for i := range errs {
		errs[i] = err
	}
	return errs
}

func (s *Service) acceptTogether(ctx context.Context, entries []*parley.Intake) (errs []error, err error) {
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		errs = make([]error, len(entries))
		tx.Expect(len(entries))
		owners := map[parley.ChannelID]parley.AccountID{}
		counts := store.IntakeCounts{}
		for i, e := range entries {
			owner, known := owners[e.ChannelID]
			if !known {
				owner, errs[i] = ownerOf(ctx, tx, e.ChannelID)
				if errs[i] != nil {
					if _, refused := errors.AsType[*parley.Error](errs[i]); refused {
						continue
					}
					return errs[i]
				}
				owners[e.ChannelID] = owner
			}
			e.AccountID = owner
			if taken, err := taken(ctx, tx, *e); err != nil {
				return err
			} else if taken {
				continue
			}
			if err := insertEntry(ctx, tx, e); err != nil {
				return err
			}
			counts.Add(*e)
		}
		if err := tx.AddIntakeAccepted(ctx, counts); err != nil {
			return fmt.Errorf("count accepted: %w", err)
		}
		return nil
	})
	return errs, err
}

func ownerOf(ctx context.Context, tx *store.Tx, id parley.ChannelID) (parley.AccountID, error) {
	account, enabled, err := tx.ChannelOwner(ctx, id)
	switch {
	case errors.Is(err, store.ErrNoRow):
		return 0, parley.Errorf(parley.NotFound, "channel.gone", "This channel no longer exists.")
	case err != nil:
		return 0, fmt.Errorf("find channel: %w", err)
	case !enabled:
		return 0, parley.Errorf(parley.NotFound, "channel.disabled", "This channel takes no messages now.")
	}
	return account, nil
}

// taken reports whether its way has brought e before: it is in the journal once.
func taken(ctx context.Context, tx *store.Tx, e parley.Intake) (bool, error) {
	if e.SourceKey == "" {
		return false, nil
	}
	taken, err := tx.IntakeTaken(ctx, e.AccountID, e.ChannelID, e.SourceKey)
	if err != nil {
		return false, fmt.Errorf("look for entry: %w", err)
	}
	return taken, nil
}

func insertEntry(ctx context.Context, tx *store.Tx, e *parley.Intake) error {
	if e.Blob != "" {
		if err := tx.InsertBlob(ctx, e.AccountID, e.Blob, e.Raw, 1); err != nil {
			return fmt.Errorf("insert blob: %w", err)
		}
	}
	if err := tx.InsertIntake(ctx, e); err != nil {
		return fmt.Errorf("insert entry: %w", err)
	}
	return enqueue(ctx, tx, *e)
}

// storable is s as both databases keep it: UTF-8 without NUL.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
