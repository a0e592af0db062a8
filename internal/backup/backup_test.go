package backup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"parley/internal/backup"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/conversation"
	"parley/internal/demo"
	"parley/internal/gateway"
	"parley/internal/parley"
	"parley/internal/seal"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/thread"
)

const secret = "a key of thirty-two characters.."

func now() time.Time { return time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC) }

// office is a database with its blobs.
type office struct {
	db    *store.DB
	blobs *blob.Files
}

func newOffice(t *testing.T, db *store.DB) office {
	t.Helper()
	blobs, err := blob.Disk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return office{db, blobs}
}

// embedded is an empty SQLite database, whatever the tests' database is.
func embedded(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "parley.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// fill adds conversations with mails, notes and files.
func (o office) fill(t *testing.T) parley.Actor {
	t.Helper()
	_, owner := storetest.Account(t, o.db)
	box, err := seal.New([]byte("a key of thirty-two characters.."))
	if err != nil {
		t.Fatal(err)
	}
	settings := setting.New(setting.Options{DB: o.db, MailDomain: "in.example", LocalDomains: []string{demo.MailDomain}, Box: box})
	sample := demo.NewSample(demo.SampleOptions{
		DB: o.db, Blobs: o.blobs, Settings: settings, Conversations: conversation.New(o.db, settings),
		Channels: gateway.New(gateway.Options{DB: o.db, Types: []channel.Type{email.Type{}}}),
		Signer:   thread.Signer{Keys: [][]byte{[]byte(secret)}},
	})
	if err := sample.Add(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	return owner
}

func (o office) backup(t *testing.T, to ...age.Recipient) ([]byte, backup.Summary) {
	t.Helper()
	var out bytes.Buffer
	s, err := backup.Write(t.Context(), backup.Source{DB: o.db, Blobs: o.blobs, Secret: secret, Version: "test", Now: now}, &out, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), s
}

func (o office) restore(ctx context.Context, file []byte, moved bool, with ...age.Identity) (backup.Summary, error) {
	into := backup.Into{DB: o.db, Blobs: o.blobs, Now: now, Moved: moved}
	return backup.Restore(ctx, bytes.NewReader(file), with, into, func(backup.Summary) {})
}

// everything is each row of each table, in a form that both databases share.
func (o office) everything(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := o.db.Dump(t.Context(), func(d *store.Dump) error {
		for _, table := range d.Tables {
			err := d.Rows(t.Context(), table, func(row []any) error {
				out[table.Name] = append(out[table.Name], rowText(row))
				return nil
			})
			if err != nil {
				return err
			}
			slices.Sort(out[table.Name])
		}
		last, err := d.LastIDs(t.Context())
		for table, id := range last {
			if id > 0 {
				out["last ids"] = append(out["last ids"], fmt.Sprint(table, " ", id))
			}
		}
		slices.Sort(out["last ids"])
		if err != nil {
			return err
		}
		return d.Blobs(t.Context(), func(ref store.BlobRef) error {
			r, err := o.blobs.Open(t.Context(), ref.AccountID, ref.Key)
			if err != nil {
				return err
			}
			defer r.Close()
			_, err = io.Copy(io.Discard, r) // the store holds the bytes against the key
			out["bytes"] = append(out["bytes"], string(ref.Key))
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out["bytes"])
	return out
}

// rowText writes JSON documents in one form: PostgreSQL stores them in its own.
func rowText(row []any) string {
	cells := make([]string, len(row))
	for i, v := range row {
		if s, ok := v.(string); ok && strings.HasPrefix(s, "{") {
			var doc any
			if json.Unmarshal([]byte(s), &doc) == nil {
				v = doc
			}
		}
		cells[i] = fmt.Sprint(v)
	}
	return strings.Join(cells, "|")
}

// A backup comes back the same into either database, and can be searched.
func TestRestoreBringsEverythingBack(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string]func(t *testing.T) (from, to *store.DB){
		"the tests' database": func(t *testing.T) (*store.DB, *store.DB) { return storetest.Open(t), storetest.Open(t) },
		"from SQLite": func(t *testing.T) (*store.DB, *store.DB) {
			db := embedded(t)
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			return db, storetest.Open(t)
		},
		"to SQLite": func(t *testing.T) (*store.DB, *store.DB) { return storetest.Open(t), embedded(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := pair(t)
			from, to := newOffice(t, a), newOffice(t, b)
			owner := from.fill(t)
			file, written := from.backup(t)
			restored, err := to.restore(t.Context(), file, true)
			if err != nil {
				t.Fatal(err)
			}
			want, got := from.everything(t), to.everything(t)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatal(diff)
			}
			if int(written.Messages) != len(want["messages"]) || int(written.Blobs) != len(want["bytes"]) || written.Blobs == 0 {
				t.Errorf("told of %d messages and %d blobs; there are %d and %d", written.Messages, written.Blobs, len(want["messages"]), len(want["bytes"]))
			}
			if restored.Rows != written.Rows || restored.Secret != "" {
				t.Errorf("restored %d rows of %d, secret %q", restored.Rows, written.Rows, restored.Secret)
			}
			to.sameSearch(t, from, owner)
		})
	}
}

func (o office) sameSearch(t *testing.T, from office, owner parley.Actor) {
	t.Helper()
	found := func(db *store.DB) []parley.ConversationID {
		settings := setting.New(setting.Options{DB: db, MailDomain: "in.example"})
		page, err := conversation.New(db, settings).List(t.Context(), owner, conversation.Filter{Query: "order", Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		var ids []parley.ConversationID
		for _, row := range page.Rows {
			ids = append(ids, row.ID)
		}
		return ids
	}
	want := found(from.db)
	if diff := cmp.Diff(want, found(o.db)); diff != "" || len(want) == 0 {
		t.Errorf("search finds %d conversations, and others after a restore: %s", len(want), diff)
	}
}

// What was about to leave when the backup was taken may have left since.
func TestRestoreSendsNothingAgain(t *testing.T) {
	t.Parallel()
	from, to := newOffice(t, storetest.Open(t)), newOffice(t, storetest.Open(t))
	owner := from.fill(t)
	ids := map[string]parley.MessageID{}
	storetest.Update(t, from.db, func(tx *store.Tx) error {
		return outbound(t, tx, owner, ids)
	})
	file, _ := from.backup(t)
	s, err := to.restore(t.Context(), file, false)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]parley.Delivery{}
	storetest.View(t, to.db, func(tx *store.Tx) error {
		for name, id := range ids {
			m, err := tx.MessageByID(t.Context(), owner.AccountID, id)
			if err != nil {
				return err
			}
			got[name] = m.Delivery
		}
		return nil
	})
	want := map[string]parley.Delivery{"queued": parley.Sending, "due": parley.Sending, "later": parley.Scheduled, "sent": parley.Sent}
	if diff := cmp.Diff(want, got); diff != "" || s.Unproven != 2 {
		t.Errorf("%d unproven\n%s", s.Unproven, diff)
	}
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	from := newOffice(t, storetest.Open(t))
	from.fill(t)
	file, _ := from.backup(t)
	before := from.everything(t)
	if _, err := from.restore(t.Context(), file, false); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("into a database with an account: %v", err)
	}
	if diff := cmp.Diff(before, from.everything(t)); diff != "" {
		t.Error(diff)
	}
	short := newOffice(t, storetest.Open(t))
	empty := short.everything(t)
	for name, bad := range map[string][]byte{
		"cut off": file[:len(file)*3/4], "a bit turned": turned(file), "something else": []byte(strings.Repeat("no backup ", 100)), "nothing": nil,
	} {
		if _, err := short.restore(t.Context(), bad, false); err == nil {
			t.Errorf("%s: restored", name)
		}
		if _, err := backup.Verify(t.Context(), bytes.NewReader(bad), nil); err == nil {
			t.Errorf("%s: verified", name)
		}
		if diff := cmp.Diff(empty, short.everything(t)); diff != "" {
			t.Errorf("%s left rows: %s", name, diff)
		}
	}
}

func turned(file []byte) []byte {
	bad := slices.Clone(file)
	bad[len(bad)/2] ^= 1
	return bad
}

func TestEncryptedBackupHoldsTheSecret(t *testing.T) {
	t.Parallel()
	from, to := newOffice(t, storetest.Open(t)), newOffice(t, storetest.Open(t))
	from.fill(t)
	plain, _ := from.backup(t)
	if s, err := backup.Verify(t.Context(), bytes.NewReader(plain), nil); err != nil || s.Secret != "" {
		t.Errorf("not encrypted: secret %q, %v", s.Secret, err)
	}
	who, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file, _ := from.backup(t, who.Recipient())
	if _, err := to.restore(t.Context(), file, false); !errors.Is(err, backup.ErrEncrypted) {
		t.Errorf("without the identity: %v", err)
	}
	s, err := to.restore(t.Context(), file, false, who)
	if err != nil || s.Secret != secret {
		t.Errorf("secret %q, %v", s.Secret, err)
	}
}

// What does not open a backup is told by how the backup was encrypted, with what to do.
func TestWhatDoesNotOpenABackup(t *testing.T) {
	t.Parallel()
	from := newOffice(t, storetest.Open(t))
	phrase, err := age.NewScryptRecipient("low tide at nine")
	if err != nil {
		t.Fatal(err)
	}
	phrase.SetWorkFactor(8)
	wrong, err := age.NewScryptIdentity("high tide at nine")
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	byPhrase, _ := from.backup(t, phrase)
	byKey, _ := from.backup(t, mine.Recipient())
	for name, c := range map[string]struct {
		file []byte
		with age.Identity
		want error
	}{
		"another passphrase":           {byPhrase, wrong, backup.ErrPassphrase},
		"an identity for a passphrase": {byPhrase, other, backup.ErrPassphrase},
		"another identity":             {byKey, other, backup.ErrIdentity},
		"a passphrase for an identity": {byKey, wrong, backup.ErrIdentity},
	} {
		if _, err := backup.Verify(t.Context(), bytes.NewReader(c.file), []age.Identity{c.with}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// One damaged file does not keep all the others out of the backup.
func TestBackupNamesWhatItCouldNotRead(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.Open(t))
	owner := o.fill(t)
	var first parley.BlobKey
	if err := o.db.Dump(t.Context(), func(d *store.Dump) error {
		return d.Blobs(t.Context(), func(ref store.BlobRef) error { first = ref.Key; return nil })
	}); err != nil {
		t.Fatal(err)
	}
	if err := o.blobs.Delete(t.Context(), owner.AccountID, first); err != nil {
		t.Fatal(err)
	}
	file, s := o.backup(t)
	want := []string{fmt.Sprintf("blobs/%d/%s", owner.AccountID, first)}
	if diff := cmp.Diff(want, s.Missing); diff != "" {
		t.Error(diff)
	}
	if _, err := backup.Verify(t.Context(), bytes.NewReader(file), nil); err != nil {
		t.Error(err)
	}
}

// outbound adds messages to a conversation, one of each state that is asked for.
func outbound(t *testing.T, tx *store.Tx, owner parley.Actor, ids map[string]parley.MessageID) error {
	t.Helper()
	c, err := tx.ConversationByID(t.Context(), owner.AccountID, 1)
	if err != nil {
		return err
	}
	soon, later := now().Add(-time.Minute), now().Add(time.Hour)
	for name, m := range map[string]parley.Message{
		"queued": {Delivery: parley.Queued}, "sent": {Delivery: parley.Sent},
		"due": {Delivery: parley.Scheduled, SendAt: &soon}, "later": {Delivery: parley.Scheduled, SendAt: &later},
	} {
		m.AccountID, m.ConversationID, m.ChannelID, m.ContactID = owner.AccountID, c.ID, c.ChannelID, c.ContactID
		m.Direction, m.At, m.ReceivedAt = parley.Outbound, now(), now()
		m.Recipients = []parley.Recipient{{Kind: parley.RcptTo, Address: "robin@customer.example", Delivery: m.Delivery}}
		if err := tx.InsertMessage(t.Context(), &m, parley.Body{Text: name}); err != nil {
			return err
		}
		ids[name] = m.ID
	}
	return nil
}
