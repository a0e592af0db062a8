package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// Source is where settings come from that no flag gave: the environment and the TOML file.
type Source struct{ file map[string]any }

// Open reads the TOML file that args or PARLEY_CONFIG name, if any.
func Open(args []string) (*Source, error) {
	s := &Source{file: map[string]any{}}
	path := configPath(args)
	if path == "" {
		return s, nil
	}
	_, err := toml.DecodeFile(path, &s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("--config %s: there is no such file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("--config %s: %w", path, err)
	}
	return s, nil
}

// Resolve implements kong.Resolver: the file answers for a setting once neither
// a flag nor the environment gave it.
func (s *Source) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	if value, ok := s.file[flag.Name]; ok {
		return text(value), nil
	}
	return nil, nil
}

// Validate implements kong.Resolver: a setting that nobody knows is a typing error.
func (s *Source) Validate(app *kong.Application) error {
	known := map[string]bool{"relay-url": true, "secret-key": true, "backup-passphrase": true}
	for _, group := range app.AllFlags(false) {
		for _, flag := range group {
			known[flag.Name] = true
		}
	}
	var faults []error
	for name := range s.file {
		if !known[name] {
			faults = append(faults, fmt.Errorf("the settings file has %q, which is no setting", name))
		}
	}
	return errors.Join(faults...)
}

func configPath(args []string) string {
	for i, a := range args {
		if value, ok := strings.CutPrefix(a, "--config="); ok {
			return value
		}
		if a == "--config" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return os.Getenv("PARLEY_CONFIG")
}

// text writes a TOML value as a flag would have it.
func text(v any) string {
	list, ok := v.([]any)
	if !ok {
		return fmt.Sprint(v)
	}
	parts := make([]string, len(list))
	for i, p := range list {
		parts[i] = fmt.Sprint(p)
	}
	return strings.Join(parts, ",")
}

// Secrets reads what never stands in a flag.
func (s *Source) Secrets() Secrets {
	out := Secrets{
		RelayURL:      s.secret("PARLEY_RELAY_URL", "relay-url"),
		OwnerPassword: os.Getenv("PARLEY_OWNER_PASSWORD"),

		BackupPassphrase: s.secret("PARLEY_BACKUP_PASSPHRASE", "backup-passphrase"),
	}
	for k := range strings.SplitSeq(s.secret("PARLEY_SECRET_KEY", "secret-key"), ",") {
		if k = strings.TrimSpace(k); k != "" {
			out.SecretKeys = append(out.SecretKeys, k)
		}
	}
	return out
}

func (s *Source) secret(env, name string) string {
	if v := os.Getenv(env); v != "" {
		return v
	}
	if v, ok := s.file[name]; ok {
		return text(v)
	}
	return ""
}
