package blob_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"parley/internal/blob"
)

func Example() {
	dir, _ := os.MkdirTemp("", "blob")
	defer os.RemoveAll(dir)
	ctx := context.Background()

	store, _ := blob.Disk(dir)
	key, size, _ := store.Put(ctx, 1, strings.NewReader("hello"))
	r, _ := store.Open(ctx, 1, key)
	defer r.Close()
	body, _ := io.ReadAll(r)
	fmt.Println(key[:8], size, string(body))
	// Output: 2cf24dba 5 hello
}
