package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/sanitize"
	"parley/internal/store"
)

// mail is an entry that was read and whose blobs are stored: all that is left is
// one transaction. Nothing in it changes while that runs, for it may run again.
type mail struct {
	*task
	parsed   channel.Parsed
	selector string       // with which its signature was made
	auth     *parley.Auth // nil: its sender was not checked
	html     string       // sanitised; images of its own parts stand as placeholder(raw, n)
	remote   bool         // it asks for images from elsewhere
	raw      stored
	parts    []stored // of parsed.Parts
	// copied: the database has refused it as the copy of one that is filed,
	// though it was not among those that the evidence looks at.
	copied bool
}

// stored is a blob that a mail refers to. Content is that of a small one, which the
// transaction is still to keep.
type stored struct {
	key     parley.BlobKey
	size    int64
	content []byte
	fault   parley.FileFault // why there is none
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
	ids := map[parley.AccountID][]parley.IntakeID{}
	for _, t := range group {
		ids[t.entry.AccountID] = append(ids[t.entry.AccountID], t.entry.ID)
	}
	err := s.db.View(ctx, func(tx *store.Tx) error {
		for _, account := range sorted(ids) {
			found, err := tx.ListIntakeRaw(ctx, account, ids[account])
			if err != nil {
				return fmt.Errorf("load raw: %w", err)
			}
			for i, t := range group {
				if t.entry.AccountID == account {
					raws[i] = found[t.entry.ID]
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, t := range group {
		if raws[i] == nil && t.entry.Blob != "" && t.entry.Size > 0 {
			if raws[i], err = s.open(ctx, t.entry); err != nil {
				return nil, fmt.Errorf("load raw: %w", err)
			}
		}
	}
	return raws, nil
}

// open reads the bytes of an entry from the blob store.
func (s *Service) open(ctx context.Context, e parley.Intake) (raw []byte, err error) {
	r, err := s.blobs.Open(ctx, e.AccountID, e.Blob)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(r)
}

// prepare does everything that needs no transaction. It may be repeated: blobs
// are named by their content.
func (s *Service) prepare(ctx context.Context, t *task, ch channel.Channel, raw []byte) (*mail, error) {
	m := &mail{task: t, parsed: s.parse(ch, t.entry, raw)}
	m.selector = selectorOf(raw)
	m.auth = s.verify(ctx, ch, m, raw)
	missing, err := s.fetch(ctx, ch, m)
	if err != nil {
		return nil, fmt.Errorf("fetch media: %w", err)
	}
	if err := s.keep(ctx, m, raw, missing); err != nil {
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
	p, err := ch.Parse(rawOf(e, raw))
	if err != nil {
		return unread(raw, err)
	}
	if parley.InternetKey(p.InternetID) == "" && p.SentAt.IsZero() {
		p.ContentHash = nil // nothing tells a copy from a second mail with the same words
	}
	return p
}

// verify checks who sent the mail, where the channel can. What it finds is shown
// with the mail; a fault of it keeps no mail back.
func (s *Service) verify(ctx context.Context, ch channel.Channel, m *mail, raw []byte) (a *parley.Auth) {
	v, ok := ch.(channel.Verifier)
	if !ok {
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			s.log.Error("checking the sender panicked", "err", fmt.Errorf("%v\n%s", v, debug.Stack()), "channel_id", m.entry.ChannelID, "bytes", len(raw))
			a = nil
		}
	}()
	if m.entry.Archive {
		return nil // what its sender's domain says today proves nothing about then
	}
	return v.Verify(ctx, rawOf(m.entry, raw), m.parsed)
}

func rawOf(e parley.Intake, raw []byte) channel.Raw {
	return channel.Raw{ChannelID: e.ChannelID, Body: raw, MailFrom: e.MailFrom, RcptTo: e.RcptTo, RemoteAddr: e.RemoteAddr, Helo: e.Helo, ReceivedAt: e.ReceivedAt}
}

func unread(raw []byte, err error) channel.Parsed {
	hash := sha256.Sum256(raw)
	return channel.Parsed{Broken: err, ContentHash: hash[:], QuoteAt: -1}
}

// keep puts what is not small of the bytes and the attachments into the blob store.
func (s *Service) keep(ctx context.Context, m *mail, raw []byte, missing map[int]parley.FileFault) error {
	m.raw = stored{key: m.entry.Blob, size: m.entry.Size}
	if m.raw.key == "" {
		var err error
		if m.raw, err = s.store(ctx, m.entry.AccountID, raw); err != nil {
			return err
		}
	}
	for i := range m.parsed.Parts {
		part := &m.parsed.Parts[i]
		if fault := missing[i]; fault != "" {
			m.parts = append(m.parts, stored{fault: fault})
			continue
		}
		part.URL = "" // it is here
		kept, err := s.store(ctx, m.entry.AccountID, part.Body)
		if err != nil {
			return err
		}
		m.parts = append(m.parts, kept)
		part.Body = nil // the blob has it
	}
	return nil
}

func (s *Service) store(ctx context.Context, account parley.AccountID, content []byte) (stored, error) {
	if len(content) <= blob.Small {
		return stored{key: blob.KeyOf(content), size: int64(len(content)), content: content}, nil
	}
	key, size, err := s.blobs.Put(ctx, account, bytes.NewReader(content))
	return stored{key: key, size: size}, err
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
			return placeholder(m.raw.key, i)
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
