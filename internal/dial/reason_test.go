package dial_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"testing"

	"parley/internal/dial"
)

func TestReason(t *testing.T) {
	t.Parallel()
	connect := func(err error) error {
		at := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
		return &url.Error{Op: "Get", URL: "https://provider.example?key=hush", Err: fmt.Errorf("dial: %w", &net.OpError{Op: "dial", Net: "tcp", Addr: at, Err: err})}
	}
	for want, err := range map[string]error{
		"there is no server of that name":        connect(&net.DNSError{Name: "provider.example", IsNotFound: true}),
		"its name cannot be looked up just now":  connect(&net.DNSError{Name: "provider.example", IsTimeout: true}),
		"it does not answer":                     connect(context.DeadlineExceeded),
		"it refuses the connection":              connect(syscall.ECONNREFUSED),
		"there is no way to it from this server": connect(syscall.EHOSTUNREACH),
		"its certificate is not trusted":         connect(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}),
		"it does not speak TLS there":            connect(tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}),
		"the connection broke off":               errors.Join(io.ErrUnexpectedEOF, http.ErrServerClosed),
	} {
		if got := dial.Reason(err); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}
