package email

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"parley/internal/channel"
	"parley/internal/parley"
)

const (
	maxListed  = 100      // mails that are asked for at a time
	maxHeld    = 16 << 20 // bytes of mails that are held at a time, beside one that is larger
	maxFetched = 50 << 20 // bytes of a mail that is taken whole (DESIGN §6)
	maxHead    = 256 << 10
)

// listed is what a server tells of a mail before we take it.
type listed struct {
	uid     uint32
	size    int64
	arrived time.Time
}

// takeAll hands mails to the sink, in order and several at a time, and after each
// piece moves the cursor as passed says: behind a UID, with so many taken.
func (r *reading) takeAll(ctx context.Context, uids []uint32, fated func(uint32, time.Time, time.Time) fate, passed func(uid uint32, taken int)) error {
	if len(uids) == 0 {
		return nil
	}
	mails, err := r.list(uids)
	if err != nil {
		return err
	}
	for len(mails) > 0 {
		n, bytes := 0, int64(0)
		for n < len(mails) && (n == 0 || bytes+mails[n].size <= maxHeld) {
			bytes += mails[n].size
			n++
		}
		taken, err := r.takeSome(ctx, mails[:n], fated)
		if err != nil {
			return err
		}
		passed(mails[n-1].uid, taken)
		if err := r.move(ctx); err != nil {
			return err
		}
		mails = mails[n:]
	}
	return nil
}

// list asks for sizes and dates. A mail that was deleted meanwhile is left out.
func (r *reading) list(uids []uint32) ([]listed, error) {
	cmd := r.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true})
	found, err := cmd.Collect()
	if err != nil {
		return nil, r.broken(err)
	}
	mails := make([]listed, len(found))
	for i, f := range found {
		mails[i] = listed{uid: uint32(f.UID), size: f.RFC822Size, arrived: f.InternalDate}
	}
	slices.SortFunc(mails, func(a, b listed) int { return cmp.Compare(a.uid, b.uid) })
	return mails, nil
}

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return set
}

func (r *reading) takeSome(ctx context.Context, mails []listed, fated func(uint32, time.Time, time.Time) fate) (taken int, err error) {
	var wanted []listed
	for _, m := range mails {
		if fated(m.uid, m.arrived, time.Time{}) != leave {
			wanted = append(wanted, m)
		}
	}
	bodies, err := r.fetch(wanted)
	if err != nil {
		return 0, err
	}
	errs := make([]error, len(wanted))
	var wg sync.WaitGroup
	for i, m := range wanted {
		body, ok := bodies[m.uid]
		if !ok {
			continue // it was deleted while we looked
		}
		raw := r.raw(m, body, fated(m.uid, m.arrived, sentAt(body)) == archive)
		// Those that wait together become durable together.
		wg.Go(func() { errs[i] = r.sink.Accept(ctx, raw) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return 0, fmt.Errorf("accept: %w", err)
	}
	return len(bodies), nil
}

// trusted is how far back a server's date of arrival is believed of new mail:
// who drags an old one into the mailbox brings it today.
const trusted = 7 * 24 * time.Hour

func (r *reading) raw(m listed, body []byte, archived bool) channel.Raw {
	raw := channel.Raw{
		ChannelID: r.id, Body: body, ReceivedAt: m.arrived,
		Source: parley.FromMailbox, Key: contentKey(body, m.arrived), Archive: archived,
	}
	now := r.cfg.Now()
	if age := now.Sub(m.arrived); age < 0 || m.arrived.Year() < 1980 || !archived && age > trusted {
		raw.ReceivedAt = now
	}
	return raw
}

// contentKey tells a mail that is fetched again from another mail, whatever UID
// it has now. Where two mails are the same byte for byte and have no Message-ID
// to tell them by, the moment of their arrival does.
func contentKey(body []byte, arrived time.Time) string {
	h := sha256.New()
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(arrived.Unix()))) // a hash never fails to write
	_, _ = h.Write(body)
	return "imap:" + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// fetch reads mails. BODY.PEEK leaves them unseen (RFC 9051 6.4.5).
func (r *reading) fetch(mails []listed) (map[uint32][]byte, error) {
	bodies := map[uint32][]byte{}
	var uids []uint32
	for _, m := range mails {
		if m.size <= maxFetched {
			uids = append(uids, m.uid)
			continue
		}
		head, err := r.fetchParts([]uint32{m.uid}, imap.PartSpecifierHeader, maxHead)
		if err != nil {
			return nil, err
		}
		if b, ok := head[m.uid]; ok {
			bodies[m.uid] = r.leftBehind(b, m.size)
		}
	}
	whole, err := r.fetchParts(uids, imap.PartSpecifierNone, maxFetched)
	if err != nil {
		return nil, err
	}
	for _, uid := range uids {
		if b, ok := whole[uid]; ok {
			bodies[uid] = b
		}
	}
	return bodies, r.sureGone(mails, bodies)
}

// sureGone: a mail that did not come may have been deleted meanwhile, and then it
// is nobody's loss. One that is still there must not be passed over.
func (r *reading) sureGone(mails []listed, bodies map[uint32][]byte) error {
	var missing []uint32
	for _, m := range mails {
		if _, ok := bodies[m.uid]; !ok {
			missing = append(missing, m.uid)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	there, err := r.search(&imap.SearchCriteria{UID: []imap.UIDSet{uidSet(missing)}})
	if err != nil {
		return err
	}
	if len(there) > 0 {
		return parley.Errorf(parley.Unavailable, "way.withheld", "The mail server %s lists %d mails that it does not hand out.", r.server.Host, len(there)).
			With("host", r.server.Host).With("mails", fmt.Sprint(len(there)))
	}
	return nil
}

func (r *reading) fetchParts(uids []uint32, which imap.PartSpecifier, limit int64) (map[uint32][]byte, error) {
	out := map[uint32][]byte{}
	if len(uids) == 0 {
		return out, nil
	}
	cmd := r.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Specifier: which, Peek: true}}})
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		uid, body, err := readFetched(msg, limit)
		if err != nil {
			_ = cmd.Close() // the fault is known
			return nil, r.broken(err)
		}
		if body != nil {
			out[uid] = body
		}
	}
	if err := cmd.Close(); err != nil {
		return nil, r.broken(err)
	}
	return out, nil
}

func readFetched(msg *imapclient.FetchMessageData, limit int64) (uid uint32, body []byte, err error) {
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = uint32(item.UID)
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			if body, err = io.ReadAll(io.LimitReader(item.Literal, limit+1)); err != nil {
				return uid, nil, err
			}
			if body == nil {
				body = []byte{}
			}
		}
	}
	return uid, body, nil
}

// leftBehind stands for a mail that is too large: who wrote it, to whom and about
// what, and where it is.
func (m *imapMailbox) leftBehind(head []byte, size int64) []byte {
	var b bytes.Buffer
	keep := false
	for line := range bytes.Lines(head) {
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
		if line[0] != ' ' && line[0] != '\t' {
			name, _, _ := strings.Cut(strings.ToLower(string(line)), ":")
			keep = name != "mime-version" && !strings.HasPrefix(name, "content-")
		}
		if keep {
			_, _ = b.Write(line) // a buffer never fails to write
		}
	}
	_, _ = fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"+
		"This mail has %d MB. Mails of up to %d MB are taken in, so it was left where it is: in %s.\r\n", size>>20, maxFetched>>20, m.address())
	return b.Bytes()
}

// sentAt is the Date of a mail, zero where there is none that can be read.
func sentAt(body []byte) time.Time {
	head, _, _ := bytes.Cut(body[:min(len(body), maxHead)], []byte("\r\n\r\n"))
	msg, err := mail.ReadMessage(bytes.NewReader(append(slices.Clone(head), "\r\n\r\n"...)))
	if err != nil {
		return time.Time{}
	}
	at, err := msg.Header.Date()
	if err != nil {
		return time.Time{}
	}
	return at
}
