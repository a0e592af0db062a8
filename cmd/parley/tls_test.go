package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/app/apptest"
)

// TestTLS: with certificate files, browsers are served over HTTPS and mail
// servers may start TLS.
func TestTLS(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	s := testSite(t)
	cert, key, roots := certificate(t)
	s.Env = append(s.Env, "PARLEY_TLS="+cert+","+key)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	trust := &tls.Config{RootCAs: roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: trust, ForceAttemptHTTP2: true}}
	if err := apptest.Eventually(func(ctx context.Context) error { return overHTTPS(ctx, client, s.HTTP) }); err != nil {
		t.Fatal(err)
	}
	mail, err := smtp.Dial(s.SMTP)
	if err != nil {
		t.Fatal(err)
	}
	defer mail.Close()
	if err := mail.StartTLS(trust); err != nil {
		t.Error(err)
	}
}

func overHTTPS(ctx context.Context, client *http.Client, addr string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+addr+"/readyz", nil)
	if err != nil {
		return apptest.Final(err)
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK || res.Proto != "HTTP/2.0" {
		err = apptest.Final(fmt.Errorf("%s over %s", res.Status, res.Proto))
	}
	_ = res.Body.Close() // nothing of it is read
	return err
}

// certificate writes a pair for 127.0.0.1 that the returned roots vouch for.
func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	model := httptest.NewUnstartedServer(nil) // net/http's own test certificate
	model.StartTLS()
	defer model.Close()
	pair := model.TLS.Certificates[0]
	secret, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots = x509.NewCertPool()
	roots.AddCert(model.Certificate())
	return cert, key, roots
}
