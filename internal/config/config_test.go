package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"parley/internal/config"
)

type cli struct {
	config.Config `embed:""`
	Serve         struct{} `cmd:"" default:"1"`
}

func parse(t *testing.T, args ...string) (config.Config, error) {
	t.Helper()
	var c cli
	src, err := config.Open(args)
	if err != nil {
		return c.Config, err
	}
	c.Secrets = src.Secrets()
	p, err := kong.New(&c, kong.Resolvers(src))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(args)
	return c.Config, err
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parley.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFlagOverEnvironmentOverFile(t *testing.T) {
	path := writeFile(t, `http = "127.0.0.1:1"
smtp = "127.0.0.1:2"
mail-domain = "file.example"
trusted-proxies = ["10.0.0.0/8", "192.168.0.0/16"]
relay-url = "smtp://file.example:25"
`)
	t.Setenv("PARLEY_SMTP", "127.0.0.1:22")
	t.Setenv("PARLEY_HTTP", "127.0.0.1:11")
	c, err := parse(t, "--config", path, "--http", "127.0.0.1:111")
	if err != nil {
		t.Fatal(err)
	}
	if c.HTTP != "127.0.0.1:111" || c.SMTP != "127.0.0.1:22" || c.MailDomain != "file.example" || c.Secrets.RelayURL != "smtp://file.example:25" || len(c.TrustedProxies) != 2 {
		t.Errorf("%+v", c)
	}
}

func TestDefaultsRunOnLoopback(t *testing.T) {
	c, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	if c.HTTP != "127.0.0.1:8080" || c.SMTP != "127.0.0.1:2525" || c.MailDomain != "localhost" || c.Base() != "http://127.0.0.1:8080" || c.Secure() {
		t.Errorf("%+v", c)
	}
	c.HTTP = "0.0.0.0:80"
	if c.Base() != "http://localhost:80" {
		t.Errorf("base of an address for all interfaces is %s", c.Base())
	}
}

func TestAllFaultsAreListedAtOnceWithoutSecrets(t *testing.T) {
	t.Setenv("PARLEY_RELAY_URL", "http://user:hush@relay.example")
	t.Setenv("PARLEY_SECRET_KEY", "hush")
	_, err := parse(t, "--http", "8080", "--database-url", "mysql://u:hush@h/x", "--mail-domain", "a@b", "--trusted-proxies", "10.0.0.1", "--log-level", "loud", "--smtp", "127.0.0.1:99999")
	if err == nil {
		t.Fatal("no fault found")
	}
	for _, want := range []string{"--http", "database-url", "PARLEY_RELAY_URL", "--mail-domain", "--trusted-proxies", "PARLEY_SECRET_KEY", "--log-level", "--smtp"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "hush") {
		t.Errorf("a secret stands in: %v", err)
	}
}

func TestUnknownSettingInTheFileIsAFault(t *testing.T) {
	_, err := parse(t, "--config", writeFile(t, `htpp = "127.0.0.1:1"`))
	if err == nil || !strings.Contains(err.Error(), "htpp") {
		t.Errorf("got %v", err)
	}
	if _, err := parse(t, "--config", "/nowhere/parley.toml"); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a missing file gave %v", err)
	}
}

func TestTLS(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		base string
		want string // part of the fault
	}{
		"off":                   {nil, "http://127.0.0.1:8080", ""},
		"files":                 {[]string{"--tls", "/c.pem,/k.pem"}, "https://127.0.0.1:8080", ""},
		"auto":                  {[]string{"--tls", "auto", "--base-url", "https://parley.example.com"}, "https://parley.example.com", ""},
		"auto without a name":   {[]string{"--tls", "auto"}, "", "--base-url with the public name"},
		"auto for an address":   {[]string{"--tls", "auto", "--base-url", "https://192.0.2.7"}, "", "--base-url with the public name"},
		"one file":              {[]string{"--tls", "/c.pem"}, "", "CERT.pem,KEY.pem"},
		"browsers told of http": {[]string{"--tls", "/c.pem,/k.pem", "--base-url", "http://parley.example.com"}, "", "begin with https://"},
	} {
		got, err := parse(t, c.args...)
		if c.want == "" && (err != nil || got.Base() != c.base || got.Secure() != strings.HasPrefix(c.base, "https")) {
			t.Errorf("%s: %s, %v", name, got.Base(), err)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
