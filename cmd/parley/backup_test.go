package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"parley/internal/app/apptest"
)

// TestBackupUnderLoad takes a backup of a running server that mails come in to,
// and restores it elsewhere: the journal's sums are those of the backup's moment,
// all that was acknowledged before it is there, byte for byte.
func TestBackupUnderLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers: run it without -short")
	}
	t.Parallel()
	from, to := testSite(t), testSite(t)
	for _, s := range []*apptest.Site{from, to} {
		s.Env = append(s.Env, "PARLEY_BACKUP_PASSPHRASE=a tide that comes back")
	}
	o, err := from.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example")
	if err != nil {
		t.Fatal(err)
	}
	stop := pour(t, from, o)
	before := journal(t, from, o)
	file := filepath.Join(t.TempDir(), "parley.backup")
	told, err := from.Run("backup", file)
	stop()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := to.Run("restore", file); err != nil {
		t.Fatal(err)
	}
	if err := to.Serve(); err != nil {
		t.Fatal(err)
	}
	sums := sumsOf(t, told)
	after := journal(t, to, o)
	if after.Accepted != sums.Accepted || sums.Accepted < before.Accepted || sums.Failed != 0 || after.Failed != 0 {
		t.Errorf("%d mails were accepted before the backup, it tells of %+v, and %+v came back", before.Accepted, sums, after)
	}
	if err := apptest.Eventually(func(context.Context) error {
		if now := journal(t, to, o); now.Filed != sums.Accepted {
			return fmt.Errorf("%+v of %+v", now, sums)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	sameMails(t, from, to, o, sums.Filed) // those that waited have been filed on both, in any order
}

// pour delivers mails on two connections until it is stopped.
func pour(t *testing.T, s *apptest.Site, o apptest.Office) (stop func()) {
	t.Helper()
	var wg sync.WaitGroup
	var ended atomic.Bool
	started := make(chan struct{}, 2)
	for n := range 2 {
		wg.Go(func() {
			for i := 0; !ended.Load(); i++ {
				mail := fmt.Sprintf("From: Ada <ada%d@customer.example>\r\nTo: support@harbour.example\r\nSubject: Bell %d.%d\r\nMessage-ID: <%d.%d@customer.example>\r\n\r\nWhich bell fits?\r\n", n, n, i, n, i)
				if reply, err := s.Deliver("ada@customer.example", []string{o.Forward}, []byte(mail), false); err != nil || !strings.HasPrefix(reply, "250") {
					t.Errorf("mail %d.%d: %q, %v", n, i, reply, err)
					return
				}
				if i == 10 {
					started <- struct{}{}
				}
			}
		})
	}
	<-started
	return func() { ended.Store(true); wg.Wait() }
}

// totals are the journal's sums.
type totals struct{ Accepted, Filed, Failed, Pending int }

func journal(t *testing.T, s *apptest.Site, o apptest.Office) (sums totals) {
	t.Helper()
	a, err := s.Ask(o.Token, http.MethodGet, "/intake", "")
	if err == nil {
		err = json.Unmarshal(a.Body, &sums)
	}
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

// sumsOf reads what `parley backup` tells of the journal.
func sumsOf(t *testing.T, told string) (sums totals) {
	t.Helper()
	m := regexp.MustCompile(`journal: (\d+) filed, (\d+) failed, (\d+) pending`).FindStringSubmatch(told)
	if m == nil {
		t.Fatalf("no sums in %q", told)
	}
	for i, to := range []*int{&sums.Filed, &sums.Failed, &sums.Pending} {
		n, err := strconv.Atoi(m[i+1])
		if err != nil {
			t.Fatal(err)
		}
		*to = n
		sums.Accepted += n
	}
	return sums
}

// sameMails holds the raw mails of a restored server against the original's.
func sameMails(t *testing.T, from, to *apptest.Site, o apptest.Office, want int) {
	t.Helper()
	for id := 1; id <= want; id++ {
		path := fmt.Sprintf("/messages/%d/raw", id)
		a, err := from.Ask(o.Token, http.MethodGet, path, "")
		if err != nil {
			t.Fatal(err)
		}
		b, err := to.Ask(o.Token, http.MethodGet, path, "")
		if err != nil || len(a.Body) == 0 || string(a.Body) != string(b.Body) {
			t.Fatalf("%s: %v\n%s\n%s", path, err, a.Body, b.Body)
		}
	}
}

func TestBackupRefuses(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers: run it without -short")
	}
	t.Parallel()
	s := testSite(t)
	taken := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example"); err != nil {
		t.Fatal(err)
	}
	faults := map[string]string{
		"backup " + taken: "exists already",
		"backup " + filepath.Join(t.TempDir(), "none", "x"): "no such file or directory",
		"restore --check " + taken:                          "not whole",
		"backup x --recipient nobody":                       "--recipient: want an age recipient",
	}
	if os.Getenv("PARLEY_TEST_DATABASE_URL") == "" {
		faults["restore "+taken] = "another parley runs" // the data folder is one server's
	}
	for args, want := range faults {
		_, err := s.Run(strings.Fields(args)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
	if kept, err := os.ReadFile(taken); err != nil || string(kept) != "mine" {
		t.Errorf("%q, %v", kept, err)
	}
}
