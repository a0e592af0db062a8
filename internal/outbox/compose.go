package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strconv"
	"strings"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/thread"
)

// attachmentURL is how composed HTML refers to an uploaded image.
var attachmentURL = regexp.MustCompile(`/api/v1/attachments/(\d+)(?:\?inline=1)?`)

// markInline tells the files that the HTML shows from those that hang on the message.
func markInline(m *parley.Message, htm string) {
	shown := map[parley.AttachmentID]bool{}
	for _, match := range attachmentURL.FindAllStringSubmatch(htm, -1) {
		if n, err := strconv.ParseInt(match[1], 10, 64); err == nil {
			shown[parley.AttachmentID(n)] = true
		}
	}
	for i := range m.Attachments {
		a := &m.Attachments[i]
		if shown[a.ID] && strings.HasPrefix(a.ContentType, "image/") {
			a.Inline, a.ContentID = true, "image"+a.ID.String()+"."+m.InternetID
		}
	}
}

// parcel is a message with all that its bytes are made of.
type parcel struct {
	m       parley.Message
	body    parley.Body
	channel parley.Channel
	job     parley.Job
	hook    string // of the address that a provider of texts calls
	fresh   bool   // composed just now: claim counts the blob
	small   []byte // and keeps these bytes of it
}

func (s *Service) load(ctx context.Context, account parley.AccountID, id parley.MessageID) (p parcel, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) (err error) {
		if p.m, err = tx.MessageByID(ctx, account, id); err != nil {
			return err
		}
		if p.body, err = tx.BodyByID(ctx, account, id); err != nil {
			return err
		}
		p.channel, err = tx.ChannelByID(ctx, account, p.m.ChannelID)
		if errors.Is(err, store.ErrNoRow) {
			return nil // deleted with mail still to go: p.channel stays empty
		}
		if err == nil && p.channel.Type == setting.Text {
			var w parley.Ways
			w, err = tx.WaysOf(ctx, account, p.channel.ID)
			p.hook = w.HookToken
		}
		return err
	})
	return p, err
}

// compose writes the bytes of a message once: what is large is durable at once,
// what is small with the claim. Every later try sends the same.
func (s *Service) compose(ctx context.Context, ch channel.Channel, p *parcel) ([]byte, error) {
	if p.m.RawBlob != "" {
		return s.read(ctx, p.m.AccountID, p.m.RawBlob)
	}
	letter, err := s.letter(ctx, p)
	if err != nil {
		return nil, err
	}
	raw, err := ch.Compose(letter)
	if err != nil {
		return nil, err
	}
	p.fresh = true
	if len(raw) <= blob.Small {
		p.m.RawBlob, p.m.RawSize, p.small = blob.KeyOf(raw), int64(len(raw)), raw
		return raw, nil
	}
	key, size, err := s.blobs.Put(ctx, p.m.AccountID, bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("store composed message: %w", err)
	}
	p.m.RawBlob, p.m.RawSize = key, size
	return raw, nil
}

// letter brings the thread's token in, by reply address and by a mark in the
// body, and the images in as parts.
func (s *Service) letter(ctx context.Context, p *parcel) (channel.Letter, error) {
	if p.channel.Type == setting.Text {
		return s.textLetter(p), nil
	}
	token := s.signer.Token(p.m.AccountID, p.m.ConversationID, p.m.ID)
	l := channel.Letter{
		From: parley.Address{Name: p.m.FromName, Email: p.m.FromEmail}, To: p.m.To, Cc: p.m.Cc,
		Subject: p.m.Subject, SentAt: p.m.ReceivedAt, InternetID: p.m.InternetID, InReplyTo: p.m.InReplyTo, References: p.m.References,
		AutoSubmitted: p.m.AutoSubmitted, Text: p.body.Text, HTML: p.body.HTML,
	}
	if tagged := replyAddress(p.channel, token); tagged != p.channel.Address {
		l.ReplyTo = parley.Addresses{{Name: p.m.FromName, Email: tagged}}
	}
	if token != "" {
		mark := thread.Marker(token)
		l.Text = strings.TrimRight(l.Text, "\n") + "\n\n" + mark + "\n"
		if l.HTML != "" {
			l.HTML += `<p style="color:#999999;font-size:11px">` + html.EscapeString(mark) + `</p>`
		}
	}
	cid := map[string]string{}
	for _, a := range p.m.Attachments {
		content, err := s.read(ctx, a.AccountID, a.Blob)
		if err != nil {
			return l, fmt.Errorf("read attachment: %w", err)
		}
		l.Parts = append(l.Parts, channel.Part{Filename: a.Filename, ContentType: a.ContentType, ContentID: a.ContentID, Inline: a.Inline, Body: content})
		if a.Inline {
			cid[a.ID.String()] = a.ContentID
		}
	}
	l.HTML = attachmentURL.ReplaceAllStringFunc(l.HTML, func(url string) string {
		if id, ok := cid[attachmentURL.FindStringSubmatch(url)[1]]; ok {
			return "cid:" + id
		}
		return url
	})
	return l, nil
}

// replyAddress carries the token where tags are known to arrive; else the channel's own.
func replyAddress(ch parley.Channel, token string) string {
	if ch.Type == setting.Text || !ch.PlusTags || token == "" {
		return ch.Address
	}
	return thread.Tag(ch.Address, token)
}

func (s *Service) read(ctx context.Context, account parley.AccountID, key parley.BlobKey) (content []byte, err error) {
	r, err := s.blobs.Open(ctx, account, key)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(r)
}
