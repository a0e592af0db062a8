package storetest

import (
	"database/sql"
	"os"
	"strings"
	"testing"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// BenchPlace is the seeded database that PARLEY_BENCH_DATABASE names, a file or
// a postgres:// URL, migrated; else a fresh one. What a benchmark writes stays there.
func BenchPlace(b *testing.B) (p Place, seeded bool) {
	b.Helper()
	at := os.Getenv("PARLEY_BENCH_DATABASE")
	if at == "" {
		return Location(b), false
	}
	p = Place{path: at}
	if strings.HasPrefix(at, "postgres") {
		p = Place{url: at}
	}
	if err := migrateAt(store.Options{URL: p.url, Path: p.path}); err != nil {
		b.Fatal(err)
	}
	return p, true
}

// BenchAccount is the account that benchmarks work in: the first there is, or a new one.
func BenchAccount(b *testing.B, p Place, db *store.DB) parley.Actor {
	b.Helper()
	raw := p.open(b)
	defer raw.Close()
	actor := parley.Actor{Role: parley.Owner, AllInboxes: true}
	err := raw.QueryRowContext(b.Context(), `SELECT a.id, u.id FROM accounts a JOIN users u ON u.account_id = a.id ORDER BY a.id, u.id LIMIT 1`).Scan(&actor.AccountID, &actor.UserID)
	if err != nil {
		_, actor = Account(b, db)
	}
	return actor
}

// open is the database without anything of ours.
func (p Place) open(b *testing.B) *sql.DB {
	b.Helper()
	driver, source := "sqlite", "file:"+p.path+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=foreign_keys(on)&_pragma=busy_timeout(10000)&_pragma=cache_size(-16000)&_pragma=mmap_size(268435456)"
	if p.url != "" {
		driver, source = "pgx", p.url
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		b.Fatal(err)
	}
	return db
}

// Unique is a word that no other run has used.
func Unique() string { return "r" + time.Now().UTC().Format("20060102150405.000000") }
