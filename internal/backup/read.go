package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"parley/internal/parley"
	"parley/internal/store"
)

// ErrEncrypted says that a file needs the passphrase or identity it was encrypted for.
var ErrEncrypted = errors.New("the backup is encrypted: give the passphrase in PARLEY_BACKUP_PASSPHRASE, or the identity with --identity")

// ErrPassphrase and ErrIdentity say that what was given does not open an encrypted file.
var (
	ErrPassphrase = errors.New("the backup was encrypted with another passphrase: set PARLEY_BACKUP_PASSPHRASE to the one that it was made with; without it nobody can open it")
	ErrIdentity   = errors.New("the backup was encrypted for a recipient (age1…) whose identity was not given: name the file of that identity with --identity")
)

// errDamaged begins what is said of a file that is not what was written.
var errDamaged = errors.New("the backup is damaged or not whole")

// target takes what a file holds, in its order.
type target interface {
	begin(ctx context.Context, h head) error
	rows(ctx context.Context, t store.Table, rows [][]any) error
	blob(ctx context.Context, ref store.BlobRef, r io.Reader) error
}

// file is a backup that is being read.
type file struct {
	tar  *tar.Reader
	head head
	sums map[string]hash.Hash
	got  end // what has come so far
	key  string
}

// open finds out whether r is encrypted, and reads the first entry.
func open(r io.Reader, identities []age.Identity) (*file, func(), error) {
	in := bufio.NewReaderSize(r, 1<<20)
	start, err := in.Peek(len(ageHeader))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: it is too short", errDamaged)
	}
	plain := io.Reader(in)
	if string(start) == ageHeader {
		if len(identities) == 0 {
			return nil, nil, ErrEncrypted
		}
		if plain, err = age.Decrypt(in, identities...); err != nil {
			return nil, nil, locked(err)
		}
	}
	unpacked, err := zstd.NewReader(plain, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
	if err != nil {
		return nil, nil, fmt.Errorf("read the backup: %w", err)
	}
	f := &file{tar: tar.NewReader(unpacked), sums: map[string]hash.Hash{}}
	f.got = end{Rows: map[string]int64{}, Sums: map[string]string{}, Journal: map[string]int64{}}
	if err := f.first(); err != nil {
		unpacked.Close()
		return nil, nil, err
	}
	return f, unpacked.Close, nil
}

// locked tells by which of the two ways a file was encrypted that did not open.
func locked(err error) error {
	none, ok := errors.AsType[*age.NoIdentityMatchError](err)
	switch {
	case !ok:
		return fmt.Errorf("decrypt the backup: %w", err)
	case slices.Contains(none.StanzaTypes, "scrypt"):
		return ErrPassphrase
	}
	return ErrIdentity
}

const ageHeader = "age-encryption.org/v1"

func (f *file) first() error {
	h, err := f.tar.Next()
	if err != nil || h.Name != headName {
		return errors.New("this is not a backup of Parley, or its beginning is damaged")
	}
	if err := f.json(&f.head); err != nil {
		return err
	}
	if f.head.Format != formatVersion {
		return fmt.Errorf("the backup has format %d; this version of Parley reads format %d", f.head.Format, formatVersion)
	}
	for _, t := range f.head.Tables {
		f.sums[t.Name] = sha256.New()
	}
	return nil
}

// read gives everything to to and returns the last entry, which has been held
// against all that came.
func (f *file) read(ctx context.Context, to target) (end, error) {
	if err := to.begin(ctx, f.head); err != nil {
		return end{}, err
	}
	for {
		h, err := f.tar.Next()
		if errors.Is(err, io.EOF) {
			return end{}, fmt.Errorf("%w: its end is missing", errDamaged)
		}
		if err != nil {
			return end{}, fmt.Errorf("%w: %w", errDamaged, err)
		}
		if err := ctx.Err(); err != nil {
			return end{}, err
		}
		kind, rest, _ := strings.Cut(h.Name, "/")
		switch {
		case kind == "rows":
			err = f.table(ctx, rest, to)
		case kind == "blobs":
			err = f.blob(ctx, rest, to)
		case h.Name == keyName:
			f.key, err = f.text()
		case h.Name == endName:
			return f.last()
		default:
			err = fmt.Errorf("%w: unknown entry %q", errDamaged, h.Name)
		}
		if err != nil {
			return end{}, err
		}
	}
}

func (f *file) table(ctx context.Context, rest string, to target) error {
	name, _, _ := strings.Cut(rest, "/")
	i := slices.IndexFunc(f.head.Tables, func(t store.Table) bool { return t.Name == name })
	if i < 0 {
		return fmt.Errorf("%w: rows of unknown table %q", errDamaged, name)
	}
	t := f.head.Tables[i]
	b, err := f.whole()
	if err != nil {
		return err
	}
	f.sums[name].Write(b)
	var rows [][]any
	for line := range bytes.Lines(b) {
		row, err := decodeRow(t, line)
		if err != nil {
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
		rows = append(rows, row)
	}
	f.got.Rows[name] += int64(len(rows))
	if name == "intake" {
		f.journal(t, rows)
	}
	return to.rows(ctx, t, rows)
}

func (f *file) journal(t store.Table, rows [][]any) {
	state := slices.IndexFunc(t.Columns, func(c store.Column) bool { return c.Name == "state" })
	for _, row := range rows {
		if s, ok := row[state].(string); ok {
			f.got.Journal[s]++
		}
	}
}

func (f *file) blob(ctx context.Context, rest string, to target) error {
	account, key, _ := strings.Cut(rest, "/")
	id, err := strconv.ParseInt(account, 10, 64)
	if err != nil {
		return fmt.Errorf("%w: a blob of account %q", errDamaged, account)
	}
	sum, size := sha256.New(), counter(0)
	ref := store.BlobRef{AccountID: parley.AccountID(id), Key: parley.BlobKey(key)}
	if err := to.blob(ctx, ref, io.TeeReader(f.tar, io.MultiWriter(sum, &size))); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != key {
		return fmt.Errorf("%w: blob %s is not what it was", errDamaged, rest)
	}
	f.got.Blobs++
	f.got.BlobBytes += int64(size)
	return nil
}

type counter int64

// Write implements io.Writer.
func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// last holds the end against what came before it.
func (f *file) last() (end, error) {
	var e end
	if err := f.json(&e); err != nil {
		return end{}, err
	}
	for name, sum := range f.sums {
		if hex.EncodeToString(sum.Sum(nil)) != e.Sums[name] || f.got.Rows[name] != e.Rows[name] {
			return end{}, fmt.Errorf("%w: table %s has other rows than were written", errDamaged, name)
		}
	}
	if f.got.Blobs != e.Blobs || f.got.BlobBytes != e.BlobBytes || !maps.Equal(f.got.Journal, e.Journal) {
		return end{}, fmt.Errorf("%w: %d blobs, not %d", errDamaged, f.got.Blobs, e.Blobs)
	}
	return e, nil
}

func (f *file) json(v any) error {
	b, err := f.whole()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	return nil
}

func (f *file) text() (string, error) {
	b, err := f.whole()
	return string(b), err
}

func (f *file) whole() ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(f.tar, maxEntry+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if len(b) > maxEntry {
		return nil, fmt.Errorf("%w: an entry of more than %d MB", errDamaged, maxEntry>>20)
	}
	return b, nil
}
