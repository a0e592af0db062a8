package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"parley/internal/blob"
	"parley/internal/channel/email"
	"parley/internal/config"
	"parley/internal/dial"
	"parley/internal/seal"
	"parley/internal/setting"
	"parley/internal/store"
)

// checkPatience is how long one check of something outside may take.
const checkPatience = 15 * time.Second

// Doctor looks at everything that an administrator sets up, changes nothing, and
// tells what is wrong and what to do. A fault is an error; a remark is not.
func Doctor(ctx context.Context, cfg *config.Config, streams *IO) error {
	d := &doctor{cfg: cfg, out: streams.Out}
	d.folder()
	key := d.secret()
	d.database(ctx)
	if !d.locked { // else that is what there is to say of the key
		key()
	}
	d.relay(ctx)
	d.mailDomain(ctx)
	d.browsers()
	switch d.faults {
	case 0:
		return nil
	case 1:
		return errors.New("one of these needs you")
	}
	return fmt.Errorf("%d of these need you", d.faults)
}

type doctor struct {
	cfg    *config.Config
	out    io.Writer
	faults int
	locked bool // the secret key does not open what it has to
}

func (d *doctor) say(mark, format string, args ...any) {
	_, _ = fmt.Fprintf(d.out, "%-6s "+format+"\n", append([]any{mark}, args...)...) // the faults' number is told by the exit code too
}

func (d *doctor) ok(format string, args ...any)     { d.say("ok", format, args...) }
func (d *doctor) remark(format string, args ...any) { d.say("remark", format, args...) }
func (d *doctor) fault(format string, args ...any)  { d.faults++; d.say("FAULT", format, args...) }

func (d *doctor) folder() {
	probe, err := os.CreateTemp(d.cfg.Data, "doctor-*")
	if errors.Is(err, fs.ErrNotExist) {
		d.fault("data folder: %s is not there; name the right one with --data, or start the server once to make it", d.cfg.Data)
		return
	}
	if err == nil {
		err = errors.Join(probe.Sync(), probe.Close(), os.Remove(probe.Name()))
	}
	if err != nil {
		d.fault("data folder: nothing can be written to %s: %v", d.cfg.Data, err)
		return
	}
	d.ok("data folder: %s can be written to", d.cfg.Data)
}

// secret looks at the key itself. What it found is told later: whether a key is the right
// one is seen by what it has to open.
func (d *doctor) secret() (tell func()) {
	path := filepath.Join(d.cfg.Data, "secret.key")
	if len(d.cfg.Secrets.SecretKeys) > 0 {
		return func() { d.ok("secret key: given") }
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && d.cfg.DatabaseURL != "":
		return func() {
			d.fault("secret key: none in the data folder; servers that share a database need the same PARLEY_SECRET_KEY")
		}
	case errors.Is(err, fs.ErrNotExist):
		return func() { d.remark("secret key: none yet; the first start makes one") }
	case err != nil:
		return func() { d.fault("secret key: %v", err) }
	case info.Mode().Perm()&0o077 != 0:
		d.fault("secret key: others may read %s; allow its owner alone: chmod 600", path) // whatever it opens
		return func() {}
	}
	keys, err := knownKeys(d.cfg)
	if err == nil {
		_, err = seal.New(keys...)
	}
	if err != nil {
		return func() { d.fault("secret key: %s cannot be used: %v", path, err) }
	}
	return func() { d.ok("secret key: in the data folder") }
}

func (d *doctor) database(ctx context.Context) {
	if d.cfg.DatabaseURL == "" {
		if _, err := os.Stat(d.cfg.DatabasePath()); err != nil {
			d.remark("database: none yet; the first start makes it")
			return
		}
	}
	r := &rooms{cfg: d.cfg, log: newLog(d.cfg, &IO{Err: io.Discard})}
	if err := r.connect(ctx); err != nil {
		d.fault("database: %v", err)
		return
	}
	c, err := r.db.Checkup(ctx)
	if err != nil {
		d.fault("database: %v", err)
	} else if d.examined(r.db.Dialect(), c); c.Missing == 0 {
		d.sealed(ctx, r.db)
		d.files(ctx, r.db)
	}
	if err := r.close(); err != nil {
		d.fault("database: %v", err)
	}
}

func (d *doctor) examined(dialect string, c store.Checkup) {
	if c.Missing > 0 {
		d.fault("database: %d steps of the schema are missing; start this version's server, or: parley migrate up", c.Missing)
		return
	}
	if c.Damage != "" {
		d.fault("database: the file is damaged (%s); stop the server and restore the newest backup", c.Damage)
	} else {
		d.ok("database: %s, sound and of this version", dialect)
	}
	var failed int64
	for _, j := range c.Journals {
		failed += j.Counted.Failed
		if j.Told != j.Counted || j.Counted.Accepted != j.Counted.Filed+j.Counted.Failed+j.Counted.Pending {
			d.fault("journal of account %d: its sums are %+v, its entries %+v; please report this", j.AccountID, j.Told, j.Counted)
		}
	}
	if failed > 0 {
		d.fault("journal: %d mails came in and could not be filed; see Settings → Journal and try them again", failed)
	} else {
		d.ok("journal: all that came in is filed or about to be")
	}
	if c.Failed.Jobs > 0 {
		d.remark("jobs: %d were given up", c.Failed.Jobs)
	}
	if c.Failed.Messages > 0 {
		d.remark("messages: %d failed or are uncertain; see the view Failed", c.Failed.Messages)
	}
}

// sealed tries the secret key on what it has to open.
func (d *doctor) sealed(ctx context.Context, db *store.DB) {
	keys, err := knownKeys(d.cfg)
	if errors.Is(err, fs.ErrNotExist) {
		keys, err = [][]byte{make([]byte, 32)}, nil // none is there: whatever is sealed stays so
	}
	if err != nil {
		return // told by secret
	}
	box, err := seal.New(keys...)
	if err != nil {
		return // told by secret
	}
	all, locked, err := setting.New(setting.Options{DB: db, Box: box}).Sealed(ctx)
	switch {
	case err != nil:
		d.fault("passwords of channels: %v", err)
	case len(locked) > 0:
		d.locked = true
		d.fault("passwords of channels: %s", lockedWords(len(locked)))
	case len(all) > 0:
		d.ok("passwords of channels: the secret key opens all %d", len(all))
	}
}

// lockedWords say what to do about channels whose passwords the secret key does not open.
func lockedWords(channels int) string {
	return fmt.Sprintf("the secret key does not open those of %d; start with the key of the server that saved them (PARLEY_SECRET_KEY, behind a comma if there is a newer one, or its secret.key in the data folder), or enter them anew in Settings → Channels", channels)
}

// files asks for each file that a row names whether it is there. That it is
// sound, byte for byte, a backup finds out.
func (d *doctor) files(ctx context.Context, db *store.DB) {
	blobs, err := blob.Disk(d.cfg.BlobDir())
	if err != nil {
		d.fault("files of messages: %v", err)
		return
	}
	var all, gone int
	err = db.Dump(ctx, func(dump *store.Dump) error {
		return dump.Blobs(ctx, func(ref store.BlobRef) error {
			all++
			r, err := blobs.Open(ctx, ref.AccountID, ref.Key)
			if err != nil {
				gone++
				return ctx.Err()
			}
			return r.Close()
		})
	})
	switch {
	case err != nil:
		d.fault("files of messages: %v", err)
	case gone > 0:
		d.fault("files of messages: %d of %d are missing in %s; bring them back from a backup", gone, all, d.cfg.BlobDir())
	default:
		d.ok("large files of messages: all %d are there; small ones stand in the database", all)
	}
}

func (d *doctor) relay(ctx context.Context) {
	if d.cfg.Secrets.RelayURL == "" {
		d.fault("mail out: no relay; set PARLEY_RELAY_URL, or replies fail")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	relay, err := email.NewRelay(email.RelayConfig{URL: d.cfg.Secrets.RelayURL, Hostname: d.cfg.MailDomain, Dial: dial.Trusted().DialContext})
	if err == nil {
		err = errors.Join(relay.Check(ctx), relay.Close())
	}
	if err != nil {
		d.fault("mail out: the relay does not take our connection: %v", err)
		return
	}
	d.ok("mail out: the relay takes our connection")
}

func (d *doctor) mailDomain(ctx context.Context) {
	if d.cfg.SMTP == "" {
		d.remark("mail in: --smtp is empty; no mail is received here")
		return
	}
	if d.cfg.MailDomain == "localhost" {
		d.remark("mail in: forwarding addresses end with @localhost; set --mail-domain to a domain whose MX record points here")
		return
	}
	asked := resolver(d.cfg.DNS)
	if asked == nil {
		d.remark("mail in: --dns is off, so whether the MX record of %s points here was not looked at", d.cfg.MailDomain)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	mx, err := asked.LookupMX(ctx, d.cfg.MailDomain)
	if dns, ok := errors.AsType[*net.DNSError](err); err != nil && (!ok || !dns.IsNotFound) {
		d.fault("mail in: the DNS was asked for the MX record of %s and gave no answer: %v", d.cfg.MailDomain, err)
		return
	}
	if len(mx) == 0 {
		d.fault("mail in: %s has no MX record; add one that points to this machine", d.cfg.MailDomain)
		return
	}
	d.ok("mail in: %s is received by %s", d.cfg.MailDomain, mx[0].Host)
}

func (d *doctor) browsers() {
	if d.cfg.Secure() {
		d.ok("browsers: %s", d.cfg.Base())
		return
	}
	d.remark("browsers: %s is not encrypted; use --tls, or a proxy with TLS and --base-url https://…", d.cfg.Base())
}
