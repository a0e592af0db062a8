package email

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // signature version 1 of SNS is made so
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"parley/internal/channel"
)

// snsMessage is what Amazon SNS posts ("Parsing message formats" in its guide).
type snsMessage struct {
	Type             string
	MessageID        string `json:"MessageId"`
	Token            string
	TopicArn         string
	Subject          *string
	Message          string
	SubscribeURL     string
	Timestamp        string
	SignatureVersion string
	Signature        string
	SigningCertURL   string
}

// The types of SNS messages.
const (
	snsNotification = "Notification"
	snsSubscribe    = "SubscriptionConfirmation"
	snsUnsubscribe  = "UnsubscribeConfirmation"
)

// readSES reads a mail that Amazon SES gives to an SNS topic. The topic must be
// the one that was set: anybody can make a topic, and Amazon signs for all.
func readSES(ctx context.Context, h *hooked, r request) ([]brought, error) {
	var m snsMessage
	if err := json.Unmarshal(r.body, &m); err != nil {
		return nil, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
	}
	if m.TopicArn != h.set.TopicARN || h.set.TopicARN == "" {
		return nil, fmt.Errorf("%w: of another topic", channel.ErrForged)
	}
	if err := h.hooks.verify(ctx, m); err != nil {
		return nil, err
	}
	switch m.Type {
	case snsSubscribe:
		return nil, h.hooks.subscribe(ctx, m.SubscribeURL)
	case snsUnsubscribe:
		return nil, nil
	}
	return parseSES([]byte(m.Message))
}

// sesNotification is what SES says of a mail that it received.
type sesNotification struct {
	NotificationType string `json:"notificationType"`
	Mail             struct {
		MessageID string `json:"messageId"`
		Source    string `json:"source"`
	} `json:"mail"`
	Receipt struct {
		Recipients []string `json:"recipients"`
		Action     struct {
			Type     string `json:"type"`
			Encoding string `json:"encoding"`
		} `json:"action"`
	} `json:"receipt"`
	Content string `json:"content"`
}

func parseSES(message []byte) ([]brought, error) {
	var n sesNotification
	if err := json.Unmarshal(message, &n); err != nil {
		if bytes.HasPrefix(message, []byte("Successfully validated SNS topic for Amazon SES")) {
			return nil, nil // a greeting, no mail
		}
		return nil, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
	}
	switch {
	case n.NotificationType == "AmazonSnsSubscriptionSucceeded":
		return nil, nil
	case n.NotificationType != "Received" || n.Mail.MessageID == "":
		return nil, fmt.Errorf("%w: no received mail", channel.ErrUnreadable)
	case n.Content == "":
		return nil, fmt.Errorf("%w: the mail itself is elsewhere; let SES publish it with an SNS action", channel.ErrUnreadable)
	}
	out := brought{id: n.Mail.MessageID, mailFrom: returnPath(n.Mail.Source), rcptTo: envelope(n.Receipt.Recipients...), mail: []byte(n.Content)}
	if strings.EqualFold(n.Receipt.Action.Encoding, "BASE64") {
		var err error
		if out.mail, err = base64.StdEncoding.DecodeString(n.Content); err != nil {
			return nil, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
		}
	}
	return []brought{out}, nil
}

// amazon are the hosts of SNS: nobody else's certificate and address is asked for.
var amazon = regexp.MustCompile(`^sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?$`)

func amazonURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" || !amazon.MatchString(u.Host) {
		return nil, fmt.Errorf("%w: an address that is not Amazon's", channel.ErrForged)
	}
	return u, nil
}

// verify checks the signature ("Verifying the signatures of Amazon SNS messages").
func (h *Hooks) verify(ctx context.Context, m snsMessage) error {
	u, err := amazonURL(m.SigningCertURL)
	if err != nil {
		return err
	}
	if !strings.HasSuffix(u.Path, ".pem") {
		return fmt.Errorf("%w: no certificate", channel.ErrForged)
	}
	signature, err := base64.StdEncoding.DecodeString(m.Signature)
	if err != nil {
		return fmt.Errorf("%w: %w", channel.ErrForged, err)
	}
	key, err := h.snsKey(ctx, u)
	if err != nil {
		return err
	}
	text := m.signed()
	switch m.SignatureVersion {
	case "2":
		sum := sha256.Sum256(text)
		err = rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature)
	case "1":
		sum := sha1.Sum(text) //nolint:gosec // as said
		err = rsa.VerifyPKCS1v15(key, crypto.SHA1, sum[:], signature)
	default:
		err = errors.New("the signature's version is unknown")
	}
	if err != nil {
		return fmt.Errorf("%w: %w", channel.ErrForged, err)
	}
	return nil
}

// signed is what the signature is over.
func (m snsMessage) signed() []byte {
	var b bytes.Buffer
	add := func(name, value string) { _, _ = b.WriteString(name + "\n" + value + "\n") } // a buffer never fails to write
	add("Message", m.Message)
	add("MessageId", m.MessageID)
	if m.Type == snsNotification {
		if m.Subject != nil {
			add("Subject", *m.Subject)
		}
		add("Timestamp", m.Timestamp)
	} else {
		add("SubscribeURL", m.SubscribeURL)
		add("Timestamp", m.Timestamp)
		add("Token", m.Token)
	}
	add("TopicArn", m.TopicArn)
	add("Type", m.Type)
	return b.Bytes()
}

// snsKeys are Amazon's keys, by the address of their certificate.
type snsKeys struct {
	mu   sync.Mutex
	kept map[string]*x509.Certificate
}

const maxSNSKeys = 100

func (h *Hooks) snsKey(ctx context.Context, u *url.URL) (*rsa.PublicKey, error) {
	h.keys.mu.Lock()
	cert := h.keys.kept[u.String()]
	h.keys.mu.Unlock()
	if cert == nil {
		var err error
		if cert, err = h.fetchCertificate(ctx, u); err != nil {
			return nil, err
		}
		h.keys.mu.Lock()
		if h.keys.kept == nil || len(h.keys.kept) >= maxSNSKeys {
			h.keys.kept = map[string]*x509.Certificate{}
		}
		h.keys.kept[u.String()] = cert
		h.keys.mu.Unlock()
	}
	now := h.cfg.Now()
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok || now.Before(cert.NotBefore) || now.After(cert.NotAfter) {
		return nil, fmt.Errorf("%w: the certificate is not valid now", channel.ErrForged)
	}
	return key, nil
}

func (h *Hooks) fetchCertificate(ctx context.Context, u *url.URL) (*x509.Certificate, error) {
	text, err := h.get(ctx, u)
	if err != nil {
		return nil, err // tried again with the provider's next try
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%w: no certificate", channel.ErrForged)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", channel.ErrForged, err)
	}
	return cert, nil
}

// subscribe tells Amazon that the topic may bring us its messages.
func (h *Hooks) subscribe(ctx context.Context, address string) error {
	u, err := amazonURL(address)
	if err != nil {
		return err
	}
	_, err = h.get(ctx, u)
	return err
}

const maxSNSAnswer = 64 << 10

func (h *Hooks) get(ctx context.Context, u *url.URL) (body []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := h.cfg.HTTP.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask Amazon: %w", err)
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxSNSAnswer))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("ask Amazon: status %d", resp.StatusCode)
	}
	return body, err
}
