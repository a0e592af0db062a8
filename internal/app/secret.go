package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"parley/internal/config"
)

// secretKeys are the keys that sign links and reply tokens: those given, or one
// made once in the data folder. Who loses it loses the links in mails that are
// on their way, so it belongs into the backup.
func secretKeys(cfg *config.Config) ([][]byte, error) {
	given := cfg.Secrets.SecretKeys
	if len(given) == 0 {
		key, err := fileOnce(filepath.Join(cfg.Data, "secret.key"), 32)
		if err != nil {
			return nil, fmt.Errorf("secret key: %w", err)
		}
		given = strings.Split(key, ",") // a restored file holds all that the old server had
	}
	return asKeys(given), nil
}

// knownKeys are the secret keys, where there are some already.
func knownKeys(cfg *config.Config) ([][]byte, error) {
	if given := cfg.Secrets.SecretKeys; len(given) > 0 {
		return asKeys(given), nil
	}
	b, err := os.ReadFile(filepath.Join(cfg.Data, "secret.key"))
	if err != nil {
		return nil, err
	}
	return asKeys(strings.Split(strings.TrimSpace(string(b)), ",")), nil
}

func asKeys(given []string) [][]byte {
	keys := make([][]byte, len(given))
	for i, k := range given {
		keys[i] = []byte(k)
	}
	return keys
}

// nodeID names this node among those that share a database: after a restart it
// takes its own work up again at once.
func nodeID(cfg *config.Config) (string, error) {
	id, err := fileOnce(filepath.Join(cfg.Data, "node.id"), 8)
	if err != nil {
		return "", fmt.Errorf("node id: %w", err)
	}
	return id, nil
}

// fileOnce reads a file of random hex, made with so many bytes if it is not there.
func fileOnce(path string, size int) (string, error) {
	b, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	random := make([]byte, size)
	_, _ = rand.Read(random) // never fails: crypto/rand
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fileOnce(path, size) // another start was faster
	}
	if err != nil {
		return "", err
	}
	text := hex.EncodeToString(random)
	_, err = f.WriteString(text + "\n")
	return text, errors.Join(err, f.Sync(), f.Close())
}
