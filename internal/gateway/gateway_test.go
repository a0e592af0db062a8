package gateway_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/url"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/gateway"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// counted counts how often channels of a type are opened.
type counted struct {
	channel.Type
	opened []string // the settings
}

func (c *counted) Open(id parley.ChannelID, settings json.RawMessage) (channel.Channel, error) {
	c.opened = append(c.opened, string(settings))
	return c.Type.Open(id, settings)
}

func TestForOpensOnce(t *testing.T) {
	t.Parallel()
	place := storetest.Location(t)
	db := storetest.OpenAt(t, place)
	account, _ := storetest.Account(t, db)
	row := storetest.Channel(t, db, account.ID)
	typ := &counted{Type: channeltest.NewFake(email.Type{})}
	g := gateway.New(gateway.Options{DB: db, Types: []channel.Type{typ}})
	open := func() channel.Channel {
		ch, err := g.For(t.Context(), account.ID, row.ID)
		if err != nil {
			t.Fatal(err)
		}
		return ch
	}
	first := open()
	if open() != first || len(typ.opened) != 1 {
		t.Errorf("opened %d times", len(typ.opened))
	}
	setSettings(t, place, `{"incoming":{"way":"forward"}}`)
	if open() == first || len(typ.opened) != 2 {
		t.Errorf("changed settings: opened %d times", len(typ.opened))
	}
	storetest.Update(t, db, func(tx *store.Tx) error { return tx.DeleteChannel(t.Context(), account.ID, row.ID) })
	open() // what it brought before is still filed
}

// setSettings changes the settings of all channels from beside the product: nothing in it does yet.
func setSettings(t *testing.T, p storetest.Place, settings string) {
	t.Helper()
	driver, dsn := "pgx", p.URL()
	if dsn == "" {
		driver, dsn = "sqlite", "file:"+(&url.URL{Path: p.Path()}).EscapedPath()+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE channels SET settings = '`+settings+`'`); err != nil {
		t.Fatal(err)
	}
}

func TestForRefuses(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	account, _ := storetest.Account(t, db)
	other, _ := storetest.Account(t, db)
	row := storetest.Channel(t, db, account.ID)
	g := gateway.New(gateway.Options{DB: db, Types: []channel.Type{email.Type{}}})
	if _, err := g.For(t.Context(), other.ID, row.ID); !parley.IsCode(err, parley.NotFound) {
		t.Errorf("another account's channel: %v", err)
	}
	if _, err := gateway.New(gateway.Options{DB: db}).For(t.Context(), account.ID, row.ID); err == nil {
		t.Error("a channel of no known type was opened")
	}
}

type listener func(context.Context) error

func (l listener) Serve(ctx context.Context) error { return l(ctx) }

func TestRun(t *testing.T) {
	t.Parallel()
	patient := listener(func(ctx context.Context) error {
		<-ctx.Done()
		return nil
	})
	g := gateway.New(gateway.Options{})
	broken := errors.New("the port is gone")
	if err := g.Run(t.Context(), patient, listener(func(context.Context) error { return broken })); !errors.Is(err, broken) {
		t.Errorf("a listener gave up: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.Run(ctx, patient, patient); err != nil {
		t.Errorf("stopped: %v", err)
	}
}
