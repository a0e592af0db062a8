package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// TLS is what --tls asks for. The zero value is off.
type TLS struct {
	Auto              bool
	CertFile, KeyFile string
}

// TLSMode reads --tls.
func (c *Config) TLSMode() (TLS, error) {
	switch c.TLS {
	case "", "off":
		return TLS{}, nil
	case "auto":
		return TLS{Auto: true}, nil
	}
	cert, key, ok := strings.Cut(c.TLS, ",")
	if !ok || cert == "" || key == "" {
		return TLS{}, fmt.Errorf("--tls %q: want off, auto, or two files as CERT.pem,KEY.pem", c.TLS)
	}
	return TLS{CertFile: cert, KeyFile: key}, nil
}

func (c *Config) checkTLS() (faults []error) {
	mode, err := c.TLSMode()
	if err != nil {
		return []error{err}
	}
	if mode != (TLS{}) && strings.HasPrefix(c.BaseURL, "http://") {
		faults = append(faults, errors.New("--base-url: it must begin with https:// when --tls is set"))
	}
	if mode.Auto && !publicName(c.BaseURL) {
		faults = append(faults, errors.New("--tls auto: give --base-url with the public name of this server, such as https://parley.example.com"))
	}
	return faults
}

// publicName reports whether a certificate can be had for the host of an address.
func publicName(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	_, notAName := netip.ParseAddr(u.Hostname())
	return notAName != nil && strings.Contains(u.Hostname(), ".")
}
