package seed

import (
	"context"
	"fmt"
	"io"
	"strings"

	"parley/internal/blob"
	"parley/internal/parley"
	"parley/internal/store"
)

// stock are the blobs that all messages share, and how often.
type stock struct {
	mails []stored
	files []stored
}

type stored struct {
	key     parley.BlobKey
	size    int64
	name    string
	typ     string
	content string
}

const (
	standIns = 16 // raw mails
	someText = 40 // lines of a file at most
)

// putter is what of a blob.Store the stock is laid into.
type putter interface {
	Put(ctx context.Context, account parley.AccountID, r io.Reader) (parley.BlobKey, int64, error)
}

// inRows keeps the stock in the load's own transaction: all of it is small.
type inRows struct{ l *store.Loader }

// Put implements putter.
func (r inRows) Put(ctx context.Context, account parley.AccountID, from io.Reader) (parley.BlobKey, int64, error) {
	content, err := io.ReadAll(from)
	if err != nil {
		return "", 0, err
	}
	key := blob.KeyOf(content)
	return key, int64(len(content)), r.l.InsertBlob(ctx, account, key, content, 0)
}

// lay keeps the stock.
func (p *plan) lay(ctx context.Context, to putter) error {
	put := func(name, typ, content string) (stored, error) {
		key, size, err := to.Put(ctx, p.account.ID, strings.NewReader(content))
		return stored{key: key, size: size, name: name, typ: typ, content: content}, err
	}
	for i := range standIns {
		mail := fmt.Sprintf("From: someone@post.example\r\nSubject: Stand-in %d\r\nMessage-ID: <stand-in-%d@post.example>\r\n\r\n"+
			"This raw mail stands in for those of a seeded database.\r\n%s\r\n", i, i, p.said(-1-i, 0))
		s, err := put("", "", mail)
		if err != nil {
			return fmt.Errorf("store stand-in: %w", err)
		}
		p.stock.mails = append(p.stock.mails, s)
	}
	for i, name := range []string{"invoice.pdf", "photo.jpg", "receipt.pdf", "order.csv", "frame.png", "notes.txt", "quote.pdf", "rental-terms.pdf"} {
		types := map[string]string{"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "csv": "text/csv", "txt": "text/plain"}
		s, err := put(name, types[name[len(name)-3:]], strings.Repeat(name+"\n", 1+i*someText))
		if err != nil {
			return fmt.Errorf("store file: %w", err)
		}
		p.stock.files = append(p.stock.files, s)
	}
	return nil
}

// files of a message: one in thirty-three that come in has some.
func (s *state) files(c *progress, st step, way parley.Direction) []parley.Attachment {
	r := source(s.Seed, ofFiles, uint64(c.story), uint64(st.n))
	if way == parley.Outbound || r.IntN(33) != 0 {
		return nil
	}
	out := make([]parley.Attachment, 1+r.IntN(2))
	for i := range out {
		f := s.stock.files[r.IntN(len(s.stock.files))]
		out[i] = parley.Attachment{
			ID: s.next.Attachment, AccountID: s.account.ID, MessageID: s.next.Message, Filename: f.name, ContentType: f.typ, Size: f.size, Blob: f.key, CreatedAt: st.time(),
		}
		s.next.Attachment++
	}
	return out
}

// raw is the stand-in for a message's bytes.
func (p *plan) raw(id parley.MessageID) stored { return p.stock.mails[int(id)%len(p.stock.mails)] }

// count writes how many rows refer to each blob of the stock.
func (p *plan) count(ctx context.Context, l *store.Loader, refs map[parley.BlobKey]int) error {
	for _, s := range append(append([]stored{}, p.stock.mails...), p.stock.files...) {
		if refs[s.key] == 0 {
			continue
		}
		if err := l.AddBlobRefs(ctx, p.account.ID, s.key, s.size, refs[s.key]); err != nil {
			return fmt.Errorf("count blob: %w", err)
		}
		delete(refs, s.key) // names may share their content
	}
	return nil
}
