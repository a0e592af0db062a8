// Package config owns the settings of the process: one struct, its defaults, and
// the checks that list every fault at once. A flag wins over the environment,
// the environment over the TOML file. Secrets come from the environment or the
// file only, so that they never stand in a process list.
//
// It is the only room that reads the environment. What an administrator changes
// while the server runs lives in the database instead.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Config is every setting, as flags.
type Config struct {
	File           string   `name:"config" env:"PARLEY_CONFIG" type:"path" help:"TOML file with settings; each is named like its flag." placeholder:"FILE"`
	Data           string   `env:"PARLEY_DATA" default:"./data" type:"path" help:"Data folder: SQLite database, mail and attachments, secret key."`
	DatabaseURL    string   `env:"PARLEY_DATABASE_URL" help:"PostgreSQL, as postgres://user:password@host/name. Empty: SQLite in the data folder." placeholder:"URL"`
	HTTP           string   `name:"http" env:"PARLEY_HTTP" default:"127.0.0.1:8080" help:"Where the web app and the API listen."`
	SMTP           string   `name:"smtp" env:"PARLEY_SMTP" default:"127.0.0.1:2525" help:"Where mail is received. Empty: nowhere."`
	BaseURL        string   `env:"PARLEY_BASE_URL" help:"The address that browsers use. Empty: made from --http." placeholder:"URL"`
	MailDomain     string   `env:"PARLEY_MAIL_DOMAIN" default:"localhost" help:"Domain of the forwarding addresses: its MX points here."`
	TLS            string   `name:"tls" env:"PARLEY_TLS" default:"off" help:"HTTPS and STARTTLS: off, auto (a certificate for the name in --base-url, obtained and renewed), or the files CERT.pem,KEY.pem." placeholder:"off|auto|CERT,KEY"`
	ACMEURL        string   `name:"acme-url" env:"PARLEY_ACME_URL" default:"https://acme-v02.api.letsencrypt.org/directory" help:"The authority that --tls auto asks (RFC 8555)." placeholder:"URL"`
	ACMEEmail      string   `name:"acme-email" env:"PARLEY_ACME_EMAIL" help:"Address that the authority may warn." placeholder:"ADDRESS"`
	AllowPrivate   []string `env:"PARLEY_ALLOW_PRIVATE" help:"Hosts or CIDRs that mail servers and providers may have although private." placeholder:"HOST,…"`
	TrustedProxies []string `env:"PARLEY_TRUSTED_PROXIES" help:"CIDRs of proxies whose X-Forwarded-For is believed." placeholder:"CIDR,…"`
	DNS            string   `name:"dns" env:"PARLEY_DNS" default:"system" help:"Who is asked whether mail is from whom it says (SPF, DKIM, DMARC): system, a resolver as host:port, or off." placeholder:"system|HOST:PORT|off"`
	Metrics        string   `env:"PARLEY_METRICS" default:"127.0.0.1:9090" help:"Where /metrics listens. Empty: nowhere."`
	LogLevel       string   `env:"PARLEY_LOG_LEVEL" default:"info" help:"debug, info, warn or error."`

	Secrets Secrets `kong:"-"`
}

// Secrets are read from the environment or the file, never from flags.
type Secrets struct {
	RelayURL      string   // PARLEY_RELAY_URL: smtp(s)://user:password@host:port
	SecretKeys    []string // PARLEY_SECRET_KEY: the first signs, all verify; separated by commas
	OwnerPassword string   // PARLEY_OWNER_PASSWORD: for `account create`
	// BackupPassphrase is PARLEY_BACKUP_PASSPHRASE: encrypts backups and opens them.
	BackupPassphrase string
}

// Base is the address that browsers use, without a slash at the end.
func (c *Config) Base() string {
	if c.BaseURL != "" {
		return strings.TrimRight(c.BaseURL, "/")
	}
	host, port, err := net.SplitHostPort(c.HTTP)
	if err != nil {
		return c.scheme() + "://" + c.HTTP
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return c.scheme() + "://" + net.JoinHostPort(host, port)
}

func (c *Config) scheme() string {
	if c.TLS != "off" && c.TLS != "" {
		return "https"
	}
	return "http"
}

// Secure reports whether browsers reach us over HTTPS.
func (c *Config) Secure() bool { return strings.HasPrefix(c.Base(), "https://") }

// DatabasePath is the SQLite file.
func (c *Config) DatabasePath() string { return filepath.Join(c.Data, "parley.db") }

// BlobDir is the folder of mail and attachments.
func (c *Config) BlobDir() string { return filepath.Join(c.Data, "blobs") }

// ImageDir is the folder of images that mails show from elsewhere; they can be had again.
func (c *Config) ImageDir() string { return filepath.Join(c.Data, "images") }

// Validate lists every fault at once. kong calls it after parsing.
func (c *Config) Validate() error {
	return errors.Join(slices.Concat(
		checkListen("http", c.HTTP, false),
		checkListen("smtp", c.SMTP, true),
		checkListen("metrics", c.Metrics, true),
		checkURL("database-url", c.DatabaseURL, "postgres", "postgresql"),
		checkURL("base-url", c.BaseURL, "http", "https"),
		checkURL("PARLEY_RELAY_URL", c.Secrets.RelayURL, "smtp", "smtps"),
		checkURL("acme-url", c.ACMEURL, "https"),
		checkDomain(c.MailDomain),
		checkLevel(c.LogLevel),
		c.checkTLS(),
		checkDNS(c.DNS),
		checkCIDRs(c.TrustedProxies),
		c.checkKeys(),
	)...)
}

// minKey is the least length of a secret key, in characters.
const minKey = 32

func (c *Config) checkKeys() (faults []error) {
	for _, k := range c.Secrets.SecretKeys {
		if len(k) < minKey {
			faults = append(faults, fmt.Errorf("PARLEY_SECRET_KEY: a key has at least %d characters; make one with: openssl rand -hex 32", minKey))
		}
	}
	return faults
}

func checkListen(name, addr string, mayBeEmpty bool) []error {
	if addr == "" && mayBeEmpty {
		return nil
	}
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return []error{fmt.Errorf("--%s %q: want host:port, such as 127.0.0.1:8080, with a port up to 65535", name, addr)}
	}
	return nil
}

func checkDNS(resolver string) []error {
	if resolver == "system" || resolver == "off" {
		return nil
	}
	return checkListen("dns", resolver, false)
}

func checkLevel(level string) []error {
	if slices.Contains([]string{"debug", "info", "warn", "error"}, level) {
		return nil
	}
	return []error{fmt.Errorf("--log-level %q: want debug, info, warn or error", level)}
}

func checkURL(name, value string, schemes ...string) []error {
	if value == "" {
		return nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
		// The value may hold a password: it is not repeated.
		return []error{fmt.Errorf("%s: want an address that begins with %s://", name, strings.Join(schemes, ":// or "))}
	}
	return nil
}

func checkDomain(d string) []error {
	if d == "" || strings.ContainsAny(d, "@ /:") {
		return []error{fmt.Errorf("--mail-domain %q: want a domain name, such as in.example.com", d)}
	}
	return nil
}

func checkCIDRs(list []string) (faults []error) {
	for _, c := range list {
		if _, err := netip.ParsePrefix(c); err != nil {
			faults = append(faults, fmt.Errorf("--trusted-proxies %q: want a range such as 10.0.0.0/8", c))
		}
	}
	return faults
}
