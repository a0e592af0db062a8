package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"parley/internal/parley"
)

// DefaultMaxSize is the largest blob of a Files store, unless told otherwise.
const DefaultMaxSize = 256 << 20

// abandoned is the age at which an unfinished file is taken for the remains of
// a crash. Another process on the same folder may be writing the younger ones.
const abandoned = 24 * time.Hour

// Files is a Store in a folder:
//
//	ACCOUNT/ab/abcdef…   a blob, below the first two digits of its key
//	tmp/…                what is being written
//
// A blob appears under its name by a rename, whole and already on disk.
type Files struct {
	// MaxSize bounds one blob. Set it before use.
	MaxSize int64

	dir   string
	temp  func(dir string) (file, error)
	names sync.Mutex // between a file that gets its name and one that loses it for its age
	known sync.Map   // folders whose entry in their parent is on disk
}

var _ Store = (*Files)(nil)

// file is what Put needs of an *os.File.
type file interface {
	io.WriteCloser
	Name() string
	Sync() error
}

// Disk opens the store in dir and makes the folder if needed. It removes what a
// crash has left unfinished.
func Disk(dir string) (*Files, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "tmp"), 0o700); err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	f := &Files{MaxSize: DefaultMaxSize, dir: dir, temp: newTemp}
	// The ages of files are told by the machine's clock, so it is the one to compare with.
	if err := f.sweep(time.Now().Add(-abandoned)); err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	return f, nil
}

func newTemp(dir string) (file, error) { return os.CreateTemp(dir, "put-*") }

func (f *Files) sweep(before time.Time) error {
	entries, err := os.ReadDir(filepath.Join(f.dir, "tmp"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // its writer has finished meanwhile
		}
		if err != nil {
			return err
		}
		if info.ModTime().Before(before) {
			if err := os.Remove(filepath.Join(f.dir, "tmp", e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// Put implements Store. Bytes that are there already are written again: that
// costs little, heals a damaged file, and needs no lock between writers.
func (f *Files) Put(ctx context.Context, account parley.AccountID, r io.Reader) (parley.BlobKey, int64, error) {
	if account <= 0 {
		return "", 0, fmt.Errorf("put blob: account %d", account)
	}
	key, size, err := f.put(ctx, account, r)
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		full := parley.Errorf(parley.Unavailable, "blob.disk_full",
			"The disk of the server is full. Nothing was stored; make room and try again.")
		return "", 0, fmt.Errorf("put blob: %w: %w", full, err)
	}
	if err != nil {
		return "", 0, fmt.Errorf("put blob: %w", err)
	}
	return key, size, nil
}

func (f *Files) put(ctx context.Context, account parley.AccountID, r io.Reader) (parley.BlobKey, int64, error) {
	tmp, err := f.temp(filepath.Join(f.dir, "tmp"))
	if err != nil {
		return "", 0, err
	}
	// After the rename there is nothing left to remove.
	defer os.Remove(tmp.Name())
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(tmp, sum), io.LimitReader(patient{ctx, r}, f.MaxSize+1))
	if err == nil && size > f.MaxSize {
		err = parley.Errorf(parley.TooLarge, "blob.too_large", "Files can have up to %d MB.", f.MaxSize>>20)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return "", 0, err
	}
	key := keyOf(sum.Sum(nil))
	return key, size, f.publish(tmp.Name(), f.path(account, key))
}

// publish gives the finished file its name. The folder is synced even if the
// name was there before: who put it then may not have got that far.
func (f *Files) publish(tmp, path string) error {
	dir := filepath.Dir(path)
	if err := f.ensure(dir); err != nil {
		return err
	}
	f.names.Lock()
	err := os.Rename(tmp, path)
	f.names.Unlock()
	if err != nil {
		return err
	}
	return syncDir(dir)
}

// DeleteBefore removes a blob that was put last before a time, by the machine's
// clock, and tells whether it is gone. Each Put makes a new file, so that bytes put
// again stay, even if that happens at this very moment.
func (f *Files) DeleteBefore(ctx context.Context, account parley.AccountID, key parley.BlobKey, before time.Time) (gone bool, err error) {
	if validate(account, key) != nil {
		return true, nil // no blob has such a key
	}
	f.names.Lock()
	defer f.names.Unlock()
	switch info, err := os.Stat(f.path(account, key)); {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("delete blob: %w", err)
	case !info.ModTime().Before(before):
		return false, nil
	}
	return true, f.Delete(ctx, account, key)
}

// ensure makes dir, below f.dir, and puts the entries that lead to it on disk.
func (f *Files) ensure(dir string) error {
	if _, ok := f.known.Load(dir); ok {
		return nil
	}
	if dir != f.dir {
		if err := f.ensure(filepath.Dir(dir)); err != nil {
			return err
		}
		if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	if err := syncDir(filepath.Dir(dir)); err != nil {
		return err
	}
	f.known.Store(dir, true)
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return err
}

// Open implements Store.
func (f *Files) Open(ctx context.Context, account parley.AccountID, key parley.BlobKey) (io.ReadCloser, error) {
	if err := validate(account, key); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	opened, err := os.Open(f.path(account, key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, gone()
	}
	if err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	return &checked{r: patient{ctx, opened}, c: opened, key: key, sum: sha256.New()}, nil
}

// Delete implements Store. It is durable: what was erased does not come back with a power cut.
func (f *Files) Delete(ctx context.Context, account parley.AccountID, key parley.BlobKey) error {
	if validate(account, key) != nil {
		return nil //nolint:nilerr // no blob has such a key, so there is nothing to erase
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("delete blob: %w", err)
	}
	path := f.path(account, key)
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

func (f *Files) path(account parley.AccountID, key parley.BlobKey) string {
	return filepath.Join(f.dir, strconv.FormatInt(int64(account), 10), string(key[:2]), string(key))
}

// patient stops between two reads when its context ends.
type patient struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// checked compares what it read with the key when the end comes.
type checked struct {
	r   io.Reader
	c   io.Closer
	key parley.BlobKey
	sum hash.Hash
}

// Read implements io.Reader.
func (c *checked) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.sum.Write(b[:n])
	if errors.Is(err, io.EOF) && keyOf(c.sum.Sum(nil)) != c.key {
		return n, ErrCorrupt
	}
	return n, err
}

// Close implements io.Closer.
func (c *checked) Close() error { return c.c.Close() }
