// Package storetest opens test databases: a fresh, migrated one for each test.
//
// It is SQLite in the test's own folder, or, when PARLEY_TEST_DATABASE_URL names
// a PostgreSQL server, a database of its own there. The same suites run on both:
//
//	db := storetest.Open(t)
package storetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// Option changes how Open opens.
type Option func(*store.Options)

// WithNow gives the database the test's clock.
func WithNow(now func() time.Time) Option { return func(o *store.Options) { o.Now = now } }

// Open returns a migrated database that goes away with the test.
func Open(t testing.TB, opts ...Option) *store.DB {
	t.Helper()
	return OpenAt(t, Location(t), opts...)
}

// Place is where a test database lives; opening it twice, one after the other, is a restart.
type Place struct{ url, path string }

// URL is empty for SQLite.
func (p Place) URL() string { return p.url }

// Path is the SQLite file.
func (p Place) Path() string { return p.path }

// Location makes a fresh, migrated database without opening it.
func Location(t testing.TB) Place {
	t.Helper()
	if server := os.Getenv("PARLEY_TEST_DATABASE_URL"); server != "" {
		return postgresPlace(t, server)
	}
	return sqlitePlace(t)
}

// OpenAt opens a database that Location made.
func OpenAt(t testing.TB, p Place, opts ...Option) *store.DB {
	t.Helper()
	o := store.Options{URL: p.url, Path: p.path}
	if p.url != "" {
		o.Readers = 8 // connections: many tests share the server
	}
	for _, set := range opts {
		set(&o)
	}
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return db
}

// Account inserts an account with an owner, ready to act.
func Account(t testing.TB, db *store.DB) (parley.Account, parley.Actor) {
	t.Helper()
	var a parley.Account
	var u parley.User
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		a = parley.Account{Name: "Harbour Bikes", Region: "GB", Timezone: "Europe/London", CreatedAt: tx.Now()}
		if err := tx.InsertAccount(t.Context(), &a); err != nil {
			return err
		}
		u = parley.User{AccountID: a.ID, Email: fmt.Sprintf("owner%d@harbour.example", a.ID), Name: "Olive Owner", Role: parley.Owner, AllInboxes: true, CreatedAt: tx.Now()}
		return tx.InsertUser(t.Context(), &u)
	})
	if err != nil {
		t.Fatal(err)
	}
	return a, parley.Actor{AccountID: a.ID, UserID: u.ID, Role: parley.Owner, AllInboxes: true}
}

var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "parley-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "parley.db")
	if err := migrateAt(store.Options{Path: path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func sqlitePlace(t testing.TB) Place {
	t.Helper()
	bytes, err := template()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "parley.db")
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	return Place{path: path}
}

var (
	counter      atomic.Int64
	pgTemplate   sync.Once
	pgTemplateEr error
)

func postgresPlace(t testing.TB, server string) Place {
	t.Helper()
	base := fmt.Sprintf("parley_test_%d", os.Getpid())
	pgTemplate.Do(func() { pgTemplateEr = makeTemplate(server, base) })
	if pgTemplateEr != nil {
		t.Fatal(pgTemplateEr)
	}
	name := fmt.Sprintf("%s_%d", base, counter.Add(1))
	if err := admin(server, "CREATE DATABASE "+name+" TEMPLATE "+base); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	return Place{url: withDatabase(server, name)}
}

func makeTemplate(server, name string) error {
	if err := admin(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		return err
	}
	if err := admin(server, "CREATE DATABASE "+name); err != nil {
		return err
	}
	return migrateAt(store.Options{URL: withDatabase(server, name), Readers: 2})
}

func migrateAt(o store.Options) error {
	ctx := context.Background()
	db, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	return db.Close()
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}
