package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// writePair writes a certificate of its own making, told apart by its number.
func writePair(t *testing.T, cert, key string, number int64, changed time.Time) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: "parley.example"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, changed, changed); err != nil {
			t.Fatal(err)
		}
	}
}

// A renewed certificate is served without a restart, and a broken one never is.
func TestCertificateFilesAreReadAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	start := time.Now().Add(-time.Hour)
	writePair(t, cert, key, 1, start)
	faults := 0
	f := &certificateFiles{cert: cert, key: key, fault: func(error) { faults++ }}
	if err := f.load(); err != nil {
		t.Fatal(err)
	}
	served := func() int64 {
		f.looked = time.Time{} // a minute later
		c, err := f.certificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.Leaf.SerialNumber.Int64()
	}
	if got := served(); got != 1 {
		t.Errorf("first: %d", got)
	}
	writePair(t, cert, key, 2, start.Add(time.Minute))
	if got := served(); got != 2 {
		t.Errorf("renewed: %d", got)
	}
	if err := os.WriteFile(key, []byte("half a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := served(); got != 2 || faults != 1 {
		t.Errorf("broken: %d, %d faults", got, faults)
	}
}
