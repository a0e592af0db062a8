package sms

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/sms"
)

// Parse implements channel.Channel. The call says itself which provider made it:
// the channel may have another one by now.
func (c *numberChannel) Parse(raw channel.Raw) (channel.Parsed, error) {
	e, provider, ok := reread(raw.Body)
	if !ok {
		return channel.Parsed{QuoteAt: -1, Broken: channel.ErrUnreadable}, nil
	}
	p := channel.Parsed{QuoteAt: -1}
	if e.report != nil {
		e.report.Recipient = phone(e.report.Recipient)
		p.Reports, p.AutoReply, p.AutoSubmitted, p.NoAutoReply = []channel.Report{*e.report}, true, true, true
		return p, nil
	}
	if e.idle {
		p.AutoReply, p.AutoSubmitted, p.NoAutoReply = true, true, true
		return p, nil
	}
	p.From, p.To = parley.Address{Phone: phone(e.from)}, parley.Addresses{{Phone: phone(e.to)}}
	p.Text = strings.ToValidUTF8(strings.ReplaceAll(e.body, "\x00", ""), "�")
	p.VisibleText, p.Parts, p.SentAt, p.Answered = p.Text, e.media, e.sentAt, e.answered
	if e.id != "" {
		p.InternetID = e.id + "@" + provider
	}
	p.ContentHash = contentHash(p)
	return p, nil
}

func reread(body []byte) (e event, provider string, ok bool) {
	var k kept
	if json.Unmarshal(body, &k) != nil {
		return event{}, "", false
	}
	e, err := k.read()
	return e, k.Provider, err == nil
}

// read reads a call once more, with the other parts of its text.
func (k kept) read() (event, error) {
	read, ok := readers[k.Provider]
	if !ok || k.Version != keptVersion {
		return event{}, channel.ErrUnreadable
	}
	e, err := read(call{method: k.Method, url: k.URL, contentType: k.ContentType, names: k.Names, body: k.Body})
	if err != nil {
		return event{}, err
	}
	e.id = cmp.Or(e.id, k.ID)
	parts := []event{e}
	for _, more := range k.More {
		more.More = nil // a part has no parts
		if next, err := more.read(); err == nil {
			parts = append(parts, next)
		}
	}
	return joined(parts), nil
}

// contentHash tells a text from another of the same name.
func contentHash(p channel.Parsed) []byte {
	h := sha256.New()
	write := func(s string) { _, _ = fmt.Fprintf(h, "%d:%s", len(s), s) } // a hash never fails to write
	write(p.From.Phone)
	write(p.To[0].Phone)
	write(p.Text)
	for _, part := range p.Parts {
		write(part.URL)
	}
	return h.Sum(nil)
}

// longest a short code is; what has more digits is a number with its country.
const maxShortCode = 8

// phone gives a sender as it is stored: E.164, a short code, or a name. Some
// providers leave the + away.
func phone(written string) string {
	written = clean(strings.TrimSpace(written))
	bare := strings.TrimPrefix(written, "+")
	if _, err := strconv.ParseUint(bare, 10, 64); err != nil || len(bare) <= maxShortCode && bare == written {
		return written
	}
	if e164, ok := sms.Number("+"+bare, ""); ok {
		return e164
	}
	return written
}
