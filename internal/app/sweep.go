package app

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"parley/internal/blob"
	"parley/internal/parley"
	"parley/internal/store"
)

// sweepBatches bounds what one round looks at; the next goes on from there.
const sweepBatches = 10

// sweeper deletes uploads that became part of nothing, and bytes that nothing refers to.
type sweeper struct {
	db     *store.DB
	files  *blob.Files
	now    func() time.Time // the machine's clock, which files have their times from
	upload parley.Attachment
	blob   store.OldBlob
}

// sweep does one round, in transactions of a bounded size.
func (s *sweeper) sweep(ctx context.Context) error {
	for range sweepBatches {
		if more, err := s.uploads(ctx); err != nil || !more {
			if err != nil {
				return fmt.Errorf("delete uploads: %w", err)
			}
			break
		}
	}
	for range sweepBatches {
		if more, err := s.blobs(ctx); err != nil || !more {
			if err != nil {
				return fmt.Errorf("delete blobs: %w", err)
			}
			break
		}
	}
	return nil
}

// uploads deletes those of one batch that no draft names.
func (s *sweeper) uploads(ctx context.Context) (more bool, err error) {
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		stale, err := tx.StaleUploads(ctx, s.upload, upkeepBatch)
		if err != nil {
			return err
		}
		drafts := map[[2]int64]map[string]bool{}
		for _, a := range stale {
			who := [2]int64{int64(a.AccountID), int64(a.UploaderID)}
			if drafts[who] == nil {
				contents, err := tx.ListDraftContents(ctx, a.AccountID, a.UploaderID)
				if err != nil {
					return err
				}
				drafts[who] = numbersIn(contents)
			}
			if drafts[who][a.ID.String()] {
				continue
			}
			if err := tx.DeleteUpload(ctx, a); err != nil {
				return err
			}
		}
		if more = len(stale) == upkeepBatch; more {
			s.upload = stale[len(stale)-1]
		} else {
			s.upload = parley.Attachment{}
		}
		return nil
	})
	return more, err
}

var number = regexp.MustCompile(`[0-9]+`)

// numbersIn are all numbers in drafts: among them are the ids of the files that
// they name, in whatever form the composer does that.
func numbersIn(contents []parley.JSON) map[string]bool {
	out := map[string]bool{}
	for _, c := range contents {
		for _, n := range number.FindAll(json.RawMessage(c), -1) {
			out[string(n)] = true
		}
	}
	return out
}

// blobs deletes those of one batch that nothing refers to: first the file, then the
// row. A crash in between leaves a row without a file, which the next round finds
// again; the other way round it would leave a file that nobody ever finds.
//
// Nothing that is referred to can be lost. Who refers to a blob has put it before,
// or copies a row that refers to it. Bytes that were put have a new file or row
// time, and so has a blob whose last row went: both are let rest for 24 hours, far
// longer than the moment between a Put and the commit of its row. The row goes only
// if all of that still holds, in the statement that deletes it.
func (s *sweeper) blobs(ctx context.Context) (more bool, err error) {
	var old []store.OldBlob
	err = s.db.View(ctx, func(tx *store.Tx) error {
		old, err = tx.OldBlobs(ctx, s.blob, upkeepBatch)
		return err
	})
	if err != nil {
		return false, err
	}
	var gone []store.OldBlob
	for _, b := range old {
		if b.Used {
			continue
		}
		ok, err := s.files.DeleteBefore(ctx, b.AccountID, b.Key, s.now().Add(-store.Keep))
		if err != nil {
			return false, err
		}
		if ok {
			gone = append(gone, b)
		}
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		for _, b := range gone {
			if err := tx.DeleteOldBlob(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	if more = len(old) == upkeepBatch; more {
		s.blob = old[len(old)-1]
	} else {
		s.blob = store.OldBlob{}
	}
	return more, err
}
