package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"parley/internal/parley"
)

// Cache keeps bytes that can be had again, in a folder of bounded size: what was
// not asked for longest goes first. What it holds may be gone at any time, so a
// fault of the disk is no fault of its callers'.
type Cache struct {
	dir string
	max int64

	mu   sync.Mutex
	size int64
}

// touchAfter is how old a file's time may be when it is read before it is renewed.
const touchAfter = time.Hour

// NewCache keeps at most max bytes in dir, and makes the folder if needed.
func NewCache(dir string, max int64) (*Cache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cache folder: %w", err)
	}
	c := &Cache{dir: dir, max: max}
	files, err := c.files()
	if err != nil {
		return nil, fmt.Errorf("cache folder: %w", err)
	}
	for _, f := range files {
		c.size += f.Size()
	}
	return c, nil
}

// files are what the cache holds, the one not asked for longest first.
func (c *Cache) files() ([]fs.FileInfo, error) {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return nil, err
	}
	var out []fs.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, info)
	}
	slices.SortFunc(out, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	return out, nil
}

// Get gives what was put under a key, if it is still there.
func (c *Cache) Get(key parley.BlobKey) ([]byte, bool) {
	if !ValidKey(key) {
		return nil, false
	}
	path := filepath.Join(c.dir, string(key))
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, false
	}
	if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > touchAfter {
		now := time.Now()
		_ = os.Chtimes(path, now, now) // it goes a little sooner then
	}
	return content, true
}

// Put keeps content under a key, and makes room for it.
func (c *Cache) Put(key parley.BlobKey, content []byte) {
	if !ValidKey(key) || int64(len(content)) > c.max {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size+int64(len(content)) > c.max {
		c.makeRoom(int64(len(content)))
	}
	tmp, err := os.CreateTemp(c.dir, "put-*")
	if err != nil {
		return
	}
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(c.dir, string(key)))
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return
	}
	c.size += int64(len(content))
}

// makeRoom removes files until so much fits and a fifth is free, so that it is
// not to be done again soon. It counts anew what is there.
func (c *Cache) makeRoom(need int64) {
	files, err := c.files()
	if err != nil {
		return
	}
	c.size = 0
	for _, f := range files {
		c.size += f.Size()
	}
	for _, f := range files {
		if c.size+need <= c.max*4/5 || c.size == 0 {
			return
		}
		if os.Remove(filepath.Join(c.dir, f.Name())) == nil {
			c.size -= f.Size()
		}
	}
}
