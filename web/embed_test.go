package web_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"parley/web"
)

func ExampleBuilt() {
	_, err := fs.Stat(web.FS(), "index.html")
	fmt.Println(err)
	// Output: <nil>
}

func TestIndexSaysWhatItIs(t *testing.T) {
	t.Parallel()
	page, err := fs.ReadFile(web.FS(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	if app := strings.Contains(string(page), `id="root"`); app != web.Built() {
		t.Errorf("index.html holds the app: %v, Built: %v", app, web.Built())
	}
}
