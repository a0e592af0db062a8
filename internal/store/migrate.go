package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

type migrator struct {
	db        *sql.DB
	dialect   goose.Dialect
	folder    string
	exclusive func(context.Context, func() error) error
}

// Migration is one step of the schema and whether it was applied.
type Migration struct {
	Version int64
	Name    string
	Applied bool
}

func (m migrator) provider() (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations/"+m.folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(m.dialect, m.db, dir)
}

// Migrate brings the schema up to this binary's version. Several nodes may call it at once.
func (db *DB) Migrate(ctx context.Context) error {
	return db.migrate.exclusive(ctx, func() error {
		p, err := db.migrate.provider()
		if err != nil {
			return err
		}
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		return nil
	})
}

// Migrations lists all steps, oldest first.
func (db *DB) Migrations(ctx context.Context) ([]Migration, error) {
	p, err := db.migrate.provider()
	if err != nil {
		return nil, err
	}
	all, err := p.Status(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Migration, 0, len(all))
	for _, s := range all {
		out = append(out, Migration{Version: s.Source.Version, Name: s.Source.Path, Applied: s.State == goose.StateApplied})
	}
	return out, nil
}
