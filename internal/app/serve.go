package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/config"
	"parley/internal/gateway"
)

const (
	// httpGrace is how long running requests may take once the server stops.
	httpGrace = 10 * time.Second
	// sendGrace is how long a send may take then: cut off after its body, it would be uncertain.
	sendGrace = 20 * time.Second
)

// Serve runs the server until ctx ends.
func Serve(ctx context.Context, cfg *config.Config, streams *IO) error {
	tuneMemory()
	r, err := open(ctx, cfg, streams)
	if err != nil {
		return err
	}
	l, err := r.listen(ctx)
	if err != nil {
		return errors.Join(err, r.close())
	}
	r.tellSealed(ctx)
	r.log.Info("parley is ready", "route", cfg.Base())
	r.tellMail(l)
	err = errors.Join(r.run(ctx, l), r.close())
	r.log.Info("parley has stopped")
	return err
}

// tellMail logs how mail comes in and leaves.
func (r *rooms) tellMail(l listeners) {
	if l.smtp != nil {
		r.log.Info("mail is received", "route", l.smtp.Addr().String())
	}
	if r.cfg.Secrets.RelayURL == "" {
		r.log.Warn("no mail can be sent: set PARLEY_RELAY_URL")
	}
}

// tellSealed warns of passwords that the secret key does not open.
func (r *rooms) tellSealed(ctx context.Context) {
	locked, err := r.gateway.TellSealed(ctx)
	if err == nil && locked > 0 {
		err = errors.New(lockedWords(locked))
	}
	if err != nil {
		r.log.Warn("passwords of channels cannot be opened", "err", err)
	}
}

// listeners are bound before anything starts, so that a taken port is known at once.
type listeners struct {
	tls  *tls.Config // nil: neither HTTPS nor STARTTLS
	http net.Listener
	smtp *email.Listener // nil: no mail is received
}

func (r *rooms) listen(ctx context.Context) (l listeners, err error) {
	if r.unlock, err = lockData(r.cfg.Data); err != nil {
		return l, err
	}
	if l.tls, err = r.certificates(); err != nil {
		return l, err
	}
	var lc net.ListenConfig
	if l.http, err = lc.Listen(ctx, "tcp", r.cfg.HTTP); err != nil {
		return l, fmt.Errorf("--http: %w", err)
	}
	if r.cfg.SMTP == "" {
		return l, nil
	}
	sink := channel.Sink(r.intake)
	if r.between != nil {
		sink = r.between(sink)
	}
	l.smtp, err = email.NewListener(ctx, email.ListenerConfig{
		Addr: r.cfg.SMTP, Hostname: r.cfg.MailDomain, TLS: l.tls, Directory: r.setting, Sink: sink, Log: r.log,
	})
	if err != nil {
		return l, errors.Join(fmt.Errorf("--smtp: %w", err), l.http.Close())
	}
	return l, nil
}

// part is something else that runs beside the server.
type part struct {
	name string
	run  func(context.Context) error
}

// run starts everything and stops it in the reverse order: first what takes
// input, then what works on it, last what tells of it.
func (r *rooms) run(ctx context.Context, l listeners, more ...part) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()

	var inner, outer sync.WaitGroup
	start := func(wg *sync.WaitGroup, ctx context.Context, name string, run func(context.Context) error) {
		wg.Go(func() {
			if err := run(ctx); err != nil && !errors.Is(err, context.Canceled) {
				r.log.Error("a part of the server gave up", "err", err, "job_kind", name)
				fail(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	start(&inner, work, "jobs", func(ctx context.Context) error { return r.queue.Run(ctx, sendGrace) })
	start(&inner, work, "live", r.live.Run)
	start(&inner, work, "accounts", r.account.Run)
	start(&inner, work, "upkeep", r.upkeep)
	start(&inner, work, "metrics", r.serveMetrics)
	for _, p := range more {
		start(&inner, work, p.name, p.run)
	}
	var mail []gateway.Listener
	if l.smtp != nil {
		mail = append(mail, l.smtp)
	}
	start(&outer, ctx, "mail", func(ctx context.Context) error { return r.gateway.Run(ctx, mail...) })
	start(&outer, ctx, "mailboxes", func(ctx context.Context) error { return r.gateway.Poll(ctx, r.intake) })
	start(&outer, ctx, "web", func(ctx context.Context) error { return r.serveHTTP(ctx, l) })

	outer.Wait()
	stopWork()
	inner.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (r *rooms) serveHTTP(ctx context.Context, l listeners) error {
	srv := &http.Server{
		Handler:           r.api.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		TLSConfig:         l.tls,
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	defer context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), httpGrace)
		defer cancel()
		if err := srv.Shutdown(grace); err != nil {
			_ = srv.Close() // what is still open by now is cut off
		}
	})()
	serve := func() error { return srv.Serve(l.http) }
	if l.tls != nil {
		serve = func() error { return srv.ServeTLS(l.http, "", "") }
	}
	if err := serve(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	<-ctx.Done()
	return nil
}
