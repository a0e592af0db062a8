package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
)

func open(t *testing.T) *Files {
	t.Helper()
	f, err := Disk(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func put(t *testing.T, s Store, account parley.AccountID, body string) parley.BlobKey {
	t.Helper()
	key, size, err := s.Put(t.Context(), account, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte(body))); string(key) != want || size != int64(len(body)) {
		t.Fatalf("Put = %s, %d; want %s, %d", key, size, want, len(body))
	}
	return key
}

func read(t *testing.T, s Store, account parley.AccountID, key parley.BlobKey) (string, error) {
	t.Helper()
	r, err := s.Open(t.Context(), account, key)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

// files lists everything below the store's folder, so that a test sees what is left behind.
func files(t *testing.T, f *Files) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(f.dir, path)
			out = append(out, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPutOpenDelete(t *testing.T) {
	t.Parallel()
	f := open(t)
	for _, body := range []string{"", "hello", strings.Repeat("x", 1<<20), "\x00\xff\r\n.\r\n"} {
		key := put(t, f, 7, body)
		if got, err := read(t, f, 7, key); got != body || err != nil {
			t.Errorf("read %d of %d bytes, %v", len(got), len(body), err)
		}
		for range 2 { // the second time there is nothing to delete
			if err := f.Delete(t.Context(), 7, key); err != nil {
				t.Error(err)
			}
		}
		if _, err := read(t, f, 7, key); !parley.IsCode(err, parley.NotFound) {
			t.Errorf("after Delete: %v", err)
		}
	}
	if left := files(t, f); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func TestPutTwiceStoresOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	key := put(t, f, 1, "same")
	if again := put(t, f, 1, "same"); again != key {
		t.Errorf("two keys for the same bytes: %s, %s", key, again)
	}
	want := []string{filepath.Join("1", string(key[:2]), string(key))}
	if diff := cmp.Diff(want, files(t, f)); diff != "" {
		t.Error(diff)
	}
}

func TestAccountsShareNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	key := put(t, f, 1, "secret")
	if _, err := read(t, f, 2, key); !parley.IsCode(err, parley.NotFound) {
		t.Errorf("another account opened it: %v", err)
	}
	put(t, f, 2, "secret")
	if err := f.Delete(t.Context(), 1, key); err != nil {
		t.Fatal(err)
	}
	if got, err := read(t, f, 2, key); got != "secret" || err != nil {
		t.Errorf("deleted with the other account's: %q, %v", got, err)
	}
}

func TestConcurrentPutOfTheSameBytes(t *testing.T) {
	t.Parallel()
	f := open(t)
	body := strings.Repeat("concurrent", 10_000)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 5 {
				key, _, err := f.Put(t.Context(), 3, strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := read(t, f, 3, key); got != body || err != nil {
					t.Errorf("read %d bytes, %v", len(got), err)
				}
			}
		})
	}
	wg.Wait()
	if left := files(t, f); len(left) != 1 {
		t.Errorf("files: %v", left)
	}
}

func TestKeysNeverLeaveTheFolder(t *testing.T) {
	t.Parallel()
	f := open(t)
	outside := filepath.Join(filepath.Dir(f.dir), "outside")
	if err := os.WriteFile(outside, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := put(t, f, 1, "x")
	keys := []parley.BlobKey{
		"", ".", "..", "../../outside", "/etc/passwd", parley.BlobKey(outside),
		good[1:], good + "0", parley.BlobKey(strings.ToUpper(string(good))), "../" + good[3:], good[:63] + "/", good[:63] + "\x00",
	}
	for _, key := range keys {
		if _, err := f.Open(t.Context(), 1, key); !parley.IsCode(err, parley.NotFound) {
			t.Errorf("Open(%q): %v", key, err)
		}
		if err := f.Delete(t.Context(), 1, key); err != nil {
			t.Errorf("Delete(%q): %v", key, err)
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
	for _, account := range []parley.AccountID{0, -1} {
		if _, _, err := f.Put(t.Context(), account, strings.NewReader("x")); err == nil {
			t.Errorf("Put for account %d", account)
		}
		if _, err := f.Open(t.Context(), account, good); !parley.IsCode(err, parley.NotFound) {
			t.Errorf("Open for account %d: %v", account, err)
		}
	}
}

func TestDamagedBlob(t *testing.T) {
	t.Parallel()
	for name, damaged := range map[string]string{"changed": "hellO", "cut": "hell", "grown": "hello!", "empty": ""} {
		f := open(t)
		key := put(t, f, 1, "hello")
		if err := os.WriteFile(f.path(1, key), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(t, f, 1, key); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
		put(t, f, 1, "hello")
		if got, err := read(t, f, 1, key); got != "hello" || err != nil {
			t.Errorf("%s: not healed by a second Put: %q, %v", name, got, err)
		}
	}
}

func TestSizeLimit(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.MaxSize = 1 << 20
	put(t, f, 1, strings.Repeat("a", 1<<20))
	_, _, err := f.Put(t.Context(), 1, strings.NewReader(strings.Repeat("b", 1<<20+1)))
	if !parley.IsCode(err, parley.TooLarge) {
		t.Errorf("one byte over the limit: %v", err)
	}
	if left := files(t, f); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestPutOfABrokenReader(t *testing.T) {
	t.Parallel()
	f := open(t)
	broken := errors.New("line cut")
	_, _, err := f.Put(t.Context(), 1, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	if left := files(t, f); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func TestPutEndsWithItsContext(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	r := io.MultiReader(strings.NewReader("half"), readerFunc(func(b []byte) (int, error) {
		cancel()
		return copy(b, "more"), nil
	}))
	if _, _, err := f.Put(ctx, 1, r); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	if left := files(t, f); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

// TestDiskFull lets each step of writing fail as a full disk does.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	for _, fail := range []string{"create", "write", "sync", "close"} {
		f := open(t)
		f.temp = func(dir string) (file, error) {
			if fail == "create" {
				return nil, fmt.Errorf("create: %w", syscall.ENOSPC)
			}
			tmp, err := os.CreateTemp(dir, "put-*")
			return &full{tmp, fail}, err
		}
		_, _, err := f.Put(t.Context(), 1, bytes.NewReader(make([]byte, 1<<20)))
		if !parley.IsCode(err, parley.Unavailable) || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: %v", fail, err)
		}
		if left := files(t, f); left != nil {
			t.Errorf("%s: left behind: %v", fail, left)
		}
		f.temp = newTemp
		put(t, f, 1, "there is room again")
	}
}

// full is a file on a full disk.
type full struct {
	*os.File
	fail string
}

func (f *full) Write(b []byte) (int, error) {
	if f.fail == "write" {
		n, _ := f.File.Write(b[:len(b)/2])
		return n, syscall.ENOSPC
	}
	return f.File.Write(b)
}

func (f *full) Sync() error {
	if f.fail == "sync" {
		return syscall.ENOSPC
	}
	return f.File.Sync()
}

func (f *full) Close() error {
	if err := f.File.Close(); f.fail != "close" {
		return err
	}
	return syscall.ENOSPC
}

func TestDiskRemovesWhatACrashLeft(t *testing.T) {
	t.Parallel()
	f := open(t)
	old, young := filepath.Join(f.dir, "tmp", "put-old"), filepath.Join(f.dir, "tmp", "put-young")
	for path, age := range map[string]time.Duration{old: 25 * time.Hour, young: time.Hour} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Disk(f.dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{filepath.Join("tmp", "put-young")}, files(t, f)); diff != "" {
		t.Error(diff)
	}
}

func TestDiskInAnImpossiblePlace(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Disk(filepath.Join(path, "blobs")); err == nil {
		t.Error("opened below a file")
	}
}

func BenchmarkPut(b *testing.B) {
	f, err := Disk(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	var mu sync.Mutex
	n := 0
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		body := make([]byte, 8<<10)
		for pb.Next() {
			mu.Lock()
			n++
			copy(body, fmt.Sprint(n))
			mu.Unlock()
			if _, _, err := f.Put(b.Context(), 1, bytes.NewReader(body)); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
