package intake_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"parley/internal/store/storetest"
)

// saboteur makes writes of a test's database fail from beside the product.
type saboteur struct {
	t        testing.TB
	db       *sql.DB
	postgres bool
}

func newSaboteur(t testing.TB, p storetest.Place) *saboteur {
	t.Helper()
	driver, dsn := "pgx", p.URL()
	if dsn == "" {
		driver, dsn = "sqlite", "file:"+(&url.URL{Path: p.Path()}).EscapedPath()+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &saboteur{t: t, db: db, postgres: p.URL() != ""}
}

// fail makes INSERT, UPDATE or DELETE on a table fail for rows that meet a
// condition on NEW or OLD, until the returned function is called.
func (s *saboteur) fail(act, table, when string) (mend func()) {
	s.t.Helper()
	if s.postgres {
		s.exec(`CREATE OR REPLACE FUNCTION sabotage() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'sabotage'; END $$ LANGUAGE plpgsql`)
		s.exec(fmt.Sprintf(`CREATE TRIGGER sabotage BEFORE %s ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION sabotage()`, act, table, when))
		return func() { s.exec(`DROP TRIGGER sabotage ON ` + table) }
	}
	s.exec(fmt.Sprintf(`CREATE TRIGGER sabotage BEFORE %s ON %s WHEN %s BEGIN SELECT RAISE(ABORT, 'sabotage'); END`, act, table, when))
	return func() { s.exec(`DROP TRIGGER sabotage`) }
}

func (s *saboteur) exec(statement string) {
	s.t.Helper()
	if _, err := s.db.ExecContext(s.t.Context(), statement); err != nil {
		s.t.Fatalf("%s: %v", statement, err)
	}
}

// count counts the rows of a table.
func (s *saboteur) count(table string) (n int) {
	s.t.Helper()
	if err := s.db.QueryRowContext(s.t.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}
