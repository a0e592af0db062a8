package account

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

const goodPassword = "tangerine bicycle 9"

var here = Client{UserAgent: "Test/1.0", RemoteAddr: "192.0.2.7:4711"}

// clock is the test's time, for the service and the database.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// mailbox notes the links that were enqueued.
type mailbox struct {
	mu    sync.Mutex
	links []parley.UserLink
}

func (m *mailbox) EnqueueLink(_ context.Context, _ *store.Tx, l parley.UserLink) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.links = append(m.links, l)
	return nil
}

func (m *mailbox) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.links)
}

func (m *mailbox) last(t *testing.T) parley.UserLink {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.links) == 0 {
		t.Fatal("no mail was enqueued")
	}
	return m.links[len(m.links)-1]
}

// world is a service on a fresh database, with cheap hashes that are counted.
type world struct {
	*Service
	db     *store.DB
	clock  *clock
	mails  *mailbox
	hashes *atomic.Int32
	handed *[]parley.UserID
}

func newWorld(t testing.TB) world {
	t.Helper()
	c := &clock{at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	w := world{clock: c, mails: &mailbox{}, hashes: &atomic.Int32{}, handed: &[]parley.UserID{}}
	w.db = storetest.Open(t, storetest.WithNow(c.now))
	secret, err := NewSecret(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	w.Service, err = New(Options{
		DB: w.db, Secret: secret, BaseURL: "https://inbox.example/", Mail: w.mails, Now: c.now,
		Cost: Cost{Memory: 8, Passes: 1, Threads: 1},
		HandOver: func(_ context.Context, _ *store.Tx, _ parley.Actor, user parley.UserID) error {
			*w.handed = append(*w.handed, user)
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	derive := w.passwords.derive
	w.passwords.derive = func(password, salt []byte, c Cost, n uint32) []byte {
		w.hashes.Add(1)
		return derive(password, salt, c, n)
	}
	return w
}

// account makes an account with an owner whose password is goodPassword.
func (w world) account(t testing.TB, name, email string) parley.Actor {
	t.Helper()
	a, u, err := w.Create(t.Context(), NewAccount{Name: name, Owner: NewOwner{Name: "Olive Owner", Email: email, Password: goodPassword}})
	if err != nil {
		t.Fatal(err)
	}
	return parley.Actor{AccountID: a.ID, UserID: u.ID, Role: u.Role, AllInboxes: true}
}

// member adds an active user of a role, with goodPassword.
func (w world) member(t *testing.T, owner parley.Actor, role parley.Role, email string) parley.Actor {
	t.Helper()
	p, err := w.Invite(t.Context(), owner, NewUser{Email: email, Name: "Max Member", Role: role, AllInboxes: true})
	if err != nil {
		t.Fatal(err)
	}
	in, err := w.UseLink(t.Context(), w.tokenOf(t, w.mails.last(t)), goodPassword, "", here)
	if err != nil {
		t.Fatal(err)
	}
	if in.Actor.UserID != p.ID {
		t.Fatalf("the link signed in %d, want %d", in.Actor.UserID, p.ID)
	}
	in.Actor.SessionID = 0
	return in.Actor
}

// inbox adds an inbox.
func (w world) inbox(t *testing.T, a parley.Actor, name string) parley.InboxID {
	t.Helper()
	i := parley.Inbox{AccountID: a.AccountID, Name: name, AssigneeRule: parley.AssignNobody, CreatedAt: w.clock.now()}
	if err := w.db.Update(t.Context(), func(tx *store.Tx) error { return tx.InsertInbox(t.Context(), &i) }); err != nil {
		t.Fatal(err)
	}
	return i.ID
}

// events are the kinds that were appended after a number, with whose.
func (w world) lastEvent(t *testing.T, account parley.AccountID) parley.Event {
	t.Helper()
	var last parley.Event
	err := w.db.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.ListEventsAfter(t.Context(), account, 0, 1000)
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// wantKey checks an error by its stable key; "" wants none.
func wantKey(t *testing.T, err error, key string) {
	t.Helper()
	if key == "" {
		if err != nil {
			t.Errorf("got %v, want no error", err)
		}
		return
	}
	e, ok := errors.AsType[*parley.Error](err)
	if !ok || e.Key != key {
		t.Errorf("got %v, want the key %s", err, key)
	}
}

func TestSetupHappensOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	needed, err := w.SetupNeeded(t.Context())
	if err != nil || !needed {
		t.Fatalf("SetupNeeded = %t, %v", needed, err)
	}
	var wg sync.WaitGroup
	var won atomic.Int32
	for range 8 {
		wg.Go(func() {
			in, err := w.Setup(t.Context(), NewAccount{Name: "Harbour Bikes", Timezone: "Europe/London", Owner: NewOwner{Name: "Olive", Email: "Olive@Harbour.example", Password: goodPassword}}, here)
			if err != nil {
				wantKey(t, err, "setup.done")
				return
			}
			won.Add(1)
			me, err := w.Authenticate(t.Context(), in.Cookie, "")
			if err != nil || me.Role != parley.Owner || !me.AllInboxes || me.SessionID == 0 {
				t.Errorf("the winner's cookie gives %+v, %v", me, err)
			}
		})
	}
	wg.Wait()
	all, err := w.Accounts(t.Context(), 0)
	if err != nil || len(all) != 1 || won.Load() != 1 {
		t.Errorf("%d accounts, %d winners (%v), want one of each", len(all), won.Load(), err)
	}
	if needed, err := w.SetupNeeded(t.Context()); err != nil || needed {
		t.Errorf("SetupNeeded = %t, %v after setup", needed, err)
	}
	u, err := w.FindUser(t.Context(), 0, " olive@harbour.EXAMPLE ")
	if err != nil || u.Email != "olive@harbour.example" || u.AccountID != all[0].ID || all[0].Timezone != "Europe/London" || all[0].Region != "US" {
		t.Errorf("found %+v in %+v, %v", u, all, err)
	}
	_, err = w.Setup(t.Context(), NewAccount{}, here)
	wantKey(t, err, "setup.done")
}

func TestNewAccountNamesEveryFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, _, err := w.Create(t.Context(), NewAccount{Name: " ", Region: "gbr", Timezone: "Mars/Base", Owner: NewOwner{Name: "a\nb", Email: "x", Password: "short"}})
	e, ok := errors.AsType[*parley.Error](err)
	if !ok || e.Code != parley.Invalid {
		t.Fatalf("got %v", err)
	}
	fields := map[string]string{e.Field: e.Key}
	for _, more := range e.More {
		fields[more.Field] = more.Key
	}
	for field, key := range map[string]string{
		"account_name": "field.line", "region": "field.region", "timezone": "field.timezone",
		"name": "field.line", "email": "field.email", "password": "password.too_short",
	} {
		if fields[field] != key {
			t.Errorf("field %s: %q, want %s", field, fields[field], key)
		}
	}
	if w.hashes.Load() != 0 {
		t.Error("hashed a password that was refused")
	}
}

// mailFunc is a Mail of one function.
type mailFunc func(parley.UserLink)

func (f mailFunc) EnqueueLink(_ context.Context, _ *store.Tx, l parley.UserLink) error {
	f(l)
	return nil
}
