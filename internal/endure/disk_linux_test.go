package endure

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"parley/internal/app/apptest"
	"parley/internal/channel/channeltest"
)

// smallDisk puts a file system of so many bytes under dir, where we may.
func smallDisk(t *testing.T, dir string, size int) {
	t.Helper()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Skipf("a disk can only be filled where one can be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount the small disk: %v", err)
		}
	})
}

// fill leaves so little room on the disk of dir that nothing more than that fits.
func fill(t *testing.T, dir string) (makeRoom func()) {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 1<<16); ; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDiskFull: where there is no room, no mail is acknowledged that is not kept;
// the sender is asked to try again, and so is whoever writes. When there is room
// again work goes on, in the same process and in the next.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the built program: run it without -short")
	}
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	smallDisk(t, data, 32<<20)
	l := &load{trial: newTrialAt(t, dir, database(t), channeltest.SMTPOptions{}), ledger: newLedger()}
	l.Troubled = true // it says that the disk is full
	began, ok := l.beginConversation(t.Context(), "before")
	if !ok {
		t.Fatal("nothing works on an empty disk")
	}
	full := 0
	for round := range 3 {
		makeRoom := fill(t, data)
		full += l.writeOnFullDisk(began, round)
		if round == 1 {
			if err := l.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		makeRoom()
		if round == 1 {
			if err := l.Serve(); err != nil {
				t.Fatal(err)
			}
		}
		l.eventually(func() error { return l.writeOn(fmt.Sprintf("room-%d.0", round)) })
	}
	if full == 0 && os.Getenv("PARLEY_TEST_DATABASE_URL") == "" { // PostgreSQL's journal lies elsewhere
		t.Error("the disk was never full")
	}
	sums := l.drained()
	l.outboxEmpty()
	l.checkSums(sums)
	l.check(l.look())
	var log follower
	log.follow(l.trial)
	t.Logf("%d mails were put off for want of room, %d acknowledged", full, l.accepted)
}

// writeOnFullDisk has mails and replies written, and counts those put off. All
// that is acknowledged goes into the ledger.
func (l *load) writeOnFullDisk(conversation int64, round int) (full int) {
	l.Helper()
	for i := range 40 {
		m := letter{id: fmt.Sprintf("full-%d-%d.0@customer.example", round, i), text: strings.Repeat(fmt.Sprintf("full-%d-%d ", round, i), 2000)}
		l.wrote(m)
		switch reply, err := l.Deliver(m.sender(), []string{l.Forward}, m.bytes(), true); {
		case err == nil:
			l.delivered(m)
		case errors.Is(err, apptest.ErrRefused) && strings.HasPrefix(reply, "4"):
			full++
		default:
			l.Errorf("on a full disk a mail is answered %q: %v", reply, err)
		}
	}
	for i := range 10 {
		text := fmt.Sprintf("full-%d-%d", round, i)
		l.ask(text, writeEntry{kind: "message", conversation: conversation})
		a, err := l.Call(l.Context(), apptest.Request{
			Method: http.MethodPost, Path: fmt.Sprintf("/conversations/%d/messages", conversation), Token: l.Token,
			Body: fmt.Sprintf(`{"kind":"reply","text":%q}`, text), Header: http.Header{"Idempotency-Key": {text}},
		})
		switch {
		case err != nil:
			l.Error(err)
		case a.Status/100 == 2:
			l.acknowledge(text, conversation, 1)
		case a.Status != http.StatusServiceUnavailable && a.Status != http.StatusInsufficientStorage:
			l.Errorf("on a full disk a reply is answered %s", a)
		}
	}
	return full
}

// writeOn reports where a mail does not come in.
func (l *load) writeOn(name string) error {
	m := letter{id: name + "@customer.example", text: name}
	l.wrote(m)
	if reply, err := l.Deliver(m.sender(), []string{l.Forward}, m.bytes(), true); err != nil {
		return fmt.Errorf("%w: %s", err, reply)
	}
	l.delivered(m)
	return nil
}
