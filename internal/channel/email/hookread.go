package email

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/internal/channel"
	"parley/internal/mime"
)

// postmarkMail is Postmark's inbound webhook, as its developer documentation has it.
type postmarkMail struct {
	RawEmail          string // where the server is set to include it
	From              string
	FromFull          struct{ Email string }
	To                string
	Cc                string
	Subject           string
	MessageID         string
	Date              string
	OriginalRecipient string
	TextBody          string
	HTMLBody          string `json:"HtmlBody"`
	Headers           []struct{ Name, Value string }
	Attachments       []struct {
		Name        string
		Content     string // base64
		ContentType string
		ContentID   string
	}
}

// readPostmark: Postmark signs nothing. What proves it is the address, which
// nobody else knows, and a password where one is set in the address that it calls.
func readPostmark(_ context.Context, h *hooked, r request) ([]brought, error) {
	if !h.knows(r) {
		return nil, channel.ErrForged
	}
	m, err := parsePostmark(r.body)
	if err != nil {
		return nil, err
	}
	return []brought{m}, nil
}

func parsePostmark(body []byte) (brought, error) {
	var p postmarkMail
	if err := json.Unmarshal(body, &p); err != nil {
		return brought{}, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
	}
	if p.MessageID == "" {
		return brought{}, fmt.Errorf("%w: no MessageID", channel.ErrUnreadable)
	}
	out := brought{id: p.MessageID, rcptTo: envelope(p.OriginalRecipient), mail: []byte(p.RawEmail)}
	known := false
	m := written{from: p.From, to: p.To, cc: p.Cc, subj: p.Subject, text: p.TextBody, html: p.HTMLBody}
	for _, f := range p.Headers {
		if strings.EqualFold(f.Name, "Return-Path") {
			out.mailFrom, known = returnPath(f.Value), true
		}
		m.header = append(m.header, field{f.Name, f.Value})
	}
	if !known { // no null reverse-path, only one that is not told
		out.mailFrom = returnPath(p.FromFull.Email)
	}
	if p.RawEmail != "" {
		return out, nil
	}
	if p.Date != "" && !slices.ContainsFunc(m.header, func(f field) bool { return strings.EqualFold(f.name, "Date") }) {
		m.header = append(m.header, field{"Date", p.Date})
	}
	for _, a := range p.Attachments {
		content, err := base64.StdEncoding.DecodeString(a.Content)
		if err != nil {
			return brought{}, fmt.Errorf("%w: attachment: %w", channel.ErrUnreadable, err)
		}
		m.parts = append(m.parts, part(a.Name, a.ContentType, a.ContentID, content))
	}
	var err error
	out.mail, err = m.compose()
	return out, err
}

func part(name, contentType, id string, content []byte) mime.Part {
	id = strings.TrimPrefix(strings.Trim(id, "<> "), "cid:")
	return mime.Part{Filename: name, ContentType: cmp.Or(contentType, "application/octet-stream"), ContentID: id, Inline: id != "", Body: content}
}

// readMailgun reads a Mailgun route's request. Its signature is an HMAC over
// timestamp and token under the account's signing key; the token is never used twice.
func readMailgun(_ context.Context, h *hooked, r request) ([]brought, error) {
	f, err := readForm(r.header.Get("Content-Type"), r.body)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, []byte(h.key))
	_, _ = mac.Write([]byte(f.fields.Get("timestamp") + f.fields.Get("token"))) // a hash never fails to write
	given, err := hex.DecodeString(f.fields.Get("signature"))
	if err != nil || h.key == "" || f.fields.Get("token") == "" || !hmac.Equal(mac.Sum(nil), given) {
		return nil, channel.ErrForged
	}
	m, err := parseMailgun(f)
	if err != nil {
		return nil, err
	}
	return []brought{m}, nil
}

func parseMailgun(f form) (brought, error) {
	out := brought{
		id: f.fields.Get("token"), mailFrom: returnPath(f.fields.Get("sender")), rcptTo: envelope(strings.Split(f.fields.Get("recipient"), ",")...),
		mail: []byte(f.fields.Get("body-mime")),
	}
	if len(out.mail) > 0 {
		return out, nil
	}
	m := written{from: f.fields.Get("from"), to: f.fields.Get("To"), subj: f.fields.Get("subject"), text: f.fields.Get("body-plain"), html: f.fields.Get("body-html")}
	var headers [][2]string
	if list := f.fields.Get("message-headers"); list != "" {
		if err := json.Unmarshal([]byte(list), &headers); err != nil {
			return brought{}, fmt.Errorf("%w: message-headers: %w", channel.ErrUnreadable, err)
		}
	}
	for _, pair := range headers {
		m.header = append(m.header, field{pair[0], pair[1]})
	}
	ids := map[string]string{} // Content-ID to the field of the file
	if list := f.fields.Get("content-id-map"); list != "" {
		if err := json.Unmarshal([]byte(list), &ids); err != nil {
			return brought{}, fmt.Errorf("%w: content-id-map: %w", channel.ErrUnreadable, err)
		}
	}
	m.parts = f.attached("attachment-", func(name string) string {
		for id, of := range ids {
			if of == name {
				return id
			}
		}
		return ""
	})
	var err error
	out.mail, err = m.compose()
	return out, err
}

// attached are the files named prefix1, prefix2 and so on.
func (f form) attached(prefix string, contentID func(name string) string) (out []mime.Part) {
	for i := 1; i <= maxFormParts; i++ {
		name := prefix + strconv.Itoa(i)
		file, ok := f.files[name]
		if !ok {
			return out
		}
		out = append(out, part(file.Filename, file.ContentType, contentID(name), file.Body))
	}
	return out
}

// readSendGrid reads SendGrid's Inbound Parse. Where its public key is set, the
// signature over timestamp and body must be right; else the address proves it,
// and a password where one is set in the address that it calls.
func readSendGrid(_ context.Context, h *hooked, r request) ([]brought, error) {
	if key := ecdsaKey(h.key); key != nil {
		sum := sha256.Sum256(slices.Concat([]byte(r.header.Get("X-Twilio-Email-Event-Webhook-Timestamp")), r.body))
		signature, err := base64.StdEncoding.DecodeString(r.header.Get("X-Twilio-Email-Event-Webhook-Signature"))
		if err != nil || !ecdsa.VerifyASN1(key, sum[:], signature) {
			return nil, channel.ErrForged
		}
	} else if !h.knows(r) {
		return nil, channel.ErrForged
	}
	f, err := readForm(r.header.Get("Content-Type"), r.body)
	if err != nil {
		return nil, err
	}
	m, err := parseSendGrid(f)
	if err != nil {
		return nil, err
	}
	return []brought{m}, nil
}

// ecdsaKey reads a public key as SendGrid shows it: base64, or PEM; nil if it is something else.
func ecdsaKey(text string) *ecdsa.PublicKey {
	der, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if block, _ := pem.Decode([]byte(text)); block != nil {
		der, err = block.Bytes, nil
	}
	if err != nil {
		return nil
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil
	}
	public, _ := key.(*ecdsa.PublicKey)
	return public
}

func parseSendGrid(f form) (brought, error) {
	var e struct {
		To   []string `json:"to"`
		From string   `json:"from"`
	}
	if text := f.fields.Get("envelope"); text != "" {
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return brought{}, fmt.Errorf("%w: envelope: %w", channel.ErrUnreadable, err)
		}
	}
	out := brought{mailFrom: returnPath(e.From), rcptTo: envelope(e.To...), mail: []byte(f.fields.Get("email"))}
	if len(out.mail) == 0 {
		m := written{
			header: headerFields(f.fields.Get("headers")), from: f.fields.Get("from"), to: f.fields.Get("to"), cc: f.fields.Get("cc"), subj: f.fields.Get("subject"),
			text: decoded(f, "text"), html: decoded(f, "html"),
		}
		if m.from == "" && len(m.header) == 0 {
			return brought{}, fmt.Errorf("%w: no mail", channel.ErrUnreadable)
		}
		var info map[string]struct {
			ContentID string `json:"content-id"`
		}
		if text := f.fields.Get("attachment-info"); text != "" {
			if err := json.Unmarshal([]byte(text), &info); err != nil {
				return brought{}, fmt.Errorf("%w: attachment-info: %w", channel.ErrUnreadable, err)
			}
		}
		m.parts = f.attached("attachment", func(name string) string { return info[name].ContentID })
		var err error
		if out.mail, err = m.compose(); err != nil {
			return brought{}, err
		}
		out.id = digest(f.fields.Get("headers"), f.fields.Get("envelope"), m.text, m.html)
		return out, nil
	}
	out.id = digest(string(out.mail), f.fields.Get("envelope"))
	return out, nil
}

// decoded is a field in UTF-8: SendGrid leaves it in the charset that "charsets" names.
func decoded(f form, name string) string {
	var charsets map[string]string
	if err := json.Unmarshal([]byte(f.fields.Get("charsets")), &charsets); err != nil || charsets[name] == "" {
		return strings.ToValidUTF8(f.fields.Get(name), "\uFFFD")
	}
	// The mail reader knows all charsets, and the lies that are told about them.
	m := mime.Read([]byte("Content-Type: text/plain; charset=\"" + oneField(strings.ReplaceAll(charsets[name], `"`, "")) + "\"\r\n\r\n" + f.fields.Get(name)))
	return m.Text
}
