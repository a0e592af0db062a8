package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"syscall"
)

// Reason says in words why there is no connection: for a person, with no address
// of ours or of the far end in it. err itself is for the log.
func Reason(err error) string {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return "there is no server of that name"
		}
		return "its name cannot be looked up just now"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "its certificate is not trusted"
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "it does not speak TLS there"
	}
	if asked, ok := errors.AsType[*url.Error](err); ok {
		err = asked.Err // it does not look far enough itself
	}
	late, ok := errors.AsType[net.Error](err)
	switch {
	case ok && late.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "it does not answer"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "it refuses the connection"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to it from this server"
	}
	return "the connection broke off"
}
