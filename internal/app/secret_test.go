package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/config"
)

// A restored key file may hold several keys, as PARLEY_SECRET_KEY may: the first
// signs, and what the others signed is still known.
func TestKeyFileHoldsRotatedKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fresh, old := strings.Repeat("f", 32), strings.Repeat("o", 32)
	if err := os.WriteFile(filepath.Join(dir, "secret.key"), []byte(fresh+","+old+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := secretKeys(&config.Config{Data: dir})
	if err != nil || len(keys) != 2 || string(keys[0]) != fresh || string(keys[1]) != old {
		t.Errorf("%q, %v", keys, err)
	}
}
