package app

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"parley/internal/dial"
)

// certificates gives what HTTPS and STARTTLS are served with; nil: neither is.
func (r *rooms) certificates() (*tls.Config, error) {
	switch t, err := r.cfg.TLSMode(); {
	case err != nil:
		return nil, err
	case t.Auto:
		return r.autoCertificates()
	case t.CertFile != "":
		files := &certificateFiles{cert: t.CertFile, key: t.KeyFile, fault: func(err error) {
			r.log.Error("the certificate files cannot be read anew; the old ones go on", "err", err)
		}}
		if err := files.load(); err != nil {
			return nil, fmt.Errorf("--tls: %w", err)
		}
		return &tls.Config{GetCertificate: files.certificate, MinVersion: tls.VersionTLS12}, nil
	}
	return nil, nil //nolint:nilnil // off
}

// autoCertificates obtains and renews a certificate for the name in --base-url
// (RFC 8555, proved by TLS-ALPN, RFC 8737). Who connects first waits for it.
func (r *rooms) autoCertificates() (*tls.Config, error) {
	base, err := url.Parse(r.cfg.Base())
	if err != nil {
		return nil, fmt.Errorf("--base-url: %w", err)
	}
	name := base.Hostname()
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(name), Email: r.cfg.ACMEEmail,
		Cache: autocert.DirCache(filepath.Join(r.cfg.Data, "certificates")),
		Client: &acme.Client{
			DirectoryURL: r.cfg.ACMEURL, UserAgent: "parley",
			// The authority is the operator's choice, like a relay: it may be their own.
			HTTPClient: &http.Client{Timeout: time.Minute, Transport: &http.Transport{DialContext: dial.Trusted().DialContext, TLSHandshakeTimeout: 10 * time.Second}},
		},
	}
	c := m.TLSConfig()
	c.MinVersion = tls.VersionTLS12
	c.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if hello.ServerName != name {
			known := *hello // a mail server names the host of our MX record, or nothing
			known.ServerName = name
			hello = &known
		}
		got, err := m.GetCertificate(hello)
		if err != nil {
			r.log.Error("there is no certificate; it is asked for again at the next connection", "err", err)
		}
		return got, err
	}
	return c, nil
}

// reread is how often certificate files are looked at for newer ones.
const reread = time.Minute

// certificateFiles are a certificate that somebody else renews.
type certificateFiles struct {
	cert, key string
	fault     func(error)

	mu      sync.Mutex
	loaded  *tls.Certificate
	changed time.Time // of the files that are loaded
	looked  time.Time
}

func (f *certificateFiles) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := time.Now(); now.Sub(f.looked) >= reread {
		f.looked = now
		if newest, err := f.newest(); err != nil || newest.After(f.changed) {
			if err = errors.Join(err, f.load()); err != nil {
				f.fault(err)
			}
		}
	}
	return f.loaded, nil
}

// newest is when the files were changed last.
func (f *certificateFiles) newest() (newest time.Time, err error) {
	for _, path := range []string{f.cert, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return time.Time{}, err
		}
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	return newest, nil
}

func (f *certificateFiles) load() error {
	newest, err := f.newest()
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	f.loaded, f.changed = &pair, newest
	return nil
}
