package blob

import (
	"bytes"
	"context"
	"maps"
	"strings"
	"sync"
	"testing"

	"parley/internal/parley"
)

// rows is the database's part, in memory.
type rows struct {
	mu   sync.Mutex
	kept map[place][]byte
}

type place struct {
	account parley.AccountID
	key     parley.BlobKey
}

func (r *rows) PutBlob(_ context.Context, account parley.AccountID, key parley.BlobKey, content []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept[place{account, key}] = bytes.Clone(content)
	return nil
}

func (r *rows) BlobContent(_ context.Context, account parley.AccountID, key parley.BlobKey) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept[place{account, key}], nil
}

func (r *rows) DeleteBlob(_ context.Context, account parley.AccountID, key parley.BlobKey) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kept, place{account, key})
	return nil
}

// What is small stands in rows, what is not in the folder, and nobody who reads can tell.
func TestSplit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body  string
		small bool
	}{
		"a byte":       {"x", true},
		"just small":   {strings.Repeat("s", Small), true},
		"a byte more":  {strings.Repeat("l", Small+1), false},
		"several MB":   {strings.Repeat("m", 3<<20), false},
		"zeros inside": {"a\x00b", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, r := open(t), &rows{kept: map[place][]byte{}}
			s := NewSplit(r, folder)
			key := put(t, s, 1, test.body)
			if got := len(maps.Clone(r.kept)) == 1; got != test.small {
				t.Errorf("in a row: %v, want %v", got, test.small)
			}
			if got := len(files(t, folder)) > 0; got == test.small {
				t.Errorf("in the folder: %v: %v", got, files(t, folder))
			}
			if got, err := read(t, s, 1, key); err != nil || got != test.body {
				t.Errorf("read %d bytes, %v; want %d", len(got), err, len(test.body))
			}
			if _, err := s.Open(t.Context(), 2, key); !parley.IsCode(err, parley.NotFound) {
				t.Errorf("another account opens it: %v", err)
			}
			if err := s.Delete(t.Context(), 1, key); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Open(t.Context(), 1, key); !parley.IsCode(err, parley.NotFound) {
				t.Errorf("opened once deleted: %v", err)
			}
		})
	}
}

// What was stored as a file before there were rows is found, and deleted, as ever.
func TestSplitFindsOldFiles(t *testing.T) {
	t.Parallel()
	folder := open(t)
	key := put(t, folder, 1, "small, and old")
	s := NewSplit(&rows{kept: map[place][]byte{}}, folder)
	if got, err := read(t, s, 1, key); err != nil || got != "small, and old" {
		t.Errorf("read %q, %v", got, err)
	}
	if err := s.Delete(t.Context(), 1, key); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), 1, key); !parley.IsCode(err, parley.NotFound) {
		t.Errorf("opened once deleted: %v", err)
	}
}

func TestSplitTellsDamage(t *testing.T) {
	t.Parallel()
	r := &rows{kept: map[place][]byte{}}
	s := NewSplit(r, open(t))
	key := put(t, s, 1, "as it was")
	r.kept[place{1, key}] = []byte("as it is!")
	if _, err := read(t, s, 1, key); err == nil {
		t.Error("damaged bytes were read as good ones")
	}
}
