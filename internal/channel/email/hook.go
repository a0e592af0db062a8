package email

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
)

// maxHook bounds what a provider may send at once: a mail of 50 MB in base64,
// with what surrounds it.
const maxHook = 72 << 20

// HooksConfig is what webhooks need of the outside.
type HooksConfig struct {
	HTTP *http.Client     // of dial: fetches the certificates that Amazon signs with
	Now  func() time.Time // nil: time.Now
	Log  *slog.Logger     // nil: none
}

// Hooks take what mail providers bring. It is safe for concurrent use.
type Hooks struct {
	cfg  HooksConfig
	keys snsKeys
}

// NewHooks makes a Hooks.
func NewHooks(c HooksConfig) *Hooks {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Hooks{cfg: c}
}

// brought is a mail that a provider brings.
type brought struct {
	mail     []byte
	mailFrom string
	rcptTo   []string
	id       string // the provider's own; the same when it is brought again
}

// request is what the provider sent, whole.
type request struct {
	header http.Header
	user   string // basic authentication
	pass   string
	body   []byte
}

// reader reads a provider's request, once it is sure that it is the provider's.
// It gives nothing where there is no mail in it.
type reader func(ctx context.Context, h *hooked, r request) ([]brought, error)

var readers = map[string]reader{"postmark": readPostmark, "mailgun": readMailgun, "sendgrid": readSendGrid, "ses": readSES}

// hooked is an address whose mail a provider brings.
type hooked struct {
	*emailChannel
	hooks *Hooks
	set   parley.Webhook
	key   string
}

// Webhook implements channel.Webhooker. It answers 2xx only once the mail is
// durable; whatever else it answers the provider tries again, or gives up on
// what was never its own.
func (h *hooked) Webhook(to channel.Sink) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h.take(w, r, to)
		status := channel.CallStatus(err)
		if err != nil {
			h.hooks.cfg.Log.Warn("a provider's request was not taken", "err", err, "channel_id", h.id, "status", status)
		}
		w.WriteHeader(status)
	})
}

func (h *hooked) take(w http.ResponseWriter, r *http.Request, to channel.Sink) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxHook))
	if err != nil {
		return err
	}
	req := request{header: r.Header, body: body}
	req.user, req.pass, _ = r.BasicAuth()
	mails, err := readers[h.set.Provider](r.Context(), h, req)
	if err != nil {
		return err
	}
	for _, m := range mails {
		raw := channel.Raw{
			ChannelID: h.id, Body: m.mail, MailFrom: m.mailFrom, RcptTo: m.rcptTo,
			ReceivedAt: h.hooks.cfg.Now(), Source: parley.FromWebhook, Key: h.set.Provider + ":" + m.id,
		}
		if err := to.Accept(r.Context(), raw); err != nil {
			return err
		}
	}
	return nil
}

// knows reports whether a request has the password that was agreed on, if one was.
func (h *hooked) knows(r request) bool {
	return h.key == "" || subtle.ConstantTimeCompare([]byte(r.pass), []byte(h.key)) == 1
}

// digest names a mail by its bytes, for providers that give it no name.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p))
		_, _ = h.Write(sum[:]) // a hash never fails to write
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// envelope keeps what can be an address of an envelope.
func envelope(addresses ...string) (out []string) {
	for _, a := range addresses {
		if m, err := mailbox(strings.Trim(strings.TrimSpace(a), "<>")); err == nil && strings.Contains(m, "@") {
			out = append(out, m)
		}
	}
	return out
}

func returnPath(address string) string {
	if all := envelope(address); len(all) > 0 {
		return all[0]
	}
	return ""
}
