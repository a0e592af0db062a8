package web_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"parley/web"
)

func ExampleBuilt() {
	page, err := fs.Glob(web.FS(), "index.html*")
	fmt.Println(len(page), err)
	// Output: 1 <nil>
}

func TestIndexSaysWhatItIs(t *testing.T) {
	t.Parallel()
	page, err := fs.ReadFile(web.FS(), "index.html")
	if web.Built() {
		page, err = unzipped("index.html.gz")
	}
	if err != nil {
		t.Fatal(err)
	}
	if app := strings.Contains(string(page), `id="root"`); app != web.Built() {
		t.Errorf("index.html holds the app: %v, Built: %v", app, web.Built())
	}
}

func unzipped(name string) ([]byte, error) {
	f, err := web.FS().Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
