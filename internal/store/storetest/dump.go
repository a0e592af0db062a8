package storetest

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// Dump reads every row of every table, each row as text, in an order that does
// not depend on how it was written: to hold what is there against what was there before.
func Dump(t testing.TB, p Place) map[string][]string {
	t.Helper()
	driver, source, tables := "sqlite", p.path, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	if p.url != "" {
		driver, source, tables = "pgx", p.url, `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	out := map[string][]string{}
	for _, table := range dumpRows(t, db, tables) {
		rows := dumpRows(t, db, `SELECT * FROM `+table)
		slices.Sort(rows)
		out[table] = rows
	}
	return out
}

func dumpRows(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	var out []string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		cells := make([]string, len(columns))
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			cells[i] = fmt.Sprint(v)
			if len(columns) > 1 {
				cells[i] = columns[i] + "=" + cells[i]
			}
		}
		out = append(out, strings.Join(cells, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Schema gives what tables, keys, references and indexes there are, in a fixed order.
func Schema(t testing.TB, p Place) []string {
	t.Helper()
	driver, source := "sqlite", p.path
	query := `SELECT COALESCE(sql, name) FROM sqlite_master UNION ALL SELECT tbl || ' ' || COALESCE(idx, '') || ' ' || stat FROM sqlite_stat1 ORDER BY 1`
	if p.url != "" {
		driver, source = "pgx", p.url
		query = `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
			UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1`
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return dumpRows(t, db, query)
}
