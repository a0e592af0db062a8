package intake_test

import (
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"parley/internal/channel"
	"parley/internal/intake"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func openChan(t testing.TB) (*store.DB, parley.ChannelID, parley.Account) {
	p := storetest.Location(t)
	db := storetest.OpenAt(t, p)
	a, _ := storetest.Account(t, db)
	drv, dsn := "pgx", p.URL()
	if dsn == "" {
		drv, dsn = "sqlite", "file:"+p.Path()
	}
	c, err := sql.Open(drv, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	now := "1970-01-01 00:00:00"
	for _, q := range []string{
		fmt.Sprintf("INSERT INTO inboxes (id, account_id, name, created_at) VALUES (1, %d, 'In', '%s')", a.ID, now),
		fmt.Sprintf("INSERT INTO channels (id, account_id, type, name, address, inbox_id, created_at) VALUES (1, %d, 'email', 'x', 'x@y', 1, '%s')", a.ID, now),
	} {
		if _, err := c.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	return db, 1, a
}

func BenchmarkAccept(b *testing.B) {
	db, id, a := openChan(b)
	s := intake.New(intake.Options{DB: db})
	body := []byte("From: a@b.c\r\nMessage-ID: <x@y>\r\n\r\n" + string(make([]byte, 4000)))
	for i := range body { if body[i] == 0 { body[i] = 'x' } }
	var n atomic.Int64
	start := time.Now()
	b.ResetTimer()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for int(n.Add(1)) <= b.N {
				if err := s.Accept(b.Context(), channel.Raw{ChannelID: id, Body: append([]byte(nil), body...), RcptTo: []string{"x@y"}}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "mails/s")
	_ = db.View(b.Context(), func(tx *store.Tx) error {
		tot, err := tx.IntakeTotals(b.Context(), a.ID)
		if err != nil || tot.Accepted != int64(b.N) || tot.Pending != int64(b.N) {
			b.Error(tot, err)
		}
		return nil
	})
}
