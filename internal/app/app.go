// Package app wires the rooms together: it builds all of them from the settings,
// starts what runs, and stops it in the reverse order. It owns the data folder's
// lock and the secret key's file, and the words of the command line.
//
// It refuses to decide anything that a service could.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"parley/internal/account"
	"parley/internal/api"
	"parley/internal/autoreply"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/channel/sms"
	"parley/internal/config"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/demo"
	"parley/internal/dial"
	"parley/internal/gateway"
	"parley/internal/image"
	"parley/internal/intake"
	"parley/internal/job"
	"parley/internal/live"
	"parley/internal/notify"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/seal"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/thread"
	"parley/web"
)

// IO is where a command reads and writes, and which version it is.
type IO struct {
	In      io.Reader
	Out     io.Writer
	Err     io.Writer
	Version string
}

// rooms are all services of one process.
type rooms struct {
	cfg          *config.Config
	log          *slog.Logger
	db           *store.DB
	blobs        blob.Store
	files        *blob.Files // the large ones of blobs
	relays       *email.Relays
	account      *account.Service
	setting      *setting.Service
	contact      *contact.Service
	conversation *conversation.Service
	outbox       *outbox.Service
	autoreply    *autoreply.Service
	intake       *intake.Service
	gateway      *gateway.Service
	live         *live.Service
	images       *image.Service
	sample       *demo.Sample
	notify       *notify.Service
	queue        *job.Queue
	api          *api.Server
	unlock       func() error
	node         string
	localDomains []string
	names        email.Resolver                  // who is asked about senders; nil: whom the settings say
	between      func(channel.Sink) channel.Sink // between the mail server and the way in; nil: nothing
}

// open builds all rooms over the data folder and the database, brought up to date.
func open(ctx context.Context, cfg *config.Config, streams *IO, with ...func(*rooms)) (*rooms, error) {
	r := &rooms{cfg: cfg, log: newLog(cfg, streams)}
	for _, change := range with {
		change(r)
	}
	steps := []func(context.Context, *IO) error{r.openData, r.openServices, r.openEdges}
	for _, step := range steps {
		if err := step(ctx, streams); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	return r, nil
}

func newLog(cfg *config.Config, streams *IO) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		level = slog.LevelInfo // config has checked it
	}
	return slog.New(slog.NewTextHandler(streams.Err, &slog.HandlerOptions{Level: level}))
}

func (r *rooms) openData(ctx context.Context, _ *IO) (err error) {
	if err := os.MkdirAll(r.cfg.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if err := r.connect(ctx); err != nil {
		return err
	}
	if err := r.db.Migrate(ctx); err != nil {
		return err
	}
	r.files, err = blob.Disk(r.cfg.BlobDir())
	r.blobs = blob.NewSplit(r.db, r.files)
	return err
}

func (r *rooms) connect(ctx context.Context) (err error) {
	r.db, err = store.Open(ctx, store.Options{URL: r.cfg.DatabaseURL, Path: r.cfg.DatabasePath(), Log: r.log})
	return err
}

func (r *rooms) openServices(_ context.Context, _ *IO) error {
	keys, err := secretKeys(r.cfg)
	if err != nil {
		return err
	}
	box, err := seal.New(keys...)
	if err != nil {
		return err
	}
	if r.node, err = nodeID(r.cfg); err != nil {
		return err
	}
	cache, err := blob.NewCache(r.cfg.ImageDir(), imageCache)
	if err != nil {
		return err
	}
	r.images = image.New(dial.New(dial.Policy{}), cache, keys)
	types, err := r.channelTypes()
	if err != nil {
		return err
	}
	r.contact = contact.New(r.db)
	r.setting = setting.New(setting.Options{DB: r.db, MailDomain: r.cfg.MailDomain, LocalDomains: r.localDomains, HandOver: r.handOver, Box: box})
	r.conversation = conversation.New(r.db, r.setting)
	if err := r.openAccount(keys); err != nil {
		return err
	}
	r.gateway = gateway.New(gateway.Options{DB: r.db, Types: types, Settings: r.setting, Node: r.node, Log: r.log})
	return r.openMessages(keys)
}

// channelTypes are the kinds of channel there are, with their ways to the outside.
func (r *rooms) channelTypes() ([]channel.Type, error) {
	allow, err := dial.ParseAllow(r.cfg.AllowPrivate)
	if err != nil {
		return nil, err
	}
	outside := dial.New(dial.Policy{Allow: allow})
	tokens := email.NewTokens(email.TokensConfig{
		HTTP: outside.HTTPClient(dial.Limits{}),
		Renewed: func(ctx context.Context, id parley.ChannelID, old, renewed string) error {
			return r.setting.RenewToken(ctx, id, old, renewed)
		},
	})
	r.relays, err = email.NewRelays(email.RelaysConfig{
		URL: r.cfg.Secrets.RelayURL, Hostname: r.cfg.MailDomain,
		Dial: dial.Trusted().DialContext, DialChannel: outside.DialContext, Tokens: tokens,
	})
	if err != nil {
		return nil, err
	}
	mail := email.Type{
		Relays: r.relays, Checks: r.checks(), IMAP: email.IMAPConfig{Dial: outside.DialContext, Tokens: tokens},
		Hooks: email.NewHooks(email.HooksConfig{HTTP: outside.HTTPClient(dial.Limits{}), Log: r.log}),
	}
	texts := sms.New(sms.Config{
		HTTP: outside.HTTPClient(dial.Limits{}), Media: outside.HTTPClient(dial.Limits{MaxBody: maxMedia, Redirects: 3}),
		Dial: outside.DialContext, BaseURL: r.cfg.Base(), Log: r.log,
	})
	return []channel.Type{mail, texts}, nil
}

// handOver gives what was a user's to others.
func (r *rooms) handOver(ctx context.Context, tx *store.Tx, actor parley.Actor, user parley.UserID) error {
	return r.conversation.HandOver(ctx, tx, actor, user)
}

// openAccount opens who may do what, and the mail that goes to users.
func (r *rooms) openAccount(keys [][]byte) error {
	secret, err := account.NewSecret(keys...)
	if err != nil {
		return err
	}
	r.notify, err = notify.New(r.db, &userMail{relays: r.relays, domain: r.cfg.MailDomain}, r.log)
	if err != nil {
		return err
	}
	r.account, err = account.New(account.Options{DB: r.db, Secret: secret, BaseURL: r.cfg.Base(), Mail: r.notify, HandOver: r.handOver, Log: r.log})
	if err != nil {
		return err
	}
	r.notify.SetLinks(r.account)
	return nil
}

// openMessages opens what writes messages and what files those that come.
func (r *rooms) openMessages(keys [][]byte) error {
	signer := thread.Signer{Keys: keys}
	r.outbox = outbox.New(r.db, r.blobs, r.gateway, r.contact, signer, time.Now, r.log).
		WithPublic(outbox.Public{BaseURL: r.cfg.Base(), Keys: keys})
	r.autoreply = autoreply.New(r.db, r.outbox, r.cfg.MailDomain)
	r.intake = intake.New(intake.Options{
		DB: r.db, Blobs: r.blobs, Channels: r.gateway, Settings: r.setting, Contacts: r.contact, Conversations: r.conversation, Signer: signer, Began: r.autoreply.BeganTx, Asked: r.autoreply.AskedTx, Log: r.log,
	})
	verifier, err := sampleVerifier()
	if err != nil {
		return err
	}
	r.sample = demo.NewSample(demo.SampleOptions{
		DB: r.db, Blobs: r.blobs, Channels: r.gateway, Settings: r.setting, Conversations: r.conversation, Signer: signer, Verifier: verifier, Log: r.log,
	})
	return nil
}

func (r *rooms) openEdges(ctx context.Context, streams *IO) (err error) {
	if r.live, err = live.New(r.db, r.account, r.log); err != nil {
		return err
	}
	r.queue = job.NewQueue(r.db, r.node, r.log)
	r.outbox.Register(r.queue)
	r.autoreply.Register(r.queue)
	r.queue.Register(intake.FilingJob, intake.FilingOptions, r.intake.File)
	r.conversation.Register(r.queue)
	r.notify.Register(r.queue)
	r.api = api.New(api.Deps{
		Auth: r.account, Account: r.account, Setting: r.setting, Contact: r.contact, Conversation: r.conversation,
		Outbox: r.outbox, Intake: r.intake, Live: r.live, Images: r.images, Gateway: r.gateway, Sample: r.sample,
		Log: r.log, Version: streams.Version, Web: web.FS(), Ready: r.ready,
		Secure: r.cfg.Secure(), Proxies: r.cfg.TrustedProxies, BaseURL: r.cfg.Base(), MailDomain: r.cfg.MailDomain, Relay: r.cfg.Secrets.RelayURL != "",
	})
	return nil
}

// ready is what a load balancer asks: can this node serve?
func (r *rooms) ready(ctx context.Context) error {
	return r.db.View(ctx, func(tx *store.Tx) error {
		_, err := tx.AnyAccount(ctx)
		return err
	})
}

func (r *rooms) close() error {
	var errs []error
	if r.relays != nil {
		errs = append(errs, r.relays.Close())
	}
	if r.db != nil {
		errs = append(errs, r.db.Close())
	}
	if r.unlock != nil {
		errs = append(errs, r.unlock())
	}
	return errors.Join(errs...)
}

// Explain is what a command says of a fault: the words that are meant for people, if it has some.
func Explain(err error) string {
	e, ok := errors.AsType[*parley.Error](err)
	if !ok {
		return err.Error()
	}
	var text strings.Builder
	text.WriteString(e.Text)
	for _, more := range e.More {
		text.WriteString("\n  " + more.Text)
	}
	return text.String()
}
