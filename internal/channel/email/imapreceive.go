package email

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"parley/internal/channel"
)

// receive reads the mailbox from where the place says, until ctx or the
// connection ends. The cursor moves only behind mail that the sink has made
// durable, so a mail may be handed over twice, and never not at all.
func (m *imapMailbox) receive(ctx context.Context, at channel.Place, to channel.Sink) error {
	s, err := m.open(ctx)
	if err == nil {
		err = s.read(ctx, at, to)
		s.close()
	}
	if ctx.Err() != nil {
		return ctx.Err() // what broke then is of no interest
	}
	return err
}

func (s *imapSession) read(ctx context.Context, at channel.Place, to channel.Sink) error {
	r := &reading{imapSession: s, place: at, sink: to}
	again := true
	for {
		if again {
			if err := r.begin(ctx); err != nil {
				return err
			}
		}
		if err := r.look(ctx); err != nil {
			return err
		}
		more, err := r.archiveSome(ctx)
		if err != nil {
			return err
		}
		if err := r.place.Fares(ctx); err != nil {
			return fmt.Errorf("note state: %w", err)
		}
		if more {
			again = false
			continue // new mail first, after each piece of the archive
		}
		if again, err = s.wait(ctx); err != nil {
			return err
		}
	}
}

// reading is a mailbox that is being read.
type reading struct {
	*imapSession
	place  channel.Place
	sink   channel.Sink
	cursor cursor
}

// begin opens the mailbox and finds where we stand in it.
func (r *reading) begin(ctx context.Context) error {
	validity, next, err := r.examine()
	if err != nil {
		return err
	}
	raw, err := r.place.Load(ctx)
	if err != nil {
		return fmt.Errorf("load cursor: %w", err)
	}
	was, err := readCursor(raw)
	if err != nil {
		return err
	}
	r.cursor = was.settle(validity, next, r.server.Since, r.cfg.Now())
	return r.move(ctx)
}

func (r *reading) move(ctx context.Context) error {
	raw, done, err := r.cursor.write()
	if err != nil {
		return err
	}
	if err := r.place.Move(ctx, raw, done); err != nil {
		return fmt.Errorf("move cursor: %w", err)
	}
	return nil
}

// look takes all that is new.
func (r *reading) look(ctx context.Context) error {
	var all imap.UIDSet
	all.AddRange(imap.UID(r.cursor.Last+1), 0)
	criteria := &imap.SearchCriteria{UID: []imap.UIDSet{all}}
	if r.cursor.Last < r.cursor.Anew {
		criteria.Since = r.cursor.oldest()
	}
	uids, err := r.search(criteria)
	if err != nil {
		return err
	}
	// n:* names the last mail even where its UID is less than n (RFC 9051 9, seq-range).
	uids = slices.DeleteFunc(uids, func(uid uint32) bool { return uid <= r.cursor.Last })
	for chunk := range slices.Chunk(uids, maxListed) {
		if err := r.takeAll(ctx, chunk, r.cursor.fate, func(uid uint32, _ int) { r.cursor.Last = uid }); err != nil {
			return err
		}
	}
	if r.cursor.Last < r.cursor.Anew { // what SEARCH left out is of no interest
		r.cursor.Last = r.cursor.Anew
		return r.move(ctx)
	}
	return nil
}

// archiveSome takes a piece of the archive, the oldest first, and reports whether there is more.
func (r *reading) archiveSome(ctx context.Context) (more bool, err error) {
	if r.cursor.Archived >= r.cursor.ArchiveTo {
		return false, nil
	}
	var rest imap.UIDSet
	rest.AddRange(imap.UID(r.cursor.Archived+1), imap.UID(r.cursor.ArchiveTo))
	uids, err := r.search(&imap.SearchCriteria{UID: []imap.UIDSet{rest}, Since: r.cursor.Since.AddDate(0, 0, -1)})
	if err != nil {
		return false, err
	}
	r.cursor.Total = r.cursor.Done + len(uids)
	old := func(_ uint32, arrived, _ time.Time) fate {
		if arrived.Before(r.cursor.Since) {
			return leave
		}
		return archive
	}
	piece := uids[:min(len(uids), maxListed)]
	err = r.takeAll(ctx, piece, old, func(uid uint32, taken int) {
		r.cursor.Archived = uid
		r.cursor.Done += taken
	})
	if err != nil {
		return false, err
	}
	if len(piece) < len(uids) {
		return true, nil
	}
	r.cursor.Archived, r.cursor.Total = r.cursor.ArchiveTo, r.cursor.Done
	return false, r.move(ctx)
}

// search gives UIDs in order.
func (s *imapSession) search(criteria *imap.SearchCriteria) ([]uint32, error) {
	data, err := s.client.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return nil, s.broken(err)
	}
	all := data.AllUIDs()
	uids := make([]uint32, len(all))
	for i, uid := range all {
		uids[i] = uint32(uid)
	}
	slices.Sort(uids)
	return uids, nil
}
