package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/sanitize"
	"parley/internal/store"
)

// mail is an entry that was read and whose blobs are stored: all that is left is
// one transaction. Nothing in it changes while that runs, for it may run again.
type mail struct {
	*task
	parsed channel.Parsed
	html   string // sanitised; images of its own parts stand as placeholder(raw, n)
	remote bool   // it asks for images from elsewhere
	raw    parley.BlobKey
	parts  []stored // of parsed.Parts
	// copied: the database has refused it as the copy of one that is filed,
	// though it was not among those that the evidence looks at.
	copied bool
}

type stored struct {
	key  parley.BlobKey
	size int64
}

// prepareAll reads the mails of a group, all at once: they wait for the disk more
// than for the processor. Those that fail are left out, with their task's err set.
func (s *Service) prepareAll(ctx context.Context, group []*task) []*mail {
	raws, err := s.loadRaw(ctx, group)
	channels := map[parley.ChannelID]opened{}
	for _, t := range group {
		if _, ok := channels[t.entry.ChannelID]; !ok && err == nil {
			ch, err := s.channels.For(ctx, t.entry.AccountID, t.entry.ChannelID)
			channels[t.entry.ChannelID] = opened{ch, err}
		}
	}
	mails := make([]*mail, len(group))
	var wg sync.WaitGroup
	for i, t := range group {
		ch := channels[t.entry.ChannelID]
		switch {
		case err != nil:
			t.err = err
		case ch.err != nil:
			t.err = fmt.Errorf("open channel: %w", ch.err)
		default:
			wg.Go(func() { mails[i], t.err = s.prepare(ctx, t, ch.channel, raws[i]) })
		}
	}
	wg.Wait()
	return slices.DeleteFunc(mails, func(m *mail) bool { return m == nil })
}

type opened struct {
	channel channel.Channel
	err     error
}

func (s *Service) loadRaw(ctx context.Context, group []*task) ([][]byte, error) {
	raws := make([][]byte, len(group))
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		for i, t := range group {
			if raws[i], err = tx.IntakeRaw(ctx, t.entry.AccountID, t.entry.ID); err != nil {
				return fmt.Errorf("load raw: %w", err)
			}
		}
		return nil
	})
	return raws, err
}

// prepare does everything that needs no transaction. It may be repeated: blobs
// are named by their content.
func (s *Service) prepare(ctx context.Context, t *task, ch channel.Channel, raw []byte) (*mail, error) {
	m := &mail{task: t, parsed: s.parse(ch, t.entry, raw)}
	if err := s.keep(ctx, m, raw); err != nil {
		return nil, fmt.Errorf("store blobs: %w", err)
	}
	s.clean(m)
	return m, nil
}

// parse reads raw. A parser that panics leaves a mail that could not be read: it
// is filed as such, and may be read again once the parser is mended.
func (s *Service) parse(ch channel.Channel, e parley.Intake, raw []byte) (p channel.Parsed) {
	defer func() {
		if v := recover(); v != nil {
			s.log.Error("the parser panicked", "err", fmt.Errorf("%v\n%s", v, debug.Stack()), "channel_id", e.ChannelID, "bytes", len(raw))
			p = unread(raw, errors.New("the parser panicked"))
		}
	}()
	p, err := ch.Parse(channel.Raw{
		ChannelID: e.ChannelID, Body: raw, MailFrom: e.MailFrom, RcptTo: e.RcptTo, RemoteAddr: e.RemoteAddr, ReceivedAt: e.ReceivedAt,
	})
	if err != nil {
		return unread(raw, err)
	}
	if parley.InternetKey(p.InternetID) == "" && p.SentAt.IsZero() {
		p.ContentHash = nil // nothing tells a copy from a second mail with the same words
	}
	return p
}

func unread(raw []byte, err error) channel.Parsed {
	hash := sha256.Sum256(raw)
	return channel.Parsed{Broken: err, ContentHash: hash[:], QuoteAt: -1}
}

// keep puts the bytes and the attachments into the blob store.
func (s *Service) keep(ctx context.Context, m *mail, raw []byte) error {
	key, _, err := s.blobs.Put(ctx, m.entry.AccountID, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	m.raw = key
	for i := range m.parsed.Parts {
		part := &m.parsed.Parts[i]
		key, size, err := s.blobs.Put(ctx, m.entry.AccountID, bytes.NewReader(part.Body))
		if err != nil {
			return err
		}
		m.parts = append(m.parts, stored{key, size})
		part.Body = nil // the blob has it
	}
	return nil
}

// clean makes the HTML safe. HTML on which that panics is left out: the text and
// the raw mail are there.
func (s *Service) clean(m *mail) {
	if m.parsed.HTML == "" {
		return
	}
	defer func() {
		m.parsed.HTML = ""
		if v := recover(); v != nil {
			s.log.Error("the sanitiser panicked", "err", fmt.Errorf("%v\n%s", v, debug.Stack()), "channel_id", m.entry.ChannelID)
			m.html = ""
		}
	}()
	res := sanitize.Mail(m.parsed.HTML, sanitize.MailOptions{CID: m.placeholderOf})
	m.html, m.remote = res.HTML, res.RemoteImages
}

// placeholderOf is the address of a part until its row has an id.
func (m *mail) placeholderOf(contentID string) string {
	for i, p := range m.parsed.Parts {
		if p.ContentID != "" && strings.EqualFold(p.ContentID, contentID) {
			return placeholder(m.raw, i)
		}
	}
	return ""
}

// placeholder holds the hash of the whole mail, which no mail can contain.
func placeholder(raw parley.BlobKey, part int) string {
	return "/api/v1/attachments/" + string(raw) + "-" + strconv.Itoa(part) + "-"
}

// attachmentURL is where an image of the mail is served from.
func attachmentURL(id parley.AttachmentID) string {
	return "/api/v1/attachments/" + id.String() + "?inline=1"
}

const (
	maxPreview = 200 // characters
	maxSubject = 500 // characters of a conversation's subject
)

// oneLine is text as a list shows it.
func oneLine(text string, limit int) string {
	if len(text) > 16*limit {
		text = strings.ToValidUTF8(text[:16*limit], "")
	}
	line := strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(line) > limit {
		line = strings.TrimSpace(string([]rune(line)[:limit-1])) + "…"
	}
	return line
}

// dated is a Date header that can be stored and shown; nil: missing or absurd.
func dated(t time.Time) *time.Time {
	if t.IsZero() || t.Year() < 1900 || t.Year() > 9998 {
		return nil
	}
	t = t.UTC()
	return &t
}
