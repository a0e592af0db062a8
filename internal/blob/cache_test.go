package blob

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/parley"
)

func TestCache(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c, err := NewCache(dir, 1000)
	if err != nil {
		t.Fatal(err)
	}
	key := func(n int) parley.BlobKey { return parley.BlobKey(fmt.Sprintf("%064x", n)) }
	content := bytes.Repeat([]byte("x"), 100)
	old := time.Now().Add(-48 * time.Hour)
	for n := range 10 {
		c.Put(key(n), content)
		at := old.Add(time.Duration(n) * time.Minute)
		if err := os.Chtimes(filepath.Join(dir, string(key(n))), at, at); err != nil {
			t.Fatal(err)
		}
	}
	if got, ok := c.Get(key(0)); !ok || !bytes.Equal(got, content) { // it is the newest now
		t.Errorf("the first is %q, %v", got, ok)
	}
	c.Put(key(10), content)
	held := func(n int) bool { _, ok := c.Get(key(n)); return ok }
	if !held(0) || held(1) || held(2) || !held(9) || !held(10) {
		t.Errorf("held: 0 %v, 1 %v, 2 %v, 9 %v, 10 %v", held(0), held(1), held(2), held(9), held(10))
	}
	c.Put(key(11), bytes.Repeat([]byte("x"), 2000))
	c.Put("../../escape", content)
	if _, ok := c.Get("../../escape"); ok || held(11) {
		t.Error("kept what is too large, or has no key")
	}
	again, err := NewCache(dir, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if again.size != c.size || again.size > 1000 {
		t.Errorf("%d bytes after a restart, %d before", again.size, c.size)
	}
}
