package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"parley/internal/backup"
	"parley/internal/blob"
	"parley/internal/config"
	"parley/internal/store"
)

// BackupTo says where a backup goes and for whom it is encrypted.
type BackupTo struct {
	File      string
	Recipient []string // age1…; with none and no passphrase the file is not encrypted
}

// Backup writes everything into one file, while the server runs or not, reads it
// again to verify it, and only then gives it its name.
func Backup(ctx context.Context, cfg *config.Config, streams *IO, to BackupTo) error {
	recipients, identities, err := recipients(cfg, to.Recipient)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(to.File); err == nil {
		return fmt.Errorf("%s exists already; choose another name", to.File)
	}
	if err := hasDatabase(cfg); err != nil {
		return err
	}
	r := &rooms{cfg: cfg, log: newLog(cfg, streams)}
	if err := r.connect(ctx); err != nil {
		return errors.Join(err, r.close())
	}
	return errors.Join(r.backup(ctx, streams, to.File, recipients, identities), r.close())
}

func (r *rooms) backup(ctx context.Context, streams *IO, path string, recipients []age.Recipient, identities []age.Identity) (err error) {
	if r.blobs, err = blob.Disk(r.cfg.BlobDir()); err != nil {
		return err
	}
	keys, err := secretKeys(r.cfg)
	if err != nil {
		return err
	}
	secret := make([]string, len(keys))
	for i, k := range keys {
		secret[i] = string(k)
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part))
		}
	}()
	source := backup.Source{DB: r.db, Blobs: r.blobs, Secret: strings.Join(secret, ","), Version: streams.Version, Now: time.Now}
	p := newProgress(streams.Err, "backed up")
	written, err := backup.Write(ctx, source, f, recipients, p.tell)
	p.end()
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	if err := verifyAndName(ctx, part, path, identities); err != nil {
		return err
	}
	return tellBackup(streams, path, written, len(recipients) > 0)
}

// verifyAndName reads what is on disk. For a recipient whose identity is
// elsewhere it cannot be read: encryption then vouches for it.
func verifyAndName(ctx context.Context, part, path string, identities []age.Identity) error {
	_, err := verifyFile(ctx, part, identities)
	if err != nil && !errors.Is(err, backup.ErrEncrypted) {
		return fmt.Errorf("verify the backup: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func verifyFile(ctx context.Context, path string, identities []age.Identity) (s backup.Summary, err error) {
	f, err := os.Open(path)
	if err != nil {
		return s, err
	}
	defer f.Close()
	return backup.Verify(ctx, f, identities)
}

func tellBackup(streams *IO, path string, s backup.Summary, encrypted bool) error {
	if err := tellSummary(streams.Out, path, s); err != nil {
		return err
	}
	if !encrypted {
		_, err := fmt.Fprintln(streams.Out, "The secret key is not in it, because the file is not encrypted: keep PARLEY_SECRET_KEY or the data folder's secret.key beside it.")
		if err != nil {
			return err
		}
	}
	if len(s.Missing) > 0 {
		return fmt.Errorf("%d files of messages could not be read and are not in the backup; the first: %s", len(s.Missing), s.Missing[0])
	}
	return nil
}

func tellSummary(w io.Writer, path string, s backup.Summary) error {
	_, err := fmt.Fprintf(w, "%s: as of %s, from %s\n%d messages; journal: %d filed, %d failed, %d pending; %d rows; beside the database %d large files (%.1f MB)\n",
		path, s.TakenAt.Format(time.RFC3339), s.Database, s.Messages, s.Journal["filed"], s.Journal["failed"], s.Journal["pending"], s.Rows, s.Blobs, float64(s.BlobBytes)/1e6)
	return err
}

// RestoreFrom names a backup and how it is put back.
type RestoreFrom struct {
	File     string
	Identity string // age identity file
	Moved    bool
	Check    bool // only read and verify
}

// Restore puts a backup into an empty data folder or database, or only verifies it.
func Restore(ctx context.Context, cfg *config.Config, streams *IO, from RestoreFrom) error {
	identities, err := identities(cfg, from.Identity)
	if err != nil {
		return err
	}
	if from.Check {
		s, err := verifyFile(ctx, from.File, identities)
		if err != nil {
			return err
		}
		return tellSummary(streams.Out, from.File, s)
	}
	f, err := os.Open(from.File)
	if err != nil {
		return err
	}
	defer f.Close()
	r := &rooms{cfg: cfg, log: newLog(cfg, streams)}
	return errors.Join(r.restore(ctx, streams, f, identities, from), r.close())
}

func (r *rooms) restore(ctx context.Context, streams *IO, f *os.File, identities []age.Identity, from RestoreFrom) (err error) {
	if err := os.MkdirAll(r.cfg.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if r.cfg.DatabaseURL == "" {
		if r.unlock, err = lockData(r.cfg.Data); err != nil {
			return err
		}
	}
	if err := r.connect(ctx); err != nil {
		return err
	}
	if r.blobs, err = blob.Disk(r.cfg.BlobDir()); err != nil {
		return err
	}
	p := newProgress(streams.Err, "restored")
	s, err := backup.Restore(ctx, f, identities, backup.Into{DB: r.db, Blobs: r.blobs, Now: time.Now, Moved: from.Moved}, p.tell)
	p.end()
	if errors.Is(err, store.ErrNotEmpty) {
		return errors.New("there is an account already; a backup is restored into an empty data folder or database, named by --data or --database-url")
	}
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return r.tellRestored(streams, from.File, s)
}

func (r *rooms) tellRestored(streams *IO, path string, s backup.Summary) error {
	if err := tellSummary(streams.Out, path, s); err != nil {
		return err
	}
	if s.Unproven > 0 {
		_, _ = fmt.Fprintf(streams.Out, "%d messages were about to leave when it was taken and may have left since: they are shown as uncertain, for a person to decide.\n", s.Unproven) // as the line above
	}
	if s.Secret == "" {
		_, err := fmt.Fprintln(streams.Out, "Start the server with the secret key of the old one: PARLEY_SECRET_KEY, or its secret.key in this data folder.")
		return err
	}
	path = filepath.Join(r.cfg.Data, "secret.key")
	err := os.WriteFile(path, []byte(s.Secret+"\n"), 0o600)
	if err == nil {
		_, err = fmt.Fprintln(streams.Out, "The secret key is back in its place.")
	}
	return err
}

// recipients are for whom a backup is encrypted, and who could read it here.
func recipients(cfg *config.Config, keys []string) (to []age.Recipient, can []age.Identity, err error) {
	for _, k := range keys {
		r, err := age.ParseX25519Recipient(k)
		if err != nil {
			return nil, nil, fmt.Errorf("--recipient: want an age recipient, such as age1…: %w", err)
		}
		to = append(to, r)
	}
	phrase := cfg.Secrets.BackupPassphrase
	if phrase == "" {
		return to, nil, nil
	}
	if len(to) > 0 {
		return nil, nil, errors.New("give either --recipient or PARLEY_BACKUP_PASSPHRASE, not both")
	}
	r, err := age.NewScryptRecipient(phrase)
	if err != nil {
		return nil, nil, fmt.Errorf("PARLEY_BACKUP_PASSPHRASE: %w", err)
	}
	can, err = identities(cfg, "")
	return []age.Recipient{r}, can, err
}

func identities(cfg *config.Config, path string) (out []age.Identity, err error) {
	if path != "" {
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("--identity %s: there is no such file", path)
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if out, err = age.ParseIdentities(f); err != nil {
			return nil, fmt.Errorf("--identity: %w", err)
		}
	}
	if phrase := cfg.Secrets.BackupPassphrase; phrase != "" {
		i, err := age.NewScryptIdentity(phrase)
		if err != nil {
			return nil, fmt.Errorf("PARLEY_BACKUP_PASSPHRASE: %w", err)
		}
		out = append(out, i)
	}
	return out, nil
}

// progress tells of long work on one line, at most four times a second.
type progress struct {
	w    io.Writer
	word string
	last time.Time
	told bool
	seen backup.Summary
}

func newProgress(w io.Writer, word string) *progress {
	return &progress{w: w, word: word, last: time.Now()}
}

func (p *progress) tell(s backup.Summary) {
	p.seen = s
	if now := time.Now(); now.Sub(p.last) >= 250*time.Millisecond {
		p.last, p.told = now, true
		p.say()
	}
}

func (p *progress) say() {
	_, _ = fmt.Fprintf(p.w, "\r%s %d rows, %d large files ", p.word, p.seen.Rows, p.seen.Blobs) // nobody may be looking
}

func (p *progress) end() {
	if p.told {
		p.say()
		_, _ = fmt.Fprintln(p.w)
	}
}
