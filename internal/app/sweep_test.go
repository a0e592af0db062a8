package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// attic is a database whose clock, and whose files' times, the test moves on.
type attic struct {
	t     *testing.T
	mu    sync.Mutex
	ahead time.Duration
	dir   string
	db    *store.DB
	blobs blob.Store
	sweep *sweeper
	actor parley.Actor
}

func newAttic(t *testing.T) *attic {
	t.Helper()
	a := &attic{t: t, dir: t.TempDir()}
	a.db = storetest.Open(t, storetest.WithNow(a.now))
	_, a.actor = storetest.Account(t, a.db)
	files, err := blob.Disk(a.dir)
	if err != nil {
		t.Fatal(err)
	}
	a.blobs, a.sweep = blob.NewSplit(a.db, files), &sweeper{db: a.db, files: files, now: time.Now}
	return a
}

func (a *attic) now() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return time.Now().Add(a.ahead)
}

// later moves the clock on, and makes all files as old as they are then.
func (a *attic) later(d time.Duration) {
	a.t.Helper()
	a.mu.Lock()
	a.ahead += d
	a.mu.Unlock()
	err := filepath.WalkDir(a.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		return os.Chtimes(path, time.Time{}, info.ModTime().Add(-d))
	})
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a *attic) tidy() {
	a.t.Helper()
	if err := a.sweep.sweep(a.t.Context()); err != nil {
		a.t.Fatal(err)
	}
}

func (a *attic) put(content []byte) parley.BlobKey {
	a.t.Helper()
	key, _, err := a.blobs.Put(a.t.Context(), a.actor.AccountID, bytes.NewReader(content))
	if err != nil {
		a.t.Fatal(err)
	}
	return key
}

func (a *attic) upload(content []byte) parley.Attachment {
	a.t.Helper()
	up := parley.Attachment{AccountID: a.actor.AccountID, UploaderID: a.actor.UserID, Filename: "x", ContentType: "image/png", Size: int64(len(content)), Blob: a.put(content)}
	storetest.Update(a.t, a.db, func(tx *store.Tx) error {
		up.CreatedAt = tx.Now()
		return tx.InsertAttachment(a.t.Context(), &up)
	})
	return up
}

// there reports whether the bytes of a key can be read.
func (a *attic) there(key parley.BlobKey) bool {
	r, err := a.blobs.Open(a.t.Context(), a.actor.AccountID, key)
	if err != nil {
		return false
	}
	defer func() { _ = r.Close() }()
	_, err = io.Copy(io.Discard, r)
	return err == nil
}

func (a *attic) known(id parley.AttachmentID) bool {
	a.t.Helper()
	err := a.db.View(a.t.Context(), func(tx *store.Tx) error {
		_, err := tx.AttachmentByID(a.t.Context(), a.actor.AccountID, id)
		return err
	})
	return err == nil
}

const day = 25 * time.Hour

// What nothing refers to goes a day after its last reference did, and nothing else.
func TestSweep(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"in rows": 10, "in files": blob.Small + 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttic(t)
			ctx, content := t.Context(), func(c byte) []byte { return bytes.Repeat([]byte{c}, size) }
			ch := storetest.Channel(t, a.db, a.actor.AccountID)
			contact := storetest.Contact(t, a.db, a.actor.AccountID, "Ann", "ann@x.test")
			drafted, abandoned, sent, kept := a.upload(content('d')), a.upload(content('a')), a.upload(content('s')), a.upload(content('k'))
			counted, alone := a.put(content('c')), a.put(content('p'))
			storetest.Update(t, a.db, func(tx *store.Tx) error {
				c := storetest.Conversation(ch, contact.ID, tx.Now())
				if err := tx.InsertConversation(ctx, &c); err != nil {
					return err
				}
				m := parley.Message{AccountID: c.AccountID, ConversationID: c.ID, ChannelID: ch.ID, Direction: parley.Outbound, At: tx.Now(), ReceivedAt: tx.Now(), Attachments: []parley.Attachment{sent}}
				if err := tx.InsertMessage(ctx, &m, parley.Body{QuoteAt: -1}); err != nil {
					return err
				}
				canned := parley.CannedMessage{AccountID: c.AccountID, Name: "x", HTML: "x", CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
				if err := tx.InsertCannedMessage(ctx, &canned); err != nil {
					return err
				}
				if err := tx.KeepUploads(ctx, []parley.Attachment{kept}, canned.ID, 0); err != nil {
					return err
				}
				if err := tx.AddBlobRefs(ctx, c.AccountID, counted, int64(size), 1); err != nil {
					return err
				}
				d := parley.DraftMessage{AccountID: c.AccountID, UserID: a.actor.UserID, ConversationID: c.ID, Mode: "reply", Content: parley.JSON(fmt.Sprintf(`{"files":[{"id":%d}]}`, drafted.ID))}
				return tx.SaveDraft(ctx, &d, 0)
			})
			a.tidy()
			if !a.known(abandoned.ID) || !a.there(alone) {
				t.Error("something went that is new")
			}
			a.later(day)
			a.tidy() // the upload goes; its bytes are unreferenced from now on
			if a.known(abandoned.ID) || !a.there(abandoned.Blob) {
				t.Errorf("the abandoned upload is known: %v, its bytes are there: %v", a.known(abandoned.ID), a.there(abandoned.Blob))
			}
			a.later(day)
			a.tidy()
			a.tidy()
			for what, key := range map[string]parley.BlobKey{"a draft's": drafted.Blob, "a message's": sent.Blob, "a canned message's": kept.Blob, "what is counted": counted} {
				if !a.there(key) {
					t.Errorf("%s bytes are gone", what)
				}
			}
			if !a.known(drafted.ID) || a.there(abandoned.Blob) || size <= blob.Small && a.there(alone) {
				t.Errorf("the draft's upload is known: %v; abandoned bytes are there: %v, bytes without a row: %v", a.known(drafted.ID), a.there(abandoned.Blob), a.there(alone))
			}
		})
	}
}

// Bytes that are about to go are uploaded again at that moment, over and over: no
// upload is ever without its bytes.
func TestSweepRaces(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"in rows": 10, "in files": blob.Small + 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAttic(t)
			content := []byte(strings.Repeat("x", size))
			key := a.put(content)
			for range 10 {
				storetest.Update(t, a.db, func(tx *store.Tx) error { // as after the last reference went
					return tx.AddBlobRefs(t.Context(), a.actor.AccountID, key, int64(size), 0)
				})
				a.later(day)
				var wg sync.WaitGroup
				var up parley.Attachment
				wg.Go(func() {
					if err := a.sweep.sweep(context.WithoutCancel(t.Context())); err != nil {
						t.Error(err)
					}
				})
				wg.Go(func() { up = a.upload(content) })
				wg.Wait()
				a.tidy()
				if !a.there(key) {
					t.Fatal("the bytes of an upload are gone")
				}
				storetest.Update(t, a.db, func(tx *store.Tx) error { return tx.DeleteUpload(t.Context(), up) })
			}
		})
	}
}
