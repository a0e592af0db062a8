package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"parley/internal/blob"
	"parley/internal/store"
)

// Source is what a backup is taken of.
type Source struct {
	DB      *store.DB
	Blobs   blob.Store
	Secret  string // the secret key; it goes into encrypted files only
	Version string // of this program
	Now     func() time.Time
}

// Write takes a backup of s into w, for the recipients if there are any. report,
// which may be nil, hears from time to time how much has been written.
func Write(ctx context.Context, s Source, w io.Writer, recipients []age.Recipient, report func(Summary)) (Summary, error) {
	sealed := nopCloser{w}
	out := io.WriteCloser(sealed)
	if len(recipients) > 0 {
		var err error
		if out, err = age.Encrypt(w, recipients...); err != nil {
			return Summary{}, fmt.Errorf("encrypt the backup: %w", err)
		}
	}
	packed, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(true))
	if err != nil {
		return Summary{}, err
	}
	a := &archive{tar: tar.NewWriter(packed), now: s.Now().UTC(), report: report}
	if a.report == nil {
		a.report = func(Summary) {}
	}
	err = s.DB.Dump(ctx, func(d *store.Dump) error { return a.write(ctx, s, d, len(recipients) > 0) })
	if err == nil {
		err = errors.Join(a.tar.Close(), packed.Close(), out.Close())
	}
	return summarise(a.head, a.end), err
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// archive is the tar that is being written.
type archive struct {
	tar    *tar.Writer
	now    time.Time
	head   head
	end    end
	report func(Summary)
}

func (a *archive) write(ctx context.Context, s Source, d *store.Dump, encrypted bool) error {
	a.head = head{
		Format: formatVersion, Schema: d.Version, Database: s.DB.Dialect(), Parley: s.Version,
		TakenAt: a.now, Tables: d.Tables, Encrypted: encrypted,
	}
	a.end = end{Rows: map[string]int64{}, Sums: map[string]string{}, Journal: map[string]int64{}}
	if err := a.json(headName, a.head); err != nil {
		return err
	}
	for _, t := range d.Tables {
		if err := a.table(ctx, d, t); err != nil {
			return err
		}
	}
	if err := a.blobs(ctx, s.Blobs, d); err != nil {
		return err
	}
	if encrypted && s.Secret != "" {
		if err := a.entry(keyName, []byte(s.Secret)); err != nil {
			return err
		}
	}
	var err error
	if a.end.LastIDs, err = d.LastIDs(ctx); err != nil {
		return err
	}
	return a.json(endName, a.end)
}

// table writes the rows of one table in pieces, so that none has to be held whole.
func (a *archive) table(ctx context.Context, d *store.Dump, t store.Table) error {
	p := &pieces{archive: a, table: t.Name, sum: sha256.New()}
	state := -1
	if t.Name == "intake" {
		state = slices.IndexFunc(t.Columns, func(c store.Column) bool { return c.Name == "state" })
	}
	err := d.Rows(ctx, t, func(row []any) error {
		if state >= 0 {
			a.end.Journal[row[state].(string)]++ //nolint:forcetypeassert // NOT NULL text
		}
		line, err := encodeRow(t, row)
		if err != nil {
			return err
		}
		return p.add(line)
	})
	if err != nil {
		return err
	}
	if err := p.flush(); err != nil {
		return err
	}
	a.end.Sums[t.Name] = hex.EncodeToString(p.sum.Sum(nil))
	return nil
}

// pieces gathers lines into entries of the archive.
type pieces struct {
	*archive
	table string
	sum   hash.Hash
	lines []byte
	count int
}

func (p *pieces) add(line []byte) error {
	p.lines = append(p.lines, line...)
	p.end.Rows[p.table]++
	if len(p.lines) < chunk {
		return nil
	}
	return p.flush()
}

func (p *pieces) flush() error {
	if len(p.lines) == 0 {
		return nil
	}
	p.count++
	p.sum.Write(p.lines)
	err := p.entry(fmt.Sprintf("rows/%s/%06d.jsonl", p.table, p.count), p.lines)
	p.lines = p.lines[:0]
	p.report(summarise(p.head, p.archive.end))
	return err
}

func (a *archive) blobs(ctx context.Context, blobs blob.Store, d *store.Dump) error {
	return d.Blobs(ctx, func(ref store.BlobRef) error {
		err := a.blob(ctx, blobs, ref)
		if unreadable := (*unreadableError)(nil); errors.As(err, &unreadable) {
			a.end.Missing = append(a.end.Missing, blobName(ref))
			return nil
		}
		if a.end.Blobs++; a.end.Blobs%1000 == 0 {
			a.report(summarise(a.head, a.end))
		}
		return err
	})
}

func blobName(ref store.BlobRef) string {
	return "blobs/" + strconv.FormatInt(int64(ref.AccountID), 10) + "/" + string(ref.Key)
}

// unreadableError says that the source's bytes are gone or damaged.
type unreadableError struct{ err error }

// Error implements error.
func (e *unreadableError) Error() string { return e.err.Error() }

// blob is read to its end once, to know its size and that it is sound, before it
// is written: an archive has no way back.
func (a *archive) blob(ctx context.Context, blobs blob.Store, ref store.BlobRef) error {
	size, err := readThrough(ctx, blobs, ref, io.Discard)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &unreadableError{err}
	}
	if err := a.header(blobName(ref), size); err != nil {
		return err
	}
	a.end.BlobBytes += size
	if _, err := readThrough(ctx, blobs, ref, a.tar); err != nil {
		return fmt.Errorf("%s changed while it was read: %w", blobName(ref), err)
	}
	return nil
}

func readThrough(ctx context.Context, blobs blob.Store, ref store.BlobRef, w io.Writer) (int64, error) {
	r, err := blobs.Open(ctx, ref.AccountID, ref.Key)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(w, r)
	return n, errors.Join(err, r.Close())
}

func (a *archive) json(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return a.entry(name, b)
}

func (a *archive) entry(name string, b []byte) error {
	if err := a.header(name, int64(len(b))); err != nil {
		return err
	}
	_, err := a.tar.Write(b)
	return err
}

func (a *archive) header(name string, size int64) error {
	return a.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: a.now, Format: tar.FormatPAX})
}
