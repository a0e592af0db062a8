package sms

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"parley/internal/channel"
	"parley/internal/parley"
)

// maxFile is the largest file of a text that is fetched.
const maxFile = 5 << 20

// mediaPart names a file of a text that lies with its provider.
func mediaPart(address, contentType string, index int) channel.Part {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = ""
	}
	name := ""
	if u, err := url.Parse(address); err == nil && path.Ext(u.Path) != "" {
		name = path.Base(u.Path)
	}
	if name == "" {
		name = "file-" + strconv.Itoa(index+1) + extensions[kind]
	}
	return channel.Part{Filename: name, ContentType: cmp.Or(kind, "application/octet-stream"), URL: address}
}

// extensions of the types that phones send.
var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic",
	"audio/amr": ".amr", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/ogg": ".ogg",
	"video/mp4": ".mp4", "video/3gpp": ".3gp", "video/quicktime": ".mov",
	"text/vcard": ".vcf", "text/x-vcard": ".vcf", "application/pdf": ".pdf",
}

// taken reports whether files of this type are kept.
func taken(kind string) bool {
	switch kind {
	case "text/vcard", "text/x-vcard", "application/pdf":
		return true
	case "image/svg+xml": // a document that may hold scripts
		return false
	}
	for _, group := range []string{"image/", "audio/", "video/"} {
		if strings.HasPrefix(kind, group) {
			return true
		}
	}
	return false
}

// FetchMedia implements channel.MediaFetcher.
func (c *calledChannel) FetchMedia(ctx context.Context, address string) (channel.Part, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	k, keeps := c.provider.(keeper)
	if err != nil || !keeps || !k.mayFetch(r) {
		return channel.Part{}, parley.Errorf(parley.NotFound, "attachment.gone", "The file does not lie with the channel's provider, so it was not fetched.")
	}
	resp, err := c.cfg.Media.Do(r)
	if err != nil {
		return channel.Part{}, tooLargeOr(fmt.Errorf("fetch media: %w", err))
	}
	defer func() { _ = resp.Body.Close() }() // all of it that matters is read
	if err := mediaStatus(resp.StatusCode); err != nil {
		return channel.Part{}, err
	}
	if resp.ContentLength > maxFile {
		return channel.Part{}, fileTooLarge()
	}
	p := mediaPart(address, resp.Header.Get("Content-Type"), 0)
	if !taken(p.ContentType) {
		return channel.Part{}, parley.Errorf(parley.Invalid, "attachment.unsupported", "The file is of a type that is not taken from texts.")
	}
	if _, params, err := mime.ParseMediaType(resp.Header.Get("Content-Disposition")); err == nil && params["filename"] != "" {
		p.Filename = path.Base(params["filename"])
	} else if path.Ext(p.Filename) == "" {
		p.Filename += extensions[p.ContentType]
	}
	if p.Body, err = io.ReadAll(io.LimitReader(resp.Body, maxFile+1)); err != nil {
		return channel.Part{}, tooLargeOr(fmt.Errorf("fetch media: %w", err))
	}
	if len(p.Body) > maxFile {
		return channel.Part{}, fileTooLarge()
	}
	return p, nil
}

// mediaStatus: what is not there any more, or not for us, will not be later. Anything
// else may be.
func mediaStatus(status int) error {
	switch {
	case status == http.StatusOK:
		return nil
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500:
		return fmt.Errorf("fetch media: status %d", status)
	}
	return parley.Errorf(parley.NotFound, "attachment.gone", "The provider does not have the file any more, or does not give it to us (%d).", status)
}

func tooLargeOr(err error) error {
	if parley.IsCode(err, parley.TooLarge) {
		return fileTooLarge()
	}
	if e, ok := errors.AsType[*parley.Error](err); ok { // an address that is not to be reached
		return parley.Errorf(parley.NotFound, "attachment.gone", "%s", e.Text)
	}
	return err
}

func fileTooLarge() error {
	return parley.Errorf(parley.TooLarge, "attachment.too_large", "The file is larger than %d MB.", maxFile>>20).With("max", strconv.Itoa(maxFile))
}

// sameOrigin reports whether u is of the scheme, host and port of base (RFC 6454).
func sameOrigin(u *url.URL, base string) bool {
	b, err := url.Parse(base)
	return err == nil && u.Scheme == b.Scheme && strings.EqualFold(u.Host, b.Host)
}

// within reports whether host is domain, or of it.
func within(host, domain string) bool {
	host = strings.ToLower(host)
	return host == domain || strings.HasSuffix(host, "."+domain)
}
